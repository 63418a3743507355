"""All that is said of lanes side by side, as plain JSON."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from playground.comparison.cost import cost_of
from playground.comparison.differences import differences
from playground.comparison.fairness import told
from playground.comparison.formulas import formulas
from playground.comparison.lanes import Lane, titles
from playground.comparison.networks import networks


def described(lanes: Sequence[Lane]) -> dict[str, Any]:
    """{"lanes": [{"runs", "missing", "title", "variant", "spec", "cost"}], "differences": [{"name", "label", "values", "shared"}], "equal" and
    "unequal": sentences, "formulas": of each lane its `comparison.formulas.Line`s}. "variant", "spec" and "cost" are null of a lane that is gone."""
    names = titles(lanes)
    built = [lane.spec and networks(replace(lane.spec, seed=lane.seeds[0])) for lane in lanes]
    equal, unequal = told(lanes, names, built)
    return {"lanes": [{"runs": [entrant.run.id for entrant in lane.entrants], "missing": list(lane.missing), "title": title,
                       "variant": lane.spec and lane.spec.variant, "spec": lane.spec and lane.spec.json(), "cost": cost_of(lane, found)}
                      for lane, title, found in zip(lanes, names, built, strict=True)],
            "differences": [row._asdict() for row in differences(lanes, built)], "equal": equal, "unequal": unequal, "formulas": formulas(lanes)}
