"""Variants with a category that nobody named: whole steps worked out by hand, and mistakes that these catch."""

import math

import pytest
import torch
from examples_coded import clustergan, infogan
from torch import Tensor
from torch.nn.functional import cross_entropy, softplus
from training import make

from models import get
from models.kit import losses
from models.kit.batch import POINTS
from models.kit.coded import CodedLatent
from tests.models import test_coded as routing
from tests.models.test_papers_examples import compare


def leaky(t: Tensor, slope: float = 0.2) -> Tensor:
    return torch.where(t > 0, t, slope * t)


class ByHand:
    """A variant's networks on points, in float64, from its weights, and the draws of its generator."""

    def __init__(self, variant: str, **knobs: object) -> None:
        self.trainer, self.twin = (make(variant, POINTS, seed=3, n_cat=4, **knobs) for _ in range(2))
        self.gan = self.trainer.gan
        self.w = {name: t.detach().double() for name, t in self.gan.state_dict().items()}
        self.seen = [{player: loss.item() for player, loss in found.items()} for found in self.twin.gan.step(self.twin.batches)]

    def layer(self, t: Tensor, name: str) -> Tensor:
        return t @ self.w[f"{name}.weight"].T + self.w[f"{name}.bias"]

    def made(self, z: Tensor, y: Tensor, skip: float) -> Tensor:
        t = torch.cat([z, torch.eye(4, dtype=torch.float64)[y]], 1)
        return self.layer(leaky(self.layer(leaky(self.layer(t, "G.body.0")), "G.body.2")), "G.body.4") + skip * z


@pytest.mark.parametrize("variance", ["1", "learnt"])
def test_infogan_s_step_by_hand(variance: str) -> None:
    hand = ByHand("infogan", lam_cat=0.7, lam_con=0.3, n_con=1, variance=variance)
    n = 16

    def drawn() -> tuple[Tensor, Tensor]:
        z = hand.gan.noise(n).double()
        return z, hand.gan.drawn_categories(n)

    def features(x: Tensor) -> Tensor:
        return leaky(hand.layer(leaky(hand.layer(x, "D.body.0")), "D.body.2"))

    def score(seen: Tensor) -> Tensor:
        return hand.layer(seen, "D.head.4")[:, 0]

    x = next(hand.trainer.batches).x.double()
    y = hand.gan.drawn_categories(n)                    # of the update of D categories are drawn before z, of the other one after it
    r, f = score(features(x)), score(features(hand.made(hand.gan.noise(n).double(), y, 2.0)))
    assert hand.seen[0] == {"D": pytest.approx((softplus(-r) + softplus(f)).mean().item(), rel=1e-5)}
    z, y = drawn()
    seen = features(hand.made(z, y, 2.0))
    told = hand.layer(leaky(hand.layer(seen, "Q.0"), 0.1), "Q.2")
    log_q = torch.log_softmax(told[:, :4], 1)[torch.arange(n), y].mean()
    spread = told[:, 5].clamp(-4, 4) if variance == "learnt" else torch.zeros(n, dtype=torch.float64)
    density = -0.5 * (math.log(2 * math.pi) + spread + (z[:, 0] - told[:, 4]) ** 2 / spread.exp())
    wanted = -0.7 * log_q - 0.3 * density.mean()
    against = softplus(-score(seen)).mean()
    assert hand.seen[1] == {"G": pytest.approx((against + wanted).item(), rel=1e-5), "Q": pytest.approx(wanted.item(), rel=1e-5)}
    logged = {name: value.item() for name, value in hand.twin.gan.logged.items()}
    assert logged["info/mi"] == pytest.approx(math.log(4) + log_q.item(), rel=1e-4)
    assert logged["info/error"] == pytest.approx((((z[:, 0] - told[:, 4]) ** 2).mean() / (z[:, 0] ** 2).mean()).item(), rel=1e-4)
    assert logged["acc/real"] == pytest.approx((r > 0).double().mean().item())


@pytest.mark.parametrize("beta", [0.0, 3.0], ids=["as WGAN-GP", "whole"])
def test_clustergan_s_step_by_hand(beta: float) -> None:
    hand = ByHand("clustergan", beta_n=beta, beta_c=2 * beta, gp=4.0, n_critic=2, sigma=0.3)
    n, rng = 16, hand.gan.generator

    def score(x: Tensor) -> Tensor:
        return hand.layer(leaky(hand.layer(leaky(hand.layer(x, "D.0")), "D.2")), "D.4")[:, 0]

    for update in range(2):                             # of D, which nothing has moved between
        x = next(hand.trainer.batches).x.double()
        y = hand.gan.drawn_categories(n)
        g = hand.made(0.3 * hand.gan.noise(n).double(), y, 1.5)
        epsilon = torch.rand(n, generator=rng).double()[:, None]
        u = (epsilon * x + (1 - epsilon) * g).requires_grad_()
        slopes = torch.autograd.grad(score(u).sum(), u)[0].norm(dim=1)
        wanted = score(g).mean() - score(x).mean() + 4 * ((slopes - 1) ** 2).mean()
        assert hand.seen[update] == {"D": pytest.approx(wanted.item(), rel=1e-4)}
    z, y = 0.3 * hand.gan.noise(n).double(), hand.gan.drawn_categories(n)
    g = hand.made(z, y, 1.5)
    told = hand.layer(leaky(hand.layer(leaky(hand.layer(g, "E.0.0")), "E.0.2")), "E.1")
    square = ((told[:, :2] - z) ** 2).mean()
    wanted = beta * square - 2 * beta * torch.log_softmax(told[:, 2:], 1)[torch.arange(n), y].mean()
    assert hand.seen[2] == {"G": pytest.approx((wanted - score(g).mean()).item(), rel=1e-4), "E": pytest.approx(wanted.item(), rel=1e-4, abs=1e-7)}
    logged = {name: value.item() for name, value in hand.twin.gan.logged.items()}
    assert logged["info/square"] == pytest.approx(square.item(), rel=1e-4)
    assert logged["info/error"] == pytest.approx(square.item() / 0.09, rel=1e-4)


def test_the_bound_is_all_of_the_entropy_where_the_category_is_certain() -> None:
    assert losses.information_bound(torch.tensor(0.0), 7).item() == pytest.approx(math.log(7))
    even = cross_entropy(torch.zeros(5, 7), torch.arange(5))
    assert losses.information_bound(even, 7).item() == pytest.approx(0.0, abs=1e-6)
    assert losses.gaussian_nll(torch.zeros(4, 0), torch.zeros(4, 0), torch.zeros(4, 0)).item() == 0
    exact = -torch.distributions.Normal(0.5, 2.0).log_prob(torch.tensor([[1.0, -1.0]])).sum()
    assert losses.gaussian_nll(torch.full((1, 2), 0.5), torch.full((1, 2), math.log(4)), torch.tensor([[1.0, -1.0]])).item() == pytest.approx(exact)


def squashed(logits: Tensor, y: Tensor) -> Tensor:
    return cross_entropy(logits.softmax(1), y)


def other_categories(self: CodedLatent, batches: object) -> object:
    """Drawn anew between making a sample and guessing its category."""
    made = self.G.forward
    self.G.forward = lambda z, y: made(z, y.flip(0))
    yield from STEP(self, batches)
    self.G.forward = made


STEP = get("infogan").step
MISTAKES = [
    ("infogan: softmax before the cross-entropy", "models.infogan.cross_entropy", squashed, lambda: compare("infogan", infogan)),
    ("clustergan: softmax before the cross-entropy", "models.clustergan.cross_entropy", squashed, lambda: compare("clustergan", clustergan)),
    ("infogan: the density's sign", "models.kit.losses.gaussian_nll", lambda mean, spread, c: -0.5 * (1.837877 + (c - mean) ** 2).sum(1).mean(),
     lambda: compare("infogan", infogan)),
    ("infogan: the density's mean for its sum", "models.kit.losses.gaussian_nll",
     lambda mean, spread, c: 0.5 * (math.log(2 * math.pi) + spread + (c - mean) ** 2 / spread.exp()).mean(),
     lambda: test_the_bound_is_all_of_the_entropy_where_the_category_is_certain()),
    ("infogan: another category is guessed", "models.infogan.InfoGAN.step", other_categories, lambda: test_infogan_s_step_by_hand("1")),
    ("infogan: Q has a trunk of its own", "models.infogan.InfoGAN.players", lambda self: {"D": [self.D], "G": [self.G], "Q": [self.Q]},
     lambda: routing.test_whom_infogan_s_losses_reach(POINTS)),
    ("infogan: Q moves all of D", "models.infogan.InfoGAN.players", lambda self: {"D": [self.D], "G": [self.G], "Q": [self.D, self.Q]},
     lambda: routing.test_whom_infogan_s_losses_reach(POINTS)),
    ("clustergan: E guesses z and not what G was given", "models.clustergan.ClusterGAN.z_scale", lambda self: 1.0,
     lambda: test_clustergan_s_step_by_hand(3.0)),
    ("clustergan: D's signs", "models.kit.losses.wasserstein_d", lambda real, fake: real.mean() - fake.mean(),
     lambda: compare("clustergan", clustergan)),
]


@pytest.mark.parametrize(("where", "wrong", "guard"), [mistake[1:] for mistake in MISTAKES], ids=[mistake[0] for mistake in MISTAKES])
def test_a_known_mistake_is_caught(where, wrong, guard, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(where, wrong)
    with pytest.raises(AssertionError):
        guard()
