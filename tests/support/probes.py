"""Variants that need more than samples, as small as they can be; and data sets that provide it."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import pytest
import torch
from torch import Tensor
from torch.nn.functional import one_hot

import models
from models.kit import losses, nets
from models.kit.batch import Domain, Labelled, MultiDomain, Paired, Plain, SemiLabelled, Shape, TwoDomain
from models.kit.gan import GAN, Latent, LatentKnobs, Scalar
from models.kit.knobs import Common, knob
from playground import data

KINDS = [Plain, Labelled, SemiLabelled, Paired, TwoDomain, MultiDomain]
SCORES = {"score/real": Scalar("mean score of real data", "logit"), "score/fake": Scalar("mean score of fakes", "logit")}


class Conditional(Latent):
    """G and D are told the class: of pictures alone."""

    batch = Labelled
    title, scalars = "Conditional", SCORES

    def build(self) -> None:
        self.z_dim, self.n = self.knobs.z_dim, len(self.domain.classes)
        self.G = nets.generator(self.shape, self.z_dim + self.n, self.knobs.width_g)
        self.D = nets.critic(Shape(self.shape.channels + self.n, self.shape.size), self.knobs.width_d)

    def judged(self, x: Tensor, y: Tensor) -> Tensor:
        planes = one_hot(y, self.n).float()[:, :, None, None].expand(-1, -1, *x.shape[2:])
        return self.D(torch.cat([x, planes], 1))

    def made(self, y: Tensor) -> Tensor:
        return self.G(torch.cat([self.noise(len(y)), one_hot(y, self.n).float()], 1))

    def step(self, batches):
        x, y = next(batches)
        real, fake = self.judged(x, y), self.judged(self.made(y).detach(), y)
        yield {"D": losses.logistic_d(real, fake)}
        yield {"G": losses.logistic_g(self.judged(self.made(y), y))}
        self.log({"score/real": real.mean(), "score/fake": fake.mean()})


class FewLabels(Conditional):
    """Knows a few labels."""

    @dataclass(frozen=True)
    class Knobs(LatentKnobs):
        labels: int = knob(100, 1, 1000, help="labels that are known")

    batch, title = SemiLabelled, "FewLabels"

    def known_labels(self) -> int:
        return self.knobs.labels

    def step(self, batches):
        return super().step(Labelled(batch.known, batch.y) for batch in batches)


class Translation(GAN):
    """From points to other points and back, in the manner of CycleGAN."""

    @dataclass(frozen=True)
    class Knobs(Common):
        cycle: float = knob(1.0, 0.0, 10.0, help="weight of the way there and back")

    batch = TwoDomain
    title, scalars = "Translation", SCORES

    def build(self) -> None:
        g, d = self.knobs.width_g, self.knobs.width_d
        self.there, self.back = nets.mlp([2, g, 2]), nets.mlp([2, g, 2])
        self.of_a, self.of_b = nets.critic(self.domain.shape, d), nets.critic(self.domain.other, d)

    def players(self) -> dict:
        return {"D": [self.of_a, self.of_b], "G": [self.there, self.back]}

    def averaged_networks(self) -> list:
        return [self.there, self.back]

    def step(self, batches):
        a, b = next(batches)
        fake_a, fake_b = self.back(b), self.there(a)
        yield {"D": losses.logistic_d(self.of_a(a), self.of_a(fake_a.detach())) + losses.logistic_d(self.of_b(b), self.of_b(fake_b.detach()))}
        cycle = (self.back(fake_b) - a).abs().mean() + (self.there(fake_a) - b).abs().mean()
        yield {"G": losses.logistic_g(self.of_a(fake_a)) + losses.logistic_g(self.of_b(fake_b)) + self.knobs.cycle * cycle}


PROBES = {"conditional": Conditional, "few_labels": FewLabels, "translation": Translation}


def everything(points: bool, n: int = 24, more: int = 5) -> data.Data:
    """n samples that can be told by their numbers, in a domain of everything: two classes, three attributes, and pairs."""
    shape = Shape(2) if points else Shape(1, 4)
    at = torch.arange(n)
    x = at[:, None].float() + torch.tensor([0.0, 0.5]) if points else (at[:, None, None, None] * 5 + torch.arange(4)).expand(n, 1, 4, 4).byte()
    other = -x if points else 255 - x
    attributes = torch.stack([at % 2, at // 2 % 2, at // 4 % 2], 1).byte()
    domain = Domain(shape, ("low", "high"), ("odd", "second", "fourth"), shape, paired=True)
    return data.Data(x, x[:more], domain, labels=(at >= n // 2).long(), held_labels=torch.zeros(more, dtype=torch.int64),
                     attributes=attributes, held_attributes=attributes[:more], other=other, held_other=other[:more])


@contextmanager
def sets() -> Iterator[None]:
    """Data sets "pairs" (pictures) and "two" (points, not paired) for as long as it is open."""
    about = dict(help="", licence="CC0 1.0", credit="a test", samples=24)

    @data.dataset(id="pairs", title="Pairs", kind="images", sizes=(4,), channels=1, classes=("low", "high"), attributes=("odd", "second", "fourth"),
                  other=1, paired=True, **about)
    def pairs(size: int) -> data.Data:
        return everything(points=False)

    @data.dataset(id="two", title="Two domains", kind="points", other=2, **about)
    def two(size: int) -> data.Data:
        whole = everything(points=True)
        return data.Data(whole.train / 12 - 1, whole.held / 12 - 1, Domain(Shape(2)), other=whole.other[:17] / 12 + 1, held_other=whole.held_other)

    try:
        yield
    finally:
        for id, options in (("pairs", {}), ("two", {})):
            data.forget(id, options)
            del data.DATASETS[id]


def in_zoo(monkeypatch: pytest.MonkeyPatch) -> None:
    """Put the probes into the zoo."""
    for id, variant in PROBES.items():
        monkeypatch.setitem(models.ZOO, id, variant)
