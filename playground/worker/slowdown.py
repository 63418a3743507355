"""Whether a run is slow because other programs use its cores, and which, in words."""

from collections import deque

from playground.config.cpu.team import Use

SPAN = 3.0              # seconds of training over which a rate is taken
FALLEN = 0.75           # of its best rate: below that a run is slow
LASTING = 3             # checks in a row until there is a message, and until it ends
RECENT = 300            # checks over which its best rate is remembered: the cost of a step changes with phases and tunes
SHORT = 0.25            # of a core that training is short of because of others


class RecentRate:
    """Steps per second of training over the last few seconds, with one number of threads."""

    def __init__(self) -> None:
        self._seen = deque[tuple[float, int]](maxlen=60)        # (seconds of training, step)
        self._threads = 0

    def now(self, at: tuple[float, int] | None, threads: int = 0) -> float:
        """The rate, with `at`, the seconds of training and the step that were reported last; 0.0 while it is not known. Of steps with other `threads`
        than now nothing counts."""
        if threads != self._threads:
            self._threads = threads
            self._seen.clear()
        if at and (not self._seen or at != self._seen[-1]):
            self._seen.append(at)
        for elapsed, step in reversed(self._seen):
            if self._seen[-1][0] - elapsed >= SPAN:
                return max(0.0, (self._seen[-1][1] - step) / (self._seen[-1][0] - elapsed))
        return 0.0


class Slowdown:
    """One run's; checked every second."""

    def __init__(self, most: int = 0) -> None:
        """`most`: the threads that it may have; 0: those that it has."""
        self.most, self.message = most, ""
        self._free = deque[float](maxlen=RECENT)                # rates while nobody else had its cores
        self._taken = self._left = 0                            # checks in a row with its cores taken, and without
        self._threads, self._new = 0, True                      # as last seen; whether no message was made since they changed

    def check(self, rate: float, use: Use | None, threads: int = 0) -> str:
        """What slows it, "" when nothing does. `rate`: its `RecentRate`; `threads`: with which it computes."""
        if threads != self._threads:
            self._threads, self._new = threads, True
        fewer = max(0, self.most - threads) if threads else 0
        taken = use is not None and short(use, fewer) > SHORT
        self._taken, self._left = (self._taken + 1, 0) if taken else (0, self._left + 1)
        if rate and not taken:
            self._free.append(rate)
        best = max(self._free, default=0.0)
        if self._left >= LASTING:
            self.message = ""
        elif taken and self._taken >= LASTING and rate and (self._new or not self.message):
            self._new = False
            self.message = summary(use, rate, best, threads if fewer else 0) if rate < FALLEN * (best or float("inf")) else ""
        return self.message


def short(use: Use, fewer: int = 0) -> float:
    """How many cores training is short of because of other programs and machines; `fewer`: threads that it does without meanwhile."""
    taken = use.others + use.stolen
    return min(taken, use.wanted + fewer - (use.cores - taken))


def summary(use: Use, rate: float, best: float, threads: int = 0) -> str:
    """The message. `best`: its rate while it had its cores; 0.0 when it never had them. `threads`: with which it goes on, when they are fewer now."""
    cause = "Another program uses this machine's cores" if use.others >= use.stolen else "This machine's host gives its cores to others"
    paces = f"it made {best:.3g} before" if best else "alone it would be faster"
    how = f" with {threads} thread{'s' * (threads > 1)}" if threads else ""
    return f"{cause} ({max(use.others, use.stolen):.1f} of {use.cores}): this run makes {rate:.3g} steps/s{how}, {paces}."
