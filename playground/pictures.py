"""Samples as bytes that a browser, or numpy, can read."""

import base64
import io
import math

import numpy as np
from PIL import Image
from torch import Tensor

GAP = 1         # pixels between tiles
FAR = 60_000.0  # a float16 ends soon after


def pixels(images: Tensor) -> np.ndarray:
    """(n, C, H, W) in [-1, 1] -> uint8 (n, H, W, 3); what lies outside is cut off."""
    x = ((images.detach().float().cpu().nan_to_num(0.0).clamp(-1, 1) + 1) * 127.5).round().byte()
    return x.expand(-1, 3, -1, -1).permute(0, 2, 3, 1).numpy()


def tiled(images: Tensor, columns: int = 0) -> Image.Image:
    """(n, C, H, W) in [-1, 1] as one picture, row by row, native pixels, a gap of 1; a square unless `columns` are given.

    The gap is black or white, whichever the tiles' edges are nearer to: a hard edge would cost bytes and ring.
    """
    x = pixels(images)
    n, h, w, _ = x.shape
    columns = columns or math.ceil(math.sqrt(n))
    rows = -(-n // columns)
    ground = 255 if x[:, [0, -1]].mean() + x[:, :, [0, -1]].mean() > 255 else 0
    sheet = np.full((rows * (h + GAP) - GAP, columns * (w + GAP) - GAP, 3), ground, np.uint8)
    for i, tile in enumerate(x):
        top, left = i // columns * (h + GAP), i % columns * (w + GAP)
        sheet[top:top + h, left:left + w] = tile
    return Image.fromarray(sheet)


def webp(picture: Image.Image, quality: int = 80) -> bytes:
    file = io.BytesIO()
    picture.save(file, "WEBP", quality=quality, method=0)
    return file.getvalue()


def uri(images: Tensor, columns: int) -> str:
    """A sheet of (n, C, H, W) in [-1, 1], as a page draws it without asking again."""
    return f"data:image/webp;base64,{base64.b64encode(webp(tiled(images, columns), 90)).decode()}"


def cloud(points: Tensor) -> bytes:
    """(n, 2) -> an .npz that holds them as float16 under "fakes"."""
    file = io.BytesIO()
    np.savez(file, fakes=points.detach().clamp(-FAR, FAR).cpu().numpy().astype(np.float16))
    return file.getvalue()
