"""Nothing for axe-core to complain of."""

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

WAYS = [("dark", 390, 844, ("button-name",)), ("light", 1440, 900, ("button-name", "color-contrast"))]    # a phone hides grounds from axe


def sound(page: Page, *rules: str, always: tuple[str, ...] = ("button-name", "color-contrast")) -> None:
    """Nothing is found, of any impact; `rules` were among those that had something to look at."""
    found = Axe().run(page).response
    unseen = {*always, *rules} - {rule["id"] for rule in found["passes"]}
    assert not unseen, unseen
    wrong = [(rule["impact"], rule["id"], [node["html"] for node in rule["nodes"]]) for rule in found["violations"]]
    assert not wrong, wrong


def sound_all_ways(page: Page, *rules: str) -> None:
    """Whatever is open, dark on a narrow page and light on a wide one, which it is left as. It must not have been told a theme."""
    for theme, width, height, always in WAYS:
        page.emulate_media(color_scheme=theme, reduced_motion="reduce")
        page.set_viewport_size({"width": width, "height": height})
        page.evaluate("new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))")       # what watches its size draws then
        sound(page, *rules, always=always)
    page.emulate_media(reduced_motion="no-preference")
