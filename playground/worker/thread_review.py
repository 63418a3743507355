"""Whether a run should go on with another number of threads, since others took its cores or gave them back: tried, not guessed.

Others are other programs and machines, and other runs of this process, as one on points beside one on images.
"""

import time
from collections.abc import Callable

from playground.config.cpu.team import Use
from playground.worker.slowdown import FALLEN, LASTING, SHORT
from playground.worker.thread_count import GAIN

CALM = 5                # checks in a row without others on its cores, until all threads are tried again
PAUSE, LONGEST = 30.0, 960.0        # seconds until the next trial after one that brought nothing: twice as long each time, at most
FORGET = 0.98           # of its best rate that counts a check later: the cost of a step changes with phases and tunes


class ThreadReview:
    """One run's; checked every second. All its threads wait for the one whose core others share; a single one can do without that core."""

    def __init__(self, begun: int, most: int, clock: Callable[[], float] = time.monotonic) -> None:
        """`begun`: the threads of its first step; `most`: those that it may have."""
        self.begun, self.most, self.clock = begun, most, clock
        self.best = 0.0                                 # steps per second with all threads while nobody else had its cores
        self._tried: tuple[int, float] | None = None    # the threads before the trial that runs, and their steps per second
        self._taken = self._calm = 0                    # checks in a row with its cores taken, and without
        self._disturbed = False                         # others have had its cores since all threads were last tried
        self._next, self._pause = 0.0, PAUSE            # when a trial may begin

    def check(self, rate: float, use: Use | None, threads: int) -> int:
        """How many threads it should have: `threads`, which it has now, or a number to try. `rate`: its `RecentRate` with these threads."""
        taken = use is not None and lack(use) + self.most - threads > SHORT
        self._taken, self._calm = (self._taken + 1, 0) if taken else (0, self._calm + 1)
        self._disturbed |= taken
        if not rate or not use:
            return threads
        if self._tried and self._tried[0] != threads:
            return self._judged(rate, threads)
        if threads == self.most and not taken:
            self.best = max(FORGET * self.best, rate)
        wanted = self._wanted(rate, threads)
        if wanted != threads:
            self._tried = threads, rate
        return wanted

    def _wanted(self, rate: float, threads: int) -> int:
        if self.clock() < self._next:
            return threads
        if threads == self.most > 1 and self._taken >= LASTING and rate < FALLEN * (self.best or float("inf")):
            return 1
        if threads < self.most and self._calm >= CALM and (self._disturbed or threads < self.begun):
            self._disturbed = False
            return self.most
        return threads

    def _judged(self, rate: float, threads: int) -> int:
        """Keep what was tried when it is faster, else go back."""
        (before, old), self._tried = self._tried, None
        if rate >= GAIN * old:
            self._pause = PAUSE
            return threads
        self._next, self._pause = self.clock() + self._pause, min(2 * self._pause, LONGEST)
        return before


def lack(use: Use) -> float:
    """How many cores the threads that train are short of, whoever has them; below 0 when some are left."""
    return use.wanted - (use.cores - use.others - use.stolen)
