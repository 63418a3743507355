"""What changes a run in its middle: tunes of its knobs, and the number of threads that it computes with.

Each is in the journal, on the disk, before it acts, and is made again at its step when the run goes on from an earlier checkpoint.
"""

from dataclasses import asdict
from typing import Any

import torch

from models.kit.knobs import BadKnob, check
from playground.config.cpu.cores import CORES
from playground.training.trainer import Trainer
from playground.types import Event, Refused
from playground.worker.observer import Observer
from playground.worker.protocol import Command, Io
from playground.worker.resuming import Past


class Changes:
    """Those of one run."""

    def __init__(self, trainer: Trainer, observer: Observer, io: Io) -> None:
        self.trainer, self.observer, self.io = trainer, observer, io
        self.planned: list[Event] = []                  # in the journal already, of this step or a later one, in order

    def go_on(self, past: Past) -> None:
        """Compute with as many threads as it last had, and plan what its journal has beyond this step."""
        self.planned = past.changes
        if past.threads:
            CORES.resize(past.threads)

    def replay(self) -> None:
        """Make the logged changes of this step again."""
        while self.planned and self.planned[0]["step"] <= self.trainer.step:
            event = self.planned.pop(0)
            if "threads" in event:
                CORES.resize(event["threads"])
                continue
            values: dict[str, Any] = {name: after for name, (_, after) in event["tune"].items()}
            self._tune(check(type(self.trainer.gan).Knobs, asdict(self.trainer.gan.knobs) | values))

    def tune(self, command: Command) -> None:
        """Change knobs. They were checked before; here again, for the knobs may have changed since."""
        old = asdict(self.trainer.gan.knobs)
        try:
            knobs = check(type(self.trainer.gan).Knobs, old | command.value)
        except BadKnob as bad:
            if command.answer:
                command.answer.set_exception(Refused(bad.field, str(bad)))
            return
        changed = {k: [old[k], v] for k, v in asdict(knobs).items() if v != old[k]}
        if changed:
            self.io.emit({"tune": changed, "step": self.trainer.step}, sync=True)
            self._tune(knobs)
        if command.answer:
            command.answer.set_result(self.trainer.step)

    def compute_with(self, threads: int) -> None:
        """Change the number of torch threads, unless its journal still says with how many the next steps were made."""
        if not self.planned and torch.get_num_threads() != threads:         # asked twice, it changes once
            self.io.emit({"threads": threads, "step": self.trainer.step}, sync=True)
            CORES.resize(threads)

    def _tune(self, knobs: Any) -> None:
        self.trainer.tune(knobs)
        self.observer.mark()
