"""Points that a person drew or pasted, as a data set: 10,000 samples around them, with a fixed seed."""

import base64
import binascii
import math
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor

from models.kit.knobs import BadKnob, knob
from playground.data.options import PointOptions
from playground.data.registry import HELD_OUT, Data, dataset
from playground.data.sources.points import N, seeded, split

LEAST, MOST, REACH = 3, 2000, 3.0
UNIT, TEXT = 4096, 20_000           # steps per unit of the plane; characters, more than MOST points take


def packed(points: Tensor) -> str:
    """(n, 2) -> base64 of little-endian int16 pairs, x before y, in 4096ths."""
    return base64.b64encode((points * UNIT).round().numpy().astype("<i2").tobytes()).decode()


def unpacked(text: str) -> Tensor:
    """The inverse of `packed`: (n, 2), float32. Raises BadKnob("points", ...) for other texts."""
    try:
        raw = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        raise BadKnob("points", "points must be base64 of pairs of 16-bit numbers") from None
    if len(raw) % 4 or not LEAST <= len(raw) // 4 <= MOST:
        raise BadKnob("points", f"points must be {LEAST} to {MOST:,} pairs of 16-bit numbers; there are {len(raw) / 4:g}")
    points = torch.from_numpy(np.frombuffer(raw, "<i2").astype(np.float32) / UNIT).view(-1, 2)
    if points.abs().max() > REACH:
        raise BadKnob("points", f"points must lie between -{REACH:g} and {REACH:g}")
    if len(points.unique(dim=0)) < LEAST:
        raise BadKnob("points", f"points must be at least {LEAST} different ones")
    return points


def smile() -> Tensor:
    """A smiling face, (60, 2), centred at 0: the default points."""
    def arc(n: int, start: float, end: float, radius: float, x: float, y: float) -> Tensor:
        t = torch.linspace(start, end, n) * math.pi
        return torch.stack([x + radius * t.cos(), y + radius * t.sin()], 1)

    face = torch.cat([arc(36, 1.15, 1.85, 1.8, 0, 0.3), arc(12, 0, 2, 0.2, -0.7, 0.9), arc(12, 0, 2, 0.2, 0.7, 0.9)])
    return face - face.mean(0)


@dataclass(frozen=True)
class DrawnOptions(PointOptions):
    """The points themselves, packed, and the width of the brush. BadKnob for points that cannot be unpacked."""

    points: str = knob(packed(smile()), 0, TEXT, help=f"{LEAST} to {MOST:,} places, drawn or pasted; a sample is one of them, blurred by the brush")
    spread: float = knob(0.05, 0.0, 0.5, help="the brush: how far samples lie beside the points (σ)", effects=("the points alone", "a soft cloud"))

    def __post_init__(self) -> None:
        unpacked(self.points)


@dataset(id="drawn", title="Your own points", kind="points", samples=round(N * (1 - HELD_OUT)), extended=DrawnOptions,
         help="draw with the mouse or a finger, or paste a table of x and y", licence="its author's", credit="whoever drew it")
def drawn(size: int, points: str, spread: float) -> Data:
    """N samples: every point equally often, plus Gaussian noise with standard deviation `spread`. `size` is not used."""
    generator, places = seeded(9), unpacked(points)
    about = places[torch.arange(N) % len(places)]               # each equally often
    return split(about + spread * torch.randn(N, 2, generator=generator), generator)
