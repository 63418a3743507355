"""Nearest training samples, and the distance at which they usually lie."""

from collections.abc import Callable, Iterator
from typing import NamedTuple

import torch
from torch import Tensor

CHUNK = 512         # samples in a chunk
Rows = Callable[[], Iterator[Tensor]]       # iterates over all samples, in chunks of (n, h); called once for each pass


class Near(NamedTuple):
    """The nearest neighbours of one sample."""

    indices: Tensor         # (k,), the nearest first
    distances: Tensor       # (k,), root mean square differences over the numbers of a sample


def nearest(x: Tensor, rows: Rows, k: int) -> Near:
    """The `k` nearest neighbours of one sample (h,) in `rows`."""
    found = torch.cat([(part - x).square().mean(1) for part in rows()]).sqrt()
    distances, indices = found.topk(min(k, len(found)), largest=False)
    return Near(indices, distances)


def usual(held: Tensor, rows: Rows) -> float:
    """The median distance of held-out samples, (n, h), to their nearest neighbour in `rows`: the scale for other distances."""
    least = torch.full((len(held),), torch.inf)
    for part in rows():
        least = torch.minimum(least, torch.cdist(held, part).amin(1))
    return float(least.median()) / held.shape[1] ** 0.5
