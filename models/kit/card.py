"""A variant's card: what is known of it beside its code, as data in `models/cards/<id>.toml`. models/README.md describes its keys.

Knobs stand there as those that differ from their defaults; `base = "name"` among them takes another set's first: of `shared.toml`, or of the card's
own [sets]. Everything is checked when it is read, against the variant's knobs; which data sets there are is for others to know.
"""

from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any

from models.kit.knobs import BadKnob, Common, check
from models.kit.tables import Tables, Values

BUDGET = {"steps": (1, 1_000_000), "size": (8, 256)}        # what a preset says beside knobs, and its range
NUMBERS = {"size": (0, 256), "seed": (0, 2 ** 31), "every": (1, 100_000), "patience": (1, 1000), "halvings": (0, 30)}           # of a recipe


@dataclass(frozen=True)
class Notes:
    """`good` and `bad` complete "good at" and "weak at". `warns` maps a data set's id, a kind ("points" or "images") or "any" to a whole sentence."""

    good: str = ""
    bad: str = ""
    warns: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Recipe:
    """One model of the gallery: the quick preset of a variant on a data set, with `changes` of its knobs, and of live ones `later`, from these steps
    on."""

    variant: str
    data: str
    changes: Values = field(default_factory=dict)
    later: dict[int, Values] = field(default_factory=dict)
    size: int = 0               # pixels; 0: the data set's own
    seed: int = 0
    every: int = 500            # steps between two measures
    patience: int = 4           # measures without a better one, after which it goes on from the best with half its rates
    halvings: int = 4           # of the rates; another `patience` later it has ended


@dataclass(frozen=True)
class Card:
    """`presets[where][name]` has knobs, `steps` and `size`. The last three are knobs for tests: `short` ends phases that would outlast one, `learns`
    is for the learning test, `learns_on_points` comes on top of it there."""

    notes: Notes = Notes()
    presets: dict[str, dict[str, Values]] = field(default_factory=dict)
    recipes: tuple[Recipe, ...] = ()
    short: Values = field(default_factory=dict)
    learns: Values = field(default_factory=dict)
    learns_on_points: Values = field(default_factory=dict)


def read(folder: Path, id: str, kind: type[Common]) -> Card:
    """The card of the variant `id`, whose knobs are `kind`. Raises BadCard, which names the file, the key and what is allowed."""
    return _Reader(folder / f"{id}.toml", ("notes", "presets", "recipes", "tests"), kind).card(id)


class _Reader(Tables):
    def __init__(self, path: Path, allowed: tuple[str, ...], kind: type[Common]) -> None:
        super().__init__(path, allowed)
        self.kind = kind

    def card(self, id: str) -> Card:
        presets = {where: {name: self.preset(f"presets.{where}.{name}", entry) for name, entry in self.table(f"presets.{where}", named).items()}
                   for where, named in self.table("presets", self.raw.get("presets", {})).items()}
        recipes, tests = self.raw.get("recipes", []), self.table("tests", self.raw.get("tests", {}), ("short", "learns", "learns_on_points"))
        if not isinstance(recipes, list):
            raise self.bad("recipes", "must be a list: each stands under [[recipes]]")
        return Card(self.notes(self.raw["notes"]) if "notes" in self.raw else Notes(), presets,
                    tuple(self.recipe(f"recipes[{i}]", id, entry) for i, entry in enumerate(recipes)),
                    **{name: self.knobs(f"tests.{name}", entry) for name, entry in tests.items()})

    def notes(self, value: Any) -> Notes:
        entry = self.table("notes", value, ("good", "bad", "warns"))
        warns = self.table("notes.warns", entry.get("warns", {}))
        return Notes(self.text("notes.good", entry.get("good")), self.text("notes.bad", entry.get("bad")),
                     {where: self.text(f"notes.warns.{where}", says) for where, says in warns.items()})

    def preset(self, place: str, value: Any) -> Values:
        values = self.merged(place, value)
        for name in BUDGET.keys() & values.keys():
            self.whole(f"{place}.{name}", values[name], *BUDGET[name])
        self.check(place, {name: v for name, v in values.items() if name not in BUDGET})
        return values

    def recipe(self, place: str, variant: str, value: Any) -> Recipe:
        entry = self.table(place, value, tuple(f.name for f in fields(Recipe) if f.name != "variant"))
        numbers = {name: self.whole(f"{place}.{name}", entry[name], *span) for name, span in NUMBERS.items() if name in entry}
        later = self.table(f"{place}.later", entry.get("later", {}))
        if odd := [step for step in later if not (step.isascii() and step.isdecimal())]:
            raise self.bad(f"{place}.later", f"{odd[0]!r} must be a step: a whole number of at least 0")
        return Recipe(variant, self.text(f"{place}.data", entry.get("data")), self.knobs(f"{place}.changes", entry.get("changes", {})),
                      {int(step): self.knobs(f"{place}.later.{step}", knobs) for step, knobs in later.items()}, **numbers)

    def knobs(self, place: str, value: Any) -> Values:
        """Knobs alone: of a base neither steps nor size are taken."""
        own = self.table(place, value)
        return self.check(place, {name: v for name, v in self.merged(place, value).items() if name in own or name not in BUDGET})

    def check(self, place: str, knobs: Values) -> Values:
        try:
            check(self.kind, knobs)
        except BadKnob as error:
            raise self.bad(place, str(error)) from None
        return knobs
