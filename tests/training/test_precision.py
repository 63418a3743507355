"""bfloat16 is the machine's say: where it comes from, that a run uses it and goes on in it to the last bit, and what stays float32."""

from dataclasses import replace

import pytest
import torch
from running import EAGER, AtStep, assert_same
from training import make, to_play, train

from models import ZOO
from models.kit import losses
from models.kit.batch import Shape
from models.kit.energy import Energy
from playground.config import machine
from playground.engine.engine import Engine
from playground.specs.check import check
from playground.specs.cost import kind
from playground.training.trainer import Trainer
from playground.types import Refused, Run, Spec, Status
from playground.worker.protocol import Command
from playground.worker.turns import run

every = pytest.mark.parametrize("variant", sorted(ZOO))
FLAGS = "processor\t: 0\nflags\t\t: fpu avx2 {} sse\nbugs\t\t: avx512_bf16\n"


# ---------------------------------------------------------------- the setting

@pytest.mark.parametrize("asked", ["bf16", "float16", "bfloat16 ;", "64", "²" * 500])
def test_a_wrong_precision_names_its_variable(asked):
    with pytest.raises(Refused, match="PLAYGROUND_PRECISION must be one of auto, float32, bfloat16") as refused:
        machine.machine({"PLAYGROUND_PRECISION": asked})
    assert refused.value.field == "PLAYGROUND_PRECISION"
    assert len(str(refused.value)) < 150


@pytest.mark.parametrize(("flags", "device", "precision"), [("avx512_bf16", "cpu", "bfloat16"), ("amx_bf16", "cpu", "bfloat16"),
                                                            ("avx512f", "cpu", "float32"), ("avx512_bf16", "cuda", "float32")])
def test_auto_is_what_the_processor_can(tmp_path, monkeypatch, flags, device, precision):
    monkeypatch.setattr(machine, "CPU", str(tmp_path / "cpuinfo"))
    assert machine.precision(device, {}) == "float32"                       # a system that tells nothing
    (tmp_path / "cpuinfo").write_text(FLAGS.format(flags))
    assert machine.precision(device, {}) == machine.precision(device, {"PLAYGROUND_PRECISION": " Auto "}) == precision
    for asked in ("float32", "bfloat16"):
        assert machine.machine({"PLAYGROUND_PRECISION": asked, "PLAYGROUND_DEVICE": "cpu"}).precision == asked


def test_images_take_the_machines_and_points_never(tmp_path, monkeypatch):
    monkeypatch.setenv("PLAYGROUND_PRECISION", "bfloat16")
    engine = Engine(tmp_path, workers=1)
    try:
        asked = {data: check({"variant": "gan", "data": data, "precision": "bfloat16"}) for data in ("digits", "ring8")}
        assert {spec.precision for spec in asked.values()} == {"float32"}         # not a person's say
        assert {data: engine.fitted(spec).precision for data, spec in asked.items()} == {"digits": "bfloat16", "ring8": "float32"}
    finally:
        engine.close()


def test_runs_of_before_are_float32():
    raw = Run("0" * 32, Spec("gan", "digits")).json()
    del raw["spec"]["precision"]
    assert Run.from_json(raw).spec.precision == "float32"


# ---------------------------------------------------------------- a run

def digits(precision: str = "bfloat16", variant: str = "began", steps: int = 8) -> Spec:
    small = {"width_g": 4, "width_d": 4, "batch": 8, "ema": 0.9}
    return replace(check({"variant": variant, "data": "digits", "size": 28, "knobs": small, "seed": 3, "steps": steps}), precision=precision)


def test_a_run_uses_it_and_resumes_bit_for_bit(tmp_path):
    whole, broken, full = (AtStep(tmp_path / name) for name in ("whole", "broken", "float32"))
    broken.commands = {5: [Command("close")]}
    assert run(digits(), whole, EAGER)[0] is Status.FINISHED
    assert run(digits(), broken, EAGER)[0] is Status.INTERRUPTED
    again = AtStep(tmp_path / "broken")
    again.step = 5
    assert run(digits(), again, EAGER)[0] is Status.FINISHED
    assert_same(tmp_path / "broken", tmp_path / "whole")
    run(digits("float32"), full, EAGER)
    with pytest.raises(AssertionError):                 # it is another arithmetic, and known as such
        assert_same(tmp_path / "float32", tmp_path / "whole")
    assert kind(digits()) != kind(digits("float32"))


# ---------------------------------------------------------------- what stays float32

def bf16(variant: str, **knobs: object) -> Trainer:
    return make(variant, Shape(1, 16), bf16=True, ema=0.9, **knobs)


@every
@pytest.mark.parametrize("spectral", [False, True], ids=["plain", "spectral"])
def test_losses_state_and_energies_are_never_bf16(variant, spectral):
    trainer, taken, logged = to_play(bf16(variant, spectral=spectral)), [], []
    move, log = trainer._move, trainer.gan.log
    trainer._move = lambda losses: (taken.extend(losses.values()), move(losses))[1]
    trainer.gan.log = lambda values: (logged.extend(values.values()), log(values))
    rows = train(trainer, 12)
    tensors, _ = trainer.state()
    assert len(taken) >= 12
    assert {t.dtype for t in taken} == {torch.float32}
    assert torch.bfloat16 not in {t.dtype for t in (*logged, *tensors.values())}
    assert trainer.finite()
    assert all(t.isfinite().all() for t in tensors.values())
    assert len(rows["step"]) == 12
    assert all(v == v and abs(v) < 1e6 for name, column in rows.items() for v in column if v is not None and name.startswith(("loss/", "grad/")))
    with torch.autocast("cpu", torch.bfloat16):
        x = next(trainer.batches).x
        scores = trainer.gan.score(x)
        parts = trainer.gan.energy_and_code(x) if isinstance(trainer.gan, Energy) else ()
    assert {t.dtype for t in (scores, *parts)} == {torch.float32}


@every
def test_its_networks_do_compute_in_bf16(variant):
    """Else what is tested above would be float32 anyhow."""
    rows, plain = train(to_play(bf16(variant)), 2), train(to_play(make(variant, Shape(1, 16), ema=0.9)), 2)
    assert rows["loss/d"] != plain["loss/d"]
    assert rows["loss/d"] == pytest.approx(plain["loss/d"], rel=0.05, abs=0.02)


def test_pulling_away_is_as_exact_as_without():
    codes = torch.randn(32, 16, generator=torch.Generator().manual_seed(0))
    with torch.autocast("cpu", torch.bfloat16):
        found = losses.pulling_away(codes)
    assert found.dtype == torch.float32
    assert torch.equal(found, losses.pulling_away(codes))
