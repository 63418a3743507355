"""Whether one lane is better than another, in words that never say more than the seeds do."""

from collections.abc import Sequence
from typing import NamedTuple

from playground.comparison.bootstrap import Interval
from playground.comparison.lanes import named
from playground.comparison.measures import LOW

SEEDS = 3               # in each lane, without which nothing is told apart
UNTOLD = "not told apart yet"
FALSE = {3: "one pair in ten", 4: "one pair in thirty", 5: "one pair in a hundred"}      # of lanes that do not differ; tests/comparison measures it


class Score(NamedTuple):
    """A lane's name, its value over its seeds (None: not measured there), and how many of its seeds ended alone."""

    name: str
    value: Interval | None
    lost: int = 0


def why_not(a: Score, b: Score) -> str:
    """Why two lanes are not told apart; "" when they are: at least SEEDS seeds in each, none lost, and intervals that do not overlap."""
    for score in (a, b):
        if score.value is None:
            return f"{score.name} has not been measured there"
        if score.lost:
            return f"{score.lost} of {score.name}'s {score.lost + score.value.n} seeds ended before"
    few = [score for score in (a, b) if score.value.n < SEEDS]
    if few:
        return f"too few seeds, {SEEDS} in each are needed ({named([f'{score.name}: {score.value.n}' for score in few])})"
    if a.value.overlaps(b.value):
        return f"the intervals of {a.name} and {b.name} overlap"
    return ""


def verdict(scores: Sequence[Score], better: str, fair: bool = True) -> str:
    """What can be said of the lane with the best mean and each of the others. `better`: which end of the measure is the good one; `fair`: whether the
    measure means the same in all lanes."""
    measured = [score for score in scores if score.value is not None]
    if not fair:
        return f"{UNTOLD}: they are not measured alike"
    if len(measured) < 2:
        return f"{UNTOLD}: there is no point at which all lanes have been measured" if len(scores) > 1 else f"{UNTOLD}: there is one lane"
    if len(measured) > 2 and all(score.value.n < SEEDS for score in measured):
        return f"{UNTOLD}: too few seeds, {SEEDS} in each lane are needed"
    best = (min if better == LOW else max)(measured, key=lambda score: score.value.mean)
    reasons = {other.name: why_not(best, other) for other in scores if other is not best}
    beaten = [name for name, reason in reasons.items() if not reason]
    open_ = list(dict.fromkeys(reason for reason in reasons.values() if reason))
    if not beaten:
        return f"{UNTOLD}: {'; '.join(open_)}"
    told = f"{best.name} is better than {named(beaten)}"
    return told if not open_ else f"{told}; from {named([name for name, reason in reasons.items() if reason])} {UNTOLD}: {'; '.join(open_)}"


def caution(said: Sequence[tuple[Sequence[Score], str]]) -> str:
    """How often lanes that do not differ would be told apart on so few seeds, of scores and the verdict on them; "" where none are."""
    told = [score.value.n for scores, text in said if not text.startswith(UNTOLD) for score in scores if score.value and score.value.n >= SEEDS]
    seeds = min(told, default=0)
    return f"On {seeds} seeds each, {FALSE[seeds]} of lanes that do not differ looks so, too." if seeds in FALSE else ""
