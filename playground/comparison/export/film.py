"""A comparison as a film: lanes' samples of their fixed z beside each other, at equal steps, images or seconds."""

from collections.abc import Iterator, Sequence
from itertools import repeat

import numpy as np
from PIL import Image

from playground.comparison.export.tiles import Layout, Pictures, Shown, sheet
from playground.render import animation
from playground.types import Refused

MOMENTS = {"mp4": 120, "gif": 60}           # pictures of a film, beside those at its end
RATES = {"mp4": 20, "gif": 10}              # a second: 6 seconds both
HOLD = 1.5              # seconds for which the end stands still
SIDES = {"mp4": (480, 400, 300), "gif": (360, 280, 200)}        # px of a lane's picture: of up to 2, up to 4, up to 8 lanes
UNITS = {"step": "step {:,.0f}", "images": "{:,.0f} images", "seconds": "{:,.1f} s of training"}


def film(lanes: Sequence[Shown], format: str, clock: str) -> bytes:
    """An MP4 or a GIF. Refused("runs", ...) when no lane has a frame, "format" without ffmpeg."""
    rate = RATES[format]
    encode = animation.mp4 if format == "mp4" else animation.gif
    return encode(pictures(lanes, format, clock), 1, rate)


def pictures(lanes: Sequence[Shown], format: str, clock: str) -> Iterator[Image.Image]:
    """The film's pictures, evenly spaced by the clock; a lane that has ended keeps its last one."""
    layout = Layout.of(lanes, SIDES[format])
    each = [Pictures(lane, layout.side, clock) for lane in lanes]
    if not any(len(one.steps) for one in each):
        raise Refused("runs", "none of these runs has a frame yet")
    return _drawn(layout, lanes, each, clock, format)


def _drawn(layout: Layout, lanes: Sequence[Shown], each: Sequence[Pictures], clock: str, format: str) -> Iterator[Image.Image]:
    picture = None
    for moment in np.linspace(0, max(one.end for one in each), MOMENTS[format]).tolist():
        found = [one.at_moment(moment) for one in each]
        foot = UNITS[clock].format(moment)
        if clock != "step":
            foot += "; steps " + ", ".join(f"{step:,}" if step >= 0 else "–" for step, _ in found)
        picture = sheet(layout, lanes, found, foot)
        yield picture
    yield from repeat(picture, round(HOLD * RATES[format]))
