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
SIDES = (8, 48)


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
        """The step after a run's newest checkpoint, stage by stage. Refused("run", ...) when there is none."""
        run = self.library.run(take(message, run=run_id)["run"])
        return self._kept("slow", run.id, lambda: typeset(slow(run.spec, self._saved(run.id))))

    def slice(self, message: Any) -> Answer:
        """D's score over the plane through three pictures of the x-ray, by the newest checkpoint."""
        asked = take(message, run=run_id, tiles=three, side=optional(whole(*SIDES), 24))
        run = self.library.run(asked["run"])
        return self._kept((*asked["tiles"], asked["side"]), run.id, lambda: slice_of(run.spec, self._saved(run.id), asked["tiles"], asked["side"]))

    def _saved(self, id: str) -> Saved:
        saved = self.library.store(id).checkpoints(id).latest()
        if saved is None:
            raise Refused("run", "this run has no checkpoint yet: its networks cannot be looked at")
        return saved

    def _kept(self, of: Hashable, id: str, make: Callable[[], Answer]) -> Answer:
        """The same answer as long as the newest checkpoint is the same."""
        checkpoints = self.library.store(id).checkpoints(id)
        newest = [(step, checkpoints.path(step)) for step in checkpoints.steps()[-1:]]
        stamps = [(step, path.stat().st_mtime_ns) for step, path in newest if path.exists()]
        return self._answers.get((of, id, *stamps), lambda: self._worker.submit(make).result())


def typeset(told: Answer) -> Answer:
    """A step's stages with their formulas as MathML, which browsers draw themselves."""
    return {**told, "stages": [{**stage, "formula": stage["formula"] and mathml(stage["formula"])} for stage in told["stages"]]}
