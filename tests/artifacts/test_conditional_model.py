"""A variant that is told the data's class, from a run's first frame to a model that is asked for a class; no test names it but by what it can do."""

import io
from pathlib import Path

import numpy as np
import pytest
import torch
from measured import measured_on_digits
from modelling import packed
from PIL import Image
from running import AtStep

from models import ZOO
from models.kit.capabilities import Coder, Conditional
from playground import api, data
from playground.artifacts import model_card
from playground.artifacts.model_file import of_run, unpack
from playground.artifacts.run_export import grid_png
from playground.evaluation import suite
from playground.inspection import critic
from playground.inspection.critic_images import TILES
from playground.inspection.score_slice import slice_of
from playground.inspection.step_trace import trace_step
from playground.store.history import History
from playground.training.build import averaged_gan
from playground.types import Refused, Run, Spec

TOLD = [id for id, cls in ZOO.items() if issubclass(cls, Conditional) and not issubclass(cls, Coder)]
SMALL = {"width_g": 4, "width_d": 4, "z_dim": 8, "batch": 16}


@pytest.fixture(scope="module", params=TOLD)
def done(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> tuple[Spec, Path]:
    """A small run on digits that has ended."""
    return measured_on_digits(request.param, SMALL, tmp_path_factory.mktemp("told"))


def test_a_frame_has_a_row_for_each_digit_and_d_s_scores_beneath_them(done) -> None:
    _, folder = done
    with Image.open(next((folder / "frames").glob("*"))) as sheet:
        assert sheet.size == (8 * 29 - 1, 10 * 29 - 1)
    header, _ = critic.unpack(next((folder / "looks").glob("*")).read_bytes())
    assert len(header["under"]) == 80
    assert len(header["tiles"]) == len(TILES)
    assert header["hist"]["mean"].keys() == {"real", "held", "fake"}


def test_the_accuracy_of_what_was_asked_is_measured_and_has_a_floor(done) -> None:
    _, folder = done
    history = History(AtStep(folder).journal).refresh()
    found = [m["cond/accuracy"] for m in history.measures if "cond/accuracy" in m]
    assert found
    assert all(0 <= value <= 1 for value in found)
    assert 0.95 < history.quality["floors"]["cond/accuracy"] <= 1
    assert 0 < history.quality["deviations"]["cond/accuracy"] < 0.02


def test_a_run_that_was_asked_for_no_class_says_nothing_of_classes(tmp_path) -> None:
    measured_on_digits("lsgan", SMALL, tmp_path)
    history = History(AtStep(tmp_path).journal).refresh()
    assert history.quality
    assert "cond/accuracy" not in history.quality["floors"]
    assert not [m for m in history.measures if "cond/accuracy" in m]


def test_its_step_and_a_slice_of_its_score_can_be_looked_at(done) -> None:
    asked, folder = done
    saved = AtStep(folder).latest()
    told = trace_step(asked, saved)
    assert [stage["id"] for stage in told["stages"]][:3] == ["draw", "fakes", "score"]
    assert np.isfinite(slice_of(asked, saved, [TILES[0], TILES[7], TILES[14]], 8)["values"]).all()


def test_its_model_is_asked_for_a_class(done) -> None:
    asked, folder = done
    told = AtStep(folder)
    file = of_run(Run("0" * 32, asked), told.latest(), History(told.journal).refresh())
    model = unpack(file)
    assert model.about.classes == data.domain("digits").classes
    assert 0 <= model.about.quality["cond/accuracy"]["value"] <= 1 < 1.5 * model.about.quality["cond/accuracy"]["floor"]
    code = model.gan.draw(20, torch.Generator().manual_seed(1))
    mine = averaged_gan(asked, told.latest())
    assert torch.equal(mine.sample(code), model.gan.sample(code))
    three, four, turn = (api.sample(model, 12, seed=2, y=y) for y in (3, 4, None))
    assert not torch.equal(three, four)
    assert torch.allclose(turn[3], three[3], atol=1e-5)
    assert torch.allclose(turn[4], four[4], atol=1e-5)
    way = api.interpolate(model, 1, 2, 5, y=4)
    assert torch.allclose(way[0], api.sample(model, 1, seed=1, y=4)[0], atol=1e-5)
    assert torch.equal(api.interpolate(model, 1, 2, 5), api.interpolate(model, 1, 2, 5, y=0))
    found = api.invert(model, api.sample(model, 1, seed=9, y=6)[0], restarts=4, steps=60, y=6)
    assert found.residual < 0.5 * api.invert(model, torch.full((1, 28, 28), 1.0), restarts=2, steps=10, y=6).residual
    for wrong in (10, -1, "3", True, 1.5):
        with pytest.raises(Refused, match="y must be a whole number between 0 and 9") as refused:
            api.sample(model, 2, y=wrong)
        assert refused.value.field == "y"
    with Image.open(io.BytesIO(model_card.grid(model))) as grid, Image.open(io.BytesIO(grid_png(model.gan, 3))) as exported:
        assert grid.size == exported.size == (8 * 29 - 1, 10 * 29 - 1)
    card = model_card.card(model.about)
    assert "gan.sample(gan.draw(64))" in card
    assert "unconditional" not in card


def test_a_class_that_nobody_knows_is_refused() -> None:
    with pytest.raises(Refused, match="GAN knows none") as refused:
        api.sample(unpack(packed("gan")), 2, y=1)
    assert refused.value.field == "y"


def test_fakes_are_measured_in_the_classes_of_held_out_data() -> None:
    quality = suite.quality_of("digits")
    held = data.load("digits").held[:quality.n]
    x, y = quality.labelled(held, quality.asked)
    assert torch.equal(x, quality.batch(held))
    found = quality.slow(x, y)
    assert found["cond/accuracy"] > 0.97
    assert 0.9 < found["cond/worst"] < found["cond/accuracy"]
    assert quality.slow(x, (y + 1) % 10)["cond/accuracy"] < 0.03
    threes_missed = torch.where(y == 3, 8, y)                   # one class alone: most of the asked eights are threes
    assert quality.slow(x, threes_missed)["cond/worst"] < 0.6 < quality.slow(x, threes_missed)["cond/accuracy"]
    assert not {"cond/accuracy", "cond/worst"} & quality.slow(x).keys()
