"""What a model is: all that it takes to build it again, where it came from and how good it was found. Every field of a strange one is checked."""

import base64
import binascii
import math
import re
from dataclasses import MISSING, asdict, dataclass, field, fields, replace
from datetime import date
from typing import Any

import numpy as np

import models
from models.kit import mix
from models.kit.batch import POINTS, Domain, Shape, lacking, needed
from models.kit.capabilities import class_names, needs
from models.kit.gan import Latent
from models.kit.knobs import Common
from playground.explorer.latents.directions import KINDS
from playground.types import Refused
from playground.validate import MOST_SEED, checked_knobs, line, shown, whole

VERSION = "1"           # of the playground, as models tell it
SIDES = tuple(sorted(base << k for base in (4, 5, 6, 7) for k in range(1, 5) if base << k <= 64))      # pixels that networks can be built for
WORD = re.compile(r"[A-Za-z0-9_.:+-]{1,80}")
MEASURE = re.compile(r"[a-z]{1,20}/[A-Za-z0-9_@]{1,20}")
MOST_STEPS, MOST_VALUES, MOST_TEXT, MOST_NAMED, MOST_NAMES, HUGE = 2 ** 53, 64, 20_000, 20, 1000, 1e12
NEEDED = ("classes", "attributes", "other", "single")     # fields that a file has only where its variant needs them


@dataclass(frozen=True)
class About:
    """The metadata of a model's file. `quality`: {"<metric>": {"value", and where they are known "floor", what real data
    reach in the mean, and "deviation", of single draws of them}}, the last that was measured."""

    variant: str                            # an id in models.ZOO
    data: str                               # what it was trained on; may not be known here
    dims: tuple[int, ...]                   # of a sample: (2,), or (C, S, S)
    knobs: dict[str, Any]                   # complete, but for what could be mixed in where nothing is
    step: int
    size: int = 0                           # S; 0 for points
    options: dict[str, Any] = field(default_factory=dict)       # of the data
    seed: int = 0
    trained: str = ""                       # YYYY-MM-DD
    quality: dict[str, dict[str, float]] = field(default_factory=dict)
    measured: dict[str, Any] | None = None  # {"extractor", "n", "seed"}: how
    name: str = ""                          # a person's own for it
    licence: str = ""                       # of the data, where these are not known everywhere
    versions: dict[str, str] = field(default_factory=dict)      # {"torch", "playground"}
    directions: dict[str, str] = field(default_factory=dict)    # through its latents, of length 1, by the names that people gave them: as `packed`
    classes: tuple[str, ...] = ()           # what its variant needs of the data, as in `Domain`: names of labels,
    attributes: tuple[str, ...] = ()        # of attributes,
    other: tuple[int, ...] = ()             # and the dims of samples of the second domain
    single: bool = False                    # whether all samples of the data are one point

    def __post_init__(self) -> None:
        """Takes all knobs."""
        object.__setattr__(self, "knobs", mix.told(self.knobs))

    @property
    def shape(self) -> Shape:
        """The shape of one sample."""
        return _shape(self.dims)._replace(single=self.single)

    @property
    def domain(self) -> Domain:
        """What its variant knew of the data. Whether two domains are paired changes no network: where there are two, they count as such."""
        return Domain(self.shape, self.classes, self.attributes, _shape(self.other) if self.other else None, paired=bool(self.other))

    @property
    def z_dim(self) -> int:
        """Numbers in a latent, as `Latent.build` has it."""
        return 2 if self.shape.is_points and self.knobs["skip"] else self.knobs["z_dim"]

    @property
    def asked_classes(self) -> tuple[str, ...]:
        """The classes that its samples can be asked to be of: those of the data, or its own."""
        return class_names(self.variant_class, self.domain, self.checked_knobs())

    @property
    def variant_class(self) -> type[Latent]:
        """The variant's class. KeyError when this version has none of that id."""
        return models.get(self.variant)

    def checked_knobs(self) -> Common:
        """The knobs, complete. Refused names one that is unknown or out of range."""
        return checked_knobs(self.variant_class.Knobs, self.knobs)

    def json(self) -> dict[str, Any]:
        """As a JSON object; what the variant does not need of the data is not in it."""
        told = {name: list(value) if isinstance(value, tuple) else value for name, value in asdict(self).items()}
        return {name: value for name, value in told.items() if value or name not in NEEDED}

    @staticmethod
    def of_checked(told: dict[str, Any]) -> "About":
        """From its `json`, which was checked when it was kept."""
        return About(**{name: tuple(value) if isinstance(value, list) else value for name, value in told.items()})

    @staticmethod
    def read(raw: Any) -> "About":
        """`raw` from a file of whatever origin. Refused names the field and what it may be."""
        if not isinstance(raw, dict):
            raise Refused("model", f"a model is described by an object, not {shown(raw)}")
        known = {f.name: f for f in fields(About)}
        for name in raw:
            if name not in known:
                raise Refused("model", f"there is no field {shown(name)} in a model; there are {', '.join(known)}")
        for name, f in known.items():
            if name not in raw and f.default is MISSING and f.default_factory is MISSING:
                raise Refused(name, f"a model must say its {name}")
        values = {name: CHECKS[name](name, raw[name]) for name in known if name in raw}
        made = About(**values)
        made = replace(made, knobs=asdict(made.checked_knobs()))    # a knob younger than the file has its default: as it was before
        if made.single and made.dims != POINTS.dims:
            raise Refused("single", "single can only be true of points")
        if made.size != made.shape.size:
            raise Refused("size", f"size must be {made.shape.size}, as dims say")
        missing = lacking(needs(made.variant_class), made.domain)
        if missing:
            raise Refused("model", f"a {made.variant_class.title} needs {missing}, and this model tells of none")
        made = replace(made, **domain_fields(needed(made.variant_class.batch, made.domain)))
        for name, z in made.directions.items():
            if len(base64.b64decode(z)) != 4 * made.z_dim:
                raise Refused("directions", f"{shown(name)} in directions must have {made.z_dim} numbers, as a latent here has")
        return made


def domain_fields(domain: Domain) -> dict[str, tuple]:
    """The fields of `About` that tell of a variant's domain."""
    return {"dims": domain.shape.dims, "single": domain.shape.single, "classes": domain.classes, "attributes": domain.attributes,
            "other": domain.other.dims if domain.other else ()}


def _shape(dims: tuple[int, ...]) -> Shape:
    return POINTS if len(dims) == 1 else Shape(dims[0], dims[1])


def _single(name: str, value: Any) -> bool:
    if not isinstance(value, bool):
        raise Refused(name, f"{name} must be true or false")
    return value


def _variant(name: str, value: Any) -> str:
    if not isinstance(value, str) or not issubclass(models.ZOO.get(value, object), Latent):
        raise Refused(name, f"{name} must be one of {', '.join(sorted(models.ZOO))}; it is {shown(value)}")
    return value


def _dims(name: str, value: Any) -> tuple[int, ...]:
    plain = isinstance(value, list) and all(isinstance(v, int) and not isinstance(v, bool) for v in value)
    if plain and (value == [2] or (len(value) == 3 and value[0] in (1, 3) and value[1] == value[2] and value[1] in SIDES)):
        return tuple(value)
    raise Refused(name, f"{name} must be [2], or [1 or 3, S, S] with S one of {', '.join(map(str, SIDES))}")


def _names(name: str, value: Any) -> tuple[str, ...]:
    if not isinstance(value, list) or len(value) > MOST_NAMES or len({line(name, each) for each in value}) < len(value):
        raise Refused(name, f"{name} must be a list of at most {MOST_NAMES} names that differ, got {shown(value)}")
    return tuple(line(name, each) for each in value)


def _plain(name: str, value: Any) -> dict[str, Any]:
    """Short names and plain values; what they mean, and may be, is told by others."""
    if not isinstance(value, dict) or len(value) > MOST_VALUES:
        raise Refused(name, f"{name} must be an object of at most {MOST_VALUES} names and values, got {shown(value)}")
    for key, part in value.items():
        if not WORD.fullmatch(key) or not (part is None or isinstance(part, (bool, str)) or _number(part)) or len(str(part)) > MOST_TEXT:
            raise Refused(name, f"{shown(key)} in {name} must be a plain value, got {shown(part)}")
    return value


def _word(name: str, value: Any) -> str:
    if not isinstance(value, str) or not WORD.fullmatch(value):
        raise Refused(name, f"{name} must be a short word of letters, figures and any of _ . : + -, got {shown(value)}")
    return value


def _day(name: str, value: Any) -> str:
    try:
        return value if value == "" else date.fromisoformat(value).isoformat()
    except (ValueError, TypeError):
        raise Refused(name, f"{name} must be a day as YYYY-MM-DD, got {shown(value)}") from None


def _quality(name: str, value: Any) -> dict[str, dict[str, float]]:
    if not isinstance(value, dict) or len(value) > MOST_VALUES:
        raise Refused(name, f"{name} must be an object of at most {MOST_VALUES} measures")
    for metric, told in value.items():
        if not MEASURE.fullmatch(metric):
            raise Refused(name, f"there is no measure {shown(metric)}")
        if not isinstance(told, dict) or not {"value"} <= set(told) <= {"value", "floor", "deviation"} or not all(map(_number, told.values())):
            raise Refused(name, f'{metric} in {name} must be {{"value": a number}}, with a "floor" and its "deviation" where there are such')
    return value


def _measured(name: str, value: Any) -> dict[str, Any] | None:
    if value is None:
        return None
    if not isinstance(value, dict) or set(value) != {"extractor", "n", "seed"}:
        raise Refused(name, f"{name} must be null, or say extractor, n and seed")
    return {"extractor": line(name, value["extractor"]), "n": whole(name, value["n"], 1, 10 ** 9), "seed": whole(name, value["seed"], 0, 2 ** 53)}


def _versions(name: str, value: Any) -> dict[str, str]:
    if not isinstance(value, dict) or not set(value) <= {"torch", "playground"}:
        raise Refused(name, f"{name} must be those of torch and playground")
    return {key: _word(name, version) for key, version in value.items()}


def named(field: str, name: str) -> str:
    """A name that a person gave a direction. Refused(field, ...) when it is none, or reads as one of those that are found."""
    if not line(field, name).strip() or name.split(" ")[0] in KINDS:
        raise Refused(field, f"a direction needs a name of its own, which does not begin as {' or '.join(KINDS)} does")
    return name


def _directions(name: str, value: Any) -> dict[str, str]:
    if not isinstance(value, dict) or len(value) > MOST_NAMED:
        raise Refused(name, f"{name} must be an object of at most {MOST_NAMED} names and latents")
    for key, z in value.items():
        named(name, key)
        try:
            numbers = np.frombuffer(base64.b64decode(z, validate=True), "<f4") if isinstance(z, str) else np.zeros(0)
        except (ValueError, binascii.Error):
            numbers = np.zeros(0)
        if not abs(np.square(numbers, dtype="f8").sum() - 1) < 1e-3:           # NaN is not, either
            raise Refused(name, f"{shown(key)} in {name} must be base64 of little-endian float32, of length 1")
    return value


def _number(value: Any) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool) and abs(value) <= HUGE and math.isfinite(value)


CHECKS = {
    "variant": _variant, "data": _word, "dims": _dims, "knobs": _plain, "options": _plain, "name": line, "trained": _day, "quality": _quality,
    "licence": lambda name, value: line(name, value, 200), "measured": _measured, "versions": _versions,
    "directions": _directions, "single": _single, "classes": _names, "attributes": _names,
    "other": lambda name, value: _dims(name, value) if value else (),
    "step": lambda name, value: whole(name, value, 0, MOST_STEPS), "seed": lambda name, value: whole(name, value, 0, MOST_SEED),
    "size": lambda name, value: whole(name, value, 0, max(SIDES)),
}
