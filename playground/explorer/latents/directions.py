"""Principal directions of the latent space: orthonormal, the strongest first."""

from collections.abc import Callable
from typing import NamedTuple

import torch
from torch import Tensor, nn

KINDS = ("layer", "features")       # computed ones: the first word of their names
FEW = 4         # draws per latent coordinate, at least, for a least squares fit


class Directions(NamedTuple):
    """Directions of the latent space, the strongest first, and the share of variance that each explains."""

    z: Tensor               # (k, d), orthonormal
    explained: Tensor       # (k,), shares of the variance, falling


def first_layer(generator: nn.Module, z_dim: int) -> Tensor:
    """The weights of G's first linear layer, (h, z_dim). Where it takes more than z, as a class, that stands behind z and is left out."""
    return next(m.weight for m in generator.modules() if isinstance(m, nn.Linear) and m.in_features >= z_dim).detach()[:, :z_dim]


def of_layer(weight: Tensor, k: int) -> Directions:
    """Principal directions of W z + b for (h, d) W, when all coordinates of z have the same variance: right singular vectors of W (as in Shen &
    Zhou, 2021, arXiv:2007.06600, eq. 5; the principal components of Härkönen et al., 2020, arXiv:2004.02546, without sampling)."""
    _, s, z = torch.linalg.svd(weight.double(), full_matrices=False)
    share = s.square() / s.square().sum().clamp_min(1e-30)
    return _signed(z[:k], share[:k])


def of_features(features: Callable[[Tensor], Tensor], z: Tensor, k: int) -> Directions:
    """Principal directions of the linear part of `features` of z, (n, d) -> (n, h), fitted by least squares to the draws `z`: n >= FEW d of them,
    with equal variances. `explained` is relative to all the variance of the features: it sums to less than 1 where they are not linear in z."""
    x, y = z.double(), torch.cat([features(part) for part in z.split(256)]).double()
    x, y = x - x.mean(0), y - y.mean(0)
    fit = torch.linalg.lstsq(x, y).solution                   # (d, h)
    turned, s, _ = torch.linalg.svd(fit, full_matrices=False)
    share = s.square() * x.square().mean() / y.square().mean(0).sum().clamp_min(1e-30)
    return _signed(turned.T[:k], share[:k])


def of_points(points: Tensor, k: int) -> Directions:
    """Principal components of (n, d) points, at most k of them."""
    x = points.double() - points.double().mean(0)
    _, s, z = torch.linalg.svd(x, full_matrices=False)
    return _signed(z[:k], s.square()[:k] / s.square().sum().clamp_min(1e-30))


def _signed(z: Tensor, share: Tensor) -> Directions:
    """Flip signs so that the largest coordinate of each is positive: a singular vector's sign is arbitrary, and differs between machines."""
    largest = z.gather(1, z.abs().argmax(1, keepdim=True))
    return Directions((z * torch.where(largest < 0, -1.0, 1.0)).float(), share.float())
