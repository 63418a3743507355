"""Several runs on one worker, in turns: whichever is behind by the race's clock makes the next step, so that none is ahead of another by more than
a step. Each is the run that it would be alone, to the last bit (on the CPU); it obeys its own commands and ends alone, and the others go on.
"""

import time
from collections.abc import Callable, Sequence
from dataclasses import replace

from playground.types import Clock, Spec
from playground.worker.protocol import End, Intervals, Io
from playground.worker.turns import POLL, Turns


def race(lanes: Sequence[tuple[Spec, Io]], clock: Clock, intervals: Intervals, left: Callable[[int, End], None]) -> None:
    """Train all `lanes` to their ends; `left(i, end)` is called as soon as one has ended. Nothing is raised but what `left` raises."""
    each = replace(intervals, share=intervals.share / len(lanes), quality=intervals.quality / len(lanes))      # of the time of all
    racing, shows = [Turns(spec, io, each, alone=False) for spec, io in lanes], SharedShows(clock, intervals)
    numbers = {turns: i for i, turns in enumerate(racing)}
    while racing:
        behind = min(racing, key=lambda turns: turns.progress(clock))
        waits = behind.paused
        for turns in tuple(racing) if waits else (behind,):         # while one pauses, none passes it, but all obey
            start = time.monotonic()
            turns.take(POLL / len(racing) if waits else 0.0, advance=turns is behind)
            if turns.end is None:
                shows.after(turns, racing)
            if turns.end:
                racing.remove(turns)
                left(numbers[turns], turns.end)
            passed = time.monotonic() - start
            for other in racing:
                if other is not turns:
                    other.stand_by(passed)


class SharedShows:
    """Has all lanes show their samples and D, and be measured, at the same point of the clock: what is seen side by side then belongs together. It is
    the next point that none has passed when it is time for all."""

    def __init__(self, clock: Clock, intervals: Intervals) -> None:
        self.clock, self.intervals = clock, intervals
        self.due, self.spent = 0.0, 0.0                 # when to show next; seconds that the last time took all lanes
        self.beyond: float | None = None                # lanes show themselves behind this point
        self.measured, self.shown = False, set[Turns]()

    def after(self, turns: Turns, racing: Sequence[Turns]) -> None:
        """A lane has had its turn: show it, if it is time."""
        now = time.monotonic()
        if self.beyond is None and now >= self.due:
            self.beyond, self.measured = max(one.progress(self.clock) for one in racing), all(one.measurable for one in racing)
        if self.beyond is None or turns in self.shown or turns.progress(self.clock) <= self.beyond:
            return
        turns.show(self.measured)
        self.shown.add(turns)
        self.spent += time.monotonic() - now
        if self.shown.issuperset(racing):
            least = min(turns.intervals.points, turns.intervals.images) if turns.points else turns.intervals.images
            self.due = time.monotonic() + min(max(least, self.spent / (2 * self.intervals.share)), 10 * least)      # pictures and D have a share each
            self.beyond, self.spent = None, 0.0
            self.shown.clear()
