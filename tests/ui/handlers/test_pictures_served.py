"""Frames and looks as a page fetches them: immutable while they last, gone in order, never anything else."""

import gzip
import io
from collections.abc import Iterator

import numpy as np
import pytest
from PIL import Image
from serving import Place, place

from playground.inspection import critic


@pytest.fixture(scope="module")
def there(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Place]:
    with place(tmp_path_factory.mktemp("pictures")) as found:
        yield found


def test_frames_are_immutable_and_small(there):
    points = there.client.get(f"/play/runs/{there.done}/frames/40?e=0")
    assert "immutable" in points.headers["cache-control"]
    for other in ("", "?e=1", "?e=x"):          # of no epoch or of another: it may be another picture tomorrow
        assert there.client.get(f"/play/runs/{there.done}/frames/40{other}").headers["cache-control"] == "no-store"
    pairs = np.frombuffer(points.content, "<i2").reshape(-1, 2) / 4096
    assert pairs.shape == (512, 2)
    assert np.abs(pairs).max() < 8
    real = np.frombuffer(there.client.get(f"/play/runs/{there.done}/real").content, "<i2").reshape(-1, 2) / 4096
    assert real.shape == (1000, 2)
    assert np.abs(np.linalg.norm(real, axis=1) - 2).max() < 1
    picture = there.client.get(f"/play/runs/{there.pictures}/frames/3")
    assert picture.headers["content-type"] == "image/webp"
    assert Image.open(io.BytesIO(picture.content)).size[0] == 8 * 28 + 7


def test_looks_come_packed_as_they_lie(there):
    for run, step, kind in ((there.done, 40, "points"), (there.pictures, 3, "images")):
        assert step in there.call["poll"]({"run": run})["looks"]
        assert there.call["poll"]({"run": run, "look": step})["looks"] == []
        answer = there.client.get(f"/play/runs/{run}/looks/{step}?e=0")
        assert (answer.headers["content-encoding"], "immutable" in answer.headers["cache-control"]) == ("gzip", True)
        header, arrays = critic.unpack(gzip.compress(answer.content))
        assert (header["kind"], header["step"]) == (kind, step)
        assert ("score" in arrays) == (kind == "points")


@pytest.mark.parametrize("kind", ["frames", "looks"])
@pytest.mark.parametrize("step", ["-1", "41", "1e3", "nan", "٣", "9" * 400, "0x1", "%00", "..%2f..%2frun.json"])
def test_frames_that_are_not_there_are_404s(there, kind, step):
    assert there.client.get(f"/play/runs/{there.done}/{kind}/{step}").status_code == 404


def test_a_frame_that_was_thinned_out_is_no_content(there):
    step = there.call["poll"]({"run": there.pictures})["frames"][0]
    there.engine.runs.frames(there.pictures).path(step).unlink()
    answer = there.client.get(f"/play/runs/{there.pictures}/frames/{step}?e=0")
    assert (answer.status_code, answer.content, answer.headers["cache-control"]) == (204, b"", "no-store")
