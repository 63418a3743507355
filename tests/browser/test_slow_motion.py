"""One step in slow motion: stage after stage, numbers under a formula's terms, nothing kept."""

import re
from itertools import pairwise

import pytest
from playwright.sync_api import expect
from sound import sound_all_ways

NUMBERS = """(dialog) => {
    const told = ([term, number]) => [term.textContent, Number(number.textContent.replace("−", "-"))];
    return Object.fromEntries([...dialog.querySelectorAll(".formula munder")].map(({children}) => told(children)));
}"""
SPELT = """async ([line, numbers]) => {
    const {drawFormula: formula} = await import("/play/static/controls/formula.js"), box = document.createElement("div");
    const found = formula(box, [line], ["γ"], numbers);
    const texts = (parts) => [...parts].map((part) => part.textContent);
    return [found, [...box.querySelectorAll("munder")].map((under) => texts(under.children)), texts(box.querySelectorAll(".h"))];
}"""
LINE = """<math xmlns="http://www.w3.org/1998/Math/MathML"><mrow><msub><mi>k</mi><mrow><mi>t</mi><mo>+</mo><mn>1</mn></mrow></msub><mo>=</mo><msub><mi>k</mi><mi>t</mi></msub>
<mo>+</mo><mrow><mo>(</mo><mi>γ</mi><mspace/><mi>U</mi><mo>(</mo><mi>x</mi><mo>)</mo><mo>−</mo><mi>U</mi><mo>(</mo><mi>G</mi><mo>)</mo><mo>)</mo></mrow></mrow></math>"""

TONES = """(canvas) => {
    const {data} = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
    return new Set(data.filter((_, i) => i % 4 === 0)).size;
}"""
REFUSED = """async () => {
    const {StepPlayer} = await import("/play/static/inspector/step_player.js");
    const refused = Object.assign(new Error("this run has no checkpoint yet"), {field: "run"});
    const slow = new StepPlayer({slow: () => Promise.reject(refused)});
    document.querySelector(".play").append(slow.element);
    await slow.open("a run", {knobs: {points: []}, scalars: {}}, "points");
}"""


@pytest.fixture
def slow(guest, made):
    """The dialog, over a run of BEGAN that has ended and whose k is at work."""
    guest.id = made(variant="began", steps=40, knobs={"width_g": 8, "width_d": 8, "batch": 16, "k0": 0.3, "gamma": 4.0})
    guest.open(f"/?run={guest.id}")
    guest.button("Slow motion").click()
    dialog = guest.page.get_by_role("dialog", name="One step, slowly")
    expect(dialog.get_by_test_id("slow-step")).to_have_text("step 41")
    return dialog


def stage(dialog):
    return dialog.get_by_test_id("stage").get_by_role("heading")


def test_numbers_stand_under_the_terms_that_they_belong_to(scripts):
    numbers = [["k_{t+1}", "0.2"], ["k_t", "0.1"], ["U(x)", "3"], ["U(G)", "4"], ["γ", "2"], ["U(y)", "9"]]
    found, under, plum = scripts.evaluate(SPELT, [LINE, numbers])
    assert under == [["kt+1", "0.2"], ["kt", "0.1"], ["γ", "2"], ["U(x)", "3"], ["U(G)", "4"]]
    assert sorted(found) == sorted(["k_{t+1}", "k_t", "U(x)", "U(G)", "γ"])         # what is not in the line is not found
    assert plum == ["γ"]
    _, under, _ = scripts.evaluate(SPELT, [LINE, [["U(x)", "3"], ["γ U(x) - U(G)", "-1"]]])
    assert [text for text, number in under if number == "-1"] == ["γU(x)3−U(G)"]     # one within the other


def test_a_step_goes_from_stage_to_stage(guest, slow):
    titles = [button.inner_text() for button in slow.get_by_role("list").get_by_role("button").all()]
    assert titles == ["Draw", "G makes fakes", "D scores", "D's loss", "G's loss", "D moves", "D scores again", "G moves", "The controller"]
    expect(stage(slow)).to_have_text("Draw")
    expect(slow.get_by_role("button", name="Back")).to_be_disabled()
    expect(slow.get_by_role("button", name="Next")).to_be_focused()
    expect(slow.get_by_role("img")).to_have_attribute("aria-label", "16 real.")
    guest.page.keyboard.press("ArrowRight")
    expect(slow.get_by_role("img")).to_have_attribute("aria-label", "16 real, 16 fakes of the z beneath.")
    guest.page.keyboard.press("ArrowRight")
    guest.page.keyboard.press("ArrowRight")
    expect(stage(slow)).to_have_text("D's loss")
    sound_all_ways(guest.page, "list")
    told = slow.evaluate(NUMBERS)
    assert told["LD"] == pytest.approx(told["U(x)"] - told["kt"] * told["U(G(z))"], rel=0.01)         # it adds up, as far as the digits go
    assert told["kt"] > 0
    guest.page.keyboard.press("End")
    expect(stage(slow)).to_have_text("The controller")
    expect(slow.get_by_role("button", name="Next")).to_be_disabled()
    after = slow.evaluate(NUMBERS)
    assert after["kt"] == told["kt"] != after["kt+1"]
    slow.get_by_role("button", name="Back").click()
    expect(stage(slow)).to_have_text("G moves")
    expect(slow.get_by_role("img")).to_have_attribute("aria-label", re.compile("^Arrows: where G now puts the same z"))
    moved = slow.locator(".moved").filter(has_text="U(G(z))")
    assert float(moved.locator("b").inner_text()) != float(re.match(r"[\d.e−]+", moved.locator(".was").inner_text())[0])
    guest.page.keyboard.press("Escape")
    expect(slow).to_be_hidden()
    guest.page.get_by_role("slider", name="Timeline").fill("0")
    guest.button("Slow motion").click()                                   # in the past, a step of the past
    expect(slow.get_by_test_id("slow-step")).to_have_text("step 1, the nearest to 0 that can be played")


def test_pictures_stand_beside_the_stages_of_images(guest):
    guest.open(f"/?run={guest.made(20, data='digits', size=16)}")
    guest.button("Slow motion").click()
    dialog = guest.page.get_by_role("dialog", name="One step, slowly")
    expect(dialog.get_by_role("img", name="some of the batch")).to_be_visible()
    expect(dialog.get_by_role("img")).to_have_count(1)                      # G has made nothing yet
    dialog.get_by_role("button", name="Next").click()
    fakes = dialog.get_by_role("img", name="what G makes of the same z")
    guest.page.wait_for_function(f"(canvas) => ({TONES})(canvas) > 20", arg=fakes.element_handle())
    dialog.get_by_role("button", name="G moves").click()
    expect(dialog.get_by_role("img", name="some of the batch")).to_be_hidden()
    sound_all_ways(guest.page, "role-img-alt")
    expect(dialog).to_contain_text(re.compile(r"full ink is [\d.e−]+% of black to white"))
    warm = dialog.get_by_role("img", name="how far each pixel went").evaluate("""(canvas) => {
        const {data} = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
        return [...data.keys()].filter((i) => i % 4 === 0 && data[i + 3] > 200).every((i) => data[i] > data[i + 2]);
    }""")
    assert warm


def test_nothing_of_it_is_kept(guest, slow, app):
    kept = {path.name: path.stat().st_mtime_ns for path in (app.folder / "runs" / guest.id).rglob("*")}
    slow.get_by_role("button", name="G moves").click()
    expect(stage(slow)).to_have_text("G moves")
    slow.get_by_role("button", name="Close").click()
    assert guest.step == 40
    assert {path.name: path.stat().st_mtime_ns for path in (app.folder / "runs" / guest.id).rglob("*")} == kept


def test_it_plays_by_itself_until_the_end(guest, slow):
    slow.get_by_role("button", name="G moves").click()
    slow.get_by_role("button", name="Play").click()
    expect(slow.get_by_role("button", name="Pause")).to_be_visible()
    expect(stage(slow)).to_have_text("The controller")
    expect(slow.get_by_role("button", name="Play")).to_be_visible()
    slow.get_by_role("button", name="Play").click()                         # from the beginning again
    expect(stage(slow)).to_have_text("Draw")


def test_what_is_refused_is_said_where_the_stages_would_be(visitor):
    visitor.page.evaluate(REFUSED)
    dialog = visitor.page.get_by_role("dialog", name="One step, slowly")
    expect(dialog.get_by_role("status")).to_have_text("this run has no checkpoint yet")
    expect(dialog.get_by_role("button", name="Next")).to_be_hidden()


def test_on_a_phone_it_is_one_press_away_whether_a_run_trains_rests_or_is_over(arrive):
    visitor = arrive(viewport={"width": 390, "height": 844}, has_touch=True).open()
    button, bar = visitor.bar.get_by_test_id("slow"), visitor.bar.bounding_box()
    visitor.train(button="Train it live")
    visitor.moves()

    def fits() -> None:
        """It can be pressed with a finger, and so can all else in the bar: nothing beyond it, nothing on anything else."""
        seen = [part.bounding_box() for part in visitor.bar.locator(":is(button, select, summary):not(.flag)").all() if part.is_visible()]
        assert button.bounding_box() in seen
        assert min(min(box["width"], box["height"]) for box in seen) >= 44
        assert max(box["x"] + box["width"] for box in seen) <= bar["width"]
        lower = sorted((box for box in seen if box["y"] > bar["y"] + 54), key=lambda box: box["x"])
        assert all(one["x"] + one["width"] <= other["x"] for one, other in pairwise(lower))

    fits()
    visitor.pause()
    expect(visitor.bar.get_by_test_id("one-step")).to_be_visible()
    fits()
    visitor.page.get_by_role("slider", name="Timeline").fill("0")
    fits()
    visitor.button("Newest").click()
    visitor.stop()
    fits()
    button.click()
    expect(visitor.page.get_by_role("dialog", name="One step, slowly").get_by_test_id("slow-step")).to_contain_text("step ")
