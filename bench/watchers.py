"""What watchers cost: python -m bench.watchers [--seconds N] [--times N] [--variant ID] [--data ID] [--only slowdown|two|many]

"slowdown": a run trains in the engine alone, and in `python app.py` with 0, 1 and 20 people watching, by turns: steps per second of
training, and processor time of the process per step (threads of torch that wait for each other spend it too). The watchers live in this
process, on the same cores: what they use themselves ("clients_cpu_share", of one core) is taken from the training too, as browsers on
other machines would not; "cpu_slowdown_percent" counts what the server's process spends alone. "two": 20 people on two runs that train
at once. "many": 100 people on one.
"""

import argparse
import json
import statistics
import tempfile
from pathlib import Path
from typing import Any

from bench.common import Client, app, fresh, say
from bench.crowd import crowd
from bench.headless import WARM

CROWDS = (0, 1, 20)


def served(args: argparse.Namespace, n: int) -> dict[str, Any]:
    """Steps per second and processor time per step of a run in the app, with `n` watchers."""
    with app() as made:
        made.rest()
        client = Client(made.url)
        run = client.start(args.variant, args.data)
        client.until(run, WARM)
        before, cpu = client.news(run), made.cpu()
        seen = crowd(made.url, [run], n, args.seconds)
        after, cpu = client.news(run), made.cpu() - cpu
    steps = after["step"] - before["step"]
    return seen | {"rate": steps / (after["elapsed"] - before["elapsed"]), "cpu_ms_per_step": 1000 * cpu / steps}


def slowdown(args: argparse.Namespace) -> None:
    """How much slower a run trains while crowds watch it."""
    rounds: list[dict[Any, dict[str, Any]]] = []
    for _ in range(args.times):
        alone = fresh("bench.headless", "--variant", args.variant, "--data", args.data, "--seconds", args.seconds)
        rounds.append({"alone": alone | {"rate": alone["rates"][0]}} | {n: served(args, n) for n in CROWDS})
    for n in CROWDS:
        lost = {name: [100 * (1 - r["alone"][name] / r[n][name] if name == "cpu_ms_per_step" else 1 - r[n][name] / r["alone"][name]) for r in rounds]
                for name in ("rate", "cpu_ms_per_step")}
        more = {name: round(statistics.median(r[n][name] for r in rounds), 3) for name in rounds[0][n] if name != "first_error"}
        say("watchers", f"{n} watchers: training slowed down", statistics.median(lost["rate"]), "%", most=10,
            least_of_times=round(min(lost["rate"]), 1), most_of_times=round(max(lost["rate"]), 1), times=args.times,
            cpu_slowdown_percent=round(statistics.median(lost["cpu_ms_per_step"]), 1),
            alone=round(statistics.median(r["alone"]["rate"] for r in rounds), 2), variant=args.variant, data=args.data, **more)


def two(args: argparse.Namespace) -> None:
    """Two runs, 20 watchers."""
    with app(PLAYGROUND_WORKERS=2) as made:
        made.rest()
        client = Client(made.url)
        runs = [client.start(args.variant, args.data, seed=seed) for seed in (0, 1)]
        for run in runs:
            client.until(run, WARM)
        seen = crowd(made.url, runs, 20, args.seconds)
    report(seen, "20 watchers of 2 runs", poll=500, lag=2)


def many(args: argparse.Namespace) -> None:
    """Many watchers of one run, and how often its answers were encoded for them."""
    with tempfile.TemporaryDirectory() as folder:
        counts = Path(folder) / "counts.json"
        with app(Path(folder) / "data", ("-m", "bench.counted", str(counts))) as made:
            made.rest()
            client = Client(made.url)
            run = client.start(args.variant, args.data)
            client.until(run, WARM)
            crowd(made.url, [run], 1, 5)           # what the first watcher makes the server load
            before = made.memory()
            seen = crowd(made.url, [run], 100, args.seconds)
            grown = made.memory() - before
            client.call("act", {"run": run, "do": "stop"})
            made.stop()
            kept = Path(folder) / "data" / "runs" / run
            events = [json.loads(line) for line in (kept / "events.jsonl").read_text().splitlines()]
            shown = sum("frame" in event or "look" in event for event in events)       # a look at D on images holds one picture, too
            kind = {".webp": "webp", ".npz": "cloud"}[next((kept / "frames").iterdir()).suffix]      # the app's warming up makes the other kind
            encoded = json.loads(counts.read_text())[kind]
    report(seen, "100 watchers of 1 run", poll=None, lag=5)
    say("watchers", "100 watchers of 1 run: memory grew", grown, "MB", most=200)
    say("watchers", "100 watchers of 1 run: pictures made for each frame and look", encoded / shown, "", most=1, shown=shown)


def report(seen: dict[str, Any], name: str, poll: float | None, lag: float) -> None:
    """Print the figures of a crowd."""
    more = {k: round(v, 3) if isinstance(v, float) else v for k, v in seen.items()}
    say("watchers", f"{name}: p95 of a poll", seen["poll_p95_ms"], "ms", most=poll, **more)
    say("watchers", f"{name}: p95 of the lag", seen["lag_p95_s"], "s", most=lag)
    say("watchers", f"{name}: errors", seen["errors"], "", most=0)


CASES = {"slowdown": slowdown, "two": two, "many": many}


def main() -> None:
    """Run the benchmark and print its figures."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--seconds", type=float, default=20.0)
    parser.add_argument("--times", type=int, default=5)
    parser.add_argument("--variant", default="gan")
    parser.add_argument("--data", default="digits")
    parser.add_argument("--only", choices=list(CASES), action="append")
    args = parser.parse_args()
    for name in args.only or CASES:
        CASES[name](args)


if __name__ == "__main__":
    main()
