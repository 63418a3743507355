"""Runs take turns on a worker, a slice of time each, and none of them can be told from one that had it alone."""

import os
import random
import time
from concurrent.futures import Future

import pytest
from killing import Harness, unstopped
from running import EAGER, TURNS, AtStep, assert_same, coming_from, contention, history, misbehave, spec, until, until_step

from playground.config.settings import Limits
from playground.engine.engine import Engine
from playground.specs.check import check
from playground.store.history import History
from playground.store.runs import Runs
from playground.types import Refused, Spec, Status
from playground.worker.protocol import Command
from playground.worker.turns import run

IMAGES = Spec("slow", "digits", {"batch": 8, "width_g": 4, "width_d": 4}, seed=3, steps=1000)


@pytest.fixture
def made(tmp_path, monkeypatch):
    """made(workers, **limits) -> Engine"""
    misbehave(monkeypatch)
    engines = []

    def make(workers: int = 1, **limits) -> Engine:
        engines.append(Engine(tmp_path, workers, TURNS, Limits(**{"free": 0} | limits)))
        return engines[-1]

    yield make
    for engine in engines:
        engine.close()


def turns(engine: Engine, id: str) -> int:
    """How often it has given its worker up."""
    return sum("yield" in event for event in engine.runs.journal(id).read()[0])


@pytest.mark.parametrize("asked", [spec("began", steps=60, ema=0.9), spec("magan", steps=60), spec("wgan_gp", steps=60),
                                   Spec("gan", "digits", {"batch": 8, "width_g": 4, "width_d": 4}, seed=3, steps=12)], ids=lambda s: s.variant)
def test_a_run_that_gives_its_worker_up_five_times_is_the_run_that_never_did(tmp_path, asked):
    at = [asked.steps * n // 6 for n in range(1, 6)]
    io = AtStep(tmp_path / "turns", {step: [Command("yield", answer=Future())] for step in at})
    for _ in at:
        assert run(check(asked.json()), io, EAGER) == (Status.QUEUED, "")
        assert io.checkpoints.steps()[-1] == io.step
    assert run(check(asked.json()), io, EAGER)[0] is Status.FINISHED
    assert_same(tmp_path / "turns", unstopped(tmp_path / "whole", asked))
    events = io.log()
    assert [event["yield"] for event in events if "yield" in event] == at
    assert not [event for event in events if "rewind" in event]
    assert History(io.journal).refresh().epoch == 0     # who watches keeps all that they have


def test_a_run_has_one_step_at_least_of_every_turn(tmp_path):
    io = AtStep(tmp_path, {0: [Command("yield", answer=Future())]})
    assert run(check(spec(steps=5).json()), io, EAGER)[0] is Status.QUEUED
    assert io.latest()[0] == 1


def test_what_was_logged_after_a_turn_s_end_is_void_when_its_worker_dies(tmp_path):
    asked, first = spec(steps=60), AtStep(tmp_path / "a", {20: [Command("yield", answer=Future())]})
    run(check(asked.json()), first, EAGER)
    first.journal.append({"rows": {"step": [21, 22], "loss/d": [1.0, 1.0]}, "elapsed": 9.0})      # of a turn that a kill ended
    assert run(check(asked.json()), first, EAGER)[0] is Status.FINISHED
    assert [event["rewind"] for event in first.log() if "rewind" in event] == [20]
    assert_same(tmp_path / "a", unstopped(tmp_path / "whole", asked))


def test_two_people_s_runs_take_turns_and_both_end_to_the_last_bit(made, tmp_path):
    engine, asked = made(slice=0.15), spec("began", steps=1200)         # on the fastest machine, too, at least ten turns
    ids = [engine.submit(asked, owner).id for owner in "ab"]
    for id in ids:
        assert until(engine, id).status is Status.FINISHED
    assert all(turns(engine, id) >= 5 for id in ids)
    whole = unstopped(tmp_path / "whole", asked)
    for id in ids:
        assert_same(engine.runs.folder(id), whole)
        assert history(engine, id).epoch == 0


def test_one_person_s_runs_come_one_after_the_other(made):
    engine = made(slice=0.1)
    first, second = (engine.submit(spec(steps=400), "a").id for _ in range(2))
    assert until(engine, first).status is Status.FINISHED
    assert until(engine, second).status is Status.FINISHED
    assert turns(engine, first) == turns(engine, second) == 0


def test_none_is_no_slices(made):
    engine = made(slice=None)
    first, second = (engine.submit(spec("slow", steps=20), owner).id for owner in "ab")
    assert until(engine, first).status is Status.FINISHED
    assert turns(engine, first) == 0
    assert until(engine, second).status is Status.FINISHED


def test_a_run_that_waits_for_its_turn_can_be_tuned_paused_forked_and_stopped(made, tmp_path):
    engine = made(slice=1000.0)
    id, other = engine.submit(spec(steps=200), "a").id, engine.submit(spec("slow", steps=1000), "b").id
    until_step(engine, id, 30)
    engine.training()[0][1].leave()
    until(engine, other, Status.RUNNING)
    assert engine.run(id).status is Status.QUEUED
    step = engine.runs.checkpoints(id).steps()[-1]
    assert history(engine, id).step == step
    assert engine.tune(id, {"lr_d": 0.001}) == step
    fork = engine.fork(id, "a")
    assert fork.step == step
    engine.pause(id)
    assert engine.run(id).status is Status.PAUSED
    engine.stop(fork.run.id)
    engine.stop(other)
    engine.advance(id, 5)
    until(engine, id, Status.RUNNING)
    until(engine, id, Status.PAUSED)
    assert history(engine, id).step == step + 5
    engine.resume(id)
    assert until(engine, id).status is Status.FINISHED
    assert history(engine, id).epoch == 0               # the knob was turned after the turn's end, and nothing is void
    assert_same(engine.runs.folder(id), unstopped(tmp_path / "whole", spec(steps=200), {step: [Command("tune", {"lr_d": 0.001})]}))


def test_steps_that_were_asked_for_are_made_in_the_next_turn(made):
    engine = made(slice=1000.0)
    id = engine.submit(spec("slow", steps=1000), "a").id
    until_step(engine, id, 2)
    engine.advance(id, 8)
    until_step(engine, id, 4)
    engine.training()[0][1].leave()
    other = engine.submit(spec(steps=20), "b").id
    assert until(engine, other).status is Status.FINISHED
    until(engine, id, Status.PAUSED)
    begun = next(event["yield"] for event in engine.runs.journal(id).read()[0] if "yield" in event)
    assert 10 <= history(engine, id).step <= 13
    assert begun < history(engine, id).step


def test_runs_on_points_do_not_wait_behind_long_ones_on_images(made):
    engine = made(slice=1000.0)
    long = engine.submit(IMAGES, "a").id
    until(engine, long, Status.RUNNING)
    more, points, second = (engine.submit(asked, owner).id for asked, owner in ((IMAGES, "b"), (spec("slow", steps=1000), "c"), (spec(), "d")))
    until(engine, points, Status.RUNNING)
    assert [engine.run(id).status for id in (long, more, second)] == [Status.RUNNING, Status.QUEUED, Status.QUEUED]
    assert (engine.position(second), engine.position(more)) == (1, 1)        # they do not wait for each other
    engine.stop(points)
    assert until(engine, second).status is Status.FINISHED
    assert engine.run(long).status is Status.RUNNING


def test_the_short_lane_is_shut_while_points_have_a_worker(made):
    engine = made(workers=2, slice=1000.0)
    ids = [engine.submit(asked, owner).id for asked, owner in ((IMAGES, "a"), (spec("slow", steps=1000), "b"), (spec(), "c"))]
    for id in ids[:2]:
        until(engine, id, Status.RUNNING)
    time.sleep(0.2)
    assert engine.run(ids[2]).status is Status.QUEUED
    engine.stop(ids[1])
    assert until(engine, ids[2]).status is Status.FINISHED


def test_the_short_lane_takes_turns_too(made):
    engine = made(slice=0.1)
    until(engine, engine.submit(IMAGES, "a").id, Status.RUNNING)
    first = engine.submit(spec("slow", steps=1000), "b").id
    until_step(engine, first, 1)
    assert until(engine, engine.submit(spec(steps=20), "c").id).status is Status.FINISHED
    assert turns(engine, first) >= 1


def test_one_run_on_points_that_waits_takes_one_worker_alone_and_that_is_the_short_lane_s(made):
    engine = made(slice=0.2)
    long, points = engine.submit(IMAGES, "a").id, engine.submit(spec("slow", steps=1000), "a").id
    until_step(engine, long, 1)
    until_step(engine, points, 1)
    time.sleep(0.3)                                     # both have had their time
    assert until(engine, engine.submit(spec(steps=20), "b").id).status is Status.FINISHED
    assert turns(engine, long) == 0
    assert turns(engine, points) >= 1


def test_a_pause_in_the_short_lane_lets_its_owner_s_run_on_images_begin(made):
    engine = made(running=1)
    other = engine.submit(IMAGES, "a").id
    until(engine, other, Status.RUNNING)
    points, images = engine.submit(spec("slow", steps=1000), "b").id, engine.submit(IMAGES, "b").id
    until_step(engine, points, 1)
    engine.stop(other)
    until(engine, other, Status.STOPPED)
    assert engine.run(images).status is Status.QUEUED
    engine.pause(points)
    until(engine, images, Status.RUNNING)


def test_sixty_names_from_one_address_do_not_keep_another_address_waiting(made):
    """The last of the queue's places are for addresses that have none, and who is new has a worker after `QUICK` seconds."""
    engine, started, refused, seconds = made(slice=1000.0), [], [], 10 * contention()
    with coming_from("192.0.2.1"):
        for n in range(60):
            try:
                started.append(engine.submit(spec("slow", steps=1000) if n % 2 else IMAGES, f"cookie:{n}").id)
            except Refused as full:
                refused.append(str(full))
            if n < 2:
                until(engine, started[n], Status.RUNNING)
    assert len(started) == 32                           # one trains, one in the short lane, 30 wait
    assert "from your network" in refused[0]
    for asked, owner, address in ((spec("slow", steps=1000), "me", "192.0.2.2"), (IMAGES, "you", "192.0.2.3")):
        began = time.monotonic()
        with coming_from(address):
            id = engine.submit(asked, owner).id
        until(engine, id, Status.RUNNING)
        until_step(engine, id, 1)
        assert time.monotonic() - began < seconds


@pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork")
def test_kills_between_and_within_turns_lose_nothing(tmp_path):
    harness, asked, chance, kills, root = Harness(), spec("began", steps=400), random.Random(1), 0, tmp_path / "killed"
    for _ in range(12):
        kills += harness.attempt(root, None, asked, kill_after=chance.uniform(0.2, 0.5), rival=True)
    while harness.attempt(root, None, asked, rival=True):
        pass
    harness.close()
    runs, whole = Runs(root), unstopped(tmp_path / "whole", asked)
    assert kills >= 3
    assert [run.status for run in runs.all()] == [Status.FINISHED] * 2
    for found in runs.all():
        assert_same(runs.folder(found.id), whole)
        assert sum("yield" in event for event in runs.journal(found.id).read()[0]) >= 2
    assert not list(root.rglob(".tmp-*"))
