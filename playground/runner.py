"""One run from its beginning, or from its last checkpoint, to wherever it ends. Whoever has an `Io` can call it: a thread, a process, a cluster."""

import logging
import time
from dataclasses import asdict
from typing import Any

import torch

import models
from models.kit.knobs import BadKnob, check
from playground import alarms
from playground.assessor import Assessor
from playground.data import Batches, at_batch, load
from playground.door import CLOSED, PACE, Command, End, Io, LetGo, Pace
from playground.estimate import span
from playground.faults import reason
from playground.shown import Shown
from playground.store.past import until
from playground.trainer import PAGE, Diverged, Trainer
from playground.types import Refused, Spec, Status

log = logging.getLogger(__name__)
LOOK = 0.2                  # seconds between two looks of a paused run at who is waiting


def run(spec: Spec, io: Io, pace: Pace = PACE) -> End:
    """Train to the budget, or until a command or a fault ends it. Whatever goes wrong becomes a status and a reason; nothing is raised."""
    try:
        return Session(spec, io, pace).play()
    except LetGo:
        return Status.STOPPED, ""
    except Exception as error:
        log.exception("a run of %s on %s failed", spec.variant, spec.data)
        return Status.FAILED, reason(error)


class Session:
    """One run in one worker: its trainer, and when to obey, flush, show and save."""

    def __init__(self, spec: Spec, io: Io, pace: Pace) -> None:
        self.spec, self.io, self.pace = spec, io, pace
        data, variant = load(spec.data, spec.size, spec.options), models.get(spec.variant)
        gan = variant(data.shape, check(variant.Knobs, spec.knobs), torch.Generator().manual_seed(spec.seed))
        generator = torch.Generator(spec.device).manual_seed(spec.seed)
        batches = Batches(data.train, gan.knobs.batch, generator, spec.device, **at_batch(spec.options))
        self.trainer = Trainer(gan, batches, spec.steps, spec.device, spec.seed, generator=generator,
                               bf16=spec.precision == "bfloat16")
        self.shown = Shown(gan, data, spec.seed, spec.device, io, pace)
        self.assessor = Assessor(spec, pace.quality)
        self.paused, self.stopped, self.pause_at = False, 0.0, -1
        self.phase = "play"
        self.saved, self.flushed = -1, 0                # steps of the last checkpoint and flush
        self.planned: list[tuple[int, dict[str, Any]]] = []

    def play(self) -> End:
        try:
            self.begin()
            while not self.trainer.done:
                self.replay()                           # before new tunes of this step, as in the journal
                end = self.obey()
                if end:
                    return end
                self.trainer.advance()
                self.tell_phase()
                self.keep_up()
                if self.pace.most and self.elapsed - self.inherited >= self.pace.most:
                    self.finish()
                    return Status.STOPPED, f"It has trained for {span(self.pace.most)}, which is what a run may have here."
            self.finish()
        except Diverged as bad:
            if bad.rows.get("step"):
                self.io.emit({"rows": bad.rows, "elapsed": self.elapsed})
            self.io.emit(alarms.ended(bad))
            kept = f" The last checkpoint before it, of step {self.saved}, is kept." if self.saved >= 0 else ""
            return Status.DIVERGED, f"{bad}.{kept}"
        finally:
            self.assessor.close()
        return Status.FINISHED, ""

    def begin(self) -> None:
        """From the last checkpoint, if there is one; what was logged beyond it is void, but tunes are made again at their steps."""
        past, found, elapsed = self.io.log(), self.io.latest(), 0.0
        if found:
            step, tensors, meta = found
            elapsed = float(meta.pop("elapsed", 0.0))
            try:
                self.trainer.load(tensors, meta)
            except (KeyError, RuntimeError, BadKnob) as other:
                raise Refused("run", "its checkpoint was made by another version of this variant and cannot be loaded") from other
            self.flushed = self.saved = step
            self.shown.begin_at(step)
        elif any("fork" in event for event in past):
            raise Refused("run", "the checkpoint that this fork began with is damaged")
        if found or any("rows" in event for event in past):
            self.io.emit({"rewind": self.trainer.step})
        self.inherited = next((event["elapsed"] for event in past if "fork" in event), 0.0)
        held = until(past, self.trainer.step)
        self.shown.falls, self.jumps = alarms.Falls(held), alarms.Jumps(held)
        tunes = ((e["step"], {k: after for k, (_, after) in e["tune"].items()}) for e in past if "tune" in e)
        self.planned = sorted((t for t in tunes if t[0] >= self.trainer.step), key=lambda t: t[0])      # stable: the later of one step wins
        self.assessor.told = next((event["quality"] for event in reversed(past) if "quality" in event), None)
        self.phase = next((event["phase"] for event in reversed(past) if "phase" in event), "play")
        self.tell_phase(always=bool(past))
        self.since = time.monotonic() - elapsed
        self.flush_due, self.checkpoint_due = self.since, time.monotonic() + self.pace.checkpoint
        if not found:
            real = self.shown.progress.real()
            if real:
                self.io.emit({"measure": real, "step": 0})
                self.shown.falls.look(real, 0)
            self.shown.settle(self.trainer, self.tell)
            self.shown.again()
            self.checkpoint()

    def tell_phase(self, always: bool = False) -> None:
        """Journal the phase that the next step is in, when it is another; `always` after a rewind, which may have voided what was told."""
        phase = self.trainer.gan.phase()
        if always or phase != self.phase:
            self.phase = phase
            self.io.emit({"phase": phase, "step": self.trainer.step})

    @property
    def elapsed(self) -> float:
        """Seconds of training, pauses apart."""
        return round(self.stopped if self.paused else time.monotonic() - self.since, 3)

    def obey(self) -> End | None:
        """Do what was asked since the last step; wait here while paused. An end when the run is to leave its worker."""
        if self.trainer.step == self.pause_at:
            self.pause()
        while True:
            command = self.io.command(LOOK if self.paused else 0.0)
            if command is None:
                if not self.paused:
                    return None
                self.tell()
                if self.io.wanted():
                    return Status.PAUSED, ""            # resumed, it queues again and begins from its checkpoint
            elif command.kind == "stop":
                self.finish()
                return Status.STOPPED, ""
            elif command.kind == "close":
                self.settle()
                return CLOSED
            elif command.kind == "tune":
                self.tune(command)
            elif command.kind == "checkpoint":
                self.keep(command)
            elif command.kind == "pause":
                self.pause()
            else:
                self.pause_at = self.trainer.step + command.value if command.kind == "advance" else -1
                self.go_on()

    def pause(self) -> None:
        if not self.paused:
            self.settle()
            self.stopped, self.paused = self.elapsed, True
            self.io.emit({"status": Status.PAUSED})

    def go_on(self) -> None:
        if self.paused:
            self.since, self.paused = time.monotonic() - self.stopped, False
            self.io.emit({"status": Status.RUNNING})

    def tune(self, command: Command) -> None:
        """Journalled, and on disk, before it acts. Knobs were checked where they came in; here again, for they may have changed since."""
        before = asdict(self.trainer.gan.knobs)
        try:
            knobs = check(type(self.trainer.gan).Knobs, before | command.value)
        except BadKnob as bad:
            if command.answer:
                command.answer.set_exception(Refused(bad.field, str(bad)))
            return
        changed = {k: [before[k], v] for k, v in asdict(knobs).items() if v != before[k]}
        if changed:
            self.io.emit({"tune": changed, "step": self.trainer.step}, sync=True)
            self.trainer.tune(knobs)
            self.shown.mark()
        if command.answer:
            command.answer.set_result(self.trainer.step)

    def keep(self, command: Command) -> None:
        """A checkpoint of this very step."""
        try:
            self.checkpoint()
            command.answer.set_result(self.saved)
        except BaseException:                           # the run ends of it; who asked takes the last one
            command.answer.set_exception(Refused("run", "this run has no checkpoint of this step"))
            raise

    def replay(self) -> None:
        """Make the logged tunes of this step again."""
        while self.planned and self.planned[0][0] <= self.trainer.step:
            _, values = self.planned.pop(0)
            self.trainer.tune(check(type(self.trainer.gan).Knobs, asdict(self.trainer.gan.knobs) | values))
            self.shown.mark()

    def keep_up(self) -> None:
        now = time.monotonic()
        if now >= self.flush_due or self.trainer.step - self.flushed >= PAGE:
            self.flush()
        self.assessor.look(self.trainer)
        if not self.trainer.done:
            self.shown.keep_up(self.trainer, self.tell)
        if now >= self.checkpoint_due:
            self.checkpoint()

    def settle(self) -> None:
        """Leave everything of this step on disk."""
        self.flush()
        self.shown.settle(self.trainer, self.tell)
        self.checkpoint()

    def finish(self) -> None:
        """And, as nothing follows, wait for the quality of this step."""
        self.checkpoint()
        self.assessor.last(self.trainer)
        self.shown.settle(self.trainer, self.tell)
        self.tell()

    def tell(self) -> None:
        """What the assessor has found, before the frame of this step if that is still to come."""
        known = self.trainer.step + (self.shown.framed == self.trainer.step)
        for event in self.assessor.news():
            self.io.emit(event | {"known": known} if "measure" in event else event)
            if "measure" in event:
                self.shown.watch(event["measure"], event["step"])

    def flush(self) -> None:
        rows = self.trainer.flush()
        if rows:
            self.io.emit({"rows": rows, "elapsed": self.elapsed})
            for alarm in self.jumps.look(rows):
                self.io.emit(alarm)
        self.flushed, self.flush_due = self.trainer.step, time.monotonic() + self.pace.flush

    def checkpoint(self) -> None:
        """Never of a step whose losses, gradients or weights are not finite: Diverged then."""
        start, step = time.monotonic(), self.trainer.step
        self.flush()
        if not self.trainer.finite():
            bad = (name for name, params in self.trainer.params.items() if not all(p.isfinite().all() for p in params))
            raise Diverged(next(bad, "the run"), step, "weights", {})
        tensors, meta = self.trainer.state()
        self.io.save(step, tensors, meta | {"elapsed": self.elapsed})
        self.saved, self.checkpoint_due = step, self.shown.next_due(start, self.pace.checkpoint)
