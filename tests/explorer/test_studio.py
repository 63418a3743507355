"""The studio's tools as a page asks for them, of a finished run on points and one on pictures."""

import base64
import io
import time
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
import pytest
from PIL import Image
from running import PATIENCE
from serving import Place, place

from playground import data
from playground.requester import Requester, requester

Ask = Callable[..., dict[str, Any]]


@pytest.fixture(scope="module")
def there(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Place]:
    with place(tmp_path_factory.mktemp("studio")) as found:
        yield found


@pytest.fixture
def points(there: Place) -> Ask:
    return lambda name, **message: there.call[name]({"run": there.done, **message})


@pytest.fixture
def pictures(there: Place) -> Ask:
    return lambda name, **message: there.call[name]({"run": there.pictures, **message})


def latents(told: dict[str, Any], n: int) -> np.ndarray:
    return np.frombuffer(base64.b64decode(told["z"]), "<f4").reshape(n, -1)


def sheet(told: dict[str, Any]) -> np.ndarray:
    """(n, size, size, 3): its tiles."""
    with Image.open(io.BytesIO(base64.b64decode(told["image"].split(",")[1]))) as picture:
        x, step = np.asarray(picture.convert("RGB")).astype(int), told["size"] + told["gap"]
    rows = (len(x) + told["gap"]) // step
    return np.stack([x[r * step:r * step + told["size"], c * step:c * step + told["size"]] for r in range(rows) for c in range(told["columns"])])


def z(numbers: np.ndarray) -> dict[str, str]:
    return {"z": base64.b64encode(np.asarray(numbers, "<f4").tobytes()).decode()}


def test_samples_carry_their_latents_and_a_radius_shortens_them(pictures):
    told, short = (pictures("samples", seed=5, n=7, radius=r) for r in (1, 0.5))
    assert (told["columns"], told["size"], len(told["norms"])) == (3, 28, 7)
    assert np.allclose(latents(told, 7) / 2, latents(short, 7))
    assert np.allclose(np.linalg.norm(latents(told, 7), axis=1), told["norms"], atol=1e-3)
    again = pictures("move", place=z(latents(told, 7)[0]), weights={})
    assert np.abs(sheet(told)[0] - sheet(again)[1]).mean() < 4 < np.abs(sheet(told)[1] - sheet(again)[1]).mean()      # WebP


def test_a_strip_goes_straight_and_round_and_the_prior_says_which_is_usual(points, pictures):
    told = points("strip", a=1, b=2, n=5)
    assert [len(told[way]["points"]) for way in ("lerp", "slerp")] == [5, 5]
    assert told["default"] == "slerp"
    assert [told["lerp"]["points"][i] for i in (0, -1)] == [told["slerp"]["points"][i] for i in (0, -1)]
    assert told == points("strip", a={"seed": 1}, b=2, n=5)
    told = pictures("strip", a=1, b=2, n=120)
    assert len(sheet(told["slerp"])) == told["lerp"]["columns"] == told["n"] == 120
    lerp, slerp = (np.array(told[way]["norms"]) for way in ("lerp", "slerp"))
    assert lerp[60] < 0.95 * slerp[60]
    assert np.allclose(slerp, np.linspace(slerp[0], slerp[-1], 120), atol=2e-3)
    assert np.allclose(latents(told["lerp"], 120)[0], latents(pictures("samples", seed=1, n=1), 1)[0])
    alone = pictures("strip", a=1, b=2, mode="lerp", n=3)
    assert set(alone) == {"lerp", "default", "n"}


def test_a_strip_ends_at_pinned_latents(pictures):
    ends = latents(pictures("samples", seed=9, n=2), 2)
    made = latents(pictures("strip", a=z(ends[0]), b=z(ends[1]), n=4)["slerp"], 4)
    assert np.array_equal(made[[0, -1]], ends)


def test_corners_of_four_places(points, pictures):
    told = pictures("corners", places=[1, 2, 3, 4], n=3, mode="lerp")
    made = latents(told, 9)
    assert told["columns"] == 3
    assert np.allclose(made[4], made[[0, 2, 6, 8]].mean(0), atol=1e-6)
    assert np.allclose(made[[0, 2, 6, 8]], [latents(pictures("samples", seed=s, n=1), 1)[0] for s in (1, 2, 3, 4)])
    assert len(points("corners", places=[1, 2, 3, 4])["points"]) == 64


def test_a_sum_shows_its_parts(pictures):
    told = pictures("sum", a=1, b=2, c=2)
    made = latents(told, 4)
    assert (told["columns"], len(sheet(told))) == (4, 4)
    assert np.allclose(made[3], made[0], atol=1e-6)


def test_a_pad_is_a_plane_and_names_its_middle(pictures):
    at = [[0, 0], [0.5, 0], [0, 0.5], [0.5, 0.5]]
    made = np.stack([latents(pictures("pad", centre=1, u=3, v={"seed": 4}, at=place), 1)[0] for place in at])
    assert np.allclose(made[0], latents(pictures("samples", seed=1, n=1), 1)[0])
    u, v = made[1] - made[0], made[2] - made[0]
    assert np.allclose(made[3], made[0] + u + v, atol=1e-5)
    assert abs(u @ v) < 1e-4
    assert [np.linalg.norm(x) for x in (u, v)] == pytest.approx([0.5 * 8 ** 0.5] * 2, rel=1e-4)
    told = pictures("pad", centre=1, u=3, v={"seed": 4}, at=[0.5, 0.5])
    assert (len(sheet(told)), len(told["norms"]), told["columns"]) == (9, 9, 3)
    assert "plane" not in told


def test_the_pad_leads_to_a_place_and_along_named_directions(pictures):
    target = latents(pictures("samples", seed=7, n=1), 1)[0]
    start = latents(pictures("samples", seed=1, n=1), 1)[0]
    far = float(np.linalg.norm(target - start)) / 8 ** 0.5
    made = latents(pictures("pad", centre=1, u={"seed": 7}, v="layer 2", at=[far, 0]), 1)[0]
    assert np.allclose(made, target, atol=1e-4)
    for u, v, wrong in (({"seed": 1}, 2, "u"), (2, 2, "v"), ("layer 1", "layer 1", "v"), (2, "layer 99", "v"), ("smile", 2, "u")):
        assert pictures("pad", centre=1, u=u, v=v, at=[0, 0])["error"]["field"] == wrong


def test_a_pad_on_points_shows_the_plane_and_its_image(points):
    told = points("pad", centre=1, u=1, v=2, at=[0, 0], step=1)
    side = told["plane"]["side"]
    assert (len(told["points"]), len(told["plane"]["points"])) == (9, side * side)
    assert told["points"][4] == points("samples", seed=1, n=1)["points"][0]
    assert told["plane"]["points"][side * side // 2] == pytest.approx(told["points"][4], abs=1e-3)


def test_directions_are_orthonormal_and_move_by_typical_lengths(pictures):
    for kind in ("layer", "features"):
        found = pictures("directions", kind=kind)["directions"]
        assert [d["name"] for d in found] == [f"{kind} {i}" for i in range(1, 9)]
        along = np.stack([latents(d, 1)[0] for d in found])
        assert np.allclose(along @ along.T, np.eye(8), atol=1e-4)
        explained = [d["explained"] for d in found]
        assert explained == sorted(explained, reverse=True)
        assert 0 < sum(explained) < 1.001
    start, moved = latents(pictures("move", place=3, weights={"layer 1": 0.5, "features 2": -1}), 2)
    layer, features = (latents(pictures("directions", kind=kind)["directions"][i], 1)[0] for kind, i in (("layer", 0), ("features", 1)))
    assert np.allclose(moved - start, (0.5 * layer - features) * 8 ** 0.5, atol=1e-4)
    assert pictures("move", place=3, weights={"smile": 1})["error"]["field"] == "weights"


@pytest.mark.parametrize("format", ["gif", "png", "mp4"])
def test_a_walk_is_a_file_at_an_address(there, points, pictures, format):
    for ask, size in ((pictures, 28), (points, 120)):
        told = ask("walk", places=[1, 2, 3], n=4, loop=True, format=format, scale=1)
        assert told["frames"] == 12
        answer = there.client.get(told["file"])
        assert (answer.status_code, len(answer.content)) == (200, told["bytes"])
        kind = {"gif": "image/gif", "png": "image/png", "mp4": "video/mp4"}[format]
        assert answer.headers["content-type"] == kind
        if format != "mp4":
            with Image.open(io.BytesIO(answer.content)) as picture:
                assert picture.width == (size if format == "gif" else 4 * size + 3)
        assert ask("walk", places=[1, 2, 3], n=4, loop=True, format=format, scale=1) == told


def test_too_large_a_walk_and_files_that_are_not_kept_are_refused(there, points):
    refused = points("walk", places=[1, 2, 3, 4, 5, 6, 7, 8], n=60, format="gif", scale=8)["error"]
    assert refused["field"] == "scale"
    assert "at most 2 times as large" in refused["message"]
    for name in ("0" * 32 + ".gif", "0" * 32 + ".exe", "0" * 32, "x.gif"):
        answer = there.client.get(f"/play/made/{name}")
        assert (answer.status_code, answer.json()["error"]["field"]) == (404, "name"), name


def test_nearest_training_samples_come_with_what_is_usual(there, points, pictures):
    told = pictures("nearest", place=1, k=3)
    for space in ("pixels", "code"):
        assert (len(sheet(told[space])), len(told[space]["distances"])) == (3, 3)
        assert told[space]["ratio"] > 0.3
        assert told[space]["distances"] == sorted(told[space]["distances"])
    there_lie = [there.client.get(f"/play/{kind}/real").content for kind in (f"models/{there.model}", f"runs/{there.done}")]
    assert there_lie[0] == there_lie[1]
    assert len(there_lie[0]) == 4000                                        # 1,000 points, two int16 each
    near = points("nearest", place=1, k=1)["pixels"]
    train = data.load("ring8").train.numpy()
    made = np.array(points("samples", seed=1, n=1)["points"][0])
    assert near["points"][0] == pytest.approx(train[((train - made) ** 2).sum(1).argmin()].tolist(), abs=1e-3)


def test_a_model_is_a_source_as_its_run_is_and_keeps_directions_that_its_owner_names(there, pictures):
    model = there.call["publish"]({"run": there.pictures, "public": False})["model"]["id"]
    asked = {"a": 1, "b": 2, "n": 3}
    assert there.call["strip"]({"model": model, **asked}) == pictures("strip", **asked)
    mix = {"layer 1": 2, "layer 2": -2}
    told = there.call["name_direction"]({"model": model, "name": "smile", "weights": mix})["named"]
    assert [one["name"] for one in told] == ["smile"]
    layer = [latents(one, 1)[0] for one in pictures("directions", kind="layer")["directions"]]
    assert np.allclose(latents(told[0], 1)[0], (layer[0] - layer[1]) / 2 ** 0.5, atol=1e-5)
    assert there.call["directions"]({"model": model, "kind": "layer"})["named"] == told
    assert there.call["model"]({"model": model})["directions"] == ["smile"]
    start, moved = latents(there.call["move"]({"model": model, "place": 1, "weights": {"smile": 0.5}}), 2)
    assert np.allclose(moved - start, 0.5 * 8 ** 0.5 * latents(told[0], 1)[0], atol=1e-5)
    assert pictures("move", place=1, weights={"smile": 0.5})["error"]["field"] == "weights"
    assert there.call["name_direction"]({"model": model, "name": "smile", "weights": {}})["named"] == []
    for name, weights, field in (("layer 1", mix, "name"), ("", mix, "name"), ("x", {"layer 1": 0}, "weights"), ("x", {"smile": 1}, "weights")):
        assert there.call["name_direction"]({"model": model, "name": name, "weights": weights})["error"]["field"] == field
    for i in range(20):
        assert "named" in there.call["name_direction"]({"model": model, "name": f"d{i}", "weights": mix})
    assert there.call["name_direction"]({"model": model, "name": "more", "weights": mix})["error"]["field"] == "name"


def until_done(there: Place, id: str) -> dict[str, Any]:
    end = time.monotonic() + PATIENCE
    while not (told := there.call["job"]({"job": id}))["done"]:
        assert time.monotonic() < end, told
        time.sleep(0.02)
    return told


def test_a_held_out_point_is_inverted_and_the_way_is_told(there, points):
    wanted = data.load("ring8").held[3].tolist()
    told = until_done(there, points("invert", target={"index": 3}, restarts=8, steps=200)["job"])
    assert (told["share"], told["by"], told["lost"]) == (1, "adam", False)
    assert told["target"]["points"][0] == pytest.approx(wanted, abs=1e-3)
    assert told["residual"] < 0.05
    assert told["points"][0] == pytest.approx(wanted, abs=0.1)
    assert points("move", place={"z": told["z"]}, weights={})["points"][0] == pytest.approx(told["points"][0], abs=2e-3)


def test_a_picture_is_inverted_as_well_as_g_can(there, pictures):
    told = until_done(there, pictures("invert", target={"index": 0}, restarts=2, steps=20)["job"])
    assert (len(sheet(told)), len(sheet(told["target"]))) == (1, 1)
    assert told["residual"] > 0                                            # G is untrained: it makes nothing like it
    assert pictures("invert", target={"index": 10 ** 6})["error"]["field"] == "target"
    assert there.call["job"]({"job": "0" * 32})["lost"]


def test_one_person_has_two_searches_at_once(there, pictures):
    token = requester.set(Requester("who has searched for nothing yet", "192.0.2.1"))
    jobs = [pictures("invert", target={"index": i}, restarts=16, steps=1000) for i in range(3)]
    requester.reset(token)
    assert [("job" in told) for told in jobs] == [True, True, False]
    assert jobs[2]["error"]["field"] == "server"
