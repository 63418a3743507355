"""What has gone wrong in a run, said where it happened, so that a person can go back to just before it.

An alarm is {"kind", "says"} and what it concerns: "diverged" (NaN or infinite) and "exploded" (beyond all bounds) end the run and name the
"player" and the "term"; "jump", of a gradient that is suddenly far longer than it was, names them too, and "collapse" names the measure as
"term", and the last step at which it was well as "well": then the run goes on.
"""

from bisect import bisect_left, insort
from collections import deque
from typing import Any

from playground.trainer import Diverged
from playground.types import Event

LOW, WELL = 0.3, 0.5        # of the data's spread: under the one it has collapsed, if it was above the other before
LOST = 0.5                  # of the best that was covered: this or less is low
COVERED = {                 # measure of what is covered -> how much is well, if it is above LOST of the best; what is said of a fall
    "modes/found": (4, "The modes fell from {:.2g} to {:.2g}."), "quality/classes": (4, "The classes found fell from {:.2g} to {:.2g}."),
    "quality/recall": (0.4, "The share of real digits that lie among the fakes fell from {:.2g} to {:.2g}.")}
YOUNG = 150                 # steps; until then nothing is well: what nets that have hardly moved draw says little
LOOKS = 2                   # in a row, before it is believed: noise differs, and samples that move miss the modes, for a moment
FAR, BEFORE, FIRST = 1e4, 500, 100      # times the median of so many steps before, when there are as many at least: a gradient has jumped


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
    """Watches samples for collapse: in spread against the data's, and in the modes, classes and real samples that they cover. One alarm a
    fall, whichever shows it first.

    Its state follows from the measures alone, so that a run that goes on knows what it knew.
    """

    def __init__(self, past: list[Event]) -> None:
        """`past`: what of the journal holds still."""
        self.real = 0.0
        self.best = dict.fromkeys(COVERED, 0.0)
        self.falls = {name: Fall() for name in ("sample/std", *COVERED)}
        for event in past:
            if "measure" in event:
                self.look(event["measure"], event["step"])

    def look(self, measures: dict[str, Any], step: int) -> Event | None:
        """The alarm of the measures of a step, if there is one."""
        self.real = measures.get("sample/real") or self.real
        down, told, grown = any(fall.down for fall in self.falls.values()), [], step >= YOUNG
        std = measures.get("sample/std")
        if std is not None and self.real:
            share = std / self.real
            if self.falls["sample/std"].take(step, grown and share > WELL, share < LOW):
                told.append(("sample/std", f"The samples differ {share:.0%} as much as the data."))
        for name, (enough, says) in COVERED.items():
            found, best = measures.get(name), self.best[name]
            if found is None or found != found or not grown:
                continue
            if self.falls[name].take(step, found >= enough and found > LOST * best, found <= LOST * best):
                told.append((name, says.format(best, found)))
                self.best[name] = found                     # what is found anew counts from here
            self.best[name] = max(self.best[name], found)
        if down or not told:
            return None
        term, says = told[0]
        return {"alarm": {"kind": "collapse", "term": term, "says": says, "well": self.falls[term].well}, "step": step}


class Usual:
    """The last BEFORE values of one number, and their median."""

    def __init__(self, values: list[float]) -> None:
        self.values = deque(values[-BEFORE:], BEFORE)
        self.ordered = sorted(self.values)

    def median(self) -> float:
        """0 as long as there are few."""
        return self.ordered[len(self.ordered) // 2] if len(self.ordered) >= FIRST else 0.0

    def add(self, value: float) -> None:
        if len(self.values) == BEFORE:
            del self.ordered[bisect_left(self.ordered, self.values[0])]
        self.values.append(value)
        insort(self.ordered, value)


class Jumps:
    """Watches each player's gradient for one that is FAR times its running median. One alarm for a jump and what follows it.

    Its state follows from the rows, and from what was told of them, alone.
    """

    def __init__(self, past: list[Event]) -> None:
        """`past`: what of the journal holds still."""
        values: dict[str, list[float]] = {}
        self.told: dict[str, int] = {}
        for event in past:
            for name, column in _gradients(event.get("rows", {})).items():
                values[name] = [*values.get(name, []), *(v for v in column if v is not None)][-BEFORE:]
            if event.get("alarm", {}).get("kind") == "jump":
                self.told[f"grad/{event['alarm']['player'].lower()}"] = event["step"]
        self.usual = {name: Usual(column) for name, column in values.items()}

    def look(self, rows: dict[str, list]) -> list[Event]:
        """The alarms of rows that are new."""
        found: list[Event] = []
        for name, column in _gradients(rows).items():
            usual, player = self.usual.setdefault(name, Usual([])), name.removeprefix("grad/").upper()
            for step, value in zip(rows["step"], column, strict=True):
                if value is None:
                    continue
                median = usual.median()
                if median and value > FAR * median and step > self.told.get(name, -BEFORE) + BEFORE:
                    self.told[name] = step
                    says = f"{player}'s gradient was {value / median:,.0f} times as long as it had been."
                    found.append({"alarm": {"kind": "jump", "player": player, "term": "gradient", "says": says}, "step": step})
                usual.add(value)
        return found


def _gradients(rows: dict[str, list]) -> dict[str, list]:
    return {name: column for name, column in rows.items() if name.startswith("grad/")}
