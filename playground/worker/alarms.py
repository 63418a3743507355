"""Alarms: what went wrong in a run and at which step, so that a person can go back to just before it.

An alarm is {"kind", "says"} and what it concerns: "diverged" (NaN or infinite) and "exploded" (beyond all bounds) end the run and name the
"player" and the "term"; "jump", a gradient that is suddenly far longer than before, names them too, and "collapse" names the measure as "term":
the run goes on after these. "lost" is for a run that ended with nothing to see. "well" is the last step known to be good.
"""

from bisect import bisect_left, insort
from collections import deque
from typing import Any

from playground.store.past import events_until
from playground.training.trainer import Diverged
from playground.types import Event

LOW, WELL = 0.3, 0.5        # of the data's spread: below LOW it has collapsed, if it was above WELL before
LOST = 0.5                  # of the best coverage so far: this or less is low
COVERED = {                 # measure of coverage -> the value from which it is good, if above LOST of the best; the message of a fall
    "modes/found": (4, "The modes fell from {:.2g} to {:.2g}."), "quality/classes": (4, "The classes found fell from {:.2g} to {:.2g}."),
    "quality/recall": (0.4, "The share of real digits that lie among the fakes fell from {:.2g} to {:.2g}.")}
YOUNG = 150                 # steps before which nothing counts as good: samples of barely trained networks say little
IN_A_ROW = 2                   # measurements in a row before they count: noise varies, and moving samples miss modes for a moment
CALM = 10                   # times the running median: a gradient below it is normal
SOON = 10                   # steps: what blows up went wrong somewhat before it showed
FAR = 1e4                   # times the running median: a gradient above it has jumped
BEFORE = 500                # steps that the median is taken over
FIRST = 100                 # steps that it needs


def ended(bad: Diverged, events: list[Event]) -> Event:
    """The alarm of a run that cannot go on. `events`: its journal."""
    kind = "exploded" if bad.exploded else "diverged"
    well = last_calm_step(events_until(events, bad.step), bad.step)
    return {"alarm": {"kind": kind, "player": bad.player, "term": bad.term, "says": f"{bad.summary}.", "well": well}, "step": bad.step}


def last_calm_step(past: list[Event], end: int) -> int:
    """SOON steps before the last step at which no gradient was more than CALM times its running median, and before `end`."""
    usual: dict[str, RunningMedian] = {}
    quiet = 0
    for event in past:
        grads = _gradients(event.get("rows", {}))
        for i, step in enumerate(event["rows"]["step"] if grads else ()):
            wild = False
            for name, column in grads.items():
                known, value = usual.setdefault(name, RunningMedian([])), column[i]
                if value is not None and value <= CALM * (known.median(1) or value):
                    known.add(value)
                elif value is not None or step == end:      # a player without an update has none
                    wild = True
            quiet = quiet if wild else step
    return max(0, min(quiet, end - 1) - SOON)


class Fall:
    """Watches one measure that should not fall. `down` from when it is low, after it was good, until it is good again. One measurement alone counts
    for neither."""

    def __init__(self) -> None:
        self.well, self.down = -1, False            # the last step at which it was well
        self.low = self.high = 0                    # measurements in a row

    def take(self, step: int, well: bool, low: bool) -> bool:
        """Returns whether it falls now. `well` and `low` may both be false: in between."""
        self.low, self.high = self.low + 1 if low else 0, self.high + 1 if well else 0
        if self.high >= IN_A_ROW:
            self.well, self.down = step, False
        falls = self.well >= 0 and self.low == IN_A_ROW and not self.down
        self.down = self.down or falls
        return falls


class Falls:
    """Watches samples for collapse: in spread against the data's, and in the modes, classes and real samples that they cover. One alarm per
    collapse, whichever measure shows it first.

    Its state follows from the measures alone, so that a resumed run continues with the same state.
    """

    def __init__(self, past: list[Event]) -> None:
        """`past`: the events of the journal that are still valid."""
        self.real = 0.0
        self.best = dict.fromkeys(COVERED, 0.0)
        self.falls = {name: Fall() for name in ("sample/std", *COVERED)}
        self.last: dict[str, Any] = {}              # of each measure
        self.alarm: Event | None = None             # the last one
        for event in past:
            if "measure" in event:
                self.check(event["measure"], event["step"])

    def check(self, measures: dict[str, Any], step: int) -> Event | None:
        """The alarm that the measures of a step raise; None when all is well."""
        self.real = measures.get("sample/real") or self.real
        self.last |= {name: value for name, value in measures.items() if value is not None}
        down, found_low, grown = any(fall.down for fall in self.falls.values()), [], step >= YOUNG
        std = measures.get("sample/std")
        if std is not None and self.real:
            share = std / self.real
            if self.falls["sample/std"].take(step, grown and share > WELL, share < LOW):
                found_low.append(("sample/std", f"The samples differ {share:.0%} as much as the data."))
        for name, (enough, says) in COVERED.items():
            found, best = measures.get(name), self.best[name]
            if found is None or found != found or not grown:
                continue
            if self.falls[name].take(step, found >= enough and found > LOST * best, found <= LOST * best):
                found_low.append((name, says.format(best, found)))
                self.best[name] = found                     # later finds are compared with this value
            self.best[name] = max(self.best[name], found)
        if down or not found_low:
            return None
        term, says = found_low[0]
        self.alarm = {"alarm": {"kind": "collapse", "term": term, "says": says, "well": self.falls[term].well}, "step": step}
        return self.alarm

    def end(self, step: int) -> Event | None:
        """The alarm of a run that ends at `step` with nothing to see: the collapse that it did not recover from, or one of kind "lost"."""
        std, lost, term = self.last.get("sample/std"), "", "sample/std"
        if any(fall.down for fall in self.falls.values()):
            return self.alarm
        if step < YOUNG:
            return None
        if self.last.get("modes/found") == 0:
            lost, term = "Not one mode of the data is found.", "modes/found"
        elif std is not None and self.real and std < LOW * self.real:
            lost = f"The samples differ {std / self.real:.0%} as much as the data."
        return {"alarm": {"kind": "lost", "term": term, "says": lost, "well": 0}, "step": step} if lost else None


class RunningMedian:
    """The last BEFORE values of one number, and their median."""

    def __init__(self, values: list[float]) -> None:
        self.values = deque(values[-BEFORE:], BEFORE)
        self.ordered = sorted(self.values)

    def median(self, least: int = FIRST) -> float:
        """The median; 0 while there are fewer than `least` values."""
        return self.ordered[len(self.ordered) // 2] if len(self.ordered) >= least else 0.0

    def add(self, value: float) -> None:
        """Add a value; the oldest is dropped when there are BEFORE."""
        if len(self.values) == BEFORE:
            del self.ordered[bisect_left(self.ordered, self.values[0])]
        self.values.append(value)
        insort(self.ordered, value)


class Jumps:
    """Watches each player's gradient for one that is FAR times its running median. One alarm for a jump and what follows it.

    Its state follows from the rows, and from their alarms, alone.
    """

    def __init__(self, past: list[Event]) -> None:
        """`past`: the events of the journal that are still valid."""
        values: dict[str, list[float]] = {}
        self.last_alarm: dict[str, int] = {}
        for event in past:
            for name, column in _gradients(event.get("rows", {})).items():
                values[name] = [*values.get(name, []), *(v for v in column if v is not None)][-BEFORE:]
            if event.get("alarm", {}).get("kind") == "jump":
                self.last_alarm[f"grad/{event['alarm']['player'].lower()}"] = event["step"]
        self.usual = {name: RunningMedian(column) for name, column in values.items()}

    def check(self, rows: dict[str, list]) -> list[Event]:
        """The alarms that new rows raise."""
        found: list[Event] = []
        for name, column in _gradients(rows).items():
            usual, player = self.usual.setdefault(name, RunningMedian([])), name.removeprefix("grad/").upper()
            for step, value in zip(rows["step"], column, strict=True):
                if value is None:
                    continue
                median = usual.median()
                if median and value > FAR * median and step > self.last_alarm.get(name, -BEFORE) + BEFORE:
                    self.last_alarm[name] = step
                    says = f"{player}'s gradient was {value / median:,.0f} times as long as it had been."
                    found.append({"alarm": {"kind": "jump", "player": player, "term": "gradient", "says": says}, "step": step})
                usual.add(value)
        return found


def _gradients(rows: dict[str, list]) -> dict[str, list]:
    return {name: column for name, column in rows.items() if name.startswith("grad/")}
