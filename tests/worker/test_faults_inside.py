"""NaN and exceptions inside a run, wherever they come from: it diverges, fails or goes on as it should, in words, and no NaN gets into any JSON."""

import json

import pytest
import torch
from running import EAGER, history, join_zoo, spec, until

from models.lsgan import LSGAN
from playground.data import Batches
from playground.engine.engine import Engine
from playground.evaluation import metrics, suite
from playground.render import encode
from playground.types import Status
from playground.ui.handlers import run_updates
from playground.ui.handlers.services import Services
from playground.worker import session


class LossNaN(LSGAN):
    """And infinite from the start: the first checkpoint is the only one."""

    value, at = torch.nan, 30

    def step(self, batches):
        for losses in super().step(batches):
            yield {k: v * self.value if self.steps >= self.at else v for k, v in losses.items()}


class LossInf(LossNaN):
    value = torch.inf


class LossAtOnce(LossNaN):
    at = 0


class WeightNaN(LSGAN):
    """Weights that no loss has seen yet."""

    value, hit = torch.nan, "G"

    def step(self, batches):
        yield from super().step(batches)
        if self.steps >= 30:
            with torch.no_grad():
                next(getattr(self, self.hit).parameters()).view(-1)[0] = self.value


class WeightInf(WeightNaN):
    value, hit = -torch.inf, "D"


class MetricNaN(LSGAN):
    """A number for the charts alone."""

    def step(self, batches):
        yield from super().step(batches)
        self.log({"score/real": torch.tensor(torch.nan), "score/fake": torch.tensor(-torch.inf)})


class PhaseFault(LSGAN):
    def phase(self):
        if self.steps:                                  # what a run will cost is asked before it begins
            raise KeyError("no phase")
        return super().phase()


class OutOfMemory(LSGAN):
    def step(self, batches):
        if self.steps == 20:
            raise torch.OutOfMemoryError("CUDA out of memory. Tried to allocate 20 GiB")
        yield from super().step(batches)


@pytest.fixture
def engine(tmp_path, monkeypatch):
    join_zoo(monkeypatch, LossNaN, LossInf, LossAtOnce, WeightNaN, WeightInf, MetricNaN, PhaseFault, OutOfMemory)
    made = Engine(tmp_path / "data", workers=1, intervals=EAGER)
    yield made
    made.close()


def strict(text):
    def strange(name):
        raise ValueError(f"{name} is not JSON")
    return json.loads(text, parse_constant=strange)


def assert_told_in_json(engine, id):
    """By parsers that know no NaN: the journal, the record and what pages are told."""
    for line in engine.runs.journal(id).path.read_text().splitlines():
        strict(line)
    strict((engine.runs.folder(id) / "run.json").read_text())
    services = Services(engine, engine.runs.root / "nothing")
    for cursor in (-1, 10):
        strict(json.dumps(run_updates.poll(services, {"run": id, "cursor": cursor, "frame": cursor}), allow_nan=False))


@pytest.mark.parametrize(("variant", "kept"), [("lossnan", range(1, 31)), ("lossinf", range(1, 31)), ("lossatonce", range(1)),
                                               ("weightnan", range(1, 31)), ("weightinf", range(1, 31))])
def test_what_is_not_finite_ends_the_run_with_its_last_finite_checkpoint(engine, variant, kept):
    id = engine.submit(spec(variant, steps=500)).id
    run = until(engine, id)
    assert run.status is Status.DIVERGED
    assert not run.status.resumable
    step, tensors, _ = engine.runs.checkpoints(id).latest()
    assert step in (0, *kept)
    assert all(t.isfinite().all() for t in tensors.values() if t.is_floating_point())
    assert f"of step {step}, is kept" in run.note
    assert_told_in_json(engine, id)


def test_data_with_a_nan_ends_the_run_in_its_first_epoch(engine, monkeypatch):
    load = session.load

    def spoilt(*asked):
        found = load(*asked)
        train = found.train.clone()
        train[::50, 0] = torch.nan
        return found._replace(train=train)

    monkeypatch.setattr(session, "load", spoilt)
    id = engine.submit(spec(steps=500)).id
    assert until(engine, id).status is Status.DIVERGED
    assert engine.runs.checkpoints(id).latest()[0] < 50
    assert_told_in_json(engine, id)


def test_a_metric_that_is_not_finite_is_a_gap(engine):
    id = engine.submit(spec("metricnan", steps=40)).id
    assert until(engine, id).status is Status.FINISHED
    assert_told_in_json(engine, id)
    assert history(engine, id).since()["score/real"] == [[None] * 40] * 3


def fault(error):
    def broken(*_, **__):
        raise error
    return broken


@pytest.mark.parametrize(("where", "name"), [(session, "load"), (Batches, "__next__"), (Batches, "__init__"), (session, "Observer")],
                         ids=lambda v: v if isinstance(v, str) else v.__name__.split(".")[-1])
def test_a_fault_in_the_data_or_the_setting_up_fails_that_run(engine, monkeypatch, where, name):
    with monkeypatch.context() as patch:
        patch.setattr(where, name, fault(ValueError("this /home/somebody/set.bin is odd\nsecond line")))
        run = until(engine, engine.submit(spec(steps=40)).id)
        assert (run.status, run.note) == (Status.FAILED, "ValueError: this ... is odd")
    engine.resume(run.id)
    assert until(engine, run.id).status is Status.FINISHED
    assert history(engine, run.id).exact()["step"] == list(range(1, 41))


@pytest.mark.parametrize("error", [RuntimeError("odd"), OSError(22, "encoder error"), ZeroDivisionError("odd"), AssertionError()], ids=repr)
@pytest.mark.parametrize(("where", "name"), [(metrics, "sample_std"), (encode, "cloud"), (suite, "quick"), (suite, "quality_of")],
                         ids=lambda v: v if isinstance(v, str) else v.__name__.split(".")[-1])
def test_a_fault_in_measures_or_pictures_never_stops_training(engine, monkeypatch, where, name, error):
    with monkeypatch.context() as patch:
        patch.setattr(where, name, fault(error))
        run = until(engine, engine.submit(spec(steps=30)).id)
    assert run.status is Status.FINISHED, run.note
    assert history(engine, run.id).exact()["step"] == list(range(1, 31))


def test_a_fault_in_the_phase_fails_the_run_in_words(engine):
    run = until(engine, engine.submit(spec("phasefault", steps=30)).id)
    assert (run.status, run.note) == (Status.FAILED, "KeyError: 'no phase'")


def test_too_little_memory_is_said_with_advice_and_costs_that_run(engine):
    id, other = engine.submit(spec("outofmemory", steps=40)).id, engine.submit(spec(steps=30)).id
    run = until(engine, id)
    assert (run.status, run.note) == (Status.FAILED, "Out of memory. Lower the batch or the width.")
    assert until(engine, other).status is Status.FINISHED
