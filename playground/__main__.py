"""Trained models from a shell: python -m playground models | sample | interpolate, each with --help.

Torch takes seconds to be read: what needs it is imported where it is used, after all words were looked at.
"""

import argparse
import math
import os
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from playground.texts import shown
from playground.types import Refused

if TYPE_CHECKING:
    from PIL.Image import Image
    from torch import Tensor

    from playground.model import Model

PROGRAM = "python -m playground"
TOLD = ("quality/fd", "quality/sw", "modes/found")      # the first that was measured
PIXELS, AROUND = 100_000_000, 500       # of a file's pictures in all; points around one that moves


def main(arguments: list[str] | None = None) -> int:
    """The exit code: 0, or 2 when an argument cannot be used; it and what is allowed are named then."""
    asked = _parser().parse_args(arguments)
    try:
        asked.act(asked)
        sys.stdout.flush()
    except Refused as bad:
        print(f"{PROGRAM} {asked.command}: error: argument {bad.field}: {bad}", file=sys.stderr)
        return 2
    except BrokenPipeError:                     # who reads has had enough, as `head` has
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    except KeyboardInterrupt:
        return 130
    return 0


def models(asked: argparse.Namespace) -> None:
    """A line for each model that can be named."""
    from playground import api

    found = api.models()
    for id, about in found.items():
        made = f"{about.dims[-1]} px" if len(about.dims) == 3 else "points"
        measured = next((f"{name} {about.quality[name]['value']:g}" for name in TOLD if name in about.quality), "")
        print(f"{id:32}  {about.variant:8}  {about.data:14}  {made:6}  {about.step:8,} steps  {measured}  {about.name}".rstrip())
    if not found:
        print("No model ships with this copy, and none is kept here.", file=sys.stderr)


def sample(asked: argparse.Namespace) -> None:
    """Draws, on one sheet or as a table."""
    from playground import api, export, reel

    model, out = api.load(asked.model), _out(asked, "png")
    x = api.sample(model, asked.n, asked.seed, asked.radius)
    if out.suffix == ".csv":
        _write(out, _table(model, x))
    elif model.about.shape.is_points:
        _write(out, export.cloud_png(x.numpy(), x[:0].numpy()))
    else:
        _write(out, reel.png(_frames(model, x, asked.scale), math.ceil(math.sqrt(asked.n))))


def interpolate(asked: argparse.Namespace) -> None:
    """What lies between two seeds, as a row, a film or a table."""
    from playground import api, reel

    model, out = api.load(asked.model), _out(asked, "gif")
    x = api.interpolate(model, asked.a, asked.b, asked.n, asked.mode)
    _write(out, _table(model, x) if out.suffix == ".csv" else reel.FORMATS[out.suffix[1:]](_frames(model, x, asked.scale), asked.n))


def _frames(model: "Model", x: "Tensor", scale: Any) -> "Iterator[Image]":
    from playground import api, reel
    from playground.check import whole

    points, scale = model.about.shape.is_points, whole("scale", scale, 1, 8)
    if len(x) * (scale * (reel.SIDE if points else model.about.size)) ** 2 > PIXELS:
        raise Refused("scale", f"{len(x)} pictures of this scale are more than {PIXELS // 10 ** 6} million pixels: take a smaller one, or fewer")
    return reel.of_points(x, api.sample(model, AROUND), scale) if points else reel.of_images(x, scale)


def _table(model: "Model", x: "Tensor") -> bytes:
    if not model.about.shape.is_points:
        raise Refused("out", "only points are written as .csv; this model makes pictures")
    return "".join(["x,y\n", *(f"{a:.6g},{b:.6g}\n" for a, b in x.tolist())]).encode()


def _out(asked: argparse.Namespace, usual: str) -> Path:
    out = Path(asked.out or f"{Path(asked.model).stem}-{asked.command}.{usual}")
    if out.suffix not in asked.endings:
        raise Refused("out", f"out must be the name of a file that ends in {', '.join(asked.endings)}; it is {shown(str(out))}")
    return out


def _write(out: Path, body: bytes) -> None:
    try:
        out.write_bytes(body)
    except (OSError, ValueError) as error:
        raise Refused("out", f"{out} cannot be written: {getattr(error, 'strerror', None) or error}") from error
    print(f"{out}: {len(body):,} bytes")


def _number(text: str) -> float | int | str:
    """What is no number is left as it is, for who knows the range to refuse it."""
    for kind in (int, float):
        try:
            return kind(text)
        except ValueError:
            continue
    return text


def _parser() -> argparse.ArgumentParser:
    whole = argparse.ArgumentParser(PROGRAM, description="Trained models: list them, draw from them, go from one latent to another.")
    kinds = whole.add_subparsers(dest="command", required=True)
    kinds.add_parser("models", help="list those that ship and those that are kept in PLAYGROUND_DATA").set_defaults(act=models)
    one = argparse.ArgumentParser(add_help=False)
    one.add_argument("model", help="a .safetensors file, or a name that `models` lists")
    one.add_argument("--scale", type=_number, default=4, help="pixels that a pixel of its pictures becomes, 1 to 8 (%(default)s)")
    one.add_argument("--out", metavar="FILE", help="what to write, by its ending; here and named after the model when it is left out")
    draws = kinds.add_parser("sample", parents=[one], allow_abbrev=False, help="draws, as .png, or points as .csv")
    draws.add_argument("--n", type=_number, default=16, help="how many, 1 to 10000 (%(default)s)")
    draws.add_argument("--seed", type=_number, default=0, help="the same seed gives the same (%(default)s)")
    draws.add_argument("--radius", type=_number, default=1.0, help="length of latents, 0 to 2; 1 as drawn, less is more typical (%(default)s)")
    draws.set_defaults(act=sample, endings=(".png", ".csv"))
    way = kinds.add_parser("interpolate", parents=[one], allow_abbrev=False, help="a way between two latents, as .gif, .mp4, .png, or points as .csv")
    for name, seed in (("--a", 0), ("--b", 1)):
        way.add_argument(name, type=_number, default=seed, help="the seed of an end (%(default)s)")
    way.add_argument("--n", type=_number, default=30, help="samples on the way, 2 to 1000 (%(default)s)")
    way.add_argument("--mode", default="auto", help="slerp, lerp, or auto: as the prior asks for (%(default)s)")
    way.set_defaults(act=interpolate, endings=(".gif", ".mp4", ".png", ".csv"))
    return whole


if __name__ == "__main__":
    sys.exit(main())
