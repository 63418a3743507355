"""By which step a run had made how much, by each clock: steps, images drawn from the data, seconds of training."""

from typing import NamedTuple

import numpy as np

from playground.comparison.lanes import Entrant
from playground.types import Spec

CLOCKS = ("step", "images", "seconds")


class Series(NamedTuple):
    """A measure of one run as it was taken: its values, and where each clock stood, (n,) each, ascending."""

    values: np.ndarray
    clocks: dict[str, np.ndarray]


def series(entrant: Entrant, measure: str) -> Series:
    """Every finite value of a measure in a run's journal; the last one where a step has several."""
    history = entrant.history
    with history.lock:
        found = {m["step"]: m[measure] for m in history.measures if m.get(measure) is not None}
    steps = np.array(sorted(step for step, value in found.items() if np.isfinite(value)), np.int64)
    return Series(np.array([found[step] for step in steps.tolist()], np.float64),
                  {"step": steps, "images": images(entrant, steps), "seconds": np.array(history.seconds(steps.tolist()), np.float64)})


def images(entrant: Entrant, steps: np.ndarray) -> np.ndarray:
    """How many images, or points, a run had drawn from the data by each of `steps`, in whole numbers: as its journal says, evenly between two
    flushes; by its knobs, where an older journal says nothing."""
    known, drawn = entrant.history.images()
    if not len(known):
        return steps * drawn_each(entrant.run.spec)
    found = np.interp(steps, np.append(0, known), np.append(0, drawn))
    return found.round().astype(np.int64)


def drawn_each(spec: Spec) -> int:
    """How many images a step draws by the knobs of a Spec: a batch for each update of D, or for all players together. (Without the steps in which
    WGAN's critic is trained longer, and without tunes.)"""
    rounds = spec.knobs.get("n_critic", spec.knobs.get("n_d", 1))
    return int(spec.knobs.get("batch", 1) * rounds)
