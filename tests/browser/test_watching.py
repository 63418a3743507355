"""Somebody else's run is watched and not steered; what is published may be taken away; a server's own words and limits."""

import re

import pytest
from playwright.sync_api import expect
from serving_app import App

WATCHING = "You are watching somebody’s run."


def test_somebody_elses_run_cannot_be_steered(visitor, arrive, app):
    id = visitor.train(button="Train it live")
    other = arrive().open(f"/?run={id}")
    other.moves()
    expect(other.banner).to_contain_text(WATCHING)
    for name in ("One step", "Stop"):
        expect(other.button(name)).to_be_disabled()
    expect(other.button("Play it back")).to_be_enabled()    # what was, not what is
    expect(other.bar.get_by_label("Export")).to_be_hidden()
    expect(other.button("Share")).to_be_enabled()
    expect(other.settings.get_by_text("Live", exact=True)).to_be_hidden()
    asked = []
    other.page.on("request", lambda request: asked.append((request.post_data_json or {}).get("fn_name")))
    other.write(other.knob("gamma"), "1.5")                 # for a run of one's own
    expect(other.under("gamma")).to_contain_text("this run has")
    other.page.get_by_role("heading", name="GAN Playground").click()
    other.page.keyboard.press("Space")
    other.moves()
    assert not {"act", "tune"} & set(asked)
    assert other.page.evaluate("localStorage.getItem('gan-playground.run')") is None
    expect(other.page.get_by_role("slider", name="Timeline")).to_be_enabled()

    other.tab("Runs").click()
    expect(other.page.get_by_text("Nothing of yours has run here yet.")).to_be_visible()
    other.tab("Play").click()
    other.button("Start a new run").click()                 # beside it, not in its place
    expect(other.page).not_to_have_url(re.compile(id))
    expect(visitor.rate).to_contain_text("steps/s")
    assert [tune for tune in app.journal(id) if "tune" in tune] == []


def test_a_stopped_run_of_somebody_else_offers_no_resume(visitor, arrive):
    id = visitor.train(button="Train it live")
    visitor.moves()
    visitor.stop()
    other = arrive().open(f"/?run={id}")
    expect(other.banner).to_contain_text(WATCHING)
    for name in ("One step", "Stop"):
        expect(other.button(name)).to_be_disabled()
    expect(other.button("Resume")).to_have_count(0)


def test_what_is_published_is_in_everybodys_gallery_and_may_be_taken_away(visitor, arrive):
    id = visitor.made(30)
    visitor.call("rename", {"run": id, "name": "for all"})
    other = arrive()
    other.page.goto(f"{other.url}/?tab=gallery&list=runs")
    tiles = other.page.get_by_role("listitem")
    expect(tiles.filter(has_text="Recorded")).to_have_count(1)
    expect(tiles.filter(has_text="for all")).to_have_count(0)
    visitor.tab("Runs").click()
    visitor.does(id, "Publish").click()
    expect(visitor.does(id, "Publish")).to_have_attribute("aria-pressed", "true")
    tile = tiles.filter(has_text="for all")
    expect(tile).to_contain_text("GAN on 8 Gaussians · by somebody")
    other.page.get_by_role("searchbox", name="Search runs that ended").fill("for all")
    expect(tiles).to_have_count(1)
    tile.get_by_role("link").click()
    expect(other.shown).to_have_text("step 30")
    other.bar.get_by_label("Export").click()
    with other.page.expect_download() as told:
        other.page.get_by_role("link", name="Metrics, CSV").click()
    assert told.value.path().read_text().startswith("step,")
    other.watch.cut = True                              # what was just being fetched is not there any more
    visitor.does(id, "Publish").click()
    expect(visitor.does(id, "Publish")).to_have_attribute("aria-pressed", "false")
    expect(other.bar.get_by_label("Export")).to_be_hidden()
    visitor.tab("Gallery").click()
    visitor.page.get_by_role("link", name="Runs that ended").click()
    mine = visitor.page.get_by_role("listitem").filter(has_text="for all")
    expect(mine).to_contain_text("yours")


def test_in_the_queue_one_is_told_the_place_and_the_wait(visitor, arrive, app):
    ahead = [visitor.call("start", {"spec": {"variant": "gan", "data": "ring8", "preset": "quick", "steps": 1_000_000, "seed": n}})["run"]
             for n in range(app.call("catalogue", {})["machine"]["workers"])]
    while any(visitor.call("poll", {"run": id})["step"] < 20 for id in ahead):
        visitor.page.wait_for_timeout(100)
    other = arrive().open()
    other.button("Train it live").click()
    expect(other.banner).to_contain_text(re.compile(r"Waiting for a worker: place 1, about \d[\d hmins]+\."))
    id = other.run
    other.tab("Runs").click()
    expect(other.row(id)).to_contain_text("in the queue")


@pytest.fixture(scope="module")
def strict(tmp_path_factory):
    """A server with limits of its own, whose turns are short."""
    settings = dict(PLAYGROUND_STEPS="3000", PLAYGROUND_SECONDS="600", PLAYGROUND_GB_EACH="0.5", PLAYGROUND_SLICE="3")
    made = App(tmp_path_factory.mktemp("strict"), **settings).start()
    yield made
    made.kill()


def test_limits_are_said_where_they_matter(arrive, strict):
    visitor = arrive(strict).open()
    expect(visitor.page.get_by_test_id("most")).to_have_text("At most 3,000 steps and 10 min of training a run here.")
    choices = visitor.settings.get_by_role("combobox", name="Usual budgets").locator("option")
    assert choices.all_inner_texts()[-1] == "2,000 steps"
    visitor.tab("Runs").click()
    expect(visitor.page.get_by_text("Nothing of yours")).to_be_visible()
    expect(visitor.page.get_by_test_id("disk")).to_have_text(re.compile(r"^0 B of 500 MB used · [\d.]+ GB free on the disk$"))


def test_a_run_that_gave_its_worker_up_waits_in_words_and_goes_on(arrive, strict):
    """Two people's take turns on one worker: the page says who waits, and loses nothing of what it has."""
    first, second = arrive(strict).open(), arrive(strict).open()
    first.button("Train it live").click()
    expect(first.bar.get_by_test_id("rate")).to_contain_text("/s")
    second.button("Train it live").click()
    said = re.compile(r"Waiting for a worker: place 1, about \d+ s\. Others have their turn; it goes on from step [\d,]+\.")
    expect(first.banner).to_contain_text(said)
    waited = first.call("poll", {"run": first.run})
    assert (waited["status"], waited["epoch"]) == ("queued", 0)
    assert waited["step"] > 0
    assert waited["alarms"] == []
    expect(first.bar.get_by_role("button", name="Pause")).to_be_enabled()          # it can be paused, and is not over
    expect(first.page.get_by_role("button", name="Resume")).to_have_count(0)
    expect(first.banner).to_be_hidden()
    expect(second.banner).to_contain_text("Waiting for a worker")
    while (told := first.call("poll", {"run": first.run}))["status"] != "running":      # the second may have had its turn meanwhile
        first.page.wait_for_timeout(50)
    assert told["epoch"] == 0
    assert told["step"] >= waited["step"]


def altered(visitor, name: str, **parts) -> None:
    """From here on the answers of one of the server's functions have other parts."""
    def answer(route):
        if name not in (route.request.url.rsplit("/", 1)[-1], (route.request.post_data_json or {}).get("fn_name")):
            return route.continue_()
        told = route.fetch()
        return route.fulfill(response=told, json=told.json() | parts)

    visitor.page.route(re.compile("component_server|/play/poll"), answer)


def test_a_note_on_a_run_that_trains_is_said_while_it_stands(visitor):
    visitor.train(button="Train it live")
    altered(visitor, "poll", note="No step for 75 s: it may be stuck.")
    expect(visitor.banner).to_have_text("No step for 75 s: it may be stuck.")
    visitor.page.unroute_all(behavior="ignoreErrors")
    expect(visitor.banner).not_to_have_text("No step for 75 s: it may be stuck.")       # another program may be what is said then, on a busy machine


def test_a_knob_that_is_younger_than_a_run_shows_its_default(guest):
    id = guest.made(5, knobs={"width_g": 8, "width_d": 12, "batch": 16})
    spec = guest.call("poll", {"run": id})["spec"]
    del spec["knobs"]["width_d"]
    altered(guest, "poll", spec=spec)
    guest.page.goto(f"{guest.url}/?run={id}")
    for name, value in (("width_g", "8"), ("width_d", "32")):
        expect(guest.settings.locator(f"[data-knob={name}] input.num")).to_have_value(value)


def test_signing_in_and_out_and_a_notice(arrive):
    visitor = arrive()
    me = {"name": "", "signed_in": False, "admin": False, "sign_in": "/login/huggingface", "sign_out": None, "may_train": False}
    altered(visitor, "catalogue", me=me, notice="This Space has no persistent disk.")
    visitor.open("/?tab=play")
    expect(visitor.page.get_by_test_id("notice")).to_have_text("This Space has no persistent disk.")
    expect(visitor.page.get_by_test_id("sign-in")).to_contain_text("only people who are signed in")
    link = visitor.page.get_by_role("link", name="Sign in with Hugging Face")
    link.evaluate("link => { addEventListener('click', (event) => event.preventDefault()); link.click(); }")
    expect(link).to_have_attribute("href", "/login/huggingface?_target_url=%2F%3Ftab%3Dplay")          # and back to where one was
    visitor.page.unroute_all(behavior="ignoreErrors")
    altered(visitor, "catalogue", me=me | {"name": "<i>alice</i>", "signed_in": True, "sign_in": None, "sign_out": "/logout", "may_train": True})
    visitor.page.reload()
    expect(visitor.page.get_by_test_id("me")).to_have_text("<i>alice</i>Sign out")
    expect(visitor.page.get_by_role("link", name="Sign out")).to_have_attribute("href", "/logout")
    expect(visitor.page.get_by_test_id("sign-in")).to_have_count(0)
