"""Which classes a classifier sees among samples."""

import math

import torch
from torch import Tensor


def counts(logits: Tensor) -> Tensor:
    """(n, K) -> (K,): how many samples each class is the likeliest of. Samples with logits that are not finite are not counted."""
    good = logits.isfinite().all(1)
    return torch.bincount(logits[good].argmax(1), minlength=logits.shape[1])


def class_accuracy(logits: Tensor, asked: Tensor) -> float:
    """(n, K) and classes (n,) -> the share of samples whose likeliest class is the one that was asked for; without finite logits none is."""
    return (logits.isfinite().all(1) & (logits.argmax(1) == asked)).float().mean().item()


def least_accuracy(logits: Tensor, labels: Tensor) -> float:
    """(n, K) and labels (n,) -> the `class_accuracy` among the samples of that class for which it is least; NaN without samples."""
    return min((class_accuracy(logits[labels == y], labels[labels == y]) for y in labels.unique()), default=math.nan)


def class_entropy(logits: Tensor) -> float:
    """(n, K) -> nats, at most log K: the entropy of the share of each class. 0 when all samples are of one; NaN when no logits are finite."""
    found = counts(logits).double()
    if not found.sum():
        return math.nan
    share = found / found.sum()
    return -torch.special.xlogy(share, share).sum().item() + 0.0        # avoids -0


def classes_found(logits: Tensor) -> int:
    """(n, K) -> how many of the K classes hold at least a quarter of their fair share of the n samples (25 of 1,000 for ten)."""
    n, k = logits.shape
    return int((counts(logits) >= max(1, n // (4 * k))).sum())
