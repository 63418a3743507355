"""Points that a person drew become a data set, or are refused in words."""

import base64

import numpy as np
import pytest
import torch
from running import EAGER, AtStep, assert_same, spec

from playground import data
from playground.data.registry import _building
from playground.data.sources.drawn import MOST, packed, smile, unpacked
from playground.specs import cost
from playground.specs.check import check
from playground.types import Refused, Run, Status
from playground.ui.http.routes import held_out_points
from playground.ui.requests import message_checks
from playground.worker.protocol import Command
from playground.worker.turns import run

THREE = torch.tensor([[-1.0, 0.5], [2.0, 2.0], [0.25, -3.0]])


def pairs(*numbers: int) -> str:
    return base64.b64encode(np.array(numbers, "<i2").tobytes()).decode()


def asked(points: str, **more) -> dict:
    return {"variant": "gan", "data": "drawn", "options": {"points": points, **more}}


def test_points_are_little_endian_pairs_of_4096ths():
    assert packed(torch.tensor([[1.0, -0.5]])) == base64.b64encode(bytes([0, 16, 0, 248])).decode()
    assert torch.equal(unpacked(packed(THREE)), THREE)
    assert (unpacked(packed(smile())) - smile()).abs().max() <= 0.5 / 4096


def test_samples_lie_about_the_points_each_as_often():
    found = data.load("drawn", 0, {"points": packed(THREE), "spread": 0.02})
    every = torch.cat([found.train, found.held])
    away, nearest = torch.cdist(every, THREE).min(1)
    assert torch.bincount(nearest).tolist() == [3334, 3333, 3333]
    assert (every - THREE[nearest]).std(0).tolist() == pytest.approx([0.02, 0.02], rel=0.05)
    assert away.max() < 0.12
    assert 0.15 < (nearest[8000:] == 0).float().mean() / 2 < 0.18       # held-out ones from all of them


def test_a_brush_of_no_width_draws_the_points_themselves():
    found = data.load("drawn", 0, {"points": packed(THREE), "spread": 0.0})
    assert torch.equal(found.train.unique(dim=0), THREE[THREE[:, 0].argsort()])


def test_equal_drawings_are_one_set_and_no_lock_is_left():
    one = data.load("drawn", 0, {"points": packed(THREE)})
    assert data.load("drawn", 0, {"points": packed(THREE), "noise": 0.1}) is one
    assert data.load("drawn") is not one
    assert not [key for key in _building if key[0] == "drawn"]


@pytest.mark.parametrize(("points", "said"), [
    (pairs(0, 0, 1, 1), "3 to 2,000"), (pairs(*range(2 * MOST + 2)), "3 to 2,000"), (pairs(0, 0, 1, 1, 2, 2, 3), "are 3[.]5"),
    (pairs(0, 0, 1, 1, 12289, 0), "between -3 and 3"), (pairs(0, 0, 1, 1, 0, -32768), "between -3 and 3"),
    (pairs(5, 5, 5, 5, 6, 6, 5, 5), "3 different"),
    ("not base64!", "base64"), ("AAAA\n" * 4, "base64"), ("\u00e9" * 16, "base64"), ("", "3 to 2,000"), ("A" * 20_001, "20000 characters"),
    (7, "text"), (None, "text"), ([0, 0, 1, 1], "text")])
def test_what_cannot_be_points_is_refused_by_name(points, said):
    with pytest.raises(Refused, match=said) as refused:
        check(asked(points))
    assert refused.value.field == "points"
    assert len(str(refused.value)) < 200


@pytest.mark.parametrize("spread", [-0.01, 0.51, float("nan"), "1", None])
def test_the_brush_has_a_range(spread):
    with pytest.raises(Refused, match=r"between 0 and 0\.5") as refused:
        check(asked(packed(THREE), spread=spread))
    assert refused.value.field == "spread"


def test_as_many_as_may_be_fit_through_the_page_s_door_and_other_texts_stay_short():
    most = torch.rand(MOST, 2) * 6 - 3
    message = {**asked(packed(most)), "knobs": {}}
    assert check({k: v for k, v in message_checks.spec("spec", message).items() if v is not None}).options["points"] == packed(most)
    assert len(packed(most)) < 11_000
    for wrong, field in (({**message, "options": {"points": "A" * 20_001}}, "points"), ({**message, "knobs": {"prior": "x" * 201}}, "prior")):
        with pytest.raises(Refused, match="characters") as refused:
            message_checks.spec("spec", wrong)
        assert refused.value.field == field


def test_a_run_learns_them_and_resumes_exactly(tmp_path):
    wanted = check(spec("gan", "drawn", 12).json() | {"options": {"points": packed(THREE)}})
    assert run(wanted, AtStep(tmp_path / "whole"), EAGER) == (Status.FINISHED, "")
    assert run(wanted, AtStep(tmp_path / "cut", {5: [Command("stop")]}), EAGER) == (Status.STOPPED, "")
    assert run(wanted, AtStep(tmp_path / "cut"), EAGER) == (Status.FINISHED, "")
    assert_same(tmp_path / "whole", tmp_path / "cut")
    usual = check(spec("gan", "drawn", 12).json())
    assert cost.kind(wanted) == cost.kind(usual)        # whatever was drawn, it takes as long
    assert cost.kind(wanted) != cost.kind(check(spec("gan", "ring8", 12).json()))


def test_a_page_is_shown_the_points_of_the_run_itself():
    wanted = check(spec("gan", "drawn").json() | {"options": {"points": packed(THREE), "spread": 0.0}})
    shown = torch.from_numpy(held_out_points(Run("0" * 32, wanted)))
    assert shown.shape == (1000, 2)
    assert torch.cdist(shown, THREE).min(1).values.max() == 0
