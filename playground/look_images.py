"""A look at D through single pictures: what it redraws, what it cannot, and how much each costs."""

from typing import Any, NamedTuple

import numpy as np
import torch
from PIL import Image
from torch import Tensor

from models.kit.gan import GAN, Energy, Latent
from playground import pictures
from playground.data import Data
from playground.look import Look, Range

EACH = 6                # real, held-out and fake pictures
NOISE_SEED = 5


class Tile(NamedTuple):
    """One picture of the x-ray: of what, and which of them."""

    of: str
    index: int


TILES = [*(Tile(of, i) for of in ("real", "held", "fake") for i in range(EACH)), Tile("noise", 0)]


def tiles(data: Data, fakes: Tensor) -> Tensor:
    """The x-ray's pictures in the order of TILES, (19, C, H, W) in [-1, 1]; `fakes` are the frame's samples."""
    noise = torch.rand(1, *data.shape.dims, generator=torch.Generator().manual_seed(NOISE_SEED)) * 2 - 1
    real, held = (part[:EACH].float() / 127.5 - 1 for part in (data.train, data.held))
    return torch.cat([real.to(fakes), held.to(fakes), fakes[:EACH], noise.to(fakes)])


class ImagesLook(Look):
    kind = "images"

    def __init__(self, gan: GAN, data: Data, z: Tensor) -> None:
        super().__init__(gan, data, z)
        self.data, self.framed, self.whitest = data, len(z), Range(0.0, 99.5)

    def more(self, view: Latent, fakes: Tensor, scores: Tensor) -> tuple[dict[str, Any], dict[str, np.ndarray]]:
        x = tiles(self.data, fakes).requires_grad_()
        decoder = isinstance(view, Energy)
        score = view.score(x)
        with torch.no_grad():
            redrawn = [view.reconstruct(x)] if decoder else []
        seen = (x.detach() - redrawn[0]) if decoder else torch.autograd.grad(score.sum(), x)[0]
        map = seen.abs().mean(1, keepdim=True).cpu()
        most = self.whitest.of(map[:-1])[1]                 # what noise leaves is beyond all else, and would darken it
        rows = [x.detach(), *redrawn, map / most * 2 - 1]
        header = {"size": self.data.shape.size, "channels": self.data.shape.channels, "decoder": decoder, "most": most,
                  "tiles": [{"of": of, "index": i, "score": s} for (of, i), s in zip(TILES, score.tolist(), strict=True)],
                  "under": scores[:self.framed].tolist()}
        return header, {"sheet": np.frombuffer(sheet(rows), np.uint8)}


def sheet(rows: list[Tensor]) -> bytes:
    """Rows of pictures, edge to edge, as WebP."""
    lines = [np.concatenate(list(pictures.pixels(row)), 1) for row in rows]
    return pictures.webp(Image.fromarray(np.concatenate(lines, 0)), 85)
