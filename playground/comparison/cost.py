"""What a lane costs: time of a step as it was measured, weights, memory."""

from typing import Any

from playground.comparison.lanes import Lane
from playground.comparison.networks import Networks
from playground.specs import cost
from playground.types import Refused


def cost_of(lane: Lane, networks: Networks | None) -> dict[str, Any] | None:
    """{"ms": of a step, over the last ten seconds or else all of its training, mean over its runs; "parameters": {player: number}; "memory": bytes
    that a run needs}, each null where it is not known. None of a lane that is gone."""
    if lane.spec is None:
        return None
    times = [1000 / h.rate if h.rate > 0 else 1000 * h.elapsed / h.step for _, h in lane.entrants if h.step and h.elapsed]
    return {"ms": round(sum(times) / len(times), 3) if times else None, "parameters": networks.parameters if networks else None,
            "memory": memory(lane)}


def memory(lane: Lane) -> int | None:
    """Bytes that a run of the lane needs; None where that cannot be told any more."""
    try:
        return cost.bytes_taken(lane.spec)
    except (KeyError, ValueError, Refused):
        return None
