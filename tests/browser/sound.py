"""Nothing for axe-core to complain of."""

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

WAYS = [("dark", 390, 844), ("light", 1440, 900)]


def sound(page: Page, *rules: str) -> None:
    """Nothing is found, of any impact; `rules` were among those that had something to look at."""
    found = Axe().run(page).response
    assert {rule["id"] for rule in found["passes"]} >= {"button-name", "color-contrast", *rules}
    assert [(rule["impact"], rule["id"], [node["html"] for node in rule["nodes"]]) for rule in found["violations"]] == []


def sound_all_ways(page: Page, *rules: str) -> None:
    """Whatever is open, dark on a narrow page and light on a wide one, which it is left as. It must not have been told a theme."""
    for theme, width, height in WAYS:
        page.emulate_media(color_scheme=theme, reduced_motion="reduce")
        page.set_viewport_size({"width": width, "height": height})
        page.evaluate("new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))")       # what watches its size draws then
        sound(page, *rules)
    page.emulate_media(reduced_motion="no-preference")
