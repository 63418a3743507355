"""How many held-out samples a variant that is a classifier puts into their class, beside its baseline; during a run, too."""

import pytest
import torch
from papers import Of
from running import AtStep, spec
from training import make

from models.kit.batch import POINTS
from playground.data import load
from playground.evaluation import background, suite
from playground.store.history import History
from playground.types import Status
from playground.worker.protocol import Intervals
from playground.worker.turns import run

OFTEN = Intervals(flush=0.05, points=0.05, images=0.05, snapshots_points=0.05, checkpoint=0.05, quality=1e3)


def test_held_out_samples_are_counted_and_who_is_no_classifier_is_not_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    ring, quality = load("ring8"), suite.quality_of("ring8")
    sgan, acgan, gan = (make(variant, POINTS, data=ring).view() for variant in ("sgan", "acgan", "gan"))
    sgan.D = Of(lambda x: torch.cat([-torch.cdist(x, ring.modes), 9 * torch.ones(len(x), 1)], 1))             # "fake" is no class
    sgan.C = Of(lambda x: torch.eye(9)[torch.zeros(len(x), dtype=torch.int64)])
    share = (quality.asked == 0).float().mean().item()
    found = suite.classified(sgan, quality)
    assert found == {"label/accuracy": pytest.approx(1, abs=1e-3), "label/worst": pytest.approx(1, abs=0.01), "label/baseline": pytest.approx(share)}
    assert found.keys() <= suite.MEASURES.keys()
    assert suite.classified(acgan, quality).keys() == {"label/accuracy", "label/worst"}
    assert suite.classified(gan, quality) == {}
    monkeypatch.setattr(quality, "asked", None)
    assert suite.classified(sgan, quality) == {}, "without labels"


def test_a_run_tells_the_accuracy_and_that_of_its_baseline(tmp_path, monkeypatch) -> None:
    monkeypatch.setattr(background, "LEAST", 0.0)
    asked = spec("sgan", "ring8", 30, width_g=8, width_d=8, batch=32)
    assert run(asked, AtStep(tmp_path), OFTEN) == (Status.FINISHED, "")
    found = [m for m in History(AtStep(tmp_path).journal).refresh().measures if "label/accuracy" in m]
    assert found
    assert all(0 <= m[name] <= 1 for m in found for name in ("label/accuracy", "label/worst", "label/baseline"))
    assert all(m["label/worst"] <= m["label/accuracy"] for m in found)
