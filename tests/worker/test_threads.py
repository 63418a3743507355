"""How many torch threads a run gets is measured once, and then belongs to it."""

import json
import threading
from dataclasses import replace

import pytest
import torch
from running import CALM, EAGER, AtStep, assert_same, spec, until, until_step

from playground.config import machine
from playground.config.machine import Machine, use_threads
from playground.engine import lifecycle
from playground.engine.engine import Engine
from playground.store.runs import record
from playground.types import Refused, Spec, Status
from playground.worker import thread_count
from playground.worker.turns import run


def digits(steps: int = 12, **changes: object) -> Spec:
    return replace(spec(data="digits", steps=steps), size=28, **changes)


@pytest.fixture
def engine(tmp_path):
    made = Engine(tmp_path / "data", workers=1, intervals=EAGER)
    made.machine = Machine("cpu", 2, 1, "float32")      # whatever this one has
    made.lifecycle.threads = 2
    yield made
    made.close()


def straight(asked: Spec, folder):
    """The same run in one go, in a thread that asks for its number."""
    def go() -> None:
        use_threads(asked.threads)
        run(asked, AtStep(folder), CALM)

    thread = threading.Thread(target=go)
    thread.start()
    thread.join()
    return folder


def test_it_is_chosen_before_the_first_step_kept_and_changes_no_bit(engine, tmp_path):
    """Measured for real: whatever comes of it, the run is that of a Spec with this number, as if nothing had been measured."""
    id = engine.submit(digits()).id
    assert until(engine, id).status is Status.FINISHED
    found = engine.runs.get(id).spec
    assert found.threads in (1, 2)
    assert json.loads((engine.runs.folder(id) / "run.json").read_text())["spec"]["threads"] == found.threads
    assert_same(engine.runs.folder(id), straight(found, tmp_path / "straight"))


@pytest.mark.parametrize("number", [1, 2])
def test_a_resumed_run_and_a_fork_have_the_same(engine, tmp_path, monkeypatch, number):
    asked = []
    monkeypatch.setattr(lifecycle, "choose", lambda spec, most, over: asked.append((spec.threads, most)) or number)
    id = engine.submit(digits(16)).id
    until_step(engine, id, 5)
    engine.stop(id)
    until(engine, id)
    engine.resume(id)
    until(engine, id)
    assert asked == [(0, 2)]                            # once
    fork = engine.fork(id, step=5, steps=16).run.id
    until(engine, fork)
    assert [engine.runs.get(each).spec.threads for each in (id, fork)] == [number, number]
    assert len(asked) == 1
    whole = straight(replace(engine.runs.get(id).spec), tmp_path / "straight")
    assert_same(engine.runs.folder(id), whole)
    assert_same(engine.runs.folder(fork), whole)


def test_points_and_runs_of_before_are_not_measured(engine, monkeypatch):
    monkeypatch.setattr(lifecycle, "choose", lambda *_: pytest.fail("measured"))
    points = engine.submit(spec(steps=5)).id
    assert (until(engine, points).status, engine.runs.get(points).spec.threads) == (Status.FINISHED, 1)
    old = engine.runs.create(digits(3, threads=2))      # as the version before wrote it
    (engine.runs.folder(old.id) / "run.json").write_bytes(record(old.with_status(Status.INTERRUPTED)))
    engine.resume(old.id)
    assert (until(engine, old.id).status, engine.runs.get(old.id).spec.threads) == (Status.FINISHED, 2)


def test_who_sets_a_number_has_it(engine, monkeypatch):
    monkeypatch.setattr(lifecycle, "choose", lambda *_: pytest.fail("measured"))
    engine.machine = Machine("cpu", 8, 1, "float32", fixed=2)
    id = engine.submit(digits(2)).id
    until(engine, id)
    assert engine.runs.get(id).spec.threads == 2


@pytest.mark.parametrize("value", ["0", "-1", "all", "1.5", "9" * 50, "²", "100000"])
def test_a_wrong_number_names_the_setting(value):
    with pytest.raises(Refused, match="PLAYGROUND_THREADS must be auto or a whole number between 1 and") as refused:
        machine.machine({"PLAYGROUND_THREADS": value})
    assert refused.value.field == "PLAYGROUND_THREADS"
    assert machine.machine({"PLAYGROUND_THREADS": " Auto "}).fixed == machine.machine({}).fixed == 0
    assert machine.machine({"PLAYGROUND_THREADS": "1"}).threads == 1


@pytest.mark.parametrize(("of_two", "of_one", "best"), [
    ([1.0] * 5, [1.6] * 5, 2), ([1.0] * 5, [1.6] * 3, 2), ([1.0] * 5, [0.8] * 5, 1), ([1.0] * 5, [1.02] * 5, 1), ([1.0] * 5, [1.06] * 5, 2),
    ([1.0, 9.0, 1.0], [1.6, 1.6, 1.6], 2), ([], [1.0], 2)])
def test_the_faster_is_chosen(monkeypatch, of_two, of_one, best):
    """By the middle of the same batches."""
    monkeypatch.setattr(thread_count, "timed", lambda spec, n, over: of_two if n == 2 else of_one)
    assert thread_count.choose(digits(), 2) == best


def test_trying_is_short_and_ends_when_it_is_to_stop(monkeypatch):
    monkeypatch.setattr(thread_count, "SECONDS", 0.05)
    torch.manual_seed(5)
    times = thread_count.timed(digits(), 1, lambda: False)
    assert len(times) == 2 or sum(times[:-1]) <= 0.05           # two at least, however slow the machine
    assert len(times) >= 2
    assert thread_count.timed(digits(), 1, lambda: True) == []


def test_a_fault_in_trying_is_left_to_the_run(monkeypatch, caplog):
    def breaks(*_: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr(thread_count, "timed", breaks)
    assert thread_count.choose(digits(), 2) == 2
    assert "were not measured" in caplog.text
