"""Reads what a card carries, which anybody may have written: what is bad or unknown is named and left out."""

import json
import re
from collections.abc import Callable
from dataclasses import asdict
from typing import Any

import models
from models.kit.knobs import BadKnob, check
from playground import data
from playground.comparison.export.card import VERSION
from playground.render.decoder.wire import MOST_TEXT
from playground.types import Clock, Refused, is_id
from playground.validate import MOST_SEED, number, shown, whole

LANES, SEEDS = 8, 5
MOST = 1e9                  # of a budget
BUDGETS = {Clock.STEPS: 2000, Clock.IMAGES: 100_000, Clock.SECONDS: 60}        # where a card's own is bad
PART = re.compile(r"[a-z]{1,12}")
VALUE = re.compile(r"[\w./,:-]{0,60}")
PARTS = 16              # of the view's state


class Found:
    """What is well in it, and in sentences what was left out."""

    def __init__(self) -> None:
        self.left_out: list[str] = []

    def __call__(self, what: str, act: Callable[[], Any], otherwise: Any = None) -> Any:
        """What `act` gives; `otherwise` where it refuses, which is noted down under the name `what`."""
        try:
            return act()
        except (Refused, BadKnob) as error:
            self.left_out.append(f"{what}: {error}")
        except KeyError as error:
            self.left_out.append(f"{what}: {str(error.args[0])[:200]}")
        return otherwise


def read(text: str) -> dict[str, Any]:
    """{"runs", "view", "race", "left_out"}: lanes of ids, the state of the view as texts (which the page checks), a message of the function `race` or
    null, and sentences. Refused("file", ...) for a text that is no card's."""
    try:
        told = json.loads(text) if len(text) <= MOST_TEXT else None
    except (ValueError, RecursionError):
        told = None
    if not isinstance(told, dict) or type(told.get("version")) is not int:
        raise Refused("file", "this picture carries no comparison: a card that was saved here does")
    found = Found()
    if told["version"] != VERSION:
        found.left_out.append(f"it was made by another version ({shown(told['version'])}): what is known of it is used")
    answer = {"runs": _runs(found, told.get("runs")), "view": _view(found, told.get("view")), "race": _race(found, told.get("race"))}
    return answer | {"left_out": found.left_out[:20]}


def _runs(found: Found, value: Any) -> list[list[str]]:
    lanes = [[id for id in lane if is_id(id)][:SEEDS] for lane in value[:LANES] if isinstance(lane, list)] if isinstance(value, list) else []
    if lanes != value:
        found.left_out.append("runs: some are none, a run's id is 32 hex digits")
    return [lane for lane in lanes if lane]


def _view(found: Found, value: Any) -> dict[str, str]:
    if not isinstance(value, dict):
        return {}
    view = {name: text for name, text in list(value.items())[:PARTS] if PART.fullmatch(name) and isinstance(text, str) and VALUE.fullmatch(text)}
    if len(view) < len(value):
        found.left_out.append("view: some parts of it are not known")
    return view


def _race(found: Found, value: Any) -> dict[str, Any] | None:
    """A race whose every part can be raced here, if two lanes of it can."""
    if not isinstance(value, dict):
        return None
    try:
        of = data.get(value.get("data"))
    except Refused as error:
        found.left_out.append(f"race: {error}")
        return None
    clock = next((known for known in Clock if known == value.get("clock")), None)
    if clock is None:
        found.left_out.append(f"clock: it is one of {', '.join(Clock)}")
        clock = Clock.STEPS
    budget = found("budget", lambda: number("budget", value.get("budget"), 1, MOST), BUDGETS[clock])
    size = found("size", lambda: data.check_size(of, value.get("size", 0)), of.sizes[0] if of.sizes else 0)
    options = found("options", lambda: data.check_options(of, value.get("options")), data.check_options(of, None))
    lanes = [lane for raw in _list(value.get("lanes"))[:LANES] if (lane := _lane(found, raw))]
    if len(lanes) < 2:
        found.left_out.append("race: fewer than two of its lanes can be raced here")
        return None
    raws = _list(value.get("seeds"))[:SEEDS]
    seeds = [seed for raw in raws if (seed := found("seeds", lambda raw=raw: whole("seeds", raw, 0, MOST_SEED))) is not None]
    return {"clock": clock.value, "budget": budget, "data": of.id, "size": size, "options": options, "seeds": seeds or [1], "lanes": lanes}


def _lane(found: Found, raw: Any) -> dict[str, Any] | None:
    if not isinstance(raw, dict):
        found.left_out.append("lanes: one is none")
        return None
    variant = raw.get("variant")
    cls = found("variant", lambda: models.get(variant))
    if cls is None:
        return None
    knobs: dict[str, Any] = {}
    for name, value in raw["knobs"].items() if isinstance(raw.get("knobs"), dict) else ():
        if len(name) <= 40 and found(f"{cls.title}, {name}", lambda name=name, value=value: check(cls.Knobs, {name: value})):
            knobs[name] = value
    preset = raw.get("preset")
    whole_knobs = asdict(check(cls.Knobs, knobs))
    return {"variant": variant, "preset": preset if isinstance(preset, str) and re.fullmatch("[a-z0-9_-]{0,40}", preset) else "",
            "knobs": {name: whole_knobs[name] for name in knobs}}


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []
