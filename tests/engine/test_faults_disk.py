"""A disk that is full, in truth, whatever is being written: the run ends in words, its last good checkpoint loads, it goes on when there is room."""

from dataclasses import replace

import pytest
from apps import TINY, App
from full import small_disk
from killing import unstopped
from running import EAGER, assert_same, history, spec, until, until_step

from playground.config.settings import Limits
from playground.engine.engine import Engine
from playground.types import Refused, Status

ASKED = spec(steps=400, width_g=16, width_d=16)
FULL = "The disk is full. Free some space, then resume: the last good checkpoint is kept."


@pytest.fixture
def disk(tmp_path):
    with small_disk(tmp_path / "disk", megabytes=24) as made:
        yield made


@pytest.mark.parametrize("leave", [0, 6000, 40_000], ids=["for-nothing", "for-metrics", "for-a-checkpoint"])
def test_a_disk_that_fills_while_a_run_trains(disk, tmp_path, leave):
    engine = Engine(disk.root, workers=1, intervals=EAGER, limits=Limits(free=0))
    id = engine.submit(ASKED).id
    until_step(engine, id, 20)
    engine.pause(id)
    until(engine, id, Status.PAUSED)
    disk.fill(leave)
    engine.resume(id)
    assert until(engine, id).status is Status.FAILED
    assert engine.run(id).note == FULL
    step, tensors, _ = engine.runs.checkpoints(id).latest()
    assert step >= 20
    assert all(t.isfinite().all() for t in tensors.values())
    disk.fill()
    with pytest.raises(Refused, match="of the disk are free") as refused:
        engine.submit(ASKED)
    assert refused.value.field == "disk"
    assert [path.name for path in engine.runs.root.iterdir()] == [id]
    engine.close()
    full = Engine(disk.root, workers=1, intervals=EAGER, limits=Limits(free=0))          # it starts all the same
    assert [run.id for run in full.all()] == [id]
    full.close()
    disk.clear()
    again = Engine(disk.root, workers=1, intervals=EAGER, limits=Limits(free=0))
    assert again.run(id).status.resumable
    again.resume(id)
    assert until(again, id).status is Status.FINISHED
    assert history(again, id).exact()["step"] == list(range(1, 401))
    assert_same(again.runs.folder(id), unstopped(tmp_path / "whole", ASKED))
    assert not list(again.runs.folder(id).rglob(".tmp-*"))
    again.close()


def test_below_the_floor_no_run_starts_and_those_that_train_go_on(disk):
    engine = Engine(disk.root, workers=1, intervals=EAGER, limits=Limits(free=20_000_000))
    id = engine.submit(ASKED).id
    disk.narrow(15_000_000)                # the slower the machine, the more pictures of a run there are: room for all that are kept
    with pytest.raises(Refused, match="delete some runs first") as refused:
        engine.submit(replace(ASKED, seed=5))
    assert refused.value.field == "disk"
    assert until(engine, id).status is Status.FINISHED
    engine.close()


def test_the_page_answers_while_the_disk_is_full(tmp_path):
    with small_disk(tmp_path / "data") as disk:
        app = App(disk.root, PLAYGROUND_FREE_GB="0").start()
        try:
            id = app.me.call("start", {"spec": TINY})["run"]
            app.me.until(id, step=20)
            disk.fill()
            told = app.me.until(id, "failed")
            assert told["note"] == FULL
            assert told["resumable"]
            assert told["kept"] is not None
            assert "variants" in app.me.call("catalogue", {})
            assert app.me.call("start", {"spec": TINY})["error"]["field"] == "disk"
            assert app.me.web.get("/").status_code == 200
            disk.clear()
            assert "error" not in app.me.call("act", {"run": id, "do": "resume"})
            assert app.me.until(id, step=told["step"] + 20)["epoch"] == 1
            assert app.end()[0] == 0
        finally:
            app.kill()
