"""What is pinned is carried from tool to tool; the pad and walks, by a hand, by a finger and by keys, at both widths."""

import json
import re
import time
from pathlib import Path

import pytest
from playwright.sync_api import expect
from sizes import DESK, SIZES
from studying import INK, Studio, pressed, rested

BEGINS = {"GIF": b"GIF8", "MP4": b"ftyp", "PNG sheet": b"\x89PNG"}


@pytest.fixture(scope="module")
def runs(app) -> dict[str, str]:
    return rested(app)


@SIZES
def test_what_is_pinned_is_carried_to_every_tool(arrive, runs, size):
    studio = Studio(arrive(**size), f"latents={runs['pictures']}")
    expect(studio.says).to_have_text(re.compile(r"^\|z\| from .*, as the prior draws them$"))
    studio.write("Radius", "0.5")
    expect(studio.says).to_have_text(re.compile("0.5 times as long as drawn$"))
    studio.pin(0)
    studio.samples.first.press("ArrowRight")
    studio.page.keyboard.press("Enter")
    pressed(studio.samples.nth(1))
    expect(studio.pins).to_have_count(2)

    studio.go("Between two")
    studio.write("Frames", "4")
    for way in ("lerp, straight", "slerp, along the sphere"):
        frames = studio.group(way).get_by_role("button")
        expect(frames).to_have_count(4)
        pressed(frames.first, frames.last)                                  # the ends are the very latents that were pinned
    expect(studio.tool.get_by_role("img", name=re.compile(r"^\|z\| from one latent to the other: lerp"))).to_be_visible()
    frames.nth(1).click()
    expect(studio.pins).to_have_count(3)

    studio.go("Four corners")
    studio.write("A side", "3")
    grid = studio.group("Between the corners").get_by_role("button")
    expect(grid).to_have_count(9)
    pressed(*(grid.nth(i) for i in (0, 2, 6)))
    expect(grid.nth(8)).to_have_attribute("aria-pressed", "false")          # a seed's: there are but three pins

    studio.go("A − B + C")
    for pin in (0, 0, 1):
        studio.pins.nth(pin).click()
    expect(studio.it.get_by_role("status").filter(has_text="now “C”")).to_be_visible()
    for part in ("A", "B", "C", "A − B + C"):
        pressed(studio.group(part).get_by_role("button"))                   # A − A + C is C
    studio.pins.first.click()
    expect(studio.group("A − B + C").get_by_role("button")).to_have_attribute("aria-pressed", "true")

    studio.go("Nearest")
    expect(studio.tool.get_by_role("img", name=re.compile("^As D sees them, 4: distance"))).to_be_visible()
    expect(studio.tool.get_by_text(re.compile("held-out sample|G learned from")).nth(1)).to_be_visible()

    studio.pins.nth(2).focus()
    studio.page.keyboard.press("Delete")
    expect(studio.pins).to_have_count(2)
    expect(studio.pins.nth(1)).to_be_focused()
    studio.page.reload()
    expect(studio.pins).to_have_count(2)


@SIZES
def test_the_pad_follows_a_hand_and_answers_only_what_is_wanted_last(arrive, runs, size):
    studio = Studio(arrive(**size), f"latents={runs['pictures']}")
    asked, held = [], []

    def meet(route) -> None:
        message = json.loads(route.request.post_data)
        if message["fn_name"] != "pad" or "page" not in message["data"]:
            return route.continue_()
        asked.append(message["data"]["at"])
        return held.append(route) if holding else route.continue_()

    holding = False
    studio.page.route(re.compile("/component_server"), meet)
    studio.go("Pad")
    expect(studio.says).to_have_text(re.compile("^At 0 along layer 1, 0 along layer 2"))
    picture, pad = studio.tool.locator(".compass"), studio.tool.get_by_role("application")
    seen = picture.evaluate(INK)
    picture.scroll_into_view_if_needed()
    box = picture.bounding_box()
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    if size is DESK:
        studio.page.mouse.move(x, y)
        studio.page.mouse.down()
        studio.page.mouse.move(x + box["width"] / 4, y, steps=5)
        studio.page.mouse.up()
    else:
        touch = studio.page.context.new_cdp_session(studio.page)
        for kind, shift in (("touchStart", 0), *(("touchMove", i / 20) for i in range(1, 6))):
            touch.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": [{"x": x + shift * box["width"], "y": y}]})
        touch.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})
    expect(studio.says).to_have_text(re.compile(r"^At 0\.5\d* along layer 1, 0 along"))
    assert picture.evaluate(INK) != seen

    pad.focus()
    studio.page.keyboard.press("Home")
    expect(studio.says).to_have_text(re.compile("^At 0 along layer 1, 0 along"))
    asked.clear()
    holding = True
    studio.page.keyboard.press("ArrowUp")
    end = time.monotonic() + 60
    while not held and time.monotonic() < end:
        studio.page.wait_for_timeout(20)
    for _ in range(6):
        studio.page.keyboard.press("ArrowLeft")
    holding = False
    held[0].continue_()
    expect(studio.says).to_have_text(re.compile(r"^At −1\.5\d* along layer 1, 0\.25\d* along layer 2"))
    assert (asked[0], asked[-1], len(asked) < 5) == ([0, 0.25], [-1.5, 0.25], True)
    studio.page.keyboard.press("Enter")
    expect(studio.pins).to_have_count(1)
    studio.tool.get_by_label("middle", exact=True).select_option("pin 1")
    expect(studio.says).to_have_text(re.compile("^At 0 along layer 1"))

    studio.tool.get_by_label("upwards", exact=True).select_option("layer 1")
    expect(studio.tool.get_by_role("alert")).to_have_text("these two directions are one: they make no plane")
    expect(studio.tool.get_by_label("upwards", exact=True)).to_have_attribute("aria-invalid", "true")
    studio.tool.get_by_label("upwards", exact=True).select_option("at random")
    expect(studio.tool.get_by_role("alert")).to_have_count(0)
    expect(studio.says).to_contain_text("0 along random 2")


def test_the_pad_of_a_model_that_nobody_has_asked_about_asks_no_more_than_one_person_may(arrive):
    studio = Studio(arrive(), "model=ls_gan-digits")
    refused, drawn = [], "canvas => canvas.getContext('2d').getImageData(canvas.width / 2, canvas.height / 2, 1, 1).data[3]"

    def hear(response) -> None:
        if "/component_server" in response.url and "error" in (answer := response.json()):
            refused.append(answer["error"])

    studio.page.on("response", hear)
    studio.go("Pad")
    for text in ("layer 1", "layer 2"):
        expect(studio.says).to_contain_text(text)
    studio.page.wait_for_function(f"[...document.querySelectorAll('.compass, .map')].every({drawn})")
    expect(studio.tool.get_by_label("upwards", exact=True).locator("option")).not_to_have_count(1)
    assert refused == []


@SIZES
def test_a_walk_is_made_shown_and_kept(arrive, runs, size):
    studio = Studio(arrive(**size), f"latents={runs['pictures']}")
    studio.pin(0, 1, 2)
    studio.go("Walk")
    expect(studio.tool.get_by_role("listitem")).to_have_count(3)
    studio.tool.get_by_role("button", name="Leave out place 2").click()
    expect(studio.tool.get_by_role("listitem")).to_have_count(2)
    studio.write("Frames from one to the next", "4")
    studio.tool.get_by_role("switch").check()
    for title, begins in BEGINS.items():
        studio.tool.get_by_role("radio", name=title).check(force=True)
        studio.tool.get_by_role("button", name="Make it").click()
        expect(studio.tool.get_by_text(f"A walk of 8 frames, {title}")).to_be_visible()
        link = studio.tool.get_by_role("link", name=re.compile("^Download"))
        with studio.page.expect_download() as kept:
            link.click()
        assert kept.value.suggested_filename.startswith("walk-")
        assert begins in Path(kept.value.path()).read_bytes()[:12]
    studio.write("Scale", "9")
    studio.tool.get_by_role("button", name="Make it").click()
    expect(studio.tool.get_by_role("alert")).to_contain_text("scale must be")
    expect(studio.tool.get_by_role("textbox", name="Scale", exact=True)).to_have_value("9")
    studio.go("Samples")                                                    # from where one had scrolled to
    expect(studio.samples.first).to_be_in_viewport()
    assert studio.page.locator(".head").bounding_box()["y"] == 0
