"""How often something may be done: a number per second, and a few more at once, by person and by network address."""

import threading
import time
from collections.abc import Callable
from typing import NamedTuple

from playground.requester import Requester
from playground.types import Refused

FORGET = 1000           # more names than this: those whose allowance is full again are forgotten


class Pace(NamedTuple):
    """`most` at once, and `second` per second on average."""

    most: int
    second: float


class Rate:
    """Threads may share it. `what`: what is done, in the plural, as refusals name it."""

    def __init__(self, what: str, each: Pace, address: Pace, clock: Callable[[], float] = time.monotonic) -> None:
        self.what, self.each, self.address, self.clock, self._lock = what, each, address, clock, threading.Lock()
        self._free: dict[tuple[str, str], float] = {}       # when their allowance will be full again

    def take(self, requester: Requester) -> None:
        """Count one. Refused("server", ...) when it comes too soon; it is not counted then."""
        with self._lock:
            now, due = self.clock(), {}
            bounds = ("owner", requester.owner, self.each, "one person"), ("address", requester.address, self.address, "one network")
            for kind, name, pace, who in bounds:
                due[kind, name] = max(now, self._free.get((kind, name), now)) + 1 / pace.second
                if due[kind, name] - now > pace.most / pace.second + 1e-9:
                    raise Refused("server", f"these are too many {self.what} at once; {who} may send {pace.second:g} a second: wait a moment")
            self._free |= due
            if len(self._free) > FORGET:
                self._free = {name: free for name, free in self._free.items() if free > now}
