"""Lanes of a race train in turns on one worker: none is ahead, each is the run that it would be alone, and what is asked of one is done to all."""

import threading
from dataclasses import replace
from pathlib import Path

import pytest
import torch
from running import CALM, EAGER, TURNS, AtStep, assert_same, history, misbehave, spec, until, until_step

from playground.config.machine import use_threads
from playground.config.settings import Limits
from playground.data import load
from playground.engine.engine import Engine
from playground.specs.check import check
from playground.training.build import trainer_of
from playground.types import Clock, Refused, Spec, Status
from playground.worker.turns import run

FAST = spec("gan", steps=80)
PICTURES = Spec("gan", "digits", {"batch": 8, "width_g": 4, "width_d": 4}, seed=3, steps=12)


@pytest.fixture
def made(tmp_path, monkeypatch):
    """made(workers, intervals, **limits) -> Engine"""
    misbehave(monkeypatch)
    engines = []

    def make(workers: int = 1, intervals=EAGER, **limits) -> Engine:
        engines.append(Engine(tmp_path / "data", workers, intervals, Limits(**{"free": 0} | limits)))
        return engines[-1]

    yield make
    for engine in engines:
        engine.close()


def raced(engine: Engine, *specs: Spec, budget: float = 80, clock: Clock = Clock.STEPS) -> list[str]:
    """The ids of a race's lanes, each of one run."""
    return [id for (id,) in engine.race([[spec] for spec in specs], clock=clock, budget=budget).lanes]


def alone(folder: Path, asked: Spec) -> Path:
    """The same run in one go, with as many threads, as precise and without an engine."""
    def train() -> None:
        use_threads(asked.threads)
        ends.append(run(asked, AtStep(folder), CALM)[0])

    ends: list[Status] = []
    thread = threading.Thread(target=train)
    thread.start()
    thread.join()
    assert ends == [Status.FINISHED]
    return folder


def rows(engine: Engine, id: str) -> dict[str, list]:
    return history(engine, id).exact()


def test_equal_lanes_are_equal_at_every_step_while_a_third_run_trains_beside_them(made):
    engine = made(2)
    other = engine.submit(spec("began", steps=400))
    ids = raced(engine, FAST, FAST)
    for id in ids:
        assert until(engine, id).status is Status.FINISHED
    assert rows(engine, ids[0]) == rows(engine, ids[1])
    assert_same(engine.runs.folder(ids[0]), engine.runs.folder(ids[1]))
    engine.stop(other.id)


@pytest.mark.parametrize("lanes", [("gan", "began", "wgan_gp", "magan"), ("gan", "dcgan")], ids=["points", "pictures"])
def test_lanes_are_the_runs_that_they_would_be_alone(made, tmp_path, lanes):
    engine, asked = made(), [replace(FAST if len(lanes) == 4 else PICTURES, variant=variant) for variant in lanes]
    ids = raced(engine, *asked, budget=asked[0].steps)
    for n, id in enumerate(ids):
        assert until(engine, id).status is Status.FINISHED
        assert engine.run(id).spec.shared_order
        assert_same(engine.runs.folder(id), alone(tmp_path / str(n), engine.run(id).spec))


def test_all_variants_see_the_same_samples_in_the_same_order_and_begin_with_the_same_g():
    data, seen, first = load("ring8"), [], []
    second_epoch = len(data.train) + 10 * 16
    for variant in ("gan", "wgan_gp", "magan"):
        trainer = trainer_of(check(replace(spec(variant, width_g=16, width_d=16), shared_order=True).json()), data)
        first.append(torch.cat([p.detach().flatten() for p in trainer.gan.G.parameters()]))
        for _ in range(3):
            trainer.advance()
        while trainer.batches.drawn < second_epoch:      # whatever else it has drawn by now
            last = next(trainer.batches)
        seen.append(last[0])
    assert all(torch.equal(one, first[0]) for one in first)
    assert all(torch.equal(one, seen[0]) for one in seen)
    other = trainer_of(check(spec("gan").json()), data)
    while other.batches.drawn < second_epoch:
        last = next(other.batches)
    assert not torch.equal(last[0], seen[0])            # in the order that it shares with its noise


def test_none_is_ahead_by_more_than_a_step_when_they_pause_and_all_pause(made):
    engine = made()
    ids = raced(engine, FAST, replace(FAST, variant="slow"), replace(FAST, variant="wgan_gp"), budget=1000)
    until_step(engine, ids[1], 5)
    engine.pause(ids[2])
    steps = []
    for id in ids:
        until(engine, id, Status.PAUSED)
        steps.append(engine.runs.checkpoints(id).steps()[-1])
    assert max(steps) - min(steps) <= 1
    engine.advance(ids[0], 3)
    for id, step in zip(ids, steps, strict=True):
        until_step(engine, id, step + 3)
        until(engine, id, Status.PAUSED)
        assert engine.runs.checkpoints(id).steps()[-1] == step + 3
    engine.resume(ids[1])
    for id, step in zip(ids, steps, strict=True):
        until_step(engine, id, step + 5)
    engine.stop(ids[0])
    assert [until(engine, id).status for id in ids] == [Status.STOPPED] * 3


def test_a_lane_that_diverges_ends_alone_in_words_and_a_tune_acts_on_one_lane(made):
    engine = made()
    ids = raced(engine, FAST, replace(FAST, variant="poisoned"), replace(FAST, variant="broken"), budget=300)
    until_step(engine, ids[0], 40)
    engine.tune(ids[0], {"lr_d": 0.001})
    ends = [until(engine, id) for id in ids]
    assert [end.status for end in ends] == [Status.FINISHED, Status.DIVERGED, Status.FAILED]
    assert "step 31" in ends[1].note
    assert [len(history(engine, id).tunes) for id in ids] == [1, 0, 0]


def test_by_the_clock_of_seconds_lanes_train_equally_long_and_the_slower_makes_fewer_steps(made):
    engine = made()
    ids = raced(engine, FAST, replace(FAST, variant="wgan_gp"), budget=3, clock=Clock.SECONDS)
    ends = [until(engine, id) for id in ids]
    assert [end.status for end in ends] == [Status.FINISHED] * 2
    passed, steps = ([getattr(history(engine, id), what) for id in ids] for what in ("elapsed", "step"))
    assert max(passed) <= 1.1 * min(passed)
    assert steps[0] > 1.5 * steps[1]


def test_by_the_clock_of_images_they_see_as_many(made):
    engine = made()
    ids = raced(engine, FAST, replace(FAST, knobs={"batch": 64}), replace(FAST, variant="wgan_gp"), budget=6400, clock=Clock.IMAGES)
    for id, steps in zip(ids, (400, 100, 80), strict=True):
        assert until(engine, id).status is Status.FINISHED
        assert history(engine, id).step == steps


def test_they_show_themselves_at_the_same_steps(made):
    engine = made(1, TURNS)
    ids = raced(engine, FAST, replace(FAST, variant="slow"), budget=30)
    for id in ids:
        until(engine, id)
    shown = [[event["frame"] for event in engine.runs.journal(id).read()[0] if "frame" in event] for id in ids]
    assert shown[0] == shown[1]
    assert len(shown[0]) > 2


def test_a_race_counts_as_one_run_takes_turns_as_one_and_goes_on_exactly(made, tmp_path):
    engine = made(1, TURNS, slice=0.1, running=1, queued=1)
    ids = raced(engine, FAST, replace(FAST, variant="began"), FAST, budget=400)
    assert engine.position(ids[0]) in (0, 1)
    second = engine.submit(spec(steps=50))
    with pytest.raises(Refused, match="of your runs"):
        engine.submit(spec())
    rival = engine.submit(spec(steps=400), owner="somebody else")
    for id in (*ids, second.id, rival.id):
        assert until(engine, id).status is Status.FINISHED
    for n, id in enumerate(ids):
        assert any("yield" in event for event in engine.runs.journal(id).read()[0])
        assert_same(engine.runs.folder(id), alone(tmp_path / str(n), engine.run(id).spec))


def test_a_server_that_stops_leaves_a_race_that_can_go_on_as_one(made, tmp_path):
    engine = made()
    ids = raced(engine, FAST, replace(FAST, variant="began"), budget=400)
    until_step(engine, ids[1], 20)
    engine.close()
    again = made()
    assert [again.run(id).status for id in ids] == [Status.INTERRUPTED] * 2
    again.resume(ids[1])
    for n, id in enumerate(ids):
        assert until(again, id).status is Status.FINISHED
        assert_same(again.runs.folder(id), alone(tmp_path / str(n), again.run(id).spec))


def test_what_cannot_race_is_refused_by_name_and_nothing_stays(made, monkeypatch):
    engine = made()
    for lanes, more, field in (([[FAST]], {}, "lanes"), ([[FAST]] * 9, {}, "lanes"), ([[FAST] * 6] * 2, {}, "seeds"), ([[FAST], []], {}, "seeds"),
                               ([[FAST], [replace(FAST, data="moons")]], {}, "lanes"), ([[FAST], [replace(FAST, seed=4)]], {}, "seeds"),
                               ([[FAST, FAST]] * 2, {}, "seeds"), ([[FAST, replace(FAST, variant="began", seed=4)]] * 2, {}, "lanes"),
                               ([[FAST]] * 2, {"budget": 0}, "budget"), ([[FAST]] * 2, {"budget": 2.5}, "budget"),
                               ([[FAST]] * 2, {"budget": float("nan"), "clock": Clock.SECONDS}, "budget")):
        with pytest.raises(Refused) as refused:
            engine.race(lanes, **more)
        assert refused.value.field == field, (lanes, str(refused.value))
    monkeypatch.setattr("playground.engine.race_starts.free_memory", lambda device: 100 << 20)
    with pytest.raises(Refused, match="fewer lanes"):
        engine.race([[FAST]] * 2)
    monkeypatch.undo()
