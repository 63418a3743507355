"""What the short lane costs and gives: python -m bench.lane [--seconds N] [--times N]

An engine with one worker. GAN on digits alone, BEGAN on the ring alone, and both at once, the one on points in the short lane: steps per second
of each. Two runs that took turns instead would have half of what each makes alone; together they should make more than that.
"""

import argparse
import os
import statistics
import sys
import tempfile
import time
from pathlib import Path

from bench.common import say
from playground.config.settings import Limits
from playground.engine.engine import Engine
from playground.specs.presets import preset
from playground.store.history import History
from playground.types import Spec

SETTLE = 12.0           # seconds until the number of threads was looked at again
KINDS = {"images": ("gan", "digits"), "points": ("began", "ring8")}


def rates(kinds: tuple[str, ...], seconds: float) -> tuple[dict[str, float], float]:
    """Steps per second of runs that train at once, and the seconds until the last of them had made a step."""
    with tempfile.TemporaryDirectory() as folder:
        engine = Engine(Path(folder), 1, limits=Limits(free=0))
        read = {}
        for kind in kinds:
            variant, data = KINDS[kind]
            began = time.monotonic()
            id = engine.submit(Spec(variant, data, **preset(variant, data, "quick") | {"steps": 1_000_000}), kind).id
            read[kind] = History(engine.runs.journal(id))
            while not read[kind].refresh().step:
                time.sleep(0.01)
            started = time.monotonic() - began
        time.sleep(SETTLE)
        before = {kind: (history.refresh().step, history.elapsed) for kind, history in read.items()}
        time.sleep(seconds)
        after = {kind: (history.refresh().step, history.elapsed) for kind, history in read.items()}
        engine.close()
    return {kind: (after[kind][0] - before[kind][0]) / (after[kind][1] - before[kind][1]) for kind in kinds}, started


def main() -> None:
    """Run the benchmark and print its figures."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--seconds", type=float, default=8.0)
    parser.add_argument("--times", type=int, default=3)
    args = parser.parse_args()
    rounds = []
    for _ in range(args.times):
        (images, _), (points, _), (both, started) = (rates(kinds, args.seconds) for kinds in (("images",), ("points",), ("images", "points")))
        rounds.append((both["images"] / images["images"], both["points"] / points["points"], started, images["images"], points["points"]))
    middle = [statistics.median(column) for column in zip(*rounds, strict=True)]
    say("lane", "work of both at once over that of one after the other", middle[0] + middle[1], "times", least=1, images_left=round(middle[0], 2),
        points_left=round(middle[1], 2), images_alone=round(middle[3], 1), points_alone=round(middle[4], 1))
    say("lane", "seconds until the run on points has made a step, while one on images has the only worker", middle[2], "s", most=10)


if __name__ == "__main__":
    main()
    sys.stdout.flush()
    os._exit(0)             # what measures a run's quality may still be at work: it is not waited for, as in the app
