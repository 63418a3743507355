"""Points in the plane: 10,000 of each, drawn once from a fixed seed, within about 2.5 of the origin."""

import math

import torch
from torch import Tensor

from models.kit.batch import POINTS
from playground.data.registry import HELD_OUT, SPLIT_SEED, Data, dataset

N = 10_000


def split(x: Tensor, generator: torch.Generator, **more: object) -> Data:
    """Shuffle and hold out."""
    x = x[torch.randperm(len(x), generator=generator)]
    kept = round(len(x) * (1 - HELD_OUT))
    return Data(x[:kept].contiguous(), x[kept:].contiguous(), POINTS, **more)


@dataset(id="ring8", title="8 Gaussians", kind="points", help="eight clusters on a circle: does G find them all?", licence="CC0 1.0",
         credit="drawn by the playground")
def ring8(size: int) -> Data:
    generator, sigma = torch.Generator().manual_seed(SPLIT_SEED), 0.1
    angles = torch.arange(8) * (2 * math.pi / 8)
    modes = 2 * torch.stack([angles.cos(), angles.sin()], 1)
    x = modes.repeat(N // 8, 1) + sigma * torch.randn(N, 2, generator=generator)
    return split(x, generator, modes=modes, sigma=sigma)


@dataset(id="moons", title="Two moons", kind="points", help="two thin arcs that interlock: does G keep them apart?", licence="CC0 1.0",
         credit="drawn by the playground")
def moons(size: int) -> Data:
    generator = torch.Generator().manual_seed(SPLIT_SEED + 1)
    t = math.pi * torch.rand(N // 2, generator=generator)
    upper, lower = torch.stack([t.cos(), t.sin()], 1), torch.stack([1 - t.cos(), 0.5 - t.sin()], 1)
    x = torch.cat([upper, lower]) - torch.tensor([0.5, 0.25])
    return split(1.5 * (x + 0.05 * torch.randn(N, 2, generator=generator)), generator)
