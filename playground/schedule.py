"""The queue and the workers: who trains now, and who waits."""

from collections import Counter
from dataclasses import replace
from functools import partial
from pathlib import Path

from playground import estimate
from playground.crew import Crew, Watch
from playground.door import CLOSED, PACE, Command, End, Pace
from playground.folder import Active, FolderIo
from playground.keeper import Keeper
from playground.machine import machine
from playground.register import Register
from playground.settings import LIMITS, Limits
from playground.store.cache import Cache
from playground.turns import Turns
from playground.types import Refused, Run, Status


class Schedule(Register):
    """Runs that have begun wait for their turn, train in worker threads, and leave them. Threads may share it."""

    def __init__(self, root: Path, workers: int | None = None, pace: Pace = PACE, limits: Limits = LIMITS, cache: Cache | None = None) -> None:
        """As Register. `workers`: runs that train at once; as many as the machine is good for unless said."""
        found = machine()
        self.machine, self.limits = replace(found, workers=workers or found.workers), limits
        self.pace = replace(pace, most=limits.seconds or pace.most)
        self._queue, self._closing = Turns(), False
        super().__init__(root, cache)
        self.keeper, self._watch = Keeper(self), Watch(self)
        self._crew = Crew(self.machine.workers, self._take, self._left, self.pace)
        self._watch.start()

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

    def _born(self, run: Run) -> Run:
        active = self._active[run.id] = Active(run)
        self._enqueue(active)
        return active.run

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
        raise NotImplementedError

    def _end(self, active: Active, status: Status, note: str = "") -> None:
        self._mark(active, status, note)
        self._active.pop(active.run.id, None)
        self._queue.remove(active.run.id)
