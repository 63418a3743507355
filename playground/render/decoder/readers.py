"""Schedules decoding: one picture at a time of single uploads, and one of sets, so at most two processes work. Within each of the two, people
take turns by address.
"""

import itertools
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from playground.config.limits.memory_cache import LRUCache
from playground.config.limits.shares import Shares
from playground.render.decoder import own_pillow, wire
from playground.render.decoder.process import Lost, Process
from playground.requester import Requester, requester
from playground.types import Refused

WAITING = Shares("pictures", 12, 3, 6, 3)       # single uploads that wait or are being decoded
REMEMBERED = 256        # people whose last turn is remembered
PICTURES = 1000         # per process, which is then replaced
LOST = 10               # crashes in one set, after which the rest of it is given up


class FairLock:
    """A fair lock: of those who wait, whoever was served longest ago is next."""

    def __init__(self) -> None:
        self._changed, self._busy, self._arrivals, self._turns = threading.Condition(), False, itertools.count(), itertools.count()
        self._waiting: dict[int, str] = {}                      # number in order of arrival -> owner
        self._served: LRUCache[int] = LRUCache(REMEMBERED, lambda _: 1, fair=False)      # owner -> their last turn

    @contextmanager
    def turn(self, owner: str) -> Iterator[None]:
        """Waits for a turn of `owner`, and holds it until the end of the `with` block."""
        with self._changed:
            number = next(self._arrivals)
            self._waiting[number] = owner
            self._changed.wait_for(lambda: not self._busy and self._next() == number)
            self._busy = True
            del self._waiting[number]
            self._served.put(owner, next(self._turns))
        try:
            yield
        finally:
            with self._changed:
                self._busy = False
                self._changed.notify_all()

    def _next(self) -> int:
        def waits(number: int) -> tuple[int, int]:
            served = self._served.get(self._waiting[number])
            return -1 if served is None else served, number
        return min(self._waiting, key=waits)


SINGLE, SETS = FairLock(), FairLock()


class Reader:
    """Decodes the pictures of one person, one after the other, in a process of its own. For one thread; must be closed."""

    def __init__(self, owner: str, lock: FairLock = SETS, kind: int = 0) -> None:
        """`owner`: who takes turns; `kind`: an index of wire.KINDS."""
        self.owner, self.lock, self.kind, self.lost = owner, lock, kind, 0
        self._process: Process | None = None

    def square(self, file: bytes, side: int, fit: str = "crop") -> bytes:
        """side * side * 3 bytes, RGB, row by row. Refused("file", ...) for an undecodable picture, "server" where decoding is unavailable."""
        return self._in_turn(file, lambda process: process.square(file, side, fit, self.kind))

    def text(self, file: bytes) -> bytes:
        """The text that a PNG of ours carries, b"" of others. Refused as `square`."""
        return self._in_turn(file, lambda process: process.text(file))

    def _in_turn(self, file: bytes, act: Callable[[Process], bytes]) -> bytes:
        if len(file) > wire.BYTES:
            raise Refused("file", f"a picture's file has at most {wire.BYTES // 10 ** 6} MB; this one has {len(file) / 10 ** 6:,.0f}")
        with self.lock.turn(self.owner):
            try:
                return act(self._ready())
            except Lost:
                self.lost += 1
                raise

    def close(self) -> None:
        """Ends the process, if one runs; the next picture starts another."""
        if self._process:
            self._process.close()
            self._process = None

    def _ready(self) -> Process:
        if self._process and (self._process.closed or self._process.pictures >= PICTURES):
            self.close()
        if not self._process:
            self._process = Process(own_pillow.ready())
        return self._process

    def __enter__(self) -> "Reader":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def square(file: bytes, side: int, fit: str = "crop", who: Requester | None = None) -> bytes:
    """Decode a single upload, as Reader.square. Also raises Refused("server", ...) while too many wait."""
    who = who or requester.get()
    with WAITING.place(who), Reader(who.address, SINGLE) as reader:
        return reader.square(file, side, fit)


def text(file: bytes) -> bytes:
    """The text that a single upload carries, as Reader.text. Also raises Refused("server", ...) while too many wait."""
    who = requester.get()
    with WAITING.place(who), Reader(who.address, SINGLE) as reader:
        return reader.text(file)
