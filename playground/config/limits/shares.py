"""Places to wait or work in, shared out: a number in all, fewer for one person and one network address, the last ones for newcomers."""

import threading
from collections import Counter
from typing import Any

from playground.requester import Requester
from playground.types import Refused


class Place:
    """A place that is taken. It is given back at the end of a `with`, or by `leave`."""

    def __init__(self, shares: "Shares", requester: Requester) -> None:
        self._shares, self.requester, self._taken = shares, requester, True

    def leave(self) -> None:
        """Give the place back; a second call does nothing."""
        with self._shares._lock:
            if self._taken:
                self._taken = False
                self._shares._count(self.requester, -1)

    def __enter__(self) -> "Place":
        return self

    def __exit__(self, *_: Any) -> None:
        self.leave()


class Shares:
    """At most `most` places in all, `each` for one owner and `address` for one network address; the last `kept` are for addresses that have none.
    Threads and event loops may share it: nothing here waits.

    `what`: what is done there, in the plural, as refusals name it.
    """

    def __init__(self, what: str, most: int, each: int, address: int, kept: int = 0) -> None:
        if not 0 < each <= address <= most - kept or kept < 0:
            raise ValueError("of places, `each` is at most `address`, and `address` at most what is not kept")
        self.what, self.most, self.each, self.address, self.kept = what, most, each, address, kept
        self._lock, self._taken = threading.Lock(), 0
        self._owners: Counter[str] = Counter()
        self._addresses: Counter[str] = Counter()

    def __len__(self) -> int:
        """Places that are taken."""
        return self._taken

    def place(self, requester: Requester) -> Place:
        """Take a place, which has to be given back. Refused("server", ...) says which bound is reached."""
        with self._lock:
            of_address = self._addresses[requester.address]
            if self._owners[requester.owner] >= self.each:
                why = f"you have {self.each} {self.what} under way, which is as many as one person may have: wait until one has ended"
            elif of_address >= self.address:
                why = f"{of_address} {self.what} from your network are under way, which is as many as one network may have: try again in a moment"
            elif self._taken >= (self.most if not of_address else self.most - self.kept):
                why = f"{self._taken} {self.what} are under way, which is as many as there may be: try again in a moment"
            else:
                self._count(requester, 1)
                return Place(self, requester)
        raise Refused("server", why)

    def _count(self, requester: Requester, by: int) -> None:
        """Called with the lock held. Those who have no place are not remembered."""
        self._taken += by
        for counts, name in ((self._owners, requester.owner), (self._addresses, requester.address)):
            counts[name] += by
            if not counts[name]:
                del counts[name]
