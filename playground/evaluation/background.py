"""Measures a run's quality while it trains, in a thread of its own that the run never waits for."""

import logging
import queue
import threading
import time
from collections import deque
from typing import Any

import torch
from torch import Tensor

from models.kit.capabilities import told_labels
from models.kit.code import Code
from models.kit.gan import GAN, Latent
from playground.config.cpu.cores import CORES
from playground.config.machine import use_threads
from playground.evaluation import suite
from playground.training.trainer import Trainer
from playground.types import Event, Spec

log = logging.getLogger(__name__)
LEAST = 1.0         # seconds before the first measure, and at least between two
LAST = 2.0          # seconds: the last step is measured if that is expected to take less
CHUNK = 125         # samples made at once


class BackgroundEvaluation:
    """The run's thread calls every public method. `measure_if_due` copies the averaged weights when a measure is due and the last one is done;
    `take_events` returns events for the journal. After a measure that took c seconds of its thread the next is due c / share later. An exception
    costs the value, not the run.
    """

    def __init__(self, spec: Spec, share: float) -> None:
        """`share`: the largest share of the time that measuring may take; 0 turns it off."""
        self.spec, self.share = spec, share
        self.reference: dict[str, Any] | None = None         # what measures are compared with, as the journal has it
        self.step, self.cost, self.due = -1, 0.0, time.monotonic() + LEAST
        self._view: GAN | None = None
        self._requests: queue.SimpleQueue[int | None] = queue.SimpleQueue()
        self._events: deque[Event] = deque()
        self._idle, self._closed = threading.Event(), threading.Event()
        self._thread = threading.Thread(target=self._work, name="quality", daemon=True)
        self._idle.set()

    @property
    def ready(self) -> bool:
        """Whether a measure is due, and the last one done."""
        return bool(self.share) and time.monotonic() >= self.due and self._idle.is_set()

    def measure_if_due(self, trainer: Trainer) -> None:
        """Start measuring this step if a measure is due. Takes no longer than copying the weights."""
        if self.ready and trainer.step != self.step and isinstance(trainer.gan, Latent):
            self._idle.clear()
            self.due = time.monotonic() + LEAST
            self.step, self._view = trainer.step, trainer.snapshot(self._view)
            if not self._thread.is_alive():
                torch.get_num_threads()         # fixes the calling thread's number before the new thread sets its own to 1
                self._thread.start()
            self._requests.put(self.step)

    def measure_last_step(self, trainer: Trainer) -> None:
        """Wait for the measures of the last step, unless they would take longer than LAST seconds."""
        if self.cost < LAST and self._idle.wait(LAST):
            self.due = 0.0
            self.measure_if_due(trainer)
            self._idle.wait(2 * LAST)

    def take_events(self) -> list[Event]:
        """The events since the last call, oldest first."""
        events = []
        while self._events:
            events.append(self._events.popleft())
        return events

    def close(self) -> None:
        """End the thread; a measure in progress is lost."""
        self._closed.set()
        self._requests.put(None)
        if self._thread.is_alive():
            self._thread.join(LAST)

    def _work(self) -> None:
        CORES.unpin()
        use_threads(1)
        while (step := self._requests.get()) is not None:
            try:
                self._measure(step)
            except Exception:
                log.exception("no quality of step %d", step)
            finally:
                self._idle.set()

    def _measure(self, step: int) -> None:
        quality = suite.quality_of(self.spec.data, self.spec.size, self.spec.options)
        basis = {"extractor": quality.extractor, "n": quality.n, "seed": self.spec.seed}
        known, best = self.reference, quality.best
        if not known or any(known[key] != value for key, value in basis.items()) or known.get("draws", 0) < best.draws:
            told = [{name: v for name, v in part.items() if name not in suite.OF_CLASSES or told_labels(self._view)}
                    for part in (best.mean, best.deviation)]
            self.reference = {"floors": told[0], "deviations": told[1], "draws": best.draws, **basis}
            self._events.append({"quality": self.reference})
        start, spent = time.monotonic(), time.thread_time()
        try:
            code = suite.code_of(self._view, quality, torch.Generator().manual_seed(self.spec.seed))
            fakes = self._sample(code)
            if fakes is not None:
                found = quality.slow(fakes, suite.asked_of(self._view, code)) | suite.classified(self._view, quality, self.spec.device)
                self._events.append({"measure": found | suite.clusters_of(self._view, quality), "step": step})
            quality.refine()                            # counts towards the cost of this measure
        finally:
            passed = time.monotonic() - start
            self.cost = time.thread_time() - spent if self.spec.device == "cpu" else passed     # waiting for a GPU counts as work
            self.due = start + max(LEAST, self.cost / self.share)

    def _sample(self, code: Code) -> Tensor | None:
        """Samples of the same code every time, on the CPU; None when closed meanwhile."""
        parts = []
        with torch.no_grad():
            for part in code.split(CHUNK):
                if self._closed.is_set():
                    return None
                parts.append(self._view.sample(part.to(self.spec.device)).float().cpu())
        return torch.cat(parts)
