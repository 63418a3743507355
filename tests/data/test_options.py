"""Options of data: declared once, checked everywhere, part of the run."""

import json
import time

import pytest
import torch
from running import EAGER, AtStep, assert_same, spec

from models.kit.batch import Shape
from models.kit.knobs import describe
from playground import data
from playground.artifacts.model_file import of_run, unpack
from playground.data.resize import grey
from playground.specs import cost
from playground.specs.check import check
from playground.store.history import History
from playground.store.journal import Journal
from playground.training import build
from playground.types import Refused, Run, Status
from playground.ui.handlers import catalogue
from playground.worker.protocol import Command
from playground.worker.turns import run

GOOD = {"variant": "gan", "data": "pixel_faces"}
ALL = {"noise": 0.0, "flip": False, "colour": "as it is"}
EMOJI = {**ALL, "group": "animals"}


@pytest.mark.parametrize(("name", "options"), [("ring8", {"noise": 0.0}), ("digits", {"noise": 0.0, "flip": False}), ("pixel_faces", ALL),
                                               ("emoji", EMOJI), ("mnist", {"noise": 0.0, "flip": False}), ("cifar10", ALL)])
def test_a_spec_s_options_are_complete(name, options):
    assert check({"variant": "gan", "data": name}).options == options
    assert check({"variant": "gan", "data": name, "options": None}).options == options
    assert check({"variant": "gan", "data": name, "options": {"noise": 0.25}}).options == {**options, "noise": 0.25}
    declared = describe(data.get(name).Options, data.get(name).kind == "points")
    assert {k["name"]: k["default"] for k in declared} == options
    assert all(k["help"] and not k["live"] for k in declared)


@pytest.mark.parametrize(("name", "options", "field", "said"), [
    ("digits", {"noise": 0.6}, "noise", "between 0 and 0.5"), ("ring8", {"noise": -0.1}, "noise", "between 0 and 0.5"),
    ("digits", {"noise": float("nan")}, "noise", "between 0 and 0.5"), ("digits", {"noise": "1"}, "noise", "number"),
    ("digits", {"flip": 1}, "flip", "true or false"), ("pixel_faces", {"colour": "red"}, "colour", "as it is, grey"),
    ("emoji", {"group": "cats"}, "group", "animals, food"), ("digits", {"colour": "grey"}, "colour", "noise, flip"),
    ("ring8", {"flip": True}, "flip", "noise"), ("smileys", {"group": "food"}, "group", "colour"),
    ("digits", [], "options", "object"), ("digits", "noise", "options", "object"), ("digits", {"x" * 10_000: 1}, "x" * 40, "noise, flip")])
def test_refusals_name_the_option_and_its_range(name, options, field, said):
    for ask in (lambda: check({"variant": "gan", "data": name, "options": options}), lambda: data.load(name, 0, options),
                lambda: data.shape(name, 0, options)):
        with pytest.raises(Refused, match=said) as refused:
            ask()
        assert refused.value.field == field
        assert len(str(refused.value)) < 300


def test_a_small_group_s_size_bounds_the_batch():
    asked = {"variant": "gan", "data": "emoji", "options": {"group": "flags"}, "knobs": {"batch": 8}}
    with pytest.raises(Refused, match="between 4 and 6") as refused:
        check(asked)
    assert refused.value.field == "batch"
    assert check(asked | {"options": {"group": "food"}}).knobs["batch"] == 8


def test_grey_has_one_channel_and_pillow_s_luma():
    from PIL import Image

    colour, found = data.load("pixel_faces", 16), data.load("pixel_faces", 16, {"colour": "grey", "noise": 0.3})
    assert found.shape == data.shape("pixel_faces", 16, {"colour": "grey"}) == Shape(1, 16)
    assert (found.train.shape, found.train.dtype) == ((8000, 1, 16, 16), torch.uint8)
    assert torch.equal(found.labels, colour.labels)
    for i in (0, 99):
        pillow = Image.fromarray(colour.held[i].permute(1, 2, 0).numpy()).convert("L")
        assert (found.held[i].int().flatten() - torch.tensor(list(pillow.tobytes())).int()).abs().max() <= 1
    x = torch.randint(0, 256, (2500, 3, 1, 1), dtype=torch.uint8, generator=torch.Generator().manual_seed(0))
    assert torch.equal(grey(x)[2400:], grey(x[2400:]))
    assert grey(torch.full((1, 3, 1, 1), 255, dtype=torch.uint8)).item() == 255


def test_the_catalogue_tells_all_that_a_page_needs_about_data():
    start = time.perf_counter()
    told = {d["id"]: d for d in catalogue.datasets()}
    assert time.perf_counter() - start < 0.5
    assert len(json.dumps(told)) < 40_000
    assert list(told) == list(data.DATASETS)
    assert [d["group"] for d in told.values() if d["group"] != "Your own"] == ["Points"] * 11 + ["Pictures"] * 6 + ["Downloads"] * 5
    assert {name: d["modes"] for name, d in told.items() if d["modes"]} == {"ring8": 8, "grid25": 25}
    assert told["emoji"]["options"] == describe(data.get("emoji").Options, False)
    assert told["smileys"]["samples"] == 94
    assert [d["needs"] for d in told.values() if d["group"] == "Downloads"] == ["network"] * 5
    assert all(bool(d["thumb"]) == (d["group"] == "Pictures") for d in told.values() if not d["needs"])


def test_noise_and_flips_make_no_other_tensors():
    assert data.load("pixel_faces", 16, {"noise": 0.1, "flip": True}) is data.load("pixel_faces", 16)
    assert data.load("emoji", 16, {"group": "food"}) is not data.load("emoji", 16)


def test_what_was_not_asked_for_longest_is_let_go(monkeypatch):
    monkeypatch.setattr(data.registry, "_loaded", data.registry.in_memory())
    first, second = data.load("moons"), data.load("smileys", 16)
    monkeypatch.setattr(data.registry._loaded, "most", data.registry.data_bytes(first) + data.registry.data_bytes(second))
    assert data.load("moons") is first
    third = data.load("spirals")                        # no room for all three, and smileys have waited longest
    assert data.load("spirals") is third
    assert data.load("moons") is first
    assert data.load("smileys", 16) is not second


def test_a_run_with_options_trains_on_them_and_resumes_exactly(tmp_path):
    options = {"colour": "grey", "flip": True, "noise": 0.1}
    asked = check(spec("lsgan", "pixel_faces", 12, width_g=4, width_d=4, z_dim=8).json() | {"options": options})
    assert run(asked, AtStep(tmp_path / "whole"), EAGER) == (Status.FINISHED, "")
    assert run(asked, AtStep(tmp_path / "cut", {5: [Command("stop")]}), EAGER) == (Status.STOPPED, "")
    assert run(asked, AtStep(tmp_path / "cut"), EAGER) == (Status.FINISHED, "")
    assert_same(tmp_path / "whole", tmp_path / "cut")

    from playground.store.checkpoints import Checkpoints
    saved = Checkpoints(tmp_path / "whole" / "checkpoints").latest()
    assert build.samples(build.averaged_gan(asked, saved), torch.zeros(2, 8)).shape == (2, 1, 16, 16)
    history = History(Journal(tmp_path / "whole" / "events.jsonl")).refresh()
    made = unpack(of_run(Run("0" * 32, asked, status=Status.FINISHED), saved, history))
    assert (made.about.options, made.about.dims, made.gan.shape) == (asked.options, (1, 16, 16), Shape(1, 16))

    plain = check(asked.json() | {"options": {"colour": "grey"}})
    run(plain, AtStep(tmp_path / "plain"), EAGER)
    other = Checkpoints(tmp_path / "plain" / "checkpoints").latest()
    assert any(not torch.equal(saved[1][name], other[1][name]) for name in saved[1])


def test_a_run_of_before_there_were_options_is_read_and_goes_on(tmp_path):
    raw = Run("0" * 32, spec(steps=5)).json()
    del raw["spec"]["options"]
    old = Run.from_json(raw).spec
    assert old.options == {}
    assert run(old, AtStep(tmp_path / "old"), EAGER) == (Status.FINISHED, "")
    assert run(check(old.json()), AtStep(tmp_path / "new"), EAGER) == (Status.FINISHED, "")
    assert_same(tmp_path / "old", tmp_path / "new")
    assert build.domain_of(old).shape == data.shape("ring8")


def test_an_estimate_knows_the_options():
    colour, grey_ = (check({**GOOD, "options": {"colour": c}}) for c in ("as it is", "grey"))
    assert cost.counted(grey_).flops < cost.counted(colour).flops
    assert cost.kind(grey_) != cost.kind(colour)
    assert data.batch_bytes("cifar10", 32, {}) == 48_000 * 3072
    assert data.batch_bytes("cifar10", 16, {"colour": "grey"}) == 48_000 * 256
    assert data.batch_bytes("ring8", 0, {}) == 0
