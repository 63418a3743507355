"""A run from its beginning, or its last checkpoint, to its end: alone, or in turns with others. Anything with an `Io` can call it: a thread, a
process, a cluster."""

import logging
from collections.abc import Callable

from playground.errors import reason
from playground.types import Clock, Spec, Status
from playground.worker.protocol import DEFAULT_INTERVALS, End, Intervals, Io, RunRevoked
from playground.worker.session import Session

log = logging.getLogger(__name__)
POLL = 0.2                  # seconds between two checks of a paused run whether others wait


def run(spec: Spec, io: Io, intervals: Intervals = DEFAULT_INTERVALS) -> End:
    """Train to the budget, or until a command or a fault ends it. Whatever goes wrong becomes a status and a reason; nothing is raised."""
    turns = Turns(spec, io, intervals)
    while turns.end is None:
        turns.take(POLL)
    return turns.end


class Turns:
    """A run, one step at a time. Whatever goes wrong becomes its `end`: a status and a reason; nothing is raised."""

    def __init__(self, spec: Spec, io: Io, intervals: Intervals, alone: bool = True) -> None:
        """`alone`: it shows itself when it is time; otherwise only when it is told to."""
        self.spec, self.io, self.intervals, self.alone = spec, io, intervals, alone
        self.session: Session | None = None             # once it has begun
        self.end: End | None = None

    @property
    def points(self) -> bool:
        """Whether it trains on points."""
        return not self.spec.size

    @property
    def paused(self) -> bool:
        """Whether it waits for a command."""
        return self.session is not None and self.session.paused

    @property
    def measurable(self) -> bool:
        """Whether it is time to measure its quality."""
        return self.session is not None and self.session.assessor.ready

    def progress(self, clock: Clock) -> float:
        """How far it is by the clock; -1 before it has begun."""
        session = self.session
        if session is None:
            return -1
        return {Clock.STEPS: session.trainer.step, Clock.IMAGES: session.images, Clock.SECONDS: session.elapsed}[clock]

    def stand_by(self, seconds: float) -> None:
        """Others had their turns for so long: it has not trained meanwhile."""
        if self.session:
            self.session.since += seconds

    def take(self, wait: float = 0.0, advance: bool = True) -> None:
        """Make a step, the first time from the newest checkpoint; when paused, or not to `advance`, only obey. `wait`: seconds to wait for a command
        while paused."""
        self._do(lambda: self._turn(wait, advance))

    def show(self, measure: bool) -> None:
        """Show its samples and its D as they are now; `measure` their quality as well."""
        self._do(lambda: self.session.show(measure))

    def _turn(self, wait: float, advance: bool) -> End | None:
        self.session = self.session or Session(self.spec, self.io, self.intervals, self.alone)
        return self.session.turn(wait, advance)

    def _do(self, act: Callable[[], End | None]) -> None:
        try:
            self.end = act()
        except RunRevoked:
            self.end = Status.STOPPED, ""
        except Exception as error:
            log.exception("a run of %s on %s failed", self.spec.variant, self.spec.data)
            self.end = Status.FAILED, reason(error)
        if self.end and self.session:
            self.session.assessor.close()
