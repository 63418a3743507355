"""How soon latents answer: python -m bench.latents [--times N] [--only NAME]

A strip of 60 frames, straight and round, so 120 pictures in all, and the pad's 9 pictures, of 32-pixel models in colour, as the page's
functions answer them: question in, JSON out, the network in memory. "cold": never asked before; "cached": from memory, and from the disk
of a server that was started anew. Weights are as drawn: time does not depend on them. One JSON line per figure: the median of `times`.
"""

import argparse
import statistics
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import orjson
import torch

import models
from bench.common import say
from models.kit.batch import Domain, Shape
from models.kit.knobs import check
from playground.explorer.explorer import Explorer
from playground.explorer.generator import TrainedGenerator
from playground.specs.presets import preset
from playground.store.cache import Cache

CASES = {"lsgan, quick": ("lsgan", "quick"), "began, quick": ("began", "quick"), "lsgan, paper": ("lsgan", "paper")}
DATA, SIZE, FRAMES, PICTURES = "toon_heads", 32, 60, 9


def source(variant: str, name: str) -> TrainedGenerator:
    """An untrained network of a variant, with a preset's knobs."""
    cls, domain = models.get(variant), Domain(Shape(3, SIZE))
    gan = cls(domain, check(cls.Knobs, preset(variant, DATA, name)["knobs"]), torch.Generator().manual_seed(0))
    return TrainedGenerator(f"{variant} {name}", gan.eval().requires_grad_(False), DATA, SIZE)


def took(act: Callable[[], Any]) -> float:
    """Milliseconds until the answer could be sent."""
    began = time.perf_counter()
    orjson.dumps(act())
    return 1000 * (time.perf_counter() - began)


def measure(case: str, folder: Path, times: int) -> None:
    """Time the explorer's answers for one case, and print the figures."""
    of, cache = source(*CASES[case]), Cache(folder / "cache")
    studio = Explorer(cache)
    studio.samples(of, 0, 64, 1.0)                      # torch's own first time

    def strip(seed: int) -> Callable[[], Any]:
        return lambda: studio.strip(of, seed, seed + 1, "auto", FRAMES)

    cold = [took(strip(seed)) for seed in range(times)]
    kept = [took(strip(seed)) for seed in range(times)]
    studio = Explorer(cache)
    disk = [took(strip(seed)) for seed in range(times)]
    pads = [took(lambda i=i: studio.pad(of, 0, 1, 2, (i / 100, -i / 100), 0.25, "")) for i in range(10 * times)]
    cache.close()
    for name, found, most in (("cold", cold, 250), ("in memory", kept, 20), ("on disk", disk, 20)):
        say("latents", f"{case}: strip of {FRAMES} frames, {name}", statistics.median(found), "ms", most=most, worst=round(max(found), 2))
    say("latents", f"{case}: pad", 1000 * len(pads) / sum(pads), "answers/s", least=20, pictures_per_s=round(1000 * PICTURES * len(pads) / sum(pads)))


def main() -> None:
    """Run the benchmark and print its figures."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--times", type=int, default=10)
    parser.add_argument("--only", choices=list(CASES), action="append")
    args = parser.parse_args()
    for case in args.only or CASES:
        with tempfile.TemporaryDirectory() as folder:
            measure(case, Path(folder), args.times)


if __name__ == "__main__":
    main()
