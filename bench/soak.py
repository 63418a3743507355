"""Whether the app stays as it was: python -m bench.soak [--hours N]

`python app.py` for so long. Every two seconds somebody comes to watch, for half a minute at most, or looks at a list; runs start, are
paused, tuned, stopped and thrown away all the time. One JSON line a minute: memory, threads, file handles. After the first tenth, and at the
end, everybody leaves and every run is stopped: how memory grew per hour between the two, and what is left of threads and handles beyond
those of the first time.
"""

import argparse
import asyncio
import json
import random
import statistics
import time
from contextlib import suppress
from typing import Any

import httpx

from bench.common import App, Client, app, say
from bench.crowd import PATIENCE, Crowd

COME, LONGEST, START, MINUTE = 2.0, 30.0, 15.0, 60.0            # seconds
KINDS = (("began", "ring8"), ("gan", "ring8"), ("gan", "digits"), ("lsgan", "pixel_faces"))
KEPT = 10               # runs that are not thrown away yet


def state(made: App) -> dict[str, float]:
    """What the app holds: MB of memory, threads, file handles."""
    return {"mb": round(made.memory(), 1), "threads": made.threads(), "handles": made.handles()}


class Soak:
    """Chance, drawn from a seed: the same visitors every time."""

    def __init__(self, made: App, client: Client) -> None:
        self.app, self.client, self.chance = made, client, random.Random(0)
        self.runs: list[str] = []
        self.said: list[tuple[float, dict[str, float]]] = []
        self.refused = self.started = self.watched = 0
        self.errors: list[str] = []

    def act(self) -> None:
        """Somebody steers; what is refused (a run that ended, a full queue) is counted and no more."""
        try:
            if len(self.runs) < 3 or self.chance.random() < 0.5:
                variant, data = self.chance.choice(KINDS)
                self.runs.append(self.client.start(variant, data, steps=self.chance.randint(50, 3000), seed=self.started))
                self.started += 1
            run = self.chance.choice(self.runs)
            what = self.chance.choice(("pause", "resume", "stop", "step", "tune", "delete"))
            if what == "tune":
                self.client.call("tune", {"run": run, "knobs": {"lr_d": 10 ** self.chance.uniform(-4, -3)}})
            elif what != "delete":
                self.client.call("act", {"run": run, "do": what})
            elif len(self.runs) > KEPT:
                self.client.call("delete", {"run": self.runs.pop(0)})
        except RuntimeError:
            self.refused += 1

    async def visit(self) -> None:
        """From the page's first request to the last poll, on connections of one's own."""
        people, run = Crowd(self.app.url), self.chance.choice(self.runs)
        try:
            async with httpx.AsyncClient(base_url=self.app.url, headers={"Origin": self.app.url}, timeout=PATIENCE, verify=False) as web:
                for path in ("/", "/config"):
                    (await web.get(path)).raise_for_status()
                for name, message in (("catalogue", {}), ("runs", {"scope": self.chance.choice(("mine", "gallery"))})):
                    path, body = self.client.way(name, message)
                    (await web.post(path, json=body)).raise_for_status()
            await people.watch(run, self.chance.uniform(0, LONGEST))
        except httpx.HTTPError as error:
            self.errors.append(f"{type(error).__name__}: {error}"[:200])
        self.errors += [error for error in people.seen.errors if "no such run" not in error]        # it was thrown away meanwhile
        self.watched += 1

    async def go_on(self, seconds: float) -> None:
        """Of what was told, only this stretch is kept."""
        start, visits, acted, told = time.monotonic(), set(), 0.0, 0.0
        self.said.clear()
        while (now := time.monotonic() - start) < seconds:
            if now >= acted:
                await asyncio.to_thread(self.act)
                acted = now + START
            visits.add(visit := asyncio.create_task(self.visit()))
            visit.add_done_callback(visits.discard)
            if now >= told:
                self.report(now)
                told = now + min(MINUTE, seconds / 5)
            await asyncio.sleep(COME)
        await asyncio.gather(*visits)
        self.report(time.monotonic() - start)

    def report(self, now: float) -> None:
        """Print how it stands after `now` seconds."""
        self.said.append((now, state(self.app)))
        print(json.dumps({"bench": "soak", "minute": round(now / 60, 1), **self.said[-1][1], "started": self.started, "watched": self.watched,
                          "refused": self.refused, "errors": len(self.errors)}), flush=True)

    def quiet(self) -> dict[str, float]:
        """Everything stopped, and the connections closed by the server that idle too long."""
        for run in self.runs:
            with suppress(RuntimeError):
                self.client.call("act", {"run": run, "do": "stop"})
        self.app.rest(120)
        time.sleep(20)
        return state(self.app)


def slope(said: list[tuple[float, dict[str, float]]]) -> float:
    """MB an hour."""
    return statistics.linear_regression([t / 3600 for t, _ in said], [s["mb"] for _, s in said]).slope


def main() -> None:
    """Run the benchmark and print its figures."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--hours", type=float, default=2.0)
    args = parser.parse_args()
    with app(PLAYGROUND_WORKERS=2) as made:
        made.rest()
        client = Client(made.url)
        soak = Soak(made, client)
        soak.act()
        asyncio.run(soak.go_on(360 * args.hours))
        before = soak.quiet()
        asyncio.run(soak.go_on(3240 * args.hours))
        after = soak.quiet()
        code = made.stop()[1]
    more: dict[str, Any] = {"hours": args.hours, "before": before, "after": after, "started": soak.started, "watched": soak.watched}
    say("soak", "memory grew", slope(soak.said), "MB/h", most=10, **more)
    say("soak", "threads that stayed", after["threads"] - before["threads"], "", most=0)
    say("soak", "file handles that stayed", after["handles"] - before["handles"], "", most=0)
    say("soak", "errors", len(soak.errors), "", most=0, first=(soak.errors or [None])[0])
    say("soak", "exit code", code, "", most=0, least=0)


if __name__ == "__main__":
    main()
