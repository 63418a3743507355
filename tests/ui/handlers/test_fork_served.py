"""Forks as pages ask for them: whose they are, who may, what is told of the parent."""

import time

import pytest
from serving import place, until

from playground.specs.presets import RECORDED
from playground.types import Status
from playground.ui.requests.identity import Person, current_user

OTHER, NOBODY, ADMIN = Person(("cookie:other",)), Person(), Person(("cookie:admin",), admin=True)


@pytest.fixture(scope="module")
def there(tmp_path_factory):
    with place(tmp_path_factory.mktemp("forks")) as found:
        yield found


def ask(there, who, name, **message):
    """As somebody; None is the runs' owner."""
    token = current_user.set(who) if who else None
    try:
        return there.call[name](message)
    finally:
        if token:
            current_user.reset(token)


@pytest.fixture
def published(there):
    there.engine.amend(there.done, published=True)
    yield there.done
    there.engine.amend(there.done, published=False)


def test_one_s_own_run_is_forked_and_the_page_told_where_it_comes_from(there):
    steps = ask(there, None, "checkpoints", run=there.done)["steps"]
    assert (steps[0], steps[-1]) == (0, 40)
    made = ask(there, None, "fork", run=there.done, step=40, knobs={"lr_g": 1e-4})
    assert (made["step"], made["fresh"]) == (40, [])
    until(there.engine, made["run"], Status.FINISHED)
    told = ask(there, None, "poll", run=made["run"])
    assert (told["parent"], told["budget"], told["mine"]) == ({"run": there.done, "step": 40}, 80, True)
    assert [(m["knob"], m["step"]) for m in told["marks"]] == [("lr_g", 40)]
    assert told["rows"]["step"][0] == 1
    assert told["frames"][0] == 0
    assert ask(there, None, "poll", run=there.done)["parent"] is None


def test_null_is_now_and_what_was_not_taken_over_is_said(there):
    made = ask(there, None, "fork", run=there.paused, step=None, variant="lsgan", steps=30)
    assert made["step"] == there.engine.runs.checkpoints(there.paused).steps()[-1]
    assert made["fresh"] == ["knobs of its own at their defaults: scheme = 0, 1, 1"]
    until(there.engine, made["run"], Status.FINISHED)
    assert ask(there, None, "poll", run=made["run"])["spec"]["variant"] == "lsgan"


@pytest.mark.parametrize("who", [OTHER, NOBODY], ids=["other", "nobody"])
def test_somebody_else_s_run_that_is_not_published_is_refused(there, who):
    before = len(there.engine.all())
    for name in ("fork", "checkpoints"):
        assert ask(there, who, name, run=there.done)["error"]["field"] == "owner"
    assert len(there.engine.all()) == before


def test_a_published_run_is_forked_by_whoever_is_known(there, published):
    assert ask(there, NOBODY, "checkpoints", run=published)["steps"]
    assert ask(there, NOBODY, "fork", run=published)["error"]["field"] == "owner"
    child = ask(there, OTHER, "fork", run=published)["run"]
    until(there.engine, child, Status.FINISHED)
    assert there.engine.run(child).owner == "cookie:other"
    assert ask(there, OTHER, "poll", run=child)["parent"]["run"] == published
    assert ask(there, None, "act", run=child, do="stop")["error"]["field"] == "owner"


def test_an_admin_s_fork_is_the_admin_s(there):
    child = ask(there, ADMIN, "fork", run=there.done)["run"]
    until(there.engine, child, Status.FINISHED)
    assert there.engine.run(child).owner == "cookie:admin"


def test_a_published_run_that_trains_is_not_held_up_by_others(there):
    """They begin at its newest checkpoint; its owner at the step that it is at."""
    engine = there.engine
    ask(there, None, "act", run=there.paused, do="resume")
    steps = engine.runs.checkpoints(there.paused).steps()
    while ask(there, None, "poll", run=there.paused)["step"] <= steps[-1]:
        time.sleep(0.05)
    steps = engine.runs.checkpoints(there.paused).steps()
    engine.amend(there.paused, published=True)
    assert ask(there, OTHER, "fork", run=there.paused, steps=100_000)["step"] in steps
    now = ask(there, None, "fork", run=there.paused, steps=100_000)
    assert now["step"] not in steps
    engine.amend(there.paused, published=False)
    ask(there, None, "act", run=there.paused, do="pause")
    until(engine, there.paused, Status.PAUSED)
    for run in engine.live():
        if run.id != there.paused:
            engine.stop(run.id)


def test_a_parent_that_is_not_published_is_named_to_the_fork_s_owner_alone_and_one_that_is_gone_to_nobody(there):
    child = ask(there, None, "fork", run=there.pictures, steps=4)["run"]
    until(there.engine, child, Status.FINISHED)
    there.engine.amend(child, published=True)
    assert ask(there, None, "poll", run=child)["parent"] == {"run": there.pictures, "step": 3}
    assert ask(there, OTHER, "poll", run=child)["parent"] is None
    there.engine.amend(there.pictures, published=True)
    assert ask(there, OTHER, "poll", run=child)["parent"]["run"] == there.pictures
    ask(there, None, "delete", run=there.pictures)
    assert ask(there, None, "poll", run=child)["parent"] is None
    assert ask(there, None, "poll", run=child)["frames"][0] == 0
    assert there.client.get(f"/play/runs/{child}/frames/0").status_code == 200
    ask(there, None, "restore", run=there.pictures)


def test_the_recorded_run_has_nothing_to_begin_with(there):
    for name in ("fork", "checkpoints"):
        told = ask(there, None, name, run=RECORDED)["error"]
        assert (told["field"], "train one live" in told["message"]) == ("run", True)
