"""Pictures of ended runs in the tab Compare: two in one place, rows of the same latents, one latent along the steps, and one lane on a phone."""

import re

from comparing import BEGAN, GAN, come
from playwright.sync_api import expect
from sizes import PHONE, SIZES

DIGITS = {"data": "digits", "preset": "quick", "knobs": {"batch": 8}}


def box_of(visitor):
    return visitor.page.locator(".two-pane").bounding_box()


@SIZES
def test_two_lanes_in_one_place(arrive, size):
    visitor = arrive(**size)
    first, second = visitor.made(40, **BEGAN), visitor.made(40, **GAN)
    come(visitor, first, second, view="&view=two")
    page, divider = visitor.page, visitor.page.get_by_test_id("divider")
    expect(divider).to_have_attribute("aria-valuenow", "50")
    divider.focus()
    for key, value in (("ArrowLeft", "48"), ("ArrowRight", "50"), ("PageUp", "60"), ("Home", "0"), ("End", "100")):
        page.keyboard.press(key)
        expect(divider).to_have_attribute("aria-valuenow", value)
    expect(page.get_by_test_id("position")).to_have_text("40")              # the timeline heard nothing
    box = box_of(visitor)
    if size is PHONE:
        page.touchscreen.tap(box["x"] + 0.25 * box["width"], box["y"] + 20)
    else:
        page.mouse.move(box["x"] + 0.5 * box["width"], box["y"] + 60)
        page.mouse.down()
        page.mouse.move(box["x"] + 0.25 * box["width"], box["y"] + 90, steps=3)
        page.mouse.up()
    expect(divider).to_have_attribute("aria-valuenow", "25")
    page.get_by_role("button", name="Larger").click()
    expect(page.get_by_role("button", name="150%")).to_be_visible()
    page.get_by_role("button", name="150%").click()
    page.get_by_label("Left lane").select_option("1")                       # the two change places
    expect(page.get_by_label("Right lane")).to_have_value("0")
    page.get_by_role("radio", name="Overlay").check(force=True)
    expect(page.get_by_test_id("two-note")).to_have_text("Circles: GAN; crosses: BEGAN; filled: held-out data.")
    expect(divider).to_be_hidden()
    page.get_by_role("radio", name="Blink").check(force=True)
    page.emulate_media(reduced_motion="reduce")
    page.get_by_role("button", name="Show the other").click()
    expect(page.locator(".two-heads .away")).to_have_count(1)
    page.wait_for_url(re.compile("view=two&pair=1,0&mode=blink$"))


def test_pictures_in_rows_their_difference_and_one_latent_along_the_steps(guest):
    first, second = guest.made(12, variant="dcgan", **DIGITS), guest.made(12, variant="wgan_gp", **DIGITS)
    come(guest, first, second)
    page = guest.page
    expect(page.get_by_role("img", name=re.compile("^Eight samples of"))).to_have_count(2)
    page.get_by_label("Latents that are shown").select_option("2")
    row = page.get_by_test_id("lane-picture-1")
    box = row.bounding_box()
    page.mouse.click(box["x"] + 0.94 * box["width"], box["y"] + 10)
    expect(page.get_by_label("Latent", exact=True)).to_have_value("23")
    expect(page.get_by_label("Lane", exact=True)).to_have_value("1")
    items = page.locator(".time-item")
    items.first.click()
    expect(items.first).to_have_attribute("aria-current", "true")
    expect(page.get_by_test_id("position")).to_have_text("0")
    page.wait_for_url(re.compile("view=time&at=0&z=23&lane=1$"))
    page.get_by_role("radio", name="Two", exact=True).check(force=True)
    page.get_by_role("radio", name="Difference").check(force=True)
    expect(page.get_by_test_id("two-note")).to_have_text(re.compile(r"^Mean difference [\d.]+ of that of black and white\.$"))


def test_on_a_phone_a_finger_that_goes_sideways_shows_the_next_lane_at_the_same_step(arrive):
    visitor = arrive(**PHONE)
    first, second = visitor.made(40, **BEGAN), visitor.made(40, **GAN)
    come(visitor, first, second, view="&at=20")
    page = visitor.page
    pictures = [page.get_by_test_id(f"lane-picture-{i}") for i in range(2)]
    expect(pictures[0]).to_be_visible()
    expect(pictures[1]).to_be_hidden()
    box = pictures[0].bounding_box()
    swipe = """([x, y]) => { const at = (type, clientX) => document.elementFromPoint(x, y).dispatchEvent(
        new PointerEvent(type, {bubbles: true, pointerType: "touch", clientX, clientY: y})); at("pointerdown", x); at("pointerup", x - 120); }"""
    page.evaluate(swipe, [box["x"] + 200, box["y"] + 100])
    expect(pictures[1]).to_be_visible()
    expect(pictures[0]).to_be_hidden()
    expect(page.get_by_test_id("position")).to_have_text("20")
    page.get_by_role("button", name="Next lane").tap()
    expect(pictures[0]).to_be_visible()
    expect(page.get_by_test_id("scoreboard").get_by_role("row")).to_have_count(3)
    assert page.evaluate("document.querySelector('.compare-page').scrollWidth <= innerWidth")
    cells = page.get_by_test_id("scoreboard").get_by_role("cell")
    assert all(cell["x"] + cell["width"] <= 390 for cell in (cell.bounding_box() for cell in cells.all()))
