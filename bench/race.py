"""What a race costs, and how fair it is: python -m bench.race [--steps N] [--times N]

Four variants on digits, one worker: all of them as a race, and the same runs one after the other, in turns, seconds of both from the first step to
the end of the last. Then a race by the clock of seconds: by how much the lanes' training seconds differ at its end.
"""

import argparse
import statistics
import tempfile
import time
from pathlib import Path

from bench.common import say
from playground.config.settings import Limits
from playground.engine.engine import Engine
from playground.specs.presets import preset
from playground.store.history import History
from playground.types import Clock, Spec

VARIANTS = ("gan", "wgan_gp", "began", "r3gan")
SECONDS = 8.0           # of each lane, of the race by that clock


def specs(steps: int) -> list[Spec]:
    """Of the lanes."""
    return [Spec(variant, "digits", **preset(variant, "digits", "quick") | {"steps": steps}) for variant in VARIANTS]


def trained(steps: int, raced: bool) -> float:
    """Seconds from the beginning until all have ended, with all threads: none are tried out."""
    with tempfile.TemporaryDirectory() as folder:
        engine = Engine(Path(folder), 1, limits=Limits(free=0))
        engine.untried = engine._races.untried = engine.fitted
        began = time.monotonic()
        if raced:
            engine.race([[spec] for spec in specs(steps)], budget=steps)
        else:
            for spec in specs(steps):
                engine.submit(spec)
        while engine.live():
            time.sleep(0.05)
        passed = time.monotonic() - began
        engine.close()
    return passed


def fairness(seconds: float) -> tuple[float, dict[str, int]]:
    """By how much lanes' seconds of training differ at the end of a race by that clock, as a part of the budget; the steps of each."""
    with tempfile.TemporaryDirectory() as folder:
        engine = Engine(Path(folder), 1, limits=Limits(free=0))
        race = engine.race([[spec] for spec in specs(1)], clock=Clock.SECONDS, budget=seconds)
        while engine.live():
            time.sleep(0.1)
        read = [History(engine.runs.journal(id)).refresh() for (id,) in race.lanes]
        engine.close()
    passed = [history.elapsed for history in read]
    return (max(passed) - min(passed)) / seconds, {variant: history.step for variant, history in zip(VARIANTS, read, strict=True)}


def main() -> None:
    """Run the benchmark and print its figures."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--steps", type=int, default=150)
    parser.add_argument("--times", type=int, default=4)
    args = parser.parse_args()
    trained(20, True)                                # what is slow the first time
    ratios = []
    for n in range(args.times):
        took = {raced: trained(args.steps, raced) for raced in ((True, False) if n % 2 else (False, True))}
        ratios.append(took[True] / took[False])
    say("race", "seconds of a race of four on digits over those of its runs one after the other", statistics.median(ratios), "times", most=1.05,
        each=[round(ratio, 3) for ratio in ratios])
    differ, steps = fairness(SECONDS)
    say("race", "difference of the lanes' training seconds at the end, by the clock of seconds", 100 * differ, "%", most=2, **steps)


if __name__ == "__main__":
    main()
