"""The scheduler: which runs train now, which wait, and when one yields its worker to another."""

import math
import time
from collections import Counter
from collections.abc import Sequence
from functools import partial

from playground.config.settings import Limits
from playground.engine.fair_queue import FairQueue
from playground.engine.run_handle import LiveRun, RunHandle
from playground.engine.run_table import RunTable
from playground.specs import cost
from playground.types import Status

QUICK = 2.0         # seconds of training after which a run yields to an address that has had no worker lately
LATE = 3.0          # seconds after which a run that was told to leave is no longer expected to


class Scheduler:
    """Threads may share it; the table's lock guards the queue, too.

    When others wait, a run has its worker for a slice of time, and queues again. Runs on points, which are small, have one worker more, the short
    lane: it takes one when runs on images hold all others and no run on points trains.
    """

    def __init__(self, table: RunTable, queue: FairQueue, workers: int, limits: Limits) -> None:
        """`workers`: how many runs train at once, without the short lane."""
        self.table, self.queue, self.workers, self.limits = table, queue, workers, limits
        self._served: dict[str, float] = {}             # address -> when it last had a worker

    def position(self, id: str) -> int:
        """1 for the run that trains next; 0 for one that is not queued. Runs on points only wait for other runs on points."""
        with self.table.changed:
            group = self._waiting(id)
            return len(self._ahead(group)) + 1 if group else 0

    def wait(self, id: str) -> float | None:
        """About how many seconds until a queued run gets a worker; None for one that is not queued."""
        with self.table.changed:
            group = self._waiting(id)
            if not group:
                return None
            me, ahead = self._first(group), [self._first(other) for other in self._ahead(group)]
            busy = [(live, self._seconds_left(live), handle.turn_seconds()) for live, handle in self.table.teams()
                    if live.run.status is Status.RUNNING and (live.points if me.points else not live.short)]
            new = not ahead and self._new(me, [])
        alone = all(live.run.owner == me.run.owner for live in (*ahead, *(each[0] for each in busy)))
        turn = math.inf if alone or self.limits.slice is None else min(QUICK, self.limits.slice) if new else self.limits.slice
        held = [min(left, max(0.0, turn - passed)) for _, left, passed in busy]
        ahead_for = [min(self._seconds_left(live), turn) for live in ahead]
        return cost.wait(ahead_for, held, max(1, len(busy)) if me.points else self.workers)

    def rotate(self) -> None:
        """When others wait, have a run whose time is up give up its worker: one at once, of each kind of worker."""
        with self.table.changed:
            if self.limits.slice is None or not len(self.queue) or self.table.closing:
                return
            held = sorted(self.table.teams(), key=lambda each: (not each[0].short, -each[1].turn_seconds()))     # points leave for points first
            leaving = [live for live, handle in held if handle.leaving]
            soon = {live.short for live, handle in held if handle.leaving and time.monotonic() - handle.leaving[0] < LATE}
            promised = {self._next(short, leaving, leaving) for short in soon}
            for live, handle in held:
                if handle.leaving or live.short in soon or live.run.status is not Status.RUNNING:
                    continue
                gone = [*leaving, live]
                id = self._next(live.short, gone, gone)
                waiting = self._first(id) if id and id not in promised else live
                if waiting.run.owner != live.run.owner and handle.turn_seconds() >= self._time(live, waiting, leaving):
                    for other in self.table.group(live.group):
                        if other.handle:
                            other.handle.leave()
                    soon.add(live.short)
                    promised.add(id)

    def take(self, short: bool) -> list[tuple[LiveRun, RunHandle]] | None:
        """Wait for the next run for a worker (of the short lane, if `short`), or the next runs of one race; None when the server stops. Their status
        is running from here on in memory; their worker writes that to the disk before it trains."""
        table = self.table
        with table.changed:
            table.changed.wait_for(lambda: table.closing or self._next(short))
            if table.closing:
                return None
            group = table.group(self.queue.take(self._next(short)))
            for live in group:
                live.short, live.run = short, live.run.with_status(Status.RUNNING)
                live.handle = RunHandle(table.runs, live.run, partial(table.report, live), partial(self._wanted, live))
                live.handle.step = live.step
                live.handle.send(*live.first)
                live.first.clear()
            table.changed.notify_all()
            return [(live, live.handle) for live in group]

    def add(self, live: LiveRun) -> None:
        """Queue a run. Of a race all together, once each of them waits."""
        with self.table.changed:
            if all(other.run.status is Status.QUEUED and not other.handle for other in self.table.group(live.group)):
                self.queue.add(live.entry)
                self.table.changed.notify_all()

    def release(self, live: LiveRun) -> None:
        """The run has left its worker."""
        with self.table.changed:
            live.handle, now, entry = None, time.monotonic(), live.entry
            self.queue.served(entry)
            lately = {address: when for address, when in self._served.items() if now - when < (self.limits.slice or 0)}
            self._served = lately | {entry.address: now}
            self.table.changed.notify_all()             # whom its owner's limit held back may train now

    def _time(self, live: LiveRun, waiting: LiveRun, leaving: list[LiveRun]) -> float:
        """Seconds after which a run yields to one that waits."""
        new = waiting.entry.address != live.entry.address and self._new(waiting, [*leaving, live])
        return min(QUICK, self.limits.slice) if new else self.limits.slice

    def _new(self, waiting: LiveRun, leaving: list[LiveRun]) -> bool:
        """Whether its address has no worker, and has had none lately."""
        address = waiting.entry.address
        lately = time.monotonic() - self._served.get(address, -math.inf) < (self.limits.slice or 0)
        return not lately and not any(live.entry.address == address for live, _ in self.table.teams() if live not in leaving)

    def _waiting(self, id: str) -> str:
        """The group of a run, if that is queued; "" otherwise."""
        run = self.table.glance(id)
        return run.group if run and run.group in self.queue else ""

    def _first(self, group: str) -> LiveRun:
        """The first run of a group that waits."""
        return self.table.group(group)[0]

    def _seconds_left(self, live: LiveRun) -> float:
        """Seconds of training of its whole group, to their budgets."""
        return sum(cost.seconds_left(one.run.spec, one.handle.step if one.handle else one.step) for one in self.table.group(live.group))

    def _ahead(self, group: str) -> list[str]:
        """The groups that wait for the same workers and come first."""
        order = self.queue.order(live.entry for live, _ in self.table.teams())
        before = order[:order.index(group)]
        return [other for other in before if self._first(other).points or not self._first(group).points]

    def _next(self, short: bool = False, gone: Sequence[LiveRun] = (), back: Sequence[LiveRun] = ()) -> str | None:
        """The group that a worker (of the short lane, if `short`) has to take: its owner and its address may have another one in training. As if the
        runs in `gone` had left their workers, and those in `back` queued again; None too when it is one of these."""
        busy = [live for live, _ in self.table.teams() if live.group not in {one.group for one in gone}]
        if short and (any(live.points for live in busy) or sum(not live.short for live in busy) < self.workers):
            return None
        owners, addresses = Counter(live.run.owner for live in busy), Counter(live.entry.address for live in busy)
        for id in self.queue.order((live.entry for live in busy), (live.entry for live in back)):
            live = self._first(id)
            entry = live.entry
            may = owners[entry.owner] < self.limits.running and addresses[entry.address] < (self.limits.near or math.inf)
            if may and (live.points or not short):
                return id if id in self.queue else None
        return None

    def _wanted(self, live: LiveRun) -> bool:
        """Whether another run would train if this one gave up its worker: on that worker, or on one that is idle because its owner has its share."""
        with self.table.changed:
            idle = sum(not other.short for other, _ in self.table.teams()) < self.workers
            return self._next(live.short, [live]) is not None or (idle and self._next(False, [live]) is not None)
