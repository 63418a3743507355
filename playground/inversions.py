"""Searches for the latent that a sample came from: one after the other, with what is found so far."""

import logging
import threading
import time
from collections import OrderedDict
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

from torch import Tensor

from playground.latents.invert import Found, invert
from playground.machine import use_threads
from playground.source import Source
from playground.types import Refused, new_id

log = logging.getLogger(__name__)
Answer = dict[str, Any]
EACH, ALL, KEPT = 2, 12, 100        # searches of one person and of everybody that wait or go on; that are remembered
FRESH = 0.2                         # seconds between two looks at what is found
LOST: Answer = {"done": True, "lost": True, "share": 0, "residual": None}


@dataclass
class Job:
    owner: str
    told: Answer


class Inversions:
    """A job's id is 128 random bits: who has it may look."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._jobs: OrderedDict[str, Job] = OrderedDict()
        self._worker = ThreadPoolExecutor(1, "inversions", initializer=use_threads, initargs=(1,))

    def begin(self, owner: str, of: Source, target: Tensor, restarts: int, steps: int) -> str:
        """A job's id; `target` (*dims). Refused("target", ...) while too many wait."""
        job = Job(owner, {**LOST, "done": False, "lost": False, "by": "adam", "target": of.seen(target[None], 1)})
        with self._lock:
            waiting = [other.owner for other in self._jobs.values() if not other.told["done"]]
            if waiting.count(owner) >= EACH or len(waiting) >= ALL:
                raise Refused("target", f"{EACH} searches of one person, and {ALL} in all, may go on at once: wait until one has ended")
            id = new_id()
            self._jobs[id] = job
            while len(self._jobs) > KEPT:
                self._jobs.popitem(last=False)
        self._worker.submit(self._search, job, of, target, restarts, steps)
        return id

    def told(self, id: str) -> Answer:
        """The best so far, beside the target. A search that nobody remembers, or that broke, is {"lost": true}."""
        job = self._jobs.get(id)
        return job.told if job else LOST

    def _search(self, job: Job, of: Source, target: Tensor, restarts: int, steps: int) -> None:
        due = time.monotonic() + FRESH
        try:
            for found in invert(of.gan.sample, target, of.prior, of.dim, restarts=restarts, steps=steps):
                if found.share == 1 or time.monotonic() > due:
                    job.told, due = seen(job, of, found), time.monotonic() + FRESH
        except Exception:
            log.exception("a search for a latent broke")
            job.told = LOST


def seen(job: Job, of: Source, found: Found) -> Answer:
    """What is told of a search from now on."""
    return {**job.told, "done": found.share == 1, "share": found.share, "residual": round(found.residual, 4), **of.shown(found.z[None], 1)}
