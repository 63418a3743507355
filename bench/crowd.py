"""People who watch, all in one process: each asks for news as the page does, from where it is, and fetches the newest picture."""

import asyncio
import json
import random
import re
import statistics
import time
from dataclasses import dataclass, field
from typing import Any

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
    """A percentile of the values; 0 when there are none."""
    return statistics.quantiles(values, n=100)[percent - 1] if len(values) > 1 else (values or [0.0])[0]


class Wire:
    """One connection, kept as browsers do. No more than that: what a client costs these cores is taken from the training."""

    def __init__(self, url: str) -> None:
        self.url, self.address, self._streams = url, url.split("://")[1], None

    async def ask(self, method: str, path: str, body: bytes = b"") -> bytes:
        """What is answered with 200. ValueError with another status, OSError or EOFError without an answer."""
        try:
            async with asyncio.timeout(PATIENCE):
                self._streams = self._streams or await asyncio.open_connection(*self.address.split(":"))
                reader, writer = self._streams
                writer.write(f"{method} {path} HTTP/1.1\r\nHost: {self.address}\r\nOrigin: {self.url}\r\nContent-Type: application/json\r\n"
                             f"Content-Length: {len(body)}\r\n\r\n".encode() + body)
                head = (await reader.readuntil(b"\r\n\r\n")).lower()
                answer = await reader.readexactly(int((re.search(rb"\r\ncontent-length: (\d+)", head) or [0, 0])[1]))
        except (OSError, EOFError):
            self.close()
            raise
        if head[9:12] != b"200":
            raise ValueError(f"{path}: {head[9:12].decode()}")
        return answer

    def close(self) -> None:
        """Close the connection."""
        if self._streams:
            self._streams[1].close()
        self._streams = None


class Crowd:
    """Watchers of one server, and what they met."""

    def __init__(self, url: str) -> None:
        self.url, self.seen = url, Seen()

    async def watch(self, run: str, seconds: float, late: float = 0.0) -> None:
        """Watch one run for so long, beginning `late`."""
        await asyncio.sleep(late)
        web, end, every = Wire(self.url), time.monotonic() + seconds, 1.0
        known = {"cursor": -1, "epoch": 0, "marks": 0, "phases": 0, "frame": -1, "look": -1, "alarms": 0, "quality": False}
        while time.monotonic() < end:
            start = time.monotonic()
            try:
                answer = await web.ask("POST", "/play/poll", json.dumps({"run": run, **known}).encode())
                news = json.loads(answer)
                if "error" in news:
                    raise ValueError(news["error"])
                self.seen.polls.append(time.monotonic() - start)
                self.seen.bytes += len(answer)
                if "spec" in news:
                    every = EVERY["points" if "real" in news else "images"]
                self.learn(run, known, news)
                for kind in ("frames", "looks"):
                    if news[kind]:
                        picture = await web.ask("GET", f"/play/runs/{run}/{kind}/{news[kind][-1]}?e={news['epoch']}")
                        self.seen.pictures += kind == "frames"
                        self.seen.bytes += len(picture)
            except (OSError, EOFError, ValueError) as error:
                self.seen.errors.append(f"{type(error).__name__}: {error}"[:200])
            await asyncio.sleep(every)
        web.close()

    def learn(self, run: str, known: dict[str, Any], news: dict[str, Any]) -> None:
        """What the page would remember for its next question."""
        if news["epoch"] != known["epoch"]:
            known |= {"epoch": news["epoch"], "marks": 0, "phases": 0, "frame": -1, "look": -1, "alarms": 0}
        if news["rows"] and news["rows"]["step"]:
            known["cursor"] = news["rows"]["step"][-1]
            if news["status"] == "running":
                self.seen.ages.setdefault(run, []).append(time.monotonic() - news["elapsed"])
        known["marks"] += len(news["marks"])
        known["phases"] += len(news["phases"])
        known["alarms"] += len(news["alarms"])
        for one, all in (("frame", "frames"), ("look", "looks")):
            known[one] = max([known[one], *news[all]])
        known["quality"] = known["quality"] or news["quality"] is not None

    async def gather(self, runs: list[str], n: int, seconds: float) -> None:
        """`n` people, on the runs in turn, not all at the same instant."""
        await asyncio.gather(*(self.watch(runs[i % len(runs)], seconds, random.random()) for i in range(n)))


def crowd(url: str, runs: list[str], n: int, seconds: float) -> dict[str, Any]:
    """What `n` watchers met in so many seconds, and what they cost this process."""
    cpu = time.process_time()

    async def all_of_them() -> Seen:
        people = Crowd(url)
        await people.gather(runs, n, seconds)
        return people.seen

    said = asyncio.run(all_of_them()).said() if n else (time.sleep(seconds), {})[1]
    return said | {"clients_cpu_share": (time.process_time() - cpu) / seconds}
