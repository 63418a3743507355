"""Forks with other knobs or as another variant: what fits is taken over, what does not is begun anew and said, or refused in words."""

import numpy as np
import pytest
import torch
from running import EAGER, history, spec, until

from playground.config.settings import Limits
from playground.engine.engine import Engine
from playground.specs.check import check
from playground.training.transfer import fitted
from playground.types import Refused, Status

AE = {"critic": "lift", "code": 8, "width_d": 8, "width_g": 8}


@pytest.fixture(scope="module")
def engine(tmp_path_factory):
    made = Engine(tmp_path_factory.mktemp("changed"), workers=1, intervals=EAGER, limits=Limits(queued=50, steps=5000))
    yield made
    made.close()


@pytest.fixture(scope="module")
def parents(engine):
    """A finished run of each of some variants, by name."""
    asked = {"gan": {}, "ebgan": AE, "wgan": {"lr_d": 1e-2}, "magan": {**AE, "pretrain": 30, "epoch_len": 20}}
    ids = {variant: engine.submit(spec(variant, steps=80, **knobs)).id for variant, knobs in asked.items()}
    for id in ids.values():
        assert until(engine, id).status is Status.FINISHED
    return ids


def saved(engine, id):
    return engine.runs.checkpoints(id).latest()[1]


def ended(engine, fork):
    """The run once it has trained, its losses being numbers."""
    run = until(engine, fork.run.id)
    assert run.status is Status.FINISHED, run.note
    rows = history(engine, run.id).exact()
    assert rows["step"] == list(range(1, run.spec.steps + 1))
    assert np.isfinite([rows["loss/d"], rows["loss/g"]]).all()
    return run


def test_another_batch_goes_on_with_the_same_weights_and_memory(engine, parents):
    fork = engine.fork(parents["gan"], knobs={"batch": 32, "beta1": 0.9}, steps=100)
    assert (fork.step, fork.fresh, fork.run.spec.knobs["batch"]) == (80, [], 32)
    _, before, _ = engine.runs.checkpoints(parents["gan"]).latest()
    step, after, meta = engine.runs.checkpoints(fork.run.id).latest(80)
    assert (step, before.keys(), meta["knobs"]["batch"]) == (80, after.keys(), 32)
    assert all(torch.equal(before[name], after[name]) for name in before)
    ended(engine, fork)
    marks = {(mark["step"], mark["knob"], mark["from"], mark["to"]) for mark in history(engine, fork.run.id).tunes}
    assert marks == {(80, "batch", 16, 32), (80, "beta1", 0.5, 0.9)}


def test_another_variant_of_the_same_networks(engine, parents):
    fork = engine.fork(parents["gan"], variant="lsgan", steps=100)
    assert fork.fresh == ["knobs of its own at their defaults: scheme = 0, 1, 1"]
    before, after = saved(engine, parents["gan"]), engine.runs.checkpoints(fork.run.id).latest(80)[1]
    assert all(torch.equal(before[name], after[name]) for name in before)
    assert any(name.startswith("optimiser.D.") for name in after)
    run = ended(engine, fork)
    assert (run.spec.variant, run.spec.preset, run.parent, run.forked) == ("lsgan", "", parents["gan"], 80)
    rows = history(engine, run.id).exact()
    assert not {"prob/real", "score/real"} & {name for name, column in rows.items() if np.isfinite(column[:80]).any()}     # a logit is no score


def test_pulling_away_is_added_to_an_ebgan(engine, parents):
    fork = engine.fork(parents["ebgan"], variant="ebgan_pt", knobs={"pt": 0.3}, steps=100)
    assert fork.fresh == []
    run = ended(engine, fork)
    assert run.spec.knobs == {**engine.run(parents["ebgan"]).spec.knobs, "pt": 0.1}
    assert history(engine, run.id).tunes == [{"step": 80, "knob": "pt", "from": 0.1, "to": 0.3}]
    rows = history(engine, run.id).exact()
    assert np.isfinite(rows["energy/real"]).all()
    assert np.isfinite(rows["code/pt"][80:]).all()


def test_what_another_variant_keeps_for_itself_begins_anew(engine, parents):
    fork = engine.fork(parents["ebgan"], variant="began", steps=100)
    assert "BEGAN's own state begins anew: k, mean_real, mean_M, best_M, stalled" in fork.fresh
    assert "margin" not in ended(engine, fork).spec.knobs


def test_an_optimiser_of_another_kind_begins_anew(engine, parents):
    fork = engine.fork(parents["gan"], variant="wgan", knobs={"clip": 0.1}, steps=100)
    anew = [line for line in fork.fresh if "begins anew" in line]
    assert anew == [f"{player}'s optimiser begins anew: RMSprop remembers other things than Adam" for player in "DG"]
    assert "WGAN's first phase, warm-up, is left out" in fork.fresh
    assert not any(name.startswith("optimiser.") for name in engine.runs.checkpoints(fork.run.id).latest(80)[1])
    ended(engine, fork)


def test_a_score_that_changes_its_sign_is_said(engine, parents):
    fork = engine.fork(parents["gan"], variant="ls_gan", steps=100)
    assert any("turn round" in line for line in fork.fresh)
    ended(engine, fork)


def test_a_value_out_of_range_is_said(engine):
    parent = engine.submit(spec("gan", steps=20, lr_g=0.05)).id
    until(engine, parent)
    fork = engine.fork(parent, variant="wgan")
    assert "knobs at their defaults: lr_g = 5e-05, for 0.05 is out of range" in fork.fresh
    assert fork.run.spec.knobs["lr_g"] == 5e-5
    engine.stop(fork.run.id)


@pytest.mark.parametrize(("of", "asked", "field", "words"), [
    ("gan", {"variant": "began"}, "variant", "D would be another network"),
    ("ebgan", {"variant": "gan"}, "variant", "D would be another network"),
    ("ebgan", {"variant": "magan"}, "variant", "phases: warm-up"),
    ("gan", {"knobs": {"width_d": 16}}, "width_d", "weights in"),
    ("gan", {"knobs": {"lr_g": 1e-3, "width_g": 16}}, "width_g", "G would be another network"),
    ("gan", {"knobs": {"skip": False}}, "skip", "Start a new run instead"),
    ("gan", {"knobs": {"spectral": True}}, "spectral", "D would be"),
    ("ebgan", {"knobs": {"critic": "plain"}}, "critic", "D would be"),
    ("ebgan", {"variant": "ebgan_pt", "knobs": {"code": 16}}, "code", "D would be"),
    ("gan", {"variant": "nothing"}, "variant", "did you mean"),
    ("gan", {"knobs": {"gamma": 1.0}}, "knobs", "there is no knob"),
    ("gan", {"knobs": {"lr_g": 7}}, "lr_g", "between"),
    ("gan", {"knobs": {"lr_g": "much"}}, "lr_g", "number"),
    ("gan", {"knobs": {"batch": 10 ** 9}}, "batch", "between"),
    ("gan", {"steps": 80}, "steps", "between 81 and 5000"),
    ("gan", {"steps": 5001}, "steps", "between 81 and 5000"),
    ("gan", {"steps": 90.5}, "steps", "between"),
    ("gan", {"step": -1}, "step", "first of this run is of step 0")])
def test_what_cannot_be_is_refused_by_name_and_leaves_nothing(engine, parents, of, asked, field, words):
    there = set(engine.runs.root.iterdir())
    with pytest.raises(Refused) as refused:
        engine.fork(parents[of], **asked)
    assert (refused.value.field, words in str(refused.value)) == (field, True), str(refused.value)
    assert set(engine.runs.root.iterdir()) == there


def test_a_margin_that_was_never_measured_is_refused(engine, parents):
    """MAGAN in its warm-up, of 30 steps, which is to be over; later it can be made longer or shorter."""
    old, (_, tensors, meta) = engine.run(parents["magan"]).spec, engine.runs.checkpoints(parents["magan"]).latest()
    new = check({**old.json(), "knobs": {**old.knobs, "pretrain": 0}})
    with pytest.raises(Refused, match="phases: measure") as refused:
        fitted(old, new, (15, tensors, meta))
    assert refused.value.field == "pretrain"
    for step, pretrain in ((80, 0), (15, 60), (80, 200)):
        fork = fitted(old, check({**old.json(), "knobs": {**old.knobs, "pretrain": pretrain}}), (step, tensors, meta))
        assert (fork.tensors.keys(), fork.fresh) == (tensors.keys(), [])


def test_forks_count_as_new_runs_do(tmp_path):
    engine = Engine(tmp_path, workers=1, intervals=EAGER, limits=Limits(queued=1))
    parent = engine.submit(spec(steps=30), "a").id
    until(engine, parent)
    for _ in range(2):
        engine.fork(parent, "a", steps=1_000_000)
    with pytest.raises(Refused, match="one person may have 2"):
        engine.fork(parent, "a")
    other = engine.fork(parent, "b").run
    assert (other.owner, other.parent) == ("b", parent)
    engine.amend(parent, pinned=True)                   # else it would be cleaned away to make room
    engine.close()
    full = Engine(tmp_path, workers=1, intervals=EAGER, limits=Limits(each=1))
    with pytest.raises(Refused) as refused:
        full.fork(parent, "a")
    assert refused.value.field == "disk"
    full.close()
