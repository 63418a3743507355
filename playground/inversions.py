"""Searches for the latent that a sample came from: one after the other, with what is found so far."""

import threading
from collections import OrderedDict
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

from torch import Tensor

from playground.latents.invert import Found, invert
from playground.machine import use_threads
from playground.source import Source
from playground.types import Refused, new_id

EACH, ALL, KEPT = 2, 12, 100        # jobs of one person and of everybody that wait or search; that are remembered


@dataclass
class Job:
    owner: str
    of: Source
    target: Tensor                  # (*dims)
    found: Found | None = None
    done: bool = False


class Inversions:
    """A job's id is 128 random bits: who has it may look."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._jobs: OrderedDict[str, Job] = OrderedDict()
        self._worker = ThreadPoolExecutor(1, "inversions", initializer=use_threads, initargs=(1,))

    def begin(self, owner: str, of: Source, target: Tensor, restarts: int, steps: int) -> str:
        """A job's id. Refused("target", ...) while too many wait."""
        with self._lock:
            open_ = [job.owner for job in self._jobs.values() if not job.done]
            if open_.count(owner) >= EACH or len(open_) >= ALL:
                raise Refused("target", f"{EACH} searches of one person, and {ALL} in all, may go on at once: wait until one has ended")
            id, job = new_id(), Job(owner, of, target)
            self._jobs[id] = job
            while len(self._jobs) > KEPT:
                self._jobs.popitem(last=False)
        self._worker.submit(self._search, job, restarts, steps)
        return id

    def told(self, id: str) -> dict[str, Any]:
        """What is found so far, beside the target. One that nobody remembers is {"lost": true}: the server was started anew, or it is long ago."""
        job = self._jobs.get(id)
        if job is None:
            return {"done": True, "lost": True, "share": 0, "residual": None}
        done, found = job.done, job.found
        told = {"done": done, "lost": done and found is None, "share": found.share if found else 0, "residual": found and round(found.residual, 4),
                "by": "adam", "target": job.of.seen(job.target[None], 1)}
        return {**told, **job.of.shown(found.z[None], 1)} if found else told

    def _search(self, job: Job, restarts: int, steps: int) -> None:
        try:
            for found in invert(job.of.gan.sample, job.target, job.of.prior, job.of.dim, restarts=restarts, steps=steps):
                job.found = found
        finally:
            job.done = True
