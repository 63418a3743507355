"""How much of the disk all runs take, and what people keep besides."""

import shutil
import threading
from collections import Counter
from typing import Protocol

from playground.engine.run_table import RunTable


class Store(Protocol):
    """A store of something that people keep besides runs."""

    def bytes_by_owner(self) -> Counter[str]:
        """Bytes, by owner."""

    def in_trash(self) -> dict[str, tuple[str, int]]:
        """What is in its trash: id -> (owner, bytes)."""

    def empty(self, seconds: float, *ids: str) -> None:
        """Remove for good what was discarded at least `seconds` ago; only these ids, when any are given."""


class Usage:
    """Threads may share it. What can still be brought back counts as kept. `moving`: a lock for whoever cleans up, or brings something back."""

    def __init__(self, table: RunTable) -> None:
        self.table, self.other_stores, self.moving = table, list[Store](), threading.Lock()

    def used(self, owners: tuple[str, ...] | None = None) -> int:
        """Bytes that these owners keep, in runs and otherwise; of everybody when `owners` is None."""
        runs = sum(self.of(run.id) for run in self.table.all() if owners is None or run.owner in owners)
        return runs + self.others(owners)

    def others(self, owners: tuple[str, ...] | None = None) -> int:
        """Bytes kept besides the runs, and in the trash."""
        sizes = self.stored() + self.trash()
        return sizes.total() if owners is None else sum(sizes[owner] for owner in owners)

    def of(self, id: str) -> int:
        """Bytes of one run."""
        return self.table.index.of(id)[1].bytes

    def free(self) -> int:
        """Free bytes of the disk."""
        return shutil.disk_usage(self.table.runs.root).free

    def stored(self) -> Counter[str]:
        """Bytes kept besides the runs, by owner."""
        return sum((store.bytes_by_owner() for store in self.other_stores), Counter())

    def trash(self) -> Counter[str]:
        """Bytes in the trash, by owner."""
        sizes: Counter[str] = Counter()
        for store in (self.table.runs, *self.other_stores):
            for owner, size in store.in_trash().values():
                sizes[owner] += size
        return sizes

    def kept(self) -> Counter[str]:
        """Bytes by owner, without the trash."""
        sizes = self.stored()
        for run in self.table.all():
            sizes[run.owner] += self.of(run.id)
        return sizes

    def empty_trash(self, seconds: float, owner: str | None = None) -> None:
        """Remove for good what was discarded at least `seconds` ago; of one owner alone, when one is named."""
        for store in (self.table.runs, *self.other_stores):
            if owner is None:
                store.empty(seconds)
            elif ids := [id for id, (holder, _) in store.in_trash().items() if holder == owner]:
                store.empty(seconds, *ids)
