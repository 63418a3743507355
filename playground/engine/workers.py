"""The worker threads."""

import threading
import time
from collections.abc import Callable

from playground.config.cpu.cores import CORES
from playground.engine.run_handle import LiveRun, RunHandle
from playground.errors import reason
from playground.types import Clock, Refused, Spec, Status
from playground.worker.protocol import End, Intervals, RunRevoked
from playground.worker.race import race
from playground.worker.turns import run

Job = tuple[LiveRun, RunHandle]


class Workers:
    """`n` threads, and one for the short lane. `take(short)` waits for a run and its handle, or those of a race, None to end; `begin(run, handle)`
    returns the Spec that it trains as; `left(run, handle, end)` is called when it has left its worker; `clock(race)` is a race's."""

    def __init__(self, n: int, take: Callable[[bool], list[Job] | None], begin: Callable[[LiveRun, RunHandle], Spec],
                 left: Callable[[LiveRun, RunHandle, End], None], clock: Callable[[str], Clock], intervals: Intervals) -> None:
        self.take, self.begin, self.left, self.clock, self.intervals = take, begin, left, clock, intervals
        self.threads: list[threading.Thread] = []
        for short in (*[False] * n, True):
            self.spawn(short)

    def spawn(self, short: bool = False) -> None:
        """Start another worker, of the short lane or not."""
        self.threads = [thread for thread in self.threads if thread.is_alive()]
        thread = threading.Thread(target=self._work, args=(short,), name=f"worker-{len(self.threads)}", daemon=True)
        self.threads.append(thread)
        thread.start()

    def join(self, seconds: float) -> None:
        """Wait for all workers to end, at most so long."""
        end = time.monotonic() + seconds
        for thread in self.threads:
            thread.join(max(0.0, end - time.monotonic()))

    def _work(self, short: bool) -> None:
        while (jobs := self.take(short)) is not None:
            self._train(jobs)
            if any(handle.revoked for _, handle in jobs):       # another worker has replaced this one, or the server has stopped
                return

    def _train(self, jobs: list[Job]) -> None:
        begun: list[tuple[Job, Spec]] = []
        for live, handle in jobs:
            try:
                begun.append(((live, handle), self.begin(live, handle)))
            except RunRevoked:
                handle.revoke()
            except (Refused, OSError) as error:
                self.left(live, handle, (Status.FAILED, reason(error)))
        if not begun:
            return
        (live, _), spec = begun[0]
        with CORES.trains(spec.threads, spec.device):
            if live.run.race:
                lanes = [(spec, handle) for (_, handle), spec in begun]
                race(lanes, self.clock(live.run.race), self.intervals, lambda i, end: self._left(begun[i][0], end))
                return
            end = run(spec, begun[0][0][1], self.intervals)
        self._left(begun[0][0], end)

    def _left(self, job: Job, end: End) -> None:
        if not job[1].revoked:
            self.left(*job, end)
