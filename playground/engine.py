"""What people ask of runs: a new one, a fork, other knobs, a pause, an end."""

import atexit
from concurrent.futures import Future
from concurrent.futures import TimeoutError as TooLate
from dataclasses import replace
from pathlib import Path
from typing import Any

import models
from playground import data
from playground.check import check, checked_tune, whole
from playground.door import CLOSED, PACE, Command, Pace
from playground.folder import Active, tune_waiting
from playground.fork import Fork, Forks
from playground.schedule import Schedule
from playground.settings import LIMITS, Limits
from playground.store.cache import Cache
from playground.types import Refused, Run, Spec, Status

MOST_STEPS = 10_000                 # of one "advance"
ANSWER = 2.0                        # seconds to wait for a step's end when a knob is turned
CLOSE = 9.0                         # seconds for all runs to reach a checkpoint


class Engine(Schedule):
    """Runs train in worker threads; all methods may be called from any thread, and none but `discard` and `fork` waits for more
    than a step.

    Those that take an id raise Refused("run", ...) when there is no such run. Who may ask is not judged here.
    """

    def __init__(self, root: Path, workers: int | None = None, pace: Pace = PACE, limits: Limits = LIMITS, cache: Cache | None = None) -> None:
        """As Schedule."""
        super().__init__(root, workers, pace, limits, cache)
        self._forks = Forks(self)
        atexit.register(self.close)

    def submit(self, spec: Spec, owner: str = "local", replace: str | None = None) -> Run:
        """Queue a run, once its Spec is found sound. `replace` is a run that is stopped first.

        Refused names the field and what is allowed: also when it would not fit in memory or on the disk, or too many runs are under way.
        """
        spec = self.fitted(check(spec.json()))
        self.keeper.allow(spec, owner)
        with self._wake:
            old = self.run(replace) if replace is not None else None
            self._admit(owner, replaced=old)
            if old:
                self.stop(old.id)
            return self._born(self.runs.create(spec, owner))

    def fork(self, id: str, owner: str = "local", step: int | None = None, knobs: dict[str, Any] | None = None, variant: str | None = None,
             steps: int | None = None) -> Fork:
        """Queue a run that goes on from the newest checkpoint of `id` at or before `step` (None: from where it is now), with other knobs or as
        another variant. `steps` is its budget, counted from the parent's beginning. An unchanged one goes on as its parent, to the last bit.

        Refused as `submit`, or with "step", "variant" or a knob's name: what does not fit. Waits for a step and for the disk.
        """
        return self._forks.make(id, owner, step, knobs, variant, steps)

    def adopt(self, spec: Spec, owner: str, draft: Path, parent: str, step: int) -> Run:
        """Queue a fork whose folder is filled."""
        with self._wake:
            self._admit(owner)
            return self._born(self.runs.create(spec, owner, draft, parent, step))

    def fitted(self, spec: Spec) -> Spec:
        """The Spec with this machine's device, threads and precision. Nets for points are too small to share: two threads would wait."""
        points = data.get(spec.data).kind == "points"
        return replace(spec, device=self.machine.device, threads=1 if points else self.machine.threads,
                       precision="float32" if points else self.machine.precision)

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

    def _late(self, active: Active, command: Command) -> None:
        """A command that came while the run was leaving its worker."""
        try:
            if command.kind == "tune":
                command.answer.set_result(self.tune(active.run.id, command.value))
            elif command.kind in ("resume", "advance") and not active.run.status.ended:
                self._go(active.run.id, command)
            elif command.kind == "stop":
                self.stop(active.run.id)
            elif command.kind == "checkpoint":
                command.answer.set_result(None)         # it has left with one
        except Refused as refused:
            if command.answer:
                command.answer.set_exception(refused)

