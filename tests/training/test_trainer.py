"""The trainer's own arithmetic and bookkeeping, apart from any variant's. Averages and updates are in test_byhand."""

import json
import math

import pytest
import torch
from torch import Tensor
from training import make, train

from models.kit import mix
from models.kit.batch import POINTS, Shape
from models.kit.knobs import check
from playground.training.trainer import BUFFER_STEPS, HUGE, Diverged, MetricBuffer, Trainer

PICTURES = Shape(1, 16)


def tensors_of(trainer: Trainer) -> dict[str, Tensor]:
    return trainer.state()[0]


def same(one: dict[str, Tensor], other: dict[str, Tensor]) -> bool:
    return one.keys() == other.keys() and all(torch.equal(one[name], other[name]) for name in one)


def test_what_is_loaded_is_a_copy() -> None:
    """One state can be loaded again and again: nothing that trains afterwards writes into it."""
    for variant in ("gan", "magan", "wgan"):
        trainer = make(variant, POINTS)
        train(trainer, 3)
        tensors, meta = trainer.state()
        kept = {name: tensor.clone() for name, tensor in tensors.items()}
        other = make(variant, POINTS, seed=1)
        other.load(tensors, meta)
        train(other, 3)
        assert same(tensors, kept)


@pytest.mark.parametrize("variant", ["began", "gan", "wgan"])
def test_a_state_names_all_that_resumption_needs_and_a_run_that_loads_it_goes_on_bit_for_bit(variant: str) -> None:
    straight, other = make(variant, PICTURES, ema=0.9, batch=200), make(variant, PICTURES, ema=0.9, batch=200, seed=4)
    train(straight, 3)
    tensors, meta = straight.state()
    json.dumps(meta)
    assert meta == {"step": 3, "knobs": mix.told(vars(straight.gan.knobs))}
    weights, kept = dict(straight.gan.named_parameters()), {"began": 3, "gan": 3, "wgan": 2}[variant]
    assert sum(name.startswith("optimiser.") for name in tensors) == kept * len(weights)
    assert {name.split(".")[0] for name in tensors} == {"gan", "averaged", "optimiser", "batches", "generator"}
    assert {name.removeprefix("gan.") for name in tensors if name.startswith("gan.")} == set(straight.gan.state_dict())
    assert all(not tensor.requires_grad and tensor.is_contiguous() for tensor in tensors.values())
    pointers = {p.data_ptr() for p in straight.gan.state_dict().values()}
    assert not any(tensor.data_ptr() in pointers for tensor in tensors.values())
    other.advance()                                                 # what it has written is forgotten
    other.load(tensors, meta)
    assert (other.step, other.flush()) == (3, None)
    assert train(straight, 4) == train(other, 4)
    assert same(tensors_of(straight), tensors_of(other))
    for player, params in other.params.items():
        assert all(v.stride() == p.stride() for p in params for v in other.optimisers[player].state[p].values() if v.shape == p.shape)
    fewer = {name: tensor for name, tensor in tensors.items() if name != "gan.G.0.weight"}
    with pytest.raises((KeyError, RuntimeError)):
        other.load(fewer, meta)


def test_a_page_keeps_rows_of_many_shapes_and_is_emptied_by_reading() -> None:
    page, n = MetricBuffer("cpu"), torch.tensor
    page.write(1, {"loss/d": n(1.0), "k": n(2.0)})
    page.write(2, {"loss/d": n(3.0), "k": n(math.nan), "late": n(5.0)})
    page.write(3, {"late": n(7.0), "loss/d": n(8.0)})
    page.write(4, {"loss/d": n(9.0), "k": n(HUGE * 2), "late": n(1.0)})
    rows, bad = page.read()
    assert rows["step"] == [1, 2, 3, 4]
    assert rows["loss/d"] == [1, 3, 8, 9]
    assert rows["late"] == [None, 5, 7, 1]
    assert rows["k"][0] == 2
    assert math.isnan(rows["k"][1])
    assert rows["k"][2:] == [None, HUGE * 2]
    assert bad is None, "what is neither a loss nor a gradient may be anything"
    assert page.read() == ({"step": [], "loss/d": [], "k": [], "late": []}, None)
    page.write(5, {"late": n(1.0)})
    assert page.read()[0] == {"step": [5], "loss/d": [None], "k": [None], "late": [1]}
    for step in range(BUFFER_STEPS):
        page.write(step, {"k": n(0.0)})
    with pytest.raises(RuntimeError, match=str(BUFFER_STEPS)):
        page.write(BUFFER_STEPS, {"k": n(0.0)})
    assert len(page.read()[0]["step"]) == BUFFER_STEPS


@pytest.mark.parametrize(("name", "value", "player", "term", "exploded"), [
    ("loss/d", math.nan, "D", "loss", False), ("grad/g", math.inf, "G", "gradient", False), ("loss/g", -HUGE * 1.01, "G", "loss", True),
    ("grad/d", HUGE * 1.01, "D", "gradient", True)])
def test_what_is_not_finite_or_huge_is_named_with_the_rows_up_to_it(name, value, player, term, exploded) -> None:
    trainer, good = make("gan", POINTS), {"loss/d": torch.tensor(HUGE), "grad/d": torch.tensor(1.0)}
    assert trainer.flush() is None
    trainer.buffer.write(1, good)
    trainer.buffer.write(2, good | {name: torch.tensor(value)})
    trainer.buffer.write(3, good | {name: torch.tensor(math.nan)})
    with pytest.raises(Diverged) as found:
        trainer.flush()
    error = found.value
    assert (error.player, error.step, error.term, error.exploded) == (player, 2, term, exploded)
    assert error.rows["step"] == [1, 2]
    assert error.rows[name][-1] is None                          # of the bad step, what is no number or huge leaves a gap
    assert error.rows["loss/d"] == [HUGE, None if name == "loss/d" else HUGE]
    assert error.summary == f"{player}'s {term} " + ("grew beyond 10⁸" if exploded else "became NaN or infinite")
    assert str(error) == f"{error.summary} at step 2"


def test_a_budget_ends_a_run_and_a_tune_acts_at_the_next_step() -> None:
    trainer = make("gan", POINTS, steps=3)
    assert list(trainer.run()) == [1, 2, 3]
    assert (trainer.done, trainer.step) == (True, 3)
    knobs = check(type(trainer.gan.knobs), {**vars(trainer.gan.knobs), "lr_d": 0.05})
    trainer.tune(knobs)
    assert trainer.gan.knobs is knobs
    trainer.advance()
    assert (trainer.lr["D"].item(), trainer.lr["G"].item()) == (pytest.approx(0.05), pytest.approx(2e-4))


@pytest.mark.parametrize("ema", [0.0, 0.9])
def test_a_view_is_the_average_at_rest_and_always_the_same_object(ema: float) -> None:
    trainer = make("began", PICTURES, ema=ema, seed=6, critic="denoise")
    train(trainer, 3)
    before, noise = tensors_of(trainer), trainer.gan.generator.get_state()
    view = trainer.view()
    shown = trainer.averaged[0] if ema else trainer.gan.G
    assert all(torch.equal(a, b) for a, b in zip(view.G.state_dict().values(), shown.state_dict().values(), strict=True))
    assert all(torch.equal(a, b) for a, b in zip(view.D.state_dict().values(), trainer.gan.D.state_dict().values(), strict=True))
    assert (view.training, view.steps, view.knobs) == (False, 3, trainer.gan.knobs)
    assert not any(p.requires_grad for p in view.parameters())
    assert torch.equal(view.noise(5), trainer.gan.noise(5, torch.Generator().manual_seed(6))), "its generator begins at the run's seed"
    assert trainer.gan.training
    assert all(p.requires_grad for p in trainer.gan.parameters())
    assert same(before, tensors_of(trainer))
    assert torch.equal(noise, trainer.gan.generator.get_state())
    train(trainer, 2)
    assert trainer.view() is view
    assert (view.steps, torch.equal(view.k, trainer.gan.k)) == (5, True)
    own = trainer.snapshot()
    assert own is not view
    assert torch.equal(own.G(own.noise(4)), view.G(trainer.view().noise(4)))
    assert trainer.finite()
    with torch.no_grad():
        trainer.gan.k.fill_(math.nan)
    assert not trainer.finite()


def test_layout_precision_and_generator() -> None:
    """Pictures lie channels last; bfloat16 is used for networks where asked for; a run's generator is made from its seed when none is given."""
    plain, fast = make("lsgan", Shape(3, 16)), make("lsgan", Shape(3, 16), bf16=True)
    assert plain.gan.D[0].weight.is_contiguous(memory_format=torch.channels_last)
    seen: list[torch.dtype] = []
    for trainer in (plain, fast):
        trainer.gan.D[0].register_forward_hook(lambda module, given, made: seen.append(made.dtype))
        trainer.advance()
    assert set(seen[:3]) == {torch.float32}
    assert set(seen[3:]) == {torch.bfloat16}
    gan = make("gan", POINTS).gan
    own = Trainer(gan, plain.batches, 10, seed=8)
    assert torch.equal(gan.noise(3), gan.noise(3, torch.Generator().manual_seed(8)))
    assert (own.steps, own.seed, own.device, own.gan.training) == (10, 8, "cpu", True)
