"""The watchdog over the workers: replaces a dead one, takes the run from one that hangs, and tells watchers of a slow run why it is slow."""

import logging
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field

from playground.config.cpu.cores import CORES
from playground.config.cpu.team import Use
from playground.config.file_handles import out_of_handles
from playground.engine.run_handle import LiveRun, RunHandle
from playground.types import Run, Status
from playground.worker.protocol import Command, Intervals
from playground.worker.slowdown import RecentRate, Slowdown
from playground.worker.thread_review import ThreadReview

log = logging.getLogger(__name__)
DIED = "Its worker died; the server's log says why. Resume to go on from the last checkpoint."
SILENT = "No step for {:.0f} s: it may be stuck. Stop it, or wait."
UNRESPONSIVE = "It did not answer and was let go of; its last checkpoint is kept. Resume to go on from there."
HOUSEKEEPING = 60.0     # seconds between two rounds of cleaning up


@dataclass
class Observed:
    """What is known of a run that trains."""

    slowed: Slowdown
    review: ThreadReview
    silent: str = ""            # the message while it may be stuck
    rate: RecentRate = field(default_factory=RecentRate)


class Watchdog(threading.Thread):
    """Checks every run that trains, and cleans up now and then, until `stop` is set."""

    def __init__(self, intervals: Intervals, threads: int, jobs: Callable[[], list[tuple[LiveRun, RunHandle]]],
                 revoke: Callable[[LiveRun, RunHandle, Status, str], None], note: Callable[[LiveRun, RunHandle, str], None],
                 tick: Callable[[], None], keep_house: Callable[[], None]) -> None:
        """`threads`: the most of a run on images, 0 when none is to change its number. `jobs()`: the runs that train. `revoke` takes one from its
        worker, `note` shows its watchers a message. `tick` is called in each round."""
        super().__init__(name="watchdog", daemon=True)
        self.intervals, self.threads, self.jobs, self.revoke = intervals, threads, jobs, revoke
        self.note, self.tick, self.keep_house = note, tick, keep_house
        self.stop, self.observed = threading.Event(), dict[RunHandle, Observed]()

    def run(self) -> None:
        """Until `stop` is set."""
        next_round = time.monotonic() + HOUSEKEEPING
        while not self.stop.wait(self.intervals.watch):
            try:
                self.tick()
                use, training = CORES.measure(), self.jobs()
                self.observed = {handle: self.observed.get(handle) or self.begin(live.run) for live, handle in training}
                for live, handle in training:
                    self.check(live, handle, use)
                if time.monotonic() >= next_round:
                    next_round = time.monotonic() + HOUSEKEEPING
                    self.keep_house()
            except Exception as error:
                if out_of_handles(error):
                    log.warning("no file handle is left: the watchdog looks again in a moment")
                else:
                    log.exception("the watchdog goes on after a fault")

    def begin(self, run: Run) -> Observed:
        """Begin to watch a run. Lanes of a race compute with equally many threads to the end."""
        spec = run.spec
        most = self.threads if spec.size and spec.device == "cpu" and not run.race else 0
        return Observed(Slowdown(most), ThreadReview(spec.threads, most))

    def check(self, live: LiveRun, handle: RunHandle, use: Use | None) -> None:
        """Check one run. `use`: of this machine's cores, where that is known."""
        silent, observed = handle.silent(), self.observed[handle]
        if not handle.thread.is_alive():
            self.revoke(live, handle, Status.FAILED, DIED)
        elif handle.unresponsive(self.intervals.patience):
            self.revoke(live, handle, Status.STOPPED, UNRESPONSIVE)
        else:
            observed.silent = (observed.silent or SILENT.format(silent)) if silent > self.intervals.stall else ""
            threads = CORES.size(handle.thread.native_id or 0)
            rate = observed.rate.now(handle.progress, threads)
            slowed = observed.slowed.check(rate, use, threads) if live.run.spec.device == "cpu" else ""
            self.note(live, handle, observed.silent or slowed)
            if handle.ready and threads and observed.review.most:
                wanted = observed.review.check(rate, use, threads)
                if wanted != threads:
                    handle.send(Command("threads", wanted))
