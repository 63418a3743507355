"""What is measured late reaches every page, the files for people and the recorded run."""

import io
import json
import time

import pandas
import pytest
from serving import PICTURES, TINY, place, until

from playground.evaluation import background, suite
from playground.specs.check import check
from playground.specs.presets import RECORDED
from playground.store.history import History
from playground.store.journal import Journal
from playground.store.runs import Runs
from playground.tools import record_demo_run
from playground.types import Status

RULER = {"floors": {"quality/fd": 0.123456}, "extractor": "0123456789ab", "n": 1000, "seed": 3}


@pytest.fixture
def journal(tmp_path):
    return Journal(tmp_path / "events.jsonl")


def frame(journal: Journal, step: int) -> None:
    journal.append({"frame": step})
    journal.append({"measure": {"sample/std": 1.0}, "step": step})


def late(journal: Journal, step: int, known: int) -> None:
    journal.append({"measure": {"quality/fd": float(step)}, "step": step, "known": known})


def steps(found: list[dict]) -> list[int]:
    return [m["step"] for m in found]


def test_a_late_measure_is_told_after_the_frames_that_came_before_it(journal):
    history = History(journal)
    frame(journal, 0)
    frame(journal, 10)
    late(journal, 3, 20)                # of step 3, known just before the frame of step 20
    frame(journal, 20)
    assert steps(history.refresh().measured(10)) == [3, 20]
    assert steps(history.measured(20)) == []
    late(journal, 20, 21)               # of the last step, when its frame had been made
    assert steps(history.refresh().measured(20)) == [20]
    assert steps(history.measured(10)) == [3, 20, 20]
    assert history.measured_frame == 20
    assert steps(history.measured()) == [0, 3, 10, 20, 20]


def test_a_frame_waits_for_its_own_measures_and_not_for_others(journal):
    history = History(journal)
    frame(journal, 10)
    journal.append({"frame": 20})
    late(journal, 15, 20)
    assert history.refresh().measured_frame == 10
    journal.append({"measure": {"sample/std": 1.0}, "step": 20})
    assert history.refresh().measured_frame == 20


def test_a_rewind_voids_late_measures_and_keeps_the_ruler(journal):
    history = History(journal)
    journal.append({"quality": RULER})
    frame(journal, 10)
    late(journal, 8, 20)
    frame(journal, 20)
    late(journal, 20, 21)
    journal.append({"rewind": 12})
    assert steps(history.refresh().measured()) == [8, 10]
    assert history.quality == RULER
    frame(journal, 14)
    assert steps(history.refresh().measured(12)) == [14]
    assert history.floors()["floors"] == {"quality/fd": 0.1235}


def test_rare_measures_survive_thinning(journal):
    for step in range(1000):
        frame(journal, step)
        if step % 100 == 0:
            late(journal, step, step + 1)
    found = History(journal).refresh().measured(-1, 100)
    assert [m["step"] for m in found if "quality/fd" in m] == list(range(0, 1000, 100))
    assert steps(found) == sorted(steps(found))


@pytest.fixture(scope="module")
def there(tmp_path_factory):
    least, background.LEAST = background.LEAST, 0.0
    try:
        with place(tmp_path_factory.mktemp("data")) as place_:
            yield place_
    finally:
        background.LEAST = least


def test_a_page_is_told_the_ruler_once_and_the_last_value(there):
    for run, name, n in ((there.done, "distance/mmd", 2000), (there.pictures, "quality/fd", 1000)):
        told = there.call["poll"]({"run": run})
        assert (told["quality"]["n"], told["quality"]["seed"]) == (n, there.engine.run(run).spec.seed)
        assert set(told["quality"]["floors"]) <= set(suite.MEASURES)
        assert [m for m in told["measures"] if name in m][-1]["step"] == told["step"]
        assert there.call["poll"]({"run": run, "quality": True})["quality"] is None
        json.dumps(told, allow_nan=False)
    assert told["quality"]["extractor"] == suite.quality_of("digits").extractor
    for wrong in (1, "yes", [True]):
        assert there.call["poll"]({"run": there.done, "quality": wrong})["error"]["field"] == "quality"


def test_the_menu_declares_every_measure(there):
    told = there.call["catalogue"]({})["measures"]
    assert set(told) == set(suite.MEASURES)
    assert all(set(m) == {"help", "unit", "symbol", "healthy", "line"} for m in told.values())


def test_files_for_people_hold_it(there):
    table = pandas.read_csv(io.BytesIO(there.client.get(f"/play/runs/{there.pictures}/metrics.csv").content))
    assert table.set_index("step")["quality/fd"].dropna().index[-1] == PICTURES["steps"]
    page = there.client.get(f"/play/runs/{there.pictures}/charts.html").text
    assert suite.MEASURES["quality/fd"].help in page


def test_the_recorded_run_keeps_it(tmp_path, monkeypatch):
    monkeypatch.setattr(background, "LEAST", 0.0)
    run = record_demo_run.train(tmp_path, check({**TINY, "steps": 200}), [])
    assert run.status is Status.FINISHED
    before = History(Runs(tmp_path).journal(run.id)).refresh()
    shelf = Runs(tmp_path / "shelf")
    record_demo_run.thin(Runs(tmp_path), run, shelf, frames=4)
    found = History(shelf.journal(RECORDED)).refresh()
    assert [m["step"] for m in found.measures if "distance/mmd" in m] == [m["step"] for m in before.measures if "distance/mmd" in m]
    assert found.floors() == before.floors()
    assert found.measured_frame == found.frames[-1] == 200


def test_a_following_page_misses_nothing(there):
    """As a page asks: what came after the last frame that it has."""
    there.call["act"]({"run": there.paused, "do": "resume"})
    frame, epoch, cursor, had, end = -1, 0, -1, {}, time.monotonic() + 30
    while sum("distance/mmd" in m for m in had.values()) < 3 and time.monotonic() < end:
        told = there.call["poll"]({"run": there.paused, "cursor": cursor, "epoch": epoch, "marks": 0, "frame": frame})
        if told["epoch"] != epoch:
            had.clear()
        for m in told["measures"]:
            had.setdefault(m["step"], {}).update(m)
        frame, epoch, cursor = (told["frames"] or [frame])[-1], told["epoch"], told["rows"]["step"][-1] if told["rows"] else cursor
        time.sleep(0.05)
    there.call["act"]({"run": there.paused, "do": "pause"})
    until(there.engine, there.paused, Status.PAUSED)
    for m in there.call["poll"]({"run": there.paused, "cursor": cursor, "epoch": epoch, "marks": 0, "frame": frame})["measures"]:
        had.setdefault(m["step"], {}).update(m)
    whole = there.call["poll"]({"run": there.paused})["measures"]
    assert {m["step"] for m in whole if "distance/mmd" in m} == {step for step, m in had.items() if "distance/mmd" in m}
    assert sum("distance/mmd" in m for m in whole) >= 3
