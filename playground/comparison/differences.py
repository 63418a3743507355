"""A table of what differs between lanes, and of nothing else."""

import zlib
from collections.abc import Callable, Iterable, Sequence
from typing import Any, NamedTuple

import models
from models.kit import mix
from models.kit.knobs import declared
from models.kit.titles import title as knob_title
from models.kit.titles import words_of
from playground import data
from playground.comparison.lanes import Lane, data_title, named, plain, variant_title
from playground.comparison.networks import Networks
from playground.types import Refused, Spec

NONE = "–"              # of a lane that has no such thing
SHORT = 20              # characters of an option that is written out


class Difference(NamedTuple):
    """A row: what is not the same in all lanes, in words, and its value in each. `shared`: whether every lane has it."""

    name: str
    label: str
    values: list[str]
    shared: bool


def differences(lanes: Sequence[Lane], networks: Sequence[Networks | None]) -> list[Difference]:
    """What is not the same in all lanes: first what they train on and how long, then knobs of all, then knobs of some, in the order of their
    declaration. Tuned knobs are told with their steps. `networks`: of each lane, from `comparison.networks`. Lanes that are gone have no say."""
    there = [lane for lane in lanes if lane.spec]
    rows = [*_settings(lanes, there), *_knobs(lanes, there), *_built(lanes, networks)]
    return sorted(rows, key=lambda row: not row.shared)


def _row(name: str, label: str, lanes: Sequence[Lane], text: Callable[[Lane], str]) -> Iterable[Difference]:
    """The row, if it says something: values of lanes that are there differ."""
    values = [text(lane) if lane.spec else NONE for lane in lanes]
    told = [value for value, lane in zip(values, lanes, strict=True) if lane.spec]
    if len(set(told)) > 1:
        yield Difference(name, label, values, NONE not in told)


def _settings(lanes: Sequence[Lane], there: list[Lane]) -> Iterable[Difference]:
    yield from _row("variant", "variant", lanes, lambda lane: variant_title(lane.spec))
    yield from _row("data", "data", lanes, lambda lane: data_title(lane.spec))
    for name in sorted({name for lane in there for name in lane.spec.options}):
        yield from _row(f"options.{name}", words_of(name), lanes, lambda lane, name=name: option(lane.spec, name))
    yield from _row("seeds", "seeds", lanes, lambda lane: named([str(seed) for seed in lane.seeds]))
    yield from _row("steps", "budget", lanes, lambda lane: budget(lane.spec))
    for name in ("precision", "device"):
        yield from _row(name, name, lanes, lambda lane, name=name: str(getattr(lane.spec, name)))
    yield from _row("began", "began", lanes, began)


def budget(spec: Spec) -> str:
    """What a run may use, in words."""
    if spec.seconds or spec.images:
        return f"{spec.seconds:g} s of training" if spec.seconds else f"{spec.images:,} images"
    return f"{spec.steps:,} steps"


def began(lane: Lane) -> str:
    """Where a lane's runs began."""
    steps = sorted({entrant.run.forked for entrant in lane.entrants if entrant.run.parent})
    return f"at step {named([f'{step:,}' for step in steps])} of another run" if steps else "at step 0"


def option(spec: Spec, name: str) -> str:
    """The value of an option of the data; what a person drew or sent is not written out."""
    value = spec.options.get(name, NONE)
    return plain(value) if len(str(value)) <= SHORT else f"own ({zlib.crc32(str(value).encode()) % 0x10000:04x})"


def applying(spec: Spec) -> list[str]:
    """The knobs of a run's variant that mean something on its data, in the order of their declaration; all of it where the variant is unknown."""
    if spec.variant not in models.ZOO:
        return sorted(spec.knobs)
    try:
        kind = data.get(spec.data).kind
    except Refused:
        kind = "images" if spec.size else "points"
    return [name for name, field in declared(models.ZOO[spec.variant].Knobs).items() if field.metadata["only"] in ("", kind)]


def value_of(spec: Spec, name: str) -> Any:
    """A knob's value in a Spec, which leaves out what is mixed in where it adds nothing; None where there is no such knob."""
    known = declared(models.ZOO[spec.variant].Knobs) if spec.variant in models.ZOO else {}
    return spec.knobs.get(name, known[name].default if name in known else None)


def _knobs(lanes: Sequence[Lane], there: list[Lane]) -> Iterable[Difference]:
    names = dict.fromkeys(name for lane in there for name in applying(lane.spec))
    for name in names:
        yield from _row(name, knob_title(name), lanes, lambda lane, name=name: _turned(lane, name))


def _turned(lane: Lane, name: str) -> str:
    """A knob's value, and what it was tuned to at which step, in the first run in which it was."""
    value = value_of(lane.spec, name) if name in applying(lane.spec) else None
    if value is None or (name in mix.OWN and value == mix.OWN[name]):
        return NONE
    tunes = next((found for _, history in lane.entrants if (found := [t for t in history.tunes if t["knob"] == name])), [])
    return "; ".join([plain(tunes[0]["from"] if tunes else value), *(f"{plain(t['to'])} from step {t['step'] + 1:,}" for t in tunes[:3]),
                      *(["…"] if len(tunes) > 3 else [])])


def _built(lanes: Sequence[Lane], networks: Sequence[Networks | None]) -> Iterable[Difference]:
    for player in dict.fromkeys(player for found in networks if found for player in found.parameters):
        for name, what in (("optimisers", "optimizer"), ("parameters", "parameters")):
            values = [NONE if not found or player not in getattr(found, name) else getattr(found, name)[player] for found in networks]
            texts = [f"{value:,}" if isinstance(value, int) else value for value in values]
            told = [text for text, lane in zip(texts, lanes, strict=True) if lane.spec]
            if len(set(told)) > 1:
                yield Difference(f"{name}.{player}", f"{what} of {player}", texts, NONE not in told)
