"""A folder with many runs: python -m bench.gallery [--runs N] [--times N]

So many copies of the recorded run, some named, pinned or published: seconds until the page is there, and what the list of runs takes, asked for
the first time (nothing is known of any run), again, again by somebody who has it already, and the first time after a restart.
"""

import argparse
import json
import shutil
import statistics
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from bench.common import ROOT, Client, app, say
from playground.specs.presets import RECORDED
from playground.types import new_id

SHELF = ROOT / "assets" / "recorded" / "runs" / RECORDED


def fill(folder: Path, n: int) -> None:
    """`n` ended runs of nobody's, all published: everybody's gallery shows them."""
    said = json.loads((SHELF / "run.json").read_text())
    for i in range(n):
        id = new_id()
        shutil.copytree(SHELF, folder / "runs" / id)
        own = {"id": id, "owner": f"hf:person{i % 50}", "created": 1.8e9 + 60 * i, "name": f"run {i}" if i % 3 else "", "published": True}
        (folder / "runs" / id / "run.json").write_text(json.dumps(said | own))


def timed(act: Callable[[], Any]) -> tuple[float, Any]:
    """(seconds, answer) of a call."""
    start = time.perf_counter()
    answer = act()
    return time.perf_counter() - start, answer


def once(folder: Path, when: str, runs: int, found: dict[str, list[float]]) -> dict[str, Any]:
    """One life of the app: its seconds go to `found`; the size of the list in MB, and whether who has it is told nothing again."""
    def note(name: str, seconds: float) -> None:
        found.setdefault(name, []).append(seconds)

    with app(folder) as made:
        client = Client(made.url)

        def listed(known: str = "") -> dict[str, Any]:
            return client.call("runs", {"scope": "gallery", "known": known})

        note(f"page, {when}", made.ready)
        took, answer = timed(listed)
        note(f"list, {when}", took)
        if len(answer["runs"]) < runs:
            raise RuntimeError(f"the list has {len(answer['runs'])} of {runs} runs")
        made.rest()
        note("list, again", timed(listed)[0])
        took, nothing = timed(lambda: listed(answer["version"]))
        note("list, known already", took)
        note("thumbnail, the first", timed(lambda: client.web.get(answer["runs"][0]["thumb"]).raise_for_status())[0])
    return {"mb": round(len(json.dumps(answer)) / 1e6, 2), "unchanged": nothing["runs"] is None}


def main() -> None:
    """Run the benchmark and print its figures."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--runs", type=int, default=1000)
    parser.add_argument("--times", type=int, default=3)
    args = parser.parse_args()
    found: dict[str, list[float]] = {}
    for _ in range(args.times):
        with tempfile.TemporaryDirectory() as folder:
            fill(Path(folder), args.runs)
            for when in ("first", "after a restart"):
                more = once(Path(folder), when, args.runs, found)
    for name, seconds in found.items():
        say("gallery", name, statistics.median(seconds), "s", most=5 if name.startswith("page") else 1, slowest=round(max(seconds), 3),
            runs=args.runs, times=len(seconds), **(more if name.startswith("list") else {}))


if __name__ == "__main__":
    main()
