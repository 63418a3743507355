"""Journal, runs and frames: whole or not at all, whatever a kill or a full disk does."""

import json
import math
import os
import resource
import signal
import subprocess
import sys
import time

import numpy as np
import pytest
import torch

from playground.store.disk import Lock, thinned, write_aside
from playground.store.frames import Frames
from playground.store.journal import Journal
from playground.store.runs import Runs
from playground.types import Refused, Spec, Status

SPEC = Spec("gan", "ring8")


def test_journal_gives_back_what_was_appended(tmp_path):
    journal = Journal(tmp_path / "a" / "events.jsonl")
    events = [{"frame": 0}, {"rows": {"step": [1, 2], "loss/d": [0.1, 1e-30]}, "elapsed": 0.5}, {"status": "paused", "note": "γ ≠ \n"}]
    assert journal.read() == ([], 0)
    for event in events:
        journal.append(event, sync=True)
    found, cursor = journal.read()
    assert found == events
    journal.append({"frame": 9})
    assert journal.read(cursor)[0] == [{"frame": 9}]


def test_journal_keeps_floats_exactly_and_non_finite_ones_as_null(tmp_path):
    journal = Journal(tmp_path / "j")
    numbers = torch.randn(1000, generator=torch.Generator().manual_seed(0)).tolist()
    journal.append({"rows": {"step": list(range(1000)), "a": numbers}})
    journal.append({"rows": {"step": [1], "a": [math.nan], "b": [math.inf]}, "measure": {"x": -math.inf}})
    (first, second), _ = journal.read()
    assert first["rows"]["a"] == numbers
    assert second == {"rows": {"step": [1], "a": [None], "b": [None]}, "measure": {"x": None}}
    assert b"NaN" not in journal.path.read_bytes()


@pytest.mark.parametrize("torn", [b'{"frame": 3', b"\xff\xfe", b'{"rows": {"step": [' + b"1," * 100_000])
def test_a_torn_tail_is_not_read_and_is_cut_on_append(tmp_path, torn):
    path = tmp_path / "j"
    Journal(path).append({"frame": 1})
    with path.open("ab") as file:
        file.write(torn)
    events, cursor = Journal(path).read()
    assert events == [{"frame": 1}]
    again = Journal(path)
    again.append({"frame": 2})
    assert again.read(cursor)[0] == [{"frame": 2}]
    assert path.read_bytes().count(b"\n") == 2


def test_a_damaged_line_in_the_middle_costs_itself(tmp_path):
    path = tmp_path / "j"
    path.write_bytes(b'{"frame": 1}\n{"fra\x00\xffme": \n[1]\n{"frame": 2}\n')
    assert Journal(path).read()[0] == [{"frame": 1}, {"frame": 2}]


LIMITED = """
import resource, signal, sys
sys.path.insert(0, sys.argv[2])
from pathlib import Path
from playground.store.journal import Journal
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
journal = Journal(Path(sys.argv[1]))
journal.append({"frame": 1})
resource.setrlimit(resource.RLIMIT_FSIZE, (2000, resource.RLIM_INFINITY))
try:
    journal.append({"long": "x" * 5000})
except OSError as full:
    print("refused", full.errno)
resource.setrlimit(resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
journal.append({"frame": 2})
"""


@pytest.mark.skipif(not hasattr(resource, "RLIMIT_FSIZE"), reason="needs POSIX limits")
def test_a_write_that_the_system_cuts_short_leaves_no_half_line(tmp_path, pytestconfig):
    """A file-size limit makes the kernel take a part of a write and refuse the rest, as a full disk does."""
    command = [sys.executable, "-c", LIMITED, str(tmp_path / "j"), str(pytestconfig.rootpath)]
    assert "refused" in subprocess.run(command, capture_output=True, text=True, check=True).stdout
    assert Journal(tmp_path / "j").read()[0] == [{"frame": 1}, {"frame": 2}]


WRITER = """
import sys
sys.path.insert(0, sys.argv[2])
from pathlib import Path
from playground.store.journal import Journal
journal, n = Journal(Path(sys.argv[1])), 0
while True:
    journal.append({"n": n, "pad": "x" * (n % 997)}, sync=n % 50 == 0)
    print(n, flush=True)
    n += 1
"""


def test_kill_while_writing_loses_nothing_acknowledged(tmp_path, pytestconfig):
    for attempt in range(3):
        path = tmp_path / f"j{attempt}"
        child = subprocess.Popen([sys.executable, "-c", WRITER, str(path), str(pytestconfig.rootpath)], stdout=subprocess.PIPE)
        child.stdout.readline()
        time.sleep(0.02 + 0.05 * attempt)
        child.send_signal(signal.SIGKILL)
        said = [0, *map(int, child.stdout.read().split(b"\n")[:-1])]
        child.wait()
        child.stdout.close()
        Journal(path).append({"n": "end"})
        numbers = [event["n"] for event in Journal(path).read()[0]]
        assert numbers[:-1] == list(range(len(numbers) - 1))
        assert len(numbers) - 1 > said[-1]


def test_runs_are_created_found_and_listed_newest_first(tmp_path):
    runs = Runs(tmp_path)
    made = [runs.create(SPEC, f"owner{i}") for i in range(5)]
    runs.save(made[0].with_status(Status.FAILED, "why"))
    assert runs.get(made[0].id).note == "why"
    assert [run.id for run in runs.all()] == [run.id for run in sorted(made, key=lambda r: (r.created, r.id), reverse=True)]


@pytest.mark.parametrize("id", ["", "../../etc/passwd", "0" * 31, "G" * 32, "0" * 32, None, 7, ["0" * 32], "0" * 32 + "/..", "A" * 32])
def test_an_unknown_or_hostile_id_is_refused(tmp_path, id):
    with pytest.raises(Refused) as refused:
        Runs(tmp_path).get(id)
    assert refused.value.field == "run"


@pytest.mark.parametrize("junk", [b"", b"{", b"[]", b'{"id": 1}', b"\xff" * 100])
def test_a_damaged_run_does_not_hide_the_others(tmp_path, junk):
    runs = Runs(tmp_path)
    good, bad = runs.create(SPEC), runs.create(SPEC)
    (runs.folder(bad.id) / "run.json").write_bytes(junk)
    assert [run.id for run in runs.all()] == [good.id]
    with pytest.raises(Refused):
        runs.get(bad.id)


def test_a_thousand_runs_are_listed_within_a_second(tmp_path):
    runs = Runs(tmp_path)
    text = json.dumps(runs.create(SPEC).json())
    for i in range(1000):
        folder = runs.root / f"{i:032x}"
        folder.mkdir()
        (folder / "run.json").write_text(text)
    start = time.perf_counter()
    assert len(runs.all()) == 1001
    assert time.perf_counter() - start < 1


def test_a_refused_write_keeps_the_old_file_and_leaves_no_part(tmp_path):
    path = tmp_path / "x"
    write_aside(path, b"old")
    (tmp_path / ".tmp-x").mkdir()                       # cannot be opened for writing: any OSError will do
    with pytest.raises(OSError, match=r"\.tmp-x"):
        write_aside(path, b"new")
    assert path.read_bytes() == b"old"


def test_two_processes_do_not_share_a_root(tmp_path):
    lock = Lock(tmp_path)
    with pytest.raises(Refused, match=f"process {os.getpid()}") as refused:
        Lock(tmp_path)
    assert refused.value.field == "PLAYGROUND_DATA"
    lock.release()
    Lock(tmp_path).release()


def test_frames_are_thinned_evenly_first_last_and_marked_stay(tmp_path):
    frames, marked = Frames(tmp_path / "frames", most=60), [3, 777, 1003]
    made = sorted({0, 1, *range(7, 4000, 7), *marked})
    for step in made:
        frames.put(step, b"RIFF....WEBP", mark=step in marked)
        steps = frames.steps()
        assert len(steps) <= 60
        assert steps[0] == 0
        assert steps[-1] == step
    assert set(marked) <= set(steps)
    gaps = np.diff([s for s in steps if s not in marked])
    assert max(gaps[:-1]) <= 4000 / 60 * 4              # no part of the run is left bare


def test_frames_beyond_a_rewind_go_and_kinds_are_told_apart(tmp_path):
    frames = Frames(tmp_path)
    frames.put(0, b"RIFF1234WEBP")
    frames.put(5, b"PK\x03\x04")
    frames.put(9, b"PK\x03\x04")
    assert (frames.path(0).suffix, frames.path(5).suffix) == (".webp", ".npz")
    frames.drop_after(5)
    assert frames.steps() == [0, 5]
    with pytest.raises(Refused) as refused:
        frames.path(9)
    assert refused.value.field == "frame"


def test_marks_alone_cannot_fill_the_disk(tmp_path):
    frames = Frames(tmp_path, most=30)
    for step in range(500):
        frames.put(step, b"PK", mark=True)
    assert len(frames.steps()) <= 30


def test_thinned_leaves_what_fits():
    assert thinned([1, 2, 3], 3) == [1, 2, 3]
    assert thinned(list(range(100)), 4) == [0, 32, 64, 96]
    assert thinned([5, 6], 0) == [5]
