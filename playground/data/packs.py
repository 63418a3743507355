"""Picture packs that ship in assets/data: a sprite sheet and a gzipped JSON beside it. Pillow is imported when a sheet is opened."""

import gzip
import io
import json
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import Tensor

from models.kit.batch import Shape
from playground.data.registry import HELD_OUT, SPLIT_SEED, Data, dataset, get, load

FOLDER = Path(__file__).parents[2] / "assets" / "data"


def read(name: str, mode: str) -> tuple[Tensor, dict[str, Any]]:
    """All tiles of a sheet as uint8 (n, C, h, w), in the sheet's order, and what its JSON says. `mode`: "L" or "RGB"."""
    from PIL import Image

    about = json.loads(gzip.decompress((FOLDER / f"{name}.json.gz").read_bytes()))
    path = next(p for p in (FOLDER / f"{name}.webp", FOLDER / f"{name}.png") if p.exists())
    with Image.open(path) as sheet:
        pixels = np.asarray(sheet.convert(mode))
    h, w, cols, n = about["h"], about["w"], about["cols"], about["n"]
    rows, channels = pixels.shape[0] // h, len(mode)
    tiles = pixels.reshape(rows, h, cols, w, channels).transpose(0, 2, 4, 1, 3).reshape(rows * cols, channels, h, w)[:n]
    return torch.from_numpy(tiles.copy()), about


def split(x: Tensor, labels: Tensor, shape: Shape) -> Data:
    """Drop pictures that are equal pixel for pixel, then hold out the same share of every class."""
    distinct = {picture.tobytes(): i for i, picture in reversed(list(enumerate(x.numpy())))}
    first = torch.tensor(sorted(distinct.values()))
    x, labels = x[first], labels[first]
    generator = torch.Generator().manual_seed(SPLIT_SEED)
    train, held = [], []
    for label in labels.unique():
        members = (labels == label).nonzero().flatten()
        members = members[torch.randperm(len(members), generator=generator)]
        kept = round(len(members) * (1 - HELD_OUT))
        train.append(members[:kept])
        held.append(members[kept:])
    parts = [torch.cat(part)[torch.randperm(sum(map(len, part)), generator=generator)] for part in (train, held)]
    return Data(x[parts[0]].contiguous(), x[parts[1]].contiguous(), shape, labels[parts[0]], labels[parts[1]])


@dataset(id="digits", title="Digits", kind="images", sizes=(28,), channels=1, help="10,000 handwritten digits", licence="CC BY-SA 3.0",
         credit="MNIST, LeCun, Cortes & Burges")
def digits(size: int) -> Data:
    x, about = read("mnist10k_28", "L")
    return split(x, torch.arange(10).repeat_interleave(torch.tensor(about["counts"])), Shape(1, size))


def doubled(x: Tensor) -> Tensor:
    """(N, C, H, W) -> (N, C, 2H, 2W), every pixel four times: pixel art stays sharp."""
    return x.repeat_interleave(2, 2).repeat_interleave(2, 3)


@dataset(id="pixel_faces", title="Pixel faces", kind="images", sizes=(16, 32), channels=3,
         help="10,000 pixel-art faces: hair, skin, glasses, beards, hats", licence="CC0 1.0", credit="DiceBear Pixel Art by Florian Körner")
def pixel_faces(size: int) -> Data:
    x, about = read("pixel_faces16", "RGB")
    hair = [row[about["columns"].index("hair")] for row in about["attrs"]]
    label = {colour: i for i, colour in enumerate(sorted(set(hair)))}
    data = split(x, torch.tensor([label[colour] for colour in hair]), Shape(3, size))
    return data if size == 16 else data._replace(train=doubled(data.train), held=doubled(data.held))


@cache
def thumbnail(name: str) -> bytes | None:
    """Four training pictures on a lossless WebP of 64 x 64 pixels; None for points, which the page draws itself.

    Four and not nine: on the page's button of 40 pixels, a face then has 20 and not 13.
    """
    if get(name).kind == "points":
        return None
    from PIL import Image

    x = load(name).train[:4]
    pictures = [Image.fromarray(p.permute(1, 2, 0).squeeze(2).numpy()) for p in x]
    sheet = Image.new(pictures[0].mode, (64, 64), pictures[0].getpixel((0, 0)))
    size = x.shape[-1]
    side = 32 // size * size or 32          # a whole multiple where it fits, so that pixels stay square
    for i, picture in enumerate(pictures):
        tile = picture.resize((side, side), Image.Resampling.NEAREST if side >= size else Image.Resampling.BOX)
        sheet.paste(tile, (i % 2 * 32 + (32 - side) // 2, i // 2 * 32 + (32 - side) // 2))
    out = io.BytesIO()
    sheet.save(out, "WEBP", lossless=True)
    return out.getvalue()
