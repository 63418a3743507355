"""A run's Io on its own folder, as a worker thread of this process gets it."""

import contextlib
import logging
import queue
import threading
import time
from collections.abc import Callable
from concurrent.futures import Future
from contextlib import closing
from dataclasses import asdict, dataclass, field
from typing import Any

from torch import Tensor

import models
from playground.config.file_handles import wait_for_handle
from playground.engine.fair_queue import Entry
from playground.specs import cost
from playground.store.journal import Journal
from playground.store.runs import Runs
from playground.types import Event, Run, Status
from playground.validate import checked_tune
from playground.worker.protocol import Command, RunRevoked

log = logging.getLogger(__name__)
BRIEF = 2.0         # seconds that a status waits for a file handle: requests about this run wait for it
LEARN = 100         # steps over which the time of one is taken


class RunHandle:
    """Events, frames and checkpoints go to `runs/<id>/`; commands arrive through a queue; changes of status go to the table of runs."""

    def __init__(self, runs: Runs, run: Run, report: Callable[["RunHandle", Status, str], None], wanted: Callable[[], bool]) -> None:
        """`report` is called with a change of status; `wanted` returns whether others queue for the worker."""
        self.run, self._report, self.wanted = run, report, wanted
        self.journal, self.checkpoints = runs.journal(run.id), runs.checkpoints(run.id)
        self.frames, self.snapshots = runs.frames(run.id), runs.snapshots(run.id)
        self._commands: queue.SimpleQueue[Command] = queue.SimpleQueue()
        self._tuning, self._tune = threading.Lock(), None       # the tune that the worker has not taken yet
        self._measured_from: tuple[float, int] | None = None
        self.progress: tuple[float, int] | None = None  # seconds of training and step, at the last flush
        self.step = 0                                   # of the last flush
        self.thread = threading.current_thread()        # the worker's
        self.heartbeat, self.longest_step, self.revoked = time.monotonic(), 0.0, False
        self._polled: float | None = None               # when the worker last asked for a command
        self.stop_requested: float | None = None        # when it was told to stop
        self.ready: float | None = None                 # when the worker first asked for a command: all is built
        self.leaving: tuple[float, Future] | None = None        # when it was told to give up its worker, and the steps that it leaves undone

    def revoke(self) -> None:
        """Take the run from its worker: nothing more of that worker's reaches the folder."""
        self.revoked = True

    def _check(self) -> None:
        if self.revoked:
            raise RunRevoked
        self.heartbeat = time.monotonic()

    def _check_waiting(self) -> None:
        """Called between two tries. It is no heartbeat, so a run that is to stop can be taken from its worker meanwhile."""
        if self.revoked:
            raise RunRevoked

    def silent(self) -> float:
        """Seconds since the worker's last sign of life."""
        return time.monotonic() - self.heartbeat

    def unresponsive(self, patience: float) -> bool:
        """Whether a request to stop has waited too long: `patience` seconds, or three of the longest steps so far."""
        since, most = self.stop_requested, max(patience, 3 * self.longest_step)
        return since is not None and self.heartbeat < since and time.monotonic() - since > most

    def turn_seconds(self) -> float:
        """Seconds that it has had its worker, ready to train."""
        return 0.0 if self.ready is None else time.monotonic() - self.ready

    def leave(self) -> None:
        """Have it give up its worker."""
        self.leaving = time.monotonic(), Future()
        self._commands.put(Command("yield", answer=self.leaving[1]))

    def emit(self, event: Event, sync: bool = False) -> None:
        """As Io.emit; a status goes to the table, which writes it."""
        self._check()
        if "status" in event:
            self._report(self, Status(event["status"]), event.get("note", ""))
            return
        wait_for_handle(lambda: self.journal.append(event, sync), self._check_waiting)
        if "rewind" in event:
            self.step = event["rewind"]
            for store in (self.frames, self.snapshots, self.checkpoints):
                wait_for_handle(lambda store=store: store.drop_after(self.step), self._check_waiting)
        if "well" in event.get("alarm", {}):
            wait_for_handle(lambda: self.checkpoints.mark(event["alarm"]["well"]), self._check_waiting)
        if "rows" in event:
            self.step, elapsed = event["rows"]["step"][-1], event["elapsed"]
            self.progress = elapsed, self.step
            self._measured_from = self._measured_from or self.progress
            if self.step - self._measured_from[1] >= LEARN:
                cost.learn(self.run.spec, (elapsed - self._measured_from[0]) / (self.step - self._measured_from[1]))

    def log(self) -> list[Event]:
        """As Io.log."""
        return wait_for_handle(self.journal.read, self._check_waiting)[0]

    def save(self, step: int, tensors: dict[str, Tensor], meta: dict[str, Any]) -> None:
        """As Io.save. A write that the disk delays beyond the end of this worker's turn is dropped."""
        self._check()
        wait_for_handle(lambda: self.checkpoints.write(step, tensors, meta, ready=self._check), self._check_waiting)

    def latest(self) -> tuple[int, dict[str, Tensor], dict[str, Any]] | None:
        """As Io.latest."""
        return wait_for_handle(self.checkpoints.latest, self._check_waiting)

    def frame(self, step: int, data: bytes, mark: bool = False) -> None:
        """As Io.frame."""
        self._check()
        wait_for_handle(lambda: self.frames.put(step, data, mark), self._check_waiting)

    def snapshot(self, step: int, data: bytes, mark: bool = False) -> None:
        """As Io.look."""
        self._check()
        wait_for_handle(lambda: self.snapshots.put(step, data, mark), self._check_waiting)

    def command(self, wait: float = 0.0) -> Command | None:
        """As Io.command. Each call is a sign of life."""
        self._check()
        self.longest_step = max(self.longest_step, self.heartbeat - (self._polled or self.heartbeat))
        self._polled = self.heartbeat
        self.ready = self.ready or self.heartbeat
        if not wait and self._commands.empty():
            return None
        try:
            found = self._commands.get(timeout=wait)
        except queue.Empty:
            return None
        if found.kind == "tune":
            with self._tuning:                          # all changes until now act together
                self._tune = None if found is self._tune else self._tune
        return found

    def tune(self, values: dict[str, Any]) -> Future:
        """Request other knobs; they join a tune that is already waiting, and later values win. Returns `Command.answer`."""
        with self._tuning:
            if self._tune is None:
                self._tune = Command("tune", {}, Future())
                self._commands.put(self._tune)
            self._tune.value.update(values)
            return self._tune.answer

    def send(self, *commands: Command) -> None:
        """Queue commands for the worker, in this order."""
        for command in commands:
            if command.kind in ("stop", "close") and self.stop_requested is None:
                self.stop_requested = time.monotonic()
            self._commands.put(command)

    def undelivered(self) -> list[Command]:
        """Commands that the worker did not take."""
        found = []
        with contextlib.suppress(queue.Empty):
            while True:
                found.append(self._commands.get_nowait())
        return found


@dataclass
class LiveRun:
    """A run that has not ended. It has a `handle` while it has a worker; else it is queued, or paused without a worker."""

    run: Run
    handle: RunHandle | None = None
    first: list[Command] = field(default_factory=list)      # commands for when a worker takes it
    short: bool = False                                     # its worker is the one of the short lane
    step: int = 0                                           # at which it gave up its worker

    @property
    def points(self) -> bool:
        """Whether it trains on points, which makes it small."""
        return not self.run.spec.size

    @property
    def group(self) -> str:
        """What it queues and trains with: its race, or itself alone."""
        return self.run.group

    @property
    def entry(self) -> Entry:
        """Its group's entry in a queue. Runs older than address marks count by owner."""
        return Entry(self.group, self.run.owner, self.run.address or f"of {self.run.owner}")


def record(runs: Runs, run: Run, journal: Journal | None = None) -> bool:
    """Write a run's status to `run.json` and to its journal (`journal`, when it is open already). A disk that refuses does not keep a run from
    ending: it is logged, and False is returned."""
    event = {"status": run.status, "note": run.note}
    try:
        wait_for_handle(lambda: runs.save(run), most=BRIEF)
        if journal:
            wait_for_handle(lambda: journal.append(event, sync=True), most=BRIEF)
        else:
            with closing(runs.journal(run.id)) as own:
                own.append(event, sync=True)
    except OSError:
        log.exception("the status of run %s, %s, could not be kept", run.id, run.status)
        return False
    return True


def tune_waiting(runs: Runs, run: Run, values: dict[str, Any]) -> int:
    """Tune a run that has no worker: the tune is logged, and made when the run begins. Returns the step after which it acts."""
    kind = models.get(run.spec.variant).Knobs
    now = asdict(kind()) | run.spec.knobs
    for event in runs.journal(run.id).read()[0]:
        now |= {knob: after for knob, (_, after) in event.get("tune", {}).items()}
    values = checked_tune(kind, now, values)
    step = max(runs.checkpoints(run.id).steps(), default=0)
    changed = {knob: [now[knob], value] for knob, value in values.items() if value != now[knob]}
    if changed:
        with closing(runs.journal(run.id)) as journal:
            journal.append({"tune": changed, "step": step}, sync=True)
    return step
