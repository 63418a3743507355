"""The gallery's training: what is killed ends as if it had not been, and only what is better replaces the best."""

import math
import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest
import torch

from models import ZOO, card, get
from playground import data
from playground.artifacts.gallery import FILE, GRID, README
from playground.artifacts.model_file import unpack
from playground.artifacts.model_forms import SMALL, tensors_of
from playground.config import machine
from playground.store.disk import Lock
from playground.tools.gallery_recipes import RECIPES, Recipe
from playground.tools.train_gallery import Training, rank, work

ROOT = Path(__file__).parents[2]
TINY = Recipe("gan", "ring8", dict(batch=16, width_g=8, width_d=8), every=20, patience=3, halvings=1)
FIRST = ("began", "ebgan", "ebgan_pt", "gan", "ls_gan", "lsgan", "magan", "wgan", "wgan_gp")         # which have models of points, too
CHILD = """
import sys
from dataclasses import replace
from pathlib import Path
import torch
from playground.tools import train_gallery
from test_train_gallery import TINY
torch.set_num_threads(1)
train_gallery.KEEP = 0.0 if sys.argv[2] == "always" else 60.0
for said in train_gallery.Training(TINY, Path(sys.argv[1])).go():
    print(said, flush=True)
"""


def child(state: Path, keep: str) -> subprocess.Popen:
    env = {**os.environ, "PYTHONPATH": os.pathsep.join([str(ROOT), str(ROOT / "tests" / "support"), str(ROOT / "tests" / "tools")])}
    return subprocess.Popen([sys.executable, "-c", CHILD, str(state), keep], stdout=subprocess.PIPE, text=True, env=env)


def end(state: Path) -> tuple[int, dict, dict]:
    """The best's step, tensors, and what it says of itself but for clocks."""
    step, tensors, meta = Training(TINY, state).best.latest()
    return step, tensors, {name: value for name, value in meta.items() if name not in ("seconds", "trained")}


@pytest.mark.parametrize("keep", ["always", pytest.param("seldom", marks=pytest.mark.full)])
def test_a_training_that_is_killed_ends_as_one_that_is_not(tmp_path: Path, keep: str) -> None:
    said = [line.split("min")[0].rsplit(",", 1)[0] for line in Training(TINY, tmp_path / "whole").go()]
    again = []
    for lines in (2, 4):
        process = child(tmp_path / "killed", keep)
        again.append([process.stdout.readline() for _ in range(lines)])
        process.kill()
        process.wait()
        process.stdout.close()
    again = [line.split("min")[0].rsplit(",", 1)[0] for line in Training(TINY, tmp_path / "killed").go()]
    assert 0 < len(again) < len(said)
    assert again == said[-len(again):]
    (step, tensors, meta), (other, others, told) = end(tmp_path / "whole"), end(tmp_path / "killed")
    assert (step, meta, tensors.keys()) == (other, told, others.keys())
    assert all(torch.equal(tensors[name], others[name]) for name in tensors)
    assert list(Training(TINY, tmp_path / "killed").go()) == []


@pytest.fixture
def told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> tuple[Training, list[float]]:
    """A training, and the energy distances that its next measures find."""
    values: list[float] = []
    monkeypatch.setattr(Training, "measure", lambda self, view, seed: {"modes/found": 8.0, "modes/share": 0.5, "distance/energy": values[0]})
    return Training(TINY, tmp_path), values


def test_a_better_one_replaces_the_best_and_a_worse_one_does_not(told: tuple[Training, list[float]]) -> None:
    training, values = told
    kept = []
    for value in (0.5, 0.7, 0.5, 0.3, float("nan"), 0.4):
        values[:] = [value]
        training.train()
        training.look()
        kept.append((training.best.latest()[0], training.best.latest()[2]["found"]["distance/energy"], training.stale))
    assert kept == [(20, 0.5, 0), (20, 0.5, 1), (20, 0.5, 2), (80, 0.3, 0), (80, 0.3, 1), (80, 0.3, 2)]


def test_when_none_is_better_it_goes_on_from_the_best_with_half_its_rates_and_ends(told: tuple[Training, list[float]]) -> None:
    training, values = told
    for value in (0.5, 0.3, 0.4, 0.4, 0.4):
        values[:] = [value]
        training.train()
        training.look()
    best = training.best.latest()[1]
    assert {name for name, t in training.trainer.gan.state_dict().items() if not torch.equal(t, best[f"gan.{name}"])} == {"lr_scale"}
    assert (training.trainer.step, training.astray, training.halved, training.stale, training.ended) == (100, 60, 1, 0, False)
    assert len(list(training.go())) == TINY.patience
    assert training.ended


def test_knobs_change_at_their_steps_and_back_with_them(told: tuple[Training, list[float]], tmp_path: Path) -> None:
    training, values = Training(replace(TINY, later={60: dict(lr_g=1e-4), 40: dict(lr_g=1e-3, ema=0.5)}), tmp_path), told[1]
    seen = []
    for value in (0.3, 0.4, 0.4, 0.4, 0.4):
        values[:] = [value]
        training.train()
        seen.append((training.trainer.gan.knobs.lr_g, training.trainer.gan.knobs.ema))
        training.look()
    first = (TINY.knobs().lr_g, TINY.knobs().ema)
    assert seen == [first, first, (1e-3, 0.5), (1e-4, 0.5), first]


def test_a_model_is_written_where_nothing_better_lies(told: tuple[Training, list[float]], tmp_path: Path) -> None:
    training, values = told
    assert not training.write(tmp_path)
    written = []
    for value, fresh in ((0.5, True), (0.7, False), (0.3, True)):
        other = Training(TINY, tmp_path / str(value))
        values[:] = [value]
        other.train()
        other.look()
        assert other.write(tmp_path) is fresh
        model = unpack((tmp_path / TINY.slug / FILE).read_bytes())
        written.append((model.about.step, model.about.quality["distance/energy"]["value"]))
    assert written == [(20, 0.5), (20, 0.5), (20, 0.3)]
    view = other.trainer.view().G.state_dict()
    assert all(torch.equal(t, view[name].half().float() if t.dim() > 1 else view[name]) for name, t in model.gan.G.state_dict().items())
    assert {file.name for file in (tmp_path / TINY.slug).iterdir()} == {FILE, GRID, README}
    assert "0.3" in (tmp_path / TINY.slug / README).read_text()


def test_one_process_trains_a_model_and_others_may_write_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(RECIPES, TINY.slug, TINY)
    monkeypatch.setattr(machine, "tune_malloc", lambda: True)
    state, out = tmp_path / "state", tmp_path / "out"
    lock = Lock(state / TINY.slug)
    assert work(TINY.slug, state, out, 1.0) == "gan-ring8: another process trains it"
    assert work(TINY.slug, state, out, 0.0).startswith("gan-ring8: as it was; not better")
    lock.release()
    assert work(TINY.slug, state, out, 10.0) == f"gan-ring8: it no longer improves; written to {out / TINY.slug}"
    file = (out / TINY.slug / FILE).read_bytes()
    assert work(TINY.slug, state, out, 0.0) == f"gan-ring8: as it was; written to {out / TINY.slug}"
    assert (out / TINY.slug / FILE).read_bytes() == file


def test_what_the_best_has_least_of() -> None:
    def points(modes: float, energy: float, share: float = 0.5) -> tuple[float, ...]:
        return rank({"modes/found": modes, "modes/share": share, "distance/energy": energy})

    assert points(8, 0.1) < points(7, 0.01) < points(7, 0.02) < points(7, float("nan"))
    assert points(8, 0.036, 0.7) < points(8, 0.028, 0.54) < points(8, 0.2, 0.7)
    assert rank({"quality/fd": 2.0, "quality/sw": 0.1}) == (2.0,)
    assert rank({"quality/sw": 0.125, "quality/patches": 0.25, "quality/ssim": 0.3}) == (0.375,)
    assert rank({"quality/sw": 0.125, "quality/ssim": 0.3}) == (math.inf,)         # soft or sharp: nobody knows


def written_bytes(recipe: Recipe) -> int:
    """Of the tensors in the file that is written."""
    gan = get(recipe.variant)(data.domain(recipe.data, recipe.pixels()), recipe.knobs(), None)
    return sum(t.nbytes for t in tensors_of(gan, SMALL).values())


def test_the_gallery_is_whole_and_small() -> None:
    pictures = {(v, d, s) for v in ("began", "ebgan") for d, s in (("pixel_faces", 32), ("toon_heads", 32), ("smileys", 32))}
    wanted = {(v, "digits", 28) for v in ZOO if card(v).recipes} | {(v, "ring8", 0) for v in FIRST} | pictures
    there = {(r.variant, r.data, r.pixels()) for r in RECIPES.values()}
    assert wanted <= there
    assert {size for _, _, size in there - wanted} == {64}
    sizes = {slug: written_bytes(recipe) for slug, recipe in RECIPES.items()}
    assert {slug: size for slug, size in sizes.items() if size > 3e6} == {}
    assert sum(sizes.values()) < 30e6
