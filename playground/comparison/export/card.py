"""A picture of a comparison that carries its settings: dropped on the page, it brings them back."""

import io
import json
from collections.abc import Sequence
from typing import Any

from PIL import ImageDraw
from PIL.PngImagePlugin import PngInfo

from playground.comparison.export.tiles import INK, MARGIN, MUTED, Layout, Pictures, Shown, font, sheet, shortened
from playground.comparison.lanes import Lane, data_title
from playground.render.decoder.wire import KEYWORD, MOST_TEXT
from playground.types import Spec

VERSION = 1
FOOT = 58               # px for two lines of words
SIDES = (360, 300, 220)             # px of a lane's picture: of up to 2, up to 4, up to 8 lanes


def card(lanes: Sequence[Lane], shown: Sequence[Shown], said: str, view: dict[str, str]) -> bytes:
    """A PNG: the newest samples of each lane, `said` beneath them, and as a text all that is needed to see and to race it again."""
    layout = Layout.of(shown, SIDES, FOOT)
    pictures = [Pictures(lane, layout.side, "step") for lane in shown]
    whole = sheet(layout, shown, [one.at_moment(one.end) for one in pictures], "")
    spec = next(lane.spec for lane in lanes if lane.spec)
    pen, low, width = ImageDraw.Draw(whole), layout.size[1], layout.size[0] - 2 * MARGIN
    pen.text((MARGIN, low - 34), shortened(f"{data_title(spec)}: {said}", width, 13), INK, font(13), "ls")
    pen.text((MARGIN, low - 14), shortened("Drop this picture on GAN Playground to see it again.", width, 12), MUTED, font(12), "ls")
    about = PngInfo()
    about.add_text(KEYWORD.decode(), settings(lanes, view))
    file = io.BytesIO()
    whole.save(file, "PNG", optimize=True, pnginfo=about)
    return file.getvalue()


def settings(lanes: Sequence[Lane], view: dict[str, str]) -> str:
    """What a card carries, as ASCII JSON: the runs, the state of the view, and the race that would make such runs, if one can."""
    told = {"version": VERSION, "runs": [[entrant.run.id for entrant in lane.entrants] for lane in lanes if lane.entrants], "view": view,
            "race": race_of(lanes)}
    text = json.dumps(told)
    return text if len(text) <= MOST_TEXT else json.dumps(told | {"race": None})


def race_of(lanes: Sequence[Lane]) -> dict[str, Any] | None:
    """The message of the function `race` that starts such lanes anew; None where they are not of the same data, or only one is left."""
    there = [lane for lane in lanes if lane.spec]
    if len(there) < 2 or len({(lane.spec.data, lane.spec.size, json.dumps(lane.spec.options, sort_keys=True)) for lane in there}) > 1:
        return None
    first: Spec = there[0].spec
    clock, budget = next(((name, value) for name in ("seconds", "images") if (value := getattr(first, name))), ("steps", first.steps))
    return {"clock": clock, "budget": budget, "data": first.data, "size": first.size,
            "options": first.options, "seeds": list(there[0].seeds),
            "lanes": [{"variant": lane.spec.variant, "preset": lane.spec.preset, "knobs": lane.spec.knobs} for lane in there]}
