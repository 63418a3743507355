"""The engine: what people may ask of runs, who waits for whom, and what a run leaves behind."""

import contextlib
import io
import json
import time
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest
import torch
from PIL import Image
from running import EAGER, AtStep, assert_same, history, spec, until, until_step

from playground.engine.engine import Engine
from playground.specs.check import check
from playground.store.history import History
from playground.types import Refused, Spec, Status
from playground.worker.turns import run


def test_a_run_reaches_its_budget_and_leaves_everything(engine):
    begun = engine.submit(spec("began", steps=250, width_g=16))
    assert begun.status is Status.QUEUED
    assert begun.spec.knobs == check(begun.spec.json()).knobs
    assert begun.spec.knobs["gamma"] == 0.5             # filled in
    done = until(engine, begun.id)
    assert done.status is Status.FINISHED
    read = history(engine, begun.id)
    rows = read.exact()
    assert rows["step"] == list(range(1, 251))
    assert {"loss/d", "grad/g", "balance/k"} <= rows.keys()
    assert read.frames[:2] == [0, 1]
    assert read.frames[-1] == 250
    assert engine.runs.frames(begun.id).steps() == read.frames
    assert np.load(engine.runs.frames(begun.id).path(250))["fakes"].shape == (512, 2)
    assert read.measures[0]["step"] == 0
    assert read.measures[0]["sample/real"] == pytest.approx(1.41, abs=0.1)
    assert {"modes/found", "modes/share", "sample/std"} <= read.measures[-1].keys()
    assert read.elapsed > 0
    assert engine.runs.checkpoints(begun.id).steps()[-1] == 250
    assert [e["status"] for e in engine.runs.journal(begun.id).read()[0] if "status" in e] == ["queued", "running", "finished"]


def test_images_are_shown_as_a_sheet_of_tiles(engine):
    id = engine.submit(Spec("gan", "digits", {"batch": 8, "width_g": 4, "width_d": 4}, steps=3)).id
    assert until(engine, id).status is Status.FINISHED
    size = engine.run(id).spec.size
    sheet = Image.open(io.BytesIO(engine.runs.frames(id).path(3).read_bytes()))
    assert (sheet.format, sheet.size) == ("WEBP", (8 * size + 7, 8 * size + 7))
    assert {"sample/std", "step"} == history(engine, id).measures[-1].keys()


def test_pause_advance_resume_stop(engine):
    id = engine.submit(spec(steps=100_000)).id
    until_step(engine, id, 20)
    engine.pause(id)
    until(engine, id, Status.PAUSED)
    at = history(engine, id).step
    time.sleep(0.3)
    assert history(engine, id).step == at
    assert engine.runs.checkpoints(id).steps()[-1] == at
    for n in (1, 5):
        engine.advance(id, n)
        until_step(engine, id, at + n)
        until(engine, id, Status.PAUSED)
        assert history(engine, id).step == at + n == engine.runs.checkpoints(id).steps()[-1]
        assert history(engine, id).frames[-1] == at + n
        at += n
    engine.resume(id)
    until_step(engine, id, at + 20)
    engine.stop(id)
    assert until(engine, id).status is Status.STOPPED
    engine.stop(id)                                     # again: nothing
    assert engine.run(id).status is Status.STOPPED


def test_stop_acts_within_one_step(engine):
    id = engine.submit(spec("slow", steps=1000)).id
    until(engine, id, Status.RUNNING)
    until_step(engine, id, 2)
    before, start = history(engine, id).step, time.monotonic()
    engine.stop(id)
    until(engine, id)
    assert time.monotonic() - start < 1
    assert history(engine, id).step <= before + 2       # the rows of the step before may not have been flushed yet


def test_a_tune_is_on_disk_at_its_step_and_acts_on_the_next(engine):
    id = engine.submit(spec("slow", steps=1000)).id
    until_step(engine, id, 1)
    step = engine.tune(id, {"n_d": 2, "lr_g": 0.01})
    assert history(engine, id).tunes == [{"step": step, "knob": "lr_g", "from": 2e-4, "to": 0.01}, {"step": step, "knob": "n_d", "from": 1, "to": 2}]
    assert engine.tune(id, {"n_d": 2}) >= step          # nothing changed, so nothing is logged
    assert len(history(engine, id).tunes) == 2


def test_two_runs_and_one_worker(engine):
    first, second, third = (engine.submit(spec("slow", steps=n)).id for n in (1000, 5, 5))
    until(engine, first, Status.RUNNING)
    assert [engine.position(id) for id in (first, second, third)] == [0, 1, 2]
    assert [run.id for run in engine.live()] == [first, second, third]
    engine.pause(second)                                # leaves the queue
    assert engine.run(second).status is Status.PAUSED
    assert (engine.position(second), engine.position(third)) == (0, 1)
    engine.resume(second)
    assert engine.position(second) == 2
    engine.stop(third)
    assert engine.run(third).status is Status.STOPPED
    engine.stop(first)
    assert until(engine, second).status is Status.FINISHED
    assert engine.live() == []


def test_owners_take_turns(engine):
    until(engine, engine.submit(spec("slow", steps=1000), "a").id, Status.RUNNING)
    queued = [engine.submit(spec(), owner).id for owner in ("a", "a", "b", "c", "b")]
    order = sorted(queued, key=engine.position)
    assert [engine.run(id).owner for id in order] == ["b", "c", "a", "b", "a"]
    for _ in range(3):
        engine.submit(spec(), "a")
    with pytest.raises(Refused, match="one person may have 6") as refused:
        engine.submit(spec(), "a")
    assert refused.value.field == "run"
    engine.submit(spec(), "d")


def test_a_paused_run_gives_its_worker_up_and_takes_it_again(engine, tmp_path):
    paused = engine.submit(spec(steps=300)).id
    until_step(engine, paused, 50)
    engine.pause(paused)
    until(engine, paused, Status.PAUSED)
    assert until(engine, engine.submit(spec("lsgan", steps=20)).id).status is Status.FINISHED
    assert engine.run(paused).status is Status.PAUSED
    engine.advance(paused, 3)
    until(engine, paused, Status.RUNNING)
    until(engine, paused, Status.PAUSED)
    engine.resume(paused)
    assert until(engine, paused).status is Status.FINISHED
    alone = AtStep(tmp_path / "alone")
    run(check(spec(steps=300).json()), alone, EAGER)
    assert_same(engine.runs.folder(paused), tmp_path / "alone")


def test_replace_stops_ones_own_run_first(engine):
    old = engine.submit(spec("slow", steps=1000), "me").id
    until(engine, old, Status.RUNNING)
    new = engine.submit(spec(steps=10), "me", replace=old).id
    assert until(engine, new).status is Status.FINISHED
    assert engine.run(old).status is Status.STOPPED


def test_close_leaves_checkpoints_of_this_very_step_and_a_second_engine_goes_on(tmp_path):
    engine = Engine(tmp_path, workers=2, intervals=EAGER)
    ids = [engine.submit(spec(v, steps=400)).id for v in ("gan", "began", "lsgan")]
    for id in ids[:2]:
        until_step(engine, id, 30)
    with pytest.raises(Refused) as refused:
        Engine(tmp_path)
    assert refused.value.field == "PLAYGROUND_DATA"
    start = time.monotonic()
    engine.close()
    assert time.monotonic() - start < 5
    again = Engine(tmp_path, workers=2, intervals=EAGER)
    for id in ids:
        assert again.run(id).status is Status.INTERRUPTED
        assert max(again.runs.checkpoints(id).steps(), default=0) == history(again, id).step
        again.resume(id)
    for id in ids:
        assert until(again, id).status is Status.FINISHED
        assert History(again.runs.journal(id)).refresh().exact()["step"] == list(range(1, 401))
    again.close()
    with pytest.raises(Refused, match="stopping"):
        again.submit(spec())


def test_many_askers_at_once_leave_a_run_that_is_whole(engine):
    """Threads that pause, step, tune and resume one run as fast as they can; then it is finished."""
    id = engine.submit(spec(steps=400)).id

    def pester(n: int) -> None:
        chance = torch.Generator().manual_seed(n)
        for _ in range(15):
            act = int(torch.randint(5, (), generator=chance))
            with contextlib.suppress(Refused):          # it may have ended
                (lambda: engine.pause(id), lambda: engine.resume(id), lambda: engine.advance(id, 3),
                 lambda: engine.tune(id, {"lr_d": 1e-4 * (1 + n)}), lambda: engine.position(id))[act]()
            time.sleep(0.005)

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(pester, range(4)))
    time.sleep(0.1)
    if not engine.run(id).status.ended:
        engine.resume(id)
    assert until(engine, id).status is Status.FINISHED
    rows = history(engine, id).exact()
    assert rows["step"] == list(range(1, 401))
    json.dumps(engine.run(id).json())
