"""Modes of a mixture of Gaussians in the plane."""

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
