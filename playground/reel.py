"""A walk through latents as a file: GIF, MP4, or all its pictures on one PNG sheet."""

import io
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
from PIL import Image, ImageDraw
from torch import Tensor

from playground.pictures import GAP, pixels
from playground.types import Refused

FPS = 20
SIDE, FINER, VIEW = 120, 3, 3.2         # a picture of points: pixels at scale 1, drawn so much larger, the plane from -3.2 to 3.2
PAPER, FAKE, HAND = "#f7f6f2", (180, 73, 27), (122, 59, 144)


def of_images(images: Tensor, scale: int) -> Iterator[Image.Image]:
    """(n, C, H, W) in [-1, 1] -> n pictures of hard pixels, each `scale` wide."""
    for tile in pixels(images):
        yield Image.fromarray(tile.repeat(scale, 0).repeat(scale, 1))


def of_points(way: Tensor, around: Tensor, scale: int) -> Iterator[Image.Image]:
    """(n, 2) -> n pictures: the point as a ring at the end of its way so far, before the faint rings of others, (m, 2)."""
    side = SIDE * scale * FINER

    def at(points: Tensor) -> list[tuple[float, float]]:
        return [(side / 2 * (1 + x / VIEW), side / 2 * (1 - y / VIEW)) for x, y in np.nan_to_num(points.double().numpy()).clip(-99, 99)]

    def ring(pen: ImageDraw.ImageDraw, x: float, y: float, radius: float, colour: tuple[int, ...], width: float) -> None:
        radius, width = radius * scale * FINER, max(1, round(width * scale * FINER))
        pen.ellipse([x - radius, y - radius, x + radius, y + radius], outline=colour, width=width)

    ground = Image.new("RGB", (side, side), PAPER)
    pen = ImageDraw.Draw(ground, "RGBA")
    for x, y in at(around):
        ring(pen, x, y, 1, (*FAKE, 90), 0.5)
    places = at(way)
    for i, (x, y) in enumerate(places):
        pen = ImageDraw.Draw(picture := ground.copy())
        if i:
            pen.line(places[:i + 1], fill=HAND, width=scale * FINER, joint="curve")
        ring(pen, x, y, 3, FAKE, 1.2)
        yield picture.reduce(FINER)


def gif(frames: Iterator[Image.Image], columns: int) -> bytes:
    """For ever again, 20 a second."""
    file = io.BytesIO()
    next(frames).save(file, "GIF", save_all=True, append_images=frames, duration=1000 // FPS, loop=0)
    return file.getvalue()


def mp4(frames: Iterator[Image.Image], columns: int) -> bytes:
    """H.264 as browsers and telephones play it, 20 a second. Refused("format", ...) where there is no ffmpeg."""
    import imageio_ffmpeg

    with tempfile.TemporaryDirectory() as folder:
        path, first = Path(folder) / "walk.mp4", next(frames)
        try:
            writer = imageio_ffmpeg.write_frames(str(path), first.size, fps=FPS, quality=8, macro_block_size=2, ffmpeg_log_level="error",
                                                 output_params=["-threads", "1", "-movflags", "+faststart"])
            writer.send(None)
            for frame in (first, *frames):
                writer.send(frame.tobytes())
            writer.close()
            return path.read_bytes()
        except (OSError, RuntimeError) as other:
            raise Refused("format", "this server has no ffmpeg that could make an MP4: choose gif or png") from other


def png(frames: Iterator[Image.Image], columns: int) -> bytes:
    """Row by row, a white gap of 1 pixel between two."""
    tiles = list(frames)
    (w, h), rows = tiles[0].size, -(-len(tiles) // columns)
    sheet = Image.new("RGB", (columns * (w + GAP) - GAP, rows * (h + GAP) - GAP), "white")
    for i, tile in enumerate(tiles):
        sheet.paste(tile, (i % columns * (w + GAP), i // columns * (h + GAP)))
    file = io.BytesIO()
    sheet.save(file, "PNG")
    return file.getvalue()


FORMATS: dict[str, Callable[[Iterator[Image.Image], int], bytes]] = {"gif": gif, "mp4": mp4, "png": png}
KINDS = {"gif": "image/gif", "mp4": "video/mp4", "png": "image/png"}
