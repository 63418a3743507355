"""Kills a process that trains, again and again, and looks at what each kill has left on the disk. Needs fork."""

import hashlib
import json
import os
import signal
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from random import Random
from typing import Any

from running import CALM, EAGER, AtStep
from safetensors.torch import load

from playground.engine.engine import Engine
from playground.specs.check import check
from playground.store.history import History
from playground.store.runs import Runs
from playground.types import Spec, Status, is_id
from playground.worker.turns import run


class Harness:
    """`killed.py` as a process; see there."""

    def __init__(self) -> None:
        env = {**os.environ, "PLAYGROUND_WORKERS": "1", "PLAYGROUND_DEVICE": "cpu"}
        self.process = subprocess.Popen([sys.executable, str(Path(__file__).parent / "killed.py")], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                                        text=True, env=env)
        assert self.process.stdout.readline() == "ready\n"

    def attempt(self, root: Path, id: str | None, asked: Spec, tune: dict | None = None, kill_after: float | None = None,
                dies: int | None = None, fork: int | None = None, rival: bool = False, race: list[Spec] | None = None) -> bool:
        """Whether it was killed before it was done: from outside after so many seconds, or by its own hand at its `dies`th act on files."""
        order = {"root": str(root), "run": id, "spec": asked.json(), "tune": tune, "dies": dies, "fork": fork, "rival": rival,
                 "race": race and [lane.json() for lane in race]}
        self.process.stdin.write(json.dumps(order) + "\n")
        self.process.stdin.flush()
        child = int(self.process.stdout.readline())
        if kill_after is not None:
            time.sleep(kill_after)
            os.kill(child, signal.SIGKILL)
        status = int(self.process.stdout.readline())
        assert status in (0, signal.SIGKILL)
        return status == signal.SIGKILL

    def close(self) -> None:
        self.process.stdin.close()
        assert self.process.wait(10) == 0
        self.process.stdout.close()


@dataclass
class Toll:
    """What a number of kills has cost."""

    kills: int = 0
    unreadable: int = 0         # checkpoints
    lost_runs: int = 0
    not_resumable: int = 0
    parts_left: int = 0         # of files, after the next start
    steps_void: int = 0         # at most, with one kill: known to the journal, and to be made again
    seconds_void: float = 0.0
    slowest_start: float = 0.0

    def __add__(self, other: "Toll") -> "Toll":
        most = {k: max(getattr(self, k), getattr(other, k)) for k in ("steps_void", "seconds_void", "slowest_start")}
        return Toll(**{k: v + getattr(other, k) for k, v in vars(self).items()} | most)

    @property
    def clean(self) -> bool:
        return not (self.unreadable or self.lost_runs or self.not_resumable or self.parts_left)


def examined(root: Path, known: str | None = None) -> tuple[Toll, str | None]:
    """What one kill has left under `root`: its toll, and the run's id. `known`: a run that was there before."""
    runs, toll = Runs(root), Toll(kills=1)
    folders = [f.name for f in runs.root.iterdir() if is_id(f.name)]
    for step in (s for id in folders for s in runs.checkpoints(id).steps()):
        toll.unreadable += not any(readable(runs.checkpoints(id).path(step)) for id in folders if runs.checkpoints(id).path(step).exists())
    started = time.monotonic()
    engine = Engine(root, workers=1, intervals=EAGER)
    toll.slowest_start = time.monotonic() - started
    left = engine.runs.all()
    toll.lost_runs += known is not None and known not in {r.id for r in left}
    for r in left:
        toll.not_resumable += not (r.status is Status.INTERRUPTED and r.status.resumable) and r.status is not Status.FINISHED
    engine.close()
    toll.parts_left = len(list(root.rglob(".tmp-*")))
    if left:
        kept, journal = max(runs.checkpoints(left[0].id).steps(), default=0), History(runs.journal(left[0].id)).refresh()
        toll.steps_void = max(0, journal.step - kept)
        toll.seconds_void = round(journal.elapsed - elapsed_at(runs, left[0].id, kept), 3)
    return toll, left[0].id if left else None


def readable(path: Path) -> bool:
    """As anybody would find out who knows only that the sum lies beside it."""
    data = path.read_bytes()
    return bool(load(data)) and hashlib.sha256(data).hexdigest() == path.with_suffix(".sha256").read_text()


def elapsed_at(runs: Runs, id: str, step: int) -> float:
    """Seconds of training at `step`, as its journal tells."""
    rows = [e for e in runs.journal(id).read()[0] if "rows" in e and e["rows"]["step"][-1] <= step]
    return rows[-1]["elapsed"] if rows else 0.0


def ordeal(harness: Harness, root: Path, asked: Spec, kills: int, chance: Random, tune: dict[str, Any] | None = None) -> tuple[Toll, str]:
    """Kill a run up to `kills` times at random instants, then let it finish: the toll, and its id. `tune` is asked for from the fourth attempt on,
    until it is in the journal.
    """
    toll, id, tuned = Toll(), None, tune is None
    for n in range(4 * kills):
        asking = None if tuned or n < 3 else tune
        if harness.attempt(root, id, asked, asking, 0.1 * n + 0.1 if asking else chance.uniform(0.01, 0.3)):
            found, id = examined(root, id)
            toll += found
        tuned = tuned or (id is not None and bool(History(Runs(root).journal(id)).refresh().tunes))
        if toll.kills >= kills and tuned:
            break
    harness.attempt(root, id, asked)
    return toll, id or Runs(root).all()[0].id


def unstopped(folder: Path, asked: Spec, commands: dict | None = None) -> Path:
    """The same run in one go, in this process, without an engine, and hardly looked at."""
    assert run(check(asked.json()), AtStep(folder, commands), CALM)[0] is Status.FINISHED
    return folder
