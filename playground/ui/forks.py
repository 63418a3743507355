"""Forks as a page asks for them: of one's own runs, and of what others have published."""

from collections.abc import Callable
from typing import Any

from playground.presets import RECORDED
from playground.types import Refused, Run
from playground.ui.checks import optional, plain, run_id, take, text, whole
from playground.ui.library import Library
from playground.ui.people import present

Answer = dict[str, Any]
MOST = 2 ** 53


class ForkDesk:
    """Where they are asked for."""

    def __init__(self, library: Library) -> None:
        self.library, self.engine = library, library.engine

    def functions(self) -> list[Callable[[Any], Answer]]:
        return [self.fork, self.checkpoints]

    def fork(self, message: Any) -> Answer:
        """A run of one's own that goes on from the newest checkpoint at or before `step` (null: from now), with other knobs or as another variant."""
        asked = take(message, run=run_id, step=optional(whole(0, MOST)), knobs=optional(plain, {}), variant=optional(text),
                     steps=optional(whole(1, MOST)))
        run, owner, step = self._given(asked["run"]), present.get().owner, asked["step"]
        self.library.trains_on(run.spec.data, run.spec.options)
        if step is None and not present.get().owns(run):        # somebody else's run is not held up for a checkpoint
            step = MOST
        made = self.engine.fork(run.id, owner, step, asked["knobs"], asked["variant"], asked["steps"])
        return {"run": made.run.id, "step": made.step, "fresh": made.fresh}

    def checkpoints(self, message: Any) -> Answer:
        """The steps that a fork can begin from."""
        asked = take(message, run=run_id)
        return {"steps": self.engine.runs.checkpoints(self._given(asked["run"]).id).steps()}

    def _given(self, id: str) -> Run:
        if id == RECORDED:
            raise Refused("run", "the recorded run has kept no checkpoints; train one live to fork it")
        return self.library.given(id)
