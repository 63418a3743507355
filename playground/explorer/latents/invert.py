"""GAN inversion: the latent of a given sample, by gradient descent on z."""

from collections.abc import Callable, Iterator
from typing import NamedTuple

import torch
from torch import Tensor

from playground.explorer.latents.paths import clamped, draw, typical_norm

DRAWS = 64                      # random latents per restart; the best of all are the starting points
RATE, LAST = 0.1, 0.1           # Adam's learning rate, and the share of it that is left at the end
OUTSIDE = 0.01                  # weight of the penalty on long latents


class Inversion(NamedTuple):
    """The state of a search: its best latent, and the difference between its sample and the target."""

    z: Tensor               # (d,), the best so far
    residual: float         # root mean square difference over the numbers of a sample
    share: float            # of the steps that are done


def invert(generate: Callable[[Tensor], Tensor], target: Tensor, prior: str, dim: int, *, restarts: int, steps: int) -> Iterator[Inversion]:
    """min over z of the mean square of G(z) - target, (n, d) -> (n, *dims) and (*dims), by Adam from `restarts` starting points at once.

    A uniform z stays in its cube (Lipton & Tripathi, 2017, arXiv:1702.04782, clip it so); a normal one has a penalty on lengths beyond the typical.
    Yields the best so far, before the first step and after each.
    """
    with torch.no_grad():
        drawn = draw(prior, DRAWS * restarts, dim, 0)
        z = drawn[_errors(generate, drawn, target).topk(restarts, largest=False).indices].clone()
    z.requires_grad_()
    adam, most = torch.optim.Adam([z], lr=RATE), typical_norm(prior, dim)
    best, least = z[0].detach().clone(), float("inf")
    for step in range(steps + 1):                             # the last round only evaluates
        errors = (generate(z) - target).square().flatten(1).mean(1)
        at = errors.detach().argmin()
        if errors[at] < least:
            best, least = z[at].detach().clone(), errors[at].item()
        yield Inversion(best, least ** 0.5, step / steps)
        if step == steps:
            return
        outside = torch.relu(z.norm(dim=1) / most - 1).square()
        adam.param_groups[0]["lr"] = RATE * (1 - (1 - LAST) * step / steps)
        z.grad, = torch.autograd.grad((errors + OUTSIDE * outside).sum(), z)
        adam.step()
        with torch.no_grad():
            z.copy_(clamped(z, prior))


def _errors(generate: Callable[[Tensor], Tensor], z: Tensor, target: Tensor) -> Tensor:
    return torch.cat([(generate(part) - target).square().flatten(1).mean(1) for part in z.split(64)])
