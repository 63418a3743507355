"""The timeline: looking back, playing back, keys, marks of what went wrong, and the way out of it."""

import re

import pytest
from playwright.sync_api import expect
from sizes import SIZES
from sound import sound, sound_all_ways

WILD = {"variant": "began", "data": "moons", "preset": "quick", "knobs": {"lr_g": 0.1, "lr_d": 0.1}}
TOLD = ("([run, name]) => fetch('/play/poll', {method: 'POST', body: JSON.stringify({run})})"
        ".then((answer) => answer.json()).then((news) => news[name])")


STEPS, made = 1500, {}


@pytest.fixture
def ended(visitor) -> str:
    """A run of the visitor's that is over: one for all tests here."""
    if "id" not in made:
        made["id"] = visitor.made(STEPS)
    return made["id"]


def number(locator) -> int:
    return int(re.search(r"[\d,]+", locator.inner_text())[0].replace(",", ""))


def come(visitor, id):
    visitor.open(f"/?run={id}")
    expect(visitor.rate).to_have_text("finished")
    frames = visitor.page.evaluate(TOLD, [id, "frames"])
    assert len(frames) > 6
    expect(visitor.shown).to_have_text(f"step {frames[-1]:,}")
    return frames


def held(visitor):
    """Whether an old picture is shown."""
    return expect(visitor.page.get_by_test_id("live")).to_have_attribute


def at(visitor, part):
    """Press on the timeline."""
    box = visitor.page.get_by_role("slider", name="Timeline").bounding_box()
    thumb = 7
    visitor.page.mouse.click(box["x"] + thumb + part * (box["width"] - 2 * thumb), box["y"] + box["height"] / 2)


def test_the_slider_moves_picture_readings_and_charts_alike(visitor, ended):
    frames = come(visitor, ended)
    newest = visitor.readings.get_by_role("definition").all_inner_texts()
    chart = visitor.readings.get_by_role("group", name="Chart: prob/real, prob/fake").locator("figcaption b").first
    told = chart.inner_text()
    at(visitor, 0.3)
    held(visitor)("aria-pressed", "false")
    step = visitor.step
    assert abs(step - 0.3 * STEPS) < 0.03 * STEPS
    expect(visitor.shown).to_have_text(f"step {max(f for f in frames if f <= step):,}")        # the newest stored one at or before it
    expect(visitor.readings.get_by_role("definition").first).not_to_have_text(newest[0])
    expect(chart).not_to_have_text(told)
    visitor.page.get_by_test_id("live").click()
    held(visitor)("aria-pressed", "true")
    expect(visitor.shown).to_have_text(f"step {frames[-1]:,}")
    expect(visitor.readings.get_by_role("definition").first).to_have_text(newest[0])
    expect(chart).to_have_text(told)


def test_keys_on_the_slider_go_by_frames(visitor, ended):
    frames = come(visitor, ended)
    slider, keys = visitor.page.get_by_role("slider", name="Timeline"), visitor.page.keyboard
    slider.focus()
    for key, step in (("ArrowLeft", frames[-2]), ("ArrowDown", frames[-3]), ("ArrowRight", frames[-2]), ("Home", frames[0]),
                      ("ArrowUp", frames[1]),
                      ("ArrowLeft", frames[0]), ("ArrowLeft", frames[0]), ("PageUp", frames[min(10, len(frames) - 1)]), ("End", frames[-1])):
        keys.press(key)
        expect(visitor.shown).to_have_text(f"step {step:,}")
    held(visitor)("aria-pressed", "true")
    expect(slider).to_have_attribute("aria-valuetext", re.compile(f"of {STEPS:,}"))


def test_a_run_that_has_ended_is_played_back_at_a_speed_of_ones_own(visitor, ended):
    frames = come(visitor, ended)
    visitor.page.get_by_test_id("speed").select_option("0.5")
    visitor.button("Play it back").click()
    expect(visitor.button("Pause playing back")).to_be_visible()
    seen = [number(visitor.shown)]
    while len(seen) < 4:
        expect(visitor.shown).not_to_have_text(f"step {seen[-1]:,}")
        seen.append(number(visitor.shown))
    assert seen == sorted(seen)
    assert set(seen) <= set(frames)
    assert seen[0] < frames[-1] / 2
    visitor.page.get_by_role("heading", name="GAN Playground").click()
    visitor.page.keyboard.press("Space")
    expect(visitor.button("Play it back")).to_be_visible()
    still = visitor.shown.inner_text()
    visitor.page.wait_for_timeout(700)
    assert visitor.shown.inner_text() == still
    visitor.page.get_by_test_id("speed").select_option("4")
    visitor.page.get_by_role("heading", name="GAN Playground").click()
    visitor.page.keyboard.press("Space")                                # from where it stood, to the end
    expect(visitor.shown).to_have_text(f"step {frames[-1]:,}")
    held(visitor)("aria-pressed", "true")
    visitor.button("Play it back").click()                              # again, from the beginning
    held(visitor)("aria-pressed", "false")
    visitor.page.get_by_test_id("live").click()
    held(visitor)("aria-pressed", "true")
    expect(visitor.button("Play it back")).to_be_visible()


def test_training_goes_on_while_the_past_is_played_back(visitor):
    visitor.train()
    for _ in range(4):
        expect(visitor.shown).not_to_have_text(visitor.shown.inner_text())
    slider = visitor.page.get_by_role("slider", name="Timeline")
    slider.focus()
    visitor.page.keyboard.press("Home")
    held(visitor)("aria-pressed", "false")
    expect(visitor.button("Pause")).to_have_count(0)
    visitor.page.keyboard.press("Space")
    expect(visitor.button("Pause playing back")).to_be_visible()
    expect(visitor.rate).to_contain_text("steps/s")                     # Space did not stop it
    visitor.page.keyboard.press("Space")
    expect(visitor.button("Play it back")).to_be_visible()
    visitor.page.get_by_test_id("live").click()
    expect(visitor.button("Pause")).to_be_visible()
    visitor.page.get_by_role("heading", name="GAN Playground").click()
    visitor.page.keyboard.press("Space")                                # now it is about training
    expect(visitor.rate).to_have_text("paused")


def test_somebody_elses_run_is_played_back_but_not_steered(visitor, ended, arrive):
    other = arrive()
    come(other, ended)
    expect(other.button("Stop")).to_be_disabled()
    expect(other.page.get_by_test_id("fork")).to_be_disabled()
    other.button("Play it back").click()
    expect(other.button("Pause playing back")).to_be_visible()


def test_what_blew_up_says_who_and_where_and_is_rescued(visitor, app):
    id = visitor.call("start", {"spec": WILD | {"steps": 5000, "seed": 1}})["run"]
    visitor.page.goto(visitor.url + f"/?run={id}")
    expect(visitor.rate).to_have_text("diverged", timeout=60_000)
    alarm = visitor.page.evaluate(TOLD, [id, "alarms"])[-1]
    assert alarm["kind"] in ("exploded", "diverged")
    assert alarm["player"] in ("G", "D")
    assert alarm["term"]
    assert alarm["before"] is not None
    expect(visitor.banner).to_contain_text(f"at step {alarm['step']:,}")
    expect(visitor.banner).to_contain_text(alarm["says"])
    expect(visitor.banner).to_contain_text(f"The checkpoint of step {alarm['before']:,} is kept.")

    flag = visitor.page.get_by_test_id("alarm-mark").last
    expect(flag).to_have_attribute("aria-label", re.compile(f"at step {alarm['step']:,}"))
    flag.click()
    sheet = visitor.page.get_by_role("group", name="Alarm")
    expect(sheet).to_contain_text(alarm["says"])
    sound_all_ways(visitor.page)
    visitor.page.keyboard.press("Escape")
    expect(sheet).to_be_hidden()
    expect(flag).to_be_focused()
    flag.click()
    sheet.get_by_role("button", name="Fork just before").click()
    dialog = visitor.page.get_by_role("dialog", name="Fork")
    expect(dialog).to_contain_text("Unchanged, it would come to the same again")
    expect(visitor.page.get_by_test_id("fork-step")).to_have_text(f"{alarm['before']:,}")
    visitor.page.keyboard.press("Escape")
    expect(dialog).to_be_hidden()

    visitor.button(f"Fork from step {alarm['before']:,} with {alarm['rescue']['says']}").click()
    visitor.page.wait_for_url(re.compile(rf"\?run=(?!{id})[0-9a-f]{{32}}$"))
    expect(visitor.page.get_by_test_id("origin")).to_contain_text(f"Forked at step {alarm['before']:,}")
    for name, value in (("lr g", "3e-4"), ("lr d", "3e-3")):
        expect(visitor.knob(name)).to_have_value(value)
    record = app.record(visitor.run)
    assert (record["parent"], record["forked"]) == (id, alarm["before"])


@SIZES
def test_a_fall_is_marked_and_may_be_waved_away(arrive, size):
    """Collapses take long to come about: the server's word for one is put into its answers."""
    visitor = arrive(**size)
    visitor.open()
    id = visitor.made(STEPS)
    alarm = {"step": 200, "kind": "collapse", "player": "", "term": "", "says": "The samples differ 20% as much as the data.", "before": 0}

    def tell(route):
        asked, answer = route.request.post_data_json, route.fetch()
        route.fulfill(json=answer.json() | ({"alarms": [] if asked.get("alarms") else [alarm]} if asked["run"] == id else {}))

    visitor.page.route("**/play/poll", tell)
    come(visitor, id)
    expect(visitor.page.get_by_test_id("alarm-mark")).to_have_count(1)
    expect(visitor.banner).to_contain_text("Collapse at step 200. The samples differ 20% as much as the data.")
    visitor.page.get_by_test_id("alarm-mark").click()
    sound(visitor.page)
    visitor.button("Look at it").click()
    assert visitor.step == 200
    visitor.banner.get_by_role("button", name="Fork just before").click()
    expect(visitor.page.get_by_role("dialog", name="Fork")).to_contain_text(alarm["says"])
    visitor.page.keyboard.press("Escape")
    visitor.button("Dismiss").click()
    expect(visitor.button("Dismiss")).to_be_hidden()
    expect(visitor.banner).to_contain_text("Finished:")                  # what can be done with it is said again
    expect(visitor.page.get_by_test_id("alarm-mark")).to_have_count(1)
