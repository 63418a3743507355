"""The energy distance."""

import torch
from torch import Tensor


def energy_distance(a: Tensor, b: Tensor) -> float:
    """2 E|a - b| - E|a - a'| - E|b - b'| over flattened samples (Székely & Rizzo, 2013): 0 for equal distributions, no units but the data's."""
    a, b = a.float().flatten(1), b.float().flatten(1)

    def within(x: Tensor) -> Tensor:
        return torch.cdist(x, x).sum() / (len(x) * (len(x) - 1))

    return (2 * torch.cdist(a, b).mean() - within(a) - within(b)).item()
