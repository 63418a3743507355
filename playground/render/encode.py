"""Encodes samples for browsers and numpy."""

import base64
import io
import math

import numpy as np
from PIL import Image
from torch import Tensor

GAP = 1         # pixels between tiles
FAR = 60_000.0  # near the largest float16


def pixels(images: Tensor) -> np.ndarray:
    """(n, C, H, W) in [-1, 1] -> uint8 (n, H, W, 3); values outside are clipped."""
    x = ((images.detach().float().cpu().nan_to_num(0.0).clamp(-1, 1) + 1) * 127.5).round().byte()
    return x.expand(-1, 3, -1, -1).permute(0, 2, 3, 1).numpy()


def tiled(images: Tensor, columns: int = 0) -> Image.Image:
    """(n, C, H, W) in [-1, 1] as one picture, row by row, unscaled, with gaps of 1 pixel; square unless `columns` are given.

    The gap is black or white, whichever is closer to the tiles' edges: a hard edge costs bytes and rings.
    """
    x = pixels(images)
    n, h, w, _ = x.shape
    columns = columns or math.ceil(math.sqrt(n))
    rows = -(-n // columns)
    background = 255 if x[:, [0, -1]].mean() + x[:, :, [0, -1]].mean() > 255 else 0
    sheet = np.full((rows * (h + GAP) - GAP, columns * (w + GAP) - GAP, 3), background, np.uint8)
    for i, tile in enumerate(x):
        top, left = i // columns * (h + GAP), i % columns * (w + GAP)
        sheet[top:top + h, left:left + w] = tile
    return Image.fromarray(sheet)


def webp(picture: Image.Image, quality: int = 80) -> bytes:
    """A picture as lossy WebP; `quality` from 0 to 100."""
    file = io.BytesIO()
    picture.save(file, "WEBP", quality=quality, method=0)
    return file.getvalue()


def uri(images: Tensor, columns: int) -> str:
    """A sheet of (n, C, H, W) in [-1, 1] as a data URI."""
    return f"data:image/webp;base64,{base64.b64encode(webp(tiled(images, columns), 90)).decode()}"


def cloud(points: Tensor) -> bytes:
    """(n, 2) -> an .npz that holds them as float16 under "fakes"."""
    file = io.BytesIO()
    np.savez(file, fakes=points.detach().clamp(-FAR, FAR).cpu().numpy().astype(np.float16))
    return file.getvalue()
