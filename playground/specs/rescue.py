"""Settings to fork with after a run diverged, or ended with nothing to see: from before it went wrong, with other learning rates."""

from typing import Any

import models
from models.kit.knobs import declared
from playground.specs import presets
from playground.types import Spec

FATAL = ("diverged", "exploded", "lost")         # kinds of alarms of runs that ended badly


def rescue(spec: Spec, knobs: dict[str, Any], lost: bool = False) -> dict[str, Any] | None:
    """{"knobs", "says"}: what the fork changes in `knobs`, the run's at that step, and the same in words.

    The learning rates of the run's preset; where those are not lower, a quarter of the run's. None for a `lost` run instead of a quarter: it may only
    have had too few steps.
    """
    known, kind = presets.names(spec.variant, spec.data), declared(models.get(spec.variant).Knobs)
    rates = [name for name in kind if name.startswith("lr_")]
    own = presets.preset(spec.variant, spec.data, spec.preset if spec.preset in known else known[0])["knobs"]
    if any(knobs[rate] > own[rate] for rate in rates):
        return {"knobs": {rate: own[rate] for rate in rates if knobs[rate] != own[rate]}, "says": "the preset's rates"}
    if lost:
        return None
    quarter = {rate: max(kind[rate].metadata["low"], float(f"{knobs[rate] / 4:.3g}")) for rate in rates}
    return {"knobs": {rate: value for rate, value in quarter.items() if value != knobs[rate]}, "says": "a quarter of the rates"}
