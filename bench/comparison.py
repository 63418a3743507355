"""What it costs to watch lanes side by side: python -m bench.comparison [--seconds N] [--lanes N] [--rows N] [--data ID]

"live": a race of `lanes` lanes in `python app.py`, followed as the page does it, one question for all: bytes of news an update once the first is
there, and how soon it is answered. "long": three runs of `rows` rows of ten metrics: reading their journals, once, then what a page is told that
looks at all of them, what it costs to look again, and a scoreboard of them.
"""

import argparse
import gzip
import json
import statistics
import tempfile
import time
from pathlib import Path
from typing import Any

import numpy as np
import orjson

from bench.common import Client, app, say
from playground.comparison.lanes import Entrant, Lane
from playground.comparison.scoreboard import scoreboard
from playground.engine.engine import Engine
from playground.specs.check import check
from playground.store.runs import Runs
from playground.types import Status
from playground.ui.handlers import run_updates
from playground.ui.handlers.services import Services

VARIANTS = ("gan", "lsgan", "began", "ebgan", "wgan", "wgan_gp", "r3gan", "sngan")
EVERY = {"points": 0.5, "images": 1.0}          # seconds between an answer and the next question, as in the page
LOSSES, MEASURED = 9, 1000                      # metrics of a row beside the step, and measures of a long run
ASSETS = Path(__file__).parents[1] / "assets"


def known(told: dict[str, Any], had: dict[str, Any] | None) -> dict[str, Any]:
    """What a page has of a run after an update, as it asks for the next one."""
    had = had if had and had["epoch"] == told["epoch"] else {"cursor": -1, "frame": -1, "look": -1, "marks": 0, "phases": 0, "alarms": 0}
    rows = told["rows"]
    return {"run": told["run"], "epoch": told["epoch"], "cursor": rows["step"][-1] if rows else had["cursor"],
            "frame": (told["frames"] or [had["frame"]])[-1], "look": (told["looks"] or [had["look"]])[-1], "quality": True,
            **{name: had[name] + len(told[name]) for name in ("marks", "phases", "alarms")}}


def live(args: argparse.Namespace) -> None:
    """Eight lanes that train, followed."""
    with app() as made:
        made.rest()
        client = Client(made.url)
        lanes = [{"variant": variant, "preset": "quick"} for variant in VARIANTS[:args.lanes]]
        race = client.call("race", {"clock": "seconds", "budget": 1000, "data": args.data, "seeds": [0], "lanes": lanes})
        runs = [run for lane in race["runs"] for run in lane]
        questions: list[dict[str, Any]] = [{"run": run} for run in runs]
        sizes, unpacked, times, first, end = [], [], [], 0, time.monotonic() + args.seconds
        while time.monotonic() < end:
            began = time.perf_counter()
            with client.web.stream("POST", "/play/updates", json={"runs": questions}) as streamed:
                answer = b"".join(streamed.raise_for_status().iter_raw())
            times.append(time.perf_counter() - began)
            plain = gzip.decompress(answer)
            told = json.loads(plain)["updates"]
            first = first or len(answer)
            if any("gone" in one for one in told):
                raise RuntimeError(told)
            if all(one["step"] > 0 for one in told) and all("cursor" in question for question in questions):
                sizes.append(len(answer))
                unpacked.append(len(plain))
            questions = [known(one, question if "cursor" in question else None) for one, question in zip(told, questions, strict=True)]
            time.sleep(EVERY["points" if args.data == "ring8" else "images"])
        steps = sum(one["step"] for one in told)
    say("comparison", f"{args.lanes} lanes live: bytes of news an update", statistics.median(sizes), "bytes", most=6000,
        p95=round(float(np.quantile(sizes, 0.95))), first=first,
        unpacked=statistics.median(unpacked), answered_ms=round(1000 * statistics.median(times), 1), data=args.data, steps=steps)


def write(runs: Runs, rows: int, seed: int) -> str:
    """A run that has ended after so many steps, with ten numbers a step and a measure now and then."""
    draw = np.random.default_rng(seed)
    run = runs.create(check({"variant": "gan", "data": "digits", "steps": rows, "seed": seed}))
    runs.save(run.with_status(Status.FINISHED))
    journal = runs.journal(run.id)
    for at in range(0, rows, 100):
        steps = list(range(at + 1, at + 101))
        numbers = draw.normal(size=(LOSSES, 100)).round(6)
        journal.append({"rows": {"step": steps, **{f"loss/m{i}": column.tolist() for i, column in enumerate(numbers)}}, "elapsed": at / 100,
                        "images": 64 * (at + 100)})
        if at % (rows // MEASURED or 1) < 100:
            journal.append({"measure": {"quality/fd": float(10 * np.exp(-at / rows) + draw.normal() / 10)}, "step": at + 100})
    journal.close()
    return run.id


def long(args: argparse.Namespace) -> None:
    """Three long runs, looked at."""
    with tempfile.TemporaryDirectory() as folder:
        ids = [write(Runs(Path(folder)), args.rows, seed) for seed in range(3)]
        engine = Engine(Path(folder), 1)
        services = Services(engine, ASSETS)
        began = time.perf_counter()
        lanes = [Lane((Entrant(services.runs.run(id), services.runs.history(id)),)) for id in ids]
        say("comparison", f"3 x {args.rows:,} rows: read once", time.perf_counter() - began, "s")

        def timed(act: Any, times: int = 7) -> float:
            spent = []
            for _ in range(times):
                began = time.perf_counter()
                act()
                spent.append(time.perf_counter() - began)
            return 1000 * statistics.median(spent)

        def told(**had: Any) -> bytes:
            return orjson.dumps(run_updates.updates(services, {"runs": [{"run": id, **had} for id in ids]}))
        parts = {"what a page is told at first": told, "a scoreboard": lambda: scoreboard(lanes, "quality/fd", 5.0),
                 "an update": lambda: told(cursor=args.rows - 400, frame=args.rows, quality=True)}
        for what, act in parts.items():
            say("comparison", f"3 x {args.rows:,} rows: {what}", timed(act), "ms", most=100)
        engine.close()


def main() -> None:
    """Both, or one."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seconds", type=float, default=60.0)
    parser.add_argument("--lanes", type=int, default=8)
    parser.add_argument("--rows", type=int, default=1_000_000)
    parser.add_argument("--data", default="digits")
    parser.add_argument("--only", choices=("live", "long"))
    args = parser.parse_args()
    for part in (live, long):
        if args.only in (None, part.__name__):
            part(args)


if __name__ == "__main__":
    main()
