"""A worker that never comes back, in a step or in a disk: told of, let go of, and from then on without a hand on its run."""

import hashlib
import os
import threading
import time
from dataclasses import replace

import pytest
from killing import unstopped
from running import EAGER, assert_same, history, join_zoo, spec, until, until_step

from models.lsgan import LSGAN
from playground.config.settings import Limits
from playground.engine.engine import Engine
from playground.types import Status
from playground.worker.protocol import Command

PACE = replace(EAGER, patience=0.3, stall=0.3, watch=0.05)
ASKED = spec("stuck", steps=120)


class Stuck(LSGAN):
    """Waits in step 41 until it is let out, as often as it gets there before."""

    out = threading.Event()

    def step(self, batches):
        if self.steps == 40 and not self.out.is_set():
            self.out.wait(60)
        yield from super().step(batches)


@pytest.fixture
def before() -> set[threading.Thread]:
    return set(workers())


@pytest.fixture
def engine(before, tmp_path, monkeypatch):
    join_zoo(monkeypatch, Stuck)
    monkeypatch.setattr(Stuck, "out", threading.Event())
    made = Engine(tmp_path / "data", 2, PACE, Limits(free=0))
    yield made
    Stuck.out.set()
    made.close()


def workers() -> list[threading.Thread]:
    return [thread for thread in threading.enumerate() if thread.name.startswith("worker")]


def content(folder) -> dict[str, str]:
    return {p.name: hashlib.sha256(p.read_bytes()).hexdigest() for p in folder.rglob("*") if p.is_file()}


def wait_for(what) -> None:
    end = time.monotonic() + 30
    while not what():
        assert time.monotonic() < end
        time.sleep(0.01)


def test_stuck_in_a_step(before, engine, tmp_path):
    """Others go on; the stop is answered soon; the thread that wakes later writes nothing; the run then ends as one that never hung."""
    id, other = engine.submit(ASKED).id, engine.submit(spec(steps=100_000)).id
    wait_for(lambda: engine.run(id).note)
    assert engine.run(id).status is Status.RUNNING
    step = history(engine, other).step
    until_step(engine, other, step + 20)
    (hung,) = (io.thread for active, io in engine.training() if active.run.id == id)
    began = time.monotonic()
    engine.stop(id)
    assert until(engine, id).status is Status.STOPPED
    assert time.monotonic() - began < 5
    left = content(engine.runs.folder(id))
    Stuck.out.set()
    hung.join(10)
    assert not hung.is_alive()
    assert content(engine.runs.folder(id)) == left
    until_step(engine, other, history(engine, other).step + 20)
    assert sum(thread.is_alive() for thread in set(workers()) - before) == 3       # two, and that of the short lane
    engine.stop(other)
    engine.resume(id)
    assert until(engine, id).status is Status.FINISHED
    assert_same(engine.runs.folder(id), unstopped(tmp_path / "whole", ASKED))


def test_stuck_in_the_disk(engine, tmp_path, monkeypatch):
    """A checkpoint that the disk holds up does not land in the run's next life, which was tuned and is another."""
    free, hangs, sync = threading.Event(), [], os.fsync
    Stuck.out.set()

    def holding(handle):
        if not free.is_set() and threading.current_thread() in hangs:
            free.wait(60)
        sync(handle)

    monkeypatch.setattr(os, "fsync", holding)
    asked = spec("stuck", steps=400)
    id = engine.submit(asked).id
    until_step(engine, id, 50)
    (io,) = (io for _, io in engine.training())
    hangs.append(io.thread)
    wait_for(lambda: io.silent() > PACE.stall)
    engine.stop(id)
    assert until(engine, id).status is Status.STOPPED
    engine.advance(id)
    until(engine, id, Status.RUNNING, Status.PAUSED)
    until(engine, id, Status.PAUSED)
    at = engine.tune(id, {"lr_d": 0.002})
    free.set()
    io.thread.join(10)
    assert not io.thread.is_alive()
    assert max(engine.runs.checkpoints(id).steps()) <= history(engine, id).step
    engine.resume(id)
    assert until(engine, id).status is Status.FINISHED
    assert_same(engine.runs.folder(id), unstopped(tmp_path / "whole", asked, {at: [Command("tune", {"lr_d": 0.002})]}))
