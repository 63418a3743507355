"""Runs of the engine with no server beside it: python -m bench.headless --workers N --runs N --variant ID --data ID --seconds N

One JSON line: steps per second of each run, and processor seconds per step of the process, once all have warmed up.
"""

import argparse
import json
import tempfile
import time
from pathlib import Path
from typing import Any

WARM = 5.0          # seconds of training before the clock starts


def measure(variant: str, data: str, workers: int, runs: int, seconds: float) -> dict[str, Any]:
    """The rates of runs that train without a page, in steps per second."""
    from playground.config import machine
    from playground.engine.engine import Engine
    from playground.specs.check import check
    from playground.specs.presets import preset
    from playground.store.history import History

    machine.tune_malloc()
    with tempfile.TemporaryDirectory() as folder:
        engine = Engine(Path(folder), workers=workers)
        try:
            asked = {"variant": variant, "data": data, **preset(variant, data, "quick"), "steps": 1_000_000}
            made = [engine.submit(check(asked | {"seed": seed})).id for seed in range(runs)]

            def now() -> list[tuple[int, float]]:
                return [(h.step, h.elapsed) for h in (History(engine.runs.journal(id)).refresh() for id in made)]

            while any(elapsed < WARM for _, elapsed in now()):
                time.sleep(0.1)
            cpu, before = time.process_time(), now()
            time.sleep(seconds)
            cpu, after = time.process_time() - cpu, now()
        finally:
            engine.close()
    steps = [b[0] - a[0] for a, b in zip(before, after, strict=True)]
    rates = [n / (b[1] - a[1]) for n, a, b in zip(steps, before, after, strict=True)]
    return {"rates": rates, "cpu_ms_per_step": 1000 * cpu / sum(steps), "cpu_share": cpu / seconds}


def main() -> None:
    """Run the benchmark and print its figures."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--workers", type=int, default=1)
    parser.add_argument("--runs", type=int, default=1)
    parser.add_argument("--variant", default="gan")
    parser.add_argument("--data", default="digits")
    parser.add_argument("--seconds", type=float, default=15.0)
    args = parser.parse_args()
    print(json.dumps(measure(args.variant, args.data, args.workers, args.runs, args.seconds)))


if __name__ == "__main__":
    main()
