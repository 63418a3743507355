"""A run that was killed, torn or damaged ends as one that was never stopped, to the last bit."""

import json
import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
import torch
from running import EAGER, AtStep, assert_same, history, spec, until, until_step

from playground.check import check
from playground.door import Command
from playground.engine import Engine
from playground.runner import run
from playground.store.history import History
from playground.store.runs import Runs
from playground.types import Spec, Status

KILLS = 10


class Harness:
    """`killed.py` as a process; see there."""

    def __init__(self) -> None:
        env = {**os.environ, "PLAYGROUND_WORKERS": "1", "PLAYGROUND_DEVICE": "cpu"}
        self.process = subprocess.Popen([sys.executable, str(Path(__file__).parent / "killed.py")], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                                        text=True, env=env)
        assert self.process.stdout.readline() == "ready\n"

    def attempt(self, root: Path, id: str | None, asked: Spec, tune: dict | None = None, kill_after: float | None = None) -> bool:
        """Whether it was killed before it was done."""
        order = {"root": str(root), "run": id, "spec": asked.json(), "tune": tune}
        self.process.stdin.write(json.dumps(order) + "\n")
        self.process.stdin.flush()
        child = int(self.process.stdout.readline())
        if kill_after is not None:
            time.sleep(kill_after)
            os.kill(child, signal.SIGKILL)
        status = int(self.process.stdout.readline())
        assert status in (0, signal.SIGKILL)
        return status == signal.SIGKILL

    def close(self) -> None:
        self.process.stdin.close()
        assert self.process.wait(10) == 0
        self.process.stdout.close()


@pytest.fixture(scope="module")
def harness():
    made = Harness()
    yield made
    made.close()


def reference(folder: Path, asked: Spec, commands: dict | None = None) -> Path:
    """The same run in one go, in this process, without an engine."""
    assert run(check(asked.json()), AtStep(folder, commands), EAGER) == (Status.FINISHED, "")
    return folder


@pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork")
@pytest.mark.parametrize("tuned", [False, True], ids=["plain", "tuned"])
def test_kill_at_random_instants(harness, tmp_path, tuned):
    asked, chance, runs = spec("began" if tuned else "gan", steps=800, ema=0.9), random.Random(tuned), Runs(tmp_path / "killed")
    id, kills, tune = None, 0, {"lr_d": 0.001, "gamma": 0.8} if tuned else None
    for n in range(40):
        asking = tune if tuned and n == 3 else None
        kills += harness.attempt(tmp_path / "killed", id, asked, asking, 0.4 if asking else chance.uniform(0.02, 0.3))
        found = runs.all()
        id = found[0].id if found else None
        if kills == KILLS // (2 if tuned else 1) and (not tuned or n > 3):
            break
    harness.attempt(tmp_path / "killed", id, asked)
    last = runs.get(id)
    assert last.status is Status.FINISHED, last.note
    tunes = {t["step"] for t in History(runs.journal(id)).refresh().tunes}
    assert len(tunes) == tuned
    commands = {step: [Command("tune", tune)] for step in tunes}
    assert_same(runs.folder(id), reference(tmp_path / "whole", asked, commands))
    assert kills >= 3                                   # a fast machine may be done before the last kill; not before the third
    assert not list(runs.folder(id).rglob(".tmp-*"))


def test_a_torn_journal_and_a_flipped_bit_cost_an_interval(tmp_path):
    asked, root = spec(steps=300), tmp_path / "torn"
    engine = Engine(root, workers=1, pace=EAGER)
    id = engine.submit(asked).id
    until_step(engine, id, 200)
    engine.close()
    assert engine.run(id).status is Status.INTERRUPTED
    newest, before = (engine.runs.checkpoints(id).path(s) for s in engine.runs.checkpoints(id).steps()[:-3:-1])
    data = bytearray(newest.read_bytes())
    data[len(data) // 2] ^= 1
    newest.write_bytes(data)
    with (engine.runs.folder(id) / "events.jsonl").open("ab") as file:
        file.write(b'{"rows": {"step": [501, 502], "loss/d": [0.1')
    (engine.runs.folder(id) / "checkpoints" / ".tmp-9.safetensors").write_bytes(b"x" * 100)
    again = Engine(root, workers=1, pace=EAGER)
    again.resume(id)
    assert until(again, id).status is Status.FINISHED
    rewinds = [e["rewind"] for e in again.runs.journal(id).read()[0] if "rewind" in e]
    assert rewinds == [int(before.stem)]
    assert_same(again.runs.folder(id), reference(tmp_path / "whole", asked))
    again.close()


def test_all_checkpoints_damaged_begins_anew(tmp_path):
    asked = spec(steps=200)
    engine = Engine(tmp_path / "lost", workers=1, pace=EAGER)
    id = engine.submit(asked).id
    until_step(engine, id, 50)
    engine.stop(id)
    until(engine, id)
    for path in (engine.runs.folder(id) / "checkpoints").glob("*.safetensors"):
        path.write_bytes(b"gone")
    engine.resume(id)
    until(engine, id)
    assert history(engine, id).epoch == 1
    assert_same(engine.runs.folder(id), reference(tmp_path / "whole", asked))
    engine.close()


def test_pauses_tunes_and_stops_change_nothing_else(tmp_path):
    """Paused, stepped, tuned while paused, stopped, resumed, closed and resumed: as the same tunes in one go."""
    asked = spec("began", steps=250, ema=0.99)
    engine = Engine(tmp_path / "a", workers=1, pace=EAGER)
    id = engine.submit(asked).id
    until_step(engine, id, 50)
    engine.pause(id)
    until(engine, id, Status.PAUSED)
    engine.advance(id, 7)
    until(engine, id, Status.RUNNING)
    until(engine, id, Status.PAUSED)
    first = engine.tune(id, {"lr_g": 5e-4})
    assert first == history(engine, id).step
    engine.advance(id, 20)
    until(engine, id, Status.RUNNING)
    until(engine, id, Status.PAUSED)
    second = engine.tune(id, {"gamma": 1.5, "lambda_k": 0.01})
    engine.stop(id)
    until(engine, id, Status.STOPPED)
    engine.resume(id)
    until_step(engine, id, second + 30)
    engine.close()
    engine = Engine(tmp_path / "a", workers=1, pace=EAGER)
    engine.resume(id)
    assert until(engine, id).status is Status.FINISHED
    assert (second, engine.runs.get(id).spec.knobs["gamma"]) == (first + 20, 0.5)
    commands = {first: [Command("tune", {"lr_g": 5e-4})], second: [Command("tune", {"gamma": 1.5, "lambda_k": 0.01})]}
    assert_same(engine.runs.folder(id), reference(tmp_path / "whole", asked, commands))
    engine.close()


def test_a_later_tune_of_the_same_step_wins_again_after_a_rewind(tmp_path):
    """A tune on the replayed part must act in the journal's order, live and when replayed."""
    asked, knobs = check(spec(steps=40).json()), [1e-3, 2e-3, 3e-3]
    io = AtStep(tmp_path / "a", {20: [Command("tune", {"lr_d": knobs[0]}), Command("tune", {"lr_d": knobs[1]})], 25: [Command("close")]})
    assert run(asked, io, EAGER)[0] is Status.INTERRUPTED
    io.checkpoints.drop_after(0)                        # as if only the first were whole
    io.step, io.commands = 0, {20: [Command("tune", {"lr_d": knobs[2]})], 30: [Command("close")]}
    run(asked, io, EAGER)
    io.step, io.commands = 30, {}
    assert run(asked, io, EAGER)[0] is Status.FINISHED
    assert io.latest()[2]["knobs"]["lr_d"] == knobs[2]
    assert_same(tmp_path / "a", reference(tmp_path / "b", spec(steps=40), {20: [Command("tune", {"lr_d": knobs[2]})]}))


def test_another_run_beside_it_and_the_global_generator_do_not_matter(tmp_path):
    asked = spec(steps=150)
    engine = Engine(tmp_path / "two", workers=2, pace=EAGER)
    one, two = engine.submit(asked).id, engine.submit(spec("lsgan", steps=150)).id
    for seed in range(20):
        torch.manual_seed(seed)
        torch.rand(100)
    until(engine, one)
    until(engine, two)
    engine.close()
    assert_same(engine.runs.folder(one), reference(tmp_path / "alone", asked))
