"""The engine: what people can do with runs: start, fork, tune, pause, resume, stop and delete them."""

import atexit
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import Any

from playground import data
from playground.config.machine import machine
from playground.config.settings import LIMITS, Limits
from playground.engine.fair_queue import FairQueue
from playground.engine.fork import Fork, Forks
from playground.engine.lifecycle import Lifecycle
from playground.engine.quota import Quota
from playground.engine.race_starts import RaceStarts
from playground.engine.retention import Retention
from playground.engine.run_handle import LiveRun, RunHandle
from playground.engine.run_table import RunTable
from playground.engine.scheduler import Scheduler
from playground.engine.usage import Usage
from playground.engine.watchdog import Watchdog
from playground.engine.workers import Workers
from playground.specs.check import check
from playground.store.cache import Cache
from playground.types import Clock, Race, Refused, Run, Spec, Status
from playground.validate import whole
from playground.worker.protocol import CLOSED, DEFAULT_INTERVALS, Command, Intervals

MOST_STEPS = 10_000                 # of one "advance"
CLOSE = 9.0                         # seconds for all runs to reach a checkpoint
CHANGED = 3.0                       # the most seconds that closing waits for a change to a run


class Engine:
    """Runs train in worker threads; all methods may be called from any thread, and none but `discard` and `fork` waits for more than a step.

    Methods that take an id raise Refused("run", ...) when there is no such run. Permissions are not checked here.
    """

    def __init__(self, root: Path, workers: int | None = None, intervals: Intervals = DEFAULT_INTERVALS, limits: Limits = LIMITS,
                 cache: Cache | None = None) -> None:
        """Runs that a dead process left unfinished become interrupted. Refused when another process uses `root`. `workers`: how many runs train at
        once; the machine's setting by default."""
        found = machine()
        self.machine, self.limits = replace(found, workers=workers or found.workers), limits
        self.intervals = replace(intervals, most=limits.seconds or intervals.most)
        self.table = RunTable(root, cache)
        self.runs, self.index, self.addresses, self.races = self.table.runs, self.table.index, self.table.addresses, self.table.races
        self.scheduler = Scheduler(self.table, FairQueue(), self.machine.workers, limits)
        self.lifecycle = Lifecycle(self.table, self.scheduler, self.machine.threads, lambda short: self.workers.spawn(short))
        self.usage = Usage(self.table)
        self.retention = Retention(self.table, self.usage, limits, self.stop, self.discard)
        self.quota = Quota(self.table, self.usage, limits, self.machine.workers, self.retention.clean)
        self._forks = Forks(self.table, self.quota, self.retention.sparing, self.lifecycle.checkpoint, self._adopt)
        self._races = RaceStarts(self.table, self.quota, self.lifecycle.enter_all, self._admit, self.untried)
        train = self.scheduler.take, self.lifecycle.begin, self.lifecycle.left, self._races.clock
        self.workers = Workers(self.machine.workers, *train, self.intervals)
        changing = self.machine.threads if self.machine.tries else 0
        self.watchdog = Watchdog(self.intervals, changing, self.table.training, self.lifecycle.revoke, self.table.note, self.scheduler.rotate,
                                 self.retention.clean)
        self.watchdog.start()
        atexit.register(self.close)

    def run(self, id: str) -> Run:
        """A run as it stands now."""
        return self.table.run(id)

    def glance(self, id: str) -> Run | None:
        """A run that has not ended, as it stands; else None. Takes no lock and reads no file."""
        return self.table.glance(id)

    def all(self) -> list[Run]:
        """Every run, the newest first."""
        return self.table.all()

    def live(self) -> list[Run]:
        """Runs that queue, train or are paused, the oldest first."""
        return self.table.live()

    def training(self) -> list[tuple[LiveRun, RunHandle]]:
        """The runs that have a worker, each with its handle."""
        return self.table.training()

    def position(self, id: str) -> int:
        """1 for the run that trains next; 0 for one that is not queued. Runs on points only wait for other runs on points."""
        return self.scheduler.position(id)

    def wait(self, id: str) -> float | None:
        """About how many seconds until a queued run gets a worker; None for one that is not queued."""
        return self.scheduler.wait(id)

    def amend(self, id: str, **changes: Any) -> Run:
        """Change a run's name, or whether it is pinned or published."""
        return self.table.amend(id, **changes)

    def submit(self, spec: Spec, owner: str = "local", replace: str | None = None) -> Run:
        """Check a Spec and queue a run of it. The run `replace`, if given, is stopped first.

        Refused names the field and what is allowed: also when it would not fit in memory or on the disk, or too many runs are under way.
        """
        spec, address = self.fitted(check(spec.json())), self.quota.address_mark()
        with self.retention.sparing(replace):
            self.quota.allow(spec, owner)
        old = self.run(replace) if replace is not None else None
        run = self.runs.new(self.untried(spec), owner, address=address)

        def keep() -> None:
            if old:
                self.stop(old.id)
            self.runs.keep(run)
        return self.lifecycle.enter(run, lambda: self._admit(owner, address, old), keep)

    def race(self, lanes: Sequence[Sequence[Spec]], owner: str = "local", clock: Clock = Clock.STEPS, budget: float = 2000) -> Race:
        """Check the Specs of 2 to 8 lanes, of 1 to 5 runs that differ in seeds, and queue a race of them. `budget` by the clock, of each run.
        Refused as `submit`, or with "lanes", "seeds" or "budget"."""
        return self._races.start([[self.fitted(check(spec.json())) for spec in lane] for lane in lanes], owner, clock, budget)

    def fork(self, id: str, owner: str = "local", step: int | None = None, knobs: dict[str, Any] | None = None, variant: str | None = None,
             steps: int | None = None) -> Fork:
        """Queue a run that goes on from the newest checkpoint of `id` at or before `step` (None: from its present step), with other knobs or as
        another variant. `steps` is its budget, counted from the parent's beginning. An unchanged fork goes on as its parent would, to the last bit.

        Refused as `submit`, or with "step", "variant" or a knob's name: what does not fit. Waits for a step and for the disk.
        """
        return self._forks.make(id, owner, step, knobs, variant, steps)

    def untried(self, spec: Spec) -> Spec:
        """A fitted Spec of a new run whose number of threads is still to be chosen, when it first trains."""
        return replace(spec, threads=0) if spec.threads > 1 and self.machine.tries else spec

    def fitted(self, spec: Spec) -> Spec:
        """The Spec with this machine's device, precision and at most its threads. Runs on points get one: their networks are too small for two."""
        points = data.get(spec.data).kind == "points"
        return replace(spec, device=self.machine.device, threads=1 if points else self.machine.threads,
                       precision="float32" if points else self.machine.precision)

    def pause(self, id: str) -> None:
        """Pause after the present step. A paused run keeps its worker until another run needs it."""
        self.lifecycle.pause(id)

    def resume(self, id: str) -> None:
        """Resume a paused run, or queue one that was stopped, interrupted or failed, from its last checkpoint."""
        self._go_on(id, Command("resume"))

    def advance(self, id: str, n: int = 1) -> None:
        """Make n steps, then pause. A run that ended before its budget is resumed for them."""
        self._go_on(id, Command("advance", whole("n", n, 1, MOST_STEPS)))

    def resume_interrupted(self) -> None:
        """Resume the runs that a stop of the server interrupted. One that made no progress the last two times is left to its owner: it may be what
        stopped the server."""
        for run in reversed(self.all()):
            if run.status is Status.INTERRUPTED:
                back = [event["rewind"] for event in self.runs.journal(run.id).read()[0] if "rewind" in event][-2:]
                if len(set(back)) == len(back):
                    with suppress(Refused):             # too many are under way
                        self.resume(run.id)

    def extend(self, id: str, steps: int) -> Run:
        """Train a finished run on to a larger budget, `steps` in all, which its record has from then on. The result is the same, to the last bit
        (on the CPU), as with that budget from the start.

        Refused: "run" unless it has finished, or when too many are under way; "steps" unless that is more than it had, and allowed here.
        """
        address = self.quota.address_mark()
        with self.table.changing(self.run(id).group), self.table.changing(id):
            found = self.run(id)
            if found.status is not Status.FINISHED:
                raise Refused("run", f"this run is {found.status}: more steps can be given to one that has finished")
            had, most = found.spec.steps, self.limits.steps
            if had >= most:
                raise Refused("steps", f"this run has made {had} steps, and {most} are all that one may have here")
            steps = whole("steps", steps, had + 1, most)
            address = found.address or address
            self.table.require_ended(found.group)
            larger = replace(found, spec=replace(found.spec, steps=steps), address=address).with_status(Status.QUEUED)
            # budget and status in one write: killed now, it is one that was interrupted
            return self.lifecycle.enter(larger, lambda: self._admit(found.owner, address), lambda: self.runs.save(larger))

    def stop(self, id: str) -> None:
        """Stop within one step, with a checkpoint. A run that has ended stays as it is."""
        self.lifecycle.stop(id)

    def tune(self, id: str, values: dict[str, Any]) -> int:
        """Change knobs of a run that has not ended. Returns the step after which they act. Refused names a knob that cannot change, or its range.

        Changes that arrive during one step act together.
        """
        return self.lifecycle.tune(id, values)

    def close(self) -> None:
        """Checkpoint every run, mark it interrupted, and release the folder: within ten seconds. A second call does nothing."""
        with self.table.changed:
            if self.table.closing:
                return
            self.table.closing = True
            self.table.changed.notify_all()
        self._leave_all(*CLOSED)
        self.watchdog.stop.set()
        self.workers.join(CLOSE)
        self._leave_all(Status.INTERRUPTED, "The server stopped in the middle of a long step; resume to go on.", at_once=True)
        self.table.close()
        atexit.unregister(self.close)

    def discard(self, id: str) -> None:
        """Stop a run if it trains, and move it to the trash. Refused when it does not stop soon."""
        self.stop(id)
        patience = 2 * self.intervals.patience + self.intervals.watch
        with self.table.changed:
            if not self.table.changed.wait_for(lambda: not self.glance(id), patience):
                raise Refused("run", "this run is in a long step: try again when it has stopped")
        self.table.discard(id)

    def restore(self, id: str) -> Run:
        """Bring a run back from the trash. Refused "run" when it is gone for good, "disk" when its owner has no room for it now: it stays in the
        trash."""
        found = self.runs.discarded(id)
        return self.quota.bring_back(found.owner, self.runs.in_trash().get(id, ("", 0))[1], lambda: self.table.restore(id))

    def _adopt(self, spec: Spec, owner: str, draft: Path, parent: str, step: int) -> Run:
        """Queue a fork whose folder is complete."""
        run = self.runs.new(spec, owner, parent, step, self.quota.address_mark())
        return self.lifecycle.enter(run, lambda: self._admit(owner, run.address), lambda: self.runs.keep(run, draft))

    def _admit(self, owner: str, address: str, replaced: Run | None = None) -> None:
        """Refused when nothing may start, or none of this owner or address."""
        if self.table.closing:
            raise Refused("run", "the server is stopping")
        self.quota.admit(owner, address, [run for run in self.table.leads() if not replaced or run.group != replaced.group])

    def _go_on(self, id: str, command: Command) -> None:
        address = self.quota.address_mark()
        with self.table.changing(self.run(id).group):
            found = self.run(id)
            if not found.status.ended:
                self.lifecycle.go_on(id, command)
                return
            if not found.status.resumable:
                raise Refused("run", f"this run is {found.status}: it cannot go on")
            self.table.require_ended(found.group)
            again = [replace(run, address=run.address or address) for run in self._races.resumable(found)]
            self.lifecycle.enter_all(again, lambda: self._admit(found.owner, found.address or address), first=[command])

    def _leave_all(self, status: Status, note: str, at_once: bool = False) -> None:
        """End every run, with a checkpoint unless `at_once`."""
        for live in self.table.all_live():
            with suppress(Refused):
                self.lifecycle.leave(live, None if at_once else Command("close"), status, note, CHANGED)
