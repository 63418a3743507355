"""A TOML file of tables, checked as it is read; a table may begin with the values of a named set."""

import tomllib
from pathlib import Path
from typing import Any

Values = dict[str, Any]
SHARED = "shared.toml"          # beside the file: sets that every file of the folder may use


class BadCard(ValueError):
    """A card is missing or wrong; the message names the file, the key and what is allowed."""


def parsed(path: Path) -> Values:
    """All of a file. Raises BadCard when it is missing or no TOML."""
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise BadCard(f"{relative(path)} is missing: every variant has a card") from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise BadCard(f"{relative(path)}: {error}") from None


def relative(path: Path) -> str:
    """A path as it stands in the repository."""
    return "/".join(path.parts[-3:])


class Tables:
    """One file. A `place` is where in it something stands: its keys, with dots. Everything raises BadCard."""

    def __init__(self, path: Path, allowed: tuple[str, ...]) -> None:
        """`allowed`: its tables beside [sets], the file's own named sets."""
        self.name, raw, self.sets = relative(path), parsed(path), parsed(path.with_name(SHARED))
        self.raw = self.table("the card", raw, (*allowed, "sets"))
        own = self.table("sets", raw.get("sets", {}))
        if twice := own.keys() & self.sets.keys():
            raise self.bad(f"sets.{min(twice)}", f"{SHARED} has a set of this name; choose another")
        self.sets |= own

    def bad(self, place: str, message: str) -> BadCard:
        """What is wrong at a place, to raise."""
        return BadCard(f"{self.name}: {place}: {message}")

    def table(self, place: str, value: Any, allowed: tuple[str, ...] = ()) -> Values:
        """A table, with no other keys than those allowed; none given: any."""
        if not isinstance(value, dict):
            raise self.bad(place, "must be a table")
        for name in value if allowed else ():
            if name not in allowed:
                raise self.bad(place, f"there is no key {name!r}; there are {', '.join(allowed)}")
        return value

    def text(self, place: str, value: Any) -> str:
        """A text that is not empty."""
        if not isinstance(value, str) or not value.strip():
            raise self.bad(place, "must be a text that is not empty")
        return value

    def whole(self, place: str, value: Any, low: int, high: int) -> int:
        """A whole number within its range."""
        if type(value) is not int or not low <= value <= high:
            raise self.bad(place, f"must be a whole number between {low:,} and {high:,}")
        return value

    def merged(self, place: str, value: Any, above: tuple[str, ...] = ()) -> Values:
        """A table's values over those of its base. `above`: the sets that it is a base of."""
        values = dict(self.table(place, value))
        if "base" not in values:
            return values
        base = values.pop("base")
        if not isinstance(base, str) or base not in self.sets:
            raise self.bad(place, f"there is no set {base!r} for its base; there are {', '.join(self.sets)}")
        if base in above:
            raise self.bad(place, f"the set {base} is a base of itself")
        return self.merged(f"the set {base}", self.sets[base], (*above, base)) | values
