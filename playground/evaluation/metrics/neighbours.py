"""Precision, recall, density and coverage, from nearest neighbourhoods: fidelity and diversity apart."""

import math
from typing import NamedTuple

import torch
from torch import Tensor

K = 5


class Prdc(NamedTuple):
    """Shares, 0 to 1; `density` may exceed 1. All depend on n: only values of one n can be compared."""

    precision: float        # fakes that lie in the neighbourhood of a real sample
    recall: float           # real samples that lie in the neighbourhood of a fake
    density: float          # how many neighbourhoods a fake lies in, over k
    coverage: float         # real samples in whose neighbourhood lies a fake


def radii(x: Tensor, k: int = K) -> Tensor:
    """(n, d) -> (n,): the distance of each sample to its k-th nearest neighbour."""
    return torch.cdist(x, x).kthvalue(k + 1).values        # the nearest is the sample itself


def prdc(real: Tensor, fake: Tensor, k: int = K, real_radii: Tensor | None = None) -> Prdc:
    """Of (n, d) and (m, d), with neighbourhoods that reach to the k-th nearest of one's own kind (precision and recall: Kynkäänniemi et al.,
    2019, arXiv:1904.06991; density and coverage: Naeem et al., 2020, arXiv:2002.09797). NaN when a number is missing."""
    if not (real.isfinite().all() and fake.isfinite().all()):
        return Prdc(*[math.nan] * 4)
    near = radii(real, k) if real_radii is None else real_radii
    distance = torch.cdist(real, fake)
    inside = distance < near[:, None]
    return Prdc(inside.any(0).float().mean().item(), (distance < radii(fake, k)).any(1).float().mean().item(),
                inside.sum(0).float().mean().item() / k, (distance.amin(1) < near).float().mean().item())
