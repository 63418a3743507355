"""How good fakes are: every measure declared, and what they are compared with prepared once per data set."""

import math
from functools import lru_cache
from typing import Any

import torch
from torch import Tensor

from models.kit.batch import Shape
from models.kit.gan import Scalar
from playground import data, extractor, metrics
from playground.data import Data

POINTS, IMAGES = 2000, 1000         # fakes that are measured
CLASSES = "digits"                  # the data set that the extractor knows
SEED, KEPT = 20171204, 32

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
    "quality/entropy": Scalar("how evenly the ten digits come; log 10 = 2.303 is all alike", "nats", "H", line=round(math.log(10), 3)),
    "quality/classes": Scalar("of the ten digits, those that hold a quarter of their fair share", "classes"),
}


def quick(fakes: Tensor, modes: Tensor | None = None, sigma: float = 0.0) -> dict[str, float]:
    """What every frame can tell, within a millisecond: how far samples lie apart and, of a mixture, its modes."""
    found = {"sample/std": metrics.sample_std(fakes)}
    if modes is not None:
        found["modes/found"] = metrics.modes_found(fakes, modes, sigma)
        found["modes/share"] = metrics.share_within(fakes, modes, sigma)
    return found


class Quality:
    """What fakes of one data set are compared with: its held-out split, flipped and with noise where training batches are.

    `n`: how many fakes to give. `floors`: every measure of as many real samples, from the training split: what perfect is.
    `extractor`: the name of the classifier whose features are used, "" when none is.
    """

    def __init__(self, of: Data, options: dict[str, Any], classes: bool = False) -> None:
        """`classes`: it is made of digits, which our extractor knows."""
        self.points, self.modes, self.sigma, self.options = of.shape.is_points, of.modes, of.sigma, data.at_batch(options)
        self.n = min(POINTS if self.points else IMAGES, len(of.held), len(of.train))
        real, train = self.batch(of.held[:self.n]), self.batch(of.train[:self.n])
        self.real = real if self.points else metrics.slices(real)
        self.classifier = extractor.load() if classes else None
        self.patches = [] if self.points or classes else metrics.patches(real)
        self.extractor = self.classifier.name if self.classifier else ""
        if self.classifier:
            self.scale = metrics.Scale.of(self.classifier(self.batch(of.train))[0])
            held = self.scale(self.classifier(self.batch(of.held))[0])
            self.moments, self.held = metrics.moments(held), held[:self.n]
            self.radii = metrics.radii(self.held)
        self.floors = self.measure(train)

    def batch(self, x: Tensor) -> Tensor:
        """Samples as D sees them: float32, pictures in [-1, 1]; always in the same order, with the same noise."""
        return next(data.Batches(x, len(x), torch.Generator().manual_seed(SEED), **self.options)).x

    def measure(self, fakes: Tensor) -> dict[str, float]:
        """All measures of `n` fakes on the CPU; NaN, or 0 of a count, where numbers are missing."""
        return quick(fakes, self.modes, self.sigma) | self.slow(fakes)

    def slow(self, fakes: Tensor) -> dict[str, float]:
        """Those that take longer (100 ms in all)."""
        if self.points:
            return {"distance/energy": metrics.energy_distance(fakes, self.real), "distance/mmd": metrics.mmd(fakes, self.real)}
        found = {"quality/sw": metrics.slices_distance(metrics.slices(fakes), self.real), "quality/ssim": metrics.pair_ssim(fakes)}
        if self.classifier:
            return found | self._classes(fakes)
        return found | {"quality/patches": metrics.patches_distance(metrics.patches(fakes), self.patches)}

    def _classes(self, fakes: Tensor) -> dict[str, float]:
        features, logits = self.classifier(fakes)
        features = self.scale(features)
        near = metrics.prdc(self.held, features, real_radii=self.radii)
        return {"quality/fd": metrics.frechet_distance(metrics.moments(features), self.moments),
                "quality/precision": near.precision, "quality/recall": near.recall,
                "quality/entropy": metrics.class_entropy(logits), "quality/classes": metrics.classes_found(logits)}


def weight(shape: Shape) -> int:
    """Bytes that samples of this shape take while they are measured: they, real ones, and what becomes of both."""
    return 4 * 4 * math.prod(shape.dims) * (POINTS if shape.is_points else IMAGES)


def of(name: str, size: int = 0, options: dict[str, Any] | None = None) -> Quality:
    """That of a data set as `data.load` gives it. Made once and kept for a while: half a second for digits, far less for others. (No run's
    share of time counts that: a server does it before the first run.)"""
    found = data.get(name)
    return _made(name, data.check_size(found, size), tuple(data.check_options(found, options).items()))


@lru_cache(KEPT)
def _made(name: str, size: int, options: tuple[tuple[str, Any], ...]) -> Quality:
    return Quality(data.load(name, size, dict(options)), dict(options), classes=name == CLASSES)
