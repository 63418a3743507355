"""What can be done with latents on the page, by a hand, by a finger and by keys, at both widths."""

import json
import re
import time

import pytest
from axe_playwright_python.sync_playwright import Axe
from picturing import painted, png
from playwright.sync_api import expect

DESK, PHONE = {"viewport": {"width": 1440, "height": 900}}, {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True}
SIZES = pytest.mark.parametrize("size", [DESK, PHONE], ids=["1440", "390"])
SMALL = {"variant": "lsgan", "data": "digits", "preset": "quick", "knobs": {"width_g": 4, "width_d": 4, "batch": 8, "z_dim": 8}, "steps": 3, "seed": 1}
RING = {"variant": "gan", "data": "ring8", "preset": "quick", "knobs": {"width_g": 8, "width_d": 8, "batch": 16}, "steps": 20, "seed": 1}
BEGINS = {"GIF": b"GIF8", "MP4": b"ftyp", "PNG sheet": b"\x89PNG"}
INK = """canvas => {
    const {data} = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
    let hash = 0;
    for (let i = 0; i < data.length; i += 4) hash = (31 * hash + data[i] + 7 * data[i + 1] + 13 * data[i + 2]) | 0;
    return hash;
}"""


@pytest.fixture(scope="module")
def runs(app) -> dict[str, str]:
    """A run on pictures and one on points, both over."""
    app.web.timeout = 60                                                    # the first to train loads torch, on a busy machine slowly
    made = {name: app.call("start", {"spec": spec})["run"] for name, spec in (("pictures", SMALL), ("points", RING))}
    while any(app.record(run)["status"] != "finished" for run in made.values()):
        app.web.get(f"{app.url}/play/static/tokens.css")
    return made


class Studio:
    """The studio of one source, as somebody sees it."""

    def __init__(self, visitor, address: str) -> None:
        self.visitor, self.page = visitor, visitor.page
        self.page.goto(f"{visitor.url}/?tab=gallery&{address}")
        self.it = self.page.get_by_role("region", name="Latents", exact=True)
        self.pins = self.it.get_by_role("list", name="Pinned samples").get_by_role("button")
        expect(self.samples.first).to_be_visible()

    @property
    def samples(self):
        return self.group("Samples").get_by_role("button")

    @property
    def tool(self):
        return self.it.get_by_role("tabpanel")

    @property
    def says(self):
        return self.tool.locator(".says-of")

    def group(self, name: str):
        return self.it.get_by_role("group", name=name, exact=True)

    def go(self, name: str) -> None:
        self.it.get_by_role("tab", name=name, exact=True).click()

    def write(self, label: str, text: str):
        field = self.tool.get_by_role("textbox", name=label, exact=True)
        field.fill(text)
        field.press("Tab")
        return field

    def pin(self, *which: int) -> None:
        for i in which:
            self.samples.nth(i).click(force=True)                           # on points what is pressed is the plane, beside a point
            expect(self.samples.nth(i)).to_have_attribute("aria-pressed", "true")


def pressed(*buttons) -> None:
    for button in buttons:
        expect(button).to_have_attribute("aria-pressed", "true")


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
    expect(studio.tool.get_by_role("img", name=re.compile("^As D sees them, 4: distance"))).to_be_visible(timeout=30_000)
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
    end = time.monotonic() + 10
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
        expect(studio.tool.get_by_text(f"A walk of 8 frames, {title}")).to_be_visible(timeout=30_000)
        link = studio.tool.get_by_role("link", name=re.compile("^Download"))
        with studio.page.expect_download() as kept:
            link.click()
        assert kept.value.suggested_filename.startswith("walk-")
        assert begins in open(kept.value.path(), "rb").read(12)
    studio.write("Scale", "9")
    studio.tool.get_by_role("button", name="Make it").click()
    expect(studio.tool.get_by_role("alert")).to_contain_text("scale must be")
    expect(studio.tool.get_by_role("textbox", name="Scale", exact=True)).to_have_value("9")


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
    expect(studio.says).to_have_text(re.compile(r"^Done: residual [\d.]+, where black and white are 2 apart"), timeout=30_000)
    assert studio.tool.get_by_role("img", name="What is looked for").evaluate("canvas => canvas.width") > 28
    studio.tool.get_by_role("button", name="Pin the result").click()
    pressed(studio.group("The best so far").get_by_role("button"))
    expect(studio.pins).to_have_accessible_name("pin 1: found for mine.png")


def test_directions_move_and_are_named(arrive):
    visitor = arrive().open()
    model = visitor.call("publish", {"run": visitor.made(3, **{k: SMALL[k] for k in ("variant", "data", "knobs")}), "public": False})["model"]["id"]
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
    expect(studio.says).to_have_text(re.compile("^Done: residual"), timeout=30_000)
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


@pytest.mark.parametrize("theme", ["light", "dark"])
@SIZES
def test_axe_finds_nothing_in_any_tool(arrive, runs, size, theme):
    studio = Studio(arrive(color_scheme=theme, reduced_motion="reduce", **size), f"latents={runs['pictures']}")
    studio.pin(0, 1)
    for tab in studio.it.get_by_role("tab").all():
        tab.click()
    studio.go("Walk")
    studio.tool.get_by_role("button", name="Make it").click()
    expect(studio.tool.get_by_role("link", name=re.compile("^Download"))).to_be_visible(timeout=30_000)
    studio.tool.get_by_text("Show it move").click()
    studio.go("Find a latent")
    studio.write("Steps of each", "10")
    studio.tool.get_by_role("button", name="Search").click()
    expect(studio.says).to_have_text(re.compile("^Done"), timeout=30_000)
    studio.page.evaluate("document.querySelectorAll('.studio [role=tabpanel]').forEach((panel) => { panel.hidden = false; })")
    found = Axe().run(studio.page).response
    assert {rule["id"] for rule in found["passes"]} >= {"button-name", "color-contrast", "label", "select-name", "image-alt"}
    assert [(rule["impact"], rule["id"], [node["html"][:200] for node in rule["nodes"]]) for rule in found["violations"]] == []
