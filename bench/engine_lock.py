"""How long the engine's lock is held, and how long commands take: python -m bench.engine_lock [--seconds N] [--rate N]

An engine with two workers of tiny runs on points. Four threads send 100 commands a second in all: pause, resume, tune, position, all, run, and
submit with stop. The lock is wrapped: a hold lasts from its first acquire by a thread to its last release, waits for others left out.
"""

import argparse
import random
import statistics
import tempfile
import threading
import time
from collections import defaultdict
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from unittest.mock import patch

from bench.common import say
from playground.config.settings import Limits
from playground.engine.engine import Engine
from playground.types import Refused, Spec

CLIENTS, RUNS, OLD = 4, 6, 40        # threads that ask; runs under way that they ask about; ended ones that `all` lists beside them
TINY = {"batch": 16, "width_g": 8, "width_d": 8}


class TimedLock:
    """A reentrant lock that remembers how long it was held; `held` in seconds."""

    def __init__(self) -> None:
        self._lock, self._depth, self._since, self.held = threading.RLock(), 0, 0.0, list[float]()

    def acquire(self, *how: float) -> bool:
        """As of an RLock."""
        got = self._lock.acquire(*how)
        if got:
            self._depth += 1
            if self._depth == 1:
                self._since = time.perf_counter()
        return got

    def release(self) -> None:
        """As of an RLock; notes how long it was held."""
        self._depth -= 1
        if not self._depth:
            self.held.append(time.perf_counter() - self._since)
        self._lock.release()

    __enter__ = acquire

    def __exit__(self, *_: object) -> None:
        self.release()

    def _is_owned(self) -> bool:
        return self._lock._is_owned()

    def _release_save(self) -> tuple:
        """A condition waits: it is held no more, however deep."""
        depth, self._depth = self._depth, 0
        self.held.append(time.perf_counter() - self._since)
        return self._lock._release_save(), depth

    def _acquire_restore(self, saved: tuple) -> None:
        self._lock._acquire_restore(saved[0])
        self._depth, self._since = saved[1], time.perf_counter()


def opened(root: Path) -> tuple[Engine, TimedLock]:
    """An engine whose lock is timed: that of the one Condition that it makes without a lock of its own."""
    lock, plain = TimedLock(), threading.Condition
    with patch.object(threading, "Condition", lambda own=None: plain(own or lock)):
        engine = Engine(root, workers=2, limits=Limits(free=0, running=2, queued=1000, queue=10_000, waiting=10_000, slice=1.0))
    return engine, lock


def tiny(steps: int) -> Spec:
    """The Spec of a run of the smallest networks."""
    return Spec("gan", "ring8", TINY, steps=steps)


def pester(engine: Engine, ids: list[str], rate: float, end: float, seed: int, took: dict[str, list[float]]) -> None:
    """Send commands at `rate` a second until `end`; each is due at its time, whatever the one before it took."""
    chance, due = random.Random(seed), time.monotonic()

    def start() -> None:
        engine.stop(engine.submit(tiny(1_000_000), f"client{seed}").id)

    while (due := due + chance.expovariate(rate)) < end:
        time.sleep(max(0.0, due - time.monotonic()))
        id = chance.choice(ids)
        acts: dict[str, Callable[[], object]] = {
            "pause": lambda id=id: engine.pause(id), "resume": lambda id=id: engine.resume(id), "position": lambda id=id: engine.position(id),
            "tune": lambda id=id: engine.tune(id, {"lr_d": chance.uniform(1e-4, 1e-3)}), "run": lambda id=id: engine.run(id),
            "all": engine.all, "submit and stop": start}
        name = chance.choice(list(acts))
        began = time.perf_counter()
        with suppress(Refused):
            acts[name]()
        took[name].append(time.perf_counter() - began)


def quantile(values: list[float], share: float) -> float:
    """The value below which a share of the values lies; 0 when there are none."""
    return sorted(values)[min(len(values) - 1, int(share * len(values)))] if values else 0.0


def measured(seconds: float, rate: float) -> tuple[list[float], dict[str, list[float]], float]:
    """(seconds that each hold lasted, seconds that each command took, seconds in all)."""
    with tempfile.TemporaryDirectory() as folder:
        engine, lock = opened(Path(folder))
        for n in range(OLD):
            engine.stop(engine.submit(tiny(1_000_000), f"old{n}").id)
        ids = [engine.submit(tiny(1_000_000), f"owner{n}").id for n in range(RUNS)]
        time.sleep(2)
        lock.held.clear()
        took, began = defaultdict[str, list[float]](list), time.monotonic()
        clients = [threading.Thread(target=pester, args=(engine, ids, rate / CLIENTS, began + seconds, n, took)) for n in range(CLIENTS)]
        for client in clients:
            client.start()
        for client in clients:
            client.join()
        held, passed = list(lock.held), time.monotonic() - began
        engine.close()
    return held, took, passed


def main() -> None:
    """Run the benchmark and print its figures."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--seconds", type=float, default=10.0)
    parser.add_argument("--rate", type=float, default=100.0)
    args = parser.parse_args()
    held, took, passed = measured(args.seconds, args.rate)
    say("engine_lock", "milliseconds that the lock is held, at the 99th percentile", 1e3 * quantile(held, 0.99), "ms",
        p50=round(1e3 * statistics.median(held), 4), longest=round(1e3 * max(held), 2), share=round(sum(held) / passed, 4), holds=len(held))
    everything = [each for times in took.values() for each in times]
    say("engine_lock", "milliseconds that a command takes, at the 99th percentile", 1e3 * quantile(everything, 0.99), "ms",
        p50=round(1e3 * statistics.median(everything), 3), a_second=round(len(everything) / passed, 1),
        each={name: [round(1e3 * quantile(times, share), 2) for share in (0.5, 0.99)] for name, times in sorted(took.items())})


if __name__ == "__main__":
    main()
