"""The measures by which lanes can be ranked: which end of each is the good one, and what real data reach."""

from collections.abc import Sequence
from typing import Any

from playground.comparison.lanes import Lane
from playground.evaluation.suite import MEASURES

LOW, HIGH = "low", "high"
BETTER = {
    "quality/fd": LOW, "quality/precision": HIGH, "quality/recall": HIGH, "quality/classes": HIGH, "quality/entropy": HIGH,
    "quality/sw": LOW, "quality/patches": LOW, "modes/found": HIGH, "modes/share": HIGH, "distance/energy": LOW, "distance/mmd": LOW,
    "cond/accuracy": HIGH, "cond/worst": HIGH, "label/accuracy": HIGH, "label/worst": HIGH, "cluster/accuracy": HIGH, "cluster/nmi": HIGH,
}
BRIEF = {"quality/fd": "FD", "distance/energy": "energy distance", "quality/sw": "sliced Wasserstein distance", "modes/found": "modes found"}
NEITHER = ("sample/std", "sample/real", "quality/ssim", "label/baseline")       # near real data's is right, or it says nothing of the variant


def described(name: str, lanes: Sequence[Lane]) -> dict[str, Any]:
    """{"name", "help", "unit", "better": "low" or "high", "floor": {"mean", "deviation"} of real data against real data, or null}."""
    scalar = MEASURES[name]
    return {"name": name, "help": scalar.help, "unit": scalar.unit, "better": BETTER[name], "floor": floor(name, lanes)}


def floor(name: str, lanes: Sequence[Lane]) -> dict[str, float | None] | None:
    """What real data reach, by the run that knows it from the most draws; None where lanes are compared with different data, or nothing is known."""
    found = [quality for lane in lanes for _, history in lane.entrants if (quality := history.quality) and name in quality.get("floors", {})]
    if not found or len({(quality["n"], quality.get("extractor", "")) for quality in found}) > 1:
        return None
    best = max(found, key=lambda quality: quality.get("draws", 1))
    return {"mean": best["floors"][name], "deviation": best.get("deviations", {}).get(name)}
