"""Warms up what is slow the first time, while nobody waits: lazy imports of torch, data packs, one step of the run most likely to be started."""

import logging
import math
import threading
import time
from functools import partial
from typing import Any

from torch import Tensor

from playground import data
from playground.config.machine import use_threads
from playground.engine.engine import Engine
from playground.evaluation import suite
from playground.render.decoder import own_pillow
from playground.specs import cost, presets
from playground.specs.check import check
from playground.types import Event, Refused
from playground.worker.protocol import Command
from playground.worker.turns import run

log = logging.getLogger(__name__)
WAIT = 60.0         # seconds


class DiscardingIo:
    """A run's Io that keeps nothing."""

    def emit(self, event: Event, sync: bool = False) -> None:
        """Forgets the event."""

    def save(self, step: int, tensors: dict[str, Tensor], meta: dict[str, Any]) -> None:
        """Forgets the checkpoint."""

    def frame(self, step: int, data: bytes, mark: bool = False) -> None:
        """Forgets the picture."""

    def snapshot(self, step: int, data: bytes, mark: bool = False) -> None:
        """Forgets the snapshot."""

    def log(self) -> list[Event]:
        """No events: nothing was kept."""
        return []

    def latest(self) -> None:
        """No checkpoint: the run begins anew."""

    def command(self, wait: float = 0.0) -> Command | None:
        """None: nobody asks anything of it."""
        return None

    def wanted(self) -> bool:
        """False: nobody queues for it."""
        return False


def warm(engine: Engine, stop: threading.Event) -> float:
    """Warm up, and return how many seconds it took. What the first visitor needs comes first; the rest waits while a run trains, for at most a
    minute. Ends early at `stop`.

    An error here is logged and has no other effect: it will show again where it matters.
    """
    start = time.monotonic()
    try:
        use_threads(1)                                  # this thread's own: it must not slow down a run
        first = presets.FIRST
        known = presets.preset(first["variant"], first["data"], first["preset"])
        spec = engine.fitted(check({"variant": first["variant"], "data": first["data"], **known, "steps": 2}))
        cost.bytes_needed(spec)
        run(spec, DiscardingIo())
        measured = [partial(suite.quality_of, id) for id, found in data.DATASETS.items() if not found.needs]
        later = [decoder, partial(listed, engine), partial(cost.estimate, spec), *measured]
        for task in later:
            while engine.live() and time.monotonic() < start + WAIT and not stop.wait(0.5):
                pass
            if stop.is_set():
                break
            task()
    except Exception:
        log.exception("warming up failed")
    return time.monotonic() - start


def decoder() -> None:
    """Install what decodes pictures where ./start has not, as on a Space."""
    try:
        own_pillow.ready()
    except Refused as refused:                          # whoever sends a picture sees the refusal, and it is tried again then
        log.warning("%s", refused)


def listed(engine: Engine, seconds: float = math.inf) -> None:
    """Read the summaries of all runs, so that the first visitor need not wait; for at most `seconds`."""
    end = time.monotonic() + seconds
    for found in engine.all():
        if time.monotonic() > end:
            return
        engine.index.of(found.id)
