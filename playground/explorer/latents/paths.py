"""Paths through the latent space; pure tensors."""

import math
from typing import Literal

import torch
from torch import Tensor

Mode = Literal["auto", "slerp", "lerp"]


def draw(prior: str, n: int, dim: int, seed: int) -> Tensor:
    """n latents, (n, dim), on the CPU, from a generator of their own: each coordinate from N(0, 1) ("normal") or U(-1, 1) ("uniform")."""
    generator = torch.Generator().manual_seed(seed)
    return torch.randn(n, dim, generator=generator) if prior == "normal" else torch.rand(n, dim, generator=generator) * 2 - 1


def lerp(a: Tensor, b: Tensor, t: Tensor) -> Tensor:
    """Linear interpolation: (d,), (d,) and (n,) in [0, 1] -> (n, d). Between two normal latents it is shorter than latents that G was trained on."""
    t = t[:, None]
    return (1 - t) * a + t * b


def slerp(a: Tensor, b: Tensor, t: Tensor) -> Tensor:
    """Spherical interpolation: the direction turns at a constant rate (Shoemake, 1985, section 3.3), the length is linear. Shapes as `lerp`.

    From or to 0, which has no direction, it is linear. Between opposite latents it turns through a fixed third direction.
    """
    p, q, turn = a.double(), b.double(), t.double()
    if p.norm() == 0 or q.norm() == 0:
        return lerp(a, b, t)
    u, v = p / p.norm(), q / q.norm()
    aside = v - (u @ v) * u                                    # the part of v orthogonal to u
    angle = torch.atan2(aside.norm(), u @ v)
    if aside.norm() < 1e-6 and len(u) > 1:
        axis = torch.zeros_like(u)
        axis[u.abs().argmin()] = 1
        aside = axis - (axis @ u) * u
    aside = torch.nn.functional.normalize(aside, dim=0)        # stays 0 in one dimension, which has no orthogonal direction
    around = angle * turn[:, None]
    return (lerp(p.norm()[None], q.norm()[None], turn) * (torch.cos(around) * u + torch.sin(around) * aside)).to(a.dtype)


def resolved(mode: Mode, prior: str) -> Literal["slerp", "lerp"]:
    """Replaces "auto" by the mode that suits the prior: normal latents lie near a sphere; uniform ones fill a cube, which is convex."""
    return ("slerp" if prior == "normal" else "lerp") if mode == "auto" else mode


def path(a: Tensor, b: Tensor, n: int, mode: Mode, prior: str) -> Tensor:
    """(d,) and (d,) -> (n, d): n >= 2 latents from a to b, both ends included. Clamped to [-1, 1] for a uniform prior."""
    interpolate = slerp if resolved(mode, prior) == "slerp" else lerp
    z = interpolate(a, b, torch.linspace(0, 1, n))
    z[0], z[-1] = a, b
    return clamped(z, prior)


def walk(places: Tensor, n: int, mode: Mode, prior: str, *, loop: bool = False) -> Tensor:
    """A path through (k, d), k >= 2, with n >= 2 latents per leg without its end: ((k - 1) n + 1, d). With `loop` it closes, without repeating
    the first: (k n, d)."""
    ends = torch.cat([places[1:], places[:1]]) if loop else places[1:]
    legs = [path(a, b, n + 1, mode, prior)[:-1] for a, b in zip(places, ends, strict=False)]
    return torch.cat(legs if loop else [*legs, clamped(places[-1:], prior)])


def corners(four: Tensor, n: int, mode: Mode, prior: str) -> Tensor:
    """Between (4, d), top left, top right, bottom left, bottom right: (n * n, d), row by row. Bilinear for "lerp"; else the left and the right
    edge are spherical, and so is each row between them."""
    left, right = path(four[0], four[2], n, mode, prior), path(four[1], four[3], n, mode, prior)
    return torch.cat([path(a, b, n, mode, prior) for a, b in zip(left, right, strict=True)])


def scaled(z: Tensor, radius: float, prior: str) -> Tensor:
    """(n, d) -> (n, d), scaled by `radius`: below 1 samples are more typical and less varied (the purpose of truncation: Brock et al., 2019,
    arXiv:1809.11096, section 3.1, who draw long ones again)."""
    return clamped(z * radius, prior)


def clamped(z: Tensor, prior: str) -> Tensor:
    """Clamped to the cube [-1, 1] of a uniform prior, beyond which G was not trained; unchanged for a normal one."""
    return z.clamp(-1, 1) if prior == "uniform" else z


def typical_norm(prior: str, dim: int) -> float:
    """The root mean square length of a latent."""
    return math.sqrt(dim if prior == "normal" else dim / 3)
