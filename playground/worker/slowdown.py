"""Whether a run is slow because other programs use its cores, and which, in words."""

from collections import deque

from playground.config.cpu.cores import Use

SPAN = 3.0              # seconds of training over which a rate is taken
FALLEN = 0.75           # of its best rate: below that a run is slow
LASTING = 3             # checks in a row until there is a message, and until it ends
RECENT = 300            # checks over which its best rate is remembered: the cost of a step changes with phases and tunes
SHORT = 0.25            # of a core that training is short of because of others


class Slowdown:
    """One run's; checked every second."""

    def __init__(self) -> None:
        self.message = ""
        self._seen = deque[tuple[float, int]](maxlen=60)        # (seconds of training, step)
        self._free = deque[float](maxlen=RECENT)                # rates while nobody else had its cores
        self._taken = self._left = 0                            # checks in a row with its cores taken, and without

    def check(self, at: tuple[float, int] | None, use: Use | None) -> str:
        """What slows it, "" when nothing does. `at`: seconds of training and step, as last reported."""
        rate = self._rate(at)
        taken = use is not None and short(use) > SHORT
        self._taken, self._left = (self._taken + 1, 0) if taken else (0, self._left + 1)
        if rate and not taken:
            self._free.append(rate)
        if self._left >= LASTING:
            self.message = ""
        elif taken and self._taken >= LASTING and rate and not self.message and rate < FALLEN * max(self._free, default=float("inf")):
            self.message = summary(use, rate, max(self._free, default=0.0))
        return self.message

    def _rate(self, at: tuple[float, int] | None) -> float:
        """Recent steps per second of training; 0.0 when not known."""
        if at and (not self._seen or at != self._seen[-1]):
            self._seen.append(at)
        for elapsed, step in reversed(self._seen):
            if self._seen[-1][0] - elapsed >= SPAN:
                return max(0.0, (self._seen[-1][1] - step) / (self._seen[-1][0] - elapsed))
        return 0.0


def short(use: Use) -> float:
    """How many cores training is short of because of other programs and machines."""
    taken = use.others + use.stolen
    return min(taken, use.wanted - (use.cores - taken))


def summary(use: Use, rate: float, best: float) -> str:
    """The message. `best`: its rate while it had its cores; 0.0 when it never had them."""
    cause = "Another program uses this machine's cores" if use.others >= use.stolen else "This machine's host gives its cores to others"
    paces = f"it made {best:.3g} before" if best else "alone it would be faster"
    return f"{cause} ({max(use.others, use.stolen):.1f} of {use.cores}): this run makes {rate:.3g} steps/s, {paces}."
