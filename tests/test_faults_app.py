"""Faults of the whole app, a real process: killed, asked to go while two runs train, started on damaged folders, started twice."""

import json
import os
import signal
import subprocess
import sys

import pytest
from apps import ROOT, TINY, App

from playground.store.checkpoints import Checkpoints


@pytest.fixture
def mortal(tmp_path):
    """A server of one's own."""
    made = App(tmp_path / "data", PLAYGROUND_WORKERS="2")
    yield made
    made.kill()
    assert "Traceback" not in made.said.read_text()


def last_row(app: App, id: str) -> int:
    events = app.events(id)
    lives = [i for i, e in enumerate(events) if "rewind" in e]
    return max(e["rows"]["step"][-1] for e in events[(lives or [0])[-1]:] if "rows" in e)


def test_kill_9_then_harm_then_sigterm_with_two_runs(mortal):
    """One server's life: killed while two runs train, its folder harmed, started again, both resumed, asked to go."""
    mortal.start()
    ids = [mortal.me.call("start", {"spec": TINY | {"seed": n}})["run"] for n in range(2)]
    for id in ids:
        mortal.me.until(id, step=200)
    mortal.kill()
    for wreck in ("cache.db", "thumbs/cache.db", "cache/cache.db"):
        (mortal.folder / wreck).parent.mkdir(exist_ok=True)
        (mortal.folder / wreck).write_bytes(os.urandom(5000))
    (mortal.folder / "runs" / ("0" * 32)).mkdir()
    (mortal.folder / "runs" / ("f" * 32)).mkdir()
    (mortal.folder / "runs" / ("f" * 32) / "run.json").write_bytes(b'{"id": "ffff')
    mortal.start()
    told = [mortal.me.call("poll", {"run": id}) for id in ids]
    assert [(t["status"], t["resumable"]) for t in told] == [("interrupted", True)] * 2
    for id in ids:
        mortal.me.call("act", {"run": id, "do": "resume"})
    for id in ids:
        mortal.me.until(id, step=50, epoch=1)
    code, seconds = mortal.end(signal.SIGTERM)
    assert code == 0
    assert seconds < 20                                 # two on a quiet machine
    for id in ids:
        assert json.loads((mortal.folder / "runs" / id / "run.json").read_text())["status"] == "interrupted"
        kept = Checkpoints(mortal.folder / "runs" / id / "checkpoints").latest()[0]
        assert 0 <= last_row(mortal, id) - kept <= 1


def test_a_second_process_on_the_same_folder_is_refused_in_words(app):
    """It says who has it; the first does not notice."""
    second = subprocess.run([sys.executable, "app.py"], cwd=ROOT, capture_output=True, text=True, timeout=60, check=False, env=app.env)
    assert (second.returncode, "Traceback" in second.stderr) == (2, False)
    assert f"process {app.process.pid}" in second.stderr
    assert "PLAYGROUND_DATA" in second.stderr
    assert "variants" in app.call("catalogue", {})
