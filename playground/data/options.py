"""The options of data sets, declared as knobs: control, help, validation and storage follow from the declaration."""

from dataclasses import asdict, dataclass, fields
from typing import Any

from models.kit.knobs import BadKnob, check, knob
from playground.types import Refused

GREY = "grey"


@dataclass(frozen=True)
class PointOptions:
    """Options of every set of points."""

    noise: float = knob(0.0, 0.0, 0.5, symbol="σ", help="noise added to every real batch; D can no longer tell points by their exact place",
                        effects=("as they are", "shapes blur"))


@dataclass(frozen=True)
class ImageOptions:
    """Options of every set of pictures."""

    noise: float = knob(0.0, 0.0, 0.5, symbol="σ", help="noise added to every real batch; pixels lie within ±1", effects=("as they are", "speckled"))
    flip: bool = knob(False, help="mirror half of the pictures of every batch left to right: twice as many faces, but no digit's mirror is a digit")


@dataclass(frozen=True)
class ColourOptions(ImageOptions):
    """Options of every set of colour pictures."""

    colour: str = knob("as it is", choices=("as it is", GREY), help="grey is learned faster: one channel and no hues to agree on")


AT_BATCH = ("noise", "flip")        # applied to each batch (batches.py); the others select the tensors of a set


def checked(title: str, kind: type, values: Any) -> dict[str, Any]:
    """`values`, completed with defaults. Refused names the option and its allowed values."""
    if not isinstance(values, dict):
        raise Refused("options", "options must be an object of names and values")
    known = [f.name for f in fields(kind)]
    for name in values:
        if name not in known:
            raise Refused(str(name)[:40], f"there is no option {str(name)[:40]!r} for {title}; there are {', '.join(known)}")
    try:
        return asdict(check(kind, values))
    except BadKnob as bad:
        raise Refused(bad.field, f"{bad} for {title}") from None


def at_batch(options: dict[str, Any]) -> dict[str, Any]:
    """The options that `Batches` takes."""
    return {name: value for name, value in options.items() if name in AT_BATCH}
