"""What has gone wrong in a run, said where it happened, so that a person can go back to just before it.

An alarm is {"kind", "says"} and what it concerns: "diverged" (NaN or infinite) and "exploded" (beyond all bounds) end the run and name the
"player" and the "term"; "collapse" names the measure as "term", and the last step at which it was well as "well"; the run goes on.
"""

from typing import Any

from playground.trainer import Diverged
from playground.types import Event

LOW, WELL = 0.3, 0.5        # of the data's spread: under the one it has collapsed, if it was above the other before
MANY, LOST = 4, 0.5         # modes: so many have to be found, and this share of the best or less has to be left
YOUNG = 150                 # steps; until then nothing is well: what nets that have hardly moved draw says little
LOOKS = 2                   # in a row, before it is believed: noise differs, and samples that move miss the modes, for a moment


def ended(bad: Diverged) -> Event:
    """A run that cannot go on."""
    kind = "exploded" if bad.exploded else "diverged"
    return {"alarm": {"kind": kind, "player": bad.player, "term": bad.term, "says": f"{bad.says}."}, "step": bad.step}


class Fall:
    """One measure that should not fall; `down` from when it is low, after it was well, until it is well again. One look says neither."""

    def __init__(self) -> None:
        self.well, self.down = -1, False            # the last step at which it was well
        self.low = self.high = 0                    # how often in a row

    def take(self, step: int, well: bool, low: bool) -> bool:
        """Whether it falls now. `well` and `low` may both be false: in between."""
        self.low, self.high = self.low + 1 if low else 0, self.high + 1 if well else 0
        if self.high >= LOOKS:
            self.well, self.down = step, False
        falls = self.well >= 0 and self.low == LOOKS and not self.down
        self.down = self.down or falls
        return falls


class Falls:
    """Watches samples for collapse: in spread against the data's, and in the modes that they cover. One alarm a fall, whichever shows it first.

    Its state follows from the measures alone, so that a run that goes on knows what it knew.
    """

    def __init__(self, past: list[Event]) -> None:
        """`past`: what of the journal holds still."""
        self.real, self.best = 0.0, 0
        self.spread, self.modes = Fall(), Fall()
        for event in past:
            if "measure" in event:
                self.look(event["measure"], event["step"])

    def look(self, measures: dict[str, Any], step: int) -> Event | None:
        """The alarm of the measures of a step, if there is one."""
        self.real = measures.get("sample/real") or self.real
        down, told, grown = self.spread.down or self.modes.down, None, step >= YOUNG
        std, found = measures.get("sample/std"), measures.get("modes/found")
        if std is not None and self.real:
            share = std / self.real
            if self.spread.take(step, grown and share > WELL, share < LOW):
                told = ("sample/std", self.spread.well, f"The samples differ {share:.0%} as much as the data.")
        if found is not None:
            if self.modes.take(step, grown and found >= MANY and found > LOST * self.best, found <= LOST * self.best):
                told = told or ("modes/found", self.modes.well, f"The modes fell from {self.best:g} to {found:g}.")
                self.best = found                       # what is found anew counts from here
            self.best = max(self.best, found)
        if down or told is None:
            return None
        term, well, says = told
        return {"alarm": {"kind": "collapse", "term": term, "says": says, "well": well}, "step": step}
