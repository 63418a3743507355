"""A process that dies while it makes a fork, at each act on files, leaves no fork or a whole one."""

import os

import pytest
from killing import Harness, unstopped
from running import EAGER, assert_same, spec, until

from playground.engine.engine import Engine
from playground.types import Status

ASKED = spec(steps=60, width_g=8, width_d=8)


@pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork")
def test_killed_at_each_act_there_is_no_fork_or_a_whole_one(tmp_path):
    root, harness = tmp_path / "killed", Harness()
    engine = Engine(root, workers=1, intervals=EAGER)
    parent = engine.submit(ASKED).id
    until(engine, parent)
    step = engine.runs.checkpoints(parent).steps()[1]
    engine.close()
    forks, n, early, late = [], 0, 0, 0
    while late < 6:                                     # six acts beyond the first at which the fork was there
        n += 1
        assert n < 60
        assert harness.attempt(root, parent, ASKED, dies=n, fork=step)
        again = Engine(root, workers=1, intervals=EAGER)
        assert not list(root.rglob(".tmp-*"))
        assert again.run(parent).status is Status.FINISHED
        made = [run for run in again.all() if run.id not in (parent, *forks)]
        assert all((run.status, run.parent, run.forked) == (Status.INTERRUPTED, parent, step) for run in made)
        assert all(again.runs.checkpoints(run.id).latest()[0] >= step for run in made)
        forks += [run.id for run in made]
        early, late = early + (not made), late + len(made)
        again.close()
    harness.close()
    assert early > 8                                    # most of the acts were tried before it was there
    again = Engine(root, workers=1, intervals=EAGER)
    whole = unstopped(tmp_path / "whole", ASKED)
    for id in (forks[0], forks[-1]):
        again.resume(id)
        assert until(again, id).status is Status.FINISHED
        assert_same(again.runs.folder(id), whole)
    again.close()
