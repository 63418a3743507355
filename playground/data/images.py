"""Pictures made smaller, larger, grey: uint8 (N, C, H, W) in, the same out. Pillow is imported when it is needed."""

from typing import TYPE_CHECKING

import numpy as np
import torch
from torch import Tensor

if TYPE_CHECKING:
    from PIL.Image import Image as Picture

LUMA = (0.299, 0.587, 0.114)        # ITU-R BT.601, as Pillow's "L"


def resized(x: Tensor, size: int) -> Tensor:
    """(N, C, H, H) -> (N, C, size, size).

    Whole steps down take the mean of each block (BOX): exact, no tile touches its neighbour, and no ringing beside drawn
    outlines, which LANCZOS has. Other steps down use LANCZOS, for blocks would be of two widths there. A little larger, as 28 to 32,
    gets a margin of its own ground; twice as large repeats pixels. ValueError for other steps up.
    """
    now = x.shape[-1]
    if size == now:
        return x
    if now % size == 0:
        return shrunk(x, now // size)
    if size < now:
        return _lanczos(x, size)
    if size % now == 0:
        return x.repeat_interleave(size // now, 2).repeat_interleave(size // now, 3)
    if size > 1.25 * now or (size - now) % 2:
        raise ValueError(f"pictures of {now} pixels cannot be had at {size}")
    margin = (size - now) // 2
    return torch.nn.functional.pad(x, (margin,) * 4)


def shrunk(x: Tensor, times: int) -> Tensor:
    """(N, C, H, W) -> (N, C, H / times, W / times): the mean of each block, to the nearest whole."""
    from PIL import Image

    n, channels, h, w = x.shape
    column = x.permute(0, 2, 3, 1).reshape(n * h, w, channels)          # all tiles in one tall picture: one call of Pillow
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
    """uint8 (N, 3, H, W) -> (N, 1, H, W): luma, to the nearest whole."""
    weights = torch.tensor(LUMA).view(1, 3, 1, 1)
    return torch.cat([(part * weights).sum(1, keepdim=True).round().byte() for part in x.split(1000)])


def _tensor(picture: "Picture") -> Tensor:
    return torch.from_numpy(np.array(picture))
