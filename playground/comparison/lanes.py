"""What is compared: lanes, each one or more runs that differ in nothing but their seeds, and what each is called."""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

import models
from models.kit.knobs import declared
from models.kit.titles import title as knob_title
from playground import data
from playground.store.history import History
from playground.types import Refused, Run, Spec

GONE = "Gone"           # the title of a lane none of whose runs is left
APART = 2               # knobs that a title tells two lanes of a variant apart by, at most


class Entrant(NamedTuple):
    """One run and its journal as numbers."""

    run: Run
    history: History


@dataclass(frozen=True)
class Lane:
    """Its runs, one for each seed, and the ids of those that are gone."""

    entrants: tuple[Entrant, ...]
    missing: tuple[str, ...] = ()

    @property
    def spec(self) -> Spec | None:
        """What its first run was asked to be, which the others share but for the seed; None when all are gone."""
        return self.entrants[0].run.spec if self.entrants else None

    @property
    def seeds(self) -> tuple[int, ...]:
        """The seeds of its runs, in order."""
        return tuple(sorted(entrant.run.spec.seed for entrant in self.entrants))


def named(names: Sequence[str]) -> str:
    """Names in a sentence: "A", "A and B", "A, B and C"."""
    return " and ".join(filter(None, (", ".join(names[:-1]), *names[-1:])))


def variant_title(spec: Spec) -> str:
    """What a run's variant is called; its id where the zoo has none of that name any more."""
    return models.ZOO[spec.variant].title if spec.variant in models.ZOO else spec.variant


def data_title(spec: Spec) -> str:
    """What a run's data are called, with their size in pixels."""
    try:
        name = data.get(spec.data).title
    except Refused:
        name = spec.data
    return f"{name} at {spec.size} px" if spec.size else name


def plain(value: Any) -> str:
    """A value as the page shows it: on, off, 0.5, 2e-4."""
    if isinstance(value, bool):
        return "on" if value else "off"
    if isinstance(value, (int, float)) and value and (abs(value) < 1e-2 or abs(value) >= 1e6):
        digits, power = f"{value:.2e}".split("e")
        return f"{float(digits):g}e{int(power)}"
    return f"{value:g}" if isinstance(value, float) else str(value)


def letter(variant: str, knob: str) -> str:
    """How a knob is called in few letters: its symbol where that is one letter, else its title."""
    known = declared(models.ZOO[variant].Knobs) if variant in models.ZOO else {}
    symbol = known[knob].metadata["symbol"] if knob in known else ""
    return symbol if len(symbol) == 1 else knob_title(knob)


def titles(lanes: Sequence[Lane]) -> list[str]:
    """A title for each lane, no two the same: its variant, then what else it takes to tell it from others of that variant."""
    found = [variant_title(lane.spec) if lane.spec else GONE for lane in lanes]
    for more in (_knobs, _data, _forks, _seeds, _names):
        found = _told_apart(lanes, found, more)
    count = Counter(found)
    return [f"{title} ({found[:i].count(title) + 1})" if count[title] > 1 else title for i, title in enumerate(found)]


def _told_apart(lanes: Sequence[Lane], found: list[str], more: Callable[[list[Lane]], list[str]]) -> list[str]:
    """The titles, with `more` behind those that are not unique, where it differs."""
    told = list(found)
    for title, count in Counter(found).items():
        places = [i for i, other in enumerate(found) if other == title]
        if count == 1 or title == GONE:
            continue
        texts = more([lanes[i] for i in places])
        if len(set(texts)) > 1:
            for i, text in zip(places, texts, strict=True):
                told[i] = f"{title}, {text}" if text else title
    return told


def _knobs(same: list[Lane]) -> list[str]:
    """The first knobs that differ, of lanes of one variant."""
    knobs = [lane.spec.knobs for lane in same]
    apart = [name for name in knobs[0] if any(other.get(name) != knobs[0][name] for other in knobs)][:APART]
    return [", ".join(f"{letter(lane.spec.variant, name)} = {plain(lane.spec.knobs.get(name, '–'))}" for name in apart) for lane in same]


def _data(same: list[Lane]) -> list[str]:
    return [data_title(lane.spec) for lane in same]


def _forks(same: list[Lane]) -> list[str]:
    runs = [lane.entrants[0].run for lane in same]
    return [f"fork at step {run.forked:,}" if run.parent else "" for run in runs]


def _names(same: list[Lane]) -> list[str]:
    return [lane.entrants[0].run.name for lane in same]


def _seeds(same: list[Lane]) -> list[str]:
    return [f"seed{'s' * (len(lane.seeds) > 1)} {named([str(seed) for seed in lane.seeds])}" for lane in same]
