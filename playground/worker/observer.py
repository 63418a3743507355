"""When a run shows itself: frames of its samples and snapshots of its D, at such intervals that training loses little time to them."""

import time
from collections.abc import Callable

from models.kit.gan import GAN, Latent
from playground.data import Data
from playground.inspection.critic_images import ImagesSnapshot
from playground.inspection.critic_points import PointsSnapshot
from playground.inspection.samples import SampleRecorder, log_errors
from playground.training.trainer import Trainer
from playground.worker.alarms import Falls
from playground.worker.protocol import Intervals, Io


class Observer:
    """One run's. Frames and snapshots each have their own least interval, and their own largest share of all time; a mark is shown at once."""

    def __init__(self, gan: GAN, data: Data, seed: int, device: str, io: Io, intervals: Intervals) -> None:
        self.io, self.intervals = io, intervals
        self.progress = SampleRecorder(gan, data, seed, device)
        kind = PointsSnapshot if data.shape.is_points else ImagesSnapshot
        self.snapshot_maker = kind(gan, data, self.progress.code) if isinstance(gan, Latent) else None
        points = data.shape.is_points
        self.every = intervals.points if points else intervals.images
        self.between = intervals.snapshots_points if points else intervals.snapshots_images
        self.frame_due = self.snapshot_due = 0.0
        self.frame_step = self.snapshot_step = -1                  # steps of the last frame and snapshot
        self.falls = Falls([])
        self.marked = {"frame", "look"}                 # kinds of which the next one is kept when they are thinned

    def begin_at(self, step: int) -> None:
        """The run resumes at a step that has been shown."""
        self.frame_step = self.snapshot_step = step

    def go_on(self) -> None:
        """The run only changed its worker, and has just been shown: nothing is due."""
        self.marked.clear()
        self.frame_due, self.snapshot_due = time.monotonic() + self.every, time.monotonic() + self.between

    def again(self) -> None:
        """Show the next step as well."""
        self.frame_due = self.snapshot_due = 0.0

    def mark(self) -> None:
        """Something happens at this step: keep what is shown next."""
        self.marked = {"frame", "look"}
        self.snapshot_due = 0.0

    def keep_up(self, trainer: Trainer, log_quality: Callable[[], None]) -> None:
        """Show what is due. `log_quality` is called before a frame."""
        now = time.monotonic()
        if now >= self.frame_due:
            self.frame(trainer, log_quality)
        if now >= self.snapshot_due:
            self.snapshot(trainer)

    def settle(self, trainer: Trainer, log_quality: Callable[[], None]) -> None:
        """Show the present step."""
        self.frame(trainer, log_quality)
        self.snapshot(trainer)

    def frame(self, trainer: Trainer, log_quality: Callable[[], None]) -> None:
        """Keep samples of this step, with their measures, unless that was done."""
        start, step = time.monotonic(), trainer.step
        if self.frame_step == step:
            return
        log_quality()
        self.frame_step = step
        seen = self.progress.record(trainer.view())
        if seen:
            self.io.frame(step, seen[0], "frame" in self.marked)
            self.io.emit({"frame": step})
            self.io.emit({"measure": seen[1], "step": step})
            self.watch(seen[1], step)
            self.marked.discard("frame")
        self.frame_due = self.next_due(start, self.every)

    def watch(self, measures: dict[str, float], step: int) -> None:
        """Raise the alarm if samples have collapsed."""
        alarm = self.falls.check(measures, step)
        if alarm:
            self.io.emit(alarm)

    def verdict(self, step: int) -> str:
        """The summary of a run that has ended at `step`, with an alarm; "" when there is something to see."""
        alarm = self.falls.end(step)
        if alarm is None:
            return ""
        if alarm["alarm"]["kind"] == "lost":
            self.io.emit(alarm)
        return f"It ended without success. {alarm['alarm']['says']}"

    def snapshot(self, trainer: Trainer) -> None:
        """Keep a snapshot of D at this step, unless that was done."""
        start, step = time.monotonic(), trainer.step
        if self.snapshot_step == step or self.snapshot_maker is None:
            return
        self.snapshot_step = step
        seen = self._see(trainer)
        if seen:
            self.io.snapshot(step, seen, "look" in self.marked)
            self.io.emit({"look": step})
            self.marked.discard("look")
        self.snapshot_due = self.next_due(start, self.between)

    @log_errors
    def _see(self, trainer: Trainer) -> bytes | None:
        return self.snapshot_maker.capture(trainer.view())

    def next_due(self, start: float, least: float) -> float:
        """When to repeat what began at `start` and is over now. A single slow one delays the next by at most ten intervals."""
        now = time.monotonic()
        return now + min(max(least, (now - start) / self.intervals.share), 10 * least)
