"""Cleaning up: deletes runs that are too old, or for which there is no room, and stops those that have been paused too long."""

import logging
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress

from playground.config.settings import Limits
from playground.engine.run_table import RunTable
from playground.engine.usage import Usage
from playground.types import Refused, Run, Status, is_id

log = logging.getLogger(__name__)
UNDO = 60           # seconds that a deleted run can be brought back
DAY = 86_400
HOUR = 3600


class Retention:
    """Threads may share it."""

    def __init__(self, table: RunTable, usage: Usage, limits: Limits, stop: Callable[[str], None], discard: Callable[[str], None]) -> None:
        """`stop` ends a run, with a checkpoint; `discard` moves one to the trash. Both may refuse."""
        self.table, self.usage, self.limits, self.stop, self.discard = table, usage, limits, stop, discard
        self._sparing = threading.Lock()
        self._spared: Counter[str] = Counter()          # runs that are in use and must stay
        self._paused: dict[str, float] = {}             # id -> since when, by the monotonic clock

    @contextmanager
    def sparing(self, id: str | None) -> Iterator[None]:
        """Protects a run from being cleaned away within the block."""
        self._spare(id, 1)
        try:
            yield
        finally:
            self._spare(id, -1)

    def _spare(self, id: str | None, by: int) -> None:
        if is_id(id):                                   # whether the run exists is checked elsewhere
            with self._sparing:
                self._spared.update({id: by})
                self._spared = +self._spared

    def clean(self, owner: str = "", more: int = 0) -> None:
        """Empty the trash; stop runs that have been paused too long; delete ended runs that are too old, and those for which there is no room when
        `owner` has `more` bytes. Pinned ones stay, and those that are spared.

        An owner above the limit loses what is in the trash, and then the oldest run. When all together are above the limit, that is an owner of the
        address that holds most beyond an equal share: many names from one address push nobody else's runs out.
        """
        with self.usage.moving:
            self.usage.empty_trash(UNDO)
            self._stop_idle()
            every = self.table.all()
            self.table.races.sweep({run.id for run in every} | self.table.runs.in_trash().keys(), time.time() - HOUR)
            runs = [run for run in reversed(every) if run.status.ended and not run.pinned and not self._spared[run.id]]
            for run in [run for run in runs if self._old(run)]:
                runs.remove(run)
                self._remove(run)
            if self.limits.each is None and self.limits.whole is None:
                return
            live, trash, new = self.usage.kept(), self.usage.trash(), Counter({owner: more})
            while (loser := self._next_to_lose(live, trash, new, {run.owner for run in runs})) is not None:
                if trash.pop(loser, 0):
                    self.usage.empty_trash(0, loser)
                    continue
                run = next(run for run in runs if run.owner == loser)
                size = self.usage.of(run.id)
                runs.remove(run)
                if self._remove(run):
                    live[loser] -= size

    def _next_to_lose(self, live: Counter[str], trash: Counter[str], new: Counter[str], losers: set[str]) -> str | None:
        """The owner who has to lose something next, of those who can; None when nothing has to go, or nothing can."""
        held, each, whole, group = live + trash + new, self.limits.each, self.limits.whole, self.table.addresses.group
        able = {owner for owner in held if trash[owner] or owner in losers}
        full = [owner for owner in able if each is not None and (held if trash[owner] else live)[owner] > each]
        if full or whole is None or held.total() <= whole:
            return next(iter(full), None)
        groups: Counter[str] = Counter()
        for owner, size in held.items():
            groups[group(owner)] += size
        for name, size in groups.most_common():
            owners = [owner for owner in able if group(owner) == name]
            if owners and size > whole / len(groups):
                return max(owners, key=lambda owner: (held[owner], owner))
        return None

    def _remove(self, run: Run) -> bool:
        try:
            self.discard(run.id)
        except (Refused, OSError) as why:               # resumed or deleted meanwhile, or the disk refuses: tried again next time
            log.warning("run %s of %s should be cleaned away and is not: %s", run.id, run.owner, why)
            return False
        log.warning("run %s of %s is cleaned away", run.id, run.owner)
        self.table.runs.empty(0, run.id)
        return True

    def _old(self, run: Run) -> bool:
        return self.limits.days is not None and run.created < time.time() - self.limits.days * DAY

    def _stop_idle(self) -> None:
        paused = {run.id for run in self.table.live() if run.status is Status.PAUSED}
        self._paused = {id: since for id, since in self._paused.items() if id in paused}
        for id in paused:
            if time.monotonic() - self._paused.setdefault(id, time.monotonic()) > self.limits.idle * HOUR:
                with suppress(Refused):
                    self.stop(id)
