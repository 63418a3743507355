"""A run's last frame as a small picture for lists."""

import numpy as np
from PIL import Image, ImageDraw

from playground.render.encode import GAP, webp
from playground.render.scatter import scatter

SIDE = 192                  # px
FINER = 4                   # the factor of supersampling, for smooth edges
REAL, FAKE = (31, 95, 168), (200, 90, 40)


def of_sheet(sheet: Image.Image, tile: int) -> bytes:
    """The first tiles of a sheet of samples, as many as fit unscaled, as WebP."""
    n = min(8, max(1, round(SIDE / (tile + GAP))))
    part = sheet.convert("RGB").crop((0, 0, n * (tile + GAP) - GAP, n * (tile + GAP) - GAP))
    return webp(part.resize((SIDE, SIDE), Image.Resampling.LANCZOS if part.width > SIDE else Image.Resampling.NEAREST))


def of_points(fakes: np.ndarray, real: np.ndarray, px: int = SIDE, radii: tuple[int, int, int] = (5, 9, 4)) -> bytes:
    """(n, 2) each: real ones as discs, fakes as rings, on a transparent ground for light and dark themes; WebP.

    `px`: the side. `radii`: of real ones and of fakes, and the width of the rings, in 1 / FINER pixels.
    """
    side, (filled, hollow, wide) = px * FINER, radii
    picture = Image.new("RGBA", (side, side))
    pen = ImageDraw.Draw(picture)
    scatter(pen, real, side, filled, fill=(*REAL, 110))
    scatter(pen, fakes, side, hollow, outline=(*FAKE, 255), width=wide)
    return webp(picture.resize((px, px), Image.Resampling.BOX), quality=85)
