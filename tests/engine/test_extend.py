"""A finished run that trains on to a larger budget is the run that had it from the start, to the last bit."""

from dataclasses import replace

import pytest
from running import EAGER, assert_same, spec, until, until_step

from playground.config.settings import Limits
from playground.engine.engine import Engine
from playground.types import Refused, Spec, Status

PICTURES = Spec("gan", "digits", {"batch": 8, "width_g": 4, "width_d": 4, "ema": 0.9}, seed=3, steps=12)


KINDS = [spec("began", steps=80, ema=0.99), spec("magan", steps=80, pretrain=30, epoch_len=20),
         PICTURES, pytest.param(spec("wgan", steps=40), marks=pytest.mark.full)]


@pytest.mark.parametrize("asked", KINDS, ids=lambda s: f"{s.variant}-{s.data}")
def test_it_is_the_run_that_had_the_larger_budget_from_the_start(engine, asked):
    id = engine.submit(asked).id
    had, more = until(engine, id).spec, 2 * asked.steps + 5
    assert engine.extend(id, more).status is Status.QUEUED
    assert until(engine, id).status is Status.FINISHED
    assert engine.run(id).spec == replace(had, steps=more)
    whole = engine.submit(replace(asked, steps=more)).id
    assert until(engine, whole).status is Status.FINISHED
    assert_same(engine.runs.folder(id), engine.runs.folder(whole))


def test_twice_and_its_tunes_stay(engine):
    id = engine.submit(spec(steps=60)).id
    until(engine, id)
    engine.extend(id, 100_000)
    until_step(engine, id, 70)
    at = engine.tune(id, {"lr_g": 0.01})
    engine.stop(id)
    until(engine, id)
    with pytest.raises(Refused, match="this run is stopped: more steps can be given to one that has finished"):
        engine.extend(id, 200_000)
    tunes = [e for e in engine.runs.journal(id).read()[0] if "tune" in e]
    assert [(e["tune"]["lr_g"][1], e["step"]) for e in tunes] == [(0.01, at)]


@pytest.mark.parametrize("steps", [None, "100", 2.5, 0, 40, True, 10 ** 9])
def test_a_budget_that_is_not_larger_or_not_allowed_is_refused_and_changes_nothing(engine, steps):
    id = engine.submit(spec(steps=40)).id
    until(engine, id)
    with pytest.raises(Refused, match="steps must be a whole number between 41 and") as refused:
        engine.extend(id, steps)
    assert refused.value.field == "steps"
    assert (engine.run(id).status, engine.run(id).spec.steps) == (Status.FINISHED, 40)


def test_where_no_more_steps_may_be_made_it_says_so(tmp_path):
    engine = Engine(tmp_path, workers=1, intervals=EAGER, limits=Limits(steps=30))
    id = engine.submit(spec(steps=30)).id
    until(engine, id)
    with pytest.raises(Refused, match="this run has made 30 steps, and 30 are all that one may have here"):
        engine.extend(id, 31)
    engine.close()


def test_its_record_says_the_larger_budget_before_it_trains_and_a_stop_of_the_server_loses_nothing(tmp_path):
    engine = Engine(tmp_path, workers=1, intervals=EAGER)
    id = engine.submit(spec(steps=40)).id
    until(engine, id)
    other = engine.submit(spec(steps=1_000_000)).id          # it has to queue
    until(engine, other, Status.RUNNING)
    engine.extend(id, 90)
    assert (engine.runs.get(id).status, engine.runs.get(id).spec.steps) == (Status.QUEUED, 90)
    engine.close()
    again = Engine(tmp_path, workers=1, intervals=EAGER)
    assert (again.run(id).status, again.run(id).spec.steps) == (Status.INTERRUPTED, 90)
    again.resume(id)
    assert until(again, id).status is Status.FINISHED
    assert again.runs.checkpoints(id).steps()[-1] == 90
    again.close()


def test_as_many_as_may_wait_already(tmp_path):
    engine = Engine(tmp_path, workers=1, intervals=EAGER, limits=Limits(queued=0))
    id = engine.submit(spec(steps=20)).id
    until(engine, id)
    engine.submit(spec(steps=100_000))
    with pytest.raises(Refused, match="of your runs train or wait"):
        engine.extend(id, 50)
    assert engine.run(id).status is Status.FINISHED
    engine.close()
