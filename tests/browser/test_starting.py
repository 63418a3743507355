"""Starting beside a run that lives, training on, and what may not be gone on with: nothing ends unasked, and the picture says whose it is."""

import re

import pytest
from playwright.sync_api import expect
from sound import sound_all_ways

SIZES = pytest.mark.parametrize("size", [{}, {"viewport": {"width": 390, "height": 844}, "has_touch": True}], ids=["1440", "390"])


@SIZES
def test_a_new_run_queues_behind_one_that_trains_or_takes_its_place(arrive, app, size):
    visitor = arrive(**size).open()
    first = visitor.train(button="Train it live")
    expect(visitor.page.get_by_test_id("lives")).to_have_text("A run of yours is training. Queue the new one, or stop it and start the new one.")
    visitor.write(visitor.seed, "81")
    visitor.button("Queue it").click()
    expect(visitor.page).not_to_have_url(re.compile(first))
    second = visitor.run
    assert visitor.call("poll", {"run": first})["status"] == "running"                  # nothing of it was asked to end
    assert app.record(second)["spec"]["seed"] == 81
    if app.record(second)["status"] == "queued":
        expect(visitor.picture.get_by_text("Waiting for a worker")).to_be_visible()
        expect(visitor.banner).to_contain_text("Waiting for a worker")
        visitor.button("Show the run that trains").click()
    else:
        visitor.page.goto(f"{visitor.url}/?run={first}")
    visitor.page.wait_for_url(re.compile(first))
    expect(visitor.page.get_by_test_id("run-name").first).to_have_text("BEGAN on 8 Gaussians")
    visitor.call("act", {"run": second, "do": "stop"})
    visitor.write(visitor.seed, "82")
    visitor.button("Stop this run and start new").click()
    expect(visitor.page).not_to_have_url(re.compile(first))
    expect(visitor.rate).to_contain_text("steps/s")
    for _ in range(100):                                # it reaches a checkpoint first
        if visitor.call("poll", {"run": first})["status"] != "running":
            break
        visitor.page.wait_for_timeout(100)
    assert visitor.call("poll", {"run": first})["status"] == "stopped"


@SIZES
def test_a_finished_run_trains_on_to_a_larger_budget(arrive, app, size):
    visitor = arrive(**size)
    run = visitor.made(40)
    visitor.page.goto(f"{visitor.url}/?run={run}")
    expect(visitor.banner).to_contain_text("Finished: 40 steps.")
    visitor.button("Train on").click()
    asked = visitor.page.get_by_role("dialog", name="Train on")
    steps = asked.get_by_label("Steps in all")
    expect(steps).to_have_value("80")
    expect(steps).to_be_focused()
    steps.fill("40")
    asked.get_by_role("button", name="Train on").click()
    expect(asked.get_by_role("alert").filter(visible=True)).to_contain_text("steps must be a whole number between 41 and")
    steps.fill("90")
    asked.get_by_role("button", name="Train on").click()
    expect(asked).to_be_hidden()
    expect(visitor.banner).to_contain_text("Finished: 90 steps.")
    assert (visitor.run, app.record(run)["spec"]["steps"], app.record(run)["status"]) == (run, 90, "finished")
    expect(visitor.budget).to_have_value("90")                                          # what is set stays what is shown
    expect(visitor.page.get_by_test_id("apart")).to_be_hidden()
    sound_all_ways(visitor.page, "label")


def test_what_is_set_as_another_run_cannot_be_gone_on_with_as_if_it_were_this_one(visitor):
    visitor.train(button="Train it live")
    visitor.pause()
    apart, resume = visitor.page.get_by_test_id("apart"), visitor.bar.get_by_test_id("play")
    expect(apart).to_be_hidden()
    expect(visitor.page.get_by_test_id("run-name").first).to_have_text("BEGAN on 8 Gaussians")
    visitor.choose("LSGAN")
    expect(apart).to_contain_text("These are not the settings of the run in the picture.")
    expect(resume).to_be_disabled()
    expect(visitor.button("One step")).to_be_disabled()
    visitor.heading("GAN Playground").click()
    visitor.page.keyboard.press("Space")
    visitor.stands_still()
    expect(visitor.page.get_by_test_id("run-name").first).to_have_text("BEGAN on 8 Gaussians")
    visitor.button("Show that run’s settings").click()
    expect(visitor.variant).to_contain_text("BEGAN")
    expect(apart).to_be_hidden()
    resume.click()
    visitor.moves()


@pytest.mark.parametrize("field", ["Seed", "Budget, steps"])
def test_another_seed_or_budget_is_another_run(visitor, field):
    visitor.train(button="Train it live")
    visitor.pause()
    visitor.write(visitor.page.get_by_label(field, exact=True), "77")
    expect(visitor.bar.get_by_test_id("play")).to_be_disabled()
    visitor.button("Show that run’s settings").click()
    expect(visitor.bar.get_by_test_id("play")).to_be_enabled()


def test_what_is_not_the_recorded_run_is_not_called_it(visitor):
    visitor.choose("LSGAN")
    expect(visitor.button("Train it live")).to_have_count(0)
    run = visitor.train(button="Train what is set")
    assert visitor.call("poll", {"run": run, "cursor": -1})["spec"]["variant"] == "lsgan"


@SIZES
def test_who_watches_starts_a_run_like_it(arrive, app, size):
    owner, other = arrive(), arrive(**size)
    run = owner.made(40, knobs={"width_g": 8, "width_d": 8, "batch": 16, "lr_g": 5e-4})
    other.open(f"/?run={run}")
    expect(other.banner).to_contain_text("You are watching somebody’s run.")
    other.button("Start your own from these settings").click()
    expect(other.page).not_to_have_url(re.compile(run))
    expect(other.page.get_by_test_id("rate")).not_to_have_text("")
    mine, theirs = app.record(other.run), app.record(run)
    assert mine["spec"] == theirs["spec"]
    assert mine["owner"] != theirs["owner"]


@pytest.mark.parametrize("steps", [30, 100_000], ids=["finished", "training"])
def test_only_a_run_that_trains_is_said_to_go_on_without_the_page(guest, steps):
    if steps == 30:
        guest.page.goto(f"{guest.url}/?run={guest.made(steps)}")
        expect(guest.rate).to_have_text("finished")
    else:
        guest.open().train(button="Train it live")
    guest.watch.cut = True
    guest.context.set_offline(True)
    expect(guest.banner).to_contain_text("Connection lost, retrying.")
    assert ("Training goes on without this page." in guest.banner.inner_text()) == (steps > 30)
    guest.context.set_offline(False)
