"""Pictures from outside, of whatever kind: the first frame, upright, eight bits a colour, what is transparent on white."""

from pathlib import Path
from typing import BinaryIO

import numpy as np
import torch
from PIL import Image, ImageOps
from torch import Tensor

from playground.types import Refused

FORMATS = ("PNG", "JPEG", "WEBP", "GIF", "BMP")     # Pillow knows many more, and some of those call other programs
MOST = 25_000_000                                   # pixels


def square(file: Path | BinaryIO, side: int, fit: str = "crop", formats: tuple[str, ...] = FORMATS) -> Tensor:
    """uint8 (3, side, side), cut about the middle or, as `fit` "pad", whole on white. What is smaller repeats its pixels where that comes out even.

    Refused("file", ...) for what is no picture, damaged, or larger than MOST.
    """
    try:
        with Image.open(file, formats=formats) as picture:
            if picture.width * picture.height > MOST:
                raise Refused("file", f"a picture has at most {MOST // 10 ** 6} million pixels; this one has {picture.width} x {picture.height}")
            picture.draft("RGB", (2 * side, 2 * side))      # a large JPEG is decoded at a fraction of its size
            whole = plain(picture)
            short = (min if fit == "crop" else max)(whole.size)
            how = Image.Resampling.NEAREST if side % short == 0 else Image.Resampling.LANCZOS
            fitted = ImageOps.fit(whole, (side, side), how) if fit == "crop" else ImageOps.pad(whole, (side, side), how, "white")
    except Refused:
        raise
    except Exception as error:                              # decoders raise whatever they like
        raise Refused("file", "this is no whole picture of a kind that is read here: PNG, JPEG, WebP, GIF or BMP") from error
    return torch.from_numpy(np.array(fitted)).permute(2, 0, 1).contiguous()


def plain(picture: Image.Image) -> Image.Image:
    """As RGB. Sixteen bits are brought to eight, which Pillow would cut off at 255."""
    picture = ImageOps.exif_transpose(picture)
    if picture.mode.startswith("I"):
        picture = Image.fromarray((np.asarray(picture).astype(np.uint32) // 257).clip(0, 255).astype(np.uint8))
    if picture.has_transparency_data:
        picture = picture.convert("RGBA")
        picture = Image.alpha_composite(Image.new("RGBA", picture.size, "white"), picture)
    return picture.convert("RGB")
