"""The plane through a latent for the pad, and moves along directions. Steps are in typical lengths of a latent."""

import torch
from torch import Tensor

from playground.explorer.latents.paths import clamped, typical_norm

FLAT = 1e-4         # sine of the angle below which two directions count as one


def unit(direction: Tensor) -> Tensor:
    """(d,) -> (d,), of length 1. ValueError for the zero vector."""
    length = direction.double().norm()
    if not length > 1e-12:
        raise ValueError("this direction leads nowhere")
    return (direction.double() / length).to(direction.dtype)


def across(u: Tensor, v: Tensor) -> Tensor:
    """The component of `v` orthogonal to the unit vector `u`, scaled to length 1; both (d,). ValueError when they are parallel."""
    u, v = u.double(), unit(v).double()
    aside = v - (u @ v) * u
    if aside.norm() < FLAT:
        raise ValueError("these two directions are one: they make no plane")
    aside = aside / aside.norm()
    return unit(aside - (u @ aside) * u).float()        # once more: the first step is inexact for nearly parallel ones


def places(centre: Tensor, u: Tensor, v: Tensor, at: Tensor, prior: str) -> Tensor:
    """centre + a u + b v: (d,), two unit vectors (d,), and (n, 2) typical lengths -> (n, d). Clamped to the cube of a uniform prior."""
    steps = at * typical_norm(prior, len(centre))
    return clamped(centre + steps[:, :1] * u + steps[:, 1:] * v, prior)


def lattice(low: float, high: float, side: int) -> Tensor:
    """(side * side, 2): points of a square, row by row from the bottom."""
    at = torch.linspace(low, high, side)
    b, a = torch.meshgrid(at, at, indexing="ij")
    return torch.stack([a, b], -1).view(-1, 2)


def neighbours(at: tuple[float, float], step: float) -> Tensor:
    """(9, 2): the 3 x 3 around `at`, row by row from the top; `at` is the fifth."""
    places = [(at[0] + i * step, at[1] + j * step) for j in (1, 0, -1) for i in (-1, 0, 1)]
    return torch.tensor(places, dtype=torch.float32)


def moved(z: Tensor, directions: Tensor, weights: Tensor, prior: str) -> Tensor:
    """(d,), unit directions (k, d) and (k,) typical lengths to go along each -> (d,)."""
    return clamped(z + weights * typical_norm(prior, len(z)) @ directions, prior)


def arithmetic(a: Tensor, b: Tensor, c: Tensor, prior: str) -> Tensor:
    """a - b + c, all (d,), shortened to the longest of the three: a plain sum is longer than G's latents. c when a is b, a when b is c."""
    result = a - b + c
    length, most = result.norm(), torch.stack([a, b, c]).norm(dim=1).max()
    if length > most:
        result = result * (most / length)
    return clamped(result, prior)
