"""How clusters that nobody named fit the classes that are known."""

import torch
from torch import Tensor


def confusion(clusters: Tensor, labels: Tensor, n: int, classes: int) -> Tensor:
    """(m,) and (m,) -> (n, classes), int64: how many samples of each class each cluster has."""
    return torch.bincount(clusters * classes + labels, minlength=n * classes).view(n, classes)


def assignment(counts: Tensor) -> dict[int, int]:
    """(n, classes) -> cluster -> class: each class to at most one cluster, so that most samples lie in the cluster of their class."""
    from scipy.optimize import linear_sum_assignment  # slow to load, and few runs ask for it

    return {int(cluster): int(label) for cluster, label in zip(*linear_sum_assignment(counts.numpy(), maximize=True), strict=True)}


def cluster_accuracy(counts: Tensor) -> float:
    """(n, classes) -> the share of samples that lie in the cluster of their class, as `assignment` has them (Yang et al., 2010, IEEE Transactions on
    Image Processing 19, eq. 10); NaN without samples."""
    return sum(counts[pair].item() for pair in assignment(counts).items()) / total if (total := counts.sum().item()) else float("nan")


def normalised_information(counts: Tensor) -> float:
    """(n, classes) -> mutual information of cluster and class, over the mean of their entropies: 1 when each tells the other, 0 when neither tells
    anything, or there is but one of both; NaN without samples."""
    share = counts.double() / counts.sum()
    rows, columns = share.sum(1), share.sum(0)
    information = torch.xlogy(share, share).sum() - torch.xlogy(rows, rows).sum() - torch.xlogy(columns, columns).sum()
    entropies = -(torch.xlogy(rows, rows).sum() + torch.xlogy(columns, columns).sum()) / 2
    return 0.0 if entropies == 0 else (information / entropies).clamp(min=0).item()
