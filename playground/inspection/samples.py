"""Frames of a run: the samples of its fixed codes, and measures of them."""

import logging
from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar

import torch

from models.kit.gan import GAN, Latent
from playground.data import Data
from playground.evaluation import metrics, suite
from playground.render import encode
from playground.training.build import COLUMNS, frame_code

log = logging.getLogger(__name__)
Result = TypeVar("Result")
MEASURED, STORED = 2000, 512    # points that are measured, and that a frame keeps


def log_errors(function: Callable[..., Result]) -> Callable[..., Result | None]:
    """Decorates a function so that its exceptions, except MemoryError, are logged and it returns None: inspection must not end a run."""
    @wraps(function)
    def safe(*args: Any) -> Result | None:
        try:
            return function(*args)
        except MemoryError:
            raise
        except Exception:
            log.exception("a look at a run failed")
            return None
    return safe


class SampleRecorder:
    """Records frames. The codes are drawn once, from a generator of their own: recording never changes a run, and all steps are comparable."""

    def __init__(self, gan: GAN, data: Data, seed: int, device: str) -> None:
        self.data, self.points, self.code = data, data.shape.is_points, None
        if isinstance(gan, Latent):
            generator = torch.Generator(device).manual_seed(seed)
            self.code = gan.draw(MEASURED, generator) if self.points else frame_code(gan, generator)

    @log_errors
    def record(self, view: GAN) -> tuple[bytes, dict[str, float]] | None:
        """(encoded frame, measures) of a trainer's view. None when the variant has no latents, or a sample is not finite."""
        if self.code is None:
            return None
        with torch.no_grad():
            fakes = view.sample(self.code).cpu()
        if not fakes.isfinite().all():
            return None
        data = encode.cloud(fakes[:STORED]) if self.points else encode.webp(encode.tiled(fakes, COLUMNS))
        return data, suite.quick(fakes, self.data.modes, self.data.sigma)

    @log_errors
    def real(self) -> dict[str, float]:
        """The measures of held-out data, to compare with."""
        x = self.data.held[:MEASURED]
        return {"sample/real": metrics.sample_std(x if self.points else x.float() / 127.5 - 1)}
