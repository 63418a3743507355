"""What happens when a variant, a disk or a person misbehaves: that run ends with a reason, or that person is refused by field, and no other."""

import json
from pathlib import Path

import numpy as np
import pytest
from running import Broken, history, spec, until, until_step

from playground.types import Refused, Status

NOBODY = "0" * 32


def test_nan_ends_the_run_as_diverged_with_the_last_finite_checkpoint(engine):
    id = engine.submit(spec("poisoned", steps=500)).id
    run = until(engine, id)
    assert run.status is Status.DIVERGED
    assert "G" in run.note
    assert "loss" in run.note
    assert "step 31" in run.note
    rows = history(engine, id).exact()
    assert rows["step"] == list(range(1, 32))           # of the last one what is a number
    assert np.isfinite(rows["loss/g"][:-1]).all()
    assert np.isnan(rows["loss/g"][-1])
    step, tensors, _ = engine.runs.checkpoints(id).latest()
    assert step <= 30
    assert all(t.isfinite().all() for t in tensors.values())
    assert f"of step {step}" in run.note
    for line in engine.runs.journal(id).path.read_text().splitlines():
        json.loads(line, parse_constant=pytest.fail)    # no NaN, no Infinity
    with pytest.raises(Refused, match="cannot go on"):
        engine.resume(id)


def test_an_exception_fails_the_run_alone_with_a_short_reason(engine, monkeypatch, caplog):
    id, other = engine.submit(spec("broken", steps=40)).id, engine.submit(spec(steps=30)).id
    run = until(engine, id)
    assert run.status is Status.FAILED
    assert run.note == "ZeroDivisionError: weights of ... are odd"
    assert "Traceback" in caplog.text
    assert until(engine, other).status is Status.FINISHED
    monkeypatch.setattr(Broken, "fault", False)
    engine.resume(id)
    assert until(engine, id).status is Status.FINISHED
    assert history(engine, id).exact()["step"] == list(range(1, 41))


def test_a_fault_in_the_pictures_does_not_stop_training(engine, caplog):
    id = engine.submit(spec("unshowable", steps=30)).id
    assert until(engine, id).status is Status.FINISHED
    assert history(engine, id).frames == []
    assert "no picture" in caplog.text


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs /dev/full")
def test_a_full_disk_fails_the_run_and_keeps_the_last_good_checkpoint(engine):
    id = engine.submit(spec(steps=200)).id
    until_step(engine, id, 10)
    engine.pause(id)
    until(engine, id, Status.PAUSED)
    at = history(engine, id).step
    (engine.runs.folder(id) / "checkpoints" / f".tmp-{at + 2}.safetensors").symlink_to("/dev/full")
    engine.advance(id, 2)
    until(engine, id, Status.FAILED)
    assert "disk is full" in engine.run(id).note
    assert engine.runs.checkpoints(id).latest()[0] in (at, at + 1)
    engine.resume(id)
    assert until(engine, id).status is Status.FINISHED
    assert history(engine, id).exact()["step"] == list(range(1, 201))


@pytest.mark.parametrize("id", [NOBODY, "", "../../x", None, 3, ["a"], {"a": 1}])
def test_unknown_ids_are_refused_everywhere(engine, id):
    acts = [engine.run, engine.pause, engine.resume, engine.stop, engine.advance, lambda i: engine.tune(i, {"lr_d": 1e-3}),
            lambda i: engine.submit(spec(), replace=i) if i is not None else engine.run(i)]
    for act in acts:
        with pytest.raises(Refused) as refused:
            act(id)
        assert refused.value.field == "run"
    assert engine.live() == []


@pytest.mark.parametrize("n", [0, -1, 1.5, "3", None, True, 10**9, float("nan")])
def test_advance_by_nonsense_is_refused(engine, n):
    id = engine.submit(spec("slow")).id
    with pytest.raises(Refused) as refused:
        engine.advance(id, n)
    assert refused.value.field == "n"




@pytest.mark.parametrize(("values", "field"), [
    ({"batch": 8}, "batch"), ({"lr_d": 7}, "lr_d"), ({"lr_d": "7"}, "lr_d"), ({"lr_d": float("nan")}, "lr_d"), ({"lr_d": True}, "lr_d"),
    ({"nothing": 1}, "knobs"), ({}, "knobs"), (None, "knobs"), ([1], "knobs")])
@pytest.mark.parametrize("where", ["running", "waiting"])
def test_a_tune_that_cannot_be_is_refused_by_name(engine, where, values, field):
    id = engine.submit(spec("slow")).id
    until(engine, id, Status.RUNNING)
    asked = id if where == "running" else engine.submit(spec()).id
    with pytest.raises(Refused) as refused:
        engine.tune(asked, values)
    assert refused.value.field == field
    assert not history(engine, asked).tunes
