"""What a page reads: right, small, and at a cost that does not grow with the run."""

import json
import math
import threading
import time

import numpy as np
import pytest

from playground.store.history import History, short
from playground.store.journal import Journal


def write(journal: Journal, first: int, last: int, elapsed: float = 0.0, **columns) -> None:
    """Rows first..last; loss/d = step, others as given by functions of the step."""
    steps = list(range(first, last + 1))
    rows = {"step": steps, "loss/d": [float(s) for s in steps], **{n.replace("_", "/"): [f(s) for s in steps] for n, f in columns.items()}}
    journal.append({"rows": rows, "elapsed": elapsed})


@pytest.fixture
def journal(tmp_path):
    return Journal(tmp_path / "events.jsonl")


def test_empty_history(journal):
    history = History(journal).refresh()
    assert (history.since(-1), history.step, history.rate, history.epoch, history.status) == (None, 0, 0.0, 0, "queued")


def test_buckets_hold_mean_least_and_greatest(journal):
    write(journal, 1, 100)
    found = History(journal).refresh().since(-1, 10)
    assert found["step"] == list(range(10, 101, 10))
    mid, low, high = found["loss/d"]
    assert (mid[0], low[0], high[0]) == (5.5, 1.0, 10.0)
    assert (mid[-1], low[-1], high[-1]) == (95.5, 91.0, 100.0)


def test_fewer_rows_than_buckets_are_given_one_by_one(journal):
    write(journal, 1, 3)
    assert History(journal).refresh().since(-1, 300) == {"step": [1, 2, 3], "loss/d": [[1.0, 2.0, 3.0]] * 3}


def test_an_update_gives_only_new_rows(journal):
    history = History(journal)
    write(journal, 1, 50)
    assert history.refresh().since(0, 4)["step"][-1] == 50
    assert history.since(50, 4) is None
    write(journal, 51, 53)
    assert history.refresh().since(50, 4)["step"] == [51, 52, 53]


def test_seconds_of_training_by_step_also_after_a_rewind(journal):
    write(journal, 1, 10, 2.0)
    write(journal, 11, 20, 6.0)
    history = History(journal).refresh()
    assert history.seconds([0, 5, 10, 15, 20, 99]) == [0, 1, 2, 4, 6, 6]
    journal.append({"rewind": 12})
    write(journal, 13, 20, 12.0)
    assert history.refresh().seconds([10, 15, 20]) == [2, 7, 12]
    assert History(journal.__class__(journal.path.with_name("none.jsonl"))).refresh().seconds([3]) == [0]


def test_non_finite_is_null_alone_or_among_others(journal):
    write(journal, 1, 4, a=lambda s: math.nan if s < 4 else 2.0)
    write(journal, 5, 8, a=lambda s: math.inf)
    found = History(journal).refresh().since(-1, 2)
    assert found["a"] == [[2.0, None]] * 3
    json.dumps(found, allow_nan=False)


def test_a_metric_may_begin_late_and_end_early(journal):
    write(journal, 1, 2, early=lambda s: 1.0)
    write(journal, 3, 4, late=lambda s: 2.0)
    found = History(journal).refresh().since(-1)
    assert found["early"][0] == [1.0, 1.0, None, None]
    assert found["late"][0] == [None, None, 2.0, 2.0]


def test_a_rewind_voids_what_came_after_but_not_the_tunes(journal):
    write(journal, 1, 20)
    journal.append({"frame": 10})
    journal.append({"frame": 20})
    journal.append({"measure": {"modes/found": 8}, "step": 10})
    journal.append({"measure": {"modes/found": 7}, "step": 20})
    journal.append({"tune": {"lr_d": [0.1, 0.2], "lr_g": [1, 2]}, "step": 15})
    journal.append({"rewind": 12})
    history = History(journal).refresh()
    assert (history.epoch, history.step, history.frames) == (1, 12, [10])
    assert history.measured() == [{"step": 10, "modes/found": 8}]
    assert history.tunes == [{"step": 15, "knob": "lr_d", "from": 0.1, "to": 0.2}, {"step": 15, "knob": "lr_g", "from": 1, "to": 2}]
    write(journal, 13, 14)
    assert history.refresh().since(10)["step"] == [11, 12, 13, 14]


def test_rate_and_elapsed_look_at_the_last_seconds_of_training(journal):
    history = History(journal)
    for i in range(1, 61):                              # 10 steps/s for 30 s, then 100 steps/s
        first, last = (10 * (i - 1) + 1, 10 * i) if i <= 30 else (300 + 100 * (i - 31) + 1, 300 + 100 * (i - 30))
        write(journal, first, last, elapsed=float(i))
    assert history.refresh().rate == pytest.approx(100)
    assert history.elapsed == 60
    journal.append({"rewind": 500})
    assert history.refresh().rate == 0.0


def test_status_follows_the_journal(journal):
    for status in ("running", "paused", "failed"):
        journal.append({"status": status, "note": f"{status}!"})
    history = History(journal).refresh()
    assert (history.status, history.note) == ("failed", "failed!")


def test_four_significant_digits():
    assert [short(v) for v in (0.123456, 123456.0, -1e-12, 0, 7, None, math.nan, -math.inf)] == [0.1235, 123500.0, -1e-12, 0, 7, None, None, None]


def test_measures_are_thinned_with_the_last_kept(journal):
    for step in range(1000):
        journal.append({"measure": {"x": step}, "step": step})
    found = History(journal).refresh().measured(-1, 100)
    assert 90 <= len(found) <= 100
    assert found[-1]["step"] == 999
    assert History(journal).refresh().measured(997) == [{"step": 998, "x": 998}, {"step": 999, "x": 999}]


def test_an_update_costs_the_same_after_200_000_rows(journal):
    """And stays small; ten metrics, as a real run has."""
    history, columns = History(journal), {f"group_m{i}": (lambda s: 0.123456789 * s) for i in range(9)}

    def update(first: int) -> float:
        write(journal, first, first + 99, **columns)
        start = time.perf_counter()
        found = history.refresh().since(first - 1, 4)
        spent = time.perf_counter() - start
        assert len(json.dumps(found)) <= 2000
        return spent

    early = np.median([update(1 + 100 * i) for i in range(30)])
    for i in range(30, 1970):
        write(journal, 1 + 100 * i, 100 * (i + 1), **columns)
    history.refresh()
    late = np.median([update(1 + 100 * i) for i in range(1970, 2000)])
    assert history.step == 200_000
    assert late < 3 * early + 1e-3, f"{early * 1e3:.2f} ms early, {late * 1e3:.2f} ms late"
    start = time.perf_counter()
    first = History(journal).refresh().since(-1, 300)
    assert len(first["step"]) == 300
    assert time.perf_counter() - start < 5
    start = time.perf_counter()
    history.since(-1, 300)
    assert time.perf_counter() - start < 0.2


def test_readers_beside_a_writer_never_see_a_torn_row(journal):
    history, wrong, stop = History(journal), [], threading.Event()

    def read() -> None:
        while not stop.is_set():
            found = history.refresh().since(-1, 50)
            if found and (len({len(part) for column in list(found.values())[1:] for part in column}) != 1 or found["step"] != sorted(found["step"])):
                wrong.append(found)

    readers = [threading.Thread(target=read) for _ in range(3)]
    for reader in readers:
        reader.start()
    for i in range(200):
        write(journal, 10 * i + 1, 10 * i + 10, b=float)
    stop.set()
    for reader in readers:
        reader.join()
    assert not wrong
    assert history.refresh().step == 2000
