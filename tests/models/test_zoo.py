"""What every variant must do, for every variant that exists: a new file is tested by existing."""

import inspect
import json
import re

import pytest
import torch
from safetensors.torch import load as load_bytes
from safetensors.torch import save as save_bytes
from torch._subclasses.fake_tensor import FakeTensorMode
from training import make, to_play, train, whole

from models import ZOO, get
from models.kit import mix
from models.kit.batch import Shape
from models.kit.gan import GAN
from models.kit.knobs import BadKnob, check, declared, describe
from playground.training.trainer import HUGE, Diverged, Trainer
from playground.types import Run, Spec

every = pytest.mark.parametrize("variant", sorted(ZOO))


def copies(trainer: Trainer) -> dict[str, torch.Tensor]:
    return {name: t.detach().clone() for name, t in trainer.gan.state_dict().items()}


@every
def test_file_reads_like_its_paper(variant: str) -> None:
    cls = ZOO[variant]
    source = inspect.getsource(inspect.getmodule(cls))
    assert source.count("\n") <= 120
    assert f"arXiv:{cls.paper.arxiv}" in cls.__doc__
    assert "Differs:" in cls.__doc__
    assert cls.summary
    assert cls.formula
    assert not re.search(r"\.item\(|\.cpu\(|\.tolist\(|\.numpy\(", source)


@every
def test_update_moves_its_own_player_and_nothing_else(variant: str, shape: Shape) -> None:
    trainer = make(variant, shape)
    own = {player: {id(p) for p in params} for player, params in trainer.params.items()}
    names = {id(p): n for n, p in trainer.gan.named_parameters()}
    moved_in_step: set[str] = set()
    move = trainer._move

    def watched(losses: dict[str, torch.Tensor]) -> dict[str, torch.Tensor]:
        before = {n: p.detach().clone() for n, p in trainer.gan.named_parameters()}
        row = move(losses)
        moved = {n for n, p in trainer.gan.named_parameters() if not torch.equal(before[n], p)}
        allowed = {names[i] for player in losses for i in own[player]}
        assert moved <= allowed, f"{set(losses)} moved {moved - allowed}"
        assert all(own[player] & {id(p) for n, p in trainer.gan.named_parameters() if n in moved} for player in losses), f"of {set(losses)} one rests"
        moved_in_step.update(losses)
        return row

    trainer._move = watched
    while moved_in_step != set(own):
        in_play = trainer.gan.phase() == "play"
        moved_in_step.clear()
        train(trainer, 1)
        assert not in_play or moved_in_step == set(own)


@every
def test_no_context_is_open_at_a_yield_and_no_buffer_keeps_a_graph(variant: str, shape: Shape) -> None:
    trainer = to_play(make(variant, shape))
    for losses in trainer.gan.step(trainer.batches):
        assert torch.is_grad_enabled()
        assert not torch.is_autocast_enabled("cpu")
        assert all(loss.dtype == torch.float32 and loss.ndim == 0 for loss in losses.values())
    trainer.advance()
    assert not any(b.requires_grad for b in trainer.gan.buffers())


@every
def test_scores_and_samples_are_float32_under_autocast(variant: str, shape: Shape) -> None:
    gan = make(variant, shape).gan
    with torch.autocast("cpu", torch.bfloat16):
        fakes = gan.sample(gan.noise(6))
        scores = gan.score(fakes)
    assert fakes.dtype == scores.dtype == torch.float32
    assert fakes.shape == (6, *shape.dims)
    assert scores.shape == (6,)
    rows = train(to_play(make(variant, shape, bf16=True)), 1)
    plain = train(to_play(make(variant, shape)), 1)
    assert rows["loss/d"][0] == pytest.approx(plain["loss/d"][0], rel=0.05, abs=0.02)


SIZES = [pytest.param(channels, size, id=f"{size}-{channels}", marks=() if (channels == 1) == (size < 30) else pytest.mark.full)
         for size in (16, 28, 32, 64) for channels in (1, 3)]


@every
@pytest.mark.parametrize(("channels", "size"), SIZES)
def test_pictures_of_every_size(variant: str, size: int, channels: int) -> None:
    cls, shape = ZOO[variant], Shape(channels, size)
    gan = cls(whole(shape), check(cls.Knobs, {"width_g": 4, "width_d": 4, "batch": 4}), torch.Generator().manual_seed(0))
    gan.generator = torch.Generator().manual_seed(0)
    fakes = gan.sample(gan.noise(3))
    assert (fakes.shape, gan.score(fakes).shape) == ((3, *shape.dims), (3,))


@every
def test_logs_what_it_declares(variant: str, shape: Shape) -> None:
    cls = ZOO[variant]
    trainer = to_play(make(variant, shape, **({"gp": 1.0} if "gp" in declared(cls.Knobs) else {})))        # a penalty that is off has no number
    first, rows = trainer.step, train(trainer, 3)
    assert set(rows) - {"step"} == set(cls.all_scalars()) - set(mix.SCALARS)        # nothing is mixed in
    assert rows["step"] == [first + 1, first + 2, first + 3]
    for scalar in cls.all_scalars().values():
        assert not isinstance(scalar.line, str) or scalar.line in declared(cls.Knobs)


@every
def test_step_never_waits_for_the_device(variant: str, shape: Shape) -> None:
    cls = ZOO[variant]
    example = cls.batch.example(4, whole(shape))
    with FakeTensorMode(allow_non_fake_inputs=True):
        gan = cls(whole(shape), check(cls.Knobs, {"width_g": 8, "width_d": 8, "batch": 4}), None)
        gan.generator = torch.Generator()
        batches = iter(lambda: example, None)
        seen = set()
        for gan.steps in range(1000):
            if gan.phase() not in seen:
                seen.add(gan.phase())
                for _ in gan.step(batches):
                    pass
        assert "play" in seen
        with pytest.raises(Exception, match=r"(?i)data.dependent|local_scalar_dense"):
            bool(gan.score(torch.zeros(4, *shape.dims)).mean() > 0)


@every
def test_equal_seeds_give_equal_metrics_whatever_the_global_generator_does(variant: str, shape: Shape) -> None:
    torch.manual_seed(1)
    one = train(make(variant, shape, seed=5), 4)
    torch.manual_seed(2)
    other = make(variant, shape, seed=5)
    torch.rand(100)
    assert train(other, 4) == one
    assert train(make(variant, shape, seed=6), 4) != one


STOPS = (1, 9, 30, 43)           # in MAGAN's first phase, its second, and in play; beyond the end of an epoch of 32 batches, and of one of its own


@every
def test_resume_through_a_file_is_bit_for_bit(variant: str, shape: Shape) -> None:
    """From each of three stops; one run that never stopped is what all of them are compared with."""
    fewer = {name: 2 for name, field in declared(ZOO[variant].Knobs).items() if name in ("n_d", "n_critic") and field.default > 2}
    straight, broken, files = make(variant, shape, ema=0.9, **fewer), make(variant, shape, ema=0.9, **fewer), []
    for stop in STOPS[:3]:
        train(broken, stop - broken.step)
        tensors, meta = broken.state()
        files.append((save_bytes(tensors), json.dumps(meta)))

    def to_the_end(trainer: Trainer) -> list[dict[str, list]]:
        """The rows of each stretch from one stop to the next, and of one after a tune."""
        made = [train(trainer, stop - trainer.step) for stop in STOPS if stop > trainer.step]
        trainer.tune(check(type(trainer.gan.knobs), {**vars(trainer.gan.knobs), "lr_d": 5e-4}))
        return [*made, train(trainer, 3)]

    rows, theirs = to_the_end(straight), straight.state()
    for i, (tensors, meta) in enumerate(files):
        resumed = make(variant, shape, seed=9, lr_g=1e-3)
        resumed.load(load_bytes(tensors), json.loads(meta))
        assert to_the_end(resumed) == rows[i + 1:]
        ours, about = resumed.state()
        assert (about, ours.keys()) == (theirs[1], theirs[0].keys())
        assert all(torch.equal(ours[k], theirs[0][k]) for k in ours)


@every
def test_pictures_use_the_average_and_disturb_nothing(variant: str, shape: Shape) -> None:
    watched, alone = make(variant, shape, ema=0.9), make(variant, shape, ema=0.9)
    to_play(alone)
    for _ in range(alone.step + 4):
        train(watched, 1)
        view = watched.view()
        view.score(view.sample(view.noise(8)))
    train(alone, 4)
    assert train(watched, 2) == train(alone, 2)
    view = watched.view()
    assert all(torch.equal(a, b) for a, b in zip(view.G.state_dict().values(), watched.averaged[0].state_dict().values(), strict=True))
    assert not all(torch.equal(a, b) for a, b in zip(view.G.parameters(), watched.gan.G.parameters(), strict=True))
    assert not any(p.requires_grad for p in view.parameters())


@every
def test_a_nan_is_named_with_player_and_step(variant: str, shape: Shape) -> None:
    trainer = to_play(make(variant, shape))
    train(trainer, 2)
    start = trainer.step
    assert trainer.finite()
    trainer.advance()
    with torch.no_grad():
        next(trainer.gan.D.parameters()).fill_(torch.nan)
    trainer.advance()
    with pytest.raises(Diverged) as error:
        trainer.flush()
    assert (error.value.step, error.value.rows["step"]) == (start + 2, [start + 1, start + 2])
    assert all(v is None or abs(v) <= HUGE for column in error.value.rows.values() for v in column)
    assert error.value.player in trainer.params
    assert not trainer.finite()


@every
def test_knobs_refuse_what_is_out_of_range(variant: str) -> None:
    cls = ZOO[variant].Knobs
    for name, field in declared(cls).items():
        meta = field.metadata
        hostile = [None, [], {}, "no such choice", float("nan"), float("inf"), -1e9, 1e308]
        if not meta["choices"] and not isinstance(field.default, bool):
            assert meta["low"] <= field.default <= meta["high"]
            hostile += [True, meta["high"] * 1.01 + 1, meta["low"] - 1]
        for value in hostile:
            with pytest.raises(BadKnob, match=name) as error:
                check(cls, {name: value})
            assert error.value.field == name
        assert meta["help"]
    with pytest.raises(BadKnob, match="there is no knob"):
        check(cls, {"gama": 1})
    assert check(cls, {}) == cls()
    for points in (True, False):
        assert json.loads(json.dumps(describe(cls, points), allow_nan=False))


def test_lookup_names_the_near_misses() -> None:
    assert issubclass(get("began"), GAN)
    with pytest.raises(KeyError, match="lsgan"):
        get("lsgna")


def test_spec_survives_json() -> None:
    run = Run("0" * 32, Spec("began", "ring8", {"gamma": 0.5}), created=1.5)
    assert Run.from_json(json.loads(json.dumps(run.json()))) == run


def test_fused_adam_sees_gradients_in_the_memory_order_of_the_weights() -> None:
    """channels_last weights with contiguous gradients, or the other way round, would be mixed up in silence."""
    trainer, plain = make("lsgan", Shape(3, 16)), make("lsgan", Shape(3, 16))
    plain.gan.to(memory_format=torch.contiguous_format)
    plain.optimisers = {p: torch.optim.Adam(params, lr=2e-4, betas=(0.5, 0.999), foreach=False) for p, params in plain.params.items()}
    train(trainer, 3)
    train(plain, 3)
    for a, b in zip(trainer.gan.parameters(), plain.gan.parameters(), strict=True):
        assert torch.allclose(a, b, atol=2e-4)
