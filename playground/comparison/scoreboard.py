"""How lanes stand by one measure: at as many steps, images and seconds for all, and how soon each reaches a target."""

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np

from playground.comparison.bootstrap import Interval, interval
from playground.comparison.clocks import CLOCKS, Series, series
from playground.comparison.fairness import comparable
from playground.comparison.lanes import Lane, titles
from playground.comparison.measures import BETTER, LOW, described
from playground.comparison.verdicts import Score, caution, verdict
from playground.types import Status

ALONE = (Status.DIVERGED, Status.FAILED)        # a run that ended so is not waited for: the others are compared beyond it
AT = {"step": "at_steps", "images": "at_images", "seconds": "at_seconds"}


class Standing(NamedTuple):
    """A lane by one measure: what was measured of each run, and how many others of it ended alone."""

    series: list[Series]
    lost: int


def scoreboard(lanes: Sequence[Lane], measure: str, target: float | None = None) -> dict[str, Any]:
    """{"measure", "at", "rows", "verdicts", "caution"} as plain JSON. KeyError for a measure that is not in `measures.BETTER`.

    "at": the furthest point by each clock up to which every run has been measured, but for those that ended alone. "rows": of each lane its seeds
    "n", those that were "lost", and {"mean", "low", "high", "n"} at each point and of the way to the target, null where there is none.
    """
    names = titles(lanes)
    standings = [standing(lane, measure) for lane in lanes]
    points = {clock: reached_by_all(standings, clock) for clock in CLOCKS}
    found = {clock: [interval(at(standing, clock, points[clock])) for standing in standings] for clock in CLOCKS}
    rows = [{"lane": i, "n": len(standing.series), "lost": standing.lost, **{AT[clock]: told(found[clock][i]) for clock in CLOCKS},
             "to_target": None if target is None else to_target(standing, target, BETTER[measure])} for i, standing in enumerate(standings)]
    scores = {clock: [Score(name, value, s.lost) for name, value, s in zip(names, found[clock], standings, strict=True)] for clock in CLOCKS}
    verdicts = {AT[clock]: verdict(scores[clock], BETTER[measure], comparable(lanes)) for clock in CLOCKS}
    return {"measure": described(measure, lanes), "at": points, "rows": rows, "verdicts": verdicts,
            "caution": caution([(scores[clock], verdicts[AT[clock]]) for clock in CLOCKS])}


def standing(lane: Lane, measure: str) -> Standing:
    """What a lane's runs were measured to be."""
    going = [entrant for entrant in lane.entrants if entrant.run.status not in ALONE]
    return Standing([series(entrant, measure) for entrant in going], len(lane.entrants) - len(going))


def reached_by_all(standings: Sequence[Standing], clock: str) -> float | None:
    """The furthest point by a clock up to which every run has been measured, of lanes that have one; None when one has not been measured yet."""
    runs = [run for standing in standings for run in standing.series]
    if not runs or any(not len(run.values) for run in runs):
        return None
    last, first = min(run.clocks[clock][-1].item() for run in runs), max(run.clocks[clock][0].item() for run in runs)
    return round(last, 3) if last >= first else None


def at(standing: Standing, clock: str, point: float | None) -> list[float]:
    """Each run's value at a point: on the straight line between the measures before and after it."""
    return [] if point is None else [float(np.interp(point, run.clocks[clock], run.values)) for run in standing.series]


def to_target(standing: Standing, target: float, better: str) -> dict[str, Any]:
    """{"seconds", "images"} to the first measure that is as good as the target: null unless all of the lane's seeds came there, for the mean of those
    that did would flatter it; "reached" of "n" seeds that did."""
    seconds, images = [], []
    for run in standing.series:
        good = run.values <= target if better == LOW else run.values >= target
        if good.any():
            first = int(good.argmax())
            seconds.append(run.clocks["seconds"][first])
            images.append(run.clocks["images"][first])
    n = len(standing.series) + standing.lost
    reached = len(seconds) == n
    return {"seconds": told(interval(seconds)) if reached else None, "images": told(interval(images)) if reached else None,
            "reached": len(seconds), "n": n}


def told(value: Interval | None) -> dict[str, Any] | None:
    """An interval as JSON."""
    return value and value._asdict()
