"""Helpers that build real trainers on small real data."""

import torch

from models import ZOO, card
from models.kit.batch import Domain, Plain, Shape
from models.kit.gan import GAN
from models.kit.knobs import check
from playground.data import Batches, Data, load
from playground.training.build import batches_of
from playground.training.trainer import Trainer

SMALL = {"width_g": 8, "width_d": 8, "batch": 16}
CLASSES = ("first", "second", "third")


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


def whole(shape: Shape) -> Domain:
    """Samples of `shape` in three classes."""
    return Domain(shape, CLASSES)


def data_of(x: torch.Tensor, **more: object) -> Data:
    """Samples, all to train on, in three classes by turns; `more`: other fields of `Data`."""
    shape = Shape(x.shape[1], x.shape[2] if x.ndim == 4 else 0)
    if "domain" not in more:
        more |= {"domain": whole(shape), "labels": torch.arange(len(x)) % len(CLASSES)}
    return Data(x, x[:0], more.pop("domain"), **more)


def plain(x: torch.Tensor, batch: int, generator: torch.Generator, **options: object) -> Batches:
    """Batches of samples alone."""
    return Batches(data_of(x), Plain, batch, generator, **options)


def make(variant: str | type[GAN], shape: Shape, *, seed: int = 0, steps: int = 1000, data: torch.Tensor | Data | None = None, bf16: bool = False,
         **knobs: object) -> Trainer:
    cls = ZOO[variant] if isinstance(variant, str) else variant
    checked = check(cls.Knobs, {**SMALL, **short(cls), **knobs})
    generator = torch.Generator().manual_seed(seed)
    found = data if isinstance(data, Data) else data_of(small_data(shape) if data is None else data)
    gan = cls(found.domain, checked, torch.Generator().manual_seed(seed))
    batches = batches_of(gan, found, generator)                 # its seed chooses known labels, as a run's, and stays when a run goes on
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
