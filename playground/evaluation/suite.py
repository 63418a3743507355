"""The quality of fakes: declares every measure, and prepares once per data set what fakes are compared with."""

import math
import threading
from collections.abc import Callable
from functools import lru_cache, partial
from typing import Any

import torch
from torch import Tensor

from models.kit.batch import Labelled, Plain, Shape
from models.kit.capabilities import BaselineClassifier, Classifier, Coder, told_labels
from models.kit.code import Code
from models.kit.gan import GAN, Latent, Scalar
from playground import data
from playground.data import Data
from playground.evaluation import features as extractor
from playground.evaluation import metrics
from playground.evaluation.floors import DRAWS, Floors, shipped, summarised

POINTS, IMAGES = 2000, 1000         # how many fakes are measured
CLASSES = "digits"                  # the data set that the extractor knows
SEED, KEPT, CHUNK = 20171204, 32, 125
OF_CLASSES = ("cond/accuracy", "cond/worst")     # measures of fakes that were asked to be of a class

MEASURES = {
    "modes/found": Scalar("modes that hold a quarter of their fair share of the samples within 3 σ", "modes"),
    "modes/share": Scalar("samples within 3 σ of a mode", "share", healthy=(0.8, 1.0)),
    "distance/energy": Scalar("energy distance from the held-out points; 0 is the same distribution", "plane"),
    "distance/mmd": Scalar("squared MMD from the held-out points, Gaussians of width 0.1, 0.3 and 1; 0 is the same distribution", "kernel"),
    "sample/std": Scalar("how much the samples differ; far below the data's: collapse", "spread", "σ"),
    "sample/real": Scalar("how much held-out samples differ", "spread", "σ"),
    "quality/sw": Scalar("sliced Wasserstein distance from held-out pictures, in pixels of [-1, 1]; lower is closer", "pixels"),
    "quality/patches": Scalar("the same of their patches, at every scale: are they as sharp as real ones?", "pixels"),
    "quality/ssim": Scalar("likeness of 200 pairs of fakes; near that of real pairs is right, 1 is one picture", "likeness"),
    "quality/fd": Scalar("Fréchet distance from held-out digits in the standardised features of our own classifier; lower is closer", "features²"),
    "quality/precision": Scalar("fakes that lie among the real digits: do they look right?", "share"),
    "quality/recall": Scalar("real digits that lie among the fakes: is nothing left out?", "share"),
    "quality/entropy": Scalar("how evenly the ten digits occur; log 10 = 2.303: all equally often", "nats", "H", line=round(math.log(10), 3)),
    "quality/classes": Scalar("of the ten digits, those that hold a quarter of their fair share", "classes"),
    "cond/accuracy": Scalar("fakes that our own classifier takes for the class that they were asked to be", "share"),
    "cond/worst": Scalar("the same of the class that is missed most often", "share"),
    "label/accuracy": Scalar("held-out samples whose class D finds; their labels are read for this alone", "share"),
    "label/worst": Scalar("the same of the class that D finds least often", "share"),
    "label/baseline": Scalar("held-out samples whose class the same network finds when it learns from the known labels alone", "share"),
    "cluster/accuracy": Scalar("held-out samples in the category of their class, once each class has the category that fits best", "share"),
    "cluster/nmi": Scalar("what category and class tell of each other, over what there is to tell; 0: nothing, 1: all", "share"),
}


def quick(fakes: Tensor, modes: Tensor | None = None, sigma: float = 0.0) -> dict[str, float]:
    """Measures for every frame, within a millisecond: how far samples lie apart and, for a mixture of Gaussians, its modes."""
    found = {"sample/std": metrics.sample_std(fakes)}
    if modes is not None:
        found["modes/found"] = metrics.modes_found(fakes, modes, sigma)
        found["modes/share"] = metrics.share_within(fakes, modes, sigma)
    return found


class Quality:
    """Measures fakes of one data set against its held-out split, which has the flips and the noise of training batches.

    `n`: how many fakes to pass. `best`: every measure of as many real samples from the training split, the best that fakes can reach.
    `extractor`: the name of the classifier whose features are used, "" when none is.
    """

    def __init__(self, samples: Data, options: dict[str, Any], classes: bool = False,
                 ships: Callable[[int, str], Floors | None] = lambda n, extractor: None) -> None:
        """`classes`: whether these are digits, which the extractor classifies. `ships`: (n, extractor) -> `best` where that is known, else None."""
        self.points, self.modes, self.sigma, self.options = samples.shape.is_points, samples.modes, samples.sigma, data.at_batch(options)
        self.n = min(POINTS if self.points else IMAGES, len(samples.held), len(samples.train))
        self.train, self.domain, self.labels = samples.train, samples.domain, samples.labels
        self.asked = None if samples.held_labels is None else samples.held_labels[:self.n]     # classes to make fakes of: as often as among held-out
        self.held_out = samples.held[:self.n]
        real = self.batch(self.held_out)
        self.real = real if self.points else metrics.slices(real)
        self.classifier = extractor.load() if classes else None
        self.patches = [] if self.points or classes else metrics.patches(real)
        self.extractor = self.classifier.name if self.classifier else ""
        if self.classifier:
            self.scale = metrics.Scale.of(self.classifier(self.batch(samples.train))[0])
            held = self.scale(self.classifier(self.batch(samples.held))[0])
            self.moments, self.held = metrics.moments(held), held[:self.n]
            self.radii = metrics.radii(self.held)
        self._draws: list[dict[str, float]] = []
        self._one = threading.Lock()
        known = ships(self.n, self.extractor)
        if known is None:
            self._draws = [self.draw(0)]
        self.best = known or summarised(self._draws)

    def draw(self, i: int) -> dict[str, float]:
        """All measures of `n` random training samples, the `i`-th draw."""
        chosen = torch.randperm(len(self.train), generator=torch.Generator().manual_seed(SEED + i))[:self.n]
        x = self.train[chosen]
        return self.measure(self.batch(x)) if self.labels is None else self.measure(*self.labelled(x, self.labels[chosen]))

    def refine(self) -> None:
        """Make one draw more, until there are DRAWS: then `best` is over all of them. May be called by several threads."""
        with self._one:
            if self._draws and self.best.draws < DRAWS:
                self._draws.append(self.draw(len(self._draws)))
                if len(self._draws) == DRAWS:
                    self.best = summarised(self._draws)

    def batch(self, x: Tensor) -> Tensor:
        """Samples as D sees them: float32, pictures in [-1, 1]; always in the same order, with the same noise."""
        return next(data.Batches(Data(x, x, self.domain), Plain, len(x), torch.Generator().manual_seed(SEED), **self.options)).x

    def clusters(self, told: Callable[[Tensor], Tensor]) -> dict[str, float]:
        """How the categories that `told` gives to samples, (B, ...) -> (B,), fit the labels of the held-out ones; {} without labels."""
        if self.asked is None:
            return {}
        x, y = self.labelled(self.held_out, self.asked)
        found = torch.cat([told(part) for part in x.split(CHUNK)])
        counts = metrics.confusion(found, y, int(found.max()) + 1, len(self.domain.classes))
        return {"cluster/accuracy": metrics.cluster_accuracy(counts), "cluster/nmi": metrics.normalised_information(counts)}

    def labelled(self, x: Tensor, y: Tensor) -> Labelled:
        """As `batch`, with the labels of these samples."""
        return next(data.Batches(Data(x, x, self.domain, y), Labelled, len(x), torch.Generator().manual_seed(SEED), **self.options))

    def measure(self, fakes: Tensor, y: Tensor | None = None) -> dict[str, float]:
        """All measures of `n` fakes on the CPU, of the classes `y`, (n,), where they were asked to be; NaN, or 0 for a count, where numbers are
        missing."""
        return quick(fakes, self.modes, self.sigma) | self.slow(fakes, y)

    def slow(self, fakes: Tensor, y: Tensor | None = None) -> dict[str, float]:
        """The measures that take longer (100 ms in all)."""
        if self.points:
            return {"distance/energy": metrics.energy_distance(fakes, self.real), "distance/mmd": metrics.mmd(fakes, self.real)}
        found = {"quality/sw": metrics.slices_distance(metrics.slices(fakes), self.real), "quality/ssim": metrics.pair_ssim(fakes)}
        if self.classifier:
            return found | self._classes(fakes, y)
        return found | {"quality/patches": metrics.patches_distance(metrics.patches(fakes), self.patches)}

    def _classes(self, fakes: Tensor, y: Tensor | None) -> dict[str, float]:
        features, logits = self.classifier(fakes)
        features = self.scale(features)
        near = metrics.prdc(self.held, features, real_radii=self.radii)
        asked = {} if y is None else {"cond/accuracy": metrics.class_accuracy(logits, y), "cond/worst": metrics.least_accuracy(logits, y)}
        return {"quality/fd": metrics.frechet_distance(metrics.moments(features), self.moments),
                "quality/precision": near.precision, "quality/recall": near.recall,
                "quality/entropy": metrics.class_entropy(logits), "quality/classes": metrics.classes_found(logits), **asked}


def code_of(gan: Latent, quality: Quality, generator: torch.Generator) -> Code:
    """What the `n` fakes that are measured are drawn from; of a variant that is told labels each class as often as among the held-out samples."""
    return gan.draw(quality.n, generator, quality.asked if told_labels(gan) else None)


def asked_of(gan: Latent, code: Code) -> Tensor | None:
    """The labels that samples of a code were asked to have; None where no label was meant."""
    return code.y if told_labels(gan) else None


def clusters_of(gan: Latent, quality: Quality) -> dict[str, float]:
    """How well a `Coder` sorts held-out samples, where these have labels; {} otherwise."""
    device = gan.generator.device
    with torch.no_grad():
        return quality.clusters(lambda x: gan.clusters(x.to(device)).cpu()) if isinstance(gan, Coder) else {}


@torch.no_grad()
def classified(gan: GAN, quality: Quality, device: str = "cpu") -> dict[str, float]:
    """How many held-out samples a `Classifier` on `device` puts into their class; {} of other variants, and where there are no labels."""
    if not isinstance(gan, Classifier) or quality.asked is None:
        return {}
    x, y = quality.labelled(quality.held_out, quality.asked)
    logits = gan.classify(x.to(device)).cpu()
    found = {"label/accuracy": metrics.class_accuracy(logits, y), "label/worst": metrics.least_accuracy(logits, y)}
    if isinstance(gan, BaselineClassifier):
        found["label/baseline"] = metrics.class_accuracy(gan.classify_by_labels(x.to(device)).cpu(), y)
    return found


def weight(shape: Shape) -> int:
    """Bytes of memory that measuring samples of this shape takes: the fakes, the real samples and what is computed from both."""
    return 4 * 4 * math.prod(shape.dims) * (POINTS if shape.is_points else IMAGES)


def quality_of(name: str, size: int = 0, options: dict[str, Any] | None = None) -> Quality:
    """The Quality of a data set as `data.load` returns it. Built once and cached: half a second for digits, far less for others. (Not counted in
    any run's share of time: a server builds it before the first run.)"""
    found = data.get(name)
    return _cached(name, data.check_size(found, size), tuple(data.check_options(found, options).items()))


def default_options(name: str) -> dict[str, Any]:
    """The default options of a data set."""
    return dict(data.check_options(data.get(name), None))


@lru_cache(KEPT)
def _cached(name: str, size: int, options: tuple[tuple[str, Any], ...]) -> Quality:
    ships = {"ships": partial(shipped, name, size)} if dict(options) == default_options(name) else {}
    return Quality(data.load(name, size, dict(options)), dict(options), name == CLASSES, **ships)
