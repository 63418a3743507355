"""Objectives as pure functions of scores. Scores have shape (B,); every function returns a scalar to minimise unless it says otherwise."""

import torch
from torch import Tensor
from torch.nn.functional import softplus


def logistic_d(real: Tensor, fake: Tensor, smooth: float = 0.0) -> Tensor:
    """-E log D(x) - E log(1 - D(G(z))) on logits (Goodfellow et al., 2014, eq. 1); `smooth` takes that much from the real target alone."""
    return softplus(-real).mean() + smooth * real.mean() + softplus(fake).mean()


def logistic_g(fake: Tensor) -> Tensor:
    """-E log D(G(z)): the non-saturating loss (section 3 of the same paper)."""
    return softplus(-fake).mean()


def minimax_g(fake: Tensor) -> Tensor:
    """E log(1 - D(G(z))): the saturating loss of eq. 1."""
    return -softplus(fake).mean()


def least_squares_d(real: Tensor, fake: Tensor, a: float, b: float) -> Tensor:
    """1/2 E (D(x) - b)^2 + 1/2 E (D(G(z)) - a)^2 (Mao et al., 2016, eq. 2)."""
    return 0.5 * (real - b).square().mean() + 0.5 * (fake - a).square().mean()


def least_squares_g(fake: Tensor, c: float) -> Tensor:
    """1/2 E (D(G(z)) - c)^2 (same equation)."""
    return 0.5 * (fake - c).square().mean()


def reconstruction(target: Tensor, redrawn: Tensor, exponent: int = 2) -> Tensor:
    """(B, ...) and (B, ...) -> (B,): |target - redrawn| ** exponent (1 or 2), mean over everything but the batch."""
    difference = target - redrawn
    return (difference.square() if exponent == 2 else difference.abs()).flatten(1).mean(1)


def began_d(real: Tensor, fake: Tensor, k: Tensor) -> Tensor:
    """L(x) - k L(G(z_D)) on mean energies (Berthelot et al., 2017, section 3.4)."""
    return real - k * fake


def began_k(k: Tensor, real: Tensor, fake: Tensor, gamma: float, lambda_k: float, scale: Tensor | float = 1.0) -> Tensor:
    """k + lambda_k (gamma L(x) - L(G(z_G))) / scale, clamped to [0, 1] (same section; the paper's scale is 1)."""
    return torch.clamp(k + lambda_k * (gamma * real - fake) / scale, 0, 1)


def began_measure(real: Tensor, fake: Tensor, gamma: float) -> Tensor:
    """M_global = L(x) + |gamma L(x) - L(G(z_G))| (section 3.4.1)."""
    return real + (gamma * real - fake).abs()
