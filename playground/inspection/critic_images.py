"""Snapshots of D on single pictures: their reconstructions, what these lack or D's gradients, and its scores."""

from typing import Any, NamedTuple

import numpy as np
import torch
from PIL import Image
from torch import Tensor

from models.kit.capabilities import Encoder, Reconstructor, scored, told_labels
from models.kit.code import Code
from models.kit.gan import Latent
from playground.data import Data
from playground.inspection.critic import CriticSnapshot, Range
from playground.render import encode

EACH = 6                # real, held-out and fake pictures
NOISE_SEED = 5


class Tile(NamedTuple):
    """One picture of the x-ray: its kind ("real", "held", "fake" or "noise") and its index among them."""

    of: str
    index: int


TILES = [*(Tile(of, i) for of in ("real", "held", "fake") for i in range(EACH)), Tile("noise", 0)]


def tiles(data: Data, fakes: Tensor) -> Tensor:
    """The x-ray's pictures in the order of TILES, (19, C, H, W) in [-1, 1]; `fakes` are the frame's samples."""
    noise = torch.rand(1, *data.shape.dims, generator=torch.Generator().manual_seed(NOISE_SEED)) * 2 - 1
    real, held = (part[:EACH].float() / 127.5 - 1 for part in (data.train, data.held))
    return torch.cat([real.to(fakes), held.to(fakes), fakes[:EACH], noise.to(fakes)])


class ImagesSnapshot(CriticSnapshot):
    """A snapshot of D on pictures: the pictures, and their reconstructions and what these lack, or else D's input gradient."""

    kind = "images"

    def __init__(self, gan: Latent, data: Data, code: Code) -> None:
        super().__init__(gan, data, code)
        self.data, self.frame_size, self.white_range = data, len(code), Range(0.0, 99.5)
        self.y = None                           # the tiles' classes; noise is scored as one of the first
        if told_labels(gan):
            self.y = torch.cat([part[:EACH] for part in (self.real_y, self.held_y, self.code.y)] + [self.code.y.new_zeros(1)])

    def details(self, view: Latent, fakes: Tensor, scores: Tensor) -> tuple[dict[str, Any], dict[str, np.ndarray]]:
        """See the base. The array "sheet" is a WebP file: a row for each of those, a column for each of TILES."""
        x = tiles(self.data, fakes).requires_grad_()
        decoder = isinstance(view, Reconstructor)
        score = scored(view, x, self.y)
        with torch.no_grad():
            made = [view.reconstruct(x)] if decoder else []
        shown = (x.detach() - made[0]) if decoder else torch.autograd.grad(score.sum(), x)[0]
        heat = shown.abs().mean(1, keepdim=True).cpu()
        peak = self.white_range.update(heat[:-1])[1]             # without noise, whose residual would darken the others
        rows = [x.detach(), *made, heat / peak * 2 - 1]
        if view.judges != "samples":                            # as in training: fakes with the latents that they were made of
            score = torch.cat([score[:2 * EACH], scores[:EACH], score[3 * EACH:]])
        header = {"size": self.data.shape.size, "channels": self.data.shape.channels, "decoder": decoder, "encoder": isinstance(view, Encoder),
                  "most": peak,
                  "tiles": [{"of": of, "index": i, "score": s} for (of, i), s in zip(TILES, score.tolist(), strict=True)],
                  "under": scores[:self.frame_size].tolist()}
        return header, {"sheet": np.frombuffer(sheet(rows), np.uint8)}


def sheet(rows: list[Tensor]) -> bytes:
    """Rows of pictures, without gaps, as WebP."""
    lines = [np.concatenate(list(encode.pixels(row)), 1) for row in rows]
    return encode.webp(Image.fromarray(np.concatenate(lines, 0)), 85)
