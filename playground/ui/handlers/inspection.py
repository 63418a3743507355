"""What a page asks to see inside: one step in slow motion, and the score between three pictures."""

from collections.abc import Callable, Hashable
from typing import Any

import orjson

from playground.config.limits.memory_cache import LRUCache
from playground.config.limits.pool import Pool
from playground.config.limits.shares import Shares
from playground.inspection.critic_images import EACH, TILES, Tile
from playground.inspection.score_slice import slice_of
from playground.inspection.step_trace import trace_step
from playground.store.checkpoints import Saved
from playground.types import Refused
from playground.ui.handlers.catalogue import mathml
from playground.ui.handlers.services import Services
from playground.ui.requests.message_checks import optional, run_id, take, whole

Answer = dict[str, Any]
SIDES, MOST = (8, 48), 2 ** 53
MEMORY = 32 << 20       # bytes of answers


def three(name: str, value: Any) -> list[Tile]:
    """Three different pictures of the x-ray."""
    found = {tile for part in value for tile in TILES if _is(part, tile)} if isinstance(value, list) and len(value) == 3 else set()
    if len(found) != 3:
        raise Refused(name, f'{name} must be three different pictures, as {{"of": "real", "held", "fake" or "noise", "index": 0 to {EACH - 1}}}; '
                            "of noise there is one")
    return [tile for part in value for tile in TILES if _is(part, tile)]


def _is(part: Any, tile: Tile) -> bool:
    return isinstance(part, dict) and part == tile._asdict() and not isinstance(part["index"], bool)


class InspectionHandlers:
    """Two worker threads do it all, one question after the other: training goes on beside them. What was worked out is kept for a while."""

    def __init__(self, services: Services) -> None:
        self.services, self._answers = services, LRUCache[bytes](MEMORY)
        self._workers = Pool("insight", 2, Shares("slices and steps in slow motion", most=16, each=3, address=8, kept=4), patient=True)

    def functions(self) -> list[Callable[[Any], Answer]]:
        """The functions that the page calls."""
        return [self.slow, self.slice]

    def slow(self, message: Any) -> Answer:
        """The step after a run's checkpoint nearest to `step` (null: after the newest), stage by stage. Refused("run", ...) without any."""
        fields = take(message, run=run_id, step=optional(whole(0, MOST), MOST))
        run = self.services.runs.run(fields["run"])
        return self._kept("slow", run.id, fields["step"], lambda saved: typeset(trace_step(run.spec, saved)))

    def slice(self, message: Any) -> Answer:
        """D's score over the plane through three pictures of the x-ray, by the checkpoint nearest to `step` (null: the newest)."""
        fields = take(message, run=run_id, tiles=three, side=optional(whole(*SIDES), 24), step=optional(whole(0, MOST), MOST))
        run = self.services.runs.run(fields["run"])
        return self._kept((*fields["tiles"], fields["side"]), run.id, fields["step"],
                          lambda saved: slice_of(run.spec, saved, fields["tiles"], fields["side"]))

    def _kept(self, of: Hashable, id: str, step: int, make: Callable[[Saved], Answer]) -> Answer:
        """The same answer as long as the checkpoint nearest to a step is the same."""
        checkpoints = self.services.runs.checkpoints(id)
        near = [(at, checkpoints.path(at)) for at in checkpoints.around(step)[:1]]
        stamps = [(at, path.stat().st_mtime_ns) for at, path in near if path.exists()]

        def made() -> bytes:
            saved = checkpoints.nearest(step)
            if saved is None:
                raise Refused("run", "this run has no checkpoint yet: its networks cannot be looked at")
            return orjson.dumps(make(saved))

        return orjson.loads(self._answers.get_or_make((of, id, *stamps), lambda: self._workers.run(made)))


def typeset(told: Answer) -> Answer:
    """A step's stages with their formulas as MathML, which browsers draw themselves."""
    return {**told, "stages": [{**stage, "formula": stage["formula"] and mathml(stage["formula"])} for stage in told["stages"]]}
