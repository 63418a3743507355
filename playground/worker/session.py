"""One run from its beginning, or its last checkpoint, to its end. Anything with an `Io` can call it: a thread, a process, a cluster."""

import logging
import time

from playground.config.file_handles import wait_for_handle
from playground.data import load
from playground.errors import reason
from playground.evaluation.background import BackgroundEvaluation
from playground.training.build import trainer_of
from playground.training.trainer import BUFFER_STEPS, Diverged
from playground.types import Refused, Spec, Status
from playground.units import span
from playground.worker import alarms
from playground.worker.changes import Changes
from playground.worker.observer import Observer
from playground.worker.protocol import CLOSED, DEFAULT_INTERVALS, Command, End, Intervals, Io, RunRevoked
from playground.worker.resuming import Past, restore

log = logging.getLogger(__name__)
POLL = 0.2                  # seconds between two checks of a paused run whether others wait


def run(spec: Spec, io: Io, intervals: Intervals = DEFAULT_INTERVALS) -> End:
    """Train to the budget, or until a command or a fault ends it. Whatever goes wrong becomes a status and a reason; nothing is raised."""
    try:
        return Session(spec, io, intervals).play()
    except RunRevoked:
        return Status.STOPPED, ""
    except Exception as error:
        log.exception("a run of %s on %s failed", spec.variant, spec.data)
        return Status.FAILED, reason(error)


class Session:
    """One run in one worker: its trainer, and when to obey commands, flush, show and save."""

    def __init__(self, spec: Spec, io: Io, intervals: Intervals) -> None:
        self.spec, self.io, self.intervals = spec, io, intervals
        data = wait_for_handle(lambda: load(spec.data, spec.size, spec.options))
        self.trainer = trainer_of(spec, data)
        self.observer = Observer(self.trainer.gan, data, spec.seed, spec.device, io, intervals)
        self.assessor = BackgroundEvaluation(spec, intervals.quality)
        self.paused, self.elapsed_at_pause, self.pause_at, self.phase = False, 0.0, -1, "play"
        self.saved, self.flushed, self.began = -1, 0, 0         # steps of the last checkpoint and flush, and of this worker's first
        self.leaving: Command | None = None             # the command to give up its worker
        self.changes = Changes(self.trainer, self.observer, io)

    def play(self) -> End:
        """Train until the budget, a command or a fault ends it. Raises the faults that have no status of their own."""
        try:
            self.begin()
            while not self.trainer.done:
                self.changes.replay()                   # before new ones of this step, as in the journal
                end = self.obey()
                if end:
                    return end
                self.trainer.advance()
                self.log_phase()
                self.keep_up()
                if self.intervals.most and self.elapsed - self.inherited >= self.intervals.most:
                    self.finish()
                    return Status.STOPPED, f"It has trained for {span(self.intervals.most)}, which is what a run may have here."
            self.finish()
            return Status.FINISHED, self.observer.verdict(self.trainer.step)
        except Diverged as bad:
            self.io.emit({"rewind": bad.step})              # what was shown after it, before its numbers were read, is void
            if bad.rows.get("step"):
                self.io.emit({"rows": bad.rows, "elapsed": self.elapsed})
            self.io.emit(alarms.ended(bad, self.io.log()))
            return Status.DIVERGED, f"{bad}." + (f" The last checkpoint before it, of step {self.saved}, is kept." if self.saved >= 0 else "")
        finally:
            self.assessor.close()

    def begin(self) -> None:
        """Start from the last checkpoint, if there is one; what was logged after it is void, but tunes are made again at their steps."""
        events, found = self.io.log(), self.io.latest()
        elapsed = restore(self.trainer, found, events)
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
    def elapsed(self) -> float:
        """Seconds of training, without pauses."""
        return round(self.elapsed_at_pause if self.paused else time.monotonic() - self.since, 3)

    def obey(self) -> End | None:
        """Carry out the commands since the last step; wait here while paused. Returns how the run ends when it is to leave its worker."""
        if self.trainer.step == self.pause_at:
            self.pause()
        while True:
            if self.leaving and not self.paused and self.trainer.step > self.began:         # a turn has at least one step
                return self.yield_worker()
            command = self.io.command(POLL if self.paused else 0.0)
            if command is None:
                if not self.paused:
                    return None
                self.log_quality()
                if self.io.wanted():
                    return Status.PAUSED, ""            # resumed, it queues again and begins from its checkpoint
            elif command.kind == "stop":
                self.finish()
                return Status.STOPPED, ""
            elif command.kind == "close":
                self.settle()
                return CLOSED
            elif command.kind == "tune":
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
        self.assessor.measure_if_due(self.trainer)
        if not self.trainer.done:
            self.observer.keep_up(self.trainer, self.log_quality)
        if now >= self.checkpoint_due:
            self.checkpoint()

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
            self.io.emit({"rows": rows, "elapsed": self.elapsed})
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
        self.io.save(step, tensors, meta | {"elapsed": self.elapsed})
        self.saved, self.checkpoint_due = step, self.observer.next_due(start, self.intervals.checkpoint)
