"""The line breaks, the server dies: the page says so, and goes on by itself."""

import re

import pytest
from playwright.sync_api import expect
from serving_app import App


@pytest.fixture
def mortal(tmp_path):
    """A server of one's own, to be killed."""
    made = App(tmp_path).start()
    yield made
    made.kill()
    assert "Traceback" not in made.said.read_text()


def test_a_dropped_connection_is_said_and_mends_itself(visitor):
    visitor.train(button="Train it live")
    visitor.moves()
    visitor.watch.cut = True
    visitor.context.set_offline(True)
    expect(visitor.banner).to_contain_text("Connection lost")
    visitor.stands_still()
    before = visitor.step
    visitor.context.set_offline(False)
    expect(visitor.banner).not_to_contain_text("Connection lost")          # it may say that this machine is busy
    visitor.moves()
    assert visitor.step > before


def test_a_start_without_a_connection_can_be_made_again(visitor):
    """The recorded run polls nothing, so nothing else would notice that the line is back."""
    visitor.watch.cut = True
    visitor.context.set_offline(True)
    visitor.button("Train it live").click()
    expect(visitor.banner).to_contain_text("Connection lost")
    visitor.context.set_offline(False)
    expect(visitor.button("Train it live")).to_be_visible()
    visitor.train(button="Train it live")


def test_a_frame_that_was_thinned_out_meanwhile_is_passed_over(visitor, arrive, app):
    """Of a long run the server keeps some 300 frames: a page that has watched it knows of more."""
    visitor.write(visitor.budget, "150")
    visitor.button("Train it live").click()
    expect(visitor.rate).to_have_text("finished")
    id = visitor.run
    other = arrive().open(f"/?run={id}")                    # has seen the newest frame alone
    expect(other.shown).to_have_text("step 150")
    *_, older, gone, _ = app.frames(id)
    gone.unlink()
    other.page.keyboard.press("[")
    expect(other.shown).to_have_text(f"step {older.stem}")
    other.page.keyboard.press("]")
    expect(other.shown).to_have_text("step 150")


def test_a_killed_server_leaves_a_run_that_resumes_from_its_checkpoint(arrive, mortal):
    visitor = arrive(mortal).open()
    id = visitor.train(button="Train it live")
    visitor.moves()
    visitor.pause()                                         # a checkpoint
    kept = visitor.step
    visitor.button("Go on").click()
    expect(visitor.at).not_to_have_text(f"{kept:,}")
    visitor.moves()

    visitor.watch.cut = True
    mortal.kill()
    expect(visitor.banner).to_contain_text("Connection lost")
    mortal.start()
    expect(visitor.banner).to_contain_text("Interrupted at step")
    expect(visitor.rate).to_have_text("interrupted")
    lost = visitor.step
    assert lost >= kept

    with visitor.page.expect_request(re.compile(rf"/runs/{id}/frames/\d+\?e=1$")):           # what it shows from here on may not come from a cache
        visitor.banner.get_by_role("button", name=f"Resume from step {kept:,}", exact=True).click()
    expect(visitor.rate).to_contain_text("steps/s")
    visitor.moves()
    expect(visitor.banner).to_be_hidden()
    assert visitor.run == id
    events = mortal.journal(id)
    assert [e["rewind"] for e in events if "rewind" in e] == [kept]
    since = next(i for i, e in enumerate(events) if "rewind" in e)
    assert next(e["rows"]["step"][0] for e in events[since:] if "rows" in e) == kept + 1
