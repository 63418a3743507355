"""Turns a requested run, as JSON from an unknown source, into a checked Spec; refuses it by field and range otherwise."""

import re
from dataclasses import asdict, fields
from typing import Any

import models
from models.kit import mix
from models.kit.batch import lacking
from models.kit.capabilities import needs
from playground import data
from playground.types import Refused, Spec
from playground.validate import MOST_SEED, agreeing, checked_knobs, number, whole

MOST_STEPS = 1_000_000
MOST_SECONDS, MOST_IMAGES = 1e7, 10 ** 9
KNOWN = [f.name for f in fields(Spec)]
MACHINE = ("threads", "device", "precision")    # chosen by the machine, not by a person


def check(spec_json: Any) -> Spec:
    """A Spec with all knobs filled in, those of `models.kit.mix` where they mix something in; threads, device and precision are left at their
    defaults. Refused names the field and what is allowed."""
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
    missing = lacking(needs(variant), data.domain(dataset.id, size, options))
    if missing:
        raise Refused("data", f"{variant.title} needs {missing}; {dataset.title} has none")
    knobs = agreeing(checked_knobs(variant.Knobs, spec_json.get("knobs") or {}))
    samples = data.samples(dataset.id, options)
    if samples is not None and knobs.batch > samples:           # unknown before a download: then the run itself finds out
        raise Refused("batch", f"batch must lie between 4 and {samples}: {dataset.id} has {samples} samples to train on")
    preset = spec_json.get("preset") or ""
    if not isinstance(preset, str) or not re.fullmatch(r"[a-z0-9_-]{0,40}", preset):
        raise Refused("preset", "preset must be the name of one, or nothing")
    return Spec(variant=spec_json["variant"], data=dataset.id, knobs=mix.told(asdict(knobs)), size=size, options=options, preset=preset,
                seed=whole("seed", spec_json.get("seed", 0), 0, MOST_SEED), steps=whole("steps", spec_json.get("steps", 2000), 1, MOST_STEPS),
                seconds=number("seconds", spec_json.get("seconds", 0), 0, MOST_SECONDS),
                images=whole("images", spec_json.get("images", 0), 0, MOST_IMAGES), shared_order=spec_json.get("shared_order") is True)
