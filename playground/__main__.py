"""Trained models from a shell: python -m playground models | sample | interpolate, each with --help.

Importing torch takes seconds: what needs it is imported where it is used, after the arguments were checked.
"""

import argparse
import math
import os
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from playground.types import Refused

if TYPE_CHECKING:
    from PIL.Image import Image
    from torch import Tensor

    from playground.artifacts.model_file import Model

PROGRAM = "python -m playground"
SHOWN_METRICS = ("quality/fd", "quality/sw", "modes/found")      # the first that was measured is shown
PIXELS = 100_000_000        # the most pixels of a file
AROUND = 500                # points of the background that a moving point is drawn on


def main(arguments: list[str] | None = None) -> int:
    """Returns the exit code: 0, or 2 when an argument cannot be used; a message names it and what is allowed."""
    args = _parser().parse_args(arguments)
    try:
        args.act(args)
        sys.stdout.flush()
    except Refused as bad:
        print(f"{PROGRAM} {args.command}: error: argument {bad.field}: {bad}", file=sys.stderr)
        return 2
    except BrokenPipeError:                     # the reader has stopped, as `head` does
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    except KeyboardInterrupt:
        return 130
    return 0


def models(args: argparse.Namespace) -> None:
    """Print a line for each model that can be loaded by name."""
    from playground import api

    found = api.models()
    for id, about in found.items():
        output = f"{about.dims[-1]} px" if len(about.dims) == 3 else "points"
        measured = next((f"{name} {about.quality[name]['value']:g}" for name in SHOWN_METRICS if name in about.quality), "")
        print(f"{id:32}  {about.variant:8}  {about.data:14}  {output:6}  {about.step:8,} steps  {measured}  {about.name}".rstrip())
    if not found:
        print("No model ships with this copy, and none is kept here.", file=sys.stderr)


def sample(args: argparse.Namespace) -> None:
    """Write samples of a model, as one picture or as a table."""
    from playground import api
    from playground.artifacts import run_export
    from playground.render import animation

    model, out = api.load(args.model), _out(args, "png")
    x = api.sample(model, args.n, args.seed, args.radius)
    if out.suffix == ".csv":
        _write(out, _table(model, x))
    elif model.about.shape.is_points:
        _write(out, run_export.cloud_png(x.numpy(), x[:0].numpy()))
    else:
        _write(out, animation.png(_frames(model, x, args.scale), math.ceil(math.sqrt(args.n))))


def interpolate(args: argparse.Namespace) -> None:
    """Write the samples between two seeds, as a row, an animation or a table."""
    from playground import api
    from playground.render import animation

    model, out = api.load(args.model), _out(args, "gif")
    x = api.interpolate(model, args.a, args.b, args.n, args.mode)
    _write(out, _table(model, x) if out.suffix == ".csv" else animation.FORMATS[out.suffix[1:]](_frames(model, x, args.scale), args.n))


def _frames(model: "Model", x: "Tensor", scale: Any) -> "Iterator[Image]":
    from playground import api
    from playground.render import animation
    from playground.validate import whole

    points, scale = model.about.shape.is_points, whole("scale", scale, 1, 8)
    if len(x) * (scale * (animation.SIDE if points else model.about.size)) ** 2 > PIXELS:
        raise Refused("scale", f"{len(x)} pictures of this scale are more than {PIXELS // 10 ** 6} million pixels: take a smaller one, or fewer")
    return animation.of_points(x, api.sample(model, AROUND), scale) if points else animation.of_images(x, scale)


def _table(model: "Model", x: "Tensor") -> bytes:
    if not model.about.shape.is_points:
        raise Refused("out", "only points are written as .csv; this model makes pictures")
    return "".join(["x,y\n", *(f"{a:.6g},{b:.6g}\n" for a, b in x.tolist())]).encode()


def _out(args: argparse.Namespace, usual: str) -> Path:
    out = Path(args.out or f"{Path(args.model).stem}-{args.command}.{usual}")
    if out.suffix not in args.endings:
        from playground.validate import shown

        raise Refused("out", f"out must be the name of a file that ends in {', '.join(args.endings)}; it is {shown(str(out))}")
    return out


def _write(out: Path, body: bytes) -> None:
    try:
        out.write_bytes(body)
    except (OSError, ValueError) as error:
        raise Refused("out", f"{out} cannot be written: {getattr(error, 'strerror', None) or error}") from error
    print(f"{out}: {len(body):,} bytes")


def _number(text: str) -> float | int | str:
    """A number, or the text itself when it is none: the function that knows the range refuses it."""
    for kind in (int, float):
        try:
            return kind(text)
        except ValueError:
            continue
    return text


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(PROGRAM, description="Trained models: list them, draw from them, go from one latent to another.")
    commands = parser.add_subparsers(dest="command", required=True)
    commands.add_parser("models", help="list those that ship and those that are kept in PLAYGROUND_DATA").set_defaults(act=models)
    common = argparse.ArgumentParser(add_help=False)
    common.add_argument("model", help="a .safetensors file, or a name that `models` lists")
    common.add_argument("--scale", type=_number, default=4, help="pixels that a pixel of its pictures becomes, 1 to 8 (%(default)s)")
    common.add_argument("--out", metavar="FILE", help="what to write, by its ending; here and named after the model when it is left out")
    sampling = commands.add_parser("sample", parents=[common], allow_abbrev=False, help="draws, as .png, or points as .csv")
    sampling.add_argument("--n", type=_number, default=16, help="how many, 1 to 10000 (%(default)s)")
    sampling.add_argument("--seed", type=_number, default=0, help="the same seed gives the same (%(default)s)")
    sampling.add_argument("--radius", type=_number, default=1.0, help="length of latents, 0 to 2; 1 as drawn, less is more typical (%(default)s)")
    sampling.set_defaults(act=sample, endings=(".png", ".csv"))
    path = commands.add_parser("interpolate", parents=[common], allow_abbrev=False,
                               help="path between two latents, as .gif, .mp4, .png, or points as .csv")
    for name, seed in (("--a", 0), ("--b", 1)):
        path.add_argument(name, type=_number, default=seed, help="the seed of an end (%(default)s)")
    path.add_argument("--n", type=_number, default=30, help="samples on the path, 2 to 1000 (%(default)s)")
    path.add_argument("--mode", default="auto", help="slerp, lerp, or auto: as the prior asks for (%(default)s)")
    path.set_defaults(act=interpolate, endings=(".gif", ".mp4", ".png", ".csv"))
    return parser


if __name__ == "__main__":
    sys.exit(main())
