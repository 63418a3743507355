"""How many requests of one address are under way at once, and how many wait, of one address and in all. For threads see `threads`."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from playground.types import Refused
from playground.ui.requests.threads import AT_ONCE

EACH = 100          # that are worked on or wait, of one address
ALL = 1000          # and in all
BUSY = "more is asked from your address than can be answered at once: try again in a moment"
FULL = "more is asked than can be answered at once: try again in a moment"


@dataclass
class AddressSlots:
    """One address's requests: those that are worked on have a slot, the others wait for one."""

    free: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(AT_ONCE))
    count: int = 0


class RequestSlots:
    """Of all addresses, for one event loop."""

    def __init__(self, each: int = EACH, most: int = ALL) -> None:
        self.each, self.most, self.count = each, most, 0
        self.addresses: dict[str, AddressSlots] = {}

    @asynccontextmanager
    async def of(self, address: str) -> AsyncIterator[None]:
        """The first AT_ONCE of an address go ahead, the others in their order; Refused("server", ...) when too many wait."""
        slots = self.addresses.get(address) or AddressSlots()
        if slots.count >= self.each or self.count >= self.most:
            raise Refused("server", BUSY if slots.count >= self.each else FULL)
        self.addresses[address] = slots                 # of whom is refused nothing stays
        slots.count += 1
        self.count += 1
        try:
            async with slots.free:
                yield
        finally:
            slots.count -= 1
            self.count -= 1
            if not slots.count:
                self.addresses.pop(address, None)
