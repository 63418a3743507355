"""The Fréchet distance between two sets of features, each taken as Gaussian."""

from typing import NamedTuple

import torch
from torch import Tensor


class Scale(NamedTuple):
    """Mean and standard deviation of every feature of the training split: they standardise features."""

    mean: Tensor
    sd: Tensor

    @staticmethod
    def of(features: Tensor) -> "Scale":
        """(n, d) -> its scale. The deviation of a constant feature is 1, not 0."""
        sd = features.std(0, correction=0)
        return Scale(features.mean(0), torch.where(sd > 0, sd, 1.0))

    def __call__(self, features: Tensor) -> Tensor:
        """(n, d) -> (n, d): less the mean, in standard deviations."""
        return (features - self.mean) / self.sd


class Moments(NamedTuple):
    """Mean (d,) and covariance (d, d), unbiased, float64."""

    mean: Tensor
    cov: Tensor


def moments(features: Tensor) -> Moments:
    """(n, d) -> its moments."""
    x = features.double()
    mean = x.mean(0)
    x = x - mean
    return Moments(mean, x.T @ x / (len(x) - 1))


def frechet_distance(a: Moments, b: Moments) -> float:
    """|μa - μb|² + tr(A + B - 2 (A^½ B A^½)^½) (Fréchet, 1957; Dowson & Landau, 1982; of GANs: Heusel et al., 2017, arXiv:1706.08500, eq. 6).

    In squared units of the features; biased upwards by about 1/n: only values of one n can be compared. Singular covariances are fine.
    NaN when a number is missing.
    """
    if not all(part.isfinite().all() for part in (*a, *b)):
        return float("nan")
    values, vectors = torch.linalg.eigh(a.cov)
    root = (vectors * values.clamp(min=0).sqrt()) @ vectors.T
    both = torch.linalg.eigvalsh(root @ b.cov @ root).clamp(min=0).sqrt().sum()
    return max(0.0, ((a.mean - b.mean).square().sum() + a.cov.trace() + b.cov.trace() - 2 * both).item())
