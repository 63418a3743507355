"""What the engine's tests share: waiting, variants that misbehave, an Io that asks at exact steps, and comparison to the last bit."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import torch

import models
from models.kit.card import Card
from models.kit.gan import GAN
from models.lsgan import LSGAN
from playground.engine.engine import Engine
from playground.requester import Requester, requester
from playground.store.checkpoints import Checkpoints
from playground.store.frames import Frames
from playground.store.history import History
from playground.store.journal import Journal
from playground.types import Run, Spec, Status
from playground.worker.protocol import Command, Intervals

SMALL = {"batch": 16}
PATIENCE = 120          # seconds: a machine that others keep busy is not a fault
EAGER = Intervals(flush=0.05, points=0.05, images=0.05, checkpoint=0.03, share=0.5)
CALM = Intervals(flush=60.0, points=60.0, images=60.0, snapshots_points=60.0, snapshots_images=60.0, checkpoint=60.0, quality=0.0)
"""For a run that is only to be there: it looks at itself at its beginning and its end."""
TURNS = replace(EAGER, watch=0.02, points=1.0, snapshots_points=1.0, checkpoint=0.2)         # who had its time is looked for often


def spec(variant: str = "gan", data: str = "ring8", steps: int = 300, **knobs: Any) -> Spec:
    return Spec(variant, data, SMALL | knobs, seed=3, steps=steps)


@contextmanager
def coming_from(address: str) -> Iterator[None]:
    """Whoever asks in here comes from this network address."""
    token = requester.set(Requester("local", address))
    try:
        yield
    finally:
        requester.reset(token)


def until(engine: Engine, id: str, *wanted: Status, seconds: float = PATIENCE) -> Run:
    """Wait for one of the `wanted` statuses, or for the end of the run when none is given."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        run = engine.run(id)
        if run.status in wanted or (not wanted and run.status.ended):
            return run
        assert not run.status.ended, f"{run.status}: {run.note}"
        time.sleep(0.005)
    raise AssertionError(f"{engine.run(id).status} after {seconds} s")


def contention() -> float:
    """How many times its processor time some work takes now: 1 on an idle machine, 3 where three programs want each core."""
    began, spent = time.monotonic(), time.thread_time()
    while time.thread_time() - spent < 0.1:
        pass
    return (time.monotonic() - began) / (time.thread_time() - spent)


def allow(engine: Engine, **limits: float | None) -> None:
    """Other limits than it began with, from here on."""
    engine.quota.limits = engine.retention.limits = replace(engine.limits, **limits)


def history(engine: Engine, id: str) -> History:
    return History(engine.runs.journal(id)).refresh()


def until_step(engine: Engine, id: str, step: int) -> None:
    read, end = history(engine, id), time.monotonic() + PATIENCE
    while read.refresh().step < step:
        assert time.monotonic() < end
        time.sleep(0.005)


class Poisoned(LSGAN):
    """A loss of G that is NaN from step 31 on."""

    def step(self, batches):
        for losses in super().step(batches):
            yield {k: v * torch.nan if k == "G" and self.steps >= 30 else v for k, v in losses.items()}


class Broken(LSGAN):
    """Raises in step 21, as long as `fault` says so."""

    fault = True

    def step(self, batches):
        if self.steps == 20 and type(self).fault:
            raise ZeroDivisionError("weights of /home/somebody/secret/file.txt are odd\nsecond line")
        yield from super().step(batches)


class Slow(LSGAN):
    """Takes a tenth of a second for a step."""

    def step(self, batches):
        time.sleep(0.1)
        yield from super().step(batches)


class Unshowable(LSGAN):
    """Cannot be looked at."""

    def sample(self, z):
        raise RuntimeError("no picture")


def join_zoo(monkeypatch: pytest.MonkeyPatch, *variants: type[GAN]) -> None:
    """Put variants of a test into the zoo by their names, in lower case, each with an empty card."""
    for variant in variants:
        monkeypatch.setitem(models.ZOO, variant.__name__.lower(), variant)
        monkeypatch.setitem(models.CARDS, variant.__name__.lower(), Card())


def misbehave(monkeypatch: pytest.MonkeyPatch) -> None:
    """Put them into the zoo."""
    join_zoo(monkeypatch, Poisoned, Broken, Slow, Unshowable)
    monkeypatch.setattr(Broken, "fault", True)


class AtStep:
    """An Io on a folder of its own that gives a command exactly when its step has been made: {step: [command, ...]}."""

    def __init__(self, folder: Path, commands: dict[int, list[Command]] | None = None) -> None:
        self.journal, self.frames, self.checkpoints = Journal(folder / "events.jsonl"), Frames(folder / "frames"), Checkpoints(folder / "checkpoints")
        self.commands, self.step = commands or {}, 0
        self.emit, self.save, self.latest = self.journal.append, self.checkpoints.write, self.checkpoints.latest
        self.frame, self.snapshot = self.frames.put, Frames(folder / "looks").put

    def log(self):
        return self.journal.read()[0]

    def command(self, wait: float = 0.0) -> Command | None:
        waiting = self.commands.get(self.step)
        if waiting:
            return waiting.pop(0)
        self.step += 1
        return None

    def wanted(self) -> bool:
        return False


def final(folder: Path) -> tuple[int, dict[str, torch.Tensor], dict[str, Any], dict[str, list]]:
    """(step, tensors, meta without times, every row) that a run left in its folder."""
    step, tensors, meta = Checkpoints(folder / "checkpoints").latest()
    meta.pop("elapsed")
    return step, tensors, meta, History(Journal(folder / "events.jsonl")).refresh().exact()


def assert_same(a: Path, b: Path) -> None:
    """Two runs ended alike to the last bit: weights, averages, optimisers, generator, data position, knobs, and every row."""
    (step, tensors, meta, rows), (step_b, tensors_b, meta_b, rows_b) = final(a), final(b)
    assert step == step_b
    assert meta == meta_b
    assert tensors.keys() == tensors_b.keys()
    for name, tensor in tensors.items():
        assert tensor.dtype == tensors_b[name].dtype
        assert tensor.numpy().tobytes() == tensors_b[name].numpy().tobytes(), name
    assert rows["step"] == list(range(1, step + 1))
    assert repr(rows) == repr(rows_b)
