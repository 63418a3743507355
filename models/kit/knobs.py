"""Knobs: a hyperparameter is declared once, and its control, help, validation and storage follow from the declaration."""

import math
from collections.abc import Collection
from dataclasses import MISSING, Field, dataclass, field, fields
from typing import Any, NamedTuple, TypeVar, get_type_hints

from models.kit.titles import title, words_of

K = TypeVar("K", bound="Common")
KINDS = {str: "text"}       # names of types in JSON, where they differ from Python's


class BadKnob(ValueError):
    """A value is invalid for a knob; the message names the knob and its allowed values."""

    def __init__(self, name: str, message: str) -> None:
        super().__init__(message)
        self.field = name


class Need(NamedTuple):
    """What another knob must be like where a knob is not at its default: one of `values`; without these, not at its own default. `what`: in words."""

    knob: str
    what: str
    values: tuple[Any, ...] = ()


def knob(default: Any, low: float | None = None, high: float | None = None, *, help: str, symbol: str = "", log: bool = False,
         live: bool = False, choices: tuple[str, ...] = (), effects: tuple[str, str] = ("", ""), only: str = "", basic: bool = False,
         mixed: bool = False, needs: tuple[Need, ...] = (), barred: str = "") -> Any:
    """Declare one hyperparameter as a dataclass field.

    `effects` describes its low and its high end; `only` limits it to "points" or "images"; `live` knobs may change while
    training; `basic` ones are outside the page's "Advanced" section; `symbol` is the paper's letter, with `_` before a subscript.
    `mixed` ones are of `models.kit.mix`, and of no paper of a variant. `agree` refuses what lacks its `needs`; `barred` says why the default is the
    only value. For a text, `low` and `high` are numbers of characters.
    """
    return field(default=default, metadata=dict(low=low, high=high, help=help, symbol=symbol, log=log, live=live, choices=choices,
                                                effects=effects, only=only, basic=basic, mixed=mixed,
                                                needs=needs, barred=barred))


@dataclass(frozen=True)
class Common:
    """The knobs of every variant; a variant overrides one by declaring it again."""

    lr_g: float = knob(2e-4, 1e-5, 1e-1, log=True, live=True, basic=True, symbol="η_G", help="how fast G learns",
                       effects=("slow", "oscillation, collapse"))
    lr_d: float = knob(2e-4, 1e-5, 1e-1, log=True, live=True, basic=True, symbol="η_D", help="how fast D learns",
                       effects=("G outruns D", "D wins, G's gradient vanishes"))
    batch: int = knob(64, 4, 1024, log=True, basic=True, symbol="B", help="samples per step", effects=("noisy, quick steps", "smooth, slow steps"))
    beta1: float = knob(0.5, 0.0, 0.95, symbol="β_1", help="Adam's momentum", effects=("noisier", "overshoot and oscillation"))
    beta2: float = knob(0.999, 0.0, 0.9999, symbol="β_2", help="Adam's memory of gradient sizes", effects=("unsteady", "slow to adapt"))
    width_g: int = knob(32, 4, 256, log=True, symbol="n_G", help="channels of G's last layer, or units on points",
                       effects=("fast and blurry", "slow and detailed"))
    width_d: int = knob(32, 4, 256, log=True, symbol="n_D", help="channels of D's first layer, or units on points",
                       effects=("fast, easily fooled", "slow, strict"))
    hidden_d: int = knob(0, 0, 512, only="images", symbol="n_h", help="units of a layer between D's maps and its score or code; 0 is none",
                         effects=("judges parts one by one", "judges the whole, overfits sooner"))
    ema: float = knob(0.0, 0.0, 0.9999, live=True, help="averages G over steps for pictures and quality; 0 is off",
                      effects=("the raw G", "smooth, late"))
    spectral: bool = knob(False, help="spectral norm on D's layers")


def declared(cls: type[Common]) -> dict[str, Field]:
    """Name -> dataclass field of every knob, in order of declaration."""
    return {f.name: f for f in fields(cls)}


def _check_one(name: str, kind: type, meta: Any, value: Any) -> Any:
    if meta["choices"]:
        if not isinstance(value, str) or value not in meta["choices"]:
            raise BadKnob(name, f"{name} must be one of {', '.join(meta['choices'])}")
        return value
    if kind is str:
        if not isinstance(value, str) or not meta["low"] <= len(value) <= meta["high"]:
            raise BadKnob(name, f"{name} must be a text of at most {meta['high']} characters")
        return value
    if kind is bool:
        if not isinstance(value, bool):
            raise BadKnob(name, f"{name} must be true or false")
        return value
    span = f"between {meta['low']:g} and {meta['high']:g}"
    if isinstance(value, bool) or not isinstance(value, (int, float)) or (kind is int and value != int(value if math.isfinite(value) else 0)):
        raise BadKnob(name, f"{name} must be a {'whole ' if kind is int else ''}number {span}")
    if not math.isfinite(value) or not meta["low"] <= value <= meta["high"]:
        raise BadKnob(name, f"{name} must lie {span}")
    return kind(value)


def agree(knobs: Common, moved: Collection[str] | None = None) -> None:
    """BadKnob where a knob lacks what it needs of another; of `moved` ones alone where these are given. `check` leaves it aside, so that old files
    and single values are read."""
    fields_of = declared(type(knobs))
    for name, f in fields_of.items():
        for need in f.metadata["needs"] if getattr(knobs, name) != f.default else ():
            now = getattr(knobs, need.knob)
            met = now in need.values if need.values else now != fields_of[need.knob].default
            if not met and (moved is None or {name, need.knob} & set(moved)):
                raise BadKnob(name, f"{name} needs {need.what}: set {need.knob}, or leave {name} at {f.default}")


def check(cls: type[K], values: Any) -> K:
    """Build `cls` from JSON `values`; missing knobs take their defaults.

    Raises BadKnob, naming the knob and its range, for an unknown name, a wrong type, a non-finite or out-of-range value.
    """
    if not isinstance(values, dict):
        raise BadKnob("knobs", "knobs must be an object of names and values")
    known, types = declared(cls), get_type_hints(cls)
    for name in values:
        if name not in known:
            raise BadKnob("knobs", f"there is no knob {str(name)[:40]!r}; there are {', '.join(known)}")
        barred = known[name].metadata["barred"]
        if barred and values[name] != known[name].default:
            raise BadKnob(name, f"{name} must be {known[name].default}: {barred}")
    return cls(**{n: _check_one(n, types[n], f.metadata, values[n] if n in values else _default(f)) for n, f in known.items()})


def _default(f: Field) -> Any:
    assert f.default is not MISSING
    return f.default


def describe(cls: type[Common], points: bool) -> list[dict[str, Any]]:
    """Every knob that applies to this kind of data, as JSON for controls, help and docs."""
    kind, types = ("points" if points else "images"), get_type_hints(cls)
    words = title if issubclass(cls, Common) else words_of
    return [dict(name=n, title=words(n), kind="choice" if f.metadata["choices"] else KINDS.get(types[n], types[n].__name__), default=f.default,
                 **(f.metadata | {"needs": [need._asdict() for need in f.metadata["needs"]]}))
            for n, f in declared(cls).items() if f.metadata["only"] in ("", kind)]
