"""Messages from a page are checked here, field by field, before anything acts on them: Gradio checks none of it."""

import math
from collections.abc import Callable
from typing import Any

from playground import validate
from playground.artifacts.gallery import SLUG
from playground.types import Refused, is_id
from playground.validate import MISSING, shown

Check = Callable[[str, Any], Any]       # (name, value or MISSING) -> the value to use; raises Refused
MOST_KEYS, MOST_TEXT = 64, 200
MOST_DRAWN = 20_000     # characters of the points that a person drew


def take(message: Any, **fields: Check) -> dict[str, Any]:
    """The checked fields of `message`; Refused names the first that is wrong, missing or not known."""
    if not isinstance(message, dict):
        raise Refused("message", f"expected an object, got {shown(message)}")
    for name in message:
        if name not in fields:
            raise Refused(str(name)[:40], f"there is no field {shown(name)} here; there are {', '.join(fields) or 'none'}")
    return {name: check(name, message.get(name, MISSING)) for name, check in fields.items()}


def run_id(name: str, value: Any) -> str:
    """A run's id: 32 hex digits."""
    if not is_id(value):
        raise Refused(name, f"a run's id is 32 hex digits, got {shown(value)}")
    return value


def race_id(name: str, value: Any) -> str:
    """A race's id: 32 hex digits."""
    if not is_id(value):
        raise Refused(name, f"a race's id is 32 hex digits, got {shown(value)}")
    return value


def model_id(name: str, value: Any) -> str:
    """A model's id: 32 hex digits, or the name of one that ships."""
    if not is_id(value) and not (isinstance(value, str) and SLUG.fullmatch(value)):
        raise Refused(name, f"a model is named by 32 hex digits, or as those that ship are: began-digits; got {shown(value)}")
    return value


def set_id(name: str, value: Any) -> str:
    """An image set's id: 32 hex digits."""
    if not is_id(value):
        raise Refused(name, f"{name} is named by 32 hex digits, got {shown(value)}")
    return value


def optional(check: Check, default: Any = None) -> Check:
    """Absent and null mean `default`."""
    return lambda name, value: default if value is MISSING or value is None else check(name, value)


def several(what: str, low: int, high: int, each: Check) -> Check:
    """A check that a value is a list of `low` to `high` values, each of which passes `each`. `what`: what they are, in the plural."""
    def check(name: str, value: Any) -> list[Any]:
        if not isinstance(value, list) or not low <= len(value) <= high:
            raise Refused(name, f"{name} must be {low} to {high} {what} in a list, got {len(value) if isinstance(value, list) else shown(value)}")
        return [each(name, part) for part in value]
    return check


def whole(low: int, high: int) -> Check:
    """A whole number within [low, high]; 7.0 is one, "7", true and NaN are not."""
    def check(name: str, value: Any) -> int:
        number = isinstance(value, (int, float)) and not isinstance(value, bool)
        if not number or not low <= value <= high or (isinstance(value, float) and not (math.isfinite(value) and value.is_integer())):
            raise Refused(name, f"{name} must be a whole number between {low} and {high}, got {shown(value)}")
        return int(value)
    return check


def number(low: float, high: float) -> Check:
    """A number within [low, high]; "7", true and NaN are not."""
    return lambda name, value: validate.number(name, value, low, high)


def yes_or_no(name: str, value: Any) -> bool:
    """True or false."""
    if not isinstance(value, bool):
        raise Refused(name, f"{name} must be true or false, got {shown(value)}")
    return value


def choice(*allowed: str) -> Check:
    """A check that a value is one of these texts."""
    def check(name: str, value: Any) -> str:
        if not isinstance(value, str) or value not in allowed:
            raise Refused(name, f"{name} must be one of {', '.join(allowed)}, got {shown(value)}")
        return value
    return check


def plain(name: str, value: Any, most: int = MOST_TEXT) -> dict[str, Any]:
    """A flat object of a few short names and plain values, texts of at most `most` characters. Ranges are the declaration's to judge."""
    if not isinstance(value, dict):
        raise Refused(name, f"{name} must be an object of names and values, got {shown(value)}")
    if len(value) > MOST_KEYS:
        raise Refused(name, f"{name} holds {len(value)} names; at most {MOST_KEYS} are read")
    for key, part in value.items():
        if len(key) > MOST_TEXT:
            raise Refused(name, f"there is no name {shown(key)} in {name}")
        if part is not None and not isinstance(part, (bool, int, float, str)):
            raise Refused(key, f"{key} must be a plain value, got {shown(part)}")
        if isinstance(part, str) and len(part) > most:
            raise Refused(key, f"{key} is a text of {len(part)} characters; at most {most} are read")
        if isinstance(part, int) and abs(part) > 2 ** 63:
            raise Refused(key, f"{key} is a number beyond all ranges")
    return value


def options(name: str, value: Any) -> dict[str, Any]:
    """As `plain`; one of them may be what a person drew."""
    return plain(name, value, MOST_DRAWN)


def spec(name: str, value: Any) -> dict[str, Any]:
    """The parts of a Spec that a page may choose, in form; ranges are `playground.specs.check`'s to judge, the rest the machine's to set."""
    if not isinstance(value, dict):
        raise Refused(name, f"{name} must be an object, got {shown(value)}")
    return take(value, variant=text, data=text, preset=optional(text, ""), knobs=optional(plain, {}), options=optional(options, {}),
                size=given, seed=given, steps=given)


def text(name: str, value: Any) -> str:
    """A text of at most MOST_TEXT characters."""
    if not isinstance(value, str) or len(value) > MOST_TEXT:
        raise Refused(name, f"{name} must be a short text, got {shown(value)}")
    return value


def title(name: str, value: Any) -> str:
    """A name that a person gives."""
    return validate.line(name, value)


def given(name: str, value: Any) -> Any:
    """Whatever it is, None when it is not there."""
    return None if value is MISSING else value
