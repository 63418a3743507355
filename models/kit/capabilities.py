"""What a variant can do beside learning: asked with isinstance of a GAN, with `capabilities` of its class, and sent to the page as a list."""

from typing import Protocol, runtime_checkable

from torch import Tensor

from models.kit.batch import Domain
from models.kit.code import Code
from models.kit.coded import categories
from models.kit.gan import GAN, Latent
from models.kit.knobs import Common


@runtime_checkable
class Conditional(Protocol):
    """Samples are drawn of a class that is asked for, the `y` of their code, and scored as samples of one: places in `classes`, int64 (B,)."""

    def classes(self) -> tuple[str, ...]:
        """The names of the classes 0, 1, ..."""

    def score_as(self, x: Tensor, y: Tensor) -> Tensor:
        """(B, ...) and classes (B,) -> (B,): as `score`, which knows no class."""


@runtime_checkable
class Coder(Protocol):
    """Samples are drawn of codes whose meaning is found, not told: a category, the `y` of its code, one of as many as the knob `n_cat` says, which
    `Conditional` serves; and some of z's numbers. It says which category a sample is of."""

    def coded(self) -> tuple[str, ...]:
        """The names of the continuous codes; there may be none."""

    def traverse(self, code: Code, which: int, values: Tensor) -> Code:
        """n codes and values, (m,) -> n m codes: each in turn with its continuous code `which` at each of the values."""

    def drawn_categories(self, n: int) -> Tensor:
        """n categories as training draws them, (n,) int64."""

    def clusters(self, x: Tensor) -> Tensor:
        """(B, ...) -> (B,) int64: the category that each sample is taken for."""


@runtime_checkable
class Reconstructor(Protocol):
    """Samples are reconstructed: by D, an autoencoder, or, where there is an `Encoder`, by G from their codes."""

    def reconstruct(self, x: Tensor) -> Tensor:
        """(B, ...) -> the reconstructions, same shape."""


@runtime_checkable
class Encoder(Protocol):
    """Samples have codes, of which G makes them again: what is asked of a latent can be asked of a given sample."""

    def encode(self, x: Tensor) -> Code:
        """(B, ...) -> n codes, the same each time."""


@runtime_checkable
class Classifier(Protocol):
    """It tells the class of a sample."""

    def classes(self) -> tuple[str, ...]:
        """The names of the classes 0, 1, ..."""

    def classify(self, x: Tensor) -> Tensor:
        """(B, ...) -> (B, K): logits of the K `classes`."""


@runtime_checkable
class BaselineClassifier(Classifier, Protocol):
    """A classifier with one to compare it with, which learned from the labels alone."""

    def classify_by_labels(self, x: Tensor) -> Tensor:
        """As `classify`, by the other one."""


def scored(gan: GAN, x: Tensor, y: Tensor | None) -> Tensor:
    """(B, ...) -> (B,): the scores of samples of the classes `y`; of a variant that knows no classes, or without them, their plain scores."""
    return gan.score_as(x, y) if y is not None and isinstance(gan, Conditional) else gan.score(x)


def scored_fakes(gan: GAN, fakes: Tensor, code: Code) -> Tensor:
    """(B, ...) -> (B,): the scores of samples that G made of `code`, as D is asked about them in training."""
    return scored(gan, fakes, code.y) if gan.judges == "samples" else gan.score_with(fakes, code.z)


def told_labels(gan: GAN) -> bool:
    """Whether a GAN's classes are the labels of the data, which its fakes can be held against; those of a `Coder` are its own."""
    return isinstance(gan, Conditional) and not isinstance(gan, Coder)


def class_names(cls: type[GAN], domain: Domain, knobs: Common) -> tuple[str, ...]:
    """The classes that samples of a variant can be asked to be of, without building it; () where it knows none."""
    if issubclass(cls, Coder):
        return categories(knobs.n_cat)
    return domain.classes if issubclass(cls, Conditional) else ()


CAPABILITIES = {"latent": Latent, "conditional": Conditional, "coder": Coder, "reconstructor": Reconstructor, "classifier": Classifier,
                "encoder": Encoder}


def capabilities(cls: type[GAN]) -> list[str]:
    """The names of all that a variant can do."""
    return [name for name, kind in CAPABILITIES.items() if issubclass(cls, kind)]


def plain(cls: type[GAN]) -> bool:
    """Whether a variant is a G and a critic of samples, and nothing else."""
    return capabilities(cls) == ["latent"] and sorted(cls.roles.values()) == ["critic", "generator"]


def needs(cls: type[GAN]) -> tuple[str, ...]:
    """What data must provide, in the words of `Domain.provides`: what its batches hold, or else more than one point, unless a variant is `plain`."""
    return cls.batch.needs or (() if plain(cls) else ("samples that differ",))
