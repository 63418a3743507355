"""A walk through latents as a file: a GIF, an MP4, or a PNG sheet of all its frames."""

import io
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

from PIL import Image, ImageDraw
from torch import Tensor

from playground.render.encode import GAP, pixels
from playground.render.scatter import dot, places, scatter
from playground.types import Refused

FPS = 20
SIDE = 120              # px of a picture of points at scale 1
FINER = 3               # the factor of supersampling, for smooth edges
PAPER, FAKE, HAND = "#f7f6f2", (180, 73, 27), (122, 59, 144)


def of_images(images: Tensor, scale: int) -> Iterator[Image.Image]:
    """(n, C, H, W) in [-1, 1] -> n frames, each pixel enlarged to `scale` x `scale` pixels."""
    for tile in pixels(images):
        yield Image.fromarray(tile.repeat(scale, 0).repeat(scale, 1))


def of_points(points: Tensor, around: Tensor, scale: int) -> Iterator[Image.Image]:
    """(n, 2) -> n frames: the point as a ring at the end of its path so far, over faint rings of other samples, (m, 2)."""
    side = SIDE * scale * FINER
    background = Image.new("RGB", (side, side), PAPER)
    pen = ImageDraw.Draw(background, "RGBA")
    scatter(pen, around.numpy(), side, scale * FINER, outline=(*FAKE, 90), width=max(1, round(0.5 * scale * FINER)))
    path = places(points.numpy(), side)
    for i, place in enumerate(path):
        pen = ImageDraw.Draw(picture := background.copy())
        if i:
            pen.line(path[:i + 1], fill=HAND, width=scale * FINER, joint="curve")
        dot(pen, place, 3 * scale * FINER, outline=FAKE, width=max(1, round(1.2 * scale * FINER)))
        yield picture.reduce(FINER)


def gif(frames: Iterator[Image.Image], columns: int, fps: int = FPS) -> bytes:
    """An endlessly looping GIF, `fps` frames a second; `columns` is not used."""
    file = io.BytesIO()
    next(frames).save(file, "GIF", save_all=True, append_images=frames, duration=1000 // fps, loop=0)
    return file.getvalue()


def mp4(frames: Iterator[Image.Image], columns: int, fps: int = FPS) -> bytes:
    """An H.264 video for browsers and phones, `fps` frames a second; `columns` is not used. Refused("format", ...) without ffmpeg."""
    import imageio_ffmpeg

    with tempfile.TemporaryDirectory() as folder:
        path, first = Path(folder) / "walk.mp4", next(frames)
        try:
            writer = imageio_ffmpeg.write_frames(str(path), first.size, fps=fps, quality=8, macro_block_size=2, ffmpeg_log_level="error",
                                                 output_params=["-threads", "1", "-movflags", "+faststart"])
            writer.send(None)
            for frame in (first, *frames):
                writer.send(frame.tobytes())
            writer.close()
            return path.read_bytes()
        except (OSError, RuntimeError) as error:
            raise Refused("format", "this server has no ffmpeg that could make an MP4: choose gif or png") from error


def png(frames: Iterator[Image.Image], columns: int) -> bytes:
    """A sheet of all frames, row by row, with white gaps of 1 pixel."""
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
