"""Worker threads, each with one torch thread, that take work in turn: by network address, within one by owner, then in order of arrival."""

import os
import sys
import threading
from collections import Counter, deque
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from contextvars import copy_context
from typing import Any, NamedTuple, TypeVar

from playground.config.limits.shares import Shares
from playground.config.machine import use_threads
from playground.requester import Requester, requester

V = TypeVar("V")
NICE = 10               # added to the nice value of patient threads, where the system allows it for one thread (Linux)


class Job(NamedTuple):
    """A piece of work that waits, or is being done."""

    requester: Requester
    act: Callable[[], Any]
    done: Future


class Pool:
    """Threads and event loops may share it. Waiting and running work is bounded by `shares`. One address has at most `running` workers (by default
    all but one), so that one is always left for others; the last `kept` workers are for addresses that have none."""

    def __init__(self, name: str, workers: int, shares: Shares, running: int = 0, patient: bool = False, kept: int = 0) -> None:
        """`patient`: its work is not urgent, and yields the processor to urgent work."""
        self.workers, self.shares, self.running, self.kept = workers, shares, running or max(1, workers - 1), kept
        self._threads = ThreadPoolExecutor(workers, name, initializer=_begin, initargs=(patient,))
        self._lock, self._busy = threading.Lock(), 0
        self._waiting: dict[str, dict[str, deque[Job]]] = {}        # by address and owner, each in the order of their turns
        self._running: Counter[str] = Counter()                     # by address

    def submit(self, act: Callable[[], V]) -> Future[V]:
        """Run `act` when its turn comes, on behalf of the current requester. Refused("server", ...) when too much waits."""
        sender, done = requester.get(), Future()
        place, act = self.shares.place(sender), _with_context(act)
        done.add_done_callback(lambda _: place.leave())
        with self._lock:
            self._waiting.setdefault(sender.address, {}).setdefault(sender.owner, deque()).append(Job(sender, act, done))
            if self._busy == self.workers:
                return done
            self._busy += 1
        self._threads.submit(self._work)
        return done

    def run(self, act: Callable[[], V]) -> V:
        """Like `submit`, and waits for the result."""
        return self.submit(act).result()

    def _work(self) -> None:
        """Do all work that may run now. Work that may not, because its address has enough workers, is left to one of those when it is free."""
        while job := self._next():
            if job.done.set_running_or_notify_cancel():
                try:
                    result = job.act()
                except BaseException as error:
                    job.done.set_exception(error)
                else:
                    job.done.set_result(result)
            with self._lock:
                self._running[job.requester.address] -= 1
            del job                                     # and everything it refers to

    def _next(self) -> Job | None:
        with self._lock:
            self._running = +self._running
            most = self.running if self._running.total() < self.workers - self.kept else 1
            free = [address for address in self._waiting if self._running[address] < most]
            if not free:
                self._busy -= 1
                return None
            address = min(free, key=self._running.__getitem__)      # among equals, the one whose last turn was longest ago
            owners = self._waiting.pop(address)
            owner = next(iter(owners))
            jobs = owners.pop(owner)
            job = jobs.popleft()
            if jobs:
                owners[owner] = jobs
            if owners:
                self._waiting[address] = owners
            self._running[address] += 1
            return job


def _begin(patient: bool) -> None:
    use_threads(1)
    if patient and sys.platform == "linux":
        thread = threading.get_native_id()
        os.setpriority(os.PRIO_PROCESS, thread, min(19, os.getpriority(os.PRIO_PROCESS, thread) + NICE))


def _with_context(act: Callable[[], V]) -> Callable[[], V]:
    context = copy_context()
    return lambda: context.run(act)
