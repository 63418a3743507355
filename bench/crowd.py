"""People who watch, all in one process: each asks for news as the page does, from where it is, and fetches the newest picture."""

import asyncio
import random
import statistics
import time
from dataclasses import dataclass, field
from typing import Any

import httpx

EVERY = {"points": 0.5, "images": 1.0}      # seconds between an answer and the next question, as in the page
PATIENCE = 20.0


@dataclass
class Seen:
    """What a crowd met."""

    polls: list[float] = field(default_factory=list)                # seconds of each
    ages: dict[str, list[float]] = field(default_factory=dict)      # run -> when news came, less the training time that they tell of
    pictures: int = 0
    bytes: int = 0
    errors: list[str] = field(default_factory=list)

    def said(self) -> dict[str, Any]:
        """In milliseconds and seconds. `lag`: how old the newest row of an answer was, the freshest of the run's taken as new."""
        lags = [age - min(ages) for ages in self.ages.values() for age in ages]
        return {"polls": len(self.polls), "poll_p50_ms": 1000 * at(self.polls, 50), "poll_p95_ms": 1000 * at(self.polls, 95),
                "lag_p50_s": at(lags, 50), "lag_p95_s": at(lags, 95), "pictures": self.pictures, "mb": self.bytes / 1e6,
                "errors": len(self.errors), "first_error": self.errors[0] if self.errors else None}


def at(values: list[float], percent: int) -> float:
    return statistics.quantiles(values, n=100)[percent - 1] if len(values) > 1 else (values or [0.0])[0]


class Crowd:
    """`ask` is a `bench.common.Client`'s body; connections are kept, as browsers do."""

    def __init__(self, url: str, ask: Any) -> None:
        self.ask, self.seen = ask, Seen()
        self.web = httpx.AsyncClient(base_url=url, timeout=PATIENCE, headers={"Origin": url}, verify=False,
                                     limits=httpx.Limits(max_connections=None, max_keepalive_connections=None))

    async def watch(self, run: str, seconds: float, late: float = 0.0) -> None:
        """Watch one run for so long, beginning `late`."""
        await asyncio.sleep(late)
        end, known, every = time.monotonic() + seconds, {"cursor": -1, "epoch": 0, "marks": 0, "phases": 0, "frame": -1, "quality": False}, 1.0
        while time.monotonic() < end:
            start = time.monotonic()
            try:
                answer = await self.web.post("/gradio_api/component_server", json=self.ask("poll", {"run": run, **known}))
                answer.raise_for_status()
                news = answer.json()
                if "error" in news:
                    raise ValueError(news["error"])
                self.seen.polls.append(time.monotonic() - start)
                self.seen.bytes += len(answer.content)
                if "spec" in news:
                    every = EVERY["points" if "real" in news else "images"]
                self.learn(run, known, news)
                if news["frames"]:
                    picture = await self.web.get(f"/play/runs/{run}/frames/{news['frames'][-1]}", params={"e": news["epoch"]})
                    picture.raise_for_status()
                    self.seen.pictures += 1
                    self.seen.bytes += len(picture.content)
            except (httpx.HTTPError, ValueError) as error:
                self.seen.errors.append(f"{type(error).__name__}: {error}"[:200])
            await asyncio.sleep(every)

    def learn(self, run: str, known: dict[str, Any], news: dict[str, Any]) -> None:
        """What the page would remember for its next question."""
        if news["epoch"] != known["epoch"]:
            known |= {"epoch": news["epoch"], "marks": 0, "phases": 0, "frame": -1}
        if news["rows"] and news["rows"]["step"]:
            known["cursor"] = news["rows"]["step"][-1]
            if news["status"] == "running":
                self.seen.ages.setdefault(run, []).append(time.monotonic() - news["elapsed"])
        known["marks"] += len(news["marks"])
        known["phases"] += len(news["phases"])
        known["frame"] = max([known["frame"], *news["frames"]])
        known["quality"] = known["quality"] or news["quality"] is not None

    async def gather(self, runs: list[str], n: int, seconds: float) -> None:
        """`n` people, on the runs in turn, not all at the same instant."""
        await asyncio.gather(*(self.watch(runs[i % len(runs)], seconds, random.random()) for i in range(n)))
        await self.web.aclose()


def crowd(url: str, ask: Any, runs: list[str], n: int, seconds: float) -> dict[str, Any]:
    """What `n` watchers met in so many seconds, and what they cost this process."""
    cpu = time.process_time()

    async def all_of_them() -> Seen:
        people = Crowd(url, ask)
        await people.gather(runs, n, seconds)
        return people.seen

    said = asyncio.run(all_of_them()).said() if n else (time.sleep(seconds), {})[1]
    return said | {"clients_cpu_share": (time.process_time() - cpu) / seconds}
