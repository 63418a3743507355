"""Structural similarity of pictures."""

from functools import cache

import torch
from torch import Tensor

WINDOW, SIGMA, PAIRS = 11, 1.5, 200


@cache
def _window(side: int) -> Tensor:
    """(places, side): the Gaussian window at each place where it fits into a line of pixels. Blurring by products of small matrices is fastest."""
    width = min(WINDOW, side)
    line = torch.softmax(-(torch.arange(width) - (width - 1) / 2).square() / (2 * SIGMA ** 2), 0)
    return torch.stack([torch.cat([torch.zeros(i), line, torch.zeros(side - width - i)]) for i in range(side - width + 1)])


def ssim(a: Tensor, b: Tensor, span: float = 2.0) -> Tensor:
    """(n, C, H, W) twice -> (n,): structural similarity (Wang et al., 2004, eq. 13), a Gaussian window of 11 pixels (fewer when the picture has
    fewer), without padding; 1 for equal pictures. `span`: the range of pixel values."""
    rows, columns = (_window(side).to(a) for side in a.shape[2:])

    def blurred(x: Tensor) -> Tensor:
        return rows @ x @ columns.T

    ma, mb = blurred(a), blurred(b)
    va, vb, both = blurred(a * a) - ma * ma, blurred(b * b) - mb * mb, blurred(a * b) - ma * mb
    c1, c2 = (0.01 * span) ** 2, (0.03 * span) ** 2
    found = (2 * ma * mb + c1) * (2 * both + c2) / ((ma * ma + mb * mb + c1) * (va + vb + c2))
    return found.flatten(1).mean(1)


def pair_ssim(x: Tensor, pairs: int = PAIRS) -> float:
    """Mean SSIM of up to 200 pairs among (n, C, H, W) in [-1, 1], no picture twice: 1 when all are one picture; low is varied. NaN for one
    picture, or when a number is missing."""
    pairs = min(pairs, len(x) // 2)
    return ssim(x[:pairs], x[pairs:2 * pairs]).mean().item()
