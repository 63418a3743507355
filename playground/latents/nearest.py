"""Which training samples a sample is nearest to, and whether that is nearer than it should be."""

from collections.abc import Callable, Iterator
from typing import NamedTuple

import torch
from torch import Tensor

CHUNK = 512         # samples in a part
Rows = Callable[[], Iterator[Tensor]]       # all samples, (n, h) at a time, as often as they are asked for


class Near(NamedTuple):
    indices: Tensor         # (k,), the nearest first
    distances: Tensor       # (k,), root mean square differences of a number


def nearest(x: Tensor, rows: Rows, k: int) -> Near:
    """Of one sample (h,) among all rows of `rows`."""
    found = torch.cat([(part - x).square().mean(1) for part in rows()]).sqrt()
    distances, indices = found.topk(min(k, len(found)), largest=False)
    return Near(indices, distances)


def usual(held: Tensor, rows: Rows) -> float:
    """The median of what held-out samples, (n, h), are from their own nearest: what a distance should be measured by."""
    least = torch.full((len(held),), torch.inf)
    for part in rows():
        least = torch.minimum(least, torch.cdist(held, part).amin(1))
    return float(least.median()) / held.shape[1] ** 0.5
