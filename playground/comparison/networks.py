"""What is known of a run's networks from its Spec alone: they are built once, small as they are, and forgotten."""

import hashlib
from collections.abc import Iterable
from functools import lru_cache
from typing import NamedTuple

import torch
from torch import Tensor

from models.kit.batch import Domain
from models.kit.gan import Latent
from playground.training.build import domain_of, frame_code, untrained
from playground.types import Refused, Spec

KEPT = 512          # Specs of which this stays known
DRAWN = 2000        # latents of points that are compared; of pictures those of a frame


class Networks(NamedTuple):
    """Of an untrained GAN: numbers of its players' weights, their optimisers by name, and marks of the first weights of G and of the latents that
    all its pictures are made of ("" where it has none). Two that have the same mark begin from the same numbers."""

    parameters: dict[str, int]
    optimisers: dict[str, str]
    weights: str
    latents: str


def networks(spec: Spec) -> Networks | None:
    """Those of a Spec; None where they cannot be built any more: its variant, its data or a knob is not known here."""
    try:
        return _built(spec.variant, domain_of(spec), tuple(sorted(spec.knobs.items())), spec.seed, spec.device)
    except (KeyError, ValueError, Refused):             # BadKnob is a ValueError, too
        return None


@lru_cache(KEPT)
def _built(variant: str, domain: Domain, knobs: tuple, seed: int, device: str) -> Networks:
    gan = untrained(variant, domain, dict(knobs), torch.Generator().manual_seed(seed))
    weights = {player: [p for module in modules for p in module.parameters()] for player, modules in gan.players().items()}
    optimisers = {player: type(gan.descent(player, params, torch.tensor(gan.rate(player)))).__name__ for player, params in weights.items()}
    marks = (_mark(gan.G.state_dict().values()), _latents(gan, device, seed)) if isinstance(gan, Latent) else ("", "")
    return Networks({player: sum(p.numel() for p in params) for player, params in weights.items()}, optimisers, *marks)


def _latents(gan: Latent, device: str, seed: int) -> str:
    generator = torch.Generator().manual_seed(seed)
    code = gan.draw(DRAWN, generator) if gan.shape.is_points else frame_code(gan, generator)
    return device + _mark(part for part in (code.z, code.y) if part is not None)


def _mark(tensors: Iterable[Tensor]) -> str:
    """A hash of shapes and numbers."""
    found = hashlib.sha256()
    for tensor in tensors:
        found.update(repr(tuple(tensor.shape)).encode())
        found.update(tensor.detach().contiguous().numpy().tobytes())
    return found.hexdigest()
