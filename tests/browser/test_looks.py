"""A phone, and light and dark."""

import re
from itertools import combinations

import pytest
from playwright.sync_api import expect

PHONE = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True, "device_scale_factor": 2}
DARK = re.compile(r"\bdark\b")


def overlap(a: dict[str, float], b: dict[str, float]) -> bool:
    """Whether two boxes share more than an edge."""
    return all(a[at] + a[size] > b[at] + 1 and b[at] + b[size] > a[at] + 1 for at, size in (("x", "width"), ("y", "height")))


def fits(visitor) -> None:
    """Nothing sticks out at the side, and the bar is in view, no button on another."""
    assert visitor.page.evaluate("document.documentElement.scrollWidth") <= 390
    box = visitor.bar.bounding_box()
    assert box["x"] >= 0
    assert box["x"] + box["width"] <= 390
    assert box["y"] + box["height"] <= 844
    parts = [part.bounding_box() for part in visitor.bar.get_by_role("button").all() if part.is_visible()]
    assert not [pair for pair in combinations(parts, 2) if overlap(*pair)]


@pytest.fixture
def phone(arrive):
    return arrive(**PHONE).open()


def test_a_phone_starts_a_run_and_shows_it_in_one_column(phone):
    fits(phone)
    hero = phone.button("Train it live")
    assert hero.bounding_box()["y"] < 400                   # without scrolling
    hero.tap()
    expect(phone.rate).to_contain_text("steps/s")
    expect(phone.shown).to_have_text(re.compile("step [1-9]"))
    phone.moves()
    fits(phone)
    phone.button("Pause").tap()
    expect(phone.rate).to_have_text("paused")
    phone.button("Stop").tap()
    expect(phone.strip).to_be_visible()
    fits(phone)
    phone.settings.get_by_text("Advanced").tap()
    fits(phone)
    phone.variant.tap()                                     # the list fills the screen, and no keyboard is called up
    expect(phone.page.get_by_role("combobox", name="Search variants")).not_to_be_focused()
    assert phone.page.get_by_role("listbox", name="Variants").bounding_box()["width"] == 390
    phone.page.get_by_role("option", name=re.compile("^LSGAN")).tap()
    expect(phone.variant).to_contain_text("LSGAN")
    fits(phone)
    phone.bar.get_by_label("Export").tap()
    expect(phone.page.get_by_role("link", name="Metrics, CSV")).to_be_visible()
    fits(phone)


def test_a_phone_shows_one_chart_at_a_time(phone):
    charts = phone.page.get_by_role("group", name=re.compile("^Chart: "))
    which = phone.page.get_by_role("radiogroup", name="Chart")
    labels = which.locator("label:not([hidden])")               # of the numbers that this run has
    expect(labels.nth(3)).to_be_attached()
    names = [label.get_attribute("data-which") for label in labels.all()]
    shown = {}
    for name in names:
        label = which.locator(f"[data-which='{name}']")
        label.tap()
        expect(label.get_by_role("radio")).to_be_checked()
        shown[name] = charts.filter(visible=True).count()
    assert shown == dict.fromkeys(names, 1)


def test_the_lists_on_a_phone(phone):
    id = phone.made()
    for name in ("Runs", "Gallery"):
        phone.tab(name).tap()
        if name == "Gallery":
            phone.page.get_by_role("link", name="Runs that ended").tap()
        expect(phone.page.get_by_role("listitem").first).to_be_visible()
        assert phone.page.evaluate("document.documentElement.scrollWidth") <= 390
        assert phone.tab(name).bounding_box()["height"] >= 44
    phone.tab("Runs").tap()
    bin = phone.does(id, "Delete")
    expect(bin).to_be_hidden()                              # few things at once
    phone.does(id, "More for").tap()
    expect(phone.does(id, "More for")).to_have_attribute("aria-expanded", "true")
    parts = [part.bounding_box() for role in ("button", "link") for part in phone.row(id).get_by_role(role).all() if part.is_visible()]
    assert not [pair for pair in combinations(parts, 2) if overlap(*pair)]
    assert min(bin.bounding_box()[side] for side in ("width", "height")) >= 44
    bin.tap()
    undo = phone.button("Undo")
    expect(undo).to_be_visible()
    phone.tab("Play").tap()
    assert not overlap(phone.page.locator(".toast").bounding_box(), phone.bar.bounding_box())
    undo.tap()
    expect(undo).to_be_hidden()
    phone.tab("Runs").tap()
    expect(phone.row(id)).to_be_visible()


@pytest.mark.parametrize(("system", "other"), [("light", "dark"), pytest.param("dark", "light", marks=pytest.mark.full)])
def test_light_and_dark_are_remembered(arrive, system, other):
    visitor = arrive(color_scheme=system).open()
    body, ground = visitor.page.locator("body"), "getComputedStyle(document.querySelector('.play')).backgroundColor"

    def is_dark(dark: bool) -> None:
        (expect(body).to_have_class if dark else expect(body).not_to_have_class)(DARK)

    is_dark(system == "dark")
    before = visitor.page.evaluate(ground)
    visitor.button("Light or dark").click()
    is_dark(other == "dark")
    after = visitor.page.evaluate(ground)
    assert (sum(map(int, re.findall(r"\d+", after)[:3])) < 200) == (other == "dark")
    assert after != before
    visitor.page.reload()
    expect(visitor.button("Train it live")).to_be_visible()
    is_dark(other == "dark")
    assert visitor.page.evaluate(ground) == after
