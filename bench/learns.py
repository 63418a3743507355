"""What the quick presets reach in seconds: python -m bench.learns speed figures.jsonl, then table figures.jsonl, then grids FOLDER
(show figures.jsonl prints the table once more)

"speed" tells the steps per second of every variant on this machine with nothing else at work: points on one thread, pictures on two.
"table" reads those lines of the file, and trains every variant for the steps that fit in so many seconds, three seeds, two runs side by
side on one thread each. Lines are appended; what the file has already is not made again. Then it prints them, and beneath them what real data
reach against real data: mean ± deviation over draws. Sample grids of the first seed go to a folder beside
the file; "grids" puts them side by side into assets/pictures.
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
from PIL import Image, ImageDraw

from models import ZOO, get
from models.kit.batch import lacking
from models.kit.capabilities import needs
from models.kit.knobs import check
from playground.config import machine
from playground.data import domain, load
from playground.evaluation import suite
from playground.render.encode import tiled
from playground.specs.presets import preset
from playground.training.build import batches_of
from playground.training.trainer import Trainer

PICTURES = Path(__file__).parent.parent / "assets" / "pictures"
SEEDS = (0, 1, 2)
GAP, LINE, SIDE = 12, 20, 448   # px between grids, of the words over one, and of a grid at most when it is enlarged
MARKS = {"ring8": (0, 5), "moons": (0, 10), "digits": (15, 30, 60, 120), "pixel_faces": (60,)}     # seconds
TOLD = {"ring8": "modes/share", "moons": "distance/energy", "digits": "quality/fd", "pixel_faces": "quality/sw"}
Figure = dict[str, Any]


def learners(data: str) -> list[str]:
    """The variants that can learn a data set."""
    return [variant for variant in ZOO if not lacking(needs(get(variant)), domain(data))]


def trainer(variant: str, data: str, seed: int) -> Trainer:
    """The quick preset, as a run would have it."""
    chosen = preset(variant, data, "quick")
    cls, found = get(variant), load(data, chosen["size"])
    knobs, generator = check(cls.Knobs, chosen["knobs"]), torch.Generator().manual_seed(seed)
    gan = cls(found.domain, knobs, torch.Generator().manual_seed(seed))
    fast = not found.shape.is_points and machine.precision("cpu") == "bfloat16"
    return Trainer(gan, batches_of(gan, found, generator, seed=seed), 10 ** 9, seed=seed, generator=generator, bf16=fast)


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


def reached(variant: str, data: str, seed: int, rate: float, grids: Path) -> list[Figure]:
    """Every measure of a run at each mark, after seconds x rate steps."""
    torch.set_num_threads(1)
    made, against = trainer(variant, data, seed), suite.quality_of(data, preset(variant, data, "quick")["size"])
    figures = []
    for seconds in MARKS[data]:
        while made.step < seconds * rate:
            made.advance()
            if made.step % 50 == 0:
                made.flush()
        view = made.view()
        with torch.no_grad():
            code = suite.code_of(view, against, torch.Generator().manual_seed(seed))
            fakes = torch.cat([view.sample(part) for part in code.split(250)])
        measured = against.measure(fakes, suite.asked_of(view, code)) | suite.clusters_of(view, against)
        found = {name: round(value, 4) for name, value in measured.items()}
        figures.append({"variant": variant, "data": data, "seed": seed, "seconds": seconds, "steps": made.step, **found})
        if seed == SEEDS[0] and not against.points:
            tiled(fakes[:64]).save(grids / f"{variant}-{data}-{seconds}s.png")
    return figures


def side_by_side(grids: Path, data: str, columns: int) -> None:
    """Every variant's grids of one data set, named, as one picture."""
    names = [(variant, seconds) for variant in learners(data) for seconds in MARKS[data]]
    found = [Image.open(grids / f"{variant}-{data}-{seconds}s.png").convert("RGB") for variant, seconds in names]
    times = SIDE // found[0].width or 1                 # whole, so that pixels stay square
    found = [grid.resize((grid.width * times, grid.height * times), 0) for grid in found]
    wide, high = found[0].width + GAP, found[0].height + GAP + LINE
    sheet = Image.new("RGB", (columns * wide - GAP, -(-len(found) // columns) * high), "white")
    pen = ImageDraw.Draw(sheet)
    for i, ((variant, seconds), grid) in enumerate(zip(names, found, strict=True)):
        left, top = i % columns * wide, i // columns * high
        pen.text((left, top), f"{ZOO[variant].title}, {seconds} s", fill="#1b2530", font_size=LINE - 4)
        sheet.paste(grid, (left, top + LINE))
    sheet.quantize(128).save(PICTURES / f"{data}.png", optimize=True)


def table(file: Path) -> None:
    """Train what the file lacks, append the figures to it, and print the table."""
    grids = file.with_suffix("")
    grids.mkdir(exist_ok=True)
    made = [json.loads(line) for line in file.read_text().splitlines()]
    rate = {(f["variant"], f["data"]): f["speed"] for f in made if "speed" in f}
    done = {(f["variant"], f["data"], f["seed"]) for f in made if "seed" in f and f["seconds"] == MARKS[f["data"]][-1]}
    with ProcessPoolExecutor(2, mp_context=get_context("spawn")) as pool:
        runs = [pool.submit(reached, v, d, s, rate[v, d], grids) for part in (("ring8", "moons"), ("digits", "pixel_faces"))
                for s in SEEDS for d in part for v in learners(d) if (v, d, s) not in done]
        for run in as_completed(runs):
            append(file, run.result())
    print(shown([json.loads(line) for line in file.read_text().splitlines()]))


def shown(figures: list[Figure]) -> str:
    """A Markdown table for each data set, a value for each seed; its last row is what real data reach against real data."""
    parts = []
    for data, measure in TOLD.items():
        values: dict[tuple[str, int], list[str]] = {}
        for f in sorted((f for f in figures if "seed" in f and f["data"] == data), key=lambda f: f["seed"]):
            values.setdefault((f["variant"], f["seconds"]), []).append(f"{f[measure]:.4g}")
        best, marks = suite.quality_of(data, preset(learners(data)[0], data, "quick")["size"]).best, MARKS[data]
        floor = f"{best.mean[measure]:.4g} ± {best.deviation[measure]:.2g} over {best.draws} draws"
        rows = [[f"{data}: {measure}", *(f"{mark} s" for mark in marks)], ["---"] * (1 + len(marks))]
        rows += [[ZOO[name].title, *(", ".join(values.get((name, mark), [])) for mark in marks)] for name in ZOO if name in {v for v, _ in values}]
        rows.append(["real against real", floor, *[""] * (len(marks) - 1)])
        parts.append("\n".join(f"| {' | '.join(row)} |" for row in rows))
    return "\n\n".join(parts)


def append(file: Path, figures: list[Figure]) -> None:
    """Append figures to a file, one JSON object per line."""
    with file.open("a") as out:
        out.writelines(json.dumps(figure) + "\n" for figure in figures)


if __name__ == "__main__":
    what, to = sys.argv[1], Path(sys.argv[2])
    if what == "table":
        table(to)
    elif what == "show":
        print(shown([json.loads(line) for line in to.read_text().splitlines()]))
    elif what == "grids":
        side_by_side(to, "digits", 4)
        side_by_side(to, "pixel_faces", 3)
    else:
        for data in MARKS:
            for variant in learners(data):
                append(to, [speed(variant, data)])
