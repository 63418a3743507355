"""What variants learn from: those of images alone are asked about no points, those that need samples that differ about no single one."""

from typing import Any

from models import ZOO
from models.kit.batch import POINTS, Shape
from models.kit.capabilities import needs
from playground.data import DATASETS


def takes(variant: str, shape: Shape) -> bool:
    """Whether the variant learns samples of this shape."""
    return not (shape.is_points and "images" in ZOO[variant].batch.needs)


def takes_data(variant: str, data: str) -> bool:
    """The same of a data set's samples."""
    differ = not DATASETS[data].single or "samples that differ" not in needs(ZOO[variant])
    return differ and takes(variant, POINTS if DATASETS[data].kind == "points" else Shape(1, 16))


def shape_of(variant: str) -> Shape:
    """A small shape that it learns: points where it can."""
    return POINTS if takes(variant, POINTS) else Shape(1, 16)


def place_of(variant: str) -> tuple[str, int]:
    """A small data set that it learns, and its size."""
    return ("ring8", 0) if takes(variant, POINTS) else ("digits", 16)


def suited(values: dict[str, Any]) -> bool:
    """Whether a test's arguments, by name, put a variant of the zoo together with samples that it learns."""
    variant, shape, data = values.get("variant"), values.get("shape"), values.get("data", values.get("data_id"))
    if not isinstance(variant, str) or variant not in ZOO:
        return True
    if isinstance(shape, Shape):
        return takes(variant, shape)
    return not isinstance(data, str) or data not in DATASETS or takes_data(variant, data)
