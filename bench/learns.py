"""What the quick presets reach in seconds: python -m bench.learns speed figures.jsonl, then python -m bench.learns table figures.jsonl

"speed" tells the steps per second of every variant on this machine with nothing else at work: points on one thread, pictures on two.
"table" reads those lines of the file, and trains every variant for the steps that fit in so many seconds, three seeds, two runs side by
side on one thread each. Lines are appended; what the file has already is not made again. Sample grids of the first seed go to assets/pictures.
Seconds are of training alone: frames, quality and checkpoints take up to a tenth more in the app.
"""

import json
import sys
import time
from concurrent.futures import ProcessPoolExecutor, as_completed
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import torch

from models import ZOO, get
from models.kit.knobs import check
from playground import quality
from playground.data import Batches, load
from playground.pictures import tiled
from playground.presets import preset
from playground.trainer import Trainer

PICTURES = Path(__file__).parent.parent / "assets" / "pictures"
SEEDS = (0, 1, 2)
MARKS = {"ring8": (0, 5), "moons": (0, 10), "digits": (15, 30, 60, 120), "pixel_faces": (60,)}     # seconds
Figure = dict[str, Any]


def trainer(variant: str, data: str, seed: int) -> Trainer:
    """The quick preset, as a run would have it."""
    chosen = preset(variant, data, "quick")
    cls, found = get(variant), load(data, chosen["size"])
    knobs, generator = check(cls.Knobs, chosen["knobs"]), torch.Generator().manual_seed(seed)
    gan = cls(found.shape, knobs, torch.Generator().manual_seed(seed))
    return Trainer(gan, Batches(found.train, knobs.batch, generator), 10 ** 9, seed=seed, generator=generator)


def speed(variant: str, data: str, seconds: float = 4.0) -> Figure:
    """Steps per second, the first second apart."""
    torch.set_num_threads(1 if load(data).shape.is_points else 2)
    made = trainer(variant, data, 0)

    def train(until: float) -> None:
        while time.perf_counter() < until:
            made.advance()
            if made.step % 50 == 0:
                made.flush()

    train(time.perf_counter() + 1)
    while made.gan.phase() != "play":
        made.advance()
        made.flush()
    start, first = time.perf_counter(), made.step
    train(start + seconds)
    return {"speed": round((made.step - first) / (time.perf_counter() - start), 2), "variant": variant, "data": data}


def reached(variant: str, data: str, seed: int, rate: float) -> list[Figure]:
    """Every measure of a run at each mark, after seconds x rate steps."""
    torch.set_num_threads(1)
    made, against = trainer(variant, data, seed), quality.of(data, preset(variant, data, "quick")["size"])
    figures = []
    for seconds in MARKS[data]:
        while made.step < seconds * rate:
            made.advance()
            if made.step % 50 == 0:
                made.flush()
        view = made.view()
        with torch.no_grad():
            fakes = torch.cat([view.sample(z) for z in view.noise(against.n, torch.Generator().manual_seed(seed)).split(250)])
        found = {name: round(value, 4) for name, value in against.measure(fakes).items()}
        figures.append({"variant": variant, "data": data, "seed": seed, "seconds": seconds, "steps": made.step, **found})
        if seed == SEEDS[0] and not against.points:
            picture = tiled(fakes[:64])
            times = 448 // picture.width or 1
            path = PICTURES / f"{variant}-{data}-{seconds}s.png"
            picture.resize((picture.width * times, picture.height * times), 0).quantize(128).save(path, optimize=True)
    return figures


def table(file: Path) -> None:
    PICTURES.mkdir(exist_ok=True)
    made = [json.loads(line) for line in file.read_text().splitlines()]
    rate = {(f["variant"], f["data"]): f["speed"] for f in made if "speed" in f}
    done = {(f["variant"], f["data"], f["seed"]) for f in made if "seed" in f and f["seconds"] == MARKS[f["data"]][-1]}
    with ProcessPoolExecutor(2, mp_context=get_context("spawn")) as pool:
        runs = [pool.submit(reached, v, d, s, rate[v, d]) for part in (("ring8", "moons"), ("digits", "pixel_faces"))
                for s in SEEDS for d in part for v in ZOO if (v, d, s) not in done]
        for run in as_completed(runs):
            append(file, run.result())


def append(file: Path, figures: list[Figure]) -> None:
    with file.open("a") as out:
        out.writelines(json.dumps(figure) + "\n" for figure in figures)


if __name__ == "__main__":
    what, to = sys.argv[1], Path(sys.argv[2])
    if what == "table":
        table(to)
    else:
        for data in MARKS:
            for variant in ZOO:
                append(to, [speed(variant, data)])
