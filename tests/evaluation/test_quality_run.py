"""Quality beside a run: it comes, it is cheap, it changes no bit, and its faults are its own."""

import threading
import time
from dataclasses import replace

import pytest
import torch
from running import AtStep, assert_same, join_zoo, misbehave, spec, until

import models
from models.lsgan import LSGAN
from playground.config.machine import use_threads
from playground.engine.engine import Engine
from playground.evaluation import background, suite
from playground.store.history import History
from playground.types import Status
from playground.worker.protocol import Command, Intervals
from playground.worker.turns import run

ALWAYS = Intervals(flush=0.1, points=0.1, images=0.1, quality=1e3)
DIGITS = {"width_g": 8, "width_d": 8}


def read(io: AtStep) -> History:
    return History(io.journal).refresh()


def slow(history: History, name: str = "distance/mmd") -> dict[int, float]:
    return {m["step"]: m[name] for m in history.measures if name in m}


class Until(AtStep):
    """Stops after some seconds."""

    def __init__(self, folder, seconds):
        super().__init__(folder)
        self.end = time.monotonic() + seconds

    def command(self, wait=0.0):
        return Command("stop") if time.monotonic() > self.end else None


@pytest.fixture(autouse=True)
def soon(monkeypatch):
    monkeypatch.setattr(background, "LEAST", 0.0)


@pytest.mark.parametrize(("data", "steps", "threads"), [("ring8", 150, 1), ("digits", 30, 1), ("digits", 5, 2)])
def test_a_run_is_the_same_with_and_without(tmp_path, data, steps, threads):
    """To the last bit, with measures that follow each other without a pause. Two threads on busy cores are slow, so their run is short."""
    asked = replace(spec(data=data, steps=steps, **DIGITS), size=28 if data == "digits" else 0, threads=threads)
    told = {}

    def train(name: str, pace: Intervals) -> None:
        use_threads(threads)
        io = AtStep(tmp_path / name)
        assert run(asked, io, pace)[0] is Status.FINISHED
        told[name] = read(io)
        assert torch.get_num_threads() == threads

    for name, pace in (("with", ALWAYS), ("without", replace(ALWAYS, quality=0.0))):
        worker = threading.Thread(target=train, args=(name, pace))
        worker.start()
        worker.join()
    assert_same(tmp_path / "with", tmp_path / "without")
    name = "distance/mmd" if data == "ring8" else "quality/fd"
    assert len(slow(told["with"], name)) >= 2                                       # one that ran beside the first steps, and the last
    assert max(slow(told["with"], name)) == steps
    assert not slow(told["without"], name)
    assert told["without"].quality is None


def test_the_number_of_threads_is_ones_own():
    """Also before the first computation, when torch would still take whatever was asked for last, by anybody."""
    asked, other, found = threading.Event(), threading.Event(), []

    def mine() -> None:
        use_threads(2)
        asked.set()
        other.wait()
        torch.ones(300, 300) @ torch.ones(300, 300)
        found.append(torch.get_num_threads())

    worker = threading.Thread(target=mine)
    worker.start()
    asked.wait()
    beside = threading.Thread(target=use_threads, args=(1,))
    beside.start()
    beside.join()
    other.set()
    worker.join()
    assert found == [2]


def test_it_takes_a_twentieth_of_the_time_at_most(tmp_path, monkeypatch):
    """Its thread's CPU time before each measure, against the time that the run has had until then."""
    monkeypatch.setattr(background, "LEAST", 0.5)
    against, seen, measure = suite.quality_of("ring8"), [], background.BackgroundEvaluation._measure

    def watched(self, step):
        seen.append((time.monotonic() - start, time.thread_time()))
        measure(self, step)

    monkeypatch.setattr(background.BackgroundEvaluation, "_measure", watched)
    start = time.monotonic()
    io = Until(tmp_path, 8.0)            # time for three measures on a busy machine, too
    assert run(spec(steps=10 ** 6), io)[0] is Status.STOPPED
    within = seen[:-1]
    assert len(within) >= 2
    assert all(cost <= 0.05 * passed + 0.002 for passed, cost in within), seen      # 2 ms for the start of the thread
    found = read(io)
    assert max(slow(found)) == found.step                                           # the last one is of the last step
    assert len(slow(found)) == len(seen)
    assert found.quality == {"floors": against.best.mean, "deviations": against.best.deviation, "draws": against.best.draws, "extractor": "",
                             "n": 2000, "seed": 3}
    assert {m["step"] for m in found.measures if "modes/found" in m} >= set(found.frames)


def test_the_run_never_waits_for_it(tmp_path, monkeypatch):
    """A measure that takes for ever costs nothing but itself, and the end is not held up much."""
    monkeypatch.setattr(background, "LAST", 0.2)
    stuck = threading.Event()
    monkeypatch.setattr(suite.Quality, "slow", lambda self, fakes: stuck.wait(20) and {})
    io = AtStep(tmp_path)
    start = time.monotonic()
    assert run(spec(steps=200), io, ALWAYS)[0] is Status.FINISHED
    assert time.monotonic() - start < 10
    assert read(io).step == 200
    stuck.set()


def test_values_are_of_the_step_they_name(tmp_path):
    """Those of the last step are those of the checkpoint's own averaged generator."""
    io = AtStep(tmp_path)
    asked = spec(steps=120)
    assert run(asked, io, ALWAYS)[0] is Status.FINISHED
    from models.kit.knobs import check
    from playground.data import load
    gan = models.get("gan")(load("ring8").domain, check(models.get("gan").Knobs, asked.knobs), None)
    step, tensors, _ = io.latest()
    gan.G.load_state_dict({k.removeprefix("averaged.0."): v for k, v in tensors.items() if k.startswith("averaged.0.")})
    with torch.no_grad():
        fakes = gan.eval().sample(gan.noise(2000, torch.Generator().manual_seed(asked.seed)))
    found = suite.quality_of("ring8").slow(fakes)
    assert step == 120
    assert slow(read(io))[120] == pytest.approx(found["distance/mmd"], rel=1e-4)
    assert slow(read(io), "distance/energy")[120] == pytest.approx(found["distance/energy"], rel=1e-4)


class Awry(LSGAN):
    """Has samples that are no numbers once it has begun to learn."""

    def sample(self, z):
        return super().sample(z) * (torch.nan if self.steps else 1)


@pytest.mark.parametrize("variant", ["unshowable", "awry"])
def test_a_fault_costs_the_value(tmp_path, monkeypatch, caplog, variant):
    misbehave(monkeypatch)
    join_zoo(monkeypatch, Awry)
    io = AtStep(tmp_path)
    assert run(spec(variant, steps=60), io, ALWAYS)[0] is Status.FINISHED
    found = read(io)
    assert found.step == 60
    assert found.quality["n"] == 2000
    assert set(slow(found).values()) == (set() if variant == "unshowable" else {None})
    assert ("no quality of step 60" in caplog.text) == (variant == "unshowable")


def test_a_run_that_diverges_or_breaks_lets_go_of_its_thread(tmp_path, monkeypatch):
    misbehave(monkeypatch)
    for variant, status in (("poisoned", Status.DIVERGED), ("broken", Status.FAILED)):
        assert run(spec(variant), AtStep(tmp_path / variant), ALWAYS)[0] is status
        assert not [t for t in threading.enumerate() if t.name == "quality"]


def test_pause_tune_resume_and_the_ruler_is_told_once(tmp_path):
    engine = Engine(tmp_path, workers=1, intervals=ALWAYS)
    try:
        id = engine.submit(spec(steps=100_000)).id
        heard = History(engine.runs.journal(id))
        for _ in range(2):
            until(engine, id, Status.RUNNING)
            before = len(slow(heard.refresh()))
            while len(slow(heard.refresh())) < before + 2:
                time.sleep(0.01)
            engine.pause(id)
            until(engine, id, Status.PAUSED)
            engine.tune(id, {"lr_g": 1e-3})
            engine.resume(id)
        until(engine, id, Status.RUNNING)
        engine.stop(id)
        assert until(engine, id).status is Status.STOPPED
        assert max(slow(heard.refresh())) == heard.step
        engine.resume(id)
        before = heard.step
        while heard.refresh().epoch == 0 or max(slow(heard)) <= before:
            time.sleep(0.01)
        engine.stop(id)
        until(engine, id)
    finally:
        engine.close()
    events = engine.runs.journal(id).read()[0]
    assert sum("quality" in event for event in events) == 1
    assert heard.refresh().quality["n"] == 2000
    assert not [t for t in threading.enumerate() if t.name == "quality"]


def test_a_closing_server_does_not_wait_for_a_last_measure(tmp_path, monkeypatch):
    monkeypatch.setattr(background, "LEAST", 1e9)
    engine = Engine(tmp_path, workers=1, intervals=ALWAYS)
    id = engine.submit(spec(steps=100_000)).id
    until(engine, id, Status.RUNNING)
    engine.close()
    assert engine.run(id).status is Status.INTERRUPTED
    assert not slow(History(engine.runs.journal(id)).refresh())


def test_small_runs_have_a_value_too(tmp_path, monkeypatch):
    monkeypatch.setattr(background, "LEAST", 1e9)
    io = AtStep(tmp_path)
    assert run(spec(steps=1), io, ALWAYS)[0] is Status.FINISHED
    assert list(slow(read(io))) == [1]
