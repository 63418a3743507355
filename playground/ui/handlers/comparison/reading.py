"""Lanes of runs, found by their ids."""

from collections.abc import Callable

from playground.comparison.lanes import Entrant, Lane
from playground.types import Refused, Run
from playground.ui.handlers.run_reader import RunReader
from playground.ui.requests.message_checks import Check, run_id, several

LANES, SEEDS = 8, 5         # in one comparison, and of one lane, at most


def run_ids(low: int = 1) -> Check:
    """A check that a value is a list of `low` to LANES lanes, each a list of 1 to SEEDS runs' ids."""
    return several("lanes", low, LANES, several("runs of a lane", 1, SEEDS, run_id))


def lane_of(runs: RunReader, ids: list[str], find: Callable[[str], Run] | None = None) -> Lane:
    """A lane of the runs that are still there. `find`: what finds a run, and may refuse it to who asks."""
    found, missing = [], []
    for id in ids:
        try:
            found.append(Entrant((find or runs.run)(id), runs.history(id)))
        except Refused as refused:
            if refused.field in ("server", "owner"):
                raise
            missing.append(id)
    return Lane(tuple(found), tuple(missing))
