"""A race whose disk fills as it begins, a lane that breaks and goes on later, a worker that hangs in the middle of one."""

import time
from dataclasses import replace

import pytest
from running import EAGER, misbehave, spec, until, until_step

from playground.config.settings import Limits
from playground.engine.engine import Engine
from playground.types import Refused, Spec, Status

FAST = spec("gan", steps=80)


@pytest.fixture
def made(tmp_path, monkeypatch):
    """made(workers, intervals) -> Engine"""
    misbehave(monkeypatch)
    engines = []

    def make(workers: int = 1, intervals=EAGER) -> Engine:
        engines.append(Engine(tmp_path / "data", workers, intervals, Limits(free=0)))
        return engines[-1]

    yield make
    for engine in engines:
        engine.close()


def raced(engine: Engine, *specs: Spec, budget: int) -> list[str]:
    """The ids of a race's lanes, each of one run."""
    return [id for (id,) in engine.race([[spec] for spec in specs], budget=budget).lanes]


def test_a_disk_that_fills_while_a_race_begins_leaves_nothing_of_it(made, monkeypatch):
    engine = made()
    kept, left = engine.runs.keep, [2]

    def full(run, draft=None):
        left[0] -= 1
        if left[0] < 0:
            raise Refused("disk", "no run can be kept: the disk is full")
        kept(run, draft)
    monkeypatch.setattr(engine.runs, "keep", full)
    with pytest.raises(Refused, match="full"):
        engine.race([[FAST]] * 3)
    assert not engine.all()
    assert not engine.live()
    assert not engine.table.races.all()


def test_a_lane_that_has_ended_goes_on_when_the_others_have(made):
    engine = made()
    ids = raced(engine, FAST, replace(FAST, variant="broken"), budget=5000)
    until(engine, ids[1])
    with pytest.raises(Refused, match="other lanes"):
        engine.resume(ids[1])
    engine.stop(ids[0])
    until(engine, ids[0])
    engine.resume(ids[1])
    until_step(engine, ids[0], 60)
    engine.discard(ids[0])
    until(engine, ids[1])
    assert [run.id for run in engine.all()] == [ids[1]]


def test_a_lane_that_hangs_is_let_go_of_with_the_race_and_one_worker_takes_its_place(made):
    engine = made(1, replace(EAGER, patience=0.2, watch=0.05))
    ids = raced(engine, FAST, FAST, replace(FAST, variant="broken"), budget=10 ** 6)
    until_step(engine, ids[0], 5)
    before = len(engine.workers.threads)
    held = engine.table.find(ids[0]).handle

    def hang() -> None:                                 # in the middle of something
        del held._check
        time.sleep(3)
        held._check()
    held._check = hang
    for id in ids[:2]:
        engine.stop(id)
    assert [until(engine, id).status for id in ids[:2]] == [Status.STOPPED] * 2
    assert until(engine, engine.submit(spec(steps=5)).id).status is Status.FINISHED
    assert len([thread for thread in engine.workers.threads if thread.is_alive()]) <= before + 1


def test_a_race_s_record_goes_with_the_last_of_its_runs(made):
    engine = made()
    ids = raced(engine, FAST, FAST, budget=5)
    for id in ids:
        until(engine, id)
    (race,) = engine.races.all()
    engine.races.save(replace(race, created=race.created - 7200))
    engine.discard(ids[0])
    engine.retention.clean()
    assert engine.races.all()
    engine.discard(ids[1])
    engine.retention.clean()
    assert engine.races.all()                           # it may be brought back from the trash
    engine.runs.empty(0)
    engine.retention.clean()
    assert not engine.races.all()
