"""Quotas, room on the disk, cleaning by age and size, and the watchdog of the workers."""

import os
import threading
import time
from dataclasses import replace

import pytest
from running import EAGER, allow, join_zoo, misbehave, spec, until, until_step

from models.lsgan import LSGAN
from playground.config.settings import Limits
from playground.engine.engine import Engine
from playground.engine.retention import DAY, UNDO
from playground.specs import cost
from playground.types import Refused, Status

QUICK = replace(EAGER, patience=0.3, stall=0.2, watch=0.02)


class Stuck(LSGAN):
    """Sleeps in step 21 until it is let out."""

    out = threading.Event()

    def step(self, batches):
        if self.steps == 20:
            self.out.wait(60)
        yield from super().step(batches)


@pytest.fixture
def made(tmp_path, monkeypatch):
    """made(workers, limits) -> Engine"""
    misbehave(monkeypatch)
    join_zoo(monkeypatch, Stuck)
    monkeypatch.setattr(Stuck, "out", threading.Event())
    engines = []

    def make(workers: int = 1, **limits) -> Engine:
        engines.append(Engine(tmp_path, workers, QUICK, Limits(**{"free": 0} | limits)))
        return engines[-1]

    yield make
    Stuck.out.set()
    for engine in engines:
        engine.close()


def ended(engine: Engine, owner: str = "a", steps: int = 5) -> str:
    id = engine.submit(spec(steps=steps), owner).id
    assert until(engine, id).status is Status.FINISHED
    return id


def aged(engine: Engine, id: str, days: float) -> None:
    engine.amend(id, created=time.time() - days * DAY)


def test_one_person_has_so_many_runs_under_way_and_others_come_between(made):
    engine = made(workers=2, running=1, queued=2)
    first, *rest = (engine.submit(spec("slow", steps=1000), "a").id for _ in range(3))
    until(engine, first, Status.RUNNING)
    with pytest.raises(Refused, match="3 of your runs train or wait, and one person may have 3") as refused:
        engine.submit(spec(), "a")
    assert refused.value.field == "run"
    assert until(engine, engine.submit(spec(steps=5), "b").id).status is Status.FINISHED        # a has one in training, which is all
    assert [engine.run(id).status for id in rest] == [Status.QUEUED] * 2
    assert engine.live()[0].id == first


def test_so_many_wait_in_all(made):
    engine = made(queue=4, queued=1)
    until(engine, engine.submit(spec("slow", steps=1000), "x").id, Status.RUNNING)
    for owner in "abcd":
        engine.submit(spec(), owner)
    with pytest.raises(Refused, match="4 runs wait already"):
        engine.submit(spec(), "e")


def test_the_budget_of_steps_and_of_seconds(made):
    engine = made(steps=500, seconds=0.4)
    with pytest.raises(Refused, match="between 1 and 500") as refused:
        engine.submit(spec(steps=501))
    assert refused.value.field == "steps"
    run = until(engine, engine.submit(spec("slow", steps=500)).id)
    assert run.status is Status.STOPPED
    assert "1 s" in run.note
    assert 1 <= engine.runs.checkpoints(run.id).steps()[-1] <= 6            # of a tenth of a second each


def test_how_long_one_waits(made, monkeypatch):
    monkeypatch.setattr(cost, "seconds_per_step", lambda spec: 0.1)
    engine = made(queued=5)
    first = engine.submit(spec("slow", steps=1000), "a").id
    until(engine, first, Status.RUNNING)
    second, third = (engine.submit(spec(steps=50), "a").id for _ in range(2))
    assert engine.wait(first) is None
    assert 90 < engine.wait(second) <= 100
    assert engine.wait(third) == pytest.approx(engine.wait(second) + 5, abs=1)
    assert cost.wait([], [], 2) == 0
    assert cost.wait([1.0], [2.0, 3.0], 2) == 3.0       # 2 s, then 1 s more


def test_no_run_begins_on_a_full_disk(made):
    engine = made(free=1e18)
    with pytest.raises(Refused, match="of the disk are free") as refused:
        engine.submit(spec())
    assert refused.value.field == "disk"


def test_old_runs_go_and_pinned_ones_stay(made):
    engine = made(days=1)
    old, pinned, young = (ended(engine) for _ in range(3))
    for id in (old, pinned):
        aged(engine, id, 1.5)
    engine.amend(pinned, pinned=True)
    engine.retention.clean()
    assert {run.id for run in engine.all()} == {pinned, young}
    assert not (engine.runs.trash / old).exists()


def test_who_holds_too_much_loses_the_oldest_and_is_refused_when_all_is_pinned(made):
    engine = made()
    ids = [ended(engine) for _ in range(4)]
    other = ended(engine, "b")
    young = sum(engine.index.of(id)[1].bytes for id in ids[2:])         # runs differ in size: a slow machine makes more pictures
    allow(engine, each=young + 1)
    engine.quota.room("a")
    assert [run.id for run in engine.all()] == [other, *ids[:1:-1]]
    for id in ids[2:]:
        engine.amend(id, pinned=True)
    allow(engine, each=young / 2)
    with pytest.raises(Refused, match=r"what you keep here holds .* unpin") as refused:
        engine.quota.room("a")
    assert refused.value.field == "disk"
    engine.quota.room("c")                             # who holds nothing has room, whatever others hold
    allow(engine, whole=1.0)
    with pytest.raises(Refused, match="all that is kept here"):
        engine.quota.room("b")
    assert {run.id for run in engine.all()} == set(ids[2:])


def test_a_run_that_rests_for_hours_is_stopped_where_it_stands(made):
    engine = made(idle=0.0)
    id = engine.submit(spec(steps=100_000)).id
    until_step(engine, id, 5)
    engine.pause(id)
    until(engine, id, Status.PAUSED)
    engine.retention.clean()                               # from here on it is known to rest
    time.sleep(0.01)
    engine.retention.clean()
    assert until(engine, id).status is Status.STOPPED
    assert engine.runs.checkpoints(id).steps()[-1] > 0


def test_the_trash_is_emptied_after_a_while_whatever_the_clock_does(made):
    engine = made()
    a, b, c = (ended(engine) for _ in range(3))
    for id, age in ((a, 0), (b, UNDO + 1), (c, -DAY)):
        engine.discard(id)
        os.utime(engine.runs.trash / id, (time.time() - age,) * 2)
    engine.retention.clean()
    assert [folder.name for folder in engine.runs.trash.iterdir()] == [a]


def test_interrupted_runs_go_on_by_themselves_but_not_one_that_gets_no_further(made, tmp_path):
    engine = made()
    id = engine.submit(spec(steps=100_000)).id
    until_step(engine, id, 10)
    engine.close()
    again = made()
    again.resume_interrupted()
    until(again, id, Status.RUNNING)
    again.close()
    with (tmp_path / "runs" / id / "events.jsonl").open("a") as file:
        file.write('{"rewind":7}\n{"rewind":7}\n')
    third = made()
    third.resume_interrupted()
    assert third.run(id).status is Status.INTERRUPTED


def test_a_worker_that_hangs_is_told_of_and_let_go_of_and_can_write_no_more(made):
    engine = made()
    id, waiting = engine.submit(spec("stuck", steps=100_000)).id, engine.submit(spec(steps=10)).id
    while not engine.run(id).note:
        time.sleep(0.01)
    assert engine.run(id).status is Status.RUNNING
    assert "may be stuck" in engine.run(id).note
    asked = time.monotonic()
    engine.stop(id)
    run = until(engine, id)
    assert (run.status, "let go of" in run.note) == (Status.STOPPED, True)
    assert time.monotonic() - asked < 5
    assert until(engine, waiting).status is Status.FINISHED         # by a worker that was spawned in its place
    before = {path: path.stat().st_mtime_ns for path in engine.runs.folder(id).rglob("*")}
    Stuck.out.set()
    for thread in threading.enumerate():
        if thread.name.startswith("worker") and thread not in engine.workers.threads:
            thread.join(10)
    assert {path: path.stat().st_mtime_ns for path in engine.runs.folder(id).rglob("*")} == before
    engine.resume(id)
    until_step(engine, id, 25)                          # from its last checkpoint


def test_who_only_took_long_is_well_again(made):
    engine = made()
    id = engine.submit(spec("stuck", steps=100_000)).id
    while not engine.run(id).note:
        time.sleep(0.01)
    Stuck.out.set()
    until_step(engine, id, 30)
    while engine.run(id).note:
        time.sleep(0.01)
    assert engine.run(id).status is Status.RUNNING


@pytest.mark.filterwarnings("ignore::pytest.PytestUnhandledThreadExceptionWarning")
def test_a_dead_worker_s_run_has_failed_and_another_takes_its_place(made, monkeypatch):
    engine = made()

    def die(*_):
        raise SystemExit                                # what no run catches

    id = engine.submit(spec("slow", steps=1000)).id
    until_step(engine, id, 1)
    monkeypatch.setattr("playground.worker.session.Session.keep_up", die)
    run = until(engine, id)
    assert run.status is Status.FAILED
    assert "died" in run.note
    monkeypatch.undo()
    assert until(engine, engine.submit(spec(steps=5)).id).status is Status.FINISHED
