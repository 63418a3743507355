"""How many torch threads a run gets: measured when it first trains, and kept with it, because one thread and two give different bits."""

import logging
import statistics
import time
from collections.abc import Callable

import torch

from models.kit.batch import Batch
from models.kit.gan import GAN
from playground.config.cpu.cores import CORES
from playground.data import ExampleBatches
from playground.training.build import domain_of, untrained
from playground.training.trainer import BUFFER_STEPS, Trainer
from playground.types import Spec

log = logging.getLogger(__name__)
SECONDS = 0.25          # for which each number is tried, without its first batch
GAIN = 1.05             # speed of all its cores over one: less is no gain


class TimeUp(Exception):
    """The time for a trial is over."""


class TimedBatches(ExampleBatches):
    """The same batch again and again, and the times at which it was taken. The first one, with its warm-up, does not count."""

    def __init__(self, gan: GAN, device: str, over: Callable[[], bool]) -> None:
        super().__init__(gan.batch, gan.knobs.batch, gan.domain, device)
        self.over, self.at = over, list[float]()

    def __next__(self) -> Batch:
        """Raises TimeUp."""
        self.at.append(time.perf_counter())
        if (len(self.at) > 3 and self.at[-1] - self.at[1] > SECONDS) or self.over():
            raise TimeUp
        return self.example

    @property
    def times(self) -> list[float]:
        """Seconds from each batch to the next."""
        return [b - a for a, b in zip(self.at[1:], self.at[2:], strict=False)]


def choose(spec: Spec, most: int, over: Callable[[], bool] = lambda: False) -> int:
    """1 or `most`, whichever trains faster now, tried on a copy that is thrown away: nothing of the run is touched. Takes four batches of each at
    least, else half a second; `most` as soon as `over` returns true.

    An error in the run will show in the run; here it is only logged.
    """
    if most == 1:
        return 1
    try:
        all_, single = (timed(spec, threads, over) for threads in (most, 1))
    except Exception:
        log.exception("the threads of a run of %s on %s were not measured", spec.variant, spec.data)
        return most
    gains = [b / a for a, b in zip(all_, single, strict=False)]        # batch by batch: some cost more than others
    return most if not gains or statistics.median(gains) >= GAIN else 1


def timed(spec: Spec, threads: int, over: Callable[[], bool]) -> list[float]:
    """Seconds of each batch of such a run with so many threads, from its start."""
    gan = untrained(spec.variant, domain_of(spec), spec.knobs, torch.Generator().manual_seed(0))
    draws = TimedBatches(gan, spec.device, over)
    with CORES.trains(threads):
        trainer = Trainer(gan, draws, 10**9, spec.device, generator=torch.Generator(spec.device).manual_seed(0), bf16=spec.precision == "bfloat16")
        try:
            while True:
                trainer.advance()
                if len(trainer.buffer.steps) == BUFFER_STEPS:
                    trainer.buffer.read()
        except TimeUp:
            return draws.times
