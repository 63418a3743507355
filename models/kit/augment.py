"""Random changes of pictures that gradients flow through (Zhao et al., 2020, arXiv:2006.10738): each picture for itself, on (B, C, S, S) in [-1, 1].

As the authors' code (DiffAugment_pytorch.py), whose numbers these are; every draw is from the generator that is given.
"""

from collections.abc import Callable

import torch
from torch import Tensor
from torch.nn import functional as F

SHIFT, HOLE = 0.125, 0.5        # of a side: how far a picture may move, and the side of the square that is cut out


def brightness(x: Tensor, generator: torch.Generator) -> Tensor:
    """x + U(-0.5, 0.5)."""
    return x + _one_each(x, generator) - 0.5


def saturation(x: Tensor, generator: torch.Generator) -> Tensor:
    """Each pixel's colours away from, or towards, their mean: times U(0, 2)."""
    mean = x.mean(1, keepdim=True)
    return (x - mean) * (2 * _one_each(x, generator)) + mean


def contrast(x: Tensor, generator: torch.Generator) -> Tensor:
    """Away from, or towards, the picture's mean: times U(0.5, 1.5)."""
    mean = x.mean((1, 2, 3), keepdim=True)
    return (x - mean) * (_one_each(x, generator) + 0.5) + mean


def translation(x: Tensor, generator: torch.Generator) -> Tensor:
    """Moved by whole pixels, at most an eighth of the side each way; what comes in is 0."""
    side = x.shape[-1]
    most = int(side * SHIFT + 0.5)
    down, right = (torch.randint(-most, most + 1, (len(x), 1), generator=generator, device=x.device) for _ in range(2))
    along = torch.arange(side, device=x.device)
    rows, columns = ((along + by + 1).clamp(0, side + 1) for by in (down, right))       # places in the padded picture
    padded = F.pad(x, (1, 1, 1, 1)).permute(0, 2, 3, 1)
    return padded[torch.arange(len(x), device=x.device)[:, None, None], rows[:, :, None], columns[:, None, :]].permute(0, 3, 1, 2).contiguous()


def cutout(x: Tensor, generator: torch.Generator) -> Tensor:
    """A square of half the side is 0; its middle lies anywhere, so that a part of it may lie outside."""
    side = x.shape[-1]
    hole = int(side * HOLE + 0.5)
    at = [torch.randint(0, side + 1 - hole % 2, (len(x), 1), generator=generator, device=x.device) for _ in range(2)]
    along = torch.arange(side, device=x.device)
    inside = [(along >= middle - hole // 2) & (along < middle - hole // 2 + hole) for middle in at]
    return x * ~(inside[0][:, None, :, None] & inside[1][:, None, None, :])


Change = Callable[[Tensor, torch.Generator], Tensor]
POLICIES: dict[str, tuple[Change, ...]] = {
    "translation": (translation,),
    "translation, cutout": (translation, cutout),
    "colour, translation, cutout": (brightness, saturation, contrast, translation, cutout),
}


def augmented(x: Tensor, policy: str, generator: torch.Generator, chance: Tensor | None = None) -> Tensor:
    """(B, C, S, S) -> the same, changed as a key of POLICIES says. `chance`: a scalar, of each change of each picture; None: all are made."""
    for change in POLICIES[policy]:
        made = change(x, generator)
        x = made if chance is None else torch.where(_one_each(x, generator) < chance, made, x)
    return x


def _one_each(x: Tensor, generator: torch.Generator) -> Tensor:
    return torch.rand(len(x), 1, 1, 1, generator=generator, device=x.device)
