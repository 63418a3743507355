"""Which runs there are, and what is known of each: those on the disk, and how those that are under way stand now."""

import logging
import threading
from dataclasses import replace
from pathlib import Path
from typing import Any

from playground.folder import Active, FolderIo, record
from playground.store.cache import Cache
from playground.store.disk import Lock
from playground.store.facts import Index
from playground.store.runs import Runs
from playground.types import Refused, Run, Status, is_id

log = logging.getLogger(__name__)
GONE = "The server went away; resume to go on."


class Register:
    """Threads may share it. What takes an id raises Refused("run", ...) when there is no such run."""

    def __init__(self, root: Path, cache: Cache | None = None) -> None:
        """Runs that a dead process left in the middle become interrupted. Refused when another process uses `root`."""
        self._lock, self.runs = Lock(Path(root)), Runs(Path(root))
        self.index = Index(self.runs, cache)
        self._active: dict[str, Active] = {}            # those that have not ended
        self._ended: dict[str, Run] = {}                # whose end the disk refused
        self._wake = threading.Condition()
        self.runs.sweep_unborn()
        for left in self.runs.all():
            if not left.status.ended:
                self.runs.sweep(left.id)
                self._mark(Active(left), Status.INTERRUPTED, GONE)

    def run(self, id: str) -> Run:
        with self._wake:
            if not is_id(id):
                raise Refused("run", "a run's id is 32 hex digits")
            return self._now(self._active[id].run if id in self._active else self.runs.get(id))

    def glance(self, id: str) -> Run | None:
        """One that has not ended, as it stands; without a lock, which may be held while a disk writes."""
        active = self._active.get(id)
        return active and active.run

    def all(self) -> list[Run]:
        """Every run, the newest first."""
        found = self.runs.all()
        with self._wake:
            return [self._now(run) for run in found]

    def live(self) -> list[Run]:
        """Runs that queue, train or are paused, the oldest first."""
        with self._wake:
            return [active.run for active in self._active.values()]

    def training(self) -> list[tuple[Active, FolderIo]]:
        """Those that a worker has, each with its Io."""
        with self._wake:
            return [(active, active.io) for active in self._active.values() if active.io]

    def amend(self, id: str, **changes: Any) -> Run:
        """Another name, pinned or published."""
        with self._wake:
            changed = replace(self.run(id), **changes)
            self.runs.save(changed)
            if id in self._active:
                self._active[id].run = changed
            elif id in self._ended:
                self._ended[id] = changed
            return changed

    def discard(self, id: str) -> None:
        """Throw an ended run away; `restore` brings it back for a while. Refused when it has not ended."""
        with self._wake:
            found = self.run(id)
            if not found.status.ended:
                raise Refused("run", f"this run is {found.status}: it has to end first")
            self.runs.discard(id)
            self._ended.pop(id, None)
            self.index.forget(id)

    def restore(self, id: str) -> Run:
        """Refused when it is gone for good."""
        with self._wake:
            self.runs.restore(id)
            return self.run(id)

    def note(self, active: Active, io: FolderIo, text: str) -> None:
        """Tell watchers something of a run that trains."""
        with self._wake:
            if active.io is io and active.run.status is Status.RUNNING:
                self._mark(active, Status.RUNNING, text)

    def _find(self, id: str) -> Active:
        status = self.run(id).status
        if status.ended:
            raise Refused("run", f"this run is {status}: it does not train")
        return self._active[id]

    def _now(self, run: Run) -> Run:
        """A run as the disk has it, as it stands."""
        if run.id in self._active:
            return self._active[run.id].run
        run = self._ended.get(run.id, run)
        return run if run.status.ended else run.now(Status.INTERRUPTED)         # brought here from elsewhere

    def _mark(self, active: Active, status: Status, note: str = "") -> None:
        with self._wake:
            active.run = active.run.now(status, note)
            if not record(self.runs, active.run, active.io.journal if active.io else None) and status.ended:
                self._ended[active.run.id] = active.run
            self._wake.notify_all()
