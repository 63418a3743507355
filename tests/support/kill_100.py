"""`python tests/support/kill_100.py`: a hundred kills at random instants, and one at each act on files of a run. Exit code 0: nothing is lost."""

import random
import sys
import tempfile
import time
from pathlib import Path

sys.path[:0] = [str(Path(__file__).parents[2]), str(Path(__file__).parent)]

from killing import Harness, Toll, examined, ordeal, unstopped  # noqa: E402
from running import assert_same, spec  # noqa: E402

from playground.store.runs import Runs  # noqa: E402
from playground.types import Spec  # noqa: E402

KILLS = 100
VARIANTS = ("gan", "began", "wgan_gp", "lsgan")


def random_instants(harness: Harness, folder: Path) -> Toll:
    toll, chance = Toll(), random.Random(100)
    for n in range(KILLS):
        asked, root = spec(VARIANTS[n % len(VARIANTS)], steps=1200, ema=0.9), folder / f"run{n}"
        found, id = ordeal(harness, root, asked, min(12, KILLS - toll.kills), chance)
        assert_same(Runs(root).folder(id), unstopped(folder / f"whole{n}", asked))
        toll += found
        print(f"{toll.kills:4} kills", flush=True)
        if toll.kills >= KILLS:
            break
    return toll


def every_act(harness: Harness, folder: Path, asked: Spec) -> Toll:
    toll, whole = Toll(), unstopped(folder / "whole", asked)
    for n in range(1, 10_000):
        root = folder / f"act{n}"
        if not harness.attempt(root, None, asked, dies=n):
            return toll
        found, id = examined(root)
        toll += found
        harness.attempt(root, id, asked)
        runs = Runs(root).all()
        toll.lost_runs += len(runs) != 1 or len(list(Runs(root).root.iterdir())) != 1
        assert_same(Runs(root).folder(runs[0].id), whole)
    raise AssertionError("it never came to its end")


def main() -> int:
    harness, began = Harness(), time.monotonic()
    with tempfile.TemporaryDirectory() as folder:
        tolls = {"at random instants": random_instants(harness, Path(folder)),
                 "at every act on files": every_act(harness, Path(folder), spec(steps=8))}
    harness.close()
    for how, toll in tolls.items():
        print(f"{how}: {toll}")
    print(f"{time.monotonic() - began:.0f} s; every run ended as the one that was never stopped, to the last bit")
    return int(not all(toll.clean for toll in tolls.values()))


if __name__ == "__main__":
    sys.exit(main())
