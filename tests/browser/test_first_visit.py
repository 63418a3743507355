"""The first minute: something moves, one big button, and then it is one's own run that moves."""

import re
import time

from playwright.sync_api import expect

from playground.specs.presets import RECORDED

FRAME = re.compile(rf"/play/runs/(?!{RECORDED})[0-9a-f]{{32}}/frames/\d+\?e=0$")

MOVING = """() => [...document.querySelectorAll(".play *")].flatMap((element) => [null, "::before", "::after"].filter((part) => {
    const {animationName, transitionDuration} = getComputedStyle(element, part);
    return animationName !== "none" || transitionDuration.split(", ").some((time) => time !== "0s");
}).map((part) => [element.outerHTML.slice(0, 80), part]))"""


def test_a_recorded_run_moves_under_its_name_with_one_big_button(visitor):
    expect(visitor.banner).to_contain_text("Recorded run")
    expect(visitor.banner).to_contain_text("BEGAN on 8 Gaussians")
    hero = visitor.button("Train it live")
    expect(hero).to_have_count(1)
    box = hero.bounding_box()
    assert box["height"] >= 40
    assert box["width"] >= 120
    for _ in range(2):
        before = visitor.shown.inner_text()
        expect(visitor.shown).not_to_have_text(before)
    expect(visitor.rate).to_have_text("recorded")
    for name in ("One step", "Stop"):
        expect(visitor.button(name)).to_be_disabled()
    visitor.button("Pause").click()                                 # it can be halted, and goes on
    visitor.stands_still()
    visitor.button("Play").click()
    visitor.moves()
    assert visitor.run is None

    visitor.settings.get_by_text("Advanced").click()                # and all that can be worked has a name
    seen = visitor.page.locator("body").aria_snapshot()
    assert 'slider "Width of G, slider"' in seen
    assert not re.findall(r"^\s*- (?:button|textbox|slider|combobox|checkbox|switch|radio|link|tab|img)(?:$|:| \[)", seen, re.MULTILINE)


def test_one_click_and_it_is_live(visitor, app, record_property):
    expect(visitor.settings.get_by_role("status")).to_contain_text("about")         # the server is warm: it has measured itself
    with visitor.page.expect_response(FRAME) as first:
        begun = time.monotonic()
        visitor.button("Train it live").click()
    step = int(first.value.url.rsplit("/", 1)[1].partition("?")[0])
    expect(visitor.shown).to_have_text(re.compile(rf"step ({step}|1)$"))
    taken = time.monotonic() - begun
    record_property("seconds from the click to the first live frame", round(taken, 2))
    print(f"first live frame {taken:.2f} s after the click")         # a busy machine is no fault; `bench.startup` has the figure

    assert visitor.run in app.runs()
    expect(visitor.button("Train it live")).to_have_count(0)
    expect(visitor.rate).to_contain_text("steps/s")
    ratio = visitor.readings.get_by_role("definition").first
    before, frame = ratio.inner_text(), visitor.shown.inner_text()
    expect(ratio).not_to_have_text(before)
    expect(visitor.shown).not_to_have_text(frame)
    visitor.moves()


def test_reduced_motion_shows_the_recorded_run_standing_still(arrive):
    visitor = arrive(reduced_motion="reduce").open()
    expect(visitor.button("Train it live")).to_be_visible()
    budget = int(visitor.page.get_by_role("slider", name="Timeline").get_attribute("max"))
    expect(visitor.shown).to_have_text(f"step {budget:,}")          # all of it, at its end
    visitor.stands_still()
    expect(visitor.shown).to_have_text(f"step {budget:,}")
    assert visitor.page.evaluate(MOVING) == []


def test_an_address_of_no_run_is_said_and_the_recorded_run_plays(arrive):
    visitor = arrive().open("/?run=" + "0" * 32)
    said = visitor.page.get_by_text("There is no run of that address here.")
    expect(said).to_be_visible()
    before = visitor.shown.inner_text()
    expect(visitor.shown).not_to_have_text(before)
    expect(said).to_be_visible()                        # still: nobody reads that in a tenth of a second
    expect(visitor.button("Train it live")).to_be_visible()
    assert visitor.run is None
