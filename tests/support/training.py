"""Helpers that build real trainers on small real data."""

import torch

from models import ZOO, card
from models.kit.batch import Shape
from models.kit.gan import GAN
from models.kit.knobs import check
from playground.data import Batches, load
from playground.training.trainer import Trainer

SMALL = {"width_g": 8, "width_d": 8, "batch": 16}


def small_data(shape: Shape) -> torch.Tensor:
    """A few hundred real samples of `shape`: the ring, or digits cut to it."""
    if shape.is_points:
        return load("ring8").train[:512]
    digits = load("digits").train[:512]
    return digits[..., 6:6 + shape.size, 6:6 + shape.size].expand(-1, shape.channels, -1, -1).contiguous()


def short(cls: type[GAN]) -> dict[str, object]:
    """The knobs that end a variant's phases within a test, as its card says; none for a variant of a test."""
    home = cls.__module__.removeprefix("models.")
    return card(home).short if home in ZOO else {}


def make(variant: str | type[GAN], shape: Shape, *, seed: int = 0, steps: int = 1000, data: torch.Tensor | None = None, bf16: bool = False,
         **knobs: object) -> Trainer:
    cls = ZOO[variant] if isinstance(variant, str) else variant
    checked = check(cls.Knobs, {**SMALL, **short(cls), **knobs})
    generator = torch.Generator().manual_seed(seed)
    batches = Batches(small_data(shape) if data is None else data, checked.batch, generator)
    gan = cls(shape, checked, torch.Generator().manual_seed(seed))
    return Trainer(gan, batches, steps, seed=seed, generator=generator, bf16=bf16)


def to_play(trainer: Trainer) -> Trainer:
    """Through the phases before G moves."""
    while trainer.gan.phase() != "play":
        train(trainer, 1)
    return trainer


def train(trainer: Trainer, steps: int) -> dict[str, list]:
    """Advance by `steps`; all rows as columns."""
    rows: dict[str, list] = {}
    for i in range(steps):
        trainer.advance()
        if i % 50 == 49 or i == steps - 1:
            for name, column in (trainer.flush() or {}).items():
                rows.setdefault(name, []).extend(column)
    return rows
