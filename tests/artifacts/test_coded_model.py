"""A variant with categories of its own, from a run's first frame to a model that is asked for one; no test names it but by what it can do."""

from pathlib import Path

import numpy as np
import pytest
import torch
from measured import measured_on_digits
from PIL import Image
from running import AtStep

from models import ZOO
from models.kit.capabilities import Coder
from playground import api
from playground.artifacts import model_card
from playground.artifacts.model_file import of_run, unpack
from playground.evaluation import suite
from playground.inspection.critic_images import TILES
from playground.inspection.score_slice import slice_of
from playground.inspection.step_trace import trace_step
from playground.store.history import History
from playground.types import Refused, Run, Spec

CODED = [id for id, cls in ZOO.items() if issubclass(cls, Coder)]
SMALL = {"width_g": 4, "width_d": 4, "z_dim": 8, "batch": 16, "n_cat": 6}
MEASURED = {"cluster/accuracy", "cluster/nmi"}


@pytest.fixture(scope="module", params=CODED)
def done(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> tuple[Spec, Path]:
    """A small run on digits that has ended."""
    return measured_on_digits(request.param, SMALL, tmp_path_factory.mktemp("coded"))


def test_a_frame_has_a_row_for_each_category(done) -> None:
    with Image.open(next((done[1] / "frames").glob("*"))) as sheet:
        assert sheet.size == (8 * 29 - 1, 6 * 29 - 1)


def test_what_its_categories_tell_of_the_classes_is_measured_and_nothing_was_asked(done) -> None:
    history = History(AtStep(done[1]).journal).refresh()
    found = [m for m in history.measures if m.keys() >= MEASURED]
    assert found
    assert all(0 <= m[name] <= 1 for m in found for name in MEASURED)
    assert not any("cond/accuracy" in m or "cond/worst" in m for m in history.measures)
    assert not {"cond/accuracy", "cond/worst", *MEASURED} & history.quality["floors"].keys()


def test_its_step_and_a_slice_of_its_score_can_be_looked_at(done) -> None:
    saved = AtStep(done[1]).latest()
    told = trace_step(done[0], saved)
    assert [stage["id"] for stage in told["stages"]][:3] == ["draw", "fakes", "score"]
    assert np.isfinite(slice_of(done[0], saved, [TILES[0], TILES[7], TILES[14]], 8)["values"]).all()


def test_its_model_is_asked_for_a_category(done) -> None:
    told = AtStep(done[1])
    model = unpack(of_run(Run("0" * 32, done[0]), told.latest(), History(told.journal).refresh()))
    assert model.about.classes == (), "it knows nothing of the data's"
    assert model.about.asked_classes == model.gan.classes() == tuple(f"code {i}" for i in range(6))
    assert model.about.quality.keys() >= MEASURED
    three, four, turn = (api.sample(model, 12, seed=2, y=y) for y in (3, 4, None))
    assert not torch.equal(three, four)
    assert torch.allclose(turn[3], three[3], atol=1e-5)
    with pytest.raises(Refused, match="y must be a whole number between 0 and 5"):
        api.sample(model, 2, y=6)
    assert "gan.sample(gan.draw(64))" in model_card.card(model.about)


def test_held_out_samples_are_sorted_where_they_have_labels() -> None:
    digits, plain = suite.quality_of("digits"), suite.quality_of("moons")
    places = iter(digits.labelled(digits.held_out, digits.asked).y.split(suite.CHUNK))
    assert digits.clusters(lambda x: (next(places) + 3) % 10) == {"cluster/accuracy": 1.0, "cluster/nmi": pytest.approx(1.0)}
    assert digits.clusters(lambda x: torch.zeros(len(x), dtype=torch.int64))["cluster/nmi"] == 0
    assert plain.asked is None
    assert plain.clusters(lambda x: x.flatten(1).argmax(1)) == {}
