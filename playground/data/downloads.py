"""torchvision's data sets, for people with a network. A set is downloaded by the first run that wants it, in that run's worker.

Addresses, checksums and readers are torchvision's. The published training and test pictures are split anew, as all sets are here.
"""

import shutil
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

import torch
from torch import Tensor

from models.kit.batch import Shape
from playground.data import place
from playground.data.fetch import Part, fetch
from playground.data.images import resized
from playground.data.packs import split
from playground.data.prepared import prepared, there
from playground.data.registry import Data, dataset

Pictures = Iterator[tuple[Tensor, Tensor]]      # (n, C, H, W) uint8 and (n,) labels: the training part, then the test part


class Source(NamedTuple):
    """How a class of torchvision.datasets says which files it is made of, and how its pictures come out of them."""

    parts: Callable[[Any], list[Part]]
    read: Callable[[Any, Path], Pictures]


def _idx_parts(cls: Any) -> list[Part]:
    return [Part(tuple(mirror + name for mirror in cls.mirrors), f"{cls.__name__}/raw/{name}", md5) for name, md5 in cls.resources]


def _idx_read(cls: Any, root: Path) -> Pictures:
    for train in (True, False):
        found = cls(root, train=train, download=True)
        yield found.data[:, None], found.targets


def _cifar_read(cls: Any, root: Path) -> Pictures:
    for train in (True, False):
        found = cls(root, train=train, download=True)
        yield torch.from_numpy(found.data).permute(0, 3, 1, 2), torch.tensor(found.targets)


def _svhn_read(cls: Any, root: Path) -> Pictures:
    for part in ("train", "test"):
        found = cls(root, split=part)
        yield torch.from_numpy(found.data), torch.from_numpy(found.labels)


IDX = Source(_idx_parts, _idx_read)
CIFAR = Source(lambda cls: [Part((cls.url,), cls.filename, cls.tgz_md5)], _cifar_read)
SVHN = Source(lambda cls: [Part((url,), name, md5) for url, name, md5 in map(cls.split_list.get, ("train", "test"))], _svhn_read)


def offer(id: str, name: str, source: Source, total: int, **about: Any) -> None:
    """Register the class `name` of torchvision.datasets, which has `total` pictures."""
    one_at_a_time = threading.Lock()        # two sizes of it may be asked for at once

    def build(size: int) -> Data:
        with one_at_a_time:
            data = prepared(id, lambda: made(id, name, source, about["title"]))
        return data._replace(train=resized(data.train, size), held=resized(data.held, size), shape=Shape(data.shape.channels, size))

    dataset(id=id, kind="images", samples=round(0.8 * total), needs="network", ready=lambda: there(id), **about)(build)


def made(id: str, name: str, source: Source, title: str) -> Data:
    """The whole set at its own size. The files are unpacked where nobody else looks, so that no half of one is ever taken for a whole."""
    from playground import vision

    cls, apart = getattr(vision.datasets, name), place.downloads() / f".unpacked-{id}"
    parts = source.parts(cls)
    fetch(title, parts)
    try:
        shutil.rmtree(apart, ignore_errors=True)
        for part in parts:
            (apart / part.belongs).parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(part.path, apart / part.belongs)
        pictures, labels = map(torch.cat, zip(*source.read(cls, apart), strict=True))
    finally:
        shutil.rmtree(apart, ignore_errors=True)
    return split(pictures.contiguous(), labels.long(), Shape(*pictures.shape[1:3]))


offer("mnist", "MNIST", IDX, 70_000, title="MNIST", sizes=(28, 16, 32), channels=1, licence="CC BY-SA 3.0",
      credit="LeCun, Cortes & Burges", help="all 70,000 handwritten digits; a download of 12 MB")
offer("fashion_mnist", "FashionMNIST", IDX, 70_000, title="FashionMNIST", sizes=(28, 16, 32), channels=1, licence="MIT",
      credit="Zalando Research", help="70,000 pieces of clothing, grey; a download of 31 MB")
offer("kmnist", "KMNIST", IDX, 70_000, title="KMNIST", sizes=(28, 16, 32), channels=1, licence="CC BY-SA 4.0",
      credit="KMNIST Dataset (created by CODH), adapted from Kuzushiji Dataset (created by NIJL and others)",
      help="70,000 cursive hiragana of ten kinds; a download of 21 MB")
offer("cifar10", "CIFAR10", CIFAR, 60_000, title="CIFAR-10", sizes=(32, 16), channels=3, licence="none stated, for research",
      credit="Krizhevsky, 2009", help="60,000 small photographs of ten kinds, hard for small GANs; a download of 170 MB")
offer("svhn", "SVHN", SVHN, 99_289, title="SVHN", sizes=(32, 16), channels=3, licence="non-commercial use only",
      credit="Netzer et al., 2011", help="99,289 house numbers cut from photographs; a download of 246 MB")
