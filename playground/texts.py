"""Text of persons and of strange files, before anybody sees it."""

import unicodedata
from typing import Any

from playground.types import Refused

MOST_LINE = 80          # characters
MISSING = object()
TURNING = "\u061c\u200b\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2060\u2066\u2067\u2068\u2069\ufeff"


def shown(value: Any) -> str:
    """A short picture of a value for a message; nothing long or hostile gets into it."""
    if value is MISSING:
        return "nothing"
    if isinstance(value, str):
        return repr(value[:24] + ("..." if len(value) > 24 else ""))
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        return "a huge number" if isinstance(value, int) and abs(value) > 1e15 else f"{value:.12g}"
    return {dict: "an object", list: "a list", type(None): "null", bool: str(value).lower()}.get(type(value), "something else")


def line(name: str, value: Any, most: int = MOST_LINE) -> str:
    """A short line of text to be shown to people: nothing in it may break the line, hide, or turn the direction of what stands beside it.

    Refused(name, ...) otherwise.
    """
    if not isinstance(value, str) or len(value) > most:
        raise Refused(name, f"{name} must be a text of at most {most} characters, got {shown(value)}")
    if any(unicodedata.category(c) in ("Cc", "Cs", "Cn", "Zl", "Zp") or c in TURNING for c in value):
        raise Refused(name, f"{name} may hold letters, figures and signs, but no line breaks, control characters or marks of direction")
    return value.strip()
