"""kill -9 in the middle of a race of four, at random instants and at acts on files: resumed, all end as if they had never stopped."""

import os
import random
from dataclasses import replace

import pytest
from killing import Harness, unstopped
from running import EAGER, assert_same, spec

from playground.engine.engine import Engine
from playground.types import Status

KILLS = 10
LANES = [replace(spec(steps=250), variant=variant) for variant in ("gan", "began", "wgan_gp", "lsgan")]
pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork")


@pytest.fixture(scope="module")
def harness():
    made = Harness()
    yield made
    made.close()


def same_as_never_stopped(root, whole) -> None:
    engine = Engine(root, 1, EAGER)
    (race,) = engine.table.races.all()
    for n, (id,) in enumerate(race.lanes):
        assert engine.run(id).status is Status.FINISHED
        assert_same(engine.runs.folder(id), unstopped(whole / str(n), engine.run(id).spec))
    assert len(engine.all()) == len(race.lanes)
    engine.close()


def test_kill_at_ten_random_instants(harness, tmp_path):
    chance, killed = random.Random(5), 0
    for _ in range(4 * KILLS):
        killed += harness.attempt(tmp_path / "killed", None, LANES[0], kill_after=chance.uniform(0.05, 0.5), race=LANES)
        if killed == KILLS:
            break
    assert killed >= 3                                  # a fast machine may be done before the last
    assert not harness.attempt(tmp_path / "killed", None, LANES[0], race=LANES)
    same_as_never_stopped(tmp_path / "killed", tmp_path)


@pytest.mark.parametrize("dies", [1, 3, 5, 8, 12, 20, 35])
def test_kill_at_an_act_on_files_while_it_begins(harness, tmp_path, dies):
    """Its record is there first: a run of it that is not has never been told of."""
    short = [replace(lane, steps=5) for lane in LANES[:2]]
    assert harness.attempt(tmp_path / "killed", None, short[0], dies=dies, race=short)
    engine = Engine(tmp_path / "killed", 1, EAGER)
    known = {id for race in engine.table.races.all() for lane in race.lanes for id in lane}
    assert {run.id for run in engine.all()} <= known
    assert all(run.status.resumable or run.status is Status.FINISHED for run in engine.all())
    if engine.all():
        for run in engine.all():
            if run.status.resumable and not engine.glance(run.id):
                engine.resume(run.id)
    engine.close()
