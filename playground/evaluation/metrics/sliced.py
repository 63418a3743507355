"""The sliced Wasserstein distance."""

from functools import cache

import torch
from torch import Tensor

SLICES, SEED = 64, 20180405


@cache
def directions(d: int, n: int = SLICES) -> Tensor:
    """(d, n) directions of length 1, always the same."""
    x = torch.randn(d, n, generator=torch.Generator().manual_seed(SEED))
    return x / x.norm(dim=0)


def slices(x: Tensor) -> Tensor:
    """(n, ...) -> (n, 64): the samples projected onto each direction, sorted."""
    x = x.float().flatten(1)
    return (x @ directions(x.shape[1])).sort(0).values


def slices_distance(a: Tensor, b: Tensor) -> float:
    """Sliced Wasserstein distance of two results of `slices`. ValueError when they differ in size. NaN when a number is missing."""
    if a.shape != b.shape:
        raise ValueError(f"sets of one size are compared, not of {len(a)} and {len(b)}")
    return (a - b).square().mean().sqrt().item()


def sliced_wasserstein(a: Tensor, b: Tensor) -> float:
    """Root of the mean, over 64 fixed directions, of the squared 2-Wasserstein distance between the projections of two sets of n samples
    (Rabin et al., 2011; of pictures: Karras et al., 2018, arXiv:1710.10196, there on patches).

    In the units of a single number of a sample: of pictures in [-1, 1], pixels.
    """
    return slices_distance(slices(a), slices(b))
