"""What all runs, and what people keep beside them, take of the disk: whether there is room for more, and which runs go when there is not."""

import logging
import shutil
import threading
import time
from collections import Counter
from contextlib import suppress
from typing import TYPE_CHECKING, Protocol

from playground import estimate
from playground.estimate import amount
from playground.types import Refused, Run, Spec, Status

if TYPE_CHECKING:
    from playground.engine import Engine

log = logging.getLogger(__name__)
UNDO = 60           # seconds that a deleted run can be brought back
DAY, HOUR = 86_400, 3600


class Beside(Protocol):
    """A store of other things that people keep."""

    def held(self) -> Counter[str]: ...                 # bytes, by owner
    def empty(self, seconds: float) -> None: ...        # its trash, of what was thrown away so long ago


class Keeper:
    """Threads may share it."""

    def __init__(self, engine: "Engine") -> None:
        self.engine, self.limits, self._cleaning = engine, engine.limits, threading.Lock()
        self.beside: list[Beside] = []
        self._paused: dict[str, float] = {}             # since when, by the clock that never jumps

    def used(self, owners: tuple[str, ...] | None = None) -> int:
        """Bytes that these people hold, all their runs and what lies beside them; of all, when none are named."""
        runs = sum(self.engine.index.of(run.id)[1].bytes for run in self.engine.all() if owners is None or run.owner in owners)
        return runs + self.others(owners)

    def others(self, owners: tuple[str, ...] | None = None) -> int:
        """Bytes of what lies beside the runs."""
        held = self._others()
        return held.total() if owners is None else sum(held[owner] for owner in owners)

    def _others(self) -> Counter[str]:
        return sum((store.held() for store in self.beside), Counter())

    def free(self) -> int:
        return shutil.disk_usage(self.engine.runs.root).free

    def admit(self, owner: str, there: list[Run]) -> None:
        """Refused("run", ...) when `owner` has too many of the runs that are under way, or too many wait in all."""
        mine, waiting = sum(run.owner == owner for run in there), sum(run.status is Status.QUEUED for run in there)
        most = min(self.limits.running, self.engine.machine.workers) + self.limits.queued
        if mine >= most:
            raise Refused("run", f"{mine} of your runs train or wait, and one person may have {most} here: stop one, or wait")
        if waiting >= self.limits.queue:
            raise Refused("run", f"{waiting} runs wait already, which is all that may: come back a little later")

    def allow(self, spec: Spec, owner: str) -> None:
        """Refused when a run is too long for this place, or would not fit in memory or on the disk."""
        if spec.steps > self.limits.steps:
            raise Refused("steps", f"steps must be a whole number between 1 and {self.limits.steps} here")
        estimate.need(spec)
        self.room(owner)

    def room(self, owner: str, more: int = 1) -> None:
        """Refused("disk", ...) when `more` bytes of `owner` have no room, even once what may go has gone."""
        free, least, each = self.free(), self.limits.free, self.limits.each
        if free < least + more:
            raise Refused("disk", f"{amount(free)} of the disk are free, and {amount(least)} are left alone: delete some runs first")
        if each is None and self.limits.whole is None:
            return
        self.clean()
        if each is not None and (held := self.used((owner,))) + more > each:
            raise Refused("disk", f"what you keep here holds {amount(held)}; one person may hold {amount(each)}: delete some runs, or unpin them")
        if self.limits.whole is not None and (held := self.used()) + more > self.limits.whole:
            raise Refused("disk", f"all that is kept here holds {amount(held)}; {amount(self.limits.whole)} are allowed: delete some first")

    def go_on(self) -> None:
        """Resume the runs that a stop of the server interrupted. One that got no step further the last two times is left to its owner:
        it may be what stopped the server."""
        for run in reversed(self.engine.all()):
            if run.status is Status.INTERRUPTED:
                back = [event["rewind"] for event in self.engine.runs.journal(run.id).read()[0] if "rewind" in event][-2:]
                if len(set(back)) == len(back):
                    with suppress(Refused):             # more than may be under way
                        self.engine.resume(run.id)

    def clean(self) -> None:
        """Empty the trash; stop who has been paused too long; remove ended runs that are too old or too many, the oldest first, pinned ones never."""
        with self._cleaning:
            for store in (self.engine.runs, *self.beside):
                store.empty(UNDO)
            self._stop_idle()
            runs, held = self.engine.all(), self._others()
            weighs = {run.id: self.engine.index.of(run.id)[1].bytes for run in runs}
            for run in runs:
                held[run.owner] += weighs[run.id]
            for run in reversed(runs):
                if run.status.ended and not run.pinned and (self._old(run) or self._heavy(run.owner, held)):
                    try:
                        self.engine.discard(run.id)
                    except (Refused, OSError) as why:   # resumed or gone meanwhile, or the disk refuses: it is looked at again next time
                        log.warning("run %s of %s should be cleaned away and is not: %s", run.id, run.owner, why)
                        continue
                    log.warning("run %s of %s is cleaned away", run.id, run.owner)
                    held[run.owner] -= weighs[run.id]
                    self.engine.runs.empty(0, run.id)

    def _old(self, run: Run) -> bool:
        return self.limits.days is not None and run.created < time.time() - self.limits.days * DAY

    def _heavy(self, owner: str, held: Counter[str]) -> bool:
        each, whole = self.limits.each, self.limits.whole
        return (each is not None and held[owner] > each) or (whole is not None and held.total() > whole)

    def _stop_idle(self) -> None:
        paused = {run.id for run in self.engine.live() if run.status is Status.PAUSED}
        self._paused = {id: since for id, since in self._paused.items() if id in paused}
        for id in paused:
            if time.monotonic() - self._paused.setdefault(id, time.monotonic()) > self.limits.idle * HOUR:
                with suppress(Refused):
                    self.engine.stop(id)
