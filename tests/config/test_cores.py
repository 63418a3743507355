"""Threads that train: where they compute, what is said when others have their cores. /proc/stat is made up; threads and masks are real."""

import os
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
import torch
from running import EAGER, PATIENCE, spec, until

from playground.config.cpu import cores
from playground.config.cpu.cores import Cores, Use
from playground.config.cpu.procfs import TICKS, Proc
from playground.engine import workers as crew
from playground.engine.engine import Engine
from playground.engine.watchdog import Watchdog
from playground.types import Status
from playground.worker import slowdown

pytestmark = pytest.mark.skipif(not hasattr(os, "sched_setaffinity") or len(os.sched_getaffinity(0)) < 2, reason="needs Linux and two cores")
ALL = os.sched_getaffinity(0) if hasattr(os, "sched_getaffinity") else set()
FIRST, SECOND = [*sorted(ALL), 0, 0][:2]


class Load(Proc):
    """A machine on which other programs use as much of each core as `others` says; its threads are those of this process."""

    def __init__(self, root: Path, **others: float) -> None:
        (root / "self").symlink_to("/proc/self")
        super().__init__(root)
        self.began, self.used, self.others, self.stolen = time.monotonic(), dict.fromkeys(ALL, 0.0), dict.fromkeys(ALL, 0.0), 0.0
        self.own, self.where = time.process_time(), ALL     # this process's time, and on which cores it is spent
        self.queued, self.since = 0.0, time.monotonic()     # the part of the time, from then on, that its threads wait for a core
        self.write()

    def write(self) -> None:
        """/proc/stat, as it would be now."""
        now, own = time.monotonic(), time.process_time()
        for core in ALL:
            self.used[core] += self.others[core] * (now - self.began) + (own - self.own) * (core in self.where) / len(self.where)
        self.began, self.own = now, own
        lines = [f"cpu{core} {round(used * TICKS)} 0 0 0 0 0 0 {round(self.stolen * TICKS)} 0 0" for core, used in self.used.items()]
        (self.root / "stat").write_text("\n".join(["cpu 0 0 0 0", *lines, "intr 0"]))

    def cores(self) -> dict[int, Any]:
        self.write()
        return super().cores()

    def waited_seconds(self, thread: int) -> float:
        return 1.0 + self.queued * (time.monotonic() - self.since)


@pytest.fixture
def load(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Load]:
    """For what this process's own `CORES` sees, too."""
    (tmp_path / "proc").mkdir()
    made = Load(tmp_path / "proc")
    monkeypatch.setattr(cores, "LEAST", 0.05)
    here = Cores(made)
    for module in ("engine.watchdog", "engine.workers", "evaluation.background", "worker.thread_count"):
        monkeypatch.setattr(f"playground.{module}.CORES", here)
    made.here = here
    yield made
    assert os.sched_getaffinity(0) == ALL               # of this thread: nothing stays behind


@contextmanager
def training(here: Cores, threads: int) -> Iterator[tuple[int, Callable[[], list[int]]]]:
    """A worker that computes without an end: its thread, and who helps it."""
    begun, stop, number, left = threading.Event(), threading.Event(), [], []

    def work() -> None:
        with here.trains(threads):
            number.append(threading.get_native_id())
            begun.set()
            x = torch.ones(1 << 19)
            while not stop.is_set():
                x.mul_(1.0)
            helpers = here._teams[number[0]].helpers
        left.extend(mask(thread) for thread in [*number, *helpers])     # helpers end with this thread

    worker = threading.Thread(target=work)
    worker.start()
    assert begun.wait(30)
    try:
        yield number[0], lambda: here._teams[number[0]].helpers
    finally:
        stop.set()
        worker.join()
        assert number[0] not in here._teams
        assert left
        assert all(cores == ALL for cores in left)


def mask(thread: int) -> set[int]:
    return os.sched_getaffinity(thread)


def looks(here: Cores, n: int = 1) -> Use:
    for _ in range(n):
        time.sleep(0.1)
        found = here.measure()
    return found


def settles(here: Cores, so: Callable[[], bool]) -> None:
    """Looks until it is so: beside a busy test, times of a tenth of a second say little."""
    end = time.monotonic() + PATIENCE
    while not so():
        assert time.monotonic() < end
        looks(here)


def test_a_run_of_two_threads_has_two_cores_and_gives_them_back(load):
    with training(load.here, 2) as (thread, helpers):
        (helper,) = helpers()
        settles(load.here, lambda: len(mask(thread)) == len(mask(helper)) == 1)
        assert mask(thread) != mask(helper)
        assert all(mask(other.native_id) == ALL for other in threading.enumerate() if other.native_id != thread)
        before = Proc().cpu_seconds(helper)
        time.sleep(0.5)
        assert Proc().cpu_seconds(helper) > before + 0.005      # it is the one that computes


def test_beside_another_program_they_keep_a_core_each_and_spin(load):
    """Two threads on one core wait for each other in turns of the kernel's: in bfloat16 a tenth of one thread's speed."""
    with training(load.here, 2) as (thread, helpers):
        settles(load.here, lambda: len(mask(thread)) == 1)
        load.others[SECOND], load.queued, load.since = 1.0, 0.1, time.monotonic()       # far from QUEUED, for spans here are short
        settles(load.here, lambda: load.here.crowded)
        looks(load.here, 3)
        assert len(mask(thread)) == len(mask(helpers()[0])) == 1
        assert mask(thread) != mask(helpers()[0])
        assert not load.here._waits.is_on


def test_where_others_leave_little_of_any_core_they_wait_asleep_until_that_is_over(load):
    with training(load.here, 2) as (thread, helpers):
        settles(load.here, lambda: len(mask(thread)) == 1)
        load.others, load.queued, load.since = dict.fromkeys(ALL, 0.7), 0.7, time.monotonic()
        settles(load.here, lambda: load.here._waits.is_on)
        assert len(mask(thread) | mask(helpers()[0])) == 2
        load.others, load.queued = dict.fromkeys(ALL, 0.0), 0.0
        settles(load.here, lambda: not load.here.crowded)
        assert not load.here._waits.is_on
        assert len(mask(thread) | mask(helpers()[0])) == 2


@pytest.mark.skipif(len(ALL) != 2, reason="two runs of two threads share two cores")
def test_the_threads_of_one_run_are_apart_where_two_runs_share_the_cores(load):
    with training(load.here, 2) as (one, ones), training(load.here, 2) as (two, twos):
        for thread, helpers in ((one, ones), (two, twos)):
            settles(load.here, lambda thread=thread, helpers=helpers: len(mask(thread)) == len(mask(helpers()[0])) == 1)
            assert mask(thread) != mask(helpers()[0])


def test_a_run_of_one_thread_computes_anywhere_while_others_have_its_core(load):
    with training(load.here, 1) as (thread, _):
        settles(load.here, lambda: len(mask(thread)) == 1)
        load.others = dict.fromkeys(ALL, 0.9)
        settles(load.here, lambda: mask(thread) == ALL)


def test_workers_have_cores_that_differ_and_a_quiet_one_is_preferred(load):
    with training(load.here, 1) as (one, _), training(load.here, 1) as (two, _):
        settles(load.here, lambda: len(mask(one)) == len(mask(two)) == 1)
        assert mask(one) != mask(two)
    load.others[FIRST] = 0.9
    looks(load.here, 2)
    with training(load.here, 1) as (thread, _):
        assert mask(thread) == (ALL - {FIRST} if len(ALL) == 2 else mask(thread) - {FIRST})
        load.where = mask(thread)
        load.others[FIRST], load.others[min(load.where)] = 0.0, 0.9
        settles(load.here, lambda: not load.where & mask(thread))           # it has moved


def test_a_paused_run_needs_no_core(load):
    asleep = threading.Event()

    def work() -> None:
        with load.here.trains(2):
            asleep.wait()

    worker = threading.Thread(target=work)
    worker.start()
    with training(load.here, 2) as (thread, helpers):
        looks(load.here, 2)
        settles(load.here, lambda: load.here.use.wanted == 2 and len(mask(thread)) == len(mask(helpers()[0])) == 1)
        asleep.set()
        worker.join()


def test_what_a_run_starts_beside_itself_is_free(load, tmp_path):
    """The thread that measures quality is made by one that is pinned."""
    engine = Engine(tmp_path / "data", workers=1, intervals=EAGER)
    id = engine.submit(spec(steps=100_000)).id
    end = time.monotonic() + PATIENCE
    while not (quality := [thread for thread in threading.enumerate() if thread.name == "quality"]) and time.monotonic() < end:
        time.sleep(0.02)
    time.sleep(0.2)
    workers = [thread.native_id for thread in threading.enumerate() if thread.name.startswith("worker")]
    assert [len(mask(worker)) for worker in workers].count(1) == 1
    assert mask(quality[0].native_id) == ALL
    engine.stop(id)
    until(engine, id)
    assert all(mask(worker) == ALL for worker in workers)
    engine.close()


def test_nothing_is_pinned_where_nothing_can_be(monkeypatch):
    changes = {"OMP_PROC_BIND": lambda: monkeypatch.setenv("OMP_PROC_BIND", "true"), "Linux": lambda: monkeypatch.delattr(os, "sched_setaffinity")}
    for why, change in changes.items():
        change()
        here = Cores()
        monkeypatch.delenv("OMP_PROC_BIND", raising=False)
        assert why in here.why
        with here.trains(1):
            assert torch.get_num_threads() == 1
            here.unpin()
        assert here.measure() is None
        assert mask(0) == ALL


def test_a_page_is_told_and_the_disk_is_not(load, tmp_path, monkeypatch):
    monkeypatch.setattr(slowdown, "SPAN", 0.3)
    engine = Engine(tmp_path / "data", workers=1, intervals=crew.Intervals(flush=0.1, watch=0.1))
    for core in ALL:
        load.others[core] = 0.9
    id = engine.submit(spec("lsgan", steps=1_000_000)).id         # it computes all the time: one that sleeps lacks no core
    end = time.monotonic() + PATIENCE
    while not engine.run(id).note and time.monotonic() < end:
        time.sleep(0.05)
    assert engine.run(id).note.startswith("Another program uses this machine's cores (1.")
    assert engine.runs.get(id).note == ""
    load.others = dict.fromkeys(ALL, 0.0)
    while engine.run(id).note and time.monotonic() < end:
        time.sleep(0.05)
    assert (engine.run(id).note, engine.run(id).status) == ("", Status.RUNNING)
    engine.close()
    assert isinstance(engine.watchdog, Watchdog)
