"""Quality without downloaded weights. Pure functions of tensors."""

import torch
from torch import Tensor


def _within(points: Tensor, modes: Tensor, sigma: float) -> tuple[Tensor, Tensor]:
    """(n, 2), (K, 2) -> the nearest mode of each point, and whether it lies within 3 sigma of it."""
    distance, nearest = torch.cdist(points.float(), modes.float()).min(1)
    return nearest, distance <= 3 * sigma


def modes_found(points: Tensor, modes: Tensor, sigma: float) -> int:
    """How many of the K modes hold a quarter of their fair share of `points` within 3 sigma (62 of 2,000 for a ring of 8)."""
    nearest, inside = _within(points, modes, sigma)
    counts = torch.bincount(nearest[inside], minlength=len(modes))
    return int((counts >= max(1, len(points) // (4 * len(modes)))).sum())


def share_within(points: Tensor, modes: Tensor, sigma: float) -> float:
    """Share of `points` within 3 sigma of a mode, 0 to 1."""
    return _within(points, modes, sigma)[1].float().mean().item()


def sample_std(samples: Tensor) -> float:
    """Standard deviation over the batch of every number of a sample, averaged. Under 0.3 of the data's: collapse."""
    return samples.float().std(0, correction=0).mean().item()


def energy_distance(a: Tensor, b: Tensor) -> float:
    """2 E|a - b| - E|a - a'| - E|b - b'| over flattened samples (Székely & Rizzo, 2013): 0 for equal distributions, no units but the data's."""
    a, b = a.float().flatten(1), b.float().flatten(1)

    def within(x: Tensor) -> Tensor:
        return torch.cdist(x, x).sum() / (len(x) * (len(x) - 1))

    return (2 * torch.cdist(a, b).mean() - within(a) - within(b)).item()
