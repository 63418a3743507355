"""A fair queue: round robin over network addresses and owners."""

from collections import Counter
from collections.abc import Iterable
from functools import lru_cache
from typing import NamedTuple


class Entry(NamedTuple):
    """Something that waits, or is being served, with its owner and network address."""

    id: str
    owner: str
    address: str

    @property
    def lines(self) -> tuple[str, tuple[str, str]]:
        """The lines it stands in: its address among addresses, its owner among those of this address."""
        return self.address, (self.address, self.owner)


class FairQueue:
    """Round robin over addresses, within an address over owners, for each owner in order of arrival. Whoever is served least comes first; among
    equals, whoever has waited longest since their last turn began or ended. A new name, or a new address, joins at the end.
    """

    def __init__(self) -> None:
        self._waiting: dict[str, Entry] = {}                    # in order of arrival
        self._since: dict[str | tuple[str, str], int] = {}      # of addresses and owners that wait: their places in line
        self._tick = 0
        self._ordered = lru_cache(16)(self._order)

    def __contains__(self, id: str) -> bool:
        return id in self._waiting

    def __len__(self) -> int:
        return len(self._waiting)

    def add(self, entry: Entry) -> None:
        """Append an entry to its owner's line."""
        if entry.id not in self._waiting:
            self._changed()
            self._waiting[entry.id] = entry
            for line in entry.lines:
                self._since.setdefault(line, self._tick)

    def remove(self, id: str) -> None:
        """Take an entry out; nothing happens when it is not in the queue."""
        if self._waiting.pop(id, None):
            self._changed()
            left = {line for entry in self._waiting.values() for line in entry.lines}
            self._since = {line: since for line, since in self._since.items() if line in left}

    def take(self, id: str) -> str:
        """Take an entry out because its turn begins."""
        entry = self._waiting[id]
        self.remove(id)
        self.served(entry)
        return id

    def served(self, entry: Entry) -> None:
        """A turn of this entry has begun or ended: its owner and its address go to the end of the line."""
        self._changed()
        self._since |= {line: self._tick for line in entry.lines if line in self._since}

    def order(self, busy: Iterable[Entry] = (), back: Iterable[Entry] = ()) -> tuple[str, ...]:
        """The ids of all that wait, in the order of their turns while `busy` are served; as if the turns of `back` had just ended and they waited
        again."""
        return self._ordered(tuple(busy), tuple(back))

    def _order(self, busy: tuple[Entry, ...], back: tuple[Entry, ...]) -> tuple[str, ...]:
        serving = Counter(line for entry in busy for line in entry.lines)
        since = self._since | {line: self._tick + 1 for entry in back for line in entry.lines}
        owners: dict[str, dict[str, list[Entry]]] = {}
        for entry in (*self._waiting.values(), *back):
            owners.setdefault(entry.address, {}).setdefault(entry.owner, []).append(entry)
        order: list[str] = []
        while owners:
            address = min(owners, key=lambda a: (serving[a], since[a]))
            owner = min(owners[address], key=lambda o: (serving[address, o], since[address, o]))
            entry = owners[address][owner].pop(0)
            order.append(entry.id)
            for line in entry.lines:
                serving[line] += 1
                since[line] = self._tick + 1 + len(order)
            if not owners[address][owner]:
                del owners[address][owner]
            if not owners[address]:
                del owners[address]
        return tuple(order)

    def _changed(self) -> None:
        self._tick += 1
        self._ordered.cache_clear()
