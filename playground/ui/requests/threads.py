"""The threads that answer the page: what a request asks for is worked out in one of them, while the event loop serves others."""

import asyncio
from collections.abc import Callable
from typing import TypeVar

from playground.config.limits.pool import Pool
from playground.config.limits.shares import Shares

V = TypeVar("V")
AT_ONCE = 12                # requests of one address that are worked on
WORKERS, KEPT = 40, 10          # the last KEPT are for addresses that have none: three addresses that have as many as they may leave some
ALL, EACH, ADDRESS, NEW = 400, 24, 32, 40       # that are worked on or wait for a thread; what waits for its turn before that has bounds of its own


class Threads:
    """For any event loop."""

    def __init__(self, workers: int = WORKERS, kept: int = KEPT) -> None:
        self._pool = Pool("page", workers, Shares("requests", ALL, EACH, ADDRESS, NEW), min(AT_ONCE, workers - kept), kept=kept)

    async def run(self, act: Callable[[], V]) -> V:
        """What `act` gives, or raises. Refused("server", ...) when too much waits."""
        return await asyncio.wrap_future(self._pool.submit(act))
