"""Models from Python, by real files: loading, drawing, going between latents, and back from a picture; every refusal names its argument."""

import math
from pathlib import Path

import numpy as np
import pytest
import torch
from modelling import packed, retold
from torch import Tensor

from models.kit.batch import Shape
from playground import api
from playground.artifacts.model_forms import SMALL
from playground.explorer.latents import paths
from playground.store.models import FILE
from playground.types import Refused, new_id

KINDS = {"points": packed(), "uniform": packed(knobs={"prior": "uniform", "skip": False}), "grey": packed("began", Shape(1, 16)),
         "colour": packed("lsgan", Shape(3, 16)), "small": packed("aae", Shape(1, 16), SMALL)}


@pytest.fixture(params=KINDS)
def file(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    path = tmp_path / "model.safetensors"
    path.write_bytes(KINDS[request.param])
    return path


def put(root: Path, id: str, kind: str) -> None:
    (root / id).mkdir(parents=True)
    (root / id / FILE).write_bytes(KINDS[kind])


@pytest.fixture
def shelf(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """A model that ships, "began-digits", and a kept one, whose id it gives."""
    monkeypatch.setattr(api, "GALLERY", tmp_path / "gallery")
    monkeypatch.setenv("PLAYGROUND_DATA", str(tmp_path / "data"))
    put(api.GALLERY, "began-digits", "grey")
    put(tmp_path / "data" / "models", id := new_id(), "points")
    return id


def refused(field: str, act, *arguments, **named) -> str:
    with pytest.raises(Refused) as bad:
        act(*arguments, **named)
    assert bad.value.field == field, bad.value
    return str(bad.value)


def test_samples_are_what_the_model_s_generator_makes_of_the_seed(file):
    model = api.load(file)
    x = api.sample(model, 5, seed=3)
    z = paths.draw(model.about.knobs["prior"], 5, model.about.z_dim, 3)
    assert x.shape == (5, *model.about.dims)
    assert torch.allclose(x, model.gan.G(z), atol=1e-5)
    assert torch.equal(x, api.sample(api.load(str(file)), 5, seed=3))
    assert not torch.equal(x, api.sample(model, 5, seed=4))
    assert torch.allclose(api.sample(model, 5, seed=3, radius=0.5), model.gan.G(z / 2), atol=1e-5)
    assert x.requires_grad is False
    assert (x + torch.zeros((), requires_grad=True)).requires_grad          # a tensor like others, for whatever is computed from it


def test_a_way_has_both_its_ends_and_the_prior_s_mode(file):
    model = api.load(file)
    way = api.interpolate(model, 3, 8, 7)
    assert way.shape == (7, *model.about.dims)
    assert torch.allclose(way[[0, 6]], torch.cat([api.sample(model, 1, 3), api.sample(model, 1, 8)]), atol=1e-5)
    usual = "slerp" if model.about.knobs["prior"] == "normal" else "lerp"
    made = {mode: api.interpolate(model, 3, 8, 7, mode) for mode in ("slerp", "lerp")}
    assert torch.equal(made[usual], way)
    assert not torch.allclose(made["slerp"], made["lerp"], atol=1e-5)
    a, b = paths.draw(model.about.knobs["prior"], 2, model.about.z_dim, 5)
    assert torch.allclose(api.interpolate(model, a, b, 2), model.gan.G(torch.stack([a, b])), atol=1e-5)


def test_inversion_comes_back_to_a_sample(file):
    model = api.load(file)
    x = api.sample(model, 1, seed=9)[0]
    found = api.invert(model, x, restarts=8, steps=300)
    assert found.share == 1
    assert found.residual < 0.05 * max(float(x.std()), 0.1)
    again = model.gan.G(found.z[None])[0]
    assert math.isclose(float((again - x).square().mean().sqrt()), found.residual, abs_tol=1e-4)


def test_pictures_are_written_read_and_inverted(tmp_path):
    (tmp_path / "m").write_bytes(KINDS["colour"])
    model = api.load(tmp_path / "m")
    x = api.sample(model, 3, seed=1)
    made = api.images(x)
    assert [picture.size for picture in made] == [(16, 16)] * 3
    assert np.allclose(np.asarray(made[2]), (x[2].permute(1, 2, 0).clamp(-1, 1).numpy() + 1) * 127.5, atol=0.51)
    made[2].save(tmp_path / "one.png")
    there, none = (api.invert(model, picture, restarts=4, steps=200) for picture in (tmp_path / "one.png", torch.full((3, 16, 16), 5.0)))
    assert there.residual < 0.02 < 1 < none.residual
    refused("x", api.images, torch.zeros(4, 2))


def test_models_are_found_by_name_by_id_and_by_file(shelf, tmp_path, caplog):
    put(api.GALLERY, "gan-ring8", "points")
    (api.GALLERY / "gan-ring8" / FILE).write_bytes(b"damaged")
    (api.GALLERY / "No slug").mkdir()
    listed = api.models()
    assert list(listed) == ["began-digits", shelf]
    assert (listed["began-digits"].variant, listed[shelf].dims) == ("began", (2,))
    assert "gan-ring8 is left out" in caplog.text
    assert api.load("began-digits").about == listed["began-digits"]
    assert api.load(shelf).about.data == "ring8"
    assert not (tmp_path / "data" / "runs").exists()        # looking makes nothing


@pytest.mark.parametrize("name", ["no-such", "0" * 32, "nothing.safetensors", "", ".", "x" * 5000, "a\0b", None, 7])
def test_a_model_that_is_not_there_is_refused_in_words(shelf, name):
    said = refused("model", api.load, name)
    assert "there is no model" in said
    assert "python -m playground models" in said
    assert len(said) < 300


def test_files_that_are_no_models_are_called_what_they_are(tmp_path):
    path = tmp_path / "x.safetensors"
    for body, says in ((b"", "empty"), (b"\x89PNG\r\n\x1a\n" + bytes(80), "PNG"), (b"\x80\x04\x95" + bytes(80), "pickle"),
                       (KINDS["grey"][:-5], "cut off"), (retold(KINDS["grey"], variant="nogan"), "variant must be one of"),
                       (retold(KINDS["grey"], seed=-1), "seed must be a whole number between 0")):
        path.write_bytes(body)
        assert says in (said := refused("model", api.load, path))
        assert said.startswith("'x.safetensors' cannot be used: ")


BAD_NUMBERS = [math.nan, math.inf, "7", None, [], True, 1.5]


@pytest.mark.parametrize(("act", "field", "values", "says"), [
    (api.sample, "n", [*BAD_NUMBERS, 0, -1, 10_001], "between 1 and 10000"),
    (api.sample, "seed", [*BAD_NUMBERS, -1, 2 ** 31], "between 0 and 2147483647"),
    (api.sample, "radius", [math.nan, math.inf, "1", None, True, -0.1, 2.1], "between 0 and 2"),
    (api.interpolate, "n", [*BAD_NUMBERS, 1, 1001], "between 2 and 1000"), (api.interpolate, "a", [*BAD_NUMBERS, -1], "between 0 and 2147483647"),
    (api.interpolate, "b", [torch.zeros(3), torch.full((2,), math.nan), torch.zeros(1, 2)], "2 finite numbers"),
    (api.interpolate, "mode", ["spline", None, 7, ""], "auto, slerp, lerp")], ids=lambda part: getattr(part, "__name__", str(part)[:9]))
def test_what_is_out_of_range_is_refused_by_its_argument(tmp_path, act, field, values, says):
    (tmp_path / "m").write_bytes(KINDS["points"])
    model = api.load(tmp_path / "m")
    for value in values:
        assert says in refused(field, act, model, **{field: value}), value


def test_what_cannot_be_inverted_is_refused(tmp_path):
    for kind in ("points", "grey"):
        (tmp_path / kind).write_bytes(KINDS[kind])
    points, grey = api.load(tmp_path / "points"), api.load(tmp_path / "grey")
    (tmp_path / "no.png").write_bytes(b"no picture")
    for image in ("x.png", (1, 2, 3), (math.nan, 0), None, object(), torch.zeros(1, 2)):
        assert "two finite numbers" in refused("image", api.invert, points, image)
    assert "no file" in refused("image", api.invert, grey, tmp_path / "none.png")
    assert "PNG, JPEG" in refused("image", api.invert, grey, tmp_path / "no.png")
    for image in (torch.zeros(3, 16, 16), torch.zeros(1, 1, 16, 16), Tensor(), None, 7):
        assert "a sample of shape [1, 16, 16]" in refused("image", api.invert, grey, image)
    for field, most in (("restarts", 16), ("steps", 10_000)):
        for value in (0, most + 1, "7", math.nan):
            assert f"between 1 and {most}" in refused(field, api.invert, points, (0, 0), **{field: value})
    assert api.invert(points, (0.0, 0.0), restarts=1, steps=1).z.shape == (2,)
