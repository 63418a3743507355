"""Jobs that find the latent of a given sample (GAN inversion), with their best result so far."""

import logging
import time
from dataclasses import dataclass
from typing import Any

from torch import Tensor

from models.kit.capabilities import Encoder
from playground.config.limits.memory_cache import LRUCache
from playground.config.limits.pool import Pool
from playground.config.limits.shares import Shares
from playground.explorer.generator import TrainedGenerator
from playground.explorer.latents.invert import Inversion
from playground.types import new_id

log = logging.getLogger(__name__)
Answer = dict[str, Any]
ALL, EACH, ADDRESS, NEW = 12, 2, 5, 4   # searches that wait or run: in all, per person, per network, reserved for newcomers
KEPT = 100                              # jobs that are remembered
FRESH, WHOLE = 0.2, 120.0           # seconds between two updates of the answer; for a whole search
LOST: Answer = {"done": True, "lost": True, "share": 0, "residual": None}


@dataclass
class Job:
    """A search, with the newest answer about it."""

    answer: Answer


class Inversions:
    """The running and finished searches. A job's id is 128 random bits: whoever has it may read the result."""

    def __init__(self) -> None:
        self._jobs: LRUCache[Job] = LRUCache(KEPT, lambda _: 1)
        self._workers = Pool("inversions", 2, Shares("searches for a latent", ALL, EACH, ADDRESS, NEW), patient=True)

    def begin(self, of: TrainedGenerator, target: Tensor, restarts: int, steps: int) -> str:
        """Start a search for `target`, (*dims); returns the job's id. Refused("server", ...) while too many wait."""
        by = "encoder" if isinstance(of.gan, Encoder) else "adam"
        id, job = new_id(), Job({**LOST, "done": False, "lost": False, "by": by, "target": of.rendered(target[None], 1)})
        self._workers.submit(lambda: self._search(job, of, target, restarts, steps))
        self._jobs.put(id, job)
        return id

    def result(self, id: str) -> Answer:
        """The best result so far, with the target. {"lost": true} for a search that failed or is no longer remembered."""
        job = self._jobs.get(id)
        return job.answer if job else LOST

    def _search(self, job: Job, of: TrainedGenerator, target: Tensor, restarts: int, steps: int) -> None:
        due, end = time.monotonic() + FRESH, time.monotonic() + WHOLE
        try:
            for found in of.inversions(target, restarts, steps):
                if time.monotonic() > end:              # time is up: return the best so far
                    found = found._replace(share=1)
                if found.share == 1 or time.monotonic() > due:
                    job.answer, due = updated(job, of, found), time.monotonic() + FRESH
                if found.share == 1:
                    return
        except Exception:
            log.exception("a search for a latent broke")
            job.answer = LOST


def updated(job: Job, of: TrainedGenerator, found: Inversion) -> Answer:
    """The job's new answer."""
    return {**job.answer, "done": found.share == 1, "share": found.share, "residual": round(found.residual, 4),
            **of.rendered_latents(found.z[None], 1)}
