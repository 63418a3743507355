"""What goes wrong is named where it happens, and a fork from before it goes on well."""

from dataclasses import replace

import numpy as np
import pytest
import torch
from running import EAGER, AtStep, history, join_zoo, misbehave, spec, until

from models.lsgan import LSGAN
from playground.engine.engine import Engine
from playground.evaluation.background import BackgroundEvaluation
from playground.specs.check import check
from playground.specs.presets import preset
from playground.specs.rescue import rescue
from playground.store.history import History
from playground.types import Status
from playground.ui.handlers import run_updates
from playground.ui.handlers.services import Services
from playground.worker.alarms import BEFORE, FAR, FIRST, Jumps
from playground.worker.protocol import Command
from playground.worker.turns import run

EVERY = replace(EAGER, points=0.0)      # a frame of every step
RARELY = replace(EAGER, points=100.0, snapshots_points=100.0, checkpoint=100.0)


class Steep(LSGAN):
    """D's loss is 10¹⁰ times too large for a moment, and a number all the time."""

    def step(self, batches):
        for losses in super().step(batches):
            yield {k: v * 1e10 if k == "D" and self.steps == 40 else v for k, v in losses.items()}


class Jolted(LSGAN):
    """D's loss is 10⁶ times too large for a moment, which is no number that could not be."""

    def step(self, batches):
        for losses in super().step(batches):
            yield {k: v * 1e6 if k == "D" and self.steps in (FIRST + 10, FIRST + 12) else v for k, v in losses.items()}


class Touchy(LSGAN):
    """Weights that overflow when G's rate is high."""

    def step(self, batches):
        yield from super().step(batches)
        if self.knobs.lr_g > 0.01 and self.steps >= 60:
            with torch.no_grad():
                next(self.G.parameters()).mul_(1e30)


class Narrow(LSGAN):
    """Samples that are well until step 40, hardly differ from 40 to 80, are well again from 80 to 120, and so on."""

    def sample(self, z):
        return super().sample(z) * (0.01 if self.steps % 80 >= 40 else 1.0)


@pytest.fixture
def engine(tmp_path, monkeypatch):
    misbehave(monkeypatch)
    join_zoo(monkeypatch, Steep, Touchy, Narrow)
    made = Engine(tmp_path / "data", workers=1, intervals=EAGER)
    yield made
    made.close()


def told(engine, id, **had):
    """The alarms that a page is told."""
    return run_updates.poll(Services(engine, engine.runs.root / "nothing"), {"run": id, **had})["alarms"]


def test_nan_is_an_alarm_with_player_term_and_the_checkpoint_before(engine):
    id = engine.submit(spec("poisoned", steps=100)).id
    assert until(engine, id).status is Status.DIVERGED
    kept = engine.runs.checkpoints(id).steps()[-1]
    (alarm,) = told(engine, id)
    assert alarm.pop("rescue")["says"] == "a quarter of the rates"
    assert 0 <= alarm.pop("before") <= min(kept, 21)
    assert alarm == {"step": 31, "kind": "diverged", "player": "G", "term": "loss", "says": "G's loss became NaN or infinite."}
    assert told(engine, id, alarms=1, epoch=1) == []


def test_what_grows_beyond_all_bounds_ends_the_run_as_nan_does(engine):
    id = engine.submit(spec("steep", steps=100)).id
    ended = until(engine, id)
    assert ended.status is Status.DIVERGED
    assert ended.note.startswith("D's loss grew beyond 10⁸ at step 41.")
    assert history(engine, id).step == 41
    step, tensors, _ = engine.runs.checkpoints(id).latest()
    assert step <= 40
    assert all(t.abs().max() < 1e8 for name, t in tensors.items() if name.startswith("gan."))
    (alarm,) = told(engine, id)
    assert (alarm["kind"], alarm["player"], alarm["term"], alarm["step"]) == ("exploded", "D", "loss", 41)
    assert alarm["before"] <= min(step, 31)


def test_what_ended_a_run_is_told_with_one_step_everywhere(tmp_path, monkeypatch):
    """Numbers are read some steps after they were made: what was shown meanwhile is void."""
    join_zoo(monkeypatch, Steep)
    engine = Engine(tmp_path, workers=1, intervals=replace(EVERY, flush=100.0, checkpoint=100.0))
    id = engine.submit(spec("steep", steps=99)).id
    ended = until(engine, id)
    assert ended.status is Status.DIVERGED
    news = run_updates.poll(Services(engine, engine.runs.root / "nothing"), {"run": id})
    (alarm,) = news["alarms"]
    assert (alarm["step"], news["step"], news["rows"]["step"][-1]) == (41, 41, 41)
    assert max(event.get("frame", 0) for event in engine.runs.journal(id).read()[0]) > 41, "else there is nothing to be void"
    assert all(max(steps) <= 41 for steps in (news["frames"], news["looks"], [m["step"] for m in news["measures"]]))
    assert " at step 41." in ended.note
    rows = history(engine, id).exact()
    assert np.isnan(rows["loss/d"][-1])
    assert np.isfinite(rows["loss/d"][:-1]).all()
    engine.close()


@pytest.mark.parametrize("variant", ["gan", pytest.param("ebgan", marks=pytest.mark.full)])
def test_both_rates_at_their_maximum_are_rescued_by_a_fork_from_before_with_the_preset_s(engine, variant):
    knobs = preset(variant, "ring8", "quick")["knobs"] | {"width_g": 64, "width_d": 64}
    asked = {"variant": variant, "data": "ring8", "steps": 1500, "knobs": knobs | {"lr_g": 0.1, "lr_d": 0.1}, "preset": "quick"}
    dead = engine.submit(check(asked)).id
    ended = until(engine, dead)
    alarm = next(a for a in told(engine, dead) if "rescue" in a)
    assert ended.status is Status.DIVERGED or ended.note.startswith("It ended without success. "), "not finished without a word"
    assert alarm["rescue"]["says"] == "the preset's rates"
    assert alarm["rescue"]["knobs"] == {rate: knobs[rate] for rate in ("lr_g", "lr_d")}
    assert alarm["before"] <= max(0, alarm["step"] - 10)
    fork = engine.fork(dead, step=alarm["before"], knobs=alarm["rescue"]["knobs"]).run.id
    ended = until(engine, fork)
    assert (ended.status, ended.note) == (Status.FINISHED, "")
    assert next(m["modes/found"] for m in reversed(history(engine, fork).measures) if "modes/found" in m) >= 4


def test_rates_that_are_the_preset_s_already_are_quartered():
    known = preset("gan", "ring8", "quick")["knobs"]
    asked = check({"variant": "gan", "data": "ring8", "knobs": known, "preset": "quick"})
    assert rescue(asked, known) == {"knobs": {"lr_g": 2.5e-4, "lr_d": 5e-4}, "says": "a quarter of the rates"}
    assert rescue(asked, known, lost=True) is None, "it may have needed more steps"
    assert rescue(asked, known | {"lr_d": 0.1}, lost=True)["says"] == "the preset's rates"
    assert rescue(asked, known | {"lr_d": 0.1}) == {"knobs": {"lr_d": 2e-3}, "says": "the preset's rates"}


def test_a_diverged_run_goes_on_as_a_fork_with_a_quarter_of_the_rates(engine):
    id = engine.submit(spec("touchy", steps=200, lr_g=0.02, lr_d=0.02)).id
    assert until(engine, id).status is Status.DIVERGED
    (alarm,) = [a for a in told(engine, id) if a["kind"] == "diverged"]
    fork = engine.fork(id, step=alarm["before"], knobs={"lr_g": 0.005, "lr_d": 0.005})
    assert fork.step == alarm["before"] <= 60
    assert until(engine, fork.run.id).status is Status.FINISHED
    rows = history(engine, fork.run.id).exact()
    assert rows["step"] == list(range(1, 201))
    assert np.isfinite([rows["loss/d"], rows["loss/g"], rows["grad/d"], rows["grad/g"]]).all()
    assert "diverged" not in {a["kind"] for a in told(engine, fork.run.id)}         # the parent's lies beyond where it begins
    unchanged = engine.fork(id, step=alarm["before"]).run.id
    assert until(engine, unchanged).status is Status.DIVERGED


def test_an_ebgan_with_huge_rates_explodes_and_is_rescued(engine):
    id = engine.submit(spec("ebgan", steps=300, lr_g=0.1, lr_d=0.1, reduction="sum", margin=1000.0, critic="denoise")).id
    assert until(engine, id).status is Status.DIVERGED
    (alarm,) = [a for a in told(engine, id) if a["kind"] != "collapse"]
    assert alarm["kind"] == "exploded"
    assert alarm["term"] in ("loss", "gradient"), "the one or the other is first, as processors round"
    well = min(alarm["before"], alarm["step"] - 10)         # weights of the very step before it are beyond rescue
    fork = engine.fork(id, step=well, knobs={"lr_g": 0.025, "lr_d": 0.025}).run.id
    assert until(engine, fork).status is Status.FINISHED
    assert history(engine, fork).step == 300


def test_what_is_measured_beside_a_run_is_watched_too(tmp_path, monkeypatch):
    given = [[{"measure": {"quality/classes": v}, "step": step} for v, step in ((10, 152), (10, 154), (1, 156), (1, 158))]]
    monkeypatch.setattr(BackgroundEvaluation, "take_events", lambda self: given.pop() if given else [])
    io = AtStep(tmp_path)
    assert run(check(spec(steps=2).json()), io, RARELY)[0] is Status.FINISHED
    assert [(e["alarm"]["term"], e["step"], e["alarm"]["well"]) for e in io.log() if "alarm" in e] == [("quality/classes", 158, 154)]


def test_a_gradient_that_jumps_is_marked_once_and_the_run_goes_on(tmp_path, monkeypatch):
    join_zoo(monkeypatch, Jolted)
    io = AtStep(tmp_path)
    assert run(check(spec("jolted", steps=120).json()), io, RARELY)[0] is Status.FINISHED
    (alarm,) = History(io.journal).refresh().alarms
    assert (alarm["kind"], alarm["player"], alarm["term"], alarm["step"]) == ("jump", "D", "gradient", FIRST + 11)
    assert alarm["says"].startswith("D's gradient was ")


def test_a_jump_is_of_the_running_median_and_known_to_a_run_that_goes_on():
    def rows(*values, first=1):
        return {"step": list(range(first, first + len(values))), "grad/g": list(values), "loss/g": [1e9] * len(values)}

    usual, far = [1.0, 1.0, 3.0] * FIRST, 1.01 * FAR
    assert Jumps([]).check(rows(*usual[:FIRST - 1], far)) == []                                  # too early
    assert Jumps([]).check(rows(*usual, 0.99 * FAR, None)) == []
    whole = rows(*usual, far, 2 * far, *usual[:BEFORE], *usual[:BEFORE], far)
    alarms = Jumps([]).check(whole)
    assert [(alarm["step"], alarm["alarm"]["says"][:31]) for alarm in alarms] == [
        (301, "G's gradient was 10,100 times a"), (len(whole["step"]), "G's gradient was 10,100 times a")]
    for cut in (150, 301, 302, 900):                                                            # as if it had been killed there
        begun, ended = ({name: column[part] for name, column in whole.items()} for part in (slice(cut), slice(cut, None)))
        before = Jumps([]).check(begun)
        assert [*before, *Jumps([{"rows": begun}, *before]).check(ended)] == alarms
    grown = [float(10 ** (i // 200)) for i in range(2000)]                                     # it follows what grows slowly
    assert Jumps([]).check(rows(*grown)) == []


def test_a_collapse_is_marked_once_a_fall_and_the_run_goes_on(tmp_path, monkeypatch):
    join_zoo(monkeypatch, Narrow)
    engine = Engine(tmp_path, workers=1, intervals=EVERY)
    id = engine.submit(spec("narrow", steps=290)).id
    assert until(engine, id).status is Status.FINISHED
    found = told(engine, id)
    assert [(a["kind"], a["term"], a["player"], a["step"]) for a in found] == [("collapse", "sample/std", None, step) for step in (201, 281)]
    assert "differ" in found[0]["says"]
    steps = engine.runs.checkpoints(id).steps()
    assert [a["before"] for a in found] == [max(s for s in steps if s <= well) for well in (199, 279)]
    engine.close()


def test_a_run_that_goes_on_knows_what_was_told(tmp_path, monkeypatch):
    """Closed in the middle of a fall, whether that was told or not, it tells it once; a rewind takes the alarms beyond it back."""
    join_zoo(monkeypatch, Narrow)
    asked = check(spec("narrow", steps=220).json())
    for close in (200, 210):
        io = AtStep(tmp_path / str(close), {close: [Command("close")]})
        assert run(asked, io, EVERY)[0] is Status.INTERRUPTED
        assert len(History(io.journal).refresh().alarms) == (close > 200)
        io.step, io.commands = close, {}
        assert run(asked, io, EVERY)[0] is Status.FINISHED
        assert [alarm["step"] for alarm in History(io.journal).refresh().alarms] == [201]
    io.emit({"rewind": 200})
    assert History(io.journal).refresh().alarms == []
