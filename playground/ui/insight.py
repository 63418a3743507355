"""What a page asks to see inside: one step in slow motion."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from playground.machine import use_threads
from playground.slow import slow
from playground.store.checkpoints import Saved
from playground.types import Refused
from playground.ui.catalogue import mathml
from playground.ui.checks import run_id, take
from playground.ui.library import Kept, Library

Answer = dict[str, Any]


class Insight:
    """One worker thread does it all, one question after the other: training goes on beside it. What was worked out is kept for a while."""

    def __init__(self, library: Library) -> None:
        self.library, self._answers = library, Kept[Answer](32)
        self._worker = ThreadPoolExecutor(1, "insight", initializer=use_threads, initargs=(1,))

    def functions(self) -> list[Callable[[Any], Answer]]:
        return [self.slow]

    def slow(self, message: Any) -> Answer:
        """The step after a run's newest checkpoint, stage by stage. Refused("run", ...) when there is none."""
        run = self.library.run(take(message, run=run_id)["run"])
        return self._kept("slow", run.id, lambda: typeset(slow(run.spec, self._saved(run.id))))

    def _saved(self, id: str) -> Saved:
        saved = self.library.store(id).checkpoints(id).latest()
        if saved is None:
            raise Refused("run", "this run has no checkpoint yet: its networks cannot be looked at")
        return saved

    def _kept(self, of: str, id: str, make: Callable[[], Answer]) -> Answer:
        """The same answer as long as the newest checkpoint is the same."""
        checkpoints = self.library.store(id).checkpoints(id)
        newest = [(step, checkpoints.path(step)) for step in checkpoints.steps()[-1:]]
        stamps = [(step, path.stat().st_mtime_ns) for step, path in newest if path.exists()]
        return self._answers.get((of, id, *stamps), lambda: self._worker.submit(make).result())


def typeset(told: Answer) -> Answer:
    """A step's stages with their formulas as MathML, which browsers draw themselves."""
    return {**told, "stages": [{**stage, "formula": stage["formula"] and mathml(stage["formula"])} for stage in told["stages"]]}
