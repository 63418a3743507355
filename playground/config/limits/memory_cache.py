"""The one least-recently-used cache: values that were computed once, kept in memory within a number of bytes."""

import threading
from collections import Counter, OrderedDict
from collections.abc import Callable, Hashable
from concurrent.futures import Future
from typing import Generic, TypeVar

from playground.requester import requester
from playground.types import Refused

V = TypeVar("V")


class LRUCache(Generic[V]):
    """Values by key, `most` bytes in all; the newest stays whatever its size. Threads may share it; the lock is never held for long.

    By default no visitor takes everything: a value belongs to the network address that used it last, and when there are too many bytes, the address
    that has most gives up what it used longest ago. Without `fair`, what was used longest ago goes first, whoever used it.
    """

    def __init__(self, most: int, weigh: Callable[[V], int] = len, grows: bool = False, fair: bool = True) -> None:
        """`weigh`: bytes of a value; with `grows` all values are weighed again whenever one is added."""
        self.most, self.weigh, self.grows, self.fair, self._lock = most, weigh, grows, fair, threading.Lock()
        self._values: dict[Hashable, tuple[V, str]] = {}                    # value and address
        self._order: dict[str, OrderedDict[Hashable, int]] = {}             # by address: bytes, in the order of use
        self._bytes: Counter[str] = Counter()
        self._making: dict[Hashable, Future[V]] = {}

    def __len__(self) -> int:
        return len(self._values)

    @property
    def bytes(self) -> int:
        """Bytes of all values."""
        return self._bytes.total()

    def get(self, key: Hashable) -> V | None:
        """The value, which counts as used; None when it is not kept."""
        with self._lock:
            if key not in self._values:
                return None
            value, _ = self._values[key]
            self._put(key, value, self._drop(key))
            return value

    def put(self, key: Hashable, value: V) -> None:
        """Keep a value, and drop others when there are too many bytes."""
        size = self.weigh(value)
        with self._lock:
            self._drop(key)
            self._put(key, value, size)
            for other in list(self._values) if self.grows else ():
                self._weigh_anew(other)
            while self.bytes > self.most and len(self._values) > 1:
                self._drop(self._least(key))

    def get_or_make(self, key: Hashable, make: Callable[[], V]) -> V:
        """The value that is kept, or `make`'s, made once: whoever wants a value that is being made waits for it; nobody else does.

        What `make` raises is raised to all who wait; but when the server refuses it for lack of a place, only its own requester is refused, and the
        next one tries.
        """
        while True:
            found = self.get(key)
            if found is not None:
                return found
            with self._lock:
                mine = key not in self._making
                making = self._making.setdefault(key, Future())
            if mine:
                return self._make(key, make, making)
            try:
                return making.result()
            except Refused as refused:
                if refused.field != "server":
                    raise

    def drop(self, key: Hashable) -> bool:
        """Drop a value; returns whether it was there."""
        with self._lock:
            known = key in self._values
            self._drop(key)
            return known

    def items(self) -> list[tuple[Hashable, V]]:
        """All keys and values, as they are now."""
        with self._lock:
            return [(key, value) for key, (value, _) in self._values.items()]

    def _make(self, key: Hashable, make: Callable[[], V], making: Future[V]) -> V:
        try:
            value = self.get(key)                       # another thread may have made it meanwhile
            if value is None:
                self.put(key, value := make())
            making.set_result(value)
            return value
        except BaseException as error:
            making.set_exception(error)
            raise
        finally:
            with self._lock:
                del self._making[key]

    def _put(self, key: Hashable, value: V, size: int) -> None:
        address = requester.get().address if self.fair else ""
        self._values[key] = value, address
        self._order.setdefault(address, OrderedDict())[key] = size
        self._bytes[address] += size

    def _least(self, new: Hashable) -> Hashable:
        """The key to drop next to make room for the new one, which stays."""
        mine = self._values[new][1]
        others = {address: self._bytes[address] - (self._order[address][new] if address == mine else 0)
                  for address, order in self._order.items() if len(order) > (address == mine)}
        return next(key for key in self._order[max(others, key=others.__getitem__)] if key != new)

    def _weigh_anew(self, key: Hashable) -> None:
        value, address = self._values[key]
        size = self.weigh(value)
        self._bytes[address] += size - self._order[address][key]
        self._order[address][key] = size

    def _drop(self, key: Hashable) -> int:
        """Returns its bytes; 0 when it is not kept."""
        if key not in self._values:
            return 0
        _, address = self._values.pop(key)
        size = self._order[address].pop(key)
        self._bytes[address] -= size
        if not self._order[address]:
            del self._order[address], self._bytes[address]
        return size
