"""What a run shows of itself now and then: frames of its samples, and looks at its D. When, so that training pays little for it."""

import time
from collections.abc import Callable

from models.kit.gan import GAN, Latent
from playground.alarms import Falls
from playground.data import Data
from playground.door import Io, Pace
from playground.look_images import ImagesLook
from playground.look_points import PointsLook
from playground.progress import Progress, harmless
from playground.trainer import Trainer


class Shown:
    """One run's. Each kind has its own least time between two, and its own share of all time at most; a mark is shown at once."""

    def __init__(self, gan: GAN, data: Data, seed: int, device: str, io: Io, pace: Pace) -> None:
        self.io, self.pace = io, pace
        self.progress = Progress(gan, data, seed, device)
        kind = PointsLook if data.shape.is_points else ImagesLook
        self.looks = kind(gan, data, self.progress.z) if isinstance(gan, Latent) else None
        self.every, self.between = (pace.points, pace.looks_points) if data.shape.is_points else (pace.images, pace.looks_images)
        self.frame_due = self.look_due = 0.0
        self.framed = self.looked = -1                  # steps of the last frame and look
        self.falls = Falls([])
        self.marked = {"frame", "look"}                 # kinds of which the next is spared when they are thinned

    def begin_at(self, step: int) -> None:
        """What there is of a run that goes on."""
        self.framed = self.looked = step

    def again(self) -> None:
        """Show the next step, too."""
        self.frame_due = self.look_due = 0.0

    def mark(self) -> None:
        """Something happens here: keep what is shown next."""
        self.marked = {"frame", "look"}
        self.look_due = 0.0

    def keep_up(self, trainer: Trainer, tell: Callable[[], None]) -> None:
        """Show what is due. `tell` is called before a frame."""
        now = time.monotonic()
        if now >= self.frame_due:
            self.frame(trainer, tell)
        if now >= self.look_due:
            self.look(trainer)

    def settle(self, trainer: Trainer, tell: Callable[[], None]) -> None:
        """Show how far it is."""
        self.frame(trainer, tell)
        self.look(trainer)

    def frame(self, trainer: Trainer, tell: Callable[[], None]) -> None:
        start, step = time.monotonic(), trainer.step
        if self.framed == step:
            return
        tell()
        self.framed = step
        seen = self.progress.look(trainer.view())
        if seen:
            self.io.frame(step, seen[0], "frame" in self.marked)
            self.io.emit({"frame": step})
            self.io.emit({"measure": seen[1], "step": step})
            self.watch(seen[1], step)
            self.marked.discard("frame")
        self.frame_due = self.next_due(start, self.every)

    def watch(self, measures: dict[str, float], step: int) -> None:
        """Sound the alarm if samples have collapsed."""
        alarm = self.falls.look(measures, step)
        if alarm:
            self.io.emit(alarm)

    def look(self, trainer: Trainer) -> None:
        start, step = time.monotonic(), trainer.step
        if self.looked == step or self.looks is None:
            return
        self.looked = step
        seen = self._see(trainer)
        if seen:
            self.io.look(step, seen, "look" in self.marked)
            self.io.emit({"look": step})
            self.marked.discard("look")
        self.look_due = self.next_due(start, self.between)

    @harmless
    def _see(self, trainer: Trainer) -> bytes | None:
        return self.looks.see(trainer.view())

    def next_due(self, start: float, least: float) -> float:
        """When to do next what began at `start` and is over now. One that was slow for once delays no more than ten."""
        now = time.monotonic()
        return now + min(max(least, (now - start) / self.pace.share), 10 * least)
