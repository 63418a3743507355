"""Steering a run: knobs, pause, step, stop, the keyboard."""

import re
import time

import pytest
from playwright.sync_api import expect

INTERVAL = 0.12         # seconds between two tunes, at least: actions.js
TARGET = """async () => {
    const {RunHistory} = await import("/play/static/core/run_history.js"), history = new RunHistory();
    history.append({marks: [{step: 10, knob: "gamma", from: 4, to: 1.5}, {step: 20, knob: "gamma", from: 1.5, to: 2}]});
    return history.knobValues("gamma", 2);            // 2 is the value now, as the page has it after its tunes
}"""


def test_turning_gamma_marks_the_timeline_and_the_journal(visitor, app):
    was = visitor.knob("gamma").input_value()
    id = visitor.train(button="Train it live")
    visitor.moves()
    visitor.write(visitor.knob("gamma"), "1.5")
    mark = visitor.page.get_by_test_id("tune-mark")
    expect(mark).to_have_count(1)
    expect(mark).to_contain_text(f"γ {was} → 1.5")
    note = visitor.under("gamma").get_by_text(re.compile(rf"was {was} until step \d"))
    expect(note).to_be_visible()
    expect(visitor.readings.get_by_role("definition").first).to_contain_text("γ 1.5")
    step = int(note.inner_text().split()[-1].replace(",", ""))

    slider = visitor.settings.get_by_role("slider", name="Diversity ratio, slider")
    box = slider.bounding_box()
    mouse, middle = visitor.page.mouse, box["y"] + box["height"] / 2
    mouse.move(box["x"] + box["width"] * 1.5 / 4, middle)
    mouse.down()
    mouse.move(box["x"] + box["width"] * 0.6, middle, steps=5)
    mouse.up()
    expect(mark).to_have_count(2)
    expect(visitor.under("gamma")).to_contain_text("was 1.5 until step")
    dragged = float(visitor.knob("gamma").input_value())
    assert 2 < dragged < 3

    tunes = [e for e in app.journal(id) if "tune" in e]
    assert tunes[0] == {"tune": {"gamma": [float(was), 1.5]}, "step": step}
    assert tunes[1]["tune"] == {"gamma": [1.5, dragged]}
    assert visitor.page.evaluate(TARGET) == [[0, 4], [10, 1.5], [20, 2]]        # before a mark, the chart's line stands at the old value


def test_a_key_that_is_held_down_tunes_a_few_times_a_second_and_ends_where_it_was_let_go(visitor, app):
    id = visitor.train(button="Train it live")
    visitor.moves()
    slider = visitor.settings.get_by_role("slider", name="Diversity ratio, slider")
    was = float(visitor.knob("gamma").input_value())
    slider.focus()
    began = time.monotonic()
    for _ in range(60):
        visitor.page.keyboard.press("ArrowLeft")
    last = float(visitor.knob("gamma").input_value())
    assert last == pytest.approx(was * 0.94, rel=0.01)
    expect(visitor.under("gamma")).to_contain_text("until step")
    expect(visitor.page.get_by_role("alert").filter(has_text="too many")).to_have_count(0)
    for _ in range(10):                                                 # what was last said takes its time
        if (found := [e["tune"]["gamma"][1] for e in app.journal(id) if "tune" in e]) and found[-1] == last:
            break
        visitor.page.wait_for_timeout(1000)
    assert float(visitor.knob("gamma").input_value()) == last
    tunes = [e["tune"]["gamma"] for e in app.journal(id) if "tune" in e]
    assert (tunes[0][0], tunes[-1][1]) == (was, last)
    assert len(tunes) <= 2 + (time.monotonic() - began) / INTERVAL
    print(f"60 presses: {len(tunes)} tunes")


def test_pause_one_step_go_on_stop_and_resume(visitor):
    visitor.train(button="Train it live")
    expect(visitor.strip).to_be_hidden()
    visitor.moves()
    visitor.pause()
    visitor.stands_still()
    expect(visitor.shown).to_have_text(f"step {visitor.step:,}")        # the picture is that of the very step
    for _ in range(2):
        before = visitor.step
        visitor.button("One step").click()
        expect(visitor.at).to_have_text(f"{before + 1:,}")
        expect(visitor.shown).to_have_text(f"step {before + 1:,}")
    visitor.stands_still(600)
    visitor.button("Go on").click()
    visitor.moves()
    visitor.stop()
    visitor.stands_still(600)
    for name in ("Stop", "Pause", "Go on"):
        assert visitor.button(name).count() == 0 or visitor.button(name).is_disabled()
    between_two_latents(visitor)
    before = visitor.step
    visitor.button("Resume").click()
    expect(visitor.rate).to_contain_text("steps/s")
    visitor.moves()
    assert visitor.step > before
    expect(visitor.strip).to_be_hidden()


def between_two_latents(visitor):
    expect(visitor.strip).to_be_visible()
    expect(visitor.strip.get_by_role("img")).to_have_count(1)
    said, way = visitor.strip.get_by_role("status"), visitor.strip.get_by_label("path")
    for mode in ("slerp", "lerp", "slerp"):
        way.select_option(mode)
        expect(said).to_have_text(re.compile(rf"^{mode}; \|z\|"))
    shape = visitor.strip.get_by_role("img").inner_html()
    visitor.write(visitor.strip.get_by_label("Seed of the first latent"), "31")
    expect(visitor.strip.get_by_role("img")).not_to_have_js_property("innerHTML", shape)
    visitor.write(visitor.strip.get_by_label("Seed of the last latent"), "no")
    expect(said).to_contain_text("whole number")


def test_keys(visitor):
    visitor.train(button="Train it live")
    keys = visitor.page.keyboard
    for _ in range(3):                                                  # some frames to go back to
        expect(visitor.shown).not_to_have_text(visitor.shown.inner_text())
    visitor.page.get_by_role("heading", name="GAN Playground").click()      # no field has the focus
    keys.press("Space")
    expect(visitor.rate).to_have_text("paused")
    before = visitor.step
    keys.press(".")
    expect(visitor.at).to_have_text(f"{before + 1:,}")

    newest, live = f"step {before + 1:,}", visitor.bar.get_by_role("button", name="Newest")
    expect(visitor.shown).to_have_text(newest)
    expect(live).to_have_attribute("aria-pressed", "true")
    keys.press("[")
    expect(visitor.shown).not_to_have_text(newest)
    expect(live).to_have_attribute("aria-pressed", "false")
    keys.press("]")
    expect(visitor.shown).to_have_text(newest)
    keys.press("]")
    expect(live).to_have_attribute("aria-pressed", "true")
    keys.press("Space")
    expect(visitor.rate).to_contain_text("steps/s")
    visitor.seed.focus()                                                # in a field they are what they are
    visitor.seed.press("Space")
    visitor.seed.press(".")
    visitor.moves()


def test_keys_work_after_a_click_on_what_is_no_text(visitor):
    visitor.train(button="Train it live")
    visitor.moves()
    visitor.pause()                                                     # its button has the focus now
    before = visitor.step
    visitor.page.keyboard.press(".")
    expect(visitor.at).to_have_text(f"{before + 1:,}")
    visitor.settings.get_by_role("slider", name="Diversity ratio, slider").click()
    visitor.page.keyboard.press(".")
    expect(visitor.at).to_have_text(f"{before + 2:,}")
