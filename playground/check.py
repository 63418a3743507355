"""What a person asks for, as JSON from anywhere, becomes a Spec that can be trusted, or is refused by field and range."""

import re
from dataclasses import asdict, fields
from typing import Any

import models
from models.kit import knobs as declared
from models.kit.knobs import BadKnob
from playground import data
from playground.types import Refused, Spec

MOST_STEPS = 1_000_000
MOST_SEED = 2**31 - 1
KNOWN = [f.name for f in fields(Spec)]
MACHINE = ("threads", "device", "precision")    # the machine's say, not a person's


def check(spec_json: Any) -> Spec:
    """A Spec whose knobs are complete; threads, device and precision are left at their defaults. Refused names the field and what is allowed."""
    if not isinstance(spec_json, dict):
        raise Refused("spec", f"a run is described by an object with {', '.join(k for k in KNOWN if k not in MACHINE)}")
    for name in spec_json:
        if name not in KNOWN:
            raise Refused("spec", f"there is no field {str(name)[:40]!r}; there are {', '.join(k for k in KNOWN if k not in MACHINE)}")
    for name in ("variant", "data"):
        if not isinstance(spec_json.get(name), str):
            raise Refused(name, f"{name} must be the name of one")
    try:
        variant = models.get(spec_json["variant"])
    except KeyError as unknown:
        raise Refused("variant", unknown.args[0][:300]) from None
    dataset = data.get(spec_json["data"])
    size = data.check_size(dataset, spec_json.get("size", 0))
    options = data.check_options(dataset, spec_json.get("options"))
    knobs = checked_knobs(variant.Knobs, spec_json.get("knobs") or {})
    samples = data.samples(dataset.id, options)
    if samples is not None and knobs.batch > samples:           # else the run itself will find out, once it has them
        raise Refused("batch", f"batch must lie between 4 and {samples}: {dataset.id} has {samples} samples to train on")
    preset = spec_json.get("preset") or ""
    if not isinstance(preset, str) or not re.fullmatch(r"[a-z0-9_-]{0,40}", preset):
        raise Refused("preset", "preset must be the name of one, or nothing")
    return Spec(variant=spec_json["variant"], data=dataset.id, knobs=asdict(knobs), size=size, options=options, preset=preset,
                seed=whole("seed", spec_json.get("seed", 0), 0, MOST_SEED), steps=whole("steps", spec_json.get("steps", 2000), 1, MOST_STEPS))


def checked_knobs(kind: type[declared.Common], values: Any) -> declared.Common:
    """`models.kit.knobs.check`, with Refused in place of BadKnob."""
    try:
        return declared.check(kind, values)
    except BadKnob as bad:
        raise Refused(bad.field, str(bad)) from None


def checked_tune(kind: type[declared.Common], now: dict[str, Any], values: Any) -> dict[str, Any]:
    """`values` of knobs that may change while training, as they will be. Refused names the knob: not live, unknown or out of range."""
    if not isinstance(values, dict) or not values:
        raise Refused("knobs", "name at least one knob and its value")
    known = declared.declared(kind)
    live = [name for name, f in known.items() if f.metadata["live"]]
    for name in values:
        if name in known and name not in live:
            raise Refused(name, f"{name} cannot change while training: start a new run. These can: {', '.join(live)}")
    after = asdict(checked_knobs(kind, now | values))
    return {name: after[name] for name in values}


def whole(field: str, value: Any, low: int, high: int) -> int:
    """`value` when it is a whole number between `low` and `high`; Refused otherwise."""
    number = isinstance(value, (int, float)) and not isinstance(value, bool) and value == value and abs(value) <= 2**53
    if not number or value != int(value) or not low <= value <= high:
        raise Refused(field, f"{field} must be a whole number between {low} and {high}")
    return int(value)
