"""A fork goes on as its parent would have, to the last bit, and has its whole past; it outlives the parent."""

import json
import shutil

import pytest
from killing import unstopped
from running import EAGER, assert_same, history, spec, until, until_step

from playground.engine.engine import Engine
from playground.store.journal import Journal
from playground.types import Refused, Spec, Status
from playground.worker.protocol import Command

PICTURES = Spec("gan", "digits", {"batch": 8, "width_g": 4, "width_d": 4, "ema": 0.9}, seed=3, steps=30)


def grown(engine: Engine, asked: Spec) -> tuple[str, int]:
    """A finished run, and the step of one of its checkpoints in its middle."""
    id = engine.submit(asked).id
    assert until(engine, id).status is Status.FINISHED
    steps = engine.runs.checkpoints(id).steps()
    return id, steps[len(steps) // 2]


def folder(engine, id):
    return engine.runs.folder(id)


@pytest.mark.parametrize("asked", [spec(steps=200, ema=0.99), spec("began", steps=200, halve_lr=50),
                                   spec("magan", steps=200, pretrain=60, epoch_len=40), PICTURES,
                                   *(pytest.param(more, marks=pytest.mark.full) for more in (spec("wgan", steps=50), spec("ls_gan", steps=99)))],
                         ids=lambda s: f"{s.variant}-{s.data}")
def test_an_unchanged_fork_is_its_parent_to_the_last_bit(engine, asked):
    parent, step = grown(engine, asked)
    assert 0 < step < asked.steps
    child, begun, fresh = engine.fork(parent, step=step)
    assert (begun, fresh, child.parent, child.forked) == (step, [], parent, step)
    assert until(engine, child.id).status is Status.FINISHED
    assert engine.run(child.id).spec == engine.run(parent).spec
    assert_same(folder(engine, parent), folder(engine, child.id))


def test_a_run_that_is_older_than_some_of_its_knobs_had_them_at_their_defaults(engine):
    parent, step = grown(engine, spec("ls_gan", steps=99))
    record, kept = folder(engine, parent) / "run.json", engine.runs.checkpoints(parent)
    raw, (_, tensors, meta) = json.loads(record.read_text()), kept.nearest(step)
    for knobs in (raw["spec"]["knobs"], meta["knobs"]):
        del knobs["clamp"], knobs["z"]
    record.write_text(json.dumps(raw))
    kept.path(step).unlink()
    kept.write(step, tensors, meta)
    assert "clamp" not in engine.run(parent).spec.knobs
    child, _, fresh = engine.fork(parent, step=step)
    assert fresh == []
    assert until(engine, child.id).status is Status.FINISHED
    assert (child.spec.knobs["clamp"], child.spec.knobs["z"]) == (False, "separate")
    assert_same(folder(engine, parent), folder(engine, child.id))


def test_it_has_its_parents_past_in_files_of_its_own(engine):
    parent, step = grown(engine, spec(steps=300))
    between = engine.fork(parent, step=step + 1)        # the newest checkpoint before it
    assert between.step == step
    child = between.run.id
    engine.stop(child)
    before, after = history(engine, parent), history(engine, child)
    assert after.step == step
    for kind in ("frames", "snapshots"):
        assert getattr(after, kind) == [n for n in getattr(before, kind) if n <= step] != []
    assert after.measures == [m for m in before.measures if m["step"] <= step]
    for kind in (engine.runs.frames, engine.runs.snapshots):
        assert kind(child).steps() == [n for n in kind(parent).steps() if n <= step]
        assert all(kind(child).path(n).read_bytes() == kind(parent).path(n).read_bytes() for n in kind(child).steps())
    assert engine.runs.checkpoints(child).steps() == [step]
    assert not [e for e in engine.runs.journal(child).read()[0] if "fork" not in e and e.get("step", 0) > step]


def test_it_outlives_its_parent(engine, tmp_path):
    asked = spec(steps=300)
    parent, step = grown(engine, asked)
    child = engine.fork(parent, step=step).run.id
    engine.discard(parent)
    engine.runs.empty(0)
    assert not folder(engine, parent).exists()
    assert until(engine, child).status is Status.FINISHED
    assert_same(folder(engine, child), unstopped(tmp_path / "whole", asked))
    assert all(engine.runs.frames(child).path(n).read_bytes() for n in engine.runs.frames(child).steps())


def test_now_is_the_step_that_a_run_is_at(engine):
    parent = engine.submit(spec(steps=1000)).id
    until_step(engine, parent, 50)
    before = history(engine, parent).step
    child = engine.fork(parent)
    assert before <= child.step <= history(engine, parent).step + 100
    assert engine.run(parent).status is Status.RUNNING
    for id in (parent, child.run.id):
        assert until(engine, id).status is Status.FINISHED
    assert_same(folder(engine, parent), folder(engine, child.run.id))


def test_of_a_paused_run_with_what_was_turned_meanwhile(engine):
    parent = engine.submit(spec(steps=400)).id
    until_step(engine, parent, 50)
    engine.pause(parent)
    until(engine, parent, Status.PAUSED)
    step = engine.tune(parent, {"lr_g": 1e-3})
    child = engine.fork(parent)
    assert child.step == step
    engine.resume(parent)
    for id in (parent, child.run.id):
        assert until(engine, id).status is Status.FINISHED
    assert_same(folder(engine, parent), folder(engine, child.run.id))
    assert history(engine, child.run.id).tunes == history(engine, parent).tunes != []


def test_of_a_run_that_waits(engine):
    busy = engine.submit(spec("slow", steps=1000)).id
    until(engine, busy, Status.RUNNING)
    with pytest.raises(Refused, match="no checkpoint") as refused:
        engine.fork(engine.submit(spec()).id)
    assert refused.value.field == "run"
    assert len(engine.live()) == 2


def test_of_a_finished_run_it_has_as_many_steps_again(engine, tmp_path):
    parent, _ = grown(engine, spec(steps=100))
    child = engine.fork(parent)
    assert (child.step, child.run.spec.steps) == (100, 200)
    until(engine, child.run.id)
    assert_same(folder(engine, child.run.id), unstopped(tmp_path / "whole", spec(steps=200)))


def test_later_tunes_of_the_parent_are_its_own(engine, tmp_path):
    parent, tunes = engine.submit(spec(steps=400)).id, {}
    for lr_d in (1e-3, 5e-3):
        until_step(engine, parent, max(tunes, default=0) + 50)
        engine.pause(parent)
        until(engine, parent, Status.PAUSED)
        tunes[engine.tune(parent, {"lr_d": lr_d})] = lr_d
        engine.resume(parent)
    until(engine, parent)
    first, second = tunes
    child = engine.fork(parent, step=second - 1)
    assert first <= child.step < second
    until(engine, child.run.id)
    assert_same(folder(engine, child.run.id), unstopped(tmp_path / "whole", spec(steps=400), {first: [Command("tune", {"lr_d": 1e-3})]}))


def test_a_live_knob_is_turned_where_it_begins(engine, tmp_path):
    parent, step = grown(engine, spec(steps=300))
    child = engine.fork(parent, step=step, knobs={"lr_g": 1e-3}).run
    until(engine, child.id)
    assert_same(folder(engine, child.id), unstopped(tmp_path / "whole", spec(steps=300), {step: [Command("tune", {"lr_g": 1e-3})]}))
    assert history(engine, child.id).tunes == [{"step": step, "knob": "lr_g", "from": 2e-4, "to": 1e-3}]
    assert (child.spec.knobs["lr_g"], child.spec.preset) == (2e-4, "")


def test_a_fork_of_a_fork_and_the_checkpoint_that_it_began_with_stay(engine):
    parent, step = grown(engine, spec(steps=300))
    child = engine.fork(parent, step=step, steps=1000, knobs={"lr_g": 1e-3}).run.id
    until(engine, child)
    steps = engine.runs.checkpoints(child).steps()
    assert steps[0] == step < steps[1]
    assert len(steps) > 4
    again = engine.fork(child, step=step, steps=1000).run
    assert again.parent == child
    until(engine, again.id)
    assert_same(folder(engine, child), folder(engine, again.id))
    events = Journal(folder(engine, again.id) / "events.jsonl").read()[0]
    assert [e["fork"]["run"] for e in events if "fork" in e] == [child]


def test_stopped_resumed_and_closed_it_is_still_the_same(engine, tmp_path):
    asked = spec(steps=400)
    parent, step = grown(engine, asked)
    child = engine.fork(parent, step=step, knobs={"lr_d": 1e-3}).run.id
    engine.stop(child)                                  # perhaps before it has begun
    until(engine, child, Status.STOPPED)
    engine.resume(child)
    until_step(engine, child, step + 20)
    engine.close()
    again = Engine(tmp_path / "data", workers=1, intervals=EAGER)
    again.resume(child)
    assert until(again, child).status is Status.FINISHED
    again.close()
    assert_same(folder(engine, child), unstopped(tmp_path / "whole", asked, {step: [Command("tune", {"lr_d": 1e-3})]}))


def test_without_the_checkpoint_that_it_began_with_it_does_not_begin_anew(engine):
    parent, step = grown(engine, spec(steps=300))
    until(engine, engine.submit(spec("slow", steps=10)).id, Status.RUNNING)
    child = engine.fork(parent, step=step).run.id
    path = engine.runs.checkpoints(child).path(step)
    path.unlink()
    path.write_bytes(b"gone")
    run = until(engine, child)
    assert (run.status, "damaged" in run.note) == (Status.FAILED, True)


def test_a_fork_that_was_killed_in_the_making_leaves_nothing(engine, tmp_path, monkeypatch):
    parent, step = grown(engine, spec(steps=100))
    there = set(engine.runs.root.iterdir())

    def full(*_: object, **__: object) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr("playground.store.past.write_aside", full)
        with pytest.raises(Refused, match="No space") as refused:
            engine.fork(parent, step=step)
    assert refused.value.field == "disk"
    assert set(engine.runs.root.iterdir()) == there
    left = engine.runs.root / ".tmp-0123"
    shutil.copytree(folder(engine, parent), left)
    engine.close()
    Engine(tmp_path / "data").close()
    assert not left.exists()
