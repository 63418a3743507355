"""Suggested races, from pairs.toml: what is worth seeing side by side, and what to look for. Everything is checked when it is read."""

import re
import tomllib
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

from playground import data
from playground.specs.check import check
from playground.specs.presets import FIRST, names, preset
from playground.types import Refused

FILE = Path(__file__).with_name("pairs.toml")
LANES = (2, 8)
MOST_TEXT = 240         # characters of a sentence
KEYS, LANE_KEYS = {"id", "title", "look", "data", "lanes"}, {"variant", "preset", "knobs"}


class BadPair(ValueError):
    """What the file has is wrong; the message names the race and the key."""


@dataclass(frozen=True)
class SuggestedLane:
    """A variant with a preset, "" for its first, and the knobs that are not the preset's."""

    variant: str
    preset: str = ""
    knobs: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class SuggestedRace:
    """`look`: what to look for, in a sentence. `data`: the set that it is made for; "" for any that its variants can have."""

    id: str
    title: str
    look: str
    lanes: tuple[SuggestedLane, ...]
    data: str = ""

    def json(self) -> dict[str, Any]:
        """As the page has it; what is empty is left out."""
        lanes = [{name: value for name, value in vars(lane).items() if value} for lane in self.lanes]
        return {name: value for name, value in vars(self).items() if value} | {"lanes": lanes}


@cache
def suggested() -> tuple[SuggestedRace, ...]:
    """The races of the file, in its order. Raises BadPair."""
    return read(FILE)


def read(path: Path) -> tuple[SuggestedRace, ...]:
    """The races of a file. Raises BadPair."""
    raw = tomllib.loads(path.read_text(encoding="utf-8"))
    if raw.keys() != {"races"} or not isinstance(raw["races"], list):
        raise BadPair("the file must hold [[races]] and nothing else")
    races = tuple(_race(entry) for entry in raw["races"])
    if len({race.id for race in races}) < len(races):
        raise BadPair("two races have the same id")
    return races


def _race(entry: dict[str, Any]) -> SuggestedRace:
    id = entry.get("id")
    if not isinstance(id, str) or not re.fullmatch(r"[a-z0-9-]{1,40}", id):
        raise BadPair(f"id must be a short name of letters, figures and -, got {id!r}")
    _keys(id, entry, KEYS)
    for name in ("title", "look"):
        text = entry.get(name)
        if not isinstance(text, str) or not 0 < len(text) <= MOST_TEXT:
            raise BadPair(f"{id}: {name} must be a text of at most {MOST_TEXT} characters")
    on, lanes = entry.get("data", ""), entry.get("lanes")
    if on and on not in data.DATASETS:
        raise BadPair(f"{id}: there are no data {on!r}")
    if not isinstance(lanes, list) or not LANES[0] <= len(lanes) <= LANES[1]:
        raise BadPair(f"{id}: lanes must be a list of {LANES[0]} to {LANES[1]}")
    return SuggestedRace(id, entry["title"], entry["look"], tuple(_lane(id, lane, on or FIRST["data"]) for lane in lanes), on)


def _lane(race: str, entry: Any, on: str) -> SuggestedLane:
    """A lane that a run on the data `on` could have."""
    _keys(race, entry, LANE_KEYS)
    if not isinstance(entry.get("variant"), str):
        raise BadPair(f"{race}: a lane must name its variant")
    lane = SuggestedLane(**entry)
    try:
        usual = preset(lane.variant, on, lane.preset or names(lane.variant, on)[0])
        check({"variant": lane.variant, "data": on, "size": usual["size"], "knobs": usual["knobs"] | lane.knobs})
    except (Refused, KeyError) as wrong:
        raise BadPair(f"{race}: {lane.variant}: {wrong}") from None
    return lane


def _keys(race: str, entry: Any, known: set[str]) -> None:
    if not isinstance(entry, dict):
        raise BadPair(f"{race}: a lane must be a table")
    if odd := sorted(entry.keys() - known):
        raise BadPair(f"{race}: there is no key {odd[0]!r}; there are {', '.join(sorted(known))}")
