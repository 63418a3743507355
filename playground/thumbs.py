"""A run's last frame as a small picture for lists."""

import numpy as np
from PIL import Image, ImageDraw

from playground.pictures import GAP, webp

SIDE = 192                  # px
FINER = 4                   # drawn so much larger, for smooth edges
VIEW = 3                    # points are shown from -3 to 3, as the page shows them
REAL, FAKE = (31, 95, 168), (200, 90, 40)


def of_sheet(sheet: Image.Image, tile: int) -> bytes:
    """The first tiles of a sheet of samples, as many as fit in their own pixels; WebP."""
    n = min(8, max(1, round(SIDE / (tile + GAP))))
    part = sheet.convert("RGB").crop((0, 0, n * (tile + GAP) - GAP, n * (tile + GAP) - GAP))
    return webp(part.resize((SIDE, SIDE), Image.Resampling.LANCZOS if part.width > SIDE else Image.Resampling.NEAREST))


def of_points(fakes: np.ndarray, real: np.ndarray, px: int = SIDE, radii: tuple[int, int, int] = (5, 9, 4)) -> bytes:
    """(n, 2) each: real ones filled, fakes as rings, on nothing, so that it suits light and dark; WebP.

    `px`: of a side. `radii`: of real ones and of fakes, and how wide the rings are, in pixels of which FINER make one.
    """
    side, (filled, hollow, wide) = px * FINER, radii
    picture = Image.new("RGBA", (side, side))
    pen = ImageDraw.Draw(picture)
    for points, radius, style in ((real, filled, dict(fill=(*REAL, 110))), (fakes, hollow, dict(outline=(*FAKE, 255), width=wide))):
        for x, y in np.nan_to_num(points.astype(np.float64)).clip(-99, 99):
            at = side / 2 * (1 + x / VIEW), side / 2 * (1 - y / VIEW)
            pen.ellipse([at[0] - radius, at[1] - radius, at[0] + radius, at[1] + radius], **style)
    return webp(picture.resize((px, px), Image.Resampling.BOX), quality=85)
