"""Answers that can be given again: the last ones in memory, more of them in the disk cache."""

import hashlib
import threading
from collections import OrderedDict
from typing import Any

import orjson

from playground.store.cache import Cache

MEMORY = 64 << 20       # bytes
VERSION = 1             # of how answers are made: those of other versions are not given


class Answers:
    """Bytes by what they answer. Threads may share it; without a cache, or with a broken one, memory alone serves."""

    def __init__(self, cache: Cache | None, memory: int = MEMORY) -> None:
        self.cache, self.memory, self._lock, self._bytes = cache, memory, threading.Lock(), 0
        self._held: OrderedDict[str, bytes] = OrderedDict()

    @staticmethod
    def key(*question: Any) -> str:
        """32 hex digits of anything that is JSON."""
        return hashlib.sha256(orjson.dumps([VERSION, *question], option=orjson.OPT_SORT_KEYS)).hexdigest()[:32]

    def get(self, key: str) -> bytes | None:
        with self._lock:
            if key in self._held:
                self._held.move_to_end(key)
                return self._held[key]
        found = self.cache.get(f"answer/{key}") if self.cache else None
        if not isinstance(found, bytes):
            return None
        self._hold(key, found)
        return found

    def put(self, key: str, value: bytes) -> None:
        self._hold(key, value)
        if self.cache:
            self.cache.set(f"answer/{key}", value)

    def _hold(self, key: str, value: bytes) -> None:
        with self._lock:
            self._bytes += len(value) - len(self._held.pop(key, b""))
            self._held[key] = value
            while self._bytes > self.memory and len(self._held) > 1:
                self._bytes -= len(self._held.popitem(last=False)[1])
