"""Pictures from outside become square pictures of eight bits, whatever they were; what is none is refused in words."""

import io
from pathlib import Path

import numpy as np
import pytest
import torch
from PIL import Image

from playground.data import decoded
from playground.types import Refused

SIDE = 32


def painted(w: int = 96, h: int = 64) -> Image.Image:
    """Red left, green right, a blue band at the top, and what lies beside the middle square is white."""
    x = np.full((h, w, 3), 255, np.uint8)
    left = (w - min(w, h)) // 2
    x[:, left:w // 2], x[:, w // 2:w - left], x[:h // 4, left:w - left] = (200, 30, 30), (30, 160, 30), (20, 40, 220)
    return Image.fromarray(x)


def saved(path: Path, picture: Image.Image, format: str, **how: object) -> Path:
    picture.save(path, format, **how)
    return path


def wanted() -> np.ndarray:
    return np.asarray(painted(64, 64).resize((SIDE, SIDE), Image.Resampling.LANCZOS)).astype(int)


def psnr(made: np.ndarray, like: np.ndarray) -> float:
    return 10 * np.log10(255 ** 2 / max(np.square(made - like).mean(), 1e-9))


def read(path: Path) -> np.ndarray:
    x = decoded.square(path, SIDE)
    assert (x.dtype, tuple(x.shape)) == (torch.uint8, (3, SIDE, SIDE))
    return x.permute(1, 2, 0).numpy().astype(int)


FINE = {"quality": 98, "subsampling": 0}


@pytest.mark.parametrize(("format", "how"), [("PNG", {}), ("BMP", {}), ("WEBP", {"lossless": True}), ("GIF", {}), ("JPEG", FINE)])
def test_every_kind_gives_the_same_picture(tmp_path, format, how):
    assert psnr(read(saved(tmp_path / "a", painted(), format, **how)), wanted()) > 35


def test_colours_of_other_kinds(tmp_path):
    palette = painted().convert("P", palette=Image.Palette.ADAPTIVE)
    assert psnr(read(saved(tmp_path / "p", palette, "PNG")), wanted()) > 35
    assert psnr(read(saved(tmp_path / "c", painted().convert("CMYK"), "JPEG", **FINE)), wanted()) > 30
    deep = np.asarray(painted().convert("L")).astype(np.uint16) * 257
    made = read(saved(tmp_path / "16", Image.fromarray(deep), "PNG"))
    grey = np.asarray(painted(64, 64).convert("L").resize((SIDE, SIDE), Image.Resampling.LANCZOS)).astype(int)
    assert psnr(made, np.stack([grey] * 3, -1)) > 40


def test_what_is_transparent_lies_on_white_and_hidden_colours_stay_hidden(tmp_path):
    picture = painted(64, 64).convert("RGBA")
    picture.putalpha(Image.fromarray(np.where(np.arange(64)[:, None] < 32, 0, 255).astype(np.uint8).repeat(64, 1)))
    made = read(saved(tmp_path / "a.png", picture, "PNG"))
    assert made[:12].min() == 255
    assert psnr(made[18:], wanted()[18:]) > 40


@pytest.mark.parametrize("turn", range(1, 9))
def test_a_telephone_s_picture_stands_upright(tmp_path, turn):
    of = Image.Transpose
    undo = {2: of.FLIP_LEFT_RIGHT, 3: of.ROTATE_180, 4: of.FLIP_TOP_BOTTOM, 5: of.TRANSPOSE, 6: of.ROTATE_90, 7: of.TRANSVERSE, 8: of.ROTATE_270}
    picture = painted().transpose(undo[turn]) if turn > 1 else painted()
    exif = Image.Exif()
    exif[0x0112] = turn
    path = saved(tmp_path / "a.jpg", picture, "JPEG", **FINE, exif=exif)
    assert psnr(read(path), wanted()) > 32


def test_the_first_frame_of_what_moves_and_pictures_of_odd_sizes(tmp_path):
    path = saved(tmp_path / "a.gif", painted(), "GIF", save_all=True, append_images=[Image.new("RGB", (96, 64), "black")])
    assert psnr(read(path), wanted()) > 35
    assert read(saved(tmp_path / "one.png", Image.new("RGB", (1, 1), (9, 8, 7)), "PNG"))[5, 5].tolist() == [9, 8, 7]
    assert read(saved(tmp_path / "thin.png", Image.new("RGB", (1, 5000), (9, 8, 7)), "PNG"))[5, 5].tolist() == [9, 8, 7]


def bad() -> dict[str, bytes]:
    whole = io.BytesIO()
    painted().save(whole, "PNG")
    tiff = io.BytesIO()
    painted().save(tiff, "TIFF")
    return {"nothing": b"", "text": b"hello", "half": whole.getvalue()[:200], "tiff": tiff.getvalue(), "svg": b"<svg xmlns='http://www.w3.org/2000/svg'/>",
            "eps": b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 9 9\n"}


@pytest.mark.parametrize("name", list(bad()))
def test_what_is_no_whole_picture_is_refused_in_words(tmp_path, name):
    path = tmp_path / "x.png"
    path.write_bytes(bad()[name])
    with pytest.raises(Refused, match="no whole picture") as refused:
        decoded.square(path, SIDE)
    assert refused.value.field == "file"


@pytest.mark.parametrize(("format", "side"), [("PNG", 5001), ("GIF", 5001), ("PNG", 20_000), ("BMP", 5001)])
def test_a_picture_too_large_is_refused_with_its_size(tmp_path, format, side):
    path = saved(tmp_path / "big", Image.new("1", (side, 5000)), format)
    with pytest.raises(Refused, match=f"{side} x 5000"):
        decoded.square(path, SIDE)
