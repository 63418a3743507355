"""The timeline: looking back, playing back, keys, marks of what went wrong, and the way out of it."""

import re

import pytest
from playwright.sync_api import expect
from sizes import SIZES
from sound import sound, sound_all_ways

WILD = {"variant": "began", "data": "moons", "preset": "quick", "knobs": {"lr_g": 0.1, "lr_d": 0.1}}
TOLD = ("([run, name]) => fetch('/play/poll', {method: 'POST', body: JSON.stringify({run})})"
        ".then((answer) => answer.json()).then((news) => news[name])")


STEPS = 1500


@pytest.fixture
def ended(made) -> str:
    """A run of the guest's that is over."""
    return made(STEPS)


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


def test_the_slider_moves_picture_readings_and_charts_alike(guest, ended):
    frames = come(guest, ended)
    newest = guest.readings.get_by_role("definition").all_inner_texts()
    chart = guest.readings.get_by_role("group", name="Chart: prob/real, prob/fake").locator("figcaption b").first
    told = chart.inner_text()
    at(guest, 0.3)
    held(guest)("aria-pressed", "false")
    step = guest.step
    assert abs(step - 0.3 * STEPS) < 0.03 * STEPS
    expect(guest.shown).to_have_text(f"step {max(f for f in frames if f <= step):,}")        # the newest stored one at or before it
    expect(guest.readings.get_by_role("definition").first).not_to_have_text(newest[0])
    expect(chart).not_to_have_text(told)
    guest.page.get_by_test_id("live").click()
    held(guest)("aria-pressed", "true")
    expect(guest.shown).to_have_text(f"step {frames[-1]:,}")
    expect(guest.readings.get_by_role("definition").first).to_have_text(newest[0])
    expect(chart).to_have_text(told)


def test_keys_on_the_slider_go_by_frames(guest, ended):
    frames = come(guest, ended)
    slider, keys = guest.page.get_by_role("slider", name="Timeline"), guest.page.keyboard
    slider.focus()
    for key, step in (("ArrowLeft", frames[-2]), ("ArrowDown", frames[-3]), ("ArrowRight", frames[-2]), ("Home", frames[0]),
                      ("ArrowUp", frames[1]),
                      ("ArrowLeft", frames[0]), ("ArrowLeft", frames[0]), ("PageUp", frames[min(10, len(frames) - 1)]), ("End", frames[-1])):
        keys.press(key)
        expect(guest.shown).to_have_text(f"step {step:,}")
    held(guest)("aria-pressed", "true")
    expect(slider).to_have_attribute("aria-valuetext", re.compile(f"of {STEPS:,}"))


def test_a_run_that_has_ended_is_played_back_at_a_speed_of_ones_own(guest, ended):
    frames = come(guest, ended)
    guest.page.get_by_test_id("speed").select_option("0.5")
    guest.button("Play it back").click()
    expect(guest.button("Pause playing back")).to_be_visible()
    seen = [number(guest.shown)]
    while len(seen) < 4:
        expect(guest.shown).not_to_have_text(f"step {seen[-1]:,}")
        seen.append(number(guest.shown))
    assert seen == sorted(seen)
    assert set(seen) <= set(frames)
    assert seen[0] < frames[-1] / 2
    guest.page.get_by_role("heading", name="GAN Playground").click()
    guest.page.keyboard.press("Space")
    expect(guest.button("Play it back")).to_be_visible()
    still = guest.shown.inner_text()
    guest.page.wait_for_timeout(700)
    assert guest.shown.inner_text() == still
    guest.page.get_by_test_id("speed").select_option("4")
    guest.page.get_by_role("heading", name="GAN Playground").click()
    guest.page.keyboard.press("Space")                                # from where it stood, to the end
    expect(guest.shown).to_have_text(f"step {frames[-1]:,}")
    held(guest)("aria-pressed", "true")
    guest.button("Play it back").click()                              # again, from the beginning
    held(guest)("aria-pressed", "false")
    guest.page.get_by_test_id("live").click()
    held(guest)("aria-pressed", "true")
    expect(guest.button("Play it back")).to_be_visible()


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


def test_somebody_elses_run_is_played_back_but_not_steered(guest, ended, arrive):
    other = arrive()
    come(other, ended)
    expect(other.button("Stop")).to_be_disabled()
    expect(other.page.get_by_test_id("fork")).to_be_disabled()
    other.button("Play it back").click()
    expect(other.button("Pause playing back")).to_be_visible()


def test_what_blew_up_says_who_and_where_and_is_rescued(guest, app):
    id = guest.call("start", {"spec": WILD | {"steps": 5000, "seed": 1}})["run"]
    guest.page.goto(guest.url + f"/?run={id}")
    expect(guest.rate).to_have_text("diverged")
    alarm = guest.page.evaluate(TOLD, [id, "alarms"])[-1]
    assert alarm["kind"] in ("exploded", "diverged")
    assert alarm["player"] in ("G", "D")
    assert alarm["term"]
    assert alarm["before"] is not None
    expect(guest.banner).to_contain_text(f"at step {alarm['step']:,}")
    expect(guest.banner).to_contain_text(alarm["says"])
    expect(guest.banner).to_contain_text(f"The checkpoint of step {alarm['before']:,} is kept.")

    flag = guest.page.get_by_test_id("alarm-mark").last
    expect(flag).to_have_attribute("aria-label", re.compile(f"at step {alarm['step']:,}"))
    flag.click()
    sheet = guest.page.get_by_role("group", name="Alarm")
    expect(sheet).to_contain_text(alarm["says"])
    sound_all_ways(guest.page)
    guest.page.keyboard.press("Escape")
    expect(sheet).to_be_hidden()
    expect(flag).to_be_focused()
    flag.click()
    sheet.get_by_role("button", name="Fork just before").click()
    dialog = guest.page.get_by_role("dialog", name="Fork")
    expect(dialog).to_contain_text("Unchanged, it would come to the same again")
    expect(guest.page.get_by_test_id("fork-step")).to_have_text(f"{alarm['before']:,}")
    guest.page.keyboard.press("Escape")
    expect(dialog).to_be_hidden()

    guest.button(f"Fork from step {alarm['before']:,} with {alarm['rescue']['says']}").click()
    guest.page.wait_for_url(re.compile(rf"\?run=(?!{id})[0-9a-f]{{32}}$"))
    expect(guest.page.get_by_test_id("origin")).to_contain_text(f"Forked at step {alarm['before']:,}")
    for name, value in (("lr g", "3e-4"), ("lr d", "3e-3")):
        expect(guest.knob(name)).to_have_value(value)
    record = app.record(guest.run)
    assert (record["parent"], record["forked"]) == (id, alarm["before"])


@SIZES
def test_a_fall_is_marked_and_may_be_waved_away(arrive, size):
    """Collapses take long to come about: the server's word for one is put into its answers."""
    visitor = arrive(**size)
    id = visitor.made(300)
    alarm = {"step": 200, "kind": "collapse", "player": "", "term": "", "says": "The samples differ 20% as much as the data.", "before": 0}

    def tell(route):
        asked, answer = route.request.post_data_json, route.fetch()
        route.fulfill(json=answer.json() | ({"alarms": [] if asked.get("alarms") else [alarm]} if asked["run"] == id else {}))

    visitor.page.route("**/play/poll", tell)
    visitor.open(f"/?run={id}")
    expect(visitor.rate).to_have_text("finished")
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
