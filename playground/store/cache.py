"""A disk cache of what can be computed again: pictures of walks, features, an index. Losing it costs time, never a run."""

import logging
import os
import sqlite3
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import diskcache
from diskcache.core import MODE_RAW

log = logging.getLogger(__name__)
Value = str | bytes | int | float
TROUBLE = (sqlite3.Error, diskcache.Timeout, OSError, ValueError, RuntimeError)        # RuntimeError: it was closed meanwhile
LIMIT = 256 << 20


class PlainDisk(diskcache.Disk):
    """Stores text, numbers and bytes, inside the database alone.

    The library's own class unpickles what it reads and follows the file names it reads: whoever can write the folder could run code, read files or
    delete them. Here such rows are refused.
    """

    def put(self, key: Any) -> tuple[Any, bool]:
        """The key as the database stores it. ValueError for other types."""
        if type(key) not in (str, bytes, int, float):
            raise ValueError("a cache's key is text, a number or bytes")
        return super().put(key)

    def get(self, key: Any, raw: bool) -> Any:
        """The key that a row stores. ValueError for a pickled one."""
        if not raw:
            raise ValueError("a pickled key is refused")
        return super().get(key, raw)

    def store(self, value: Any, read: bool, key: Any = None) -> tuple[int, int, None, Any]:
        """(size, mode, file name, value) of a row; the file name is always None. ValueError for other types."""
        if read or type(value) not in (str, bytes, int, float):
            raise ValueError("a cache holds text, numbers and bytes")
        stored = sqlite3.Binary(value) if isinstance(value, bytes) else value
        return 0, MODE_RAW, None, stored

    def fetch(self, mode: int, filename: str | None, value: Any, read: bool) -> Any:
        """The value of a row. ValueError for one that is pickled or lies in a file."""
        if mode != MODE_RAW or filename is not None:
            raise ValueError("a pickled or outside value is refused")
        return super().fetch(mode, None, value, False)

    def remove(self, file_path: str) -> None:
        """Called for a row that names a file: the file is left alone."""
        log.warning("the cache names a file, which it never makes; left alone")


class Cache:
    """A disk cache that never raises: every fault in it counts as a miss and is logged.

    One thread of its own has it open: the library gives every thread a connection, with files and memory that outlive the thread.
    """

    def __init__(self, folder: Path, limit: int = LIMIT) -> None:
        """Open it once per process. A damaged cache is moved to `corrupt-<time>` within `folder`, and an empty one is begun. `limit`: bytes."""
        self.folder, self.limit, self._disk = folder, limit, None
        self._thread = ThreadPoolExecutor(1, "cache")
        for _ in range(2):
            try:
                self._disk = self._thread.submit(self._open).result()
                return
            except sqlite3.DatabaseError as error:
                log.warning("the cache in %s is damaged (%s); it is moved aside", folder, error)
                if not self._quarantine():
                    return
            except TROUBLE as error:
                log.warning("no cache in %s: %s", folder, error)
                return

    def get(self, key: str) -> Value | None:
        """The value, None when there is none."""
        try:
            disk = self._disk
            return None if disk is None else self._thread.submit(disk.get, key).result()
        except TROUBLE as error:
            log.warning("cache: %s", error)
            return None

    def set(self, key: str, value: Value) -> bool:
        """Store a value; returns whether it was stored. ValueError when it is no text, number or bytes."""
        if type(value) not in (str, bytes, int, float):
            raise ValueError("a cache holds text, numbers and bytes")
        try:
            disk = self._disk
            return disk is not None and bool(self._thread.submit(disk.set, key, value, retry=False).result())
        except TROUBLE as error:
            log.warning("cache: %s", error)
            return False

    def close(self) -> None:
        """Close the database; further calls count as misses."""
        disk, self._disk = self._disk, None
        if disk is not None:
            self._thread.submit(disk.close).result()
        self._thread.shutdown()

    def _open(self) -> diskcache.Cache:
        self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        cache = diskcache.Cache(str(self.folder), timeout=1, disk=PlainDisk, size_limit=self.limit,
                                eviction_policy="least-recently-used")
        found = cache._sql("PRAGMA quick_check(1)").fetchone()
        if found != ("ok",):
            cache.close()
            raise sqlite3.DatabaseError(str(found))
        return cache

    def _quarantine(self) -> bool:
        aside = self.folder / f"corrupt-{time.strftime('%Y%m%d-%H%M%S')}-{os.getpid()}"
        try:
            aside.mkdir()
            for part in self.folder.glob("cache.db*"):
                part.replace(aside / part.name)
        except OSError as error:
            log.warning("the damaged cache cannot be moved: %s", error)
            return False
        return True
