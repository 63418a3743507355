"""A run's Io on its own folder: what a worker thread of this process is given."""

import contextlib
import logging
import queue
import threading
import time
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass, field
from typing import Any

from torch import Tensor

import models
from playground import estimate
from playground.check import checked_tune
from playground.door import Command, LetGo
from playground.store.journal import Journal
from playground.store.runs import Runs
from playground.types import Event, Run, Status

log = logging.getLogger(__name__)
LEARN = 100         # steps over which the time of one is taken


class FolderIo:
    """Events, frames and checkpoints go to `runs/<id>/`; commands come through a queue; a change of status goes to the engine."""

    def __init__(self, runs: Runs, run: Run, status: Callable[[Status, str], None], wanted: Callable[[], bool]) -> None:
        self.run, self._status, self.wanted = run, status, wanted
        self.journal, self.checkpoints = runs.journal(run.id), runs.checkpoints(run.id)
        self.frames, self.looks = runs.frames(run.id), runs.looks(run.id)
        self._commands: queue.SimpleQueue[Command] = queue.SimpleQueue()
        self._from: tuple[float, int] | None = None
        self.step = 0                                   # the last that the journal knows
        self.thread = threading.current_thread()        # the worker's
        self.beat, self.longest, self.is_cut = time.monotonic(), 0.0, False
        self._last: float | None = None                 # when a command was looked for
        self.asked: float | None = None                 # when it was to stop

    def cut(self) -> None:
        """Let go of the run: nothing of its worker's reaches the folder any more."""
        self.is_cut = True

    def _held(self) -> None:
        if self.is_cut:
            raise LetGo
        self.beat = time.monotonic()

    def silent(self) -> float:
        """Seconds since anything was heard of the worker."""
        return time.monotonic() - self.beat

    def deaf(self, patience: float) -> bool:
        """Whether a request to stop has waited too long: `patience` seconds, or three of the longest steps so far."""
        return self.asked is not None and self.beat < self.asked and time.monotonic() - self.asked > max(patience, 3 * self.longest)

    def emit(self, event: Event, sync: bool = False) -> None:
        self._held()
        if "status" in event:
            self._status(Status(event["status"]), event.get("note", ""))
            return
        self.journal.append(event, sync)
        if "rewind" in event:
            self.step = event["rewind"]
            self.frames.drop_after(self.step)
            self.looks.drop_after(self.step)
            self.checkpoints.drop_after(self.step)
        if "well" in event.get("alarm", {}):
            self.checkpoints.mark(event["alarm"]["well"])
        if "rows" in event:
            self.step, elapsed = event["rows"]["step"][-1], event["elapsed"]
            self._from = self._from or (elapsed, self.step)
            if self.step - self._from[1] >= LEARN:
                estimate.learn(self.run.spec, (elapsed - self._from[0]) / (self.step - self._from[1]))

    def log(self) -> list[Event]:
        return self.journal.read()[0]

    def save(self, step: int, tensors: dict[str, Tensor], meta: dict[str, Any]) -> None:
        self._held()
        self.checkpoints.write(step, tensors, meta, ready=self._held)

    def latest(self) -> tuple[int, dict[str, Tensor], dict[str, Any]] | None:
        return self.checkpoints.latest()

    def frame(self, step: int, data: bytes, mark: bool = False) -> None:
        self._held()
        self.frames.put(step, data, mark)

    def look(self, step: int, data: bytes, mark: bool = False) -> None:
        self._held()
        self.looks.put(step, data, mark)

    def command(self, wait: float = 0.0) -> Command | None:
        self._held()
        self.longest = max(self.longest, self.beat - (self._last or self.beat))
        self._last = self.beat
        if not wait and self._commands.empty():
            return None
        try:
            return self._commands.get(timeout=wait)
        except queue.Empty:
            return None

    def ask(self, *commands: Command) -> None:
        for command in commands:
            if command.kind in ("stop", "close") and self.asked is None:
                self.asked = time.monotonic()
            self._commands.put(command)

    def left(self) -> list[Command]:
        """Commands that nobody will look at any more."""
        found = []
        with contextlib.suppress(queue.Empty):
            while True:
                found.append(self._commands.get_nowait())
        return found


@dataclass
class Active:
    """A run that has not ended. It has an `io` while a worker has it; else it queues, or it is paused and has given its worker up."""

    run: Run
    io: FolderIo | None = None
    first: list[Command] = field(default_factory=list)      # to be looked at when a worker takes it


def record(runs: Runs, run: Run, journal: Journal | None = None) -> bool:
    """Say a run's status in `run.json` and in its journal (`journal`, when it is open already). A disk that refuses does not keep a run
    from ending: False then, and a line in the log."""
    event = {"status": run.status, "note": run.note}
    try:
        runs.save(run)
        if journal:
            journal.append(event, sync=True)
        else:
            with closing(runs.journal(run.id)) as own:
                own.append(event, sync=True)
    except OSError:
        log.exception("the status of run %s, %s, could not be kept", run.id, run.status)
        return False
    return True


def tune_waiting(runs: Runs, run: Run, values: dict[str, Any]) -> int:
    """Turn knobs of a run that no worker has: the journal is ours then, and logged tunes are made when it begins. The step they act after."""
    now = dict(run.spec.knobs)
    for event in runs.journal(run.id).read()[0]:
        now |= {knob: after for knob, (_, after) in event.get("tune", {}).items()}
    values = checked_tune(models.get(run.spec.variant).Knobs, now, values)
    step = max(runs.checkpoints(run.id).steps(), default=0)
    changed = {knob: [now[knob], value] for knob, value in values.items() if value != now[knob]}
    if changed:
        with closing(runs.journal(run.id)) as journal:
            journal.append({"tune": changed, "step": step}, sync=True)
    return step
