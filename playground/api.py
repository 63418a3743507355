"""Trained models from Python: load one, sample it, interpolate between latents, find the latent of a picture.

    from playground import api
    model = api.load("began-digits")
    api.images(api.sample(model, 16, seed=3))[0].save("digit.png")
"""

import logging
import math
from pathlib import Path
from typing import Any

import torch
from PIL import Image
from torch import Tensor

from playground.artifacts.gallery import SLUG, glance
from playground.artifacts.metadata import About
from playground.artifacts.model_file import Model, told, unpack
from playground.artifacts.safetensors_header import HEAD, header
from playground.config import machine
from playground.config.paths import ASSETS
from playground.data import decoded
from playground.data.resize import grey
from playground.explorer.generator import TrainedGenerator
from playground.explorer.latents import paths
from playground.explorer.latents.invert import Inversion
from playground.render import encode
from playground.store.models import FILE
from playground.types import Refused, is_id
from playground.validate import MOST_SEED, shown, whole

log = logging.getLogger(__name__)
GALLERY = ASSETS / "gallery"
MOST_SAMPLES, MOST_FRAMES, MOST_RADIUS = 10_000, 1_000, 2.0
MODES = ("auto", "slerp", "lerp")
End = int | Tensor          # a latent: the seed that it is drawn from, or its numbers, (d,)


def load(model: str | Path) -> Model:
    """Load a model: by the path of its file, by the 32 hex digits of one that is kept in PLAYGROUND_DATA, or by the name of one that ships,
    "began-digits".

    It is checked as a file from an unknown source is. Refused("model", ...) when there is none, or the file is no model.
    """
    path = _file(str(model))
    name = shown(path.name if path.name != FILE else str(model))
    try:
        glance(path)
        return unpack(path.read_bytes())
    except OSError as error:
        raise Refused("model", f"{name} cannot be read: {error.strerror or error}") from error
    except Refused as bad:
        raise Refused("model", f"{name} cannot be used: {bad}") from bad


def models() -> dict[str, About]:
    """The models that can be loaded by name: those that ship, then those that are kept here. Damaged ones are left out and logged."""
    found = {}
    for folder, named in ((GALLERY, SLUG.fullmatch), (_models_folder(), is_id)):
        for path in sorted(folder.glob(f"*/{FILE}")):
            if named(path.parent.name):
                try:
                    with path.open("rb") as file:
                        found[path.parent.name] = told(header(file.read(HEAD), path.stat().st_size).meta)
                except (Refused, OSError) as error:
                    log.warning("%s is left out: %s", path.parent.name, error)
    return found


def sample(model: Model, n: int = 16, seed: int = 0, radius: float = 1.0, y: int | None = None) -> Tensor:
    """(n, *dims): points, or pictures in [-1, 1], of latents scaled by `radius`. The same seed gives the same samples.

    `y`: the class of all of them, where the variant is told classes; without it they come in turn. Refused names n, seed, radius or y, and its range.
    """
    of, n, seed = source(model, y), whole("n", n, 1, MOST_SAMPLES), whole("seed", seed, 0, MOST_SEED)
    if isinstance(radius, bool) or not isinstance(radius, (int, float)) or not 0 <= radius <= MOST_RADIUS:
        raise Refused("radius", f"radius must be a number between 0 and {MOST_RADIUS:g}, got {shown(radius)}")
    return of.samples(paths.scaled(paths.draw(of.prior, n, of.dim, seed), radius, of.prior))


def interpolate(model: Model, a: End = 0, b: End = 1, n: int = 9, mode: paths.Mode = "auto", y: int | None = None) -> Tensor:
    """(n, *dims): from `a` to `b`, both included. `mode`: "slerp", "lerp", or "auto", which depends on the prior. `y`: the class all the way, where
    the variant is told classes; the first one without it.

    The sample at the end `seed` is `sample(model, 1, seed, y=y)`. Refused names a, b, n, mode or y, and its range.
    """
    of, n = source(model).of_one_class(y), whole("n", n, 2, MOST_FRAMES)
    if mode not in MODES:
        raise Refused("mode", f"mode must be one of {', '.join(MODES)}, got {shown(mode)}")
    return of.samples(paths.path(_end(of, "a", a), _end(of, "b", b), n, mode, of.prior))


def invert(model: Model, image: Any, restarts: int = 8, steps: int = 300, y: int | None = None) -> Inversion:
    """The latent `z`, (d,), whose sample is nearest to `image`, and the `residual`: root mean square, in units of a sample's numbers. A variant with
    an encoder gives its code, and searches for none.

    `image`: a picture's path, a sample (*dims), or a point as two numbers. `y`: the class of the sample, as for `interpolate`. Refused names image,
    restarts, steps or y.
    """
    of, restarts, steps = source(model).of_one_class(y), whole("restarts", restarts, 1, 16), whole("steps", steps, 1, 10_000)
    *_, last = of.inversions(_target(of, image), restarts, steps)
    return last


def images(x: Tensor) -> list[Image.Image]:
    """Pictures, (n, C, S, S) in [-1, 1], as PIL images of S x S pixels. Refused("x", ...) for points."""
    if x.ndim != 4:
        raise Refused("x", f"x must be pictures, (n, C, S, S), got numbers of shape {list(x.shape)}")
    return [Image.fromarray(tile) for tile in encode.pixels(x)]


def source(model: Model, y: int | None = None) -> TrainedGenerator:
    """A model as the explorer's functions take it, of the class `y`. Refused("y", ...) as `TrainedGenerator.of_class`."""
    about = model.about
    return TrainedGenerator(model.hash, model.gan, about.data, about.size, about.options).of_class(y)


def _models_folder() -> Path:
    return machine.chosen_root() / "models"


def _file(name: str) -> Path:
    path = _models_folder() / name / FILE if is_id(name) else GALLERY / name / FILE if SLUG.fullmatch(name) else Path(name)
    for candidate in (path, Path(name)):
        if _is_file(candidate):
            return candidate
    raise Refused("model", f"there is no model {shown(name)}: name a .safetensors file, or one of those that `python -m playground models` lists")


def _is_file(path: Path) -> bool:
    try:
        return path.is_file()
    except (OSError, ValueError):               # a name that no file can have
        return False


def _end(of: TrainedGenerator, name: str, end: End) -> Tensor:
    if not isinstance(end, Tensor):
        return of.latent(name, whole(name, end, 0, MOST_SEED))
    if end.shape != (of.dim,) or not end.isfinite().all():
        raise Refused(name, f"{name} must be a seed, or a latent of {of.dim} finite numbers, got a tensor of shape {list(end.shape)}")
    return paths.clamped(end.detach().float().cpu(), of.prior)


def _target(of: TrainedGenerator, image: Any) -> Tensor:
    shape = of.gan.shape
    if not shape.is_points and isinstance(image, (str, Path)):
        if not _is_file(Path(image)):
            raise Refused("image", f"image: there is no file {shown(str(image))}")
        try:
            x = decoded.square(Path(image), shape.size)
        except Refused as bad:
            raise Refused("image", f"image: {bad}") from bad
        return (grey(x[None])[0] if shape.channels == 1 else x).float() / 127.5 - 1
    try:
        x = torch.as_tensor(image).float()
    except (TypeError, ValueError, RuntimeError):
        x = torch.tensor(math.nan)
    if x.shape != shape.dims or not x.isfinite().all():
        kinds = "a point, two finite numbers" if shape.is_points else f"a picture, its path, or a sample of shape {list(shape.dims)}"
        raise Refused("image", f"image must be {kinds}, got {f'numbers of shape {list(x.shape)}' if x.ndim else shown(image)}")
    return x.cpu()
