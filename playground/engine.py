"""The queue and the workers: who trains now, who waits, and what people ask of a run."""

import atexit
import threading
import time
from concurrent.futures import Future
from concurrent.futures import TimeoutError as TooLate
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

import models
from playground import data, estimate
from playground.check import check, checked_tune, whole
from playground.folder import Active, FolderIo, record, tune_waiting
from playground.machine import machine, use_threads
from playground.runner import CLOSED, PACE, Command, End, Pace, run
from playground.store.disk import Lock
from playground.store.runs import Runs
from playground.turns import Turns
from playground.types import Refused, Run, Spec, Status, is_id

MOST, MOST_PER_OWNER = 64, 16       # runs queued, training or paused
MOST_STEPS = 10_000                 # of one "advance"
ANSWER = 2.0                        # seconds to wait for a step's end when a knob is turned
CLOSE = 9.0                         # seconds for all runs to reach a checkpoint


class Engine:
    """Runs train in worker threads; all methods may be called from any thread, and none waits for more than a step.

    Those that take an id raise Refused("run", ...) when there is no such run.
    """

    def __init__(self, root: Path, workers: int | None = None, pace: Pace = PACE) -> None:
        """Runs that a dead process left in the middle become interrupted. Refused when another process uses `root`."""
        found = machine()
        self.machine = replace(found, workers=workers or found.workers)
        self._lock, self.runs, self.pace = Lock(Path(root)), Runs(Path(root)), pace
        self._active: dict[str, Active] = {}
        self._queue = Turns()
        self._ended: dict[str, Run] = {}                # whose end the disk refused
        self._closing, self._wake = False, threading.Condition()
        self._recover()
        self._workers = [threading.Thread(target=self._work, name=f"worker-{i}", daemon=True) for i in range(self.machine.workers)]
        for worker in self._workers:
            worker.start()
        atexit.register(self.close)

    def submit(self, spec: Spec, owner: str = "local", replace: str | None = None) -> Run:
        """Queue a run, once its Spec is found sound. `replace` is a run of the same owner that is stopped first.

        Refused names the field and what is allowed: also when it would not fit in memory, or too many runs are under way.
        """
        spec = self.fitted(check(spec.json()))
        estimate.need(spec)
        with self._wake:
            old = self.run(replace) if replace is not None else None
            if old and old.owner != owner:
                raise Refused("replace", "only your own run can be replaced")
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

    def run(self, id: str) -> Run:
        with self._wake:
            if not is_id(id):
                raise Refused("run", "a run's id is 32 hex digits")
            if id in self._active:
                return self._active[id].run
            found = self._ended.get(id) or self.runs.get(id)
            return found if found.status.ended else found.now(Status.INTERRUPTED)       # brought here from elsewhere

    def live(self) -> list[Run]:
        """Runs that queue, train or are paused, the oldest first."""
        with self._wake:
            return [active.run for active in self._active.values()]

    def position(self, id: str) -> int:
        """1 for the run that trains next; 0 for one that does not queue."""
        with self._wake:
            return self._queue.order().index(id) + 1 if id in self._queue else 0

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
        end = time.monotonic() + CLOSE
        for worker in self._workers:
            worker.join(max(0.0, end - time.monotonic()))
        with self._wake:
            for active in list(self._active.values()):
                self._end(active, Status.INTERRUPTED, "The server stopped in the middle of a long step; resume to go on.")
        self._lock.release()
        atexit.unregister(self.close)

    def _recover(self) -> None:
        for left in self.runs.all():
            if not left.status.ended:
                self.runs.sweep(left.id)
                self._mark(Active(left), Status.INTERRUPTED, "The server went away; resume to go on.")

    def _find(self, id: str) -> Active:
        status = self.run(id).status
        if status.ended:
            raise Refused("run", f"this run is {status}: it does not train")
        return self._active[id]

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
        there = [a.run.owner for a in self._active.values() if not replaced or a.run.id != replaced.id]
        if len(there) >= MOST or there.count(owner) >= MOST_PER_OWNER:
            raise Refused("run", f"at most {MOST_PER_OWNER} runs of one person, {MOST} in all, may be under way: stop one, or wait")

    def _enqueue(self, active: Active) -> None:
        if active.run.id not in self._queue:
            self._queue.add(active.run.id, active.run.owner)
            self._mark(active, Status.QUEUED)
            self._wake.notify()

    def _work(self) -> None:
        while True:
            with self._wake:
                self._wake.wait_for(lambda: self._closing or self._queue)
                if self._closing:
                    return
                active = self._active[self._queue.next()]
                active.io = FolderIo(self.runs, active.run, partial(self._mark, active), lambda: bool(self._queue))
                active.io.ask(*active.first)
                active.first.clear()
                self._mark(active, Status.RUNNING)
            use_threads(active.run.spec.threads)
            self._leave(active, run(active.run.spec, active.io, self.pace))

    def _leave(self, active: Active, end: End) -> None:
        with self._wake:
            io, active.io = active.io, None
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

    def _mark(self, active: Active, status: Status, note: str = "") -> None:
        with self._wake:
            active.run = active.run.now(status, note)
            if not record(self.runs, active.run, active.io.journal if active.io else None) and status.ended:
                self._ended[active.run.id] = active.run

    def _end(self, active: Active, status: Status, note: str = "") -> None:
        self._mark(active, status, note)
        self._active.pop(active.run.id, None)
        self._queue.remove(active.run.id)
