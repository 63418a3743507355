"""Two people's runs take turns on one worker: the page says who waits, and loses nothing of what it has."""

import re

import pytest
from playwright.sync_api import expect
from serving_app import App


@pytest.fixture(scope="module")
def turning(tmp_path_factory):
    made = App(tmp_path_factory.mktemp("turning"), PLAYGROUND_SLICE="3").start()
    yield made
    made.kill()


def test_a_run_that_gave_its_worker_up_waits_in_words_and_goes_on(arrive, turning):
    first, second = arrive(turning).open(), arrive(turning).open()
    first.button("Train it live").click()
    expect(first.bar.get_by_test_id("rate")).to_contain_text("/s")
    second.button("Train it live").click()
    said = re.compile(r"Waiting for a worker: place 1, about \d+ s\. Others have their turn; it goes on from step [\d,]+\.")
    expect(first.banner).to_contain_text(said, timeout=60_000)
    waited = first.call("poll", {"run": first.run})
    assert (waited["status"], waited["epoch"]) == ("queued", 0)
    assert waited["step"] > 0
    assert waited["alarms"] == []
    expect(first.bar.get_by_role("button", name="Pause")).to_be_enabled()          # it can be paused, and is not over
    expect(first.page.get_by_role("button", name="Resume")).to_have_count(0)
    expect(first.banner).to_be_hidden(timeout=60_000)
    expect(second.banner).to_contain_text("Waiting for a worker")
    told = first.call("poll", {"run": first.run})
    assert (told["status"], told["epoch"]) == ("running", 0)
    assert told["step"] >= waited["step"]
