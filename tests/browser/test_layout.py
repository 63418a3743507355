"""Where things stand: nothing is clipped, nothing jumps, and what is off does not look forbidden."""

import re

import pytest
from playwright.sync_api import expect

LONG = """() => { const last = [...document.querySelectorAll('.right .reads > div')].at(-1);
  last.querySelector('dt').textContent = 'precision, recall';
  last.querySelector('dd').innerHTML = '<span>0.65</span><small> / 0.43</small>'; }"""
FLOOR = """() => { const reading = document.querySelector('.right .reads dd');
  reading.innerHTML = '<span>16.9</span><small><span class="dot real"></span>0.253 ± 0.0681</small>'; }"""
BEYOND = """() => [...document.querySelectorAll('.right .reads > div')].map((cell) => Math.max(...[...cell.children].map((part) => {
  const words = document.createRange();
  words.selectNodeContents(part);
  return words.getBoundingClientRect().right;
})) - cell.getBoundingClientRect().right)"""


@pytest.mark.parametrize("width", [390, *(pytest.param(width, marks=pytest.mark.full) for width in (720, 1000, 1190, 1280)), 1440, 1920])
def test_four_readings_have_room(visitor, width):
    visitor.page.set_viewport_size({"width": width, "height": 900})
    expect(visitor.page.locator(".right .reads > div")).to_have_count(4)
    visitor.page.evaluate(LONG)
    assert max(visitor.page.evaluate(BEYOND)) <= 0


def test_the_picture_stays_where_it_is_when_it_can_be_turned(visitor):
    picture, turn = visitor.page.get_by_test_id("picture").first, visitor.button("3-D")
    expect(visitor.button("Latent grid")).to_be_visible()
    expect(turn).to_be_hidden()                                     # something moves
    before = picture.bounding_box()
    visitor.button("Pause").click()
    expect(turn).to_be_visible()
    assert picture.bounding_box() == before


def test_a_layer_that_is_off_is_neither_crossed_out_nor_grey_as_what_is_disabled(visitor):
    off, on = visitor.button("Latent grid"), visitor.page.get_by_role("button", name="Force", exact=True)
    expect(off).to_have_attribute("aria-pressed", "false")
    expect(off).to_have_css("text-decoration-line", "none")
    expect(off).to_have_css("opacity", "1")
    assert "inset" in off.evaluate("e => getComputedStyle(e).boxShadow")                # an outline that waits to be filled
    assert off.evaluate("e => getComputedStyle(e).backgroundColor") != on.evaluate("e => getComputedStyle(e).backgroundColor")


def test_what_a_banner_and_a_toast_say_stands_in_their_middle(visitor):
    said = visitor.banner.locator(".said")
    expect(said).to_have_css("margin-top", "0px")
    box, words = visitor.banner.bounding_box(), said.bounding_box()
    assert abs((box["y"] + box["height"] / 2) - (words["y"] + words["height"] / 2)) <= 2
    run = visitor.made(20)
    visitor.tab("Runs").click()
    visitor.does(run, "Delete").click()
    expect(visitor.page.locator(".toast .said")).to_have_css("margin-top", "0px")


def test_a_chart_under_the_pointer_stays_as_tall_as_it_is(visitor):
    chart = visitor.readings.get_by_role("group", name="Chart: balance/ratio")
    chart.scroll_into_view_if_needed()
    plot = chart.locator(".u-over")
    before = chart.bounding_box()["height"]
    plot.hover()
    expect(chart).to_contain_text(re.compile(r"step [\d,]+: "))
    assert chart.bounding_box()["height"] == before


def test_the_floor_of_a_reading_stands_within_its_column(visitor):
    visitor.page.evaluate(FLOOR)
    assert max(visitor.page.evaluate(BEYOND)) <= 0


def test_a_knob_has_its_name_beside_its_letter(visitor):
    expect(visitor.under("gamma").locator("label")).to_have_text("Diversity ratio γ")
    expect(visitor.under("lr_g").locator("label")).to_have_text("Learning rate of G ηG")
    expect(visitor.settings.get_by_role("slider", name="Diversity ratio, slider")).to_be_visible()
    names = visitor.settings.locator("[data-knob]")
    assert [names.nth(i).get_attribute("data-knob") for i in range(5)] == ["gamma", "lambda_k", "lr_g", "lr_d", "batch"]      # its own first
