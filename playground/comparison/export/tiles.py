"""Pictures of lanes beside each other: each lane's newest frame by some clock, with its name in its colour."""

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import NamedTuple

import numpy as np
from PIL import Image, ImageDraw, ImageFont

from playground.comparison.clocks import images
from playground.comparison.lanes import Entrant
from playground.render.encode import GAP
from playground.render.lane_pens import PENS
from playground.render.scatter import scatter
from playground.store.frames import Frames
from playground.types import Refused

PAPER, INK, MUTED, REAL, FAKE = "#f7f6f2", "#1b2530", "#5d6770", "#1f5fa8", "#b4491b"
FINER = 2               # the factor of supersampling of points
HEAD, FOOT, MARGIN = 26, 30, 10         # px: of a name, of what stands beneath all, around all
SHEET, FEW = 8, 4       # tiles in a row of a frame, and that a picture shows of it
COLUMNS = {1: 1, 2: 2, 3: 3, 4: 2, 5: 3, 6: 3, 7: 4, 8: 4}


@dataclass(frozen=True)
class Shown:
    """A lane that is shown: its title, one of its runs, that run's frames, and held-out points, (n, 2), where its data are points."""

    title: str
    entrant: Entrant
    frames: Frames
    real: np.ndarray | None = None


class Layout(NamedTuple):
    """Where `n` pictures of `side` pixels stand, over `foot` pixels for words."""

    n: int
    side: int
    foot: int = FOOT

    @staticmethod
    def of(shown: Sequence["Shown"], sides: tuple[int, int, int], foot: int = FOOT) -> "Layout":
        """For these lanes; `sides`: at most so many pixels for up to 2, up to 4, up to 8 of them. Tiles of pictures fill them."""
        most = sides[0 if len(shown) <= 2 else 1 if len(shown) <= 4 else 2]
        return Layout(len(shown), max(filled(lane.entrant.run.spec.size, most) for lane in shown), foot)

    @property
    def size(self) -> tuple[int, int]:
        """Width and height of the whole, both even, as videos need it."""
        columns = COLUMNS[self.n]
        rows = -(-self.n // columns)
        width, height = columns * (self.side + MARGIN) + MARGIN, rows * (HEAD + self.side + MARGIN) + self.foot
        return width + width % 2, height + height % 2

    def place(self, i: int) -> tuple[int, int]:
        """The upper left corner of lane i, where its name stands."""
        columns = COLUMNS[self.n]
        return MARGIN + i % columns * (self.side + MARGIN), MARGIN + i // columns * (HEAD + self.side + MARGIN)


class Pictures:
    """A lane's frames, by where a clock stands. Keeps the last picture: many moments show the same one."""

    def __init__(self, shown: Shown, side: int, clock: str) -> None:
        self.shown, self.side, self.steps = shown, side, np.array(shown.frames.steps(), np.int64)
        self.at, self._last = position(shown.entrant, self.steps, clock), (-1, None)
        self._real = None if shown.real is None else self._cloud(shown.real)

    @property
    def end(self) -> float:
        """Where its last frame stands; 0 without any."""
        return float(self.at[-1]) if len(self.at) else 0.0

    def at_moment(self, moment: float) -> tuple[int, Image.Image | None]:
        """(step, picture) of the newest frame at a moment, (-1, None) before the first one or where it is gone."""
        i = int(np.searchsorted(self.at, moment + 1e-9, "right")) - 1
        if i < 0:
            return -1, None
        step = int(self.steps[i])
        if self._last[0] != step:
            self._last = step, self._picture(step)
        return self._last

    def _picture(self, step: int) -> Image.Image | None:
        try:
            path = self.shown.frames.path(step)
            if path.suffix == ".webp":
                with Image.open(path) as sheet:
                    return fitted(sheet.convert("RGB"), self.shown.entrant.run.spec.size, self.side)
            with np.load(path, allow_pickle=False) as file:
                points = file["fakes"]
        except (Refused, OSError):                      # thinned out meanwhile
            return None
        picture = self._real.copy()
        scatter(ImageDraw.Draw(picture), points, self.side * FINER, 2.2 * FINER, outline=FAKE, width=FINER)
        return picture.reduce(FINER)

    def _cloud(self, real: np.ndarray) -> Image.Image:
        picture = Image.new("RGB", (self.side * FINER,) * 2, "white")
        scatter(ImageDraw.Draw(picture, "RGBA"), real, self.side * FINER, 1.2 * FINER, fill=(31, 95, 168, 110))
        return picture


def position(entrant: Entrant, steps: np.ndarray, clock: str) -> np.ndarray:
    """Where a clock stood at each of `steps`."""
    if clock == "images":
        return images(entrant, steps)
    return np.array(entrant.history.seconds(steps.tolist()), np.float64) if clock == "seconds" else steps


def fitted(sheet: Image.Image, size: int, side: int) -> Image.Image:
    """The first tiles of `size` pixels as one picture of `side` pixels: whole ones, enlarged by a whole factor."""
    cut, factor = grid(size, side)
    found = sheet.crop((0, 0, cut, cut))
    if cut > side:                                      # one tile alone is larger
        return found.resize((side, side), Image.Resampling.LANCZOS)
    found = found.resize((cut * factor, cut * factor), Image.Resampling.NEAREST)
    whole = Image.new("RGB", (side, side), "white")
    whole.paste(found, ((side - found.width) // 2, (side - found.height) // 2))
    return whole


def filled(size: int, most: int) -> int:
    """How much of `most` pixels tiles of `size` pixels fill; points, whose size is 0, fill all."""
    cut, factor = grid(size, most) if size else (most, 1)
    return min(cut * factor, most)


def grid(size: int, side: int) -> tuple[int, int]:
    """(pixels of a square of tiles of `size` pixels, the factor to enlarge it by): of those with at least FEW tiles in a row, if so many fit, what
    fills most of `side`."""
    most = max(1, min(SHEET, (side + GAP) // (size + GAP)))
    cuts = [n * (size + GAP) - GAP for n in range(min(FEW, most), most + 1)]
    cut = max(cuts, key=lambda cut: (side // cut * cut, cut))
    return cut, max(1, side // cut)


@cache
def font(size: int) -> ImageFont.FreeTypeFont:
    """Pillow's own font."""
    return ImageFont.load_default(size)


def sheet(layout: Layout, shown: Sequence[Shown], pictures: Sequence[tuple[int, Image.Image | None]], foot: str) -> Image.Image:
    """One picture of all lanes."""
    whole = Image.new("RGB", layout.size, PAPER)
    pen = ImageDraw.Draw(whole)
    for i, (lane, (_, picture)) in enumerate(zip(shown, pictures, strict=True)):
        x, y = layout.place(i)
        pen.rectangle((x, y + 4, x + 4, y + HEAD - 6), fill=PENS[i % len(PENS)].colour)
        pen.text((x + 10, y + HEAD // 2), shortened(lane.title, layout.side - 12, 14), INK, font(14), "lm")
        if picture is None:
            pen.rectangle((x, y + HEAD, x + layout.side - 1, y + HEAD + layout.side - 1), fill="white")
        else:
            whole.paste(picture, (x, y + HEAD))
    pen.text((MARGIN, layout.size[1] - FOOT // 2 - 2), shortened(foot, layout.size[0] - 2 * MARGIN, 13), MUTED, font(13), "lm")
    return whole


def shortened(text: str, width: float, size: int) -> str:
    """A text that is not wider than `width` pixels."""
    text = drawable(text)
    if font(size).getlength(text) <= width:
        return text
    return next((cut for n in range(len(text), 0, -1) if font(size).getlength(cut := f"{text[:n].rstrip()}…") <= width), "")


def drawable(text: str) -> str:
    """A text in the letters that the font has: Greek ones by their names, others without their accents."""
    return "".join(_letter(c) for c in unicodedata.normalize("NFKD", text) if not unicodedata.combining(c))


def _letter(c: str) -> str:
    if c.isascii() or c in "…’":
        return c
    name = unicodedata.name(c, "?")
    if name.startswith("GREEK"):
        return name.split()[-1].lower().replace("lamda", "lambda")          # as Unicode spells it
    return "-" if c in "–−—" else "x" if c == "×" else "?"
