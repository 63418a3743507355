"""The page by keys alone: how far it is to what matters, the list of keys, and rows of buttons that are one stop."""

import pytest
from playwright.sync_api import Page, expect
from sound import sound_all_ways

HERE = """() => { const e = document.activeElement, row = e.closest('[data-knob]');
  return row && e.type === 'range' ? row.dataset.knob : (e.getAttribute('aria-label') || e.textContent || e.tagName).trim() }"""


def tabs_to(page: Page, what: str, most: int) -> int:
    """How often Tab is pressed until `what` has the focus."""
    for n in range(1, most + 1):
        page.keyboard.press("Tab")
        if page.evaluate(HERE) == what:
            return n
    raise AssertionError(f"{what!r} is more than {most} tabs away, at {page.evaluate(HERE)!r}")


def test_the_main_button_and_the_first_knob_are_near(visitor):
    """It was 36 to the button that trains, and 46 more to γ."""
    page = visitor.page
    to_button = tabs_to(page, "Train it live", 8)
    to_gamma = tabs_to(page, "gamma", 10)
    assert (to_button, to_gamma) == (7, 8)


@pytest.mark.parametrize(("link", "lands"), [("Skip to training", "Train it live"), ("Skip to start", "Start a new run"), ("Skip to knobs", "gamma")])
def test_skip_links_lead_past_what_stands_first(visitor, link, lands):
    page = visitor.page
    skip = page.get_by_role("button", name=link)
    assert skip.bounding_box()["y"] < 0
    assert tabs_to(page, link, 3) <= 3
    assert skip.bounding_box()["y"] >= 0                        # seen while it has the focus
    page.keyboard.press("Enter")
    assert page.evaluate(HERE) == lands


def test_on_other_tabs_one_link_leads_to_what_they_show(visitor):
    visitor.tab("Runs").click()
    visitor.page.evaluate("document.activeElement.blur()")
    skip = visitor.page.get_by_role("button", name="Skip to content")
    skip.focus()
    visitor.page.keyboard.press("Enter")
    expect(visitor.page.get_by_role("tabpanel", name="Runs")).to_be_focused()
    expect(visitor.page.get_by_role("button", name="Skip to knobs")).to_be_hidden()


@pytest.mark.parametrize("width", [1440, pytest.param(390, marks=pytest.mark.full)])
def test_a_question_mark_opens_the_list_of_keys(visitor, width):
    page = visitor.page
    page.set_viewport_size({"width": width, "height": 900})
    page.keyboard.press("?")
    box = page.get_by_role("dialog", name="Keys")
    expect(box).to_be_visible()
    known = page.evaluate("import('/play/static/controls/keys.js').then(({KEYS}) => KEYS)")
    assert [row[0] for row in known] == [" ", ".", "[", "]", "f", "s", "k", "?"]
    play = box.get_by_role("table", name="In Play")
    for _, name, does in known:
        expect(play.get_by_role("row").filter(has=page.get_by_role("rowheader", name=name, exact=True))).to_contain_text(does)
    for _ in range(3):                                          # the focus stays in it
        page.keyboard.press("Tab")
        assert page.evaluate("!document.activeElement.closest('.page, .bar, .head')")
    sound_all_ways(page)
    page.keyboard.press("Escape")
    expect(box).to_be_hidden()


def test_every_key_of_the_list_is_listened_to(visitor):
    """Those that act on a run are in test_steering and test_timeline; these go somewhere."""
    page = visitor.page
    page.keyboard.press("s")
    expect(visitor.page.get_by_test_id("start")).to_be_focused()
    page.keyboard.press("k")
    expect(visitor.under("gamma").get_by_role("slider")).to_be_focused()
    visitor.page.get_by_role("button", name="Keys", exact=True).click()
    expect(page.get_by_role("dialog", name="Keys")).to_be_visible()
    page.keyboard.press("k")                                    # none acts while a dialog is open
    assert page.evaluate("document.activeElement.closest('dialog') !== null")


def test_rows_of_buttons_are_one_stop_with_arrows(visitor):
    page = visitor.page
    layers = page.get_by_role("toolbar", name="Layers").first.get_by_role("button")
    real = page.get_by_role("button", name="Real", exact=True).first
    real.focus()
    page.keyboard.press("ArrowRight")
    expect(page.get_by_role("button", name="Fake", exact=True).first).to_be_focused()
    assert [layers.nth(i).get_attribute("tabindex") for i in range(3)] == ["-1", "0", "-1"]
    data = visitor.button("8 Gaussians")
    data.focus()
    page.keyboard.press("ArrowRight")
    expect(visitor.button("25 Gaussians")).to_be_focused()
    page.keyboard.press("Home")
    expect(data).to_be_focused()
    page.keyboard.press("Enter")
    expect(data).to_have_attribute("aria-pressed", "true")
