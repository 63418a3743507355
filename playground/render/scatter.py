"""Scatter plots: every picture of points shows the same part of the plane."""

from typing import Any

import numpy as np
from PIL.ImageDraw import ImageDraw

EXTENT = 3              # the plane is shown from -3 to 3, as the page shows it
FAR = 99                # coordinates are clipped to this, which is out of sight
Place = tuple[float, float]


def places(points: np.ndarray, side: int) -> list[Place]:
    """Where points, (n, 2), lie on a square picture of `side` pixels; NaN becomes 0."""
    return [(side / 2 * (1 + x / EXTENT), side / 2 * (1 - y / EXTENT)) for x, y in np.nan_to_num(points.astype(np.float64)).clip(-FAR, FAR)]


def dot(pen: ImageDraw, place: Place, radius: float, **style: Any) -> None:
    """A circle; `style` as `ImageDraw.ellipse` has it: `fill`, or `outline` and `width` for a ring."""
    x, y = place
    pen.ellipse([x - radius, y - radius, x + radius, y + radius], **style)


def scatter(pen: ImageDraw, points: np.ndarray, side: int, radius: float, **style: Any) -> None:
    """A circle for each of the points, (n, 2); `style` as `dot`."""
    for place in places(points, side):
        dot(pen, place, radius, **style)
