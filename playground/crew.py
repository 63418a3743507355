"""The worker threads, and the watch over them: a dead one is replaced, one that hangs is let go of."""

import logging
import threading
import time
from collections.abc import Callable
from typing import TYPE_CHECKING

from playground.door import End, Pace
from playground.folder import Active, FolderIo
from playground.machine import use_threads
from playground.runner import run
from playground.types import Status

if TYPE_CHECKING:
    from playground.engine import Engine

log = logging.getLogger(__name__)
DIED = "Its worker died; the server's log says why. Resume to go on from the last checkpoint."
SILENT = "No step for {:.0f} s: it may be stuck. Stop it, or wait."
DEAF = "It did not answer and was let go of; its last checkpoint is kept. Resume to go on from there."
HOUSEKEEPING = 60.0     # seconds between two


class Crew:
    """`n` threads. `take()` waits for a run and its Io, None to go home; `left(active, io, end)` is told when it has left its worker."""

    def __init__(self, n: int, take: Callable[[], tuple[Active, FolderIo] | None], left: Callable[[Active, FolderIo, End], None], pace: Pace) -> None:
        self.take, self.left, self.pace = take, left, pace
        self._threads: list[threading.Thread] = []
        for _ in range(n):
            self.hire()

    def hire(self) -> None:
        self._threads = [thread for thread in self._threads if thread.is_alive()]
        thread = threading.Thread(target=self._work, name=f"worker-{len(self._threads)}", daemon=True)
        self._threads.append(thread)
        thread.start()

    def join(self, seconds: float) -> None:
        end = time.monotonic() + seconds
        for thread in self._threads:
            thread.join(max(0.0, end - time.monotonic()))

    def _work(self) -> None:
        while (job := self.take()) is not None:
            active, io = job
            use_threads(active.run.spec.threads)
            end = run(active.run.spec, io, self.pace)
            if io.is_cut:                               # somebody else has this one's place
                return
            self.left(active, io, end)


class Watch(threading.Thread):
    """Looks at every run that trains, and keeps house now and then, until `stop`."""

    def __init__(self, engine: "Engine") -> None:
        super().__init__(name="watch", daemon=True)
        self.engine, self.pace, self.stop = engine, engine.pace, threading.Event()
        self.told: set[FolderIo] = set()

    def run(self) -> None:
        next_round = time.monotonic() + HOUSEKEEPING
        while not self.stop.wait(self.pace.watch):
            try:
                for active, io in self.engine.training():
                    self.look(active, io)
                if time.monotonic() >= next_round:
                    next_round = time.monotonic() + HOUSEKEEPING
                    self.engine.keeper.clean()
            except Exception:
                log.exception("the watch goes on after a fault")

    def look(self, active: Active, io: FolderIo) -> None:
        silent = io.silent()
        if not io.thread.is_alive():
            self.engine.let_go(active, io, Status.FAILED, DIED)
        elif io.deaf(self.pace.patience):
            self.engine.let_go(active, io, Status.STOPPED, DEAF)
        elif silent > self.pace.stall:
            if io not in self.told:
                self.told = {io, *(other for other in self.told if other.thread.is_alive())}
                self.engine.note(active, io, SILENT.format(silent))
        elif io in self.told:
            self.told.discard(io)
            self.engine.note(active, io, "")
