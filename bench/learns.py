"""What the quick presets reach in seconds, and what it looks like: python -m bench.learns [ring|digits|faces ...]

One JSON line per figure; sample grids go to assets/pictures. Seconds are of training, by the wall clock, pictures and metrics apart.
"""

import json
import sys
import time
from pathlib import Path

import torch

from models import get
from models.kit.knobs import check
from playground.data import Batches, load
from playground.metrics import modes_found, share_within
from playground.pictures import tiled
from playground.presets import preset
from playground.trainer import Trainer

PICTURES = Path(__file__).parent.parent / "assets" / "pictures"
SEEDS = (0, 1, 2)
GRIDS = {"digits": [("lsgan", "digits", 20), ("gan", "digits", 20), ("began", "digits", 30)],
         "faces": [("began", "pixel_faces", 60), ("lsgan", "pixel_faces", 60)]}


def trainer(variant: str, data: str, seed: int) -> Trainer:
    """The quick preset, as a run would have it."""
    chosen = preset(variant, data, "quick")
    cls, found = get(variant), load(data, chosen["size"])
    knobs, generator = check(cls.Knobs, chosen["knobs"]), torch.Generator().manual_seed(seed)
    gan = cls(found.shape, knobs, torch.Generator().manual_seed(seed))
    return Trainer(gan, Batches(found.train, knobs.batch, generator), 10 ** 9, seed=seed, generator=generator)


def train(made: Trainer, seconds: float) -> None:
    end = time.perf_counter() + seconds
    while time.perf_counter() < end:
        made.advance()
        if made.step % 100 == 0:
            made.flush()
    made.flush()


def ring() -> None:
    """Modes by the strict rule (a quarter of the fair share within 3 sigma) and share within 3 sigma, before and after 5 s on one thread."""
    torch.set_num_threads(1)
    data = load("ring8")
    for variant in ("gan", "lsgan", "began"):
        for seed in SEEDS:
            made = trainer(variant, "ring8", seed)
            for seconds in (0, 5):
                train(made, seconds)
                view = made.view()
                fakes = view.sample(view.noise(2000))
                found, share = modes_found(fakes, data.modes, data.sigma), share_within(fakes, data.modes, data.sigma)
                figure = {"variant": variant, "seed": seed, "seconds": seconds, "steps": made.step, "modes": found, "share": round(share, 3)}
                print(json.dumps(figure), flush=True)


def grids(which: str) -> None:
    """64 samples of fixed z, after so many seconds on two threads."""
    torch.set_num_threads(2)
    PICTURES.mkdir(exist_ok=True)
    for variant, data, seconds in GRIDS[which]:
        made = trainer(variant, data, SEEDS[0])
        train(made, seconds)
        view = made.view()
        picture = tiled(view.sample(view.noise(64)))
        times = 448 // picture.width or 1
        path = PICTURES / f"{variant}-{data}-{seconds}s.png"
        picture.resize((picture.width * times, picture.height * times), 0).save(path, optimize=True)
        print(json.dumps({"variant": variant, "data": data, "seconds": seconds, "steps": made.step, "picture": path.name}), flush=True)


if __name__ == "__main__":
    for asked in sys.argv[1:] or ["ring", "digits", "faces"]:
        ring() if asked == "ring" else grids(asked)
