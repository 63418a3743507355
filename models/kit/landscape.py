"""D's score over the plane, on a grid of cells, averaged over the input noise that some D have, so that pictures of it do not flicker."""

import math
from typing import NamedTuple

import torch
from torch import Tensor

from models.kit import losses
from models.kit.nets import Autoencoder

FAR = math.sqrt(3)


class Level(NamedTuple):
    """A score at which a contour of the landscape is drawn. `past`: an earlier value."""

    name: str
    symbol: str
    value: Tensor | float
    past: bool = False


def cells(n: int, reach: float, device: torch.device | str = "cpu") -> Tensor:
    """(n * n, 2): centres of the cells of the square from -reach to reach, row by row from the bottom, x first."""
    side = (torch.arange(n, device=device) + 0.5) * (2 * reach / n) - reach
    y, x = torch.meshgrid(side, side, indexing="ij")
    return torch.stack([x, y], -1).view(-1, 2)


def quadrature(noise: float, distance: float) -> list[tuple[tuple[int, int], float]]:
    """Nine offsets, of 0 or +-`distance` in each coordinate, as multiples of it, and their weights: a quadrature rule for N(0, noise^2).

    It has the mean and the covariance of that distribution; with a distance of FAR times the noise its fourth moments, too.
    """
    weight = noise ** 2 / (2 * distance ** 2)
    along = ((0, 1 - 2 * weight), (1, weight), (-1, weight))
    return [((x, y), a * b) for x, a in along for y, b in along]


def energies(net: Autoencoder, x: Tensor, exponent: int, reduction: str) -> Tensor:
    """(B, 2) -> (B,): the mean over `net`'s noise of each point's energy; differentiable."""
    target, distance = net.lift(x), FAR * net.noise
    total = torch.zeros(len(x), device=x.device)
    for step, weight in quadrature(net.noise, distance):
        total = total + weight * losses.reconstruction(target, net.reconstruct(x + distance * x.new_tensor(step)), exponent, reduction)
    return total


def energy_cells(net: Autoencoder, n: int, reach: float, exponent: int, reduction: str, device: torch.device | str = "cpu") -> Tensor:
    """(n, n): the same on `cells`. Offsets are rounded to whole cells, so that every point is reconstructed only once for all nine."""
    cell = 2 * reach / n
    pad = round(FAR * net.noise / cell)
    wide = n + 2 * pad
    outputs = net.reconstruct(cells(wide, reach + pad * cell, device)).view(wide, wide, -1)
    target, total = net.lift(cells(n, reach, device)), torch.zeros(n * n, device=device)
    for (x, y), weight in quadrature(net.noise, pad * cell):
        shifted = outputs[pad + y * pad:pad + y * pad + n, pad + x * pad:pad + x * pad + n].reshape(n * n, -1)
        total += weight * losses.reconstruction(target, shifted, exponent, reduction)
    return total.view(n, n)
