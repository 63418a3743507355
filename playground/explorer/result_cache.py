"""Cached answers: the latest in memory, more of them in the disk cache."""

import hashlib
from typing import Any

import orjson

from playground.config.limits.memory_cache import LRUCache
from playground.store.cache import Cache

MEMORY = 64 << 20       # bytes
VERSION = 1             # of how answers are computed: other versions' are ignored


class ResultCache:
    """Answers (bytes) by question. Threads may share it; without a disk cache, or with a broken one, it uses memory alone."""

    def __init__(self, cache: Cache | None, memory: int = MEMORY) -> None:
        self.cache, self._held = cache, LRUCache[bytes](memory)

    @staticmethod
    def key(*question: Any) -> str:
        """The key of a question, any JSON: 32 hex digits."""
        return hashlib.sha256(orjson.dumps([VERSION, *question], option=orjson.OPT_SORT_KEYS)).hexdigest()[:32]

    def get(self, key: str) -> bytes | None:
        """The bytes stored under `key`; None when there are none."""
        held = self._held.get(key)
        if held is not None:
            return held
        found = self.cache.get(f"answer/{key}") if self.cache else None
        if not isinstance(found, bytes):
            return None
        self._held.put(key, found)
        return found

    def put(self, key: str, value: bytes) -> None:
        """Store `value` under `key`, in memory and in the disk cache."""
        self._held.put(key, value)
        if self.cache:
            self.cache.set(f"answer/{key}", value)
