"""A trained generator whose latents are explored, and the data that it was trained on."""

import base64
import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Any

import numpy as np
import torch
from torch import Tensor

from models.kit.capabilities import Conditional, Encoder
from models.kit.code import Code
from models.kit.gan import Latent
from playground import data
from playground.data import Data
from playground.explorer.latents import codes, nearest, paths
from playground.explorer.latents.invert import Inversion, invert
from playground.render import encode
from playground.training import build
from playground.types import Refused
from playground.validate import whole

Place = int | str           # a latent: the seed it is drawn from, or its numbers as base64 of little-endian float32
CHUNK = 64                  # samples generated at a time


@dataclass(frozen=True)
class TrainedGenerator:
    """A GAN that no longer trains; `key` identifies its weights."""

    key: str
    gan: Latent
    data: str                               # an id of playground.data.DATASETS; a model's set may be missing here
    size: int = 0
    options: dict[str, Any] = field(default_factory=dict)
    named: dict[str, str] = field(default_factory=dict)         # directions named by its owner: packed unit vectors
    y: int | None = None                    # the class of all its samples, where it is `Conditional`; None: the classes in turn

    @property
    def prior(self) -> str:
        """"normal" or "uniform"."""
        return self.gan.knobs.prior

    @property
    def dim(self) -> int:
        """The number of coordinates of a latent, d."""
        return self.gan.z_dim

    @property
    def bytes(self) -> int:
        """Bytes of its networks' weights."""
        return sum(tensor.nbytes for tensor in self.gan.state_dict().values())

    def latent(self, name: str, place: Place) -> Tensor:
        """The latent of a place, (d,). Refused(name, ...) when it has another number of coordinates."""
        if isinstance(place, int):
            return paths.draw(self.prior, 1, self.dim, place)[0]
        numbers = np.frombuffer(base64.b64decode(place), "<f4")
        if len(numbers) != self.dim:
            raise Refused(name, f"{name} is a latent of {len(numbers)} numbers; here one has {self.dim}")
        return paths.clamped(torch.tensor(numbers), self.prior)

    def latents(self, name: str, places: list[Place]) -> Tensor:
        """(n, d), one row for each place. Refused as `latent`."""
        return torch.stack([self.latent(name, place) for place in places])

    def of_class(self, y: int | None) -> "TrainedGenerator":
        """The same, with all samples of the class `y`; None: the classes in turn where it is `Conditional`, else no class is meant.

        Refused("y", ...) for a class that there is not.
        """
        if y is None:
            return self
        if not isinstance(self.gan, Conditional):
            raise Refused("y", f"y names a class, and {self.gan.title} knows none: leave it out")
        y = whole("y", y, 0, len(self.gan.classes()) - 1)
        return replace(self, key=f"{self.key}:{y}", y=y)

    def of_one_class(self, y: int | None) -> "TrainedGenerator":
        """As `of_class`; without `y` the first class, where there are some."""
        return self.of_class(0 if y is None and isinstance(self.gan, Conditional) else y)

    def code(self, z: Tensor) -> Code:
        """Latents, (n, d), with its class; without one the classes come in turn, as `draw` has them."""
        return Code(z, None if self.y is None else torch.full((len(z),), self.y))

    def generate(self, z: Tensor) -> Tensor:
        """Samples of latents: (n, d) -> (n, *dims), with a graph."""
        return self.gan.sample(self.code(z))

    def samples(self, z: Tensor) -> Tensor:
        """Samples of latents: (n, d) -> (n, *dims)."""
        return torch.cat([build.samples(self.gan, part) for part in self.code(z).split(CHUNK)])

    def features(self, x: Tensor) -> Tensor:
        """What D sees of samples, (n, *dims) -> (n, h): features in which similar ones are near; their codes, where it is asked about codes alone."""
        return self.gan.encode(x).z if self.gan.judges == "codes" else codes.code(self.gan.D, x)

    def inversions(self, target: Tensor, restarts: int, steps: int) -> Iterator[Inversion]:
        """The latent of a sample, (*dims), better each time: E's code where the variant has an encoder, in one; else a search by `invert`."""
        if not isinstance(self.gan, Encoder):
            yield from invert(self.generate, target, self.prior, self.dim, restarts=restarts, steps=steps)
            return
        with torch.inference_mode():
            z = paths.clamped(self.gan.encode(target[None]).z, self.prior)
            error = (self.gan.sample(z) - target).square().mean().sqrt()
        yield Inversion(z[0], error.item(), 1)

    def rendered_latents(self, z: Tensor, columns: int = 0) -> dict[str, Any]:
        """The samples of latents, (n, d), as `rendered`, with the latents and their norms: JSON."""
        answer = {"z": packed(z), "norms": [round(v, 3) for v in z.norm(dim=1).tolist()]}
        return answer | self.rendered(self.samples(z), columns)

    def rendered(self, x: Tensor, columns: int = 0) -> dict[str, Any]:
        """Samples, (n, *dims), as JSON for the page: points, or a sheet of pictures, square unless `columns` are given."""
        if self.gan.shape.is_points:
            return {"points": [[round(v, 3) for v in point] for point in x.tolist()]}
        columns = columns or math.ceil(math.sqrt(len(x)))
        return {"image": encode.uri(x, columns), "columns": columns, "size": self.gan.shape.size, "gap": encode.GAP}

    def training_data(self) -> Data:
        """The data set that it was trained on. Refused("data", ...) when that is not available."""
        try:
            found = data.get(self.data)
            here = found.needs != "network" or found.ready()
            loaded = data.load(self.data, self.size, self.options) if here else None
        except Refused as other:
            raise Refused("data", f"what it was trained on is not here: {other}") from other
        if loaded is None or loaded.shape != self.gan.shape:
            raise Refused("data", "what it was trained on is not here")
        return loaded

    def normalised(self, x: Tensor) -> Tensor:
        """Samples of its data set in G's format: float32, pictures in [-1, 1]."""
        return x if self.gan.shape.is_points else x.float() / 127.5 - 1

    def chunks(self, x: Tensor) -> Callable[[], Iterator[Tensor]]:
        """A function that iterates over `x` in chunks, then over its mirror images if training flipped pictures."""
        return partial(self._chunks, x)

    def _chunks(self, x: Tensor) -> Iterator[Tensor]:
        for mirrored in (False, True) if self.options.get("flip") else (False,):
            for part in x.split(nearest.CHUNK):
                yield self.normalised(part.flip(-1) if mirrored else part)


def packed(z: Tensor) -> str:
    """A tensor's numbers as base64 of little-endian float32."""
    return base64.b64encode(z.detach().contiguous().numpy().astype("<f4").tobytes()).decode()
