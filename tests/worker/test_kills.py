"""kill -9 at random instants, and at every act on files: no checkpoint is unreadable, no run is lost, and all end as if nothing had happened."""

import os
import random

import pytest
from killing import Harness, examined, ordeal, unstopped
from running import assert_same, contention, spec

from playground.store.history import History
from playground.store.runs import Runs
from playground.types import Status
from playground.worker.protocol import Command

KILLS = 10
EVERY = 6           # of the acts on files that a short run makes, beyond the first dozen, which make it; kill_100.py takes each
pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork")


@pytest.fixture(scope="module")
def harness():
    made = Harness()
    yield made
    made.close()


@pytest.mark.parametrize("tuned", [False, True], ids=["plain", "tuned"])
def test_kill_at_random_instants(harness, tmp_path, tuned):
    """A fast machine may be done before the last kill; not before the third."""
    asked, tune = spec("began" if tuned else "gan", steps=800, ema=0.9), {"lr_d": 0.001, "gamma": 0.8} if tuned else None
    toll, id = ordeal(harness, tmp_path / "killed", asked, KILLS // (2 if tuned else 1), random.Random(tuned), tune)
    assert toll.clean, toll
    assert toll.kills >= 3
    assert toll.seconds_void < 2 * contention()         # what other programs take is not the kills' doing
    assert toll.slowest_start < 10 * contention()
    runs = Runs(tmp_path / "killed")
    assert runs.get(id).status is Status.FINISHED, runs.get(id).note
    tunes = {t["step"] for t in History(runs.journal(id)).refresh().tunes}
    assert len(tunes) == tuned
    assert_same(runs.folder(id), unstopped(tmp_path / "whole", asked, {step: [Command("tune", tune)] for step in tunes}))
    assert not list(runs.folder(id).rglob(".tmp-*"))


def test_kill_at_acts_on_files(harness, tmp_path):
    """A run is there from its record on; before that nobody has been told of it, and nothing of it stays."""
    asked, whole, killed = spec(steps=8), unstopped(tmp_path / "whole", spec(steps=8)), 0
    for n in (*range(1, 12), *range(12, 1000, EVERY)):
        root = tmp_path / str(n)
        if not harness.attempt(root, None, asked, dies=n):
            break
        killed += 1
        toll, id = examined(root)
        assert toll.clean, (n, toll)
        assert not harness.attempt(root, id, asked)
        left = Runs(root).all()
        assert [run.status for run in left] == [Status.FINISHED], n
        assert_same(Runs(root).folder(left[0].id), whole)
        assert len(list(Runs(root).root.iterdir())) == 1, n
    assert killed >= 15
