"""A cache that never stands in the way, and runs no code that somebody put into it."""

import os
import sqlite3
import threading
import time
from pathlib import Path

import diskcache
import pytest

from playground.store.cache import Cache, PlainDisk


def test_cache_keeps_plain_values_across_openings(tmp_path):
    cache = Cache(tmp_path / "c")
    for value in ["text", b"\x00bytes" * 20_000, 3, 2.5]:
        assert cache.set("key", value)
        assert cache.get("key") == value
    cache.close()
    assert Cache(tmp_path / "c").get("key") == 2.5
    assert cache.get("none") is None
    with pytest.raises(ValueError, match="text, numbers and bytes"):
        cache.set("key", {"a": 1})


class Canary:
    def __reduce__(self):
        return os.system, ("touch canary-has-sung",)


def test_a_tampered_cache_runs_no_code_and_reads_no_file(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "secret").write_text("secret")
    with diskcache.Cache(str(tmp_path / "c")) as plain:
        plain.set("evil", Canary())
        plain.set("file", b"x" * 100_000)
        plain._sql("UPDATE Cache SET filename = '../secret' WHERE key = 'file'")
    assert "canary-has-sung" not in os.listdir()
    cache = Cache(tmp_path / "c")
    assert cache.get("evil") is None
    assert cache.get("file") is None
    assert cache.set("file", b"new")
    assert cache.get("file") == b"new"
    assert "canary-has-sung" not in os.listdir()
    assert (tmp_path / "secret").exists()
    with pytest.raises(ValueError, match="pickled"):
        PlainDisk(str(tmp_path)).get(b"", raw=False)


@pytest.mark.parametrize("harm", ["header", "garbage", "truncated", "middle"])
def test_a_damaged_cache_is_moved_aside(tmp_path, harm):
    cache = Cache(tmp_path)
    for i in range(300):
        cache.set(f"key{i}", os.urandom(2000))
    cache.close()
    path = tmp_path / "cache.db"
    data = bytearray(path.read_bytes())
    if harm == "header":
        data[:100] = bytes(100)
    elif harm == "garbage":
        data[:] = os.urandom(len(data))
    elif harm == "truncated":
        del data[len(data) // 3:]
    else:
        data[40_000:60_000] = os.urandom(20_000)
    path.write_bytes(data)
    for side in ("cache.db-wal", "cache.db-shm"):
        (tmp_path / side).unlink(missing_ok=True)
    again = Cache(tmp_path)
    assert again.get("key1") is None
    assert again.set("key1", "new")
    assert again.get("key1") == "new"
    assert len(list(tmp_path.glob("corrupt-*/cache.db"))) == 1


def test_a_cache_that_another_process_locks_is_a_miss_soon(tmp_path):
    cache = Cache(tmp_path)
    cache.set("key", 1)
    other = sqlite3.connect(tmp_path / "cache.db", isolation_level=None)
    other.execute("BEGIN EXCLUSIVE")
    start = time.monotonic()
    assert cache.set("key", 2) is False
    assert time.monotonic() - start < 5
    other.execute("ROLLBACK")
    other.close()
    assert cache.get("key") == 1


def test_a_cache_stays_within_its_limit(tmp_path):
    cache = Cache(tmp_path, limit=2 << 20)
    for i in range(200):
        cache.set(f"k{i}", os.urandom(50_000))
    assert cache._disk.volume() < 4 << 20
    assert cache.get("k199") is not None


def test_no_cache_where_none_can_be(tmp_path):
    (tmp_path / "file").write_text("in the way")
    cache = Cache(tmp_path / "file" / "cache")
    assert cache.set("a", 1) is False
    assert cache.get("a") is None
    cache.close()


def handles(folder: Path) -> int:
    """Files in it that this process has open; what others open and close meanwhile does not count."""
    return sum(str(folder) in os.path.realpath(f"/proc/self/fd/{fd}") for fd in os.listdir("/proc/self/fd"))


@pytest.mark.skipif(not os.path.isdir("/proc/self/fd"), reason="open files cannot be counted here")
def test_threads_that_come_and_go_leave_no_connection_behind(tmp_path):
    cache = Cache(tmp_path)
    cache.set("a", 1)
    before = handles(tmp_path)
    for _ in range(10):
        thread = threading.Thread(target=lambda: (cache.set("a", 2), cache.get("a")))
        thread.start()
        thread.join()
    assert before > 0
    assert (cache.get("a"), handles(tmp_path)) == (2, before)
    cache.close()
    assert (cache.get("a"), cache.set("a", 3)) == (None, False)
