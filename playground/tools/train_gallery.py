"""Trains the gallery's models: python -m playground.tools.train_gallery [--only SLUG ...] [--minutes N] [--jobs N] [--state FOLDER] [--out FOLDER]

Every model of `recipes.py` trains on one thread until it no longer improves: whenever the best measure is long ago, or it diverges, it goes on
from that best with half its rates. It may be killed at any time; the next call goes on from the last checkpoint under --state, and ends the same.
The best is kept by the Fréchet distance (where no classifier knows the pictures by sliced Wasserstein, of them and of their patches; points: as
`rank` says).
It is written in the small form to --out, with its card and picture, and tells what is measured of that file with other noise, unless what lies
there is better. `--minutes 0` only writes.
"""

import argparse
import math
import os
import time
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor, as_completed
from dataclasses import replace
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import torch
from torch import Tensor

from models.kit.code import Code
from models.kit.gan import Latent
from playground import data
from playground.artifacts import model_card
from playground.artifacts.gallery import FILE, GRID, README
from playground.artifacts.metadata import About, domain_fields
from playground.artifacts.model_file import examined, pack, renamed, unpack, versions
from playground.artifacts.model_forms import SMALL
from playground.artifacts.safetensors_header import HEAD
from playground.config import machine
from playground.config.paths import ASSETS
from playground.evaluation import suite
from playground.store.checkpoints import Checkpoints
from playground.store.disk import Lock, write_aside
from playground.tools.gallery_recipes import RECIPES, Recipe
from playground.training.build import batches_of, untrained
from playground.training.trainer import BUFFER_STEPS, Diverged, Trainer
from playground.types import Refused

STATE, OUT = Path("data") / "gallery", ASSETS / "gallery"
SEEN, TOLD = 1, 2                   # seeds of the noise that the best is chosen by, and told by
KEEP = 60.0                         # seconds of training between two checkpoints
DESPERATE = 10                      # halvings after which a run that still diverges is given up
FAKES, AT_ONCE = 1000, 250

Measures = dict[str, float]


def rank(found: Measures) -> tuple[float, ...]:
    """What the best has least of. Points: modes that are missed, then the share beyond 3 σ of all and the energy distance, in one sum: it sees what
    the share does not, modes that are unequal."""
    if "modes/found" in found:
        least = -found["modes/found"], 1 - found["modes/share"] + found["distance/energy"]
    else:
        least = (found["quality/fd"] if "quality/fd" in found else found["quality/sw"] + found.get("quality/patches", math.inf),)
    return tuple(math.inf if math.isnan(value) else value for value in least)


class Training:
    """One model: its trainer, where its checkpoints and its best lie, and for how long it has not improved."""

    def __init__(self, recipe: Recipe, state: Path) -> None:
        """From the newest checkpoint under `state`, if there is one. RuntimeError or KeyError when its networks are others."""
        self.recipe, folder = recipe, state / recipe.slug
        self.kept, self.best = Checkpoints(folder / "checkpoints"), Checkpoints(folder / "best")
        self.data = data.load(recipe.data, recipe.pixels())
        knobs, generator = recipe.knobs(), torch.Generator().manual_seed(recipe.seed)
        gan = untrained(recipe.variant, self.data.domain, knobs, torch.Generator().manual_seed(recipe.seed))
        fast = not self.data.shape.is_points and machine.precision("cpu") == "bfloat16"
        batches = batches_of(gan, self.data, generator, seed=recipe.seed)
        self.trainer = Trainer(gan, batches, 10 ** 9, seed=recipe.seed, generator=generator, bf16=fast)
        self.against = suite.quality_of(recipe.data, recipe.pixels())
        self.stale, self.astray, self.seconds = 0, 0, 0.0
        found = self.kept.latest() or self.best.latest()
        if found:
            _, tensors, meta = found
            self.trainer.load(tensors, meta)
            self.stale, self.astray, self.seconds = meta["stale"], meta["astray"], meta["seconds"]

    @property
    def ended(self) -> bool:
        """Whether quality has stopped improving after all halvings of the rates."""
        return self.stale >= self.recipe.patience and self.halved >= self.recipe.halvings

    @property
    def halved(self) -> int:
        """How often the rates were halved."""
        return round(-math.log2(self.trainer.gan.lr_scale.item()))

    def go(self, most: float = math.inf) -> Iterator[str]:
        """Train for at most so many seconds, or until it has ended; what to say of every measure. Only one process may."""
        begun = saved = time.monotonic()
        before = self.seconds
        self.best.drop_after(self.trainer.step)         # it is found again
        self.save()
        while not self.ended and time.monotonic() - begun < most:
            try:
                self.train()
            except Diverged as bad:
                if self.best.latest() is None or self.halved >= DESPERATE:
                    raise
                self.go_back()
                yield f"{self.recipe.slug:24} {bad}; from the best again, rates 1/{2 ** self.halved}"
                continue
            self.seconds = before + time.monotonic() - begun
            yield self.look()
            if self.stale == 0 or time.monotonic() - saved >= KEEP:
                self.save()
                saved = time.monotonic()
        self.save()

    def train(self) -> None:
        """To the next step that is measured, with the recipe's knobs."""
        self.trainer.tune(self.recipe.knobs(self.trainer.step - self.astray))
        while True:
            self.trainer.advance()
            due = self.trainer.step % self.recipe.every == 0
            if due or self.trainer.step % BUFFER_STEPS == 0:
                self.trainer.flush()
            if due:
                return

    def look(self) -> str:
        """Measure, keep what is better than the best, halve the rates when that is long ago."""
        found, best, step = self.measure(self.trainer.view(), SEEN), self.best.latest(), self.trainer.step
        if best is None or rank(found) < rank(best[2]["found"]):
            self.stale = 0
            self.keep(found)
        else:
            self.stale += 1
        if self.stale >= self.recipe.patience and self.halved < self.recipe.halvings:
            self.go_back()
        told = " ".join(f"{name.split('/')[1]} {value:.3g}" for name, value in found.items() if name not in ("sample/std", "quality/ssim"))
        return f"{self.recipe.slug:24} {step:8,} {told}; {f'best for {self.stale} measures not' if self.stale else 'best'}, " \
               f"rates 1/{2 ** self.halved}, {self.seconds / 60:.1f} min"

    def keep(self, found: Measures) -> None:
        """As the best."""
        self.best.write(self.trainer.step, *self.state({"found": found, "trained": time.strftime("%Y-%m-%d")}))

    def measure(self, view: Latent, seed: int) -> Measures:
        """Of n fakes; where a small set allows but few, the mean over so many draws as make 1,000."""
        noise, draws = torch.Generator().manual_seed(seed), []
        for _ in range(max(1, FAKES // self.against.n)):
            code = suite.code_of(view, self.against, noise)
            draws.append(self.against.measure(fakes(view, code), suite.asked_of(view, code)) | suite.clusters_of(view, self.against))
        return {name: round(sum(one[name] for one in draws) / len(draws), 4) for name in draws[0]}

    def save(self) -> None:
        """A checkpoint, if its weights are numbers."""
        if not self.trainer.finite():
            return
        self.kept.write(self.trainer.step, *self.state({}))

    def state(self, more: dict[str, Any]) -> tuple[dict[str, Tensor], dict[str, Any]]:
        """The trainer's, and what else it takes to go on."""
        tensors, meta = self.trainer.state()
        return tensors, meta | {"stale": self.stale, "astray": self.astray, "seconds": self.seconds, **more}

    def go_back(self) -> None:
        """To the best, with half the rates. Steps count on, so that no checkpoint's name comes twice; `astray` are those that led nowhere, in whole
        intervals of measures: what has epochs, as MAGAN, is in the same part of one as the best was."""
        step, tensors, meta = self.best.latest()
        scale, now = self.trainer.gan.lr_scale.item() / 2, -(-self.trainer.step // self.recipe.every) * self.recipe.every
        self.trainer.load(tensors, meta | {"step": now})
        self.trainer.gan.lr_scale.fill_(scale)
        self.stale, self.astray = 0, meta["astray"] + now - step

    def write(self, out: Path) -> bool:
        """The best as a model's folder under `out`; False when there is none, or one that is better lies there. What it says of itself is measured of
        the file, whose weights are rounded, and with other noise: what it was chosen by is better than it is."""
        saved, folder, recipe = self.best.latest(), out / self.recipe.slug, self.recipe
        if saved is None:
            return False
        step, tensors, meta = saved
        about = About(recipe.variant, recipe.data, knobs=meta["knobs"], step=step - meta["astray"], size=recipe.pixels(), seed=recipe.seed,
                      trained=meta["trained"], measured={"extractor": self.against.extractor, "n": self.against.n, "seed": TOLD},
                      licence=data.get(recipe.data).licence, versions=versions(), **domain_fields(self.trainer.gan.domain))
        file = pack(about, tensors, SMALL)
        told = {name: value for name, value in self.measure(unpack(file).gan, TOLD).items() if math.isfinite(value)}
        if (folder / FILE).is_file():
            there = (folder / FILE).read_bytes()
            if rank({name: one["value"] for name, one in examined(there[:HEAD], len(there)).quality.items()}) < rank(told):
                return False
        best = self.against.best
        real = {name: {"floor": round(mean, 4), "deviation": round(best.deviation[name], 4)} for name, mean in best.mean.items()}
        about = replace(about, quality={name: {"value": value, **real.get(name, {})} for name, value in told.items()})
        folder.mkdir(parents=True, exist_ok=True)
        write_aside(folder / README, model_card.card(about, GRID).encode())
        write_aside(folder / GRID, model_card.grid(unpack(file)))
        write_aside(folder / FILE, renamed(file, about))
        return True


@torch.no_grad()
def fakes(view: Latent, code: Code) -> Tensor:
    """Its samples of a code."""
    return torch.cat([view.sample(part) for part in code.split(AT_ONCE)])


def work(slug: str, state: Path, out: Path, minutes: float) -> str:
    """Train one model in a process of its own, which ends soon after the one that began it; what has come of it."""
    torch.set_num_threads(1)
    machine.tune_malloc()
    parent, how = os.getppid(), "as it was"
    if minutes > 0:
        try:
            lock = Lock(state / slug)
        except Refused:
            return f"{slug}: another process trains it"
        training = Training(RECIPES[slug], state)
        try:
            for said in training.go(60 * minutes):
                print(said, flush=True)
                if os.getppid() != parent:
                    break
            how = "it no longer improves" if training.ended else "it can go on"
        except Diverged as bad:
            how = f"given up: {bad}"
        lock.release()
    written = Training(RECIPES[slug], state).write(out)
    return f"{slug}: {how}; {'written to' if written else 'not better than what lies in'} {out / slug}"


def main(arguments: list[str] | None = None) -> None:
    """Train the models of the gallery, or go on training them."""
    parser = argparse.ArgumentParser(description="Train the gallery's models, or go on training them.")
    parser.add_argument("--only", nargs="+", choices=list(RECIPES), default=list(RECIPES), metavar="SLUG", help=f"of {', '.join(RECIPES)}")
    parser.add_argument("--minutes", type=float, default=math.inf, help="at most, for each model; without it until none improves")
    parser.add_argument("--jobs", type=int, default=1, help="models that train at once, each on one thread")
    parser.add_argument("--state", type=Path, default=STATE, help="where checkpoints lie")
    parser.add_argument("--out", type=Path, default=OUT, help="where the models go")
    args = parser.parse_args(arguments)
    with ProcessPoolExecutor(args.jobs, mp_context=get_context("spawn"), max_tasks_per_child=1) as pool:
        for done in as_completed([pool.submit(work, slug, args.state, args.out, args.minutes) for slug in args.only]):
            print(done.result(), flush=True)


if __name__ == "__main__":
    main()
