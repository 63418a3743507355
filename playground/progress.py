"""What a run shows of itself now and then: what its fixed latents have become, and numbers about that."""

import logging
from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar

import torch

from models.kit.gan import GAN, Latent
from playground import metrics, pictures, quality
from playground.data import Data

log = logging.getLogger(__name__)
Seen = TypeVar("Seen")
SHOWN = 64                      # images in a frame
MEASURED, STORED = 2000, 512    # points that are measured, and that a frame keeps


def harmless(look: Callable[..., Seen]) -> Callable[..., Seen | None]:
    """A fault in looking is logged and costs the look, not the run."""
    @wraps(look)
    def safe(*args: Any) -> Seen | None:
        try:
            return look(*args)
        except MemoryError:
            raise
        except Exception:
            log.exception("a look at a run failed")
            return None
    return safe


class Progress:
    """The latents are drawn once, from a generator of their own, so that looking never changes a run and all steps can be compared."""

    def __init__(self, gan: GAN, data: Data, seed: int, device: str) -> None:
        self.data, self.points, self.z = data, data.shape.is_points, None
        if isinstance(gan, Latent):
            self.z = gan.noise(MEASURED if self.points else SHOWN, torch.Generator(device).manual_seed(seed))

    @harmless
    def look(self, view: GAN) -> tuple[bytes, dict[str, float]] | None:
        """(encoded frame, measures) of a trainer's view. None when the variant draws no latents, or a sample is not finite."""
        if self.z is None:
            return None
        with torch.no_grad():
            fakes = view.sample(self.z).cpu()
        if not fakes.isfinite().all():
            return None
        data = pictures.cloud(fakes[:STORED]) if self.points else pictures.webp(pictures.tiled(fakes))
        return data, quality.quick(fakes, self.data.modes, self.data.sigma)

    @harmless
    def real(self) -> dict[str, float]:
        """The same of data that was held out; a line to compare with."""
        x = self.data.held[:MEASURED]
        return {"sample/real": metrics.sample_std(x if self.points else x.float() / 127.5 - 1)}
