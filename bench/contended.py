"""Training beside other programs: python -m bench.contended [--seconds N] [--rounds N] [--starts N]

DCGAN's nets of `bench.peer`, in what this machine's runs on images compute in, played by the Trainer as a run has it; beside it the usual way of
writing such scripts: torch's default number of threads, wherever the kernel puts them. What one core can do is one thread's rate with no loop.
In a process of its own, for each number of busy loops (processes of their own, that end by themselves), the ways take turns, some seconds each:

    usual       the default threads, free, as torch has them
    kept        a run that began with all its cores: `playground.config.cpu.cores` places its threads, and `playground.worker.thread_review` tries,
                as the watchdog asks it, whether fewer are better
    begun       a run that begins now: `playground.worker.thread_count` chooses, and `playground.config.cpu.cores` looks after them

Then starts, each in a new thread with helpers of its own: none may be stuck. One JSON line a figure.
"""

import argparse
import json
import os
import signal
import statistics
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from bench.common import fresh, say

LIFE = 300              # seconds that a busy loop lives at most; it goes with its parent, too
LOOP = f"""
import os, sys, time
if os.fork():               # nobody's child: those of the process that trains do not count as other programs
    os._exit(0)
print(os.getpid(), flush=True)
os.close(1)
end, watched = time.time() + {LIFE}, f"/proc/{{sys.argv[1]}}"
while time.time() < end and os.path.exists(watched):
    for _ in range(10**5):
        pass
"""
SETTLE = 10.0           # seconds until a change of the load is noticed, and another number of threads was tried
DISTURBED = 0.1         # of a core that anything else may use; else a measurement is made again,
TRIES = 3               # so often at most
LOOPS: list[int] = []   # the processes that compute beside
EACH = 6                # starts in one process


@contextmanager
def busy(loops: int) -> Iterator[None]:
    """So many other processes that compute all the time, within the block."""
    made = [int(subprocess.run([sys.executable, "-c", LOOP, str(os.getpid())], stdout=subprocess.PIPE, check=True).stdout) for _ in range(loops)]
    LOOPS[:] = made
    try:
        yield
    finally:
        LOOPS.clear()
        for loop in made:
            with suppress(ProcessLookupError):
                os.kill(loop, signal.SIGKILL)


def strangers() -> float:
    """Seconds of processor time of whatever is neither this process nor a busy loop of its, so far."""
    from playground.config.cpu.procfs import TICKS, Proc

    loops = 0.0
    for loop in LOOPS:
        fields = Path(f"/proc/{loop}/stat").read_text().rpartition(")")[2].split()
        loops += (int(fields[11]) + int(fields[12])) / TICKS
    return sum(core.used for core in Proc().cores().values()) - time.process_time() - loops


class Trial:
    """DCGAN's nets in this process: one trainer, for all ways, in whatever thread asks for them."""

    def __init__(self) -> None:
        import models
        from bench.peer import BATCH, CASES, Z, shipped
        from playground.config import machine
        from playground.types import Spec

        machine.use_threads(1)                          # of this thread: OpenMP waits otherwise while it has more threads than cores
        machine.tune_malloc()
        precision = machine.precision("cpu")
        models.ZOO["peer"] = CASES["dcgan"].variant
        self.spec = Spec("peer", "pixel_faces", {"batch": BATCH, "z_dim": Z, "z": "shared"}, 32, precision=precision)
        self.trainer, self.batch, self.cores = shipped(CASES["dcgan"], precision == "bfloat16"), BATCH, machine.cores()

    def train(self, seconds: float, before: float = 0.3, review: Callable[[float, int], None] = lambda seconds, step: None) -> float:
        """Images a second, after so many seconds that do not count. `review` is called with seconds and step, as the run's watchdog is told them."""
        from playground.training.trainer import BUFFER_STEPS

        done, began = 0, time.perf_counter()
        for span in (before, *[seconds] * TRIES):
            alone, steps, start = strangers(), 0, time.perf_counter()
            while time.perf_counter() < start + span:
                self.trainer.advance()
                steps, done = steps + 1, done + 1
                if len(self.trainer.buffer.steps) == BUFFER_STEPS:
                    self.trainer.flush()
                review(time.perf_counter() - began, done)
            took = time.perf_counter() - start
            if span == seconds and strangers() - alone < DISTURBED * took:
                break
        return steps * self.batch / took

    def usual(self, seconds: float, before: float = 0.3) -> float:
        """Images per second with torch's own placement of threads."""
        from playground.config.machine import use_threads

        use_threads(self.cores)
        return self.train(seconds, before)

    def kept(self, threads: int, seconds: float, before: float = SETTLE) -> float:
        """Images per second with the threads placed by `Cores`, and their number reviewed."""
        from playground.config.cpu.cores import CORES
        from playground.worker.slowdown import RecentRate
        from playground.worker.thread_review import ThreadReview

        time.sleep(0.5)
        CORES.measure()
        time.sleep(0.5)
        CORES.measure()                                     # the usual way's training, which it takes for another program's, is over
        review, recent, due = ThreadReview(threads, self.cores), RecentRate(), [1.0]

        def look(passed: float, step: int) -> None:
            if passed >= due[0]:
                due[0] = passed + 1.0
                now = CORES.size(threading.get_native_id())
                wanted = review.check(recent.now((passed, step), now), CORES.measure(), now)
                if wanted != now:
                    CORES.resize(wanted)

        with CORES.trains(threads):
            return self.train(seconds, before, look)

    def begun(self, seconds: float) -> tuple[float, int]:
        """(images per second, threads) of a run that chooses its number of threads itself."""
        from playground.worker.thread_count import choose

        threads = choose(self.spec, self.cores)
        return self.kept(threads, seconds, 1.0), threads


@contextmanager
def watched() -> Iterator[None]:
    """As the server looks after its workers."""
    from playground.config.cpu.cores import CORES

    stop = threading.Event()

    def look() -> None:
        while not stop.wait(1.0):
            CORES.measure()

    watch = threading.Thread(target=look, daemon=True)
    watch.start()
    try:
        yield
    finally:
        stop.set()
        watch.join()


def worker(act: Callable[[], Any]) -> Any:
    """What `act` returns in a new thread, which has helpers of its own."""
    found: list[Any] = []
    thread = threading.Thread(target=lambda: found.append(act()))
    thread.start()
    thread.join()
    return found[0]


def beside(loops: int, seconds: float, rounds: int) -> dict[str, Any]:
    """Images a second of each way, in turns, beside so many loops; what one core can do, before and after them."""
    trial = Trial()
    with watched():
        core = [worker(lambda: trial.kept(1, seconds, 1.0))]

        def turns() -> list[tuple[float, float, float, int]]:
            settle = SETTLE if loops else 1.0                # as long as a run that begins has
            trial.kept(trial.cores, 0.1, 0.0)           # as a worker has it: its helpers are made when it has its name
            rates = []
            for n in range(rounds):                     # each goes first as often as last: what the machine can do drifts
                before = trial.usual(seconds) if n % 2 == 0 else None
                kept, begun = trial.kept(trial.cores, seconds, settle), trial.begun(seconds)
                rates.append((trial.usual(seconds) if before is None else before, kept, *begun))
            return rates

        with busy(loops):
            found = worker(turns)
        core.append(worker(lambda: trial.kept(1, seconds, 1.0)))
    usual, kept, begun, threads = zip(*found, strict=True)
    return {"core": statistics.mean(core), "usual": usual, "kept": kept, "begun": begun, "threads": threads, "precision": trial.spec.precision}


def starts(way: str, n: int) -> list[float]:
    """Images a second of n starts, each in a thread with helpers of its own."""
    trial = Trial()
    acts = {"usual": lambda: trial.usual(1.2, 0.6), "kept": lambda: trial.kept(trial.cores, 1.2, 0.6)}
    with watched():
        return [worker(acts[way]) for _ in range(n)]


def main() -> None:
    """Run the benchmark and print its figures."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--seconds", type=float, default=3.0)
    parser.add_argument("--rounds", type=int, default=4)
    parser.add_argument("--starts", type=int, default=30)
    parser.add_argument("--one", nargs=2, help=argparse.SUPPRESS)
    args = parser.parse_args()
    if args.one:
        what, n = args.one
        print(json.dumps(beside(int(n), args.seconds, args.rounds) if what == "beside" else starts(what, int(n))))
        return
    for loops, least in ((0, None), (1, 0.85), (2, 0.40)):
        told = fresh("bench.contended", "--one", "beside", loops, "--seconds", args.seconds, "--rounds", args.rounds * (1 if loops else 2))
        more = {"images_per_s": {way: [round(rate) for rate in told[way]] for way in ("usual", "kept", "begun")}, "one_core": round(told["core"]),
                "threads": told["threads"], "precision": told["precision"]}
        if not loops:
            ratios = [kept / usual for kept, usual in zip(told["kept"], told["usual"], strict=True)]
            say("contended", "idle, against the usual way", statistics.median(ratios), "times", least=0.98,
                quartiles=[round(q, 3) for q in statistics.quantiles(ratios, n=4)], pairs=len(ratios), **more)
            continue
        for way in ("usual", "kept", "begun"):
            say("contended", f"{loops} busy: {way}, against one free core", statistics.median(told[way]) / told["core"], "times",
                least=None if way == "usual" else least, **more)
    for way in ("usual", "kept"):
        rates = [rate for _ in range(-(-args.starts // EACH)) for rate in fresh("bench.contended", "--one", way, EACH)][:args.starts]
        middle = statistics.median(rates)
        say("contended", f"{way}: the slowest of {len(rates)} starts, against their median", min(rates) / middle, "times",
            least=0.5 if way == "kept" else None, images_per_s=round(middle), below_half=sum(rate < middle / 2 for rate in rates))


if __name__ == "__main__":
    main()
