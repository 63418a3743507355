"""What is damaged on the disk, and a clock that jumps, cost what can be made again: no run vanishes, and the list keeps its order."""

import contextlib
import os
import shutil
import sqlite3
import subprocess
import time

import pytest
import torch
from full import small_disk
from running import EAGER, history, spec, until, until_step

from playground.config.settings import Limits
from playground.engine.engine import Engine
from playground.store.cache import Cache
from playground.types import Refused, Status

DAY = 86_400
SHORT = spec(steps=30, width_g=8, width_d=8)
ALL = [(Status.FINISHED, 30)] * 3


@pytest.fixture(scope="module")
def finished(tmp_path_factory):
    """A folder with three finished runs and a cache that knows them."""
    root = tmp_path_factory.mktemp("finished")
    with opened(root) as engine:
        for _ in range(3):
            until(engine, engine.submit(SHORT).id)
        assert told(engine) == ALL
    return root


@contextlib.contextmanager
def opened(root, **limits):
    cache = Cache(root / "cache")
    engine = Engine(root, workers=1, intervals=EAGER, cache=cache, limits=Limits(free=0, **limits))
    yield engine
    engine.close()
    cache.close()


def told(engine):
    return [(run.status, engine.index.of(run.id)[1].step) for run in engine.all()]


def alien(path):
    path.unlink()
    with contextlib.closing(sqlite3.connect(path)) as other:
        other.execute("CREATE TABLE Cache (something TEXT)")
        other.commit()


HARMS = {
    "truncated": lambda path: os.truncate(path, path.stat().st_size // 3),
    "empty": lambda path: path.write_bytes(b""),
    "zeroed": lambda path: path.write_bytes(bytes(path.stat().st_size)),
    "garbage": lambda path: path.write_bytes(os.urandom(50_000)),
    "removed": lambda path: path.unlink(),
    "a folder": lambda path: (path.unlink(), path.mkdir()),
    "another program's": alien,
}


@pytest.mark.parametrize("harm", HARMS)
def test_a_damaged_cache_costs_no_run(finished, tmp_path, harm):
    root = shutil.copytree(finished, tmp_path / "copy")
    for side in ("cache.db-wal", "cache.db-shm"):
        (root / "cache" / side).unlink(missing_ok=True)
    HARMS[harm](root / "cache" / "cache.db")
    with opened(root) as engine:
        assert told(engine) == ALL
        assert until(engine, engine.submit(SHORT).id).status is Status.FINISHED
    with opened(root) as engine:
        assert told(engine) == [*ALL, ALL[0]]


def test_a_cache_that_cannot_be_written_costs_no_run(finished, tmp_path):
    root = shutil.copytree(finished, tmp_path / "copy")
    shutil.rmtree(root / "cache")
    with small_disk(root / "cache") as disk:
        subprocess.run(["mount", "-o", "remount,ro", str(disk.root)], check=True)
        with opened(root) as engine:
            assert told(engine) == ALL


def test_a_damaged_record_hides_its_own_run_alone(finished, tmp_path):
    root = shutil.copytree(finished, tmp_path / "copy")
    with opened(root) as engine:
        ids = [run.id for run in engine.all()]
    for id, harm in zip(ids[:2], (HARMS["truncated"], HARMS["garbage"]), strict=True):
        harm(root / "runs" / id / "run.json")
    with opened(root) as engine:
        assert [run.id for run in engine.all()] == ids[2:]
        with pytest.raises(Refused, match="damaged"):
            engine.run(ids[0])


@pytest.mark.parametrize("tensors", [{"x": torch.zeros(2)}, {}], ids=["other networks", "nothing"])
def test_a_checkpoint_of_another_version_is_refused_in_words(tmp_path, tensors):
    with opened(tmp_path) as engine:
        id = engine.submit(spec(steps=100_000)).id
        until_step(engine, id, 20)
        engine.stop(id)
        until(engine, id)
        engine.runs.checkpoints(id).write(engine.runs.checkpoints(id).steps()[-1] + 1, tensors, {"knobs": {}})
        engine.resume(id)
        run = until(engine, id)
        assert (run.status, run.note) == (Status.FAILED, "its checkpoint was made by another version of this variant and cannot be loaded")


class Clock:
    """The wall clock, set by hand; what measures intervals is another."""

    def __init__(self, monkeypatch):
        self.ahead, real = 0.0, time.time
        monkeypatch.setattr(time, "time", lambda: real() + self.ahead)

    def zone(self, monkeypatch, name):
        monkeypatch.setenv("TZ", name)
        time.tzset()


@pytest.fixture
def clock(monkeypatch):
    yield Clock(monkeypatch)
    monkeypatch.undo()
    time.tzset()


def test_a_clock_that_jumps_a_day_changes_no_order_and_no_rate(tmp_path, clock, monkeypatch):
    """Back and ahead by a day, and over the night when summer time ends, while a run trains and between runs."""
    with opened(tmp_path, days=30) as engine:
        made = [engine.submit(spec(steps=600)).id]
        until_step(engine, made[0], 20)
        for ahead, zone in ((-DAY, "Europe/Berlin"), (DAY, "America/New_York"), (-3600, "UTC")):
            clock.ahead = ahead
            clock.zone(monkeypatch, zone)
            time.sleep(0.1)
            made.append(engine.submit(SHORT).id)
            engine.retention.clean()
            assert set(made) == {run.id for run in engine.all()}
        for id in made:
            assert until(engine, id).status is Status.FINISHED
        read = history(engine, made[0])
        assert 0 < read.elapsed < 60
        assert 0 < read.rate < 1e5
        elapsed = [e["elapsed"] for e in engine.runs.journal(made[0]).read()[0] if "rows" in e]
        assert elapsed == sorted(elapsed)
    with opened(tmp_path, days=30) as engine:
        engine.retention.clean()
        assert [run.id for run in engine.all()] == made[::-1]
