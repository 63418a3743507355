"""Checks of single values: texts and numbers from people and from unknown files, and knobs. Each raises Refused by the name of the field."""

import unicodedata
from collections.abc import Collection
from dataclasses import asdict
from typing import Any

from models.kit import knobs as declared
from models.kit.knobs import BadKnob
from playground.types import Refused

MOST_SEED = 2**31 - 1
MOST_LINE = 80          # characters
MISSING = object()
DIRECTION_MARKS = "\u061c\u200b\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2060\u2066\u2067\u2068\u2069\ufeff"


def shown(value: Any) -> str:
    """A short text for a value, for a message; nothing long or hostile gets through."""
    if value is MISSING:
        return "nothing"
    if isinstance(value, str):
        return repr(value[:24] + ("..." if len(value) > 24 else ""))
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        return "a huge number" if isinstance(value, int) and abs(value) > 1e15 else f"{value:.12g}"
    return {dict: "an object", list: "a list", type(None): "null", bool: str(value).lower()}.get(type(value), "something else")


def line(name: str, value: Any, most: int = MOST_LINE) -> str:
    """A short line of text to be shown to people: it may not break the line, hide text, or change the direction of the text beside it.

    Refused(name, ...) otherwise.
    """
    if not isinstance(value, str) or len(value) > most:
        raise Refused(name, f"{name} must be a text of at most {most} characters, got {shown(value)}")
    if any(unicodedata.category(c) in ("Cc", "Cs", "Cn", "Zl", "Zp") or c in DIRECTION_MARKS for c in value):
        raise Refused(name, f"{name} may hold letters, figures and signs, but no line breaks, control characters or marks of direction")
    return value.strip()


def whole(field: str, value: Any, low: int, high: int) -> int:
    """`value` when it is a whole number between `low` and `high`; Refused otherwise."""
    number = isinstance(value, (int, float)) and not isinstance(value, bool) and value == value and abs(value) <= 2**53
    if not number or value != int(value) or not low <= value <= high:
        raise Refused(field, f"{field} must be a whole number between {low} and {high}")
    return int(value)


def number(field: str, value: Any, low: float, high: float) -> float:
    """`value` when it is a number between `low` and `high`; Refused otherwise."""
    if isinstance(value, bool) or not isinstance(value, (int, float)) or not low <= value <= high:
        raise Refused(field, f"{field} must be a number between {low:g} and {high:g}, got {shown(value)}")
    return float(value)


def checked_knobs(kind: type[declared.Common], values: Any) -> declared.Common:
    """`models.kit.knobs.check`, with Refused in place of BadKnob."""
    try:
        return declared.check(kind, values)
    except BadKnob as bad:
        raise Refused(bad.field, str(bad)) from None


def agreeing(knobs: declared.Common, moved: Collection[str] | None = None) -> declared.Common:
    """The same knobs, each of which has what it needs of the others (`models.kit.knobs.agree`); Refused otherwise."""
    try:
        declared.agree(knobs, moved)
    except BadKnob as bad:
        raise Refused(bad.field, str(bad)) from None
    return knobs


def checked_tune(kind: type[declared.Common], now: dict[str, Any], values: Any) -> dict[str, Any]:
    """`values` of knobs that may change while training, checked and complete. Refused names a knob that is not live, unknown or out of range."""
    if not isinstance(values, dict) or not values:
        raise Refused("knobs", "name at least one knob and its value")
    known = declared.declared(kind)
    live = [name for name, f in known.items() if f.metadata["live"]]
    for name in values:
        if name in known and name not in live:
            raise Refused(name, f"{name} cannot change while training: start a new run. These can: {', '.join(live)}")
    checked = asdict(agreeing(checked_knobs(kind, now | values), values))
    return {name: checked[name] for name in values}
