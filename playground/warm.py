"""Pays for what is slow the first time while nobody waits: imports that torch puts off, data packs, one step of the run most likely to be started."""

import logging
import math
import threading
import time
from functools import partial
from typing import Any

from torch import Tensor

from playground import data, estimate, presets, quality
from playground.check import check
from playground.engine import Engine
from playground.machine import use_threads
from playground.runner import Command, run
from playground.types import Event

log = logging.getLogger(__name__)
WAIT = 60.0         # seconds


class Nowhere:
    """A run's Io that keeps nothing."""

    def emit(self, event: Event, sync: bool = False) -> None: ...
    def save(self, step: int, tensors: dict[str, Tensor], meta: dict[str, Any]) -> None: ...
    def frame(self, step: int, data: bytes, mark: bool = False) -> None: ...
    def look(self, step: int, data: bytes, mark: bool = False) -> None: ...

    def log(self) -> list[Event]:
        return []

    def latest(self) -> None:
        return None

    def command(self, wait: float = 0.0) -> Command | None:
        return None

    def wanted(self) -> bool:
        return False


def warm(engine: Engine, stop: threading.Event) -> float:
    """Seconds it took. What the first click needs comes first; the rest waits while a run trains, for at most a minute. Over early at `stop`.

    A fault here is logged and costs nothing else: it will show again where it matters.
    """
    start = time.monotonic()
    try:
        use_threads(1)                                  # this thread's own: it must not slow down a run
        first = presets.FIRST
        known = presets.preset(first["variant"], first["data"], first["preset"])
        spec = engine.fitted(check({"variant": first["variant"], "data": first["data"], **known, "steps": 2}))
        estimate.need(spec)
        run(spec, Nowhere())
        measured = [partial(quality.of, id) for id, found in data.DATASETS.items() if not found.needs]
        later = [partial(listed, engine), partial(estimate.estimate, spec), *measured]
        for act in later:
            while engine.live() and time.monotonic() < start + WAIT and not stop.wait(0.5):
                pass
            if stop.is_set():
                break
            act()
    except Exception:
        log.exception("warming up failed")
    return time.monotonic() - start


def listed(engine: Engine, seconds: float = math.inf) -> None:
    """Read what lists say of every run, so that the first who asks need not wait; for so long at most."""
    end = time.monotonic() + seconds
    for found in engine.all():
        if time.monotonic() > end:
            return
        engine.index.of(found.id)
