"""A small picture of a data set, for its button."""

import io
from functools import cache

import numpy as np

from playground.data.registry import get, load


def thumbnail(name: str) -> bytes | None:
    """Four training pictures in a lossless WebP of 64 x 64 pixels. None for points, which the page draws itself, and for sets that are not ready.

    Four, not nine: on the page's button of 40 pixels a face then has 20 pixels, not 13.
    """
    found = get(name)
    return _drawn(name) if found.kind == "images" and found.ready() else None


@cache
def _drawn(name: str) -> bytes:
    return sheet(load(name).train[:4].permute(0, 2, 3, 1).numpy())


def sheet(x: np.ndarray) -> bytes:
    """A WebP file of four pictures, uint8 (4, H, H, C)."""
    from PIL import Image

    pictures = [Image.fromarray(p.squeeze(2) if p.shape[2] == 1 else p) for p in x]
    sheet = Image.new(pictures[0].mode, (64, 64), pictures[0].getpixel((0, 0)))
    size = x.shape[1]
    side = 32 // size * size or 32          # a whole multiple where it fits, so that pixels stay square
    for i, picture in enumerate(pictures):
        tile = picture.resize((side, side), Image.Resampling.NEAREST if side >= size else Image.Resampling.BOX)
        sheet.paste(tile, (i % 2 * 32 + (32 - side) // 2, i // 2 * 32 + (32 - side) // 2))
    out = io.BytesIO()
    sheet.save(out, "WEBP", lossless=True)
    return out.getvalue()
