"""What is held while a disk is waited for: never the table's lock, so that one slow disk keeps nobody waiting but who asks about that run."""

import json
import os
import threading
import time
import traceback
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

import pytest
from running import TURNS, misbehave, spec, until, until_step

from playground.config.settings import Limits
from playground.engine.engine import Engine
from playground.engine.run_table import RunTable
from playground.store.runs import Runs
from playground.types import Status

TOUCHES = ((os, "fsync"), (os, "open"), (os, "scandir"), (os, "listdir"), (os, "utime"), (os, "link"),
           *((Path, name) for name in ("open", "stat", "mkdir", "iterdir", "glob", "replace", "rename", "unlink", "rmdir", "exists")))
SOON = 20.0         # seconds, on a machine that others keep busy


@pytest.fixture
def engine(tmp_path, monkeypatch):
    misbehave(monkeypatch)
    made = Engine(tmp_path, 1, TURNS, Limits(free=0, slice=0.2, each=1e12, whole=1e12))
    yield made
    made.close()


@pytest.fixture
def caught(engine, monkeypatch) -> list[str]:
    """Where a disk was touched, or a run's lock waited for, by a thread that held the table's."""
    found: list[str] = []

    def watched(act: Callable) -> Callable:
        def acting(*args, **kwargs):
            if engine.table.changed._is_owned():
                found.append("".join(traceback.format_stack(limit=8)))
            return act(*args, **kwargs)
        return acting

    for where, name in TOUCHES:
        monkeypatch.setattr(where, name, watched(getattr(where, name)))
    changing = RunTable.changing

    @contextmanager
    def entering(table, id, patience=-1):
        with watched(lambda: changing(table, id, patience))():
            yield

    with monkeypatch.context() as patch:
        patch.setattr(RunTable, "changing", entering)
        yield found


def revoked(engine: Engine) -> str:
    """A run that was taken from its worker, as the watchdog does."""
    end = time.monotonic() + SOON
    while time.monotonic() < end:
        for live, handle in engine.training():
            engine.lifecycle.revoke(live, handle, Status.FAILED, "as if it were dead")
            if handle.revoked:
                return live.run.id
        time.sleep(0.01)
    raise AssertionError("none trains")


def test_no_disk_is_touched_while_the_table_s_lock_is_held(engine, caught):
    with engine.table.changed:
        engine.runs.all()
    assert caught                                       # as it would be
    caught.clear()
    first, second = (engine.submit(spec("slow", steps=1000), owner).id for owner in "ab")
    until_step(engine, first, 2)
    until_step(engine, second, 2)                       # they take turns
    queued = engine.submit(spec("slow", steps=30), "b").id      # it cannot end between two of these
    assert engine.tune(queued, {"lr_d": 1e-3}) == 0
    for act in (engine.pause, engine.resume, engine.position, engine.wait, engine.run, engine.advance):
        act(queued)
    engine.amend(queued, name="a name")
    for id in (first, second):
        engine.tune(id, {"lr_d": 1e-3})
        engine.pause(id)
        until(engine, id, Status.PAUSED)
        engine.stop(id)
    until(engine, queued, Status.PAUSED)
    engine.resume(queued)
    assert until(engine, queued).status is Status.FINISHED
    engine.extend(queued, 60)
    fork = engine.fork(first, "a", step=0).run.id
    engine.stop(fork)
    engine.submit(spec("slow"), "a", replace=fork)
    engine.discard(first)
    engine.restore(first)
    engine.retention.clean()
    engine.resume(first)
    engine.resume_interrupted()
    assert engine.all()
    assert engine.live()
    assert engine.run(revoked(engine)).note == "as if it were dead"
    engine.close()
    assert not caught, caught[0]


def test_a_disk_that_holds_one_run_up_keeps_no_other_waiting(engine, monkeypatch):
    trains, held, other = (engine.submit(spec("slow", steps=1000), "a").id for _ in range(3))
    until(engine, trains, Status.RUNNING)
    free, waits, save = threading.Event(), threading.Event(), Runs.save

    def slow(runs, run):
        if run.id == held and not free.is_set():
            waits.set()
            free.wait(60)
        save(runs, run)

    monkeypatch.setattr(Runs, "save", slow)
    with ThreadPoolExecutor(2) as hands:
        pausing = hands.submit(engine.pause, held)
        assert waits.wait(SOON)
        began = time.monotonic()
        assert engine.run(held).status is Status.QUEUED             # as it is on the disk
        engine.pause(other)
        assert engine.run(other).status is Status.PAUSED
        assert len(engine.all()) == len(engine.live()) == 3
        engine.resume(other)
        assert engine.position(other) == 1
        engine.stop(engine.submit(spec(), "b").id)
        resuming = hands.submit(engine.resume, held)
        assert time.monotonic() - began < SOON
        assert not pausing.done()
        assert not resuming.done()                                  # its turn comes
        free.set()
        pausing.result(SOON)
        resuming.result(SOON)
    told = [event["status"] for event in engine.runs.journal(held).read()[0] if "status" in event]
    assert told == ["queued", "paused", "queued"]
    assert engine.run(held).status is Status.QUEUED


def test_an_end_is_on_the_disk_before_anybody_is_told(engine, monkeypatch):
    save = Runs.save

    def slow(runs, run):
        time.sleep(0.2)
        save(runs, run)

    monkeypatch.setattr(Runs, "save", slow)
    ids = [engine.submit(spec(steps=10), owner).id for owner in "ab"]
    engine.stop(ids[1])
    for id in ids:
        seen = until(engine, id)
        kept = json.loads((engine.runs.folder(id) / "run.json").read_text())
        assert kept["status"] == seen.status
        assert [event["status"] for event in engine.runs.journal(id).read()[0] if "status" in event][-1] == seen.status
