"""Whole steps of every variant, with real networks and fresh samples, against a second implementation by hand, in float64."""

from collections.abc import Iterator

import pytest
import torch
from byhand import Hand
from byhand_energies import ROUNDS

from models import ZOO
from models.kit.batch import POINTS, Domain, Plain, Shape
from models.kit.layers import Float32
from playground.training.trainer import MetricBuffer, Trainer

GREY, COLOUR = Shape(1, 8), Shape(3, 16)
SMALL = dict(width_g=5, width_d=4, batch=6, lr_g=3e-3, lr_d=2e-3, z_dim=3)
ENERGY = dict(code=3)
SETTINGS = {
    "gan": [(POINTS, dict(label_smooth=0.1, n_d=2, beta1=0.3, beta2=0.9)), (POINTS, dict(g_loss="minimax", skip=False, prior="uniform")),
            (COLOUR, dict(z="shared", n_d=2, prior="uniform", ema=0.5)), (GREY, dict(spectral=True, hidden_d=5))],
    "lsgan": [(POINTS, dict(scheme="-1, 1, 0", n_d=2)), (GREY, dict(beta1=0.0, hidden_d=4)), (POINTS, dict(prior="uniform", ema=0.99))],
    "ls_gan": [(POINTS, dict(gp=2.0, weight_decay=0.3, tau=2.0)), (COLOUR, dict(clamp=True, z="shared", real_weight=0.2, weight=3.0)),
               (POINTS, dict(tau=0.05, weight=0.5, weight_decay=0.0))],
    "wgan": [(POINTS, dict(clip=0.1, n_critic=3, boost=False)), (GREY, dict(clip=0.2, optimiser="Adam", n_critic=2, boost=False)),
             (POINTS, dict(clip=0.05, boost=True, width_g=4))],
    "wgan_gp": [(POINTS, dict(n_critic=3, gp=2.0)), (COLOUR, dict(n_critic=1)), (POINTS, dict(beta1=0.6, beta2=0.5, prior="uniform"))],
    "ebgan": [(POINTS, ENERGY | dict(margin=1.0)), (COLOUR, ENERGY | dict(reduction="sum", margin=150.0, hidden_d=5)),
              (POINTS, ENERGY | dict(critic="denoise", exponent="1", margin=2.0)), (POINTS, ENERGY | dict(critic="plain", noise=0.5))],
    "ebgan_pt": [(POINTS, ENERGY | dict(pt=0.7, margin=1.0)), (GREY, ENERGY | dict(pt=0.3, exponent="1", margin=0.4))],
    "magan": [(POINTS, ENERGY | dict(pretrain=2, epoch_len=3, lr_d=0.05)), (GREY, ENERGY | dict(pretrain=0, epoch_len=2, lr_g=0.05)),
              (POINTS, ENERGY | dict(pretrain=1, epoch_len=2, optimiser="Adam", reduction="mean", exponent="1")),
              (POINTS, ENERGY | dict(pretrain=1, epoch_len=2, hold=20.0))],
    "began": [(POINTS, ENERGY | dict(gamma=0.7, lambda_k=0.1, k0=0.2, k_scale="relative", halve_lr=2)),
              (GREY, ENERGY | dict(lambda_k=0.05, z="shared", exponent="2", halve_lr=1)), (COLOUR, ENERGY | dict(body="paper", k0=0.4, beta1=0.9)),
              (POINTS, ENERGY | dict(critic="denoise", gamma=3.0, lambda_k=0.1, k0=0.95, halve_lr=1))],
}
TURNED = dict(lr_g=1e-3, lr_d=4e-3, ema=0.8, n_d=1, label_smooth=0.2, clip=0.02, n_critic=2, gp=0.5, tau=0.3, weight=2.0, real_weight=0.6, margin=3.0,
              pt=0.1, gamma=0.4, lambda_k=0.2, halve_lr=3)
CASES = [pytest.param(v, shape, knobs, id=f"{v}-{i}") for v, settings in SETTINGS.items() for i, (shape, knobs) in enumerate(settings)]
EXACT = dict(rtol=1e-9, atol=1e-11)


class Fresh:
    """Other samples every time."""

    def __init__(self, shape: Shape, n: int) -> None:
        self.shape, self.n, self.rng = shape, n, torch.Generator().manual_seed(11)

    def __iter__(self) -> Iterator[Plain]:
        return self

    def __next__(self) -> Plain:
        x = torch.randn(self.n, *self.shape.dims, generator=self.rng)
        return Plain(x if self.shape.is_points else x.tanh())


@pytest.fixture(autouse=True)
def in_float64(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Everything: new tensors, and what networks would otherwise return as float32."""
    plain = torch.Tensor.float
    monkeypatch.setattr(torch.Tensor, "float", lambda self: self if self.dtype is torch.float64 else plain(self))
    monkeypatch.setattr(Float32, "forward", lambda self, x: x)
    write = MetricBuffer.write
    monkeypatch.setattr(MetricBuffer, "write", lambda self, step, row: write(self, step, {name: value.double() for name, value in row.items()}))
    torch.set_default_dtype(torch.float64)
    yield
    torch.set_default_dtype(torch.float32)


def made(variant: str, shape: Shape, **knobs: object) -> Trainer:
    cls = ZOO[variant]
    gan = cls(Domain(shape), cls.Knobs(**SMALL | knobs), torch.Generator().manual_seed(5))
    return Trainer(gan, Fresh(shape, SMALL["batch"]), 1000, seed=7)


def compared(trainer: Trainer, hand: Hand, batches: Fresh) -> None:
    """One step of both."""
    trainer.advance()
    wanted = hand.advance(batches)
    rows = {name: column[-1] for name, column in trainer.flush().items() if column[-1] is not None}
    assert rows.pop("step") == hand.steps
    assert rows == pytest.approx(wanted, rel=1e-6, abs=1e-7)
    for name, tensor in trainer.gan.state_dict().items():
        assert torch.allclose(tensor, hand.w[name], **EXACT), name
    for name, tensor in trainer.averaged[0].state_dict().items():
        assert not tensor.is_floating_point() or torch.allclose(tensor, hand.mean[f"G.{name}"], **EXACT), f"average of {name}"
    for player, names in hand.own.items():
        for name, p in zip(names, trainer.params[player], strict=True):
            state = trainer.optimisers[player].state[p]
            assert state.keys() == hand.moments[name].keys(), name
            assert all(torch.allclose(state[kept].double(), hand.moments[name][kept], **EXACT) for kept in state), f"moments of {name}"
    assert torch.equal(trainer.gan.generator.get_state(), hand.rng.get_state()), "as many draws"


@pytest.mark.parametrize(("variant", "shape", "knobs"), CASES)
def test_steps_are_those_by_hand(variant: str, shape: Shape, knobs: dict) -> None:
    trainer = made(variant, shape, **{"ema": 0.3, **knobs})
    hand, batches = Hand(trainer, variant), Fresh(shape, SMALL["batch"])
    for step in range(18 if variant == "magan" else 3 if knobs.get("boost") else 7):
        if step == 4:                                                           # every live knob is turned
            trainer.tune(type(trainer.gan.knobs)(**vars(trainer.gan.knobs) | {n: v for n, v in TURNED.items() if n in vars(trainer.gan.knobs)}))
            hand.k = trainer.gan.knobs
        compared(trainer, hand, batches)


def test_every_choice_of_every_knob_is_among_them() -> None:
    """Of its own by each variant that is worked out by hand; of what it has from its family by any."""
    assert set(SETTINGS) == set(ROUNDS)
    for variant in SETTINGS:
        own = next(kind for kind in ZOO[variant].Knobs.__mro__ if "regulariser" not in kind.__annotations__)    # what is mixed in: test_mix.py
        for name, field in own.__dataclass_fields__.items():
            among = [variant] if name in own.__annotations__ else SETTINGS
            tried = {knobs.get(name, field.default) for v in among for _, knobs in SETTINGS[v] if hasattr(ZOO[v].Knobs, name)}
            choices = field.metadata["choices"] or ((False, True) if isinstance(field.default, bool) else ())
            assert set(choices) <= tried, (variant, name, tried)
