"""A slice is the plane through its three pictures, and its numbers are D's scores there."""

import base64
from pathlib import Path

import numpy as np
import pytest
import torch
from running import CALM, AtStep

from playground import data
from playground.inspection.critic import unpack
from playground.inspection.critic_images import TILES, Tile
from playground.inspection.score_slice import Plane, scored, slice_of
from playground.specs.check import check
from playground.store.checkpoints import Saved
from playground.store.frames import Frames
from playground.training.build import averaged_gan
from playground.types import Refused, Spec, Status
from playground.worker.turns import run

THREE = [Tile("real", 0), Tile("held", 2), Tile("noise", 0)]


def random(n: int = 3) -> torch.Tensor:
    return torch.rand(n, 3, 4, 4, generator=torch.Generator().manual_seed(0)) * 2 - 1


def trained(folder: Path, variant: str = "lsgan", data: str = "digits", steps: int = 6, **knobs) -> tuple[Spec, Saved]:
    made = check({"variant": variant, "data": data, "size": 16 if data == "digits" else 0, "steps": steps,
                  "knobs": {"width_g": 4, "width_d": 4, "batch": 8, "z_dim": 8, **knobs}})
    assert run(made, AtStep(folder), CALM) == (Status.FINISHED, "")
    return made, AtStep(folder).latest()


def numbers(told: dict) -> np.ndarray:
    """The cells' scores as a page reads them."""
    low, high = np.log(told["range"]) if told["scale"] == "log" else told["range"]
    raw = np.frombuffer(base64.b64decode(told["score"]), np.uint8).reshape(told["side"], told["side"])
    shown = low + raw / 255 * (high - low)
    return np.exp(shown) if told["scale"] == "log" else shown


def test_the_plane_holds_its_three_pictures_undistorted():
    three = random()
    plane = Plane(three)
    assert torch.allclose(plane.pictures(plane.corners), three, atol=1e-6)
    for i, j in ((0, 1), (0, 2), (1, 2)):
        apart = (three[i] - three[j]).square().mean().sqrt()
        assert (plane.corners[i] - plane.corners[j]).norm().item() == pytest.approx(apart.item(), abs=1e-6)
    low, high = plane.corners.min(0).values, plane.corners.max(0).values
    assert torch.allclose(low, -high, atol=1e-9)                    # amid the square
    assert plane.reach == pytest.approx(1.3 * high.max().item())


def test_a_quadratic_score_is_a_paraboloid_about_its_lowest_picture():
    """|x - m|² / P, with m in the plane, is (s - s_m)² + (t - t_m)²: level lines are circles."""
    plane = Plane(random())
    lowest = torch.tensor([[0.1, -0.2]])
    m = plane.pictures(lowest)
    cells, values = scored(lambda x: (x - m).square().flatten(1).mean(1), plane, 20)
    at = plane.cells(20)
    assert torch.allclose(cells.flatten(), (at - lowest).square().sum(1), atol=1e-6)
    assert torch.allclose(values.double(), (plane.corners - lowest).square().sum(1), atol=1e-6)
    assert at[0].tolist() == pytest.approx([-0.95 * plane.reach] * 2)           # row 0 is the bottom, s runs along it
    assert at[1, 0] > at[0, 0]
    assert at[1, 1] == at[0, 1]


def test_a_score_that_does_not_see_the_plane_is_flat():
    three = random()
    plane = Plane(three)
    across = random(4)[3].double().flatten()
    across -= plane.axes.T @ (plane.axes @ across)
    cells, _ = scored(lambda x: x.double().flatten(1) @ across, plane, 8)
    assert (cells - cells.mean()).abs().max() < 1e-5


@pytest.mark.parametrize("three", [random(1).repeat(3, 1, 1, 1), torch.cat([random(2), random(2)[:1]]),
                                   torch.stack([random()[0], random()[1], (random()[0] + random()[1]) / 2])])
def test_pictures_that_span_no_plane_are_refused(three):
    with pytest.raises(Refused) as refused:
        Plane(three)
    assert refused.value.field == "tiles"


@pytest.mark.parametrize("variant", ["lsgan", "ebgan", "began", "wgan_gp", "ls_gan"])
def test_its_numbers_are_scores_of_the_checkpoint(tmp_path, variant):
    spec, saved = trained(tmp_path, variant)
    told = slice_of(spec, saved, THREE, 12)
    assert (told["step"], told["side"]) == (6, 12)
    gan, of = averaged_gan(spec, saved), data.load("digits", 16)
    three = torch.cat([of.train[:1], of.held[2:3]]).float() / 127.5 - 1
    with torch.no_grad():
        assert told["values"][:2] == pytest.approx(gan.score(three).tolist(), rel=1e-4)
    found, (low, high) = numbers(told), told["range"]
    assert found.min() == pytest.approx(low, rel=1e-3, abs=1e-6)
    assert found.max() == pytest.approx(high, rel=1e-3, abs=1e-6)
    assert (told["scale"], told["rising"]) == (("log", True) if gan.positive else ("linear", gan.larger_is == "fake"))
    assert told["levels"][0].keys() == {"name", "symbol", "value", "past"}
    assert told["span"][1] == -told["span"][0] > max(abs(v) for corner in told["corners"] for v in corner)


def test_it_goes_through_the_pictures_that_the_x_ray_shows(tmp_path):
    spec, saved = trained(tmp_path)
    header, _ = unpack(Frames(tmp_path / "looks").path(6).read_bytes())
    shown = {(tile["of"], tile["index"]): tile["score"] for tile in header["tiles"]}
    for three in (TILES[:3], TILES[11:14], TILES[16:19]):
        assert slice_of(spec, saved, three, 8)["values"] == pytest.approx([shown[tile] for tile in three], rel=1e-3, abs=1e-5)


def test_its_pictures_are_those_that_it_goes_through(tmp_path, monkeypatch):
    """The fakes, too, are the checkpoint's: not those of the step that a page shows."""
    spec, saved = trained(tmp_path)
    monkeypatch.setattr("playground.inspection.score_slice.pictures.uri", lambda images, columns: (images, columns))
    first, last = (slice_of(spec, at, [Tile("fake", 0), *THREE[:2]], 8) for at in (AtStep(tmp_path).latest(upto=0), saved))
    (shown, columns), (later, _) = first["pictures"], last["pictures"]
    assert (first["step"], columns, first["size"]) == (0, 3, 16)
    assert not torch.allclose(shown[0], later[0], atol=0.01)
    assert torch.equal(shown[1:], later[1:])
    with torch.no_grad():
        assert last["values"] == pytest.approx(averaged_gan(spec, saved).score(later).tolist(), rel=1e-4)


def test_points_and_other_networks_are_refused(tmp_path):
    spec, saved = trained(tmp_path / "points", data="ring8")
    with pytest.raises(Refused, match="plane already") as refused:
        slice_of(spec, saved, THREE, 8)
    assert refused.value.field == "run"
    spec, saved = trained(tmp_path / "images")
    with pytest.raises(Refused, match="another version"):
        slice_of(spec, (saved[0], saved[1], saved[2] | {"knobs": saved[2]["knobs"] | {"width_d": 8}}), THREE, 8)
