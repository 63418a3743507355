"""Searches, directions, points, what is refused, and axe, at both widths."""

import re

import pytest
from axe_playwright_python.sync_playwright import Axe
from picturing import painted, png
from playwright.sync_api import expect
from sizes import LOOKS, SIZES
from studying import INK, SMALL, Studio, pressed, rested


@pytest.fixture(scope="module")
def runs(app) -> dict[str, str]:
    return rested(app)


@SIZES
def test_a_latent_is_searched_for_a_picture_of_ones_own(arrive, runs, size):
    studio = Studio(arrive(**size), f"latents={runs['pictures']}")
    studio.go("Find a latent")
    search = studio.tool.get_by_role("button", name="Search")
    studio.write("Its number, from 0", "100000")
    search.click()
    expect(studio.tool.get_by_role("alert")).to_have_text(re.compile(r"^target: there are \d+ held-out samples"))
    studio.tool.get_by_role("radio", name="Your picture").check(force=True)
    search.click()
    expect(studio.tool.get_by_role("alert")).to_have_text("choose a picture first")
    files = studio.page.get_by_test_id("studio-file")
    files.set_input_files({"name": "broken.png", "mimeType": "image/png", "buffer": b"x" * 90})
    studio.visitor.watch.cut = True                                         # Chromium complains of what is refused
    search.click()
    expect(studio.tool.get_by_role("alert")).to_contain_text("no whole picture")
    files.set_input_files({"name": "mine.png", "mimeType": "image/png", "buffer": png(painted(3))})
    expect(studio.tool.get_by_role("alert")).to_have_count(0)
    studio.write("Steps of each", "20")
    search.click()
    expect(studio.says).to_have_text(re.compile(r"^Done: residual [\d.]+, where black and white are 2 apart"))
    assert studio.tool.get_by_role("img", name="What is looked for").evaluate("canvas => canvas.width") > 28
    studio.tool.get_by_role("button", name="Pin the result").click()
    pressed(studio.group("The best so far").get_by_role("button"))
    expect(studio.pins).to_have_accessible_name("pin 1: found for mine.png")


def test_directions_move_and_are_named(arrive):
    visitor = arrive()
    model = visitor.call("publish", {"run": visitor.made(3, **SMALL), "public": False})["model"]["id"]
    studio = Studio(visitor, f"model={model}")
    studio.go("Directions")
    after = studio.tool.locator(".pair canvas").last
    expect(studio.says).to_have_text(re.compile("^[|]z[|] "))
    said, seen = studio.says.inner_text(), after.evaluate(INK)
    studio.tool.get_by_role("textbox", name=re.compile("^layer 1, ")).fill("1.5")
    studio.page.keyboard.press("Tab")
    expect(studio.says).not_to_have_text(said)
    assert after.evaluate(INK) != seen
    name = studio.tool.get_by_label("Keep this mix with your model, as")
    for text, answer in (("layer 7", "a direction needs a name of its own"), ("turned \u202e round", "marks of direction")):
        name.fill(text)
        name.press("Enter")
        expect(studio.tool.get_by_role("alert")).to_contain_text(answer)
        expect(name).to_have_value(text)
    name.fill("bolder")
    name.press("Enter")
    named = studio.group("Named directions")
    expect(named.get_by_role("textbox", name="bolder")).to_be_visible()
    assert visitor.call("model", {"model": model})["directions"] == ["bolder"]
    for _ in range(2):                                                      # the first press asks
        named.get_by_role("button", name=re.compile("^Take the name bolder away")).click()
    expect(named.get_by_role("textbox")).to_have_count(0)
    assert visitor.call("model", {"model": model})["directions"] == []


@SIZES
def test_on_points_every_tool_draws_in_the_data_plane(arrive, runs, size):
    studio = Studio(arrive(**size), f"latents={runs['points']}")
    studio.pin(0, 1)
    for name in ("Pad", "Between two", "Four corners", "A − B + C", "Directions", "Nearest"):
        studio.go(name)
        canvas = studio.tool.locator(".made canvas").first
        studio.page.wait_for_function("canvas => canvas.width > 200", arg=canvas.element_handle())
        if name == "Pad":
            expect(studio.says).to_have_text(re.compile("^At 0 along"))
            before = canvas.evaluate(INK)
            studio.tool.get_by_role("application").press("Shift+ArrowRight")
            expect(studio.says).to_have_text(re.compile("^At 1 along"))
            assert canvas.evaluate(INK) != before
    expect(studio.says).to_contain_text("As D sees them: at")
    studio.go("Find a latent")
    studio.write("Steps of each", "20")
    studio.tool.get_by_role("button", name="Search").click()
    expect(studio.says).to_have_text(re.compile("^Done: residual"))
    assert studio.page.evaluate("document.documentElement.scrollWidth") == size["viewport"]["width"]


def test_what_is_wrong_is_said_by_its_field_and_a_lost_connection_too(arrive, runs):
    studio = Studio(arrive(), f"latents={runs['pictures']}")
    seed = studio.write("Seed", "a dozen")
    expect(studio.tool.get_by_role("alert")).to_contain_text("seed must be")
    expect(seed).to_have_value("a dozen")
    expect(seed).to_have_attribute("aria-invalid", "true")
    studio.write("Seed", "12")
    expect(studio.tool.get_by_role("alert")).to_have_count(0)
    studio.visitor.watch.cut = True
    studio.visitor.context.set_offline(True)
    studio.write("Seed", "13")
    expect(studio.tool.get_by_role("alert")).to_contain_text("connection lost")
    studio.visitor.context.set_offline(False)
    studio.tool.get_by_role("button", name="Another seed").click()
    expect(studio.tool.get_by_role("alert")).to_have_count(0)


@LOOKS
def test_axe_finds_nothing_in_any_tool(arrive, runs, size, theme):
    studio = Studio(arrive(color_scheme=theme, reduced_motion="reduce", **size), f"latents={runs['pictures']}")
    studio.pin(0, 1)
    for tab in studio.it.get_by_role("tab").all():
        tab.click()
    studio.go("Walk")
    studio.tool.get_by_role("button", name="Make it").click()
    expect(studio.tool.get_by_role("link", name=re.compile("^Download"))).to_be_visible()
    studio.tool.get_by_text("Show it move").click()
    studio.go("Find a latent")
    studio.write("Steps of each", "10")
    studio.tool.get_by_role("button", name="Search").click()
    expect(studio.says).to_have_text(re.compile("^Done"))
    studio.page.evaluate("document.querySelectorAll('.studio [role=tabpanel]').forEach((panel) => { panel.hidden = false; })")
    found = Axe().run(studio.page).response
    assert {rule["id"] for rule in found["passes"]} >= {"button-name", "color-contrast", "label", "select-name", "image-alt"}
    assert [(rule["impact"], rule["id"], [node["html"][:200] for node in rule["nodes"]]) for rule in found["violations"]] == []
