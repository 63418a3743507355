"""Measures a run's quality beside it, in a thread of its own that the run never waits for."""

import logging
import queue
import threading
import time
from collections import deque
from typing import Any

import torch
from torch import Tensor

from models.kit.gan import GAN, Latent
from playground import quality
from playground.machine import use_threads
from playground.trainer import Trainer
from playground.types import Event, Spec

log = logging.getLogger(__name__)
LEAST = 1.0         # seconds before the first measures, and between two
LAST = 2.0          # the last measures are made when they are thought to take less
CHUNK = 125         # samples made at once


class Assessor:
    """The run's thread calls everything here. `look` copies the averaged weights when a measure is due and the last one is done; `news` are
    events to journal. A measure that cost c seconds of its thread is followed by the next after c / share. A fault costs the value, not the run.
    """

    def __init__(self, spec: Spec, share: float) -> None:
        """`share` of the time, at most; 0 for none."""
        self.spec, self.share = spec, share
        self.told: dict[str, Any] | None = None         # what the journal says is compared with what
        self.step, self.cost, self.due = -1, 0.0, time.monotonic() + LEAST
        self._view: GAN | None = None
        self._asked: queue.SimpleQueue[int | None] = queue.SimpleQueue()
        self._found: deque[Event] = deque()
        self._idle, self._closed = threading.Event(), threading.Event()
        self._thread = threading.Thread(target=self._work, name="quality", daemon=True)
        self._idle.set()

    def look(self, trainer: Trainer) -> None:
        """Have this step measured, if it is time. Copies weights, at most."""
        if self.share and time.monotonic() >= self.due and self._idle.is_set() and trainer.step != self.step and isinstance(trainer.gan, Latent):
            self._idle.clear()
            self.due = time.monotonic() + LEAST
            self.step, self._view = trainer.step, trainer.snapshot(self._view)
            if not self._thread.is_alive():
                torch.get_num_threads()         # the calling thread takes its number now, and not after the new one has asked for 1
                self._thread.start()
            self._asked.put(self.step)

    def last(self, trainer: Trainer) -> None:
        """Wait for the measures of the last step, unless they would take long."""
        if self.cost < LAST and self._idle.wait(LAST):
            self.due = 0.0
            self.look(trainer)
            self._idle.wait(2 * LAST)

    def news(self) -> list[Event]:
        found = []
        while self._found:
            found.append(self._found.popleft())
        return found

    def close(self) -> None:
        """Let go of the thread: what it is measuring is lost."""
        self._closed.set()
        self._asked.put(None)
        if self._thread.is_alive():
            self._thread.join(LAST)

    def _work(self) -> None:
        use_threads(1)
        while (step := self._asked.get()) is not None:
            try:
                self._measure(step)
            except Exception:
                log.exception("no quality of step %d", step)
            finally:
                self._idle.set()

    def _measure(self, step: int) -> None:
        against = quality.of(self.spec.data, self.spec.size, self.spec.options)
        ruler = {"extractor": against.extractor, "n": against.n, "seed": self.spec.seed}
        if not self.told or any(self.told[key] != value for key, value in ruler.items()):
            self.told = {"floors": against.floors, **ruler}
            self._found.append({"quality": self.told})
        start, spent = time.monotonic(), time.thread_time()
        try:
            fakes = self._sample(against.n)
            if fakes is not None:
                self._found.append({"measure": against.slow(fakes), "step": step})
        finally:
            passed = time.monotonic() - start
            self.cost = time.thread_time() - spent if self.spec.device == "cpu" else passed     # waiting for a device is its work
            self.due = start + max(LEAST, self.cost / self.share)

    def _sample(self, n: int) -> Tensor | None:
        """n samples of always the same latents, on the CPU; None when closed meanwhile."""
        z, parts = self._view.noise(n, torch.Generator().manual_seed(self.spec.seed)), []
        with torch.no_grad():
            for part in z.split(CHUNK):
                if self._closed.is_set():
                    return None
                parts.append(self._view.sample(part.to(self.spec.device)).float().cpu())
        return torch.cat(parts)
