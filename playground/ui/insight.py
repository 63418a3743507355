"""What a page asks to see inside: one step in slow motion, and the score between three pictures."""

from collections.abc import Callable, Hashable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from playground.look_images import EACH, TILES, Tile
from playground.machine import use_threads
from playground.slice import slice_of
from playground.slow import slow
from playground.store.checkpoints import Saved
from playground.types import Refused
from playground.ui.catalogue import mathml
from playground.ui.checks import optional, run_id, take, whole
from playground.ui.library import Kept, Library

Answer = dict[str, Any]
SIDES, MOST = (8, 48), 2 ** 53


def three(name: str, value: Any) -> list[Tile]:
    """Three different pictures of the x-ray."""
    found = {tile for part in value for tile in TILES if _is(part, tile)} if isinstance(value, list) and len(value) == 3 else set()
    if len(found) != 3:
        raise Refused(name, f'{name} must be three different pictures, as {{"of": "real", "held", "fake" or "noise", "index": 0 to {EACH - 1}}}; '
                            "of noise there is one")
    return [tile for part in value for tile in TILES if _is(part, tile)]


def _is(part: Any, tile: Tile) -> bool:
    return isinstance(part, dict) and part == tile._asdict() and not isinstance(part["index"], bool)


class Insight:
    """One worker thread does it all, one question after the other: training goes on beside it. What was worked out is kept for a while."""

    def __init__(self, library: Library) -> None:
        self.library, self._answers = library, Kept[Answer](32)
        self._worker = ThreadPoolExecutor(1, "insight", initializer=use_threads, initargs=(1,))

    def functions(self) -> list[Callable[[Any], Answer]]:
        return [self.slow, self.slice]

    def slow(self, message: Any) -> Answer:
        """The step after a run's checkpoint nearest to `step` (null: after the newest), stage by stage. Refused("run", ...) without any."""
        asked = take(message, run=run_id, step=optional(whole(0, MOST), MOST))
        run = self.library.run(asked["run"])
        return self._kept("slow", run.id, asked["step"], lambda saved: typeset(slow(run.spec, saved)))

    def slice(self, message: Any) -> Answer:
        """D's score over the plane through three pictures of the x-ray, by the checkpoint nearest to `step` (null: the newest)."""
        asked = take(message, run=run_id, tiles=three, side=optional(whole(*SIDES), 24), step=optional(whole(0, MOST), MOST))
        run = self.library.run(asked["run"])
        return self._kept((*asked["tiles"], asked["side"]), run.id, asked["step"],
                          lambda saved: slice_of(run.spec, saved, asked["tiles"], asked["side"]))

    def _kept(self, of: Hashable, id: str, step: int, make: Callable[[Saved], Answer]) -> Answer:
        """The same answer as long as the checkpoint nearest to a step is the same."""
        checkpoints = self.library.store(id).checkpoints(id)
        near = [(at, checkpoints.path(at)) for at in checkpoints.around(step)[:1]]
        stamps = [(at, path.stat().st_mtime_ns) for at, path in near if path.exists()]

        def made() -> Answer:
            saved = checkpoints.nearest(step)
            if saved is None:
                raise Refused("run", "this run has no checkpoint yet: its networks cannot be looked at")
            return make(saved)

        return self._answers.get((of, id, *stamps), lambda: self._worker.submit(made).result())


def typeset(told: Answer) -> Answer:
    """A step's stages with their formulas as MathML, which browsers draw themselves."""
    return {**told, "stages": [{**stage, "formula": stage["formula"] and mathml(stage["formula"])} for stage in told["stages"]]}
