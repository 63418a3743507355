"""Named settings of a variant on a data set. They are data: `presets` of its card, `models/cards/<id>.toml`.

A card's place is a data set's id, else a kind ("points" or "images"), else "any"; the nearest one counts. An entry lists only what differs from the
knobs' declared defaults, with `steps` (the budget) and `size` (pixels; the data set's own when absent).
"quick" shows something within seconds on one CPU core; "paper" is each knob's default and what the paper says beyond it.
"""

from dataclasses import asdict
from typing import Any

from models import card
from models import get as variant_named
from models.kit.knobs import check
from playground import data
from playground.types import Refused

FIRST = dict(variant="began", data="ring8", preset="quick", seed=1)
"""What the page starts with for a new visitor, and the settings of the recorded run."""

RECORDED = "be9a0000000000000000000000000001"
"""The id of the run that ships with the code, under assets/recorded."""


def names(variant: str, data_id: str) -> list[str]:
    """The presets of a variant on a data set, the quick one first. "paper" always exists."""
    presets = card(variant).presets
    return sorted({name for place in _places(data_id) for name in presets.get(place, {})} | {"paper"}, reverse=True)


def preset(variant: str, data_id: str, name: str) -> dict[str, Any]:
    """{"knobs": complete, "steps", "size"} of one preset. Refused names `variant`, `data` or `preset`."""
    try:
        cls = variant_named(variant)
    except KeyError as error:
        raise Refused("variant", error.args[0]) from None
    presets, places = card(variant).presets, _places(data_id)
    entry = next((presets[place][name] for place in places if name in presets.get(place, {})), {} if name == "paper" else None)
    if entry is None:
        raise Refused("preset", f"there is no preset {str(name)[:40]!r} of {cls.title} on {data_id}; there are {', '.join(names(variant, data_id))}")
    sizes = data.get(data_id).sizes
    knobs = {k: v for k, v in entry.items() if k not in ("steps", "size")}
    complete, samples = asdict(check(cls.Knobs, knobs)), data.samples(data_id)
    complete["batch"] = min(complete["batch"], samples or complete["batch"])           # a small set cannot fill a paper's batch
    return {"knobs": complete, "steps": entry.get("steps", 10_000), "size": entry.get("size", sizes[0] if sizes else 0)}


def _places(data_id: str) -> tuple[str, str, str]:
    return data_id, data.get(data_id).kind, "any"


def complete(spec: dict[str, Any]) -> dict[str, Any]:
    """A requested spec with its preset's knobs, size and budget where it names none; `preset` is kept only when the knobs are its own."""
    given = {name: value for name, value in spec.items() if value is not None}
    if not given["preset"]:
        return given
    known = preset(given["variant"], given["data"], given["preset"])
    whole_spec = {**known, **given, "knobs": {**known["knobs"], **given["knobs"]}}
    return {**whole_spec, "preset": given["preset"] if whole_spec["knobs"] == known["knobs"] else ""}
