"""The Dirac-GAN: one real point, a linear D, a G of one number. What penalties are for, in the plane of θ and ψ (Mescheder et al., 2018)."""

import math

import pytest
import torch
from torch import nn

from models import ZOO
from models.kit import dirac
from models.kit.batch import lacking
from models.kit.capabilities import needs
from playground import data
from playground.inspection.critic import unpack
from playground.inspection.critic_points import FIELD, REACH, PointsSnapshot
from playground.specs.check import check
from playground.specs.presets import preset
from playground.training.build import trainer_of
from playground.training.trainer import Trainer
from playground.types import Refused

PLAYS = [id for id in ZOO if not lacking(needs(ZOO[id]), data.domain("dirac"))]
EVEN = {"lr_g": 0.01, "lr_d": 0.01, "batch": 4}
FAST = {"lr_g": 0.1, "lr_d": 0.1}


def trainer(variant: str, theta: float = 1.0, psi: float = 0.0, **knobs) -> Trainer:
    """At a place of its own: D knows nothing yet."""
    made = trainer_of(check({"variant": variant, "data": "dirac", "steps": 10**6, "seed": 1, "knobs": EVEN | knobs}), data.load("dirac"))
    with torch.no_grad():
        for number, value in zip(dirac.numbers(made.gan), (theta, psi), strict=True):
            number.fill_(value)
    return made


def path(made: Trainer, steps: int) -> torch.Tensor:
    """(steps, 2): θ and ψ after each step."""
    found: list[list[float]] = []
    for step in range(steps):
        made.advance()
        if (step + 1) % 100 == 0 or step + 1 == steps:
            rows = made.flush()
            found += zip(rows["point/theta"], rows["point/psi"], strict=True)
    return torch.tensor(found)


def turns(way: torch.Tensor) -> float:
    """How often a path went round 0."""
    angle = torch.atan2(way[:, 1], way[:, 0])
    return ((angle.diff() + math.pi) % (2 * math.pi) - math.pi).sum().abs().item() / (2 * math.pi)


@pytest.mark.parametrize("variant", PLAYS)
def test_d_is_a_line_through_0_and_g_one_number(variant):
    gan = trainer(variant, theta=0.7, psi=-0.4).gan
    assert [p.numel() for p in gan.parameters()] == [1, 1]
    with torch.no_grad():
        fakes, x = gan.sample(gan.draw(5)), torch.tensor([[2.0, 1.0], [0.0, -3.0], [-1.0, 0.0]])
        slope = dirac.position(gan)["point/psi"]
        assert torch.allclose(fakes, torch.tensor([[0.7, 0.0]]).expand(5, 2))
        assert torch.allclose(gan.D(x), slope * x[:, 0])
    assert slope.item() == pytest.approx(-1 if gan.knobs.spectral else -0.4)


def test_who_needs_more_than_a_line_is_refused():
    assert {"gan", "lsgan", "wgan", "wgan_gp", "dragan", "sngan", "rgan", "ragan", "r3gan", "ls_gan", "softmax_gan"} <= set(PLAYS)
    for variant, why in (("began", "samples that differ"), ("dcgan", "images")):
        with pytest.raises(Refused, match=f"{ZOO[variant].title} needs {why}; One point has none"):
            check({"variant": variant, "data": "dirac"})


def test_a_step_is_gradient_descent_by_hand():
    """D first: dL_D/dψ = θ σ(ψθ); then G, against the new D: dL_G/dθ = -ψ σ(-ψθ)."""
    made, sigmoid = trainer("gan", 0.8, 0.5), lambda t: 1 / (1 + math.exp(-t))
    psi = 0.5 - 0.01 * 0.8 * sigmoid(0.5 * 0.8)
    theta = 0.8 + 0.01 * psi * sigmoid(-psi * 0.8)
    assert path(made, 1)[0].tolist() == pytest.approx([theta, psi], abs=1e-6)


def test_minimax_circles_for_ever():
    way = path(trainer("gan", g_loss="minimax", **FAST), 500)
    distance = way.norm(dim=1)
    assert turns(way) > 3
    assert distance.min() > 0.9
    assert distance[-130:].mean().item() == pytest.approx(distance[:130].mean().item(), rel=0.02)       # a turn each


def test_the_non_saturating_loss_draws_in_ever_more_slowly():
    distance = path(trainer("gan", **FAST), 780).norm(dim=1)
    first, second, third = (part.mean().item() for part in distance.chunk(3))
    assert first > second > third > 0.2
    assert second - third < (first - second) / 2


def test_zero_centred_penalties_converge():
    way = path(trainer("r3gan", gp=0.5, burn_in=0, **FAST), 250)
    assert way[-1].norm() < 1e-3


def test_clipping_and_slopes_of_1_do_not():
    clipped = path(trainer("wgan", clip=0.5, n_critic=1, boost=False), 1300)
    assert clipped[:, 1].abs().max() <= 0.5
    assert turns(clipped[400:]) > 0.9
    assert clipped[-500:].norm(dim=1).min() > 0.3
    sloped = path(trainer("wgan_gp", gp=1.0, n_critic=1), 600)
    assert (sloped[-200:, 0].max() - sloped[-200:, 0].min()) > 0.02


@pytest.mark.parametrize("variant", PLAYS)
def test_the_field_is_where_a_step_leads(variant):
    knobs = {name: value for name, value in preset(variant, "dirac", "quick")["knobs"].items() if name not in EVEN}
    made = trainer(variant, **knobs)
    view = made.view()
    before = [number.clone() for number in dirac.numbers(view)]
    field = dirac.field(view, 3, 0.6)
    assert all(torch.equal(a, b) for a, b in zip(before, dirac.numbers(view), strict=True))
    assert (field.shape, bool(field.isfinite().all())) == ((3, 3, 2), True)
    for row, column in ((0, 2), (2, 1)):
        at = ([-0.6, 0.0, 0.6][column], [-0.6, 0.0, 0.6][row])
        moved = trainer(variant, *at, **knobs)
        moved.advance()
        numbers = torch.tensor([number.item() for number in dirac.numbers(moved.gan)])
        assert torch.allclose(field[row, column], numbers - torch.tensor(at), atol=1e-6)


def test_looks_have_the_field_and_runs_on_other_data_neither_field_nor_numbers():
    made = trainer("gan")
    made.advance()
    header, arrays = unpack(PointsSnapshot(made.gan, data.load("dirac"), made.gan.draw(8)).capture(made.view()))
    assert (arrays["field"].shape, header["reach"]) == ((FIELD, FIELD, 2), REACH)
    ring = trainer_of(check({"variant": "gan", "data": "ring8", "steps": 5}), data.load("ring8"))
    ring.advance()
    assert not any(name.startswith("point/") for name in ring.flush())
    header, arrays = unpack(PointsSnapshot(ring.gan, data.load("ring8"), ring.gan.draw(8)).capture(ring.view()))
    assert not {"field", "reach"} & {*header, *arrays}


def test_z_has_no_influence_but_a_gradient():
    z = torch.randn(4, 2, requires_grad=True)
    made = dirac.Constant()(z)
    assert torch.autograd.grad(made.sum(), z)[0].abs().max() == 0
    assert isinstance(dirac.linear()[1], nn.Linear)
