"""What is kept of runs between requests, and the recorded run from its making to its reading."""

from pathlib import Path

from serving import TINY, place

from playground.specs.check import check
from playground.specs.presets import RECORDED
from playground.store.history import History
from playground.store.runs import Runs
from playground.tools import record_demo_run


def test_a_recorded_run_is_small_steered_at_the_step_asked_and_read_like_any_other(tmp_path):
    spec = check({**TINY, "steps": 300})
    run = record_demo_run.train(tmp_path / "made", spec, [(100, "lr_g", 1e-3)])
    shelf = Runs(tmp_path / "assets" / "recorded")
    folder = record_demo_run.thin(Runs(tmp_path / "made"), run, shelf, frames=10)
    assert sum(f.stat().st_size for f in folder.rglob("*") if f.is_file()) < 100_000
    history = History(shelf.journal(RECORDED)).refresh()
    assert history.tunes == [{"step": 100, "knob": "lr_g", "from": 2e-4, "to": 1e-3}]
    assert (history.step, history.frames, len(history.frames)) == (300, shelf.frames(RECORDED).steps(), 10)
    assert {m["step"] for m in history.measures if "sample/std" in m} == set(history.frames)
    with place(tmp_path / "data", tmp_path / "assets") as there:
        told = there.call["poll"]({"run": RECORDED})
        assert (told["recorded"], told["status"], told["step"], len(told["marks"])) == (True, "finished", 300, 1)
        assert there.call["catalogue"]({})["recorded"] == RECORDED
        for name, message in (("act", {"do": "resume"}), ("tune", {"knobs": {"lr_g": 1e-3}}), ("strip", {"a": 1, "b": 2})):
            assert there.call[name]({"run": RECORDED, **message})["error"]["field"] == "run"
        for name in ("samples.png", "metrics.csv", "charts.html", f"frames/{told['frames'][-1]}", "real"):
            assert there.client.get(f"/play/runs/{RECORDED}/{name}").status_code == 200


def test_without_assets_there_is_no_recorded_run(tmp_path: Path):
    with place(tmp_path / "data", tmp_path / "none") as there:
        assert there.call["catalogue"]({})["recorded"] is None
        assert there.call["poll"]({"run": RECORDED})["error"]["field"] == "run"
        assert not (tmp_path / "none").exists()
