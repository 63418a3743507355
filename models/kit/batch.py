"""The shape of samples, what a data set provides, and batches: what a variant is given to learn from."""

from typing import NamedTuple, TypeVar

import torch
from torch import Tensor


class Shape(NamedTuple):
    """The shape of a sample: points in the plane (`size` 0, `channels` 2) or square images. `single`: all samples are one point, and networks are
    of one number each, as `models.kit.dirac` has them."""

    channels: int
    size: int = 0
    single: bool = False

    @property
    def is_points(self) -> bool:
        """Whether samples are points in the plane, not images."""
        return self.size == 0

    @property
    def dims(self) -> tuple[int, ...]:
        """Shape of one sample's tensor: (2,) or (channels, size, size)."""
        return (self.channels,) if self.is_points else (self.channels, self.size, self.size)


POINTS = Shape(2)


class Domain(NamedTuple):
    """What a data set provides: samples of `shape`, and perhaps more.

    `classes`: the names of the labels 0, 1, ...; `attributes`: the names of what a sample may have or lack; `other`: the shape of samples of a
    second domain; `paired`: whether the i-th of those belongs to the i-th of the first.
    """

    shape: Shape
    classes: tuple[str, ...] = ()
    attributes: tuple[str, ...] = ()
    other: Shape | None = None
    paired: bool = False

    @property
    def provides(self) -> tuple[str, ...]:
        """What there is beside the samples, whether these are images, and whether they differ, in the words of `needs` of a variant."""
        there = {"images": not self.shape.is_points, "samples that differ": not self.shape.single,
                 "labels": self.classes, "attributes": self.attributes, "a second domain": self.other, "pairs": self.other and self.paired}
        return tuple(word for word, found in there.items() if found)


# A kind of batches declares `needs`, what a data set must provide for it, and `orders`: for each random order in which samples are drawn, the
# fields of `playground.data.Data` that are gathered by it. One after the other they are the batch's own fields; the first are always samples of
# `Domain.shape`. Images are float32 (B, C, H, W) in [-1, 1], points float32 (B, 2).

class Plain(NamedTuple):
    """Samples alone."""

    x: Tensor
    needs = ()
    orders = (("train",),)

    @classmethod
    def example(cls, n: int, domain: Domain) -> "Plain":
        """n samples of noise: a batch of the right shapes, the same every time, for estimates and warm-ups."""
        return cls(noise(n, domain.shape))


class Images(NamedTuple):
    """Samples alone, of which a variant can only take images."""

    x: Tensor
    needs = ("images",)
    orders = (("train",),)

    @classmethod
    def example(cls, n: int, domain: Domain) -> "Images":
        """As `Plain.example`."""
        return cls(noise(n, domain.shape))


class Labelled(NamedTuple):
    """Samples and their labels: y is int64, (B,), from 0 to len(classes) - 1."""

    x: Tensor
    y: Tensor
    needs = ("labels",)
    orders = (("train", "labels"),)

    @classmethod
    def example(cls, n: int, domain: Domain) -> "Labelled":
        """As `Plain.example`, with the labels in turn."""
        return cls(noise(n, domain.shape), torch.arange(n) % len(domain.classes))


class SemiLabelled(NamedTuple):
    """Samples without labels, x, (B, ...), and beside them few that have one, drawn in an order of their own: known, (b, ...), and their labels,
    y, int64 (b,). b is B, or as many as are known where these are fewer. Which are known is settled once for a run; x are drawn from all."""

    x: Tensor
    known: Tensor
    y: Tensor
    needs = ("labels",)
    orders = (("train",), ("train", "labels"))

    @classmethod
    def example(cls, n: int, domain: Domain) -> "SemiLabelled":
        """n samples of noise without labels, and n with labels in turn."""
        return cls(noise(n, domain.shape), noise(n, domain.shape, seed=1), torch.arange(n) % len(domain.classes))


class Paired(NamedTuple):
    """Samples of two domains, each a of `Domain.shape` beside the b of `Domain.other` that belongs to it."""

    a: Tensor
    b: Tensor
    needs = ("pairs",)
    orders = (("train", "other"),)

    @classmethod
    def example(cls, n: int, domain: Domain) -> "Paired":
        """n pairs of noise; a and b do not belong together."""
        return cls(noise(n, domain.shape), noise(n, domain.other, seed=1))


class TwoDomain(NamedTuple):
    """Samples of two domains, `Domain.shape` and `Domain.other`, each drawn in an order of its own: a and b do not belong together."""

    a: Tensor
    b: Tensor
    needs = ("a second domain",)
    orders = (("train",), ("other",))

    @classmethod
    def example(cls, n: int, domain: Domain) -> "TwoDomain":
        """n samples of noise of each domain."""
        return cls(noise(n, domain.shape), noise(n, domain.other, seed=1))


class MultiDomain(NamedTuple):
    """Samples and what each has: attributes are float32, (B, A), 1 where it has the attribute and 0 where it lacks it."""

    x: Tensor
    attributes: Tensor
    needs = ("attributes",)
    orders = (("train", "attributes"),)

    @classmethod
    def example(cls, n: int, domain: Domain) -> "MultiDomain":
        """As `Plain.example`; of a sample's attributes it has every second."""
        return cls(noise(n, domain.shape), (torch.arange(n)[:, None] + torch.arange(len(domain.attributes))).remainder(2).float())


Batch = Plain | Images | Labelled | SemiLabelled | Paired | TwoDomain | MultiDomain
B = TypeVar("B", bound=NamedTuple)


def noise(n: int, shape: Shape, seed: int = 0) -> Tensor:
    """n samples of uniform noise in [-1, 1]: (n, *shape.dims), the same for the same seed."""
    return torch.rand(n, *shape.dims, generator=torch.Generator().manual_seed(seed)) * 2 - 1


def moved(batch: B, device: str) -> B:
    """The batch on `device`."""
    return type(batch)(*(part.to(device) for part in batch))


def lacking(needs: tuple[str, ...], domain: Domain) -> str:
    """What the domain does not provide of these, in words; "" when there is nothing."""
    return " and ".join(need for need in needs if need not in domain.provides)


def needed(kind: type[Batch], domain: Domain) -> Domain:
    """The part of a domain that batches of this kind hold; a variant is told no more. ValueError when the domain lacks what they need."""
    needs, missing = kind.needs, lacking(kind.needs, domain)
    if missing:
        raise ValueError(f"{kind.__name__} batches need {missing}; this domain has none")
    two = "pairs" in needs or "a second domain" in needs
    return Domain(domain.shape, domain.classes if "labels" in needs else (), domain.attributes if "attributes" in needs else (),
                  domain.other if two else None, domain.paired and "pairs" in needs)
