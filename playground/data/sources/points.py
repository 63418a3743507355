"""Sets of points in the plane: 10,000 samples each, with a fixed seed; coordinates lie in about [-2.5, 2.5]."""

import math
from collections.abc import Callable

import torch
from torch import Tensor

from models.kit.batch import POINTS, Domain
from playground.data.registry import HELD_OUT, SPLIT_SEED, Data, dataset

N = 10_000
TURN = 2 * math.pi


def split(x: Tensor, generator: torch.Generator, labels: Tensor | None = None, **more: object) -> Data:
    """Shuffle (n, 2), with their labels (n,) where there are some, and hold out a share; `more`: further fields of `Data`."""
    order = torch.randperm(len(x), generator=generator)
    kept = round(len(x) * (1 - HELD_OUT))
    (train, held), (of_train, of_held) = ((None, None) if part is None else (part[order[:kept]], part[order[kept:]]) for part in (x, labels))
    return Data(train, held, Domain(POINTS), labels=of_train, held_labels=of_held, **more)


def mixture(modes: Tensor, sigma: float, generator: torch.Generator) -> Data:
    """N points of Gaussians around `modes`, (K, 2), as many of each; the label of a point is its mode."""
    x = modes.repeat(N // len(modes), 1) + sigma * torch.randn(N, 2, generator=generator)
    return split(x, generator, torch.arange(N) % len(modes), modes=modes, sigma=sigma)


def point_set(id: str, title: str, help: str, modes: int = 0, single: bool = False) -> Callable[[Callable[[int], Data]], Callable[[int], Data]]:
    """Decorates the builder of a set of points, and registers it. `modes`: how many its labels tell apart, 0 where there are none. `single`: whether
    all its points are one."""
    kept, classes = round(N * (1 - HELD_OUT)), tuple(f"mode {i + 1}" for i in range(modes))
    return dataset(id=id, title=title, kind="points", help=help, licence="CC0 1.0", credit="drawn by the playground", samples=kept,
                   classes=classes, single=single)


def seeded(n: int) -> torch.Generator:
    """The generator of the `n`-th set: each has a seed of its own."""
    return torch.Generator().manual_seed(SPLIT_SEED + n)


def polar(radius: Tensor, angle: Tensor) -> Tensor:
    """Points of polar coordinates: (n,), (n,) -> (n, 2)."""
    return radius[:, None] * torch.stack([angle.cos(), angle.sin()], 1)


def noisy(x: Tensor, sigma: float, generator: torch.Generator) -> Tensor:
    """The points of a curve, (n, 2), centred, with Gaussian noise."""
    return x - x.mean(0) + sigma * torch.randn(x.shape, generator=generator)


@point_set("ring8", "8 Gaussians", "eight clusters on a circle: does G find them all?", modes=8)
def ring8(size: int) -> Data:
    """Eight Gaussians, σ = 0.1, on a circle of radius 2. `size` is not used, here and below."""
    angles = torch.arange(8) * (2 * math.pi / 8)
    modes = 2 * torch.stack([angles.cos(), angles.sin()], 1)
    return mixture(modes, 0.1, seeded(0))


@point_set("grid25", "25 Gaussians", "a grid of small clusters, known to be hard: G finds some, or smears over all", modes=25)
def grid25(size: int) -> Data:
    """25 Gaussians, σ = 0.05, at the integer points of [-2, 2] × [-2, 2]."""
    side = torch.arange(-2.0, 3.0)
    return mixture(torch.cartesian_prod(side, side), 0.05, seeded(2))


@point_set("moons", "Two moons", "two thin arcs that interlock: does G keep them apart?")
def moons(size: int) -> Data:
    """Two interlocking half circles of radius 1.5, with noise."""
    generator = seeded(1)
    t = math.pi * torch.rand(N // 2, generator=generator)
    upper, lower = torch.stack([t.cos(), t.sin()], 1), torch.stack([1 - t.cos(), 0.5 - t.sin()], 1)
    x = torch.cat([upper, lower]) - torch.tensor([0.5, 0.25])
    return split(1.5 * (x + 0.05 * torch.randn(N, 2, generator=generator)), generator)


@point_set("swiss_roll", "Swiss roll", "one long curve rolled up: does G fill the gaps between its turns?")
def swiss_roll(size: int) -> Data:
    """An Archimedean spiral from 0.75 to 2.25 turns, with noise."""
    generator = seeded(3)
    t = TURN * (0.75 + 1.5 * torch.rand(N, generator=generator))
    return split(noisy(polar(t * 2.2 / (2.25 * TURN), t), 0.05, generator), generator)


@point_set("spirals", "Two spirals", "two arms that wind about each other: does G follow both to their ends?")
def spirals(size: int) -> Data:
    """Two Archimedean spirals, the second the first turned by 180°, with noise."""
    generator = seeded(4)
    u = torch.rand(N // 2, generator=generator).sqrt()         # equally dense along the arm
    arm = polar(0.2 + 2.2 * u, 1.5 * TURN * u)
    return split(torch.cat([arm, -arm]) + 0.05 * torch.randn(N, 2, generator=generator), generator)


@point_set("checkerboard", "Checkerboard", "eight squares that touch at their corners: hard edges, and nothing between them")
def checkerboard(size: int) -> Data:
    """Uniform on eight of the sixteen unit squares of [-2, 2] × [-2, 2]."""
    generator = seeded(5)
    column, half = torch.randint(0, 4, (N,), generator=generator), torch.randint(0, 2, (N,), generator=generator)
    corner = torch.stack([column, 2 * half + column % 2], 1)
    return split(corner + torch.rand(N, 2, generator=generator) - 2, generator)


@point_set("circles", "Two circles", "one inside the other: does G leave the space between them empty?")
def circles(size: int) -> Data:
    """Two circles about 0, of radius 1 and 2.2, with noise."""
    generator = seeded(6)
    radius = torch.tensor([1.0, 2.2]).repeat_interleave(N // 2)
    x = polar(radius, TURN * torch.rand(N, generator=generator))
    return split(x + 0.06 * torch.randn(N, 2, generator=generator), generator)


@point_set("pinwheel", "Pinwheel", "five bent blades, thin at the hub: clusters with a shape of their own")
def pinwheel(size: int) -> Data:
    """The shape of Johnson et al., 2016, arXiv:1603.06277: elongated Gaussians, rotated in proportion to exp(radius)."""
    generator = seeded(7)
    out, across = (torch.randn(2, N, generator=generator) * torch.tensor([[0.22], [0.09]])).unbind()
    out, angle = 1 + out, (torch.arange(5) * TURN / 5).repeat(N // 5)
    angle = angle + torch.atan2(across, out) + 0.25 * out.exp()
    return split(1.35 * polar(torch.hypot(out, across), angle), generator)


@point_set("s_curve", "S-curve", "one smooth curve with two bends: the easiest of the thin ones")
def s_curve(size: int) -> Data:
    """Two three-quarter circles of radius 1.1 that join at 0, with noise."""
    generator = seeded(8)
    t = 1.5 * TURN * (torch.rand(N, generator=generator) - 0.5)
    x = torch.stack([1.1 * t.sin(), 1.1 * t.sign() * (t.cos() - 1)], 1)
    return split(x + 0.06 * torch.randn(N, 2, generator=generator), generator)


@point_set("dirac", "One point", "the Dirac-GAN: one real point at 0, D a line, G one number. Does G come to rest or circle? Widths and z do nothing",
           single=True)
def dirac(size: int) -> Data:
    """All points at 0 (Mescheder et al., 2018, arXiv:1801.04406, definition 2.1)."""
    return split(torch.zeros(N, 2), seeded(9))
