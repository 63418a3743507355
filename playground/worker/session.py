"""One run in one worker: its trainer, and when to obey commands, flush, show and save. See `turns`, which calls it."""

import time

from playground.config.file_handles import wait_for_handle
from playground.data import load
from playground.evaluation.background import BackgroundEvaluation
from playground.training.build import trainer_of
from playground.training.trainer import BUFFER_STEPS, Diverged
from playground.types import Refused, Spec, Status
from playground.units import span
from playground.worker import alarms
from playground.worker.changes import Changes
from playground.worker.observer import Observer
from playground.worker.protocol import CLOSED, Command, End, Intervals, Io
from playground.worker.resuming import Past, restore


class Session:
    """Begins from the run's last checkpoint, if there is one; then each `turn` makes a step."""

    def __init__(self, spec: Spec, io: Io, intervals: Intervals, alone: bool = True) -> None:
        """`alone`: as of Turns."""
        self.spec, self.io, self.intervals, self.alone = spec, io, intervals, alone
        data = wait_for_handle(lambda: load(spec.data, spec.size, spec.options))
        self.trainer = trainer_of(spec, data)
        self.observer = Observer(self.trainer.gan, data, spec.seed, spec.device, io, intervals)
        self.assessor = BackgroundEvaluation(spec, intervals.quality)
        self.begun, self.paused, self.elapsed_at_pause, self.pause_at, self.phase = False, False, 0.0, -1, "play"
        self.saved, self.flushed, self.began = -1, 0, 0         # steps of the last checkpoint and flush, and of this worker's first
        self.earlier_images = 0                         # that this run had seen before this worker took it
        self.leaving: Command | None = None             # the command to give up its worker
        self.changes = Changes(self.trainer, self.observer, io)

    def turn(self, wait: float, advance: bool = True) -> End | None:
        """Begin, if this is the first one; obey, and make a step unless paused or not to `advance`. How it ended, if it did. Raises the faults that
        have no status of their own."""
        try:
            if not self.begun:
                self.begin()
                self.begun = True
            if not self.done:
                self.changes.replay()                   # before new ones of this step, as in the journal
                end = self.obey(wait)
                if end or self.paused or not advance:
                    return end
                self.trainer.advance()
                self.log_phase()
                self.keep_up()
                if self.intervals.most and self.elapsed - self.inherited >= self.intervals.most and not self.done:
                    self.finish()
                    return Status.STOPPED, f"It has trained for {span(self.intervals.most)}, which is what a run may have here."
            if not self.done:
                return None
            self.finish()
            return Status.FINISHED, self.observer.verdict(self.trainer.step)
        except Diverged as bad:
            self.io.emit({"rewind": bad.step})              # what was shown after it, before its numbers were read, is void
            if bad.rows.get("step"):
                self.io.emit({"rows": bad.rows, "elapsed": self.elapsed, "images": self.images})
            self.io.emit(alarms.ended(bad, self.io.log()))
            return Status.DIVERGED, f"{bad}." + (f" The last checkpoint before it, of step {self.saved}, is kept." if self.saved >= 0 else "")

    def begin(self) -> None:
        """Start from the last checkpoint, if there is one; what was logged after it is void, but tunes are made again at their steps."""
        events, found = self.io.log(), self.io.latest()
        elapsed, self.earlier_images = restore(self.trainer, found, events)
        if found:
            self.flushed = self.saved = found[0]
            self.observer.begin_at(found[0])
        past = Past.read(events, self.trainer.step, bool(found))
        if past.void:
            self.io.emit({"rewind": self.trainer.step})
        elif found:
            self.observer.go_on()
        self.began, self.inherited, self.phase = self.trainer.step, past.inherited, past.phase
        self.changes.go_on(past)
        self.observer.falls, self.jumps, self.assessor.reference = alarms.Falls(past.valid), alarms.Jumps(past.valid), past.quality
        self.log_phase(always=past.void or bool(events and not found))
        self.flush_due = self.since = time.monotonic() - elapsed
        self.checkpoint_due = time.monotonic() + self.intervals.checkpoint
        if not found:
            real = self.observer.progress.real()
            if real:
                self.io.emit({"measure": real, "step": 0})
                self.observer.falls.check(real, 0)
            self.observer.settle(self.trainer, self.log_quality)
            self.observer.again()
            self.checkpoint()

    def log_phase(self, always: bool = False) -> None:
        """Log the phase of the next step, when it changes; `always` after a rewind, which may have voided the last one."""
        phase = self.trainer.gan.phase()
        if always or phase != self.phase:
            self.phase = phase
            self.io.emit({"phase": phase, "step": self.trainer.step})

    @property
    def done(self) -> bool:
        """Whether its budget is used up."""
        seconds, images = self.spec.seconds, self.spec.images
        return self.trainer.done or bool(seconds and self.elapsed >= seconds) or bool(images and self.images >= images)

    @property
    def images(self) -> int:
        """Samples that it has drawn from the data."""
        return self.earlier_images + self.trainer.batches.drawn

    @property
    def elapsed(self) -> float:
        """Seconds of training, without pauses."""
        return round(self.elapsed_at_pause if self.paused else time.monotonic() - self.since, 3)

    def obey(self, wait: float) -> End | None:
        """Carry out the commands since the last step; paused, wait for one for so many seconds. Returns how the run ends when it is to leave its
        worker."""
        if self.trainer.step == self.pause_at:
            self.pause()
        while True:
            if self.leaving and not self.paused and self.trainer.step > self.began:         # a turn has at least one step
                return self.yield_worker()
            command = self.io.command(wait if self.paused else 0.0)
            if command is None:
                if self.paused:
                    self.log_quality()
                return (Status.PAUSED, "") if self.paused and self.io.wanted() else None    # resumed, it queues again
            if command.kind == "stop":
                self.finish()
                return Status.STOPPED, ""
            if command.kind == "close":
                self.settle()
                return CLOSED
            if command.kind == "tune":
                self.changes.tune(command)
            elif command.kind == "threads":
                self.changes.compute_with(command.value)
            elif command.kind == "checkpoint":
                self.keep(command)
            elif command.kind == "yield":
                self.leaving = command
            elif command.kind == "pause":
                self.pause()
            else:
                self.pause_at = self.trainer.step + command.value if command.kind == "advance" else -1
                self.go_on()

    def yield_worker(self) -> End:
        """Its time slice is over and others wait: it queues again, with everything on disk, and later resumes exactly here."""
        self.settle()
        self.io.emit({"yield": self.trainer.step}, sync=True)
        self.leaving.answer.set_result(max(0, self.pause_at - self.trainer.step))
        return Status.QUEUED, ""

    def pause(self) -> None:
        """Put everything of this step on disk, and log the status."""
        if not self.paused:
            self.settle()
            self.elapsed_at_pause, self.paused = self.elapsed, True
            self.io.emit({"status": Status.PAUSED})

    def go_on(self) -> None:
        """Resume: time counts again."""
        if self.paused:
            self.since, self.paused = time.monotonic() - self.elapsed_at_pause, False
            self.io.emit({"status": Status.RUNNING})

    def keep(self, command: Command) -> None:
        """Store a checkpoint of this very step."""
        try:
            self.checkpoint()
            command.answer.set_result(self.saved)
        except BaseException:                           # the run ends; the caller uses the last one
            command.answer.set_exception(Refused("run", "this run has no checkpoint of this step"))
            raise

    def keep_up(self) -> None:
        """Do what is due after a step."""
        now = time.monotonic()
        if now >= self.flush_due or self.trainer.step - self.flushed >= BUFFER_STEPS:
            self.flush()
        if self.alone:
            self.assessor.measure_if_due(self.trainer)
        if self.alone and not self.done:
            self.observer.keep_up(self.trainer, self.log_quality)
        if now >= self.checkpoint_due:
            self.checkpoint()

    def show(self, measure: bool) -> None:
        """Show its samples and its D of this step; `measure` their quality as well."""
        if measure:
            self.assessor.measure_if_due(self.trainer)
        self.observer.settle(self.trainer, self.log_quality)

    def settle(self) -> None:
        """Put everything of this step on disk."""
        self.flush()
        self.observer.settle(self.trainer, self.log_quality)
        self.checkpoint()

    def finish(self) -> None:
        """Like `settle`, and wait for the quality of this step, as no other follows."""
        self.checkpoint()
        self.assessor.measure_last_step(self.trainer)
        self.observer.settle(self.trainer, self.log_quality)
        self.log_quality()

    def log_quality(self) -> None:
        """Log the measures that are ready, before the frame of this step if that is still to come."""
        known = self.trainer.step + (self.observer.frame_step == self.trainer.step)
        for event in self.assessor.take_events():
            self.io.emit(event | {"known": known} if "measure" in event else event)
            if "measure" in event:
                self.observer.watch(event["measure"], event["step"])

    def flush(self) -> None:
        """Journal the metrics of the steps since the last flush. Raises Diverged."""
        rows = self.trainer.flush()
        if rows:
            self.io.emit({"rows": rows, "elapsed": self.elapsed, "images": self.images})
            for alarm in self.jumps.check(rows):
                self.io.emit(alarm)
        self.flushed, self.flush_due = self.trainer.step, time.monotonic() + self.intervals.flush

    def checkpoint(self) -> None:
        """Store a checkpoint. Raises Diverged when losses, gradients or weights of this step are not finite."""
        start, step = time.monotonic(), self.trainer.step
        self.flush()
        if not self.trainer.finite():
            bad = (name for name, params in self.trainer.params.items() if not all(p.isfinite().all() for p in params))
            raise Diverged(next(bad, "the run"), step, "weights", {})
        tensors, meta = self.trainer.state()
        self.io.save(step, tensors, meta | {"elapsed": self.elapsed, "images": self.images})
        self.saved, self.checkpoint_due = step, self.observer.next_due(start, self.intervals.checkpoint)
