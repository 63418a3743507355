"""Finds a run by its id, the recorded one among them, and keeps what was read of it."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from playground.config.limits.memory_cache import LRUCache
from playground.engine.engine import Engine
from playground.guidance.diagnosis import Advisor
from playground.guidance.rules import RULES
from playground.specs.presets import RECORDED
from playground.store.checkpoints import Checkpoints, Saved
from playground.store.frames import Frames
from playground.store.history import History
from playground.store.run_summaries import Index
from playground.store.runs import Runs
from playground.training.build import newest_checkpoint
from playground.types import Run

HISTORIES = 512 << 20           # bytes that stay in memory of what runs' journals say


@dataclass(frozen=True)
class RunView:
    """One run as it is looked at now: itself, its journal as numbers, and where its files lie."""

    run: Run
    history: History
    frames: Frames
    snapshots: Frames
    checkpoints: Checkpoints


class RunReader:
    """All runs that may be looked at: the engine's, and the recorded one, which nobody steers. Threads may share it."""

    def __init__(self, engine: Engine, recorded: Path) -> None:
        """`recorded`: the folder of a data root that holds the recorded run, or nothing."""
        self.engine, self._shelf = engine, Runs(recorded) if (recorded / "runs" / RECORDED / "run.json").is_file() else None
        self._shelf_index = self._shelf and Index(self._shelf)
        self._histories: LRUCache[History] = LRUCache(HISTORIES, lambda history: history.bytes, grows=True)
        self._advisor = Advisor(RULES)

    @property
    def recorded(self) -> str | None:
        """The id of the recorded run; None where it does not ship."""
        return RECORDED if self._shelf else None

    def store(self, id: str) -> Runs:
        """The store that a run lies in."""
        return self._shelf if self._shelf and id == RECORDED else self.engine.runs

    def run(self, id: str) -> Run:
        """Refused("run", ...) when there is none."""
        return self._shelf.get(id) if self._shelf and id == RECORDED else self.engine.run(id)

    def index(self, id: str) -> Index:
        """The summaries of that store."""
        return self._shelf_index if self._shelf_index and id == RECORDED else self.engine.index

    def history(self, id: str) -> History:
        """Up to date; one object for all who ask, so that a journal is read once."""
        return self._histories.get_or_make(id, lambda: History(self.store(id).journal(id))).refresh()

    def frames(self, id: str) -> Frames:
        """A run's frames."""
        return self.store(id).frames(id)

    def snapshots(self, id: str) -> Frames:
        """A run's critic snapshots."""
        return self.store(id).snapshots(id)

    def checkpoints(self, id: str) -> Checkpoints:
        """A run's checkpoints."""
        return self.store(id).checkpoints(id)

    def saved(self, id: str) -> Saved:
        """The newest whole checkpoint. Refused("run", ...) while the run trains, or when there is none."""
        return newest_checkpoint(self.run(id), self.checkpoints(id))

    def view(self, run: Run) -> RunView:
        """All there is to look at of a run; its journal is up to date."""
        return RunView(run, self.history(run.id), self.frames(run.id), self.snapshots(run.id), self.checkpoints(run.id))

    def advice(self, view: RunView) -> list[dict[str, Any]]:
        """What stands out about a run, in words; see `playground.guidance.diagnosis`."""
        return self._advisor.advice(view.run, view.history, view.snapshots)
