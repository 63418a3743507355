"""torchvision's data sets. A set is downloaded by the first run on it, in that run's worker.

Addresses, checksums and readers are torchvision's. The published training and test pictures are merged and split like all sets here.
"""

import shutil
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

import torch
from torch import Tensor

from models.kit.batch import Domain, Shape
from playground.data.registry import Data, dataset
from playground.data.resize import resized
from playground.data.sources import download_root
from playground.data.sources.fetch import Part, fetch
from playground.data.sources.packs import split
from playground.data.sources.prepared import is_prepared, prepared

Pictures = Iterator[tuple[Tensor, Tensor]]      # (n, C, H, W) uint8 and (n,) labels: the training part, then the test part


class Download(NamedTuple):
    """For a class of torchvision.datasets: the files that it consists of, and how to read its pictures from them."""

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


IDX = Download(_idx_parts, _idx_read)
CIFAR = Download(lambda cls: [Part((cls.url,), cls.filename, cls.tgz_md5)], _cifar_read)
SVHN = Download(lambda cls: [Part((url,), name, md5) for url, name, md5 in map(cls.split_list.get, ("train", "test"))], _svhn_read)

DIGITS = tuple("0123456789")
CLOTHES = ("T-shirt/top", "Trouser", "Pullover", "Dress", "Coat", "Sandal", "Shirt", "Sneaker", "Bag", "Ankle boot")     # as published, and below
HIRAGANA = ("o", "ki", "su", "tsu", "na", "ha", "ma", "ya", "re", "wo")
PHOTOGRAPHS = ("airplane", "automobile", "bird", "cat", "deer", "dog", "frog", "horse", "ship", "truck")


def offer(id: str, name: str, download: Download, total: int, **about: Any) -> None:
    """Register the class `name` of torchvision.datasets, which has `total` pictures."""
    one_at_a_time = threading.Lock()        # two sizes of it may be loaded at once

    def build(size: int) -> Data:
        with one_at_a_time:
            data = prepared(id, lambda: load_complete(id, name, download, about["title"]))
        return data._replace(train=resized(data.train, size), held=resized(data.held, size), domain=Domain(Shape(data.shape.channels, size)))

    dataset(id=id, kind="images", samples=round(0.8 * total), needs="network", ready=lambda: is_prepared(id), **about)(build)


def load_complete(id: str, name: str, download: Download, title: str) -> Data:
    """The complete set at its original size. Files are unpacked in a folder of their own, so that nothing reads incomplete ones."""
    from playground.data.sources import torchvision_compat

    cls, unpacked = getattr(torchvision_compat.datasets, name), download_root.downloads() / f".unpacked-{id}"
    parts = download.parts(cls)
    fetch(title, parts)
    try:
        shutil.rmtree(unpacked, ignore_errors=True)
        for part in parts:
            (unpacked / part.relative_path).parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(part.path, unpacked / part.relative_path)
        pictures, labels = map(torch.cat, zip(*download.read(cls, unpacked), strict=True))
    finally:
        shutil.rmtree(unpacked, ignore_errors=True)
    return split(pictures.contiguous(), labels.long(), Shape(*pictures.shape[1:3]))


offer("mnist", "MNIST", IDX, 70_000, title="MNIST", sizes=(28, 16, 32), channels=1, licence="CC BY-SA 3.0",
      classes=DIGITS, credit="LeCun, Cortes & Burges", help="all 70,000 handwritten digits; a download of 12 MB")
offer("fashion_mnist", "FashionMNIST", IDX, 70_000, title="FashionMNIST", sizes=(28, 16, 32), channels=1, licence="MIT",
      classes=CLOTHES, credit="Zalando Research", help="70,000 pieces of clothing, grey; a download of 31 MB")
offer("kmnist", "KMNIST", IDX, 70_000, title="KMNIST", sizes=(28, 16, 32), channels=1, licence="CC BY-SA 4.0",
      classes=HIRAGANA, credit="KMNIST Dataset (created by CODH), adapted from Kuzushiji Dataset (created by NIJL and others)",
      help="70,000 cursive hiragana of ten kinds; a download of 21 MB")
offer("cifar10", "CIFAR10", CIFAR, 60_000, title="CIFAR-10", sizes=(32, 16), channels=3, licence="none stated, for research",
      classes=PHOTOGRAPHS, credit="Krizhevsky, 2009", help="60,000 small photographs of ten kinds, hard for small GANs; a download of 170 MB")
offer("svhn", "SVHN", SVHN, 99_289, title="SVHN", sizes=(32, 16), channels=3, licence="non-commercial use only",
      classes=DIGITS, credit="Netzer et al., 2011", help="99,289 house numbers cut from photographs; a download of 246 MB")
