"""Picture packs in assets/data: a sprite sheet and a gzipped JSON beside it. Pillow is imported when a sheet is opened."""

import gzip
import hashlib
import json
from typing import Any

import numpy as np
import torch
from torch import Tensor

from models.kit.batch import Domain, Shape
from playground.config.paths import ASSETS
from playground.data.registry import HELD_OUT, SPLIT_SEED, Data
from playground.data.resize import resized

FOLDER = ASSETS / "data"


def read(name: str, mode: str) -> tuple[Tensor, dict[str, Any]]:
    """(tiles of a sheet in order, uint8 (n, C, h, w); the content of its JSON). `mode`: "L" or "RGB"."""
    from PIL import Image

    about = json.loads(gzip.decompress((FOLDER / f"{name}.json.gz").read_bytes()))
    path = next(p for p in (FOLDER / f"{name}.webp", FOLDER / f"{name}.png") if p.exists())
    with Image.open(path) as sheet:
        pixels = np.asarray(sheet.convert(mode))
    h, w, cols, n = about["h"], about["w"], about["cols"], about["n"]
    rows, channels = pixels.shape[0] // h, len(mode)
    tiles = pixels.reshape(rows, h, cols, w, channels).transpose(0, 2, 4, 1, 3).reshape(rows * cols, channels, h, w)[:n]
    return torch.from_numpy(tiles.copy()), about


def split(x: Tensor, labels: Tensor | None, shape: Shape, attributes: Tensor | None = None) -> Data:
    """Drop duplicate pictures, then hold out the same share of every class, or of all pictures where there are no labels. `labels`: (N,), int64;
    `attributes`: (N, A), of which no share is kept.

    Resizing to `shape` comes last, so that the same pictures are held out at every size.
    """
    distinct: dict[bytes, int] = {}
    for i, picture in enumerate(x.numpy()):
        distinct.setdefault(hashlib.blake2b(picture, digest_size=16).digest(), i)
    first = torch.tensor(list(distinct.values()))
    classes = torch.zeros(len(x), dtype=torch.int64) if labels is None else labels
    x, classes = x[first], classes[first]
    generator = torch.Generator().manual_seed(SPLIT_SEED)
    train, held = [], []
    for label in classes.unique():
        members = (classes == label).nonzero().flatten()
        members = members[torch.randperm(len(members), generator=generator)]
        kept = round(len(members) * (1 - HELD_OUT))
        train.append(members[:kept])
        held.append(members[kept:])
    parts = [torch.cat(part)[torch.randperm(sum(map(len, part)), generator=generator)] for part in (train, held)]
    data = Data(*(resized(x[part], shape.size).contiguous() for part in parts), Domain(shape))
    if labels is not None:
        data = data._replace(labels=classes[parts[0]], held_labels=classes[parts[1]])
    if attributes is not None:
        attributes = attributes[first]
        data = data._replace(attributes=attributes[parts[0]], held_attributes=attributes[parts[1]])
    return data
