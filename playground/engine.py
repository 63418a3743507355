"""The queue and the workers: who trains now, who waits, and what people ask of a run."""

import atexit
from collections import Counter
from concurrent.futures import Future
from concurrent.futures import TimeoutError as TooLate
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

import models
from playground import data, estimate
from playground.check import check, checked_tune, whole
from playground.crew import Crew, Watch
from playground.door import CLOSED, PACE, Command, End, Pace
from playground.folder import Active, FolderIo, tune_waiting
from playground.keeper import Keeper
from playground.machine import machine
from playground.register import Register
from playground.settings import LIMITS, Limits
from playground.store.cache import Cache
from playground.turns import Turns
from playground.types import Refused, Run, Spec, Status

MOST_STEPS = 10_000                 # of one "advance"
ANSWER = 2.0                        # seconds to wait for a step's end when a knob is turned
CLOSE = 9.0                         # seconds for all runs to reach a checkpoint


class Engine(Register):
    """Runs train in worker threads; all methods may be called from any thread, and none but `discard` waits for more than a step.

    Those that take an id raise Refused("run", ...) when there is no such run. Who may ask is not judged here.
    """

    def __init__(self, root: Path, workers: int | None = None, pace: Pace = PACE, limits: Limits = LIMITS, cache: Cache | None = None) -> None:
        """As Register."""
        found = machine()
        self.machine, self.limits = replace(found, workers=workers or found.workers), limits
        self.pace = replace(pace, most=limits.seconds or pace.most)
        self._queue, self._closing = Turns(), False
        super().__init__(root, cache)
        self.keeper, self._watch = Keeper(self), Watch(self)
        self._crew = Crew(self.machine.workers, self._take, self._left, self.pace)
        self._watch.start()
        atexit.register(self.close)

    def submit(self, spec: Spec, owner: str = "local", replace: str | None = None) -> Run:
        """Queue a run, once its Spec is found sound. `replace` is a run that is stopped first.

        Refused names the field and what is allowed: also when it would not fit in memory or on the disk, or too many runs are under way.
        """
        spec = self.fitted(check(spec.json()))
        if spec.steps > self.limits.steps:
            raise Refused("steps", f"steps must be a whole number between 1 and {self.limits.steps} here")
        estimate.need(spec)
        self.keeper.room(owner)
        with self._wake:
            old = self.run(replace) if replace is not None else None
            self._admit(owner, replaced=old)
            if old:
                self.stop(old.id)
            active = Active(self.runs.create(spec, owner))
            self._active[active.run.id] = active
            self._enqueue(active)
            return active.run

    def fitted(self, spec: Spec) -> Spec:
        """The Spec with this machine's device, threads and precision. Nets for points are too small to share: two threads would wait."""
        points = data.get(spec.data).kind == "points"
        return replace(spec, device=self.machine.device, threads=1 if points else self.machine.threads,
                       precision="float32" if points else self.machine.precision)

    def position(self, id: str) -> int:
        """1 for the run that trains next; 0 for one that does not queue."""
        with self._wake:
            return self._queue.order().index(id) + 1 if id in self._queue else 0

    def wait(self, id: str) -> float | None:
        """Seconds, about, until a run that queues has a worker; None for one that does not queue."""
        with self._wake:
            if id not in self._queue:
                return None
            order = self._queue.order()
            ahead = [self._active[other].run.spec for other in order[:order.index(id)]]
            busy = [(active.run.spec, io.step) for active, io in self.training() if active.run.status is Status.RUNNING]
        return estimate.wait(ahead, busy, self.machine.workers)

    def pause(self, id: str) -> None:
        """After the step that is being made. A paused run waits in its worker until another run wants that."""
        with self._wake:
            active = self._find(id)
            if active.io:
                active.io.ask(Command("pause"))
            elif id in self._queue:
                self._queue.remove(id)
                active.first.clear()
                self._mark(active, Status.PAUSED)

    def resume(self, id: str) -> None:
        """A paused run goes on; one that was stopped or interrupted, or failed, queues again from its last checkpoint."""
        self._go(id, Command("resume"))

    def advance(self, id: str, n: int = 1) -> None:
        """Make n steps, then pause. A run that has ended before its budget is resumed for them."""
        self._go(id, Command("advance", whole("n", n, 1, MOST_STEPS)))

    def stop(self, id: str) -> None:
        """Within one step, with a checkpoint. A run that has ended stays as it is."""
        with self._wake:
            if self.run(id).status.ended:
                return
            active = self._active[id]
            if active.io:
                active.io.ask(Command("stop"))
            else:
                self._end(active, Status.STOPPED)

    def tune(self, id: str, values: dict[str, Any]) -> int:
        """Turn knobs of a run that has not ended; the step after which they act. Refused names a knob that cannot, or its range."""
        with self._wake:
            active = self._find(id)
            if not active.io:
                return tune_waiting(self.runs, active.run, values)
            values = checked_tune(models.get(active.run.spec.variant).Knobs, active.run.spec.knobs, values)
            io, answer = active.io, Future()
            io.ask(Command("tune", values, answer))
        try:
            return answer.result(ANSWER)
        except TooLate:                                 # a long step: it acts at its end
            return io.step + 1

    def close(self) -> None:
        """Checkpoint every run, mark it interrupted, let go of the folder: within ten seconds. A second call does nothing."""
        with self._wake:
            if self._closing:
                return
            self._closing = True
            for active in list(self._active.values()):
                if active.io:
                    active.io.ask(Command("close"))
                else:
                    self._end(active, *CLOSED)
            self._wake.notify_all()
        self._watch.stop.set()
        self._crew.join(CLOSE)
        with self._wake:
            for active in list(self._active.values()):
                self._end(active, Status.INTERRUPTED, "The server stopped in the middle of a long step; resume to go on.")
        self._lock.release()
        atexit.unregister(self.close)

    def discard(self, id: str) -> None:
        """Stop it if it trains, and throw it away."""
        with self._wake:
            self.stop(id)
            patience = 2 * self.pace.patience + self.pace.watch
            if not self._wake.wait_for(lambda: id not in self._active, patience):
                raise Refused("run", "this run is in a long step: try again when it has stopped")
            super().discard(id)

    def let_go(self, active: Active, io: FolderIo, status: Status, why: str) -> None:
        """Take a run from a worker that is dead or does not answer, and hire another."""
        with self._wake:
            if active.io is not io or self._closing:
                return
            io.cut()
            active.io = None
            self._end(active, status, why)
            for command in io.left():
                if command.answer:
                    command.answer.set_exception(Refused("run", f"this run is {status}: it does not train"))
            self._crew.hire()

    def _go(self, id: str, command: Command) -> None:
        with self._wake:
            found = self.run(id)
            if found.status.ended and not found.status.resumable:
                raise Refused("run", f"this run is {found.status}: it cannot go on")
            if found.status.ended:
                self._admit(found.owner)
                self._ended.pop(id, None)
                self._active[id] = Active(found)
            active = self._active[id]
            if active.io:
                active.io.ask(command)
                return
            active.first.append(command)
            self._enqueue(active)

    def _admit(self, owner: str, replaced: Run | None = None) -> None:
        if self._closing:
            raise Refused("run", "the server is stopping")
        self.keeper.admit(owner, [active.run for id, active in self._active.items() if not replaced or id != replaced.id])

    def _enqueue(self, active: Active) -> None:
        if active.run.id not in self._queue:
            self._queue.add(active.run.id, active.run.owner)
            self._mark(active, Status.QUEUED)

    def _next(self) -> str | None:
        """The run whose turn it is, of an owner who has not as many in training as one may."""
        busy = Counter(active.run.owner for active in self._active.values() if active.io)
        return next((id for id in self._queue.order() if busy[self._active[id].run.owner] < self.limits.running), None)

    def _wanted(self) -> bool:
        with self._wake:
            return self._next() is not None

    def _take(self) -> tuple[Active, FolderIo] | None:
        with self._wake:
            self._wake.wait_for(lambda: self._closing or self._next())
            if self._closing:
                return None
            active = self._active[self._queue.take(self._next())]
            io = active.io = FolderIo(self.runs, active.run, partial(self._mark, active), self._wanted)
            io.ask(*active.first)
            active.first.clear()
            self._mark(active, Status.RUNNING)
            return active, io

    def _left(self, active: Active, io: FolderIo, end: End) -> None:
        with self._wake:
            if active.io is not io:                     # it was let go of in this very moment
                return
            active.io = None
            if end[0] is not Status.PAUSED or self._closing:
                self._end(active, *(end if end[0] is not Status.PAUSED else CLOSED))
            io.journal.close()
            for command in io.left():
                self._late(active, command)

    def _late(self, active: Active, command: Command) -> None:
        """A command that came while the run was leaving its worker."""
        try:
            if command.kind == "tune":
                command.answer.set_result(self.tune(active.run.id, command.value))
            elif command.kind in ("resume", "advance") and not active.run.status.ended:
                self._go(active.run.id, command)
            elif command.kind == "stop":
                self.stop(active.run.id)
        except Refused as refused:
            if command.answer:
                command.answer.set_exception(refused)

    def _end(self, active: Active, status: Status, note: str = "") -> None:
        self._mark(active, status, note)
        self._active.pop(active.run.id, None)
        self._queue.remove(active.run.id)
