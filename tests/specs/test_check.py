"""What is refused before anything is allocated, by field and range; and what a run is said to need."""

import json
import time
from dataclasses import asdict

import pytest
import torch
from running import AtStep, spec

from models import ZOO
from models.kit import mix
from models.kit.batch import POINTS, Domain, lacking
from models.kit.capabilities import needs
from playground.config import machine
from playground.data import DATASETS, Data, Dataset, domain, load
from playground.engine.engine import Engine
from playground.specs import cost as estimating
from playground.specs.check import check
from playground.specs.cost import Count, bytes_needed, counted, estimate, kind, learn, seconds_per_step
from playground.types import Refused, Spec, Status
from playground.units import amount, span
from playground.validate import checked_tune
from playground.worker.turns import run

GOOD = {"variant": "gan", "data": "ring8"}
NUMBERS = [float("nan"), float("inf"), 1e308, -1, 0.5, "7", "abc", None, True, [], {}, "x" * 10**6]


@pytest.mark.parametrize(("variant", "data"), [(v, d) for v in ZOO for d in DATASETS if not lacking(needs(ZOO[v]), domain(d))])
def test_a_spec_is_completed_and_survives_json(variant, data):
    found = check({"variant": variant, "data": data})
    assert found.knobs == mix.told(asdict(ZOO[variant].Knobs()))
    assert found.size == (DATASETS[data].sizes or (0,))[0]
    assert check(json.loads(json.dumps(found.json()))) == found


@pytest.mark.parametrize(("wrong", "field"), [
    (None, "spec"), ([], "spec"), ("gan", "spec"), ({**GOOD, "colour": 1}, "spec"), ({**GOOD, "x" * 10**6: 1}, "spec"),
    ({"data": "ring8"}, "variant"), ({**GOOD, "variant": "ganN"}, "variant"), ({**GOOD, "variant": ["gan"]}, "variant"),
    ({**GOOD, "variant": "../gan"}, "variant"), ({**GOOD, "variant": "kit"}, "variant"),
    ({"variant": "gan"}, "data"), ({**GOOD, "data": "ring9"}, "data"), ({**GOOD, "data": {}}, "data"), ({**GOOD, "data": "/etc/passwd"}, "data"),
    ({**GOOD, "size": 32}, "size"), ({**GOOD, "size": True}, "size"), ({**GOOD, "data": "digits", "size": 4096}, "size"),
    ({**GOOD, "data": "digits", "size": "28"}, "size"), ({**GOOD, "data": "digits", "size": []}, "size"),
    ({**GOOD, "knobs": [1]}, "knobs"), ({**GOOD, "knobs": {"nope": 1}}, "knobs"), ({**GOOD, "knobs": {"batch": 10**6}}, "batch"),
    ({**GOOD, "data": "digits", "knobs": {"lr_d": -1}}, "lr_d"), ({**GOOD, "knobs": {"prior": ["normal"]}}, "prior"),
    ({**GOOD, "knobs": {"spectral": "no"}}, "spectral"), ({**GOOD, "preset": "../x"}, "preset"), ({**GOOD, "preset": 3}, "preset"),
    *(({**GOOD, "steps": n}, "steps") for n in [*NUMBERS, 0, 10**9]), *(({**GOOD, "seed": n}, "seed") for n in [*NUMBERS, 2**31]),
    *(({**GOOD, "knobs": {"lr_g": n}}, "lr_g") for n in NUMBERS if n != 0.5)])
def test_refusals_name_the_field(wrong, field):
    start = time.monotonic()
    with pytest.raises(Refused) as refused:
        check(wrong)
    assert refused.value.field == field
    assert field in str(refused.value) or field in ("spec", "knobs", "variant", "data")
    assert len(str(refused.value)) < 500
    assert time.monotonic() - start < 2


def test_a_batch_of_more_than_the_data_has_is_refused(monkeypatch):
    tiny = Data(torch.zeros(40, 2), torch.zeros(10, 2), Domain(POINTS))
    monkeypatch.setitem(DATASETS, "tiny", Dataset("tiny", "Tiny", "points", "", "", "", lambda size: tiny))
    assert check(GOOD | {"data": "tiny", "knobs": {"batch": 40}}).knobs["batch"] == 40
    with pytest.raises(Refused, match="between 4 and 40") as refused:
        check(GOOD | {"data": "tiny", "knobs": {"batch": 41}})
    assert refused.value.field == "batch"


def test_a_tune_answers_the_values_as_they_will_be():
    knobs = ZOO["began"].Knobs
    assert checked_tune(knobs, {}, {"halve_lr": 5.0, "gamma": 1}) == {"halve_lr": 5, "gamma": 1.0}
    with pytest.raises(Refused, match=r"cannot change while training.*lr_g") as refused:
        checked_tune(knobs, {}, {"width_g": 8})
    assert refused.value.field == "width_g"


# ---------------------------------------------------------------- estimates

def test_a_step_is_counted_without_allocating():
    small, large = (counted(check({"variant": "gan", "data": "digits", "knobs": {"batch": b}})) for b in (16, 64))
    assert large.flops == pytest.approx(4 * small.flops, rel=0.01)
    assert large.saved > 3 * small.saved
    assert (large.weights, large.calls) == (small.weights, small.calls)
    parts = ZOO["gan"](load("digits").domain, ZOO["gan"].Knobs(), None).state_dict().values()
    assert large.weights == sum(t.numel() * t.element_size() for t in parts)


def test_what_does_not_fit_is_refused_with_the_knob_to_lower(monkeypatch):
    asked = check({"variant": "began", "data": "digits", "knobs": {"body": "paper", "batch": 1024}})
    counted(asked)
    monkeypatch.setattr(estimating, "free_memory", lambda device: 1 << 30)
    with pytest.raises(Refused, match=r"GB.*lower batch") as refused:
        bytes_needed(asked)
    assert refused.value.field == "batch"
    monkeypatch.setattr(estimating, "counted", lambda spec: Count(1, 1, 10**9, 10))
    with pytest.raises(Refused) as refused:
        bytes_needed(check(GOOD | {"knobs": {"width_d": 128}}))
    assert refused.value.field == "width_d"


def test_seconds_are_of_the_right_order_and_learned_from_a_run(tmp_path):
    asked = check(spec(steps=150, batch=20).json())
    guess = estimate(asked)
    assert guess.text.startswith("about ")
    start = time.monotonic()
    assert run(asked, AtStep(tmp_path))[0] is Status.FINISHED
    spent = time.monotonic() - start
    assert spent / 8 < guess.seconds < 8 * spent
    learn(asked, 0.25)
    assert seconds_per_step(asked) == 0.25
    assert kind(check(spec(steps=7, batch=20, lr_d=0.01).json())) == kind(asked) != kind(check(spec(batch=21).json()))


def test_amounts_in_words():
    assert [span(s) for s in (0.2, 40, 200, 9000)] == ["1 s", "40 s", "3 min", "2.5 h"]
    assert [amount(n) for n in (40e6, 1.5e9)] == ["40 MB", "1.5 GB"]


# ---------------------------------------------------------------- the machine

@pytest.mark.parametrize(("name", "value"), [("PLAYGROUND_DEVICE", "gpu"), ("PLAYGROUND_DEVICE", "cuda:99"), ("PLAYGROUND_DEVICE", "cpu; rm"),
                                             ("PLAYGROUND_WORKERS", "0"), ("PLAYGROUND_WORKERS", "-1"), ("PLAYGROUND_WORKERS", "two"),
                                             ("PLAYGROUND_WORKERS", "1e3"), ("PLAYGROUND_WORKERS", "9" * 5000), ("PLAYGROUND_WORKERS", "²")])
def test_a_wrong_setting_names_its_variable(name, value):
    with pytest.raises(Refused, match=name) as refused:
        machine.machine({name: value})
    assert refused.value.field == name
    assert len(str(refused.value)) < 300


def test_settings_are_read(tmp_path, monkeypatch):
    found = machine.machine({"PLAYGROUND_DEVICE": "CPU", "PLAYGROUND_WORKERS": "2"})
    assert (found.device, found.workers, found.threads) == ("cpu", 2, max(1, machine.cores() // 2))
    assert machine.machine({}).workers == 1
    assert machine.root({"PLAYGROUND_DATA": str(tmp_path / "new")}) == tmp_path / "new"
    monkeypatch.chdir(tmp_path)
    assert machine.root({}) == tmp_path / "data"
    monkeypatch.setattr(machine, "SPACE_DISK", tmp_path / "space")
    assert machine.root({"SPACE_ID": "a/b"}) == tmp_path / "data"
    (tmp_path / "space").mkdir()
    assert machine.root({"SPACE_ID": "a/b"}) == tmp_path / "space"
    (tmp_path / "file").write_text("")
    with pytest.raises(Refused, match="PLAYGROUND_DATA") as refused:
        machine.root({"PLAYGROUND_DATA": str(tmp_path / "file" / "x")})
    assert refused.value.field == "PLAYGROUND_DATA"
    assert machine.free_memory() > 0


def test_malloc_is_tuned_where_there_is_glibc():
    assert machine.tune_malloc() in (True, False)


def test_the_machine_decides_threads_and_device(tmp_path):
    engine = Engine(tmp_path)
    asked = engine.fitted(Spec("gan", "digits", threads=64, device="cuda:7"))
    assert (asked.threads, asked.device) == (engine.machine.threads, engine.machine.device)
    assert engine.fitted(Spec("gan", "ring8")).threads == 1
    engine.close()
