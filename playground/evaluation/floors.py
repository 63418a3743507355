"""Measures of real data against real data, the best that fakes can reach: mean and standard deviation over draws.

A draw is a random sample of the training split, as large as the fakes that are measured, compared with the held-out split. For data that ship the
draws were made once and are in assets/floors.json (written by python -m playground.tools.draw_floors); for other data they are made during the
first runs, one with each measure.
"""

import json
import math
from functools import cache
from statistics import fmean, stdev
from typing import NamedTuple

from playground.config.paths import ASSETS

FILE = ASSETS / "floors.json"
DRAWS = 30          # during runs
SHIPPED = 50        # for data that ship; more for digits and the ring
Measures = dict[str, float]


class Floors(NamedTuple):
    """Mean and standard deviation of every measure. `deviation` is of single draws, since fakes are one; empty after a single draw."""

    mean: Measures
    deviation: Measures
    draws: int


def summarised(draws: list[Measures]) -> Floors:
    """The floors of at least one draw; a measure that is not finite in one of them is left out."""
    names = [name for name in draws[0] if all(math.isfinite(draw[name]) for draw in draws)]
    columns = {name: [draw[name] for draw in draws] for name in names}
    deviation = {name: stdev(column) for name, column in columns.items()} if len(draws) > 1 else {}
    return Floors({name: fmean(column) for name, column in columns.items()}, deviation, len(draws))


def shipped(id: str, size: int, n: int, extractor: str) -> Floors | None:
    """The floors of a data set that ships, with default options, for `n` samples and the features of `extractor`; None where not known."""
    found = known().get(key(id, size))
    if found is None or (found["n"], found["extractor"]) != (n, extractor):
        return None
    return Floors(found["mean"], found["deviation"], found["draws"])


def key(id: str, size: int) -> str:
    """The key of a data set at a size in floors.json: id@size, or the id alone where it has no size."""
    return f"{id}@{size}" if size else id


@cache
def known() -> dict[str, dict]:
    """The content of floors.json, by key."""
    return json.loads(FILE.read_text()) if FILE.exists() else {}
