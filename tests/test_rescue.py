"""What goes wrong is named where it happens, and a fork from before it goes on well."""

from dataclasses import replace

import numpy as np
import pytest
import torch
from running import EAGER, AtStep, history, misbehave, spec, until

import models
from models.lsgan import LSGAN
from playground.alarms import BEFORE, FAR, FIRST, LOOKS, YOUNG, Falls, Jumps
from playground.assessor import Assessor
from playground.check import check
from playground.door import Command
from playground.engine import Engine
from playground.runner import run
from playground.store.history import History
from playground.types import Status
from playground.ui import polling
from playground.ui.library import Library

EVERY = replace(EAGER, points=0.0)      # a frame of every step
RARELY = replace(EAGER, points=100.0, looks_points=100.0, checkpoint=100.0)


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
    for variant in (Steep, Touchy, Narrow):
        monkeypatch.setitem(models.ZOO, variant.__name__.lower(), variant)
    made = Engine(tmp_path / "data", workers=1, pace=EAGER)
    yield made
    made.close()


def told(engine, id, **had):
    """The alarms that a page is told."""
    return polling.poll(Library(engine, engine.runs.root / "nothing"), {"run": id, **had})["alarms"]


def test_nan_is_an_alarm_with_player_term_and_the_checkpoint_before(engine):
    id = engine.submit(spec("poisoned", steps=100)).id
    assert until(engine, id).status is Status.DIVERGED
    kept = engine.runs.checkpoints(id).steps()[-1]
    assert told(engine, id) == [{"step": 31, "kind": "diverged", "player": "G", "term": "loss", "says": "G's loss became NaN or infinite.",
                                 "before": kept}]
    assert told(engine, id, alarms=1) == []


def test_what_grows_beyond_all_bounds_ends_the_run_as_nan_does(engine):
    id = engine.submit(spec("steep", steps=100)).id
    ended = until(engine, id)
    assert ended.status is Status.DIVERGED
    assert ended.note.startswith("D's loss grew beyond 10⁸ at step 41.")
    assert history(engine, id).step == 40
    step, tensors, _ = engine.runs.checkpoints(id).latest()
    assert step <= 40
    assert all(t.abs().max() < 1e8 for name, t in tensors.items() if name.startswith("gan."))
    (alarm,) = told(engine, id)
    assert (alarm["kind"], alarm["player"], alarm["term"], alarm["step"], alarm["before"]) == ("exploded", "D", "loss", 41, step)


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


def looks(*spreads, modes=None):
    """Falls' alarms, one look at each spread (against data's of 1) and number of modes, at steps 10, 20, ...
    after the first that count: [(step, term, well)]."""
    falls = Falls([{"measure": {"sample/real": 1.0}, "step": 0}])
    found = []
    for i, spread in enumerate(spreads):
        alarm = falls.look({"sample/std": spread} | ({} if modes is None else {"modes/found": modes[i]}), YOUNG + 10 * (i + 1))
        found += [(alarm["step"] - YOUNG, alarm["alarm"]["term"], alarm["alarm"]["well"] - YOUNG)] if alarm else []
    return found


def test_a_fall_of_spread_is_told_once_and_again_only_after_it_was_well():
    assert LOOKS == 2
    assert looks(0.1, 0.2, 0.1) == []                   # it has never been well
    assert looks(0.6, 0.6, 0.4, 0.2, 0.25, 0.1, 0.1) == [(50, "sample/std", 20)]
    assert looks(0.6, 0.4, 0.2, 0.2) == []              # well for a moment
    assert looks(0.6, 0.6, 0.2, 0.4, 0.2, 0.4) == []    # low for a moment
    assert looks(0.6, 0.6, 0.1, 0.1, 0.4, 0.1, 0.1) == [(40, "sample/std", 20)]
    assert looks(0.6, 0.6, 0.1, 0.1, 0.7, 0.7, 0.1, 0.1) == [(40, "sample/std", 20), (80, "sample/std", 60)]
    assert looks(0.51, 0.51, 0.31, 0.31) == []


def test_what_young_nets_draw_is_neither_well_nor_a_fall():
    """BEGAN's first samples of digits differ half as much as digits do, and then hardly at all before it learns strokes."""
    falls = Falls([{"measure": {"sample/real": 1.0}, "step": 0}])
    for i, spread in enumerate((0.6, 0.6, 0.6, 0.2, 0.2, 0.2)):
        assert falls.look({"sample/std": spread}, i * YOUNG // 3) is None


def test_a_fall_of_modes_is_told_when_half_of_the_best_are_lost():
    same = [1.0] * 10
    assert looks(*same[:5], modes=[2, 3, 1, 1, 1]) == []                    # never four
    assert looks(*same[:7], modes=[3, 8, 8, 5, 4, 4, 4]) == [(60, "modes/found", 40)]
    assert looks(*same[:9], modes=[8, 8, 4, 4, 3, 2, 1, 1, 1]) == [(40, "modes/found", 20)]
    assert looks(*same, modes=[8, 8, 3, 3, 5, 6, 6, 2, 2, 2]) == [(40, "modes/found", 20), (90, "modes/found", 70)]


def test_spread_and_modes_that_fall_together_are_one_alarm():
    assert looks(1.0, 1.0, 0.2, 0.2, 0.2, 0.2, modes=[8, 8, 8, 1, 1, 1]) == [(40, "sample/std", 20)]
    assert looks(1.0, 1.0, 1.0, 0.2, 0.2, 0.2, modes=[8, 8, 1, 1, 1, 1]) == [(40, "modes/found", 20)]


@pytest.mark.parametrize(("name", "values", "says"), [
    ("quality/classes", [3, 9, 10, 9, 2, 1, 1], "The classes found fell from 10 to 1."),
    ("quality/recall", [0.1, 0.5, 0.9, 0.8, 0.3, 0.2, 0.1], "The share of real digits that lie among the fakes fell from 0.9 to 0.2.")])
def test_classes_and_recall_that_fall_are_a_collapse_though_the_spread_is_kept(name, values, says):
    """Digits all of one class differ as much as all digits do."""
    def told(values):
        falls = Falls([{"measure": {"sample/real": 1.0}, "step": 0}])
        return [alarm for i, v in enumerate(values) for found in ({"sample/std": 1.0}, {name: v}) if (alarm := falls.look(found, YOUNG + i))]

    assert told(values) == [{"alarm": {"kind": "collapse", "term": name, "says": says, "well": YOUNG + 3}, "step": YOUNG + 5}]
    assert told([*values[:4], float("nan"), None, *values[2:4]]) == []


def test_what_is_measured_beside_a_run_is_watched_too(tmp_path, monkeypatch):
    given = [[{"measure": {"quality/classes": v}, "step": step} for v, step in ((10, 152), (10, 154), (1, 156), (1, 158))]]
    monkeypatch.setattr(Assessor, "news", lambda self: given.pop() if given else [])
    io = AtStep(tmp_path)
    assert run(check(spec(steps=2).json()), io, RARELY)[0] is Status.FINISHED
    assert [(e["alarm"]["term"], e["step"], e["alarm"]["well"]) for e in io.log() if "alarm" in e] == [("quality/classes", 158, 154)]


def test_a_gradient_that_jumps_is_marked_once_and_the_run_goes_on(tmp_path, monkeypatch):
    monkeypatch.setitem(models.ZOO, "jolted", Jolted)
    io = AtStep(tmp_path)
    assert run(check(spec("jolted", steps=120).json()), io, RARELY)[0] is Status.FINISHED
    (alarm,) = History(io.journal).refresh().alarms
    assert (alarm["kind"], alarm["player"], alarm["term"], alarm["step"]) == ("jump", "D", "gradient", FIRST + 11)
    assert alarm["says"].startswith("D's gradient was ")


def test_a_jump_is_of_the_running_median_and_known_to_a_run_that_goes_on():
    def rows(*values, first=1):
        return {"step": list(range(first, first + len(values))), "grad/g": list(values), "loss/g": [1e9] * len(values)}

    usual, far = [1.0, 1.0, 3.0] * FIRST, 1.01 * FAR
    assert Jumps([]).look(rows(*usual[:FIRST - 1], far)) == []                                  # too early
    assert Jumps([]).look(rows(*usual, 0.99 * FAR, None)) == []
    whole = rows(*usual, far, 2 * far, *usual[:BEFORE], *usual[:BEFORE], far)
    alarms = Jumps([]).look(whole)
    assert [(alarm["step"], alarm["alarm"]["says"][:31]) for alarm in alarms] == [
        (301, "G's gradient was 10,100 times a"), (len(whole["step"]), "G's gradient was 10,100 times a")]
    for cut in (150, 301, 302, 900):                                                            # as if it had been killed there
        begun, ended = ({name: column[part] for name, column in whole.items()} for part in (slice(cut), slice(cut, None)))
        before = Jumps([]).look(begun)
        assert [*before, *Jumps([{"rows": begun}, *before]).look(ended)] == alarms
    grown = [float(10 ** (i // 200)) for i in range(2000)]                                     # it follows what grows slowly
    assert Jumps([]).look(rows(*grown)) == []


def test_a_collapse_is_marked_once_a_fall_and_the_run_goes_on(tmp_path, monkeypatch):
    monkeypatch.setitem(models.ZOO, "narrow", Narrow)
    engine = Engine(tmp_path, workers=1, pace=EVERY)
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
    monkeypatch.setitem(models.ZOO, "narrow", Narrow)
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
