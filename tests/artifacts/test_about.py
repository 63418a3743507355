"""What a model's file says of it: each field is checked, and what is refused is named."""

import base64
import json
import math

import numpy as np
import pytest
import torch
from modelling import about, packed, retold

from models import get
from models.kit.batch import Shape
from playground.artifacts.metadata import SIDES, About
from playground.artifacts.model_file import unpack
from playground.types import Refused


def z(*numbers: float) -> str:
    """A latent as a file has it."""
    return base64.b64encode(np.array(numbers, "<f4").tobytes()).decode()


TEXT = [7, None, [], {}, "x" * 201, "a\nb", "a\x00", "\u202egnp", "\u2028", "\ud800"]
WRONG = {
    "variant": ["", "nosuch", "gans", 7, None, [], {}, "x" * 10_000, "__class__", "../began"],
    "data": ["", "a b", "<img src=x>", "../..", "x" * 81, 7, None, "a\n", "\u202ex"],
    "dims": [[], [3], [2, 2], [1, 28, 29], [2, 32, 32], [3, 4, 4], [3, 65, 65], [3, 10 ** 9, 10 ** 9], [True, 28, 28],
             [1.0, 28.0, 28.0], "2", None, 2],
    "size": [-1, 28, 65, "0", 1e308, math.nan, True, None],
    "step": [-1, 2 ** 60, 0.5, "7", None, True, math.nan, math.inf],
    "seed": [-1, 2 ** 31, 0.5, "7", None, True],
    "trained": ["today", "2026-13-01", "2026-02-30", 7, None, [], "2026-11-22T10:00"],
    "name": [*TEXT, "x" * 81],
    "licence": TEXT,
    "options": [7, None, [], {"a b": 1}, {"a": []}, {"a": {}}, {"a": math.nan}, {"a": 1e300}, {"a": "x" * 20_001}, {f"k{i}": 1 for i in range(65)}],
    "knobs": [7, None, [], {"a": 1}, {"lr_g": []}, {f"k{i}": 1 for i in range(1000)}],
    "quality": [7, None, [], {"fd": {"value": 1}}, {"a/b": 1}, {"a/b": {}}, {"a/b": {"floor": 1}}, {"a/b": {"value": "1"}}, {"<b>/x": {"value": 1}},
                {"a/b": {"value": math.nan}}, {"a/b": {"value": 1, "x": 1}}, {"a/b": {"value": True}}, {"a/b": {"value": 1e13}}],
    "measured": [7, [], {}, {"extractor": "x", "n": 0, "seed": 1}, {"extractor": "\n", "n": 1, "seed": 1}, {"extractor": "x", "n": 1}],
    "versions": [7, None, [], {"torch": 7}, {"torch": "<b>"}, {"numpy": "1"}, {"torch": "x" * 81}],
    "directions": [7, None, [], {"a": 7}, {"a": ""}, {"a": "*"}, {"a": z(0, 0)}, {"a": z(1, 1)}, {"a": z(math.nan, 0)}, {"a": z(1)},
                   {"a": z(1, 0, 0)}, {"": z(1, 0)}, {"layer 1": z(1, 0)}, {"a\nb": z(1, 0)}, {"\u202ea": z(1, 0)}, {"x" * 81: z(1, 0)},
                   {f"d{i}": z(1, 0) for i in range(21)}],
}


@pytest.mark.parametrize("field", WRONG)
def test_each_field_is_checked_and_named(field):
    good = about().json()
    for value in WRONG[field]:
        with pytest.raises(Refused) as found:
            About.read({**good, field: value})
        assert found.value.field == field, value
        assert 5 < len(str(found.value)) < 500


def test_every_field_has_its_row_here():
    assert set(WRONG) == set(about().json())


def test_what_is_right_is_taken_as_it_is():
    told = about("began", Shape(1, 28), seed=3, trained="2026-11-22",
                 quality={"quality/fd": {"value": 2.5, "floor": 0.15}, "modes/found": {"value": 8}},
                 measured={"extractor": "digits-1", "n": 1000, "seed": 5},
                 name="Ωμέγα <b>", licence="CC BY-SA 3.0",
                 options={"noise": 0.0, "flip": False, "colour": "grey", "points": "0,0;1,1"}, versions={"torch": "2.13.0+cpu", "playground": "1"},
                 directions={"thick": z(0, 0.6, -0.8, 0)})
    assert About.read(json.loads(json.dumps(told.json()))) == told
    assert unpack(packed("began", Shape(1, 28), name="Ωμέγα")).about.name == "Ωμέγα"


def test_what_must_be_there_and_what_may_not():
    good = about().json()
    for name in ("variant", "data", "dims", "knobs", "step"):
        with pytest.raises(Refused) as found:
            About.read({key: value for key, value in good.items() if key != name})
        assert found.value.field == name
    for raw in ({**good, "code": "import os"}, [], None, "model"):
        with pytest.raises(Refused) as found:
            About.read(raw)
        assert found.value.field == "model"


def test_knobs_are_known_and_in_range_and_one_that_is_younger_than_the_file_has_its_default():
    good = about("began").json()
    with pytest.raises(Refused) as found:
        About.read({**good, "knobs": {**good["knobs"], "more": 1}})
    assert found.value.field == "knobs"
    for variant, younger in (("began", "gamma"), ("began", "z_dim"), ("began", "hidden_d"), ("ls_gan", "clamp"), ("ls_gan", "z")):
        whole = about(variant).json()
        was = {name: value for name, value in whole["knobs"].items() if name != younger}
        assert About.read({**whole, "knobs": was}).knobs == {**was, younger: getattr(get(variant).Knobs(), younger)}
    for knob, value in (("width_g", 10 ** 9), ("z_dim", 10 ** 6), ("prior", "cauchy"), ("spectral", 1), ("lr_g", "fast"), ("code", 2.5)):
        with pytest.raises(Refused) as found:
            About.read({**good, "knobs": {**good["knobs"], knob: value}})
        assert found.value.field == knob


def test_a_field_that_lies_is_found_in_a_file_too():
    file = packed()
    for field, value in (("variant", "nosuch"), ("name", "a\nb"), ("step", 10 ** 40), ("dims", [2, 10 ** 9])):
        with pytest.raises(Refused) as found:
            unpack(retold(file, **{field: value}))
        assert found.value.field == field


@pytest.mark.parametrize("side", SIDES)
def test_a_network_can_be_built_for_every_size_that_is_read(side):
    of = about(shape=Shape(1, side))
    assert of.variant_class(of.domain, of.checked_knobs(), None).sample(torch.zeros(2, 4)).shape == (2, 1, side, side)
