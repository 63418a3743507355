"""A run that was killed, torn or damaged ends as one that was never stopped, to the last bit."""

import torch
from killing import unstopped
from running import EAGER, AtStep, assert_same, history, spec, until, until_step

from playground.engine.engine import Engine
from playground.specs.check import check
from playground.types import Status
from playground.worker.protocol import Command
from playground.worker.turns import run


def test_a_torn_journal_and_a_flipped_bit_cost_an_interval(tmp_path):
    asked, root = spec(steps=300), tmp_path / "torn"
    engine = Engine(root, workers=1, intervals=EAGER)
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
    again = Engine(root, workers=1, intervals=EAGER)
    again.resume(id)
    assert until(again, id).status is Status.FINISHED
    rewinds = [e["rewind"] for e in again.runs.journal(id).read()[0] if "rewind" in e]
    assert rewinds == [int(before.stem)]
    assert_same(again.runs.folder(id), unstopped(tmp_path / "whole", asked))
    again.close()


def test_all_checkpoints_damaged_begins_anew(tmp_path):
    asked = spec(steps=200)
    engine = Engine(tmp_path / "lost", workers=1, intervals=EAGER)
    id = engine.submit(asked).id
    until_step(engine, id, 50)
    engine.stop(id)
    until(engine, id)
    for path in (engine.runs.folder(id) / "checkpoints").glob("*.safetensors"):
        path.write_bytes(b"gone")
    engine.resume(id)
    until(engine, id)
    assert history(engine, id).epoch == 1
    assert_same(engine.runs.folder(id), unstopped(tmp_path / "whole", asked))
    engine.close()


def test_pauses_tunes_and_stops_change_nothing_else(tmp_path):
    """Paused, stepped, tuned while paused, stopped, resumed, closed and resumed: as the same tunes in one go."""
    asked = spec("began", steps=250, ema=0.99)
    engine = Engine(tmp_path / "a", workers=1, intervals=EAGER)
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
    engine = Engine(tmp_path / "a", workers=1, intervals=EAGER)
    engine.resume(id)
    assert until(engine, id).status is Status.FINISHED
    assert (second, engine.runs.get(id).spec.knobs["gamma"]) == (first + 20, 0.5)
    commands = {first: [Command("tune", {"lr_g": 5e-4})], second: [Command("tune", {"gamma": 1.5, "lambda_k": 0.01})]}
    assert_same(engine.runs.folder(id), unstopped(tmp_path / "whole", asked, commands))
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
    assert_same(tmp_path / "a", unstopped(tmp_path / "b", spec(steps=40), {20: [Command("tune", {"lr_d": knobs[2]})]}))


def test_another_run_beside_it_and_the_global_generator_do_not_matter(tmp_path):
    asked = spec(steps=150)
    engine = Engine(tmp_path / "two", workers=2, intervals=EAGER)
    one, two = engine.submit(asked).id, engine.submit(spec("lsgan", steps=150)).id
    for seed in range(20):
        torch.manual_seed(seed)
        torch.rand(100)
    until(engine, one)
    until(engine, two)
    engine.close()
    assert_same(engine.runs.folder(one), unstopped(tmp_path / "alone", asked))
