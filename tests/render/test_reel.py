"""Walks as files that other programs can open."""

import io

import imageio_ffmpeg
import numpy as np
import pytest
import torch
from PIL import Image

from playground.render import animation
from playground.render.encode import pixels
from playground.types import Refused

N, SIZE, SCALE = 6, 14, 3
IMAGES = torch.linspace(-1, 1, N)[:, None, None, None] * torch.ones(1, 3, SIZE, SIZE)
IMAGES[:, 0, :7] = -1


def frames() -> list[np.ndarray]:
    return [tile.repeat(SCALE, 0).repeat(SCALE, 1) for tile in pixels(IMAGES)]


def test_a_gif_has_every_frame_and_goes_on_for_ever():
    with Image.open(io.BytesIO(animation.gif(animation.of_images(IMAGES, SCALE), 3))) as made:
        assert (made.format, made.n_frames, made.size, made.info["loop"]) == ("GIF", N, (SIZE * SCALE, SIZE * SCALE), 0)
        for i, wanted in enumerate(frames()):
            made.seek(i)
            assert made.info["duration"] == 50
            assert np.abs(np.asarray(made.convert("RGB")).astype(int) - wanted).max() <= 2


def test_an_mp4_is_h264_in_the_order_of_the_frames(tmp_path):
    path = tmp_path / "walk.mp4"
    path.write_bytes(animation.mp4(animation.of_images(IMAGES, SCALE), 3))
    reader = imageio_ffmpeg.read_frames(str(path))
    about = next(reader)
    read = [np.frombuffer(frame, np.uint8).reshape(SIZE * SCALE, SIZE * SCALE, 3) for frame in reader]
    assert (about["codec"], about["fps"], about["size"], len(read)) == ("h264", 20.0, (SIZE * SCALE, SIZE * SCALE), N)
    assert about["pix_fmt"].startswith("yuv420p")
    for made, wanted in zip(read, frames(), strict=True):
        assert np.abs(made[-10:].astype(int) - wanted[-10:]).mean() < 12


def test_a_sheet_loses_nothing():
    with Image.open(io.BytesIO(animation.png(animation.of_images(IMAGES, SCALE), 4))) as made:
        side = SIZE * SCALE
        assert (made.format, made.size) == ("PNG", (4 * side + 3, 2 * side + 1))
        assert np.array_equal(np.asarray(made)[side + 1:, side + 1:2 * side + 1], frames()[5])


def test_points_leave_a_trail_over_others():
    way, around = torch.stack([torch.linspace(-2, 2, 4), torch.zeros(4)], 1), torch.tensor([[0.0, 2.0], [torch.nan, torch.inf]])
    made = [np.asarray(frame).astype(int) for frame in animation.of_points(way, around, 2)]
    side = 2 * animation.SIDE
    assert {frame.shape for frame in made} == {(side, side, 3)}
    hand = [(np.abs(frame - animation.HAND).sum(2) < 60).sum() for frame in made]
    assert hand[0] == 0
    assert hand[1] < hand[2] < hand[3]
    assert all(frame[: side // 3].min() < 240 for frame in made)
    assert len(animation.gif(animation.of_points(way, around, 1), 4)) > 500


def test_without_ffmpeg_mp4_is_refused_by_its_field(monkeypatch):
    def absent(*_: object, **__: object) -> None:
        raise RuntimeError("No ffmpeg exe could be found")

    monkeypatch.setattr(imageio_ffmpeg, "get_ffmpeg_exe", absent)
    monkeypatch.setattr("imageio_ffmpeg._io.get_ffmpeg_exe", absent)
    with pytest.raises(Refused, match="choose gif or png") as refused:
        animation.mp4(animation.of_images(IMAGES, 1), 3)
    assert refused.value.field == "format"
