"""A harness that imports torch once and trains each attempt in a forked child, which its parent may kill -9.

Reads one JSON order a line: {"root", "run": id or null, "spec", "tune": {knob: value} or null, "dies": n or null, "fork": step or null, "rival":
whether somebody else trains the same on the same worker, in turns, "race": the Specs of a race's lanes, in place of a run, or null}. Says the
child's pid, and then, when the child has gone, its exit status. The child goes on until the run, or its fork, and the rival have ended, or dies
just before its nth act on files.
"""

import json
import os
import signal
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

sys.path[:0] = [str(Path(__file__).parents[2]), str(Path(__file__).parent)]

import torch  # noqa: E402
from running import EAGER, TURNS, until  # noqa: E402

from playground.config.settings import Limits  # noqa: E402
from playground.engine.engine import Engine  # noqa: E402
from playground.specs import cost  # noqa: E402
from playground.specs.check import check  # noqa: E402
from playground.types import Spec  # noqa: E402


def attempt(root: str, run: str | None, spec: dict, tune: dict | None, dies: int | None, fork: int | None, rival: bool,
            race: list[dict] | None) -> None:
    if dies is not None:
        die_at(dies)
    engine = Engine(Path(root), 1, *((TURNS, Limits(slice=0.1)) if rival else (EAGER,)))
    if race:
        finish(engine, race)
        return
    if rival:
        both = [run.id for run in engine.all()]
        both += [engine.submit(Spec(**spec), owner).id for owner in "ab"[len(both):]]   # it may have died between the two
        for id in both:
            if engine.run(id).status.resumable:
                engine.resume(id)
        until(engine, both[1])
        run = both[0]
    elif run is None:
        run = engine.submit(Spec(**spec)).id
    elif fork is not None:
        run = engine.fork(run, step=fork).run.id
    elif not engine.run(run).status.ended or engine.run(run).status.resumable:
        engine.resume(run)
    if tune:
        time.sleep(0.05)
        engine.tune(run, tune)
    until(engine, run)
    engine.close()


def finish(engine: Engine, lanes: list[dict]) -> None:
    """Begin a race, or go on with the one that is there, until all its lanes have ended."""
    there = engine.table.races.all() or [engine.race([[Spec(**lane)] for lane in lanes], budget=lanes[0]["steps"])]
    ids = [id for lane in there[0].lanes for id in lane]
    interrupted = [id for id in ids if engine.run(id).status.resumable]
    if interrupted:
        engine.resume(interrupted[0])
    for id in ids:
        until(engine, id)
    engine.close()


def die_at(n: int) -> None:
    """This process dies in place of its nth act among making folders, syncing, renaming and removing."""
    left = [n]

    def deadly(act: Callable) -> Callable:
        def acting(*args: Any, **kwargs: Any) -> Any:
            left[0] -= 1
            if left[0] <= 0:
                os.kill(os.getpid(), signal.SIGKILL)
            return act(*args, **kwargs)
        return acting

    os.fsync = deadly(os.fsync)
    for name in ("mkdir", "replace", "unlink"):
        setattr(Path, name, deadly(getattr(Path, name)))


def main() -> None:
    torch.set_num_threads(1)
    cost.bytes_needed(check({"variant": "gan", "data": "ring8"}))           # what is slow the first time is paid once, before any fork
    print("ready", flush=True)
    for line in sys.stdin:
        child = os.fork()
        if child == 0:
            attempt(**json.loads(line))
            os._exit(0)
        print(child, flush=True)
        print(os.waitpid(child, 0)[1], flush=True)


if __name__ == "__main__":
    main()
