"""D's score over the plane through three pictures: a two-dimensional slice of the space of pictures."""

import base64
import math
from collections.abc import Callable
from typing import Any

import torch
from torch import Tensor

from playground import data
from playground.data import Data
from playground.inspection.critic import Range
from playground.inspection.critic_images import TILES, Tile, tiles
from playground.render import encode as pictures
from playground.store.checkpoints import Saved
from playground.training.build import averaged_gan, frame_code
from playground.types import Refused, Spec

ROOM = 1.3                  # half the square's side over the largest coordinate of the three pictures
CHUNK, ENOUGH = 256, 256    # pictures scored at a time; samples of each kind for the levels
FLAT = 1e-3                 # a picture nearer than this to the line through the other two spans no plane with them


class Plane:
    """The plane through three pictures, (3, C, H, W). Its coordinates (s, t) are root mean square pixel differences from the middle of the three."""

    def __init__(self, three: Tensor) -> None:
        """Raises Refused("tiles", ...) when the pictures lie on one line, or two are the same."""
        a, b, c = three.double().flatten(1) / math.sqrt(three[0].numel())
        ab, ac = b - a, c - a
        if min(ab.norm(), ac.norm(), (c - b).norm()) < FLAT:
            raise Refused("tiles", "two of these pictures are the same: choose three different ones")
        along = ab / ab.norm()
        aside = ac - (ac @ along) * along
        if aside.norm() < FLAT:
            raise Refused("tiles", "these three pictures lie on one line: choose another")
        self.shape, self.axes = three.shape[1:], torch.stack([along, aside / aside.norm()])
        corners = torch.stack([torch.zeros(2).double(), self.axes @ ab, self.axes @ ac])
        middle = (corners.min(0).values + corners.max(0).values) / 2
        self.corners, self.origin = corners - middle, a + middle @ self.axes
        self.reach = ROOM * self.corners.abs().max().item()

    def pictures(self, places: Tensor) -> Tensor:
        """(n, 2) -> (n, C, H, W); values may lie outside [-1, 1]."""
        flat = (self.origin + places.double() @ self.axes) * math.sqrt(self.shape.numel())
        return flat.float().view(-1, *self.shape)

    def cells(self, side: int) -> Tensor:
        """(side * side, 2): centres of the square's cells, row by row from the bottom."""
        at = (torch.arange(side) + 0.5) * (2 * self.reach / side) - self.reach
        t, s = torch.meshgrid(at, at, indexing="ij")
        return torch.stack([s, t], -1).view(-1, 2)


def scored(score: Callable[[Tensor], Tensor], plane: Plane, side: int) -> tuple[Tensor, Tensor]:
    """The score of every cell, (side, side), and of the three pictures, (3,)."""
    places = torch.cat([plane.cells(side).double(), plane.corners])
    found = torch.cat([score(plane.pictures(part)) for part in places.split(CHUNK)])
    return found[:-3].view(side, side), found[-3:]


@torch.no_grad()
def slice_of(spec: Spec, saved: Saved, wanted: list[Tile], side: int) -> dict[str, Any]:
    """The slice through three pictures of the x-ray, scored by a checkpoint's D, as JSON. Refused names "run" or "tiles"."""
    if data.get(spec.data).kind != "images":
        raise Refused("run", "a slice goes through pictures; points lie in a plane already")
    try:
        gan = averaged_gan(spec, saved)
    except (KeyError, RuntimeError, ValueError) as error:
        raise Refused("run", "its checkpoint was made by another version of this variant and cannot be read") from error
    of = data.load(spec.data, spec.size, spec.options)
    fakes = gan.sample(frame_code(gan, torch.Generator(spec.device).manual_seed(spec.seed)).to("cpu"))
    chosen = tiles(of, fakes)[[TILES.index(tile) for tile in wanted]]
    plane = Plane(chosen)
    cells, values = scored(gan.score, plane, side)
    if not (cells.isfinite().all() and values.isfinite().all()):
        raise Refused("run", "its scores are no numbers any more")
    shown = cells.clamp_min(1e-8).log() if gan.positive else cells
    low, high = Range(0.5, 95.0 if gan.positive else 99.5).update(shown)
    return {"step": saved[0], "side": side, "scale": "log" if gan.positive else "linear", "rising": gan.larger_is == "fake", "unit": gan.unit_now(),
            "range": [math.exp(limit) if gan.positive else limit for limit in (low, high)],
            "score": base64.b64encode(((shown - low) / (high - low) * 255).round().clamp(0, 255).byte().numpy().tobytes()).decode(),
            "pictures": pictures.uri(chosen, len(chosen)), "size": of.shape.size,
            "corners": plane.corners.tolist(), "span": [-plane.reach, plane.reach], "values": values.tolist(), "levels": _levels(gan, of, fakes)}


def _levels(gan: Any, of: Data, fakes: Tensor) -> list[dict[str, Any]]:
    n = min(len(of.train), len(fakes), ENOUGH)
    x = of.train[:n].float() / 127.5 - 1
    levels = gan.levels_now(x, fakes[:n], gan.score(x))
    return [{"name": at.name, "symbol": at.symbol, "value": float(at.value), "past": at.past} for at in levels]
