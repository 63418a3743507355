"""The table of runs: those on the disk, and the present state of those that are under way."""

import logging
import threading
import weakref
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from pathlib import Path
from typing import Any

from playground.engine.run_handle import LiveRun, RunHandle, record
from playground.store.addresses import Addresses
from playground.store.cache import Cache
from playground.store.disk import Lock
from playground.store.races import Races
from playground.store.run_summaries import Index
from playground.store.runs import Runs
from playground.types import Refused, Run, Status, is_id
from playground.worker.protocol import RunRevoked

log = logging.getLogger(__name__)
INTERRUPTED = "The server went away; resume to go on."


class Ended(Refused):
    """Refused, for the run has ended."""


class RunTable:
    """Threads may share it. Methods that take an id raise Refused("run", ...) when there is no such run.

    Two kinds of lock. `changed` guards what is in memory; its holder never waits for a disk, or for a lock of the other kind. `changing(id)` is one
    run's own: it is held from the first read of a run to the last write, so that its statuses reach the disk in order, and nobody else waits for
    that disk.
    """

    def __init__(self, root: Path, cache: Cache | None = None) -> None:
        """Runs that a dead process left unfinished become interrupted. Refused when another process uses `root`."""
        self._folder, self.runs = Lock(Path(root)), Runs(Path(root))
        self.index, self.addresses, self.races = Index(self.runs, cache), Addresses(Path(root)), Races(Path(root))
        self.changed = threading.Condition()
        self.closing = False                            # the server is stopping: nothing may begin
        self._live: dict[str, LiveRun] = {}             # those that have not ended
        self._groups: dict[str, dict[str, LiveRun]] = {}        # the same by group, as LiveRun.group names it
        self._ended: dict[str, Run] = {}                # runs that ended while the disk refused
        self._locks = weakref.WeakValueDictionary[str, threading.RLock]()
        self.runs.sweep_unfinished()
        for left in self.runs.all():
            if not left.status.ended:
                self.runs.sweep(left.id)
                self.mark(LiveRun(left), Status.INTERRUPTED, INTERRUPTED)

    @contextmanager
    def changing(self, id: str, patience: float = -1) -> Iterator[None]:
        """Excludes other changes to this run within the block. Never enter it with `changed` held. Refused when somebody else holds it for longer
        than `patience` seconds, if that is not negative."""
        if not is_id(id):
            raise Refused("run", "a run's id is 32 hex digits")
        with self.changed:
            lock = self._locks.setdefault(id, threading.RLock())
        if not lock.acquire(timeout=patience):
            raise Refused("run", "this run is being changed: try again")
        try:
            yield
        finally:
            lock.release()

    def run(self, id: str) -> Run:
        """A run as it stands now."""
        if not is_id(id):
            raise Refused("run", "a run's id is 32 hex digits")
        live = self.glance(id)
        return live or self._current(self.runs.get(id))

    def glance(self, id: str) -> Run | None:
        """A run that has not ended, as it stands; None otherwise. Takes no lock."""
        live = self._live.get(id)
        return live and live.run

    def all(self) -> list[Run]:
        """Every run, the newest first."""
        found = []
        for run in self.runs.all():
            with suppress(Refused):                     # just deleted
                found.append(self._current(run))
        return found

    def live(self) -> list[Run]:
        """Runs that queue, train or are paused, the oldest first."""
        with self.changed:
            return [live.run for live in self._live.values()]

    def require_ended(self, group: str) -> None:
        """Refused("run", ...) while runs of a group train or wait: one that has ended goes on with them, or after them."""
        if self.group(group):
            raise Refused("run", "other lanes of its race still train: this one can go on when they have ended")

    def leads(self) -> list[Run]:
        """As `live`, the first of each group alone: a race counts as one."""
        with self.changed:
            return [next(iter(group.values())).run for group in self._groups.values()]

    def training(self) -> list[tuple[LiveRun, RunHandle]]:
        """The runs that have a worker, each with its handle."""
        with self.changed:
            return [(live, live.handle) for live in self._live.values() if live.handle]

    def all_live(self) -> list[LiveRun]:
        """The same runs, with their state in this process."""
        with self.changed:
            return list(self._live.values())

    def group(self, id: str) -> list[LiveRun]:
        """The runs of a group that have not ended, in the order in which they entered; `id` is a race's, or a run's that is alone."""
        with self.changed:
            return [*self._groups.get(id, {}).values()]

    def teams(self) -> list[tuple[LiveRun, RunHandle]]:
        """As `training`, the first of each group alone: as many as workers are busy."""
        return list({live.group: (live, handle) for live, handle in reversed(self.training())}.values())[::-1]

    def find(self, id: str) -> LiveRun:
        """The live state of a run. Refused("run", ...) when it has ended."""
        live = self._live.get(id) if is_id(id) else None
        if live is None:
            raise Ended("run", f"this run is {self.run(id).status}: it does not train")
        return live

    def amend(self, id: str, **changes: Any) -> Run:
        """Change a run's name, or whether it is pinned or published."""
        with self.changing(id):
            changed = replace(self.run(id), **changes)
            self.runs.save(changed)
            with self.changed:
                if id in self._live:
                    changed = self._live[id].run = replace(self._live[id].run, **changes)
                elif id in self._ended:
                    self._ended[id] = changed
            return changed

    def discard(self, id: str) -> None:
        """Move an ended run to the trash; `restore` brings it back for a while. Refused when it has not ended."""
        with self.changing(id):
            found = self.run(id)
            if not found.status.ended:
                raise Refused("run", f"this run is {found.status}: it has to end first")
            self.runs.discard(id)
            with self.changed:
                self._ended.pop(id, None)
            self.index.forget(id)

    def restore(self, id: str) -> Run:
        """Bring a run back. Refused when it is gone for good."""
        with self.changing(id):
            self.runs.restore(id)
            return self.run(id)

    def add(self, live: LiveRun) -> None:
        """The run is under way from now on."""
        with self.changed:
            self._live[live.run.id] = live
            self._groups.setdefault(live.group, {})[live.run.id] = live

    def remove(self, live: LiveRun) -> None:
        """The run could not begin, or has ended."""
        with self.changed:
            group = self._groups.get(live.group, {})
            self._live.pop(live.run.id, None)
            group.pop(live.run.id, None)
            if not group:
                self._groups.pop(live.group, None)

    def mark(self, live: LiveRun, status: Status, note: str = "") -> None:
        """Set a run's status: on the disk, then in memory. `changing` is held."""
        run = live.run.with_status(status, note)
        written = record(self.runs, run, live.handle.journal if live.handle else None)
        with self.changed:
            live.run = run
            if not status.ended or written:
                self._ended.pop(run.id, None)
            else:
                self._ended[run.id] = run
            if status.ended:                            # last: a reader without a lock finds it in one place or the other
                self.remove(live)
            self.changed.notify_all()

    def report(self, live: LiveRun, handle: RunHandle, status: Status, note: str) -> None:
        """As `mark`, called by a worker. Raises RunRevoked when the run is no longer that worker's."""
        with self.changing(live.run.id):
            if live.handle is not handle:
                raise RunRevoked
            self.mark(live, status, note)

    def note(self, live: LiveRun, handle: RunHandle, text: str) -> None:
        """Show watchers of a run that trains a message, "" to clear it. It is not written to the disk."""
        with self.changed:
            if live.handle is handle and live.run.status is Status.RUNNING and live.run.note != text:
                live.run = live.run.with_status(Status.RUNNING, text)
                self.changed.notify_all()

    def close(self) -> None:
        """Release the folder for another process."""
        self._folder.release()

    def _current(self, found: Run) -> Run:
        """The present state of a run that was read from the disk."""
        while True:
            live = self._live.get(found.id)
            if live:
                return live.run
            found = self._ended.get(found.id, found)
            if found.status.ended:
                return found
            again = self.runs.get(found.id)             # it may have ended since it was read
            if again == found:
                return found.with_status(Status.INTERRUPTED)    # its folder was copied here
            found = again
