"""Points of one's own: by mouse, finger and keys, or from a table; trained on, and shown as the real ones."""

import base64
import math
import re
import struct

import pytest
from playwright.sync_api import expect
from sizes import PHONE

PARSE = """async (text) => {
    const {parse, Unreadable} = await import("/play/static/setup/data/csv.js");
    try {
        return parse(text);
    } catch (error) {
        return {refused: error instanceof Unreadable, why: error.message};
    }
}"""
PACKED = """async (points) => {
  const {pack, unpack} = await import('/play/static/core/points_codec.js');
  return [pack(points), unpack(pack(points))];
}"""


def begin(visitor):
    """The dialog, empty."""
    visitor.button("Draw your own").click()
    dialog = visitor.page.get_by_role("dialog", name="Draw your own points")
    expect(dialog).to_be_visible()
    expect(count(visitor)).to_have_text("0 points")
    return dialog


def count(visitor):
    return visitor.page.get_by_test_id("drawn-count")


def points(visitor) -> int:
    return int(re.match(r"[\d,]+", count(visitor).inner_text())[0].replace(",", ""))


def place(visitor, x: float, y: float) -> tuple[float, float]:
    """Where a point of the plane is on the screen."""
    box = visitor.page.get_by_test_id("drawing").bounding_box()
    return box["x"] + (x / 3 + 1) / 2 * box["width"], box["y"] + (1 - y / 3) / 2 * box["height"]


def stroke(visitor, *ways: tuple[float, float]) -> None:
    mouse = visitor.page.mouse
    mouse.move(*place(visitor, *ways[0]))
    mouse.down()
    for way in ways[1:]:
        mouse.move(*place(visitor, *way), steps=20)
    mouse.up()


def used(app, id: str) -> list[tuple[float, float]]:
    """The points of a run's options."""
    raw = base64.b64decode(app.record(id)["spec"]["options"]["points"])
    values = [v / 4096 for v in struct.unpack(f"<{len(raw) // 2}h", raw)]
    return list(zip(values[::2], values[1::2], strict=True))


def test_a_drawing_is_trained_on_and_is_what_is_shown_as_real(visitor, app):
    dialog = begin(visitor)
    expect(dialog.get_by_role("button", name="Use these points")).to_be_disabled()
    stroke(visitor, (-2, 1), (2, 1))
    line = points(visitor)
    assert line >= 20
    stroke(visitor, (-1, -1.5), (1, -1.5))
    both = points(visitor)
    assert both > line
    dialog.get_by_role("button", name="Undo").click()
    assert points(visitor) == line
    dialog.get_by_role("button", name="Clear").click()
    expect(count(visitor)).to_have_text("0 points")
    dialog.get_by_role("button", name="Undo").click()
    assert points(visitor) == line
    dialog.get_by_role("radio", name="Erase").check(force=True)
    stroke(visitor, (-2, 1), (-1, 1))
    assert 0 < points(visitor) < line
    left = points(visitor)
    brush = dialog.get_by_role("slider", name="Brush")
    brush.fill("0.02")
    dialog.get_by_role("button", name="Use these points").click()
    expect(dialog).to_be_hidden()
    expect(visitor.button("Your own points")).to_have_attribute("aria-pressed", "true")
    expect(visitor.button("Your own points").locator("circle").first).to_be_attached()
    expect(visitor.knob("spread of the data")).to_have_value("0.02")
    id = visitor.train(20_000)
    kept = used(app, id)
    assert len(kept) == left
    assert all(abs(y - 1) < 0.03 and x > -0.9 for x, y in kept)
    assert app.record(id)["spec"]["options"]["spread"] == 0.02
    real = visitor.context.request.get(f"{visitor.url}/play/runs/{id}/real").body()
    drawn = [v / 4096 for v in struct.unpack(f"<{len(real) // 2}h", real)]
    assert all(abs(y - 1) < 0.15 for y in drawn[1::2])
    assert min(drawn[::2]) > -1.2

    visitor.page.reload()                                               # the run has them, and so has the browser
    expect(visitor.shown).to_have_text(re.compile(r"step \d"))
    expect(visitor.button("Your own points")).to_have_attribute("aria-pressed", "true")
    visitor.button("Draw or paste points").click()
    assert points(visitor) == left


def test_keys_draw_erase_and_undo(visitor):
    begin(visitor)
    canvas, keys = visitor.page.get_by_test_id("drawing"), visitor.page.keyboard
    expect(canvas).to_be_focused()
    said = visitor.page.get_by_test_id("table-said")
    keys.press("ArrowRight")
    keys.press("Shift+ArrowUp")
    expect(said).to_have_text("The cross is at 0.1, 0.5.")
    keys.press("Enter")
    for _ in range(40):
        keys.press("Shift+ArrowLeft")
    expect(said).to_have_text("The cross is at -3, 0.5.")               # the edge
    keys.press("Enter")
    keys.press("ArrowDown")
    keys.press(" ")
    expect(count(visitor)).to_have_text("3 points")
    expect(visitor.button("Use these points")).to_be_enabled()
    keys.press("Backspace")
    expect(count(visitor)).to_have_text("2 points")
    expect(visitor.button("Use these points")).to_be_disabled()
    visitor.page.get_by_role("radio", name="Erase").check(force=True)
    canvas.focus()
    keys.press("Enter")
    expect(count(visitor)).to_have_text("1 point")
    keys.press("Control+z")
    expect(count(visitor)).to_have_text("2 points")
    keys.press("Escape")
    expect(visitor.page.get_by_role("dialog", name="Draw your own points")).to_be_hidden()
    expect(visitor.button("Your own points")).to_have_attribute("aria-pressed", "true")     # with what it had


def test_a_finger_draws_and_the_page_stays_where_it_is(arrive):
    visitor = arrive(**PHONE).open()
    visitor.button("Draw your own").tap()
    hand = visitor.context.new_cdp_session(visitor.page)
    for kind, x in (("touchStart", -1.0), *(("touchMove", -1 + i / 10) for i in range(1, 21)), ("touchEnd", None)):
        at = [] if x is None else [dict(zip("xy", place(visitor, x, 0.5 * math.sin(3 * x)), strict=True))]
        hand.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": at})
    assert points(visitor) >= 12
    visitor.button("Use these points").tap()
    expect(visitor.button("Your own points")).to_have_attribute("aria-pressed", "true")
    assert visitor.page.evaluate("document.documentElement.scrollWidth") == 390


def test_a_table_is_pasted_and_what_is_wrong_with_one_is_said_by_its_line(visitor, app):
    dialog = begin(visitor)
    dialog.get_by_text("Paste a table", exact=True).click()
    field, read = dialog.get_by_label("An x and a y in each line"), dialog.get_by_role("button", name="Read it")
    field.fill("x,y\n1,2\n1,oops\n")
    read.click()
    expect(dialog.get_by_role("alert")).to_have_text("Line 3: “oops” is not a number.")
    expect(count(visitor)).to_have_text("0 points")
    field.fill("width;height\n" + "\n".join(f"{100 + i},5;{i * 2}" for i in range(50)))
    read.click()
    expect(dialog.get_by_role("alert")).to_be_hidden()
    expect(visitor.page.get_by_test_id("table-said")).to_have_text(
        "50 points. The header was skipped. Scaled into the view: x was 101 to 150, y was 0 to 98.")
    dialog.get_by_role("button", name="Use these points").click()
    kept = used(app, visitor.train(20_000))
    assert len(kept) == 50
    assert kept[0] == pytest.approx((-1.25, -2.5), abs=1e-3)
    assert kept[-1] == pytest.approx((1.25, 2.5), abs=1e-3)


@pytest.mark.parametrize(("text", "points", "said"), [
    ("1,2\n-1.5,0\n0,1e-1", [[1, 2], [-1.5, 0], [0, 0.1]], ""),
    ("1;2\r\n-1,5;0\r\n0;0,1\r\n", [[1, 2], [-1.5, 0], [0, 0.1]], ""),
    ("a\tb\n1\t2\n\n# a remark\n−1.5\t0\n0\t0.1", [[1, 2], [-1.5, 0], [0, 0.1]], "header"),
    ("  1   2 \n-1.5 0\n0 0.1", [[1, 2], [-1.5, 0], [0, 0.1]], ""),
    ("id,\"y\",'x'\n7,2,1\n8,0,-1.5\n9,0.1,0", [[1, 2], [-1.5, 0], [0, 0.1]], "Columns x and y of 3"),
    ("1,2,9\n-1.5,0,9\n0,0.1,9", [[1, 2], [-1.5, 0], [0, 0.1]], "The first two of 3 columns"),
    ("0,0\n10,0\n0,5", [[-2.5, -1.25], [2.5, -1.25], [-2.5, 1.25]], "Scaled into the view: x was 0 to 10, y was 0 to 5"),
    ("0,0\n0.1,0\n0,0.1", [[-2.5, -2.5], [2.5, -2.5], [-2.5, 2.5]], "Scaled"),
])
def test_tables_that_are_read(scripts, text, points, said):
    found = scripts.evaluate(PARSE, text)
    assert found.get("points") == [pytest.approx(p) for p in points], found
    assert said in " ".join(found["notes"])
    assert (said or not found["notes"])


@pytest.mark.parametrize(("text", "why"), [
    ("", "nothing to read"), (" \n# x,y\n", "nothing to read"), ("x,y", "Line 1 is all there is"),
    ("1,2\n3\n4,5", "Line 2 has one value"), ("1,2\n3,\n4,5", "Line 2: “” is not a number"), ("x,y\n1,2\n\n1,NaN", "Line 4: “NaN” is not a number"),
    ("1,2\n1,Infinity\n3,4", "Line 2: “Infinity”"), ("1,2\n1,1e999\n3,4", "Line 2: “1e999”"), ("1,2\n1,2\n1,2", "At least 3 different points"),
    ("1,2", "At least 3 different points"),
    ("1,2\n<img src=x onerror=alert(1)>,3\n4,5", "Line 2: “<img src=x onerror=a” is not a number"),
])
def test_tables_that_cannot_be_read(scripts, text, why):
    found = scripts.evaluate(PARSE, text)
    assert found.get("refused") is True, found
    assert why in found["why"]


def test_many_points_are_thinned_and_all_survive_the_packing(scripts):
    found = scripts.evaluate(PARSE, "\n".join(f"{math.cos(i):.6f} {math.sin(i):.6f}" for i in range(5234)))
    assert len(found["points"]) == 2000
    assert "2,000 of 5,234 lines are kept, evenly." in found["notes"]
    text, back = scripts.evaluate(PACKED, found["points"])
    assert len(text) < 12_000
    assert all(p == pytest.approx(q, abs=1 / 4096) for p, q in zip(back, found["points"], strict=True))
    assert scripts.evaluate(PACKED, [[3, -3], [99, -99]])[1] == [[3, -3], [3, -3]]
