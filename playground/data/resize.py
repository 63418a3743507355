"""Resizes pictures and makes them grey: uint8 (N, C, H, W) in and out. Pillow is imported when needed."""

from typing import TYPE_CHECKING

import numpy as np
import torch
from torch import Tensor

if TYPE_CHECKING:
    from PIL.Image import Image as Picture

LUMA = (0.299, 0.587, 0.114)        # ITU-R BT.601, as Pillow's "L"


def resized(x: Tensor, size: int) -> Tensor:
    """(N, C, H, H) -> (N, C, size, size).

    Downscaling by a whole factor takes the mean of each block (BOX), which is exact and does not ring beside outlines, as LANCZOS does.
    Other downscaling uses LANCZOS, for blocks would have two widths. Slight upscaling, as from 28 to 32, adds a margin of zeros; upscaling by
    a whole factor repeats pixels. ValueError for other factors.
    """
    current = x.shape[-1]
    if size == current:
        return x
    if current % size == 0:
        return shrunk(x, current // size)
    if size < current:
        return _lanczos(x, size)
    if size % current == 0:
        return x.repeat_interleave(size // current, 2).repeat_interleave(size // current, 3)
    if size > 1.25 * current or (size - current) % 2:
        raise ValueError(f"pictures of {current} pixels cannot be had at {size}")
    margin = (size - current) // 2
    return torch.nn.functional.pad(x, (margin,) * 4)


def shrunk(x: Tensor, times: int) -> Tensor:
    """(N, C, H, W) -> (N, C, H / times, W / times): the rounded mean of each block."""
    from PIL import Image

    n, channels, h, w = x.shape
    column = x.permute(0, 2, 3, 1).reshape(n * h, w, channels)          # all tiles in one tall picture, for a single call of Pillow
    small = Image.fromarray((column if channels == 3 else column[..., 0]).numpy()).reduce(times)
    return _tensor(small).reshape(n, h // times, w // times, channels).permute(0, 3, 1, 2).contiguous()


def _lanczos(x: Tensor, size: int) -> Tensor:
    from PIL import Image

    made = []
    for picture in x.permute(0, 2, 3, 1):
        tile = Image.fromarray((picture if x.shape[1] == 3 else picture[..., 0]).numpy())
        made.append(_tensor(tile.resize((size, size), Image.Resampling.LANCZOS)).reshape(size, size, -1).permute(2, 0, 1))
    return torch.stack(made)


def grey(x: Tensor) -> Tensor:
    """uint8 (N, 3, H, W) -> (N, 1, H, W): luma, rounded."""
    weights = torch.tensor(LUMA).view(1, 3, 1, 1)
    return torch.cat([(part * weights).sum(1, keepdim=True).round().byte() for part in x.split(1000)])


def _tensor(picture: "Picture") -> Tensor:
    return torch.from_numpy(np.array(picture))
