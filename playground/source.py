"""What latents are explored of: a network at rest, and what it learned from."""

import base64
import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import partial
from typing import Any

import numpy as np
import torch
from torch import Tensor

from models.kit.gan import Latent
from playground import data, export, pictures
from playground.data import Data
from playground.latents import nearest, paths
from playground.types import Refused

Place = int | str           # the seed that a latent is drawn from, or its own numbers: base64 of little-endian float32
CHUNK = 64                  # samples that are made at a time


@dataclass(frozen=True)
class Source:
    """`key` changes with the weights."""

    key: str
    gan: Latent
    data: str                               # an id in playground.data.DATASETS, of a model perhaps one that is not here
    size: int = 0
    options: dict[str, Any] = field(default_factory=dict)
    named: dict[str, str] = field(default_factory=dict)         # directions that its owner named: latents as `packed`, of length 1

    @property
    def prior(self) -> str:
        return self.gan.knobs.prior

    @property
    def dim(self) -> int:
        return self.gan.z_dim

    def latent(self, name: str, place: Place) -> Tensor:
        """(d,). Refused(name, ...) for numbers that are not this source's."""
        if isinstance(place, int):
            return paths.draw(self.prior, 1, self.dim, place)[0]
        numbers = np.frombuffer(base64.b64decode(place), "<f4")
        if len(numbers) != self.dim:
            raise Refused(name, f"{name} is a latent of {len(numbers)} numbers; here one has {self.dim}")
        return paths.kept(torch.tensor(numbers), self.prior)

    def latents(self, name: str, places: list[Place]) -> Tensor:
        return torch.stack([self.latent(name, place) for place in places])

    def samples(self, z: Tensor) -> Tensor:
        """(n, d) -> (n, *dims)."""
        return torch.cat([export.samples(self.gan, part) for part in z.split(CHUNK)])

    def shown(self, z: Tensor, columns: int = 0) -> dict[str, Any]:
        """What is made of (n, d): a sheet of pictures, or points; with the latents and their lengths."""
        told = {"z": packed(z), "norms": [round(v, 3) for v in z.norm(dim=1).tolist()]}
        return told | self.seen(self.samples(z), columns)

    def seen(self, x: Tensor, columns: int = 0) -> dict[str, Any]:
        """Samples, (n, *dims), as the page takes them; a square of pictures unless `columns` are given."""
        if self.gan.shape.is_points:
            return {"points": [[round(v, 3) for v in point] for point in x.tolist()]}
        columns = columns or math.ceil(math.sqrt(len(x)))
        return {"image": pictures.uri(x, columns), "columns": columns, "size": self.gan.shape.size, "gap": pictures.GAP}

    def learned(self) -> Data:
        """What it was trained on. Refused("data", ...) when that is not here."""
        try:
            found = data.get(self.data)
            here = found.needs != "network" or found.ready()
            loaded = data.load(self.data, self.size, self.options) if here else None
        except Refused as other:
            raise Refused("data", f"what it was trained on is not here: {other}") from other
        if loaded is None or loaded.shape != self.gan.shape:
            raise Refused("data", "what it was trained on is not here")
        return loaded

    def rows(self, x: Tensor) -> Tensor:
        """Samples of its data set, as G makes them: float32, pictures in [-1, 1]."""
        return x if self.gan.shape.is_points else x.float() / 127.5 - 1

    def training(self, x: Tensor) -> Callable[[], Iterator[Tensor]]:
        """All of `x` in parts, then all mirrored, if it saw those too."""
        return partial(self._parts, x)

    def _parts(self, x: Tensor) -> Iterator[Tensor]:
        for turn in (False, True) if self.options.get("flip") else (False,):
            for part in x.split(nearest.CHUNK):
                yield self.rows(part.flip(-1) if turn else part)


def packed(z: Tensor) -> str:
    return base64.b64encode(z.detach().contiguous().numpy().astype("<f4").tobytes()).decode()
