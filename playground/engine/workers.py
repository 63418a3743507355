"""The worker threads."""

import threading
import time
from collections.abc import Callable

from playground.config.cpu.cores import CORES
from playground.engine.run_handle import LiveRun, RunHandle
from playground.errors import reason
from playground.types import Refused, Spec, Status
from playground.worker.protocol import End, Intervals, RunRevoked
from playground.worker.turns import run


class Workers:
    """`n` threads, and one for the short lane. `take(short)` waits for a run and its handle, None to end; `begin(run, handle)` returns the Spec
    that it trains as; `left(run, handle, end)` is called when it has left its worker."""

    def __init__(self, n: int, take: Callable[[bool], tuple[LiveRun, RunHandle] | None], begin: Callable[[LiveRun, RunHandle], Spec],
                 left: Callable[[LiveRun, RunHandle, End], None], intervals: Intervals) -> None:
        self.take, self.begin, self.left, self.intervals = take, begin, left, intervals
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
        while (job := self.take(short)) is not None:
            live, handle = job
            end = self._train(live, handle)
            if handle.revoked or end is None:           # another worker has replaced this one, or the server has stopped
                return
            self.left(live, handle, end)

    def _train(self, live: LiveRun, handle: RunHandle) -> End | None:
        try:
            spec = self.begin(live, handle)
        except RunRevoked:
            return None
        except (Refused, OSError) as error:
            return Status.FAILED, reason(error)
        with CORES.trains(spec.threads, spec.device):
            return run(spec, handle, self.intervals)
