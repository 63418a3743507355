"""AAE, BiGAN and VAE-GAN: what they learn and do not without a part of theirs; each known mistake, made on purpose, is noticed."""

import inspect
import textwrap
from collections.abc import Callable
from typing import Any

import pytest
import torch
from torch import Tensor
from torch.nn.functional import softplus
from training import make, train

from models import ZOO
from models.bigan import PairCritic
from models.kit import losses
from models.kit.batch import POINTS, Shape
from models.kit.encoder import EncoderLatent
from playground.data import load
from playground.evaluation.metrics import mmd
from tests.models import test_encoders as guards

RING = {"width_g": 64, "width_d": 64, "width_e": 64, "batch": 128, "lr_g": 1e-3, "lr_d": 1e-3, "lr_e": 1e-3, "beta2": 0.9, "ema": 0.95}


def sums_for_a_mean(mean: Tensor, logvar: Tensor) -> Tensor:
    return 0.5 * (logvar.exp() + mean.square() - 1 - logvar).mean()


def deviation_for_its_logarithm(mean: Tensor, logvar: Tensor) -> Tensor:
    return 0.5 * (logvar.square() + mean.square() - 1 - 2 * logvar.abs().log()).sum(1).mean()


def mean_over_features(target: Tensor, output: Tensor, exponent: int = 2, reduction: str = "mean") -> Tensor:
    return (target - output).square().flatten(1).mean(1)


MAKE_E, FORWARD = EncoderLatent.make_e, PairCritic.forward
MISTAKES: list[tuple[str, Any, str, Callable[..., Any], Callable[[], None]]] = [
    ("vaegan: KL as a mean", losses, "gaussian_kl", sums_for_a_mean, guards.test_kl_by_hand),
    ("vaegan: σ for log σ^2", losses, "gaussian_kl", deviation_for_its_logarithm, guards.test_kl_by_hand),
    ("vaegan: R as a mean", losses, "reconstruction", mean_over_features, lambda: guards.test_a_step_by_hand("vaegan")),
    ("aae: a bounded code", EncoderLatent, "make_e", lambda self: torch.nn.Sequential(MAKE_E(self), torch.nn.Tanh()),
     lambda: guards.test_a_sample_has_one_code_and_is_made_of_it_again("aae", POINTS)),
    ("bigan: D forgets its z", PairCritic, "forward", lambda self, x, z: FORWARD(self, x, 0 * z), lambda: guards.test_bigan_s_gradients(POINTS)),
    ("bigan: real and fake swapped in D", losses, "logistic_d", lambda real, fake, smooth=0.0: softplus(real).mean() + softplus(-fake).mean(),
     lambda: guards.test_a_step_by_hand("bigan")),
]


@pytest.mark.parametrize(("where", "name", "wrong", "guard"), [mistake[1:] for mistake in MISTAKES], ids=[mistake[0] for mistake in MISTAKES])
def test_a_known_mistake_is_caught(where: Any, name: str, wrong: Callable[..., Any], guard: Callable[[], None],
                                   monkeypatch: pytest.MonkeyPatch) -> None:
    guard()
    monkeypatch.setattr(where, name, wrong)
    with pytest.raises(AssertionError):
        guard()


SLIPS = [       # of a step: what stands there, what is written in its place, and who notices
    ("aae", "code.detach()), self.D(z)", "code), self.D(z)", guards.test_aae_s_gradients),
    ("aae", "losses.logistic_d(fake, real)", "losses.logistic_d(real, fake)", lambda shape: guards.test_a_step_by_hand("aae")),
    ("aae", 'yield {"E": losses.logistic_g(', 'yield {"E": losses.minimax_g(', lambda shape: guards.test_a_step_by_hand("aae")),
    ("bigan", "self.D(x, self.E(x)))", "self.D(x, code))", guards.test_bigan_s_gradients),
    ("bigan", "self.D(self.G(z), z), self.D(x", "self.D(self.G(self.E(x)), z), self.D(x", lambda shape: guards.test_a_step_by_hand("bigan")),
    ("bigan", 'yield {"G": both, "E": both}', 'yield {"G": both, "E": losses.logistic_g(self.D(self.G(z), z))}',
     lambda shape: guards.test_a_step_by_hand("bigan")),
    ("vaegan", '"E": self.knobs.kl * kl + R', '"E": self.knobs.kl * kl + R + losses.logistic_g(recon)', guards.test_vaegan_s_gradients),
    ("vaegan", "+ torch.nn.functional.softplus(recon).mean(),", "+ R,", lambda shape: guards.test_a_step_by_hand("vaegan")),
    ("vaegan", "(0.5 * logvar).exp()", "logvar.exp()", lambda shape: guards.test_a_step_by_hand("vaegan")),
]


@pytest.mark.parametrize(("variant", "right", "wrong", "guard"), SLIPS, ids=[f"{slip[0]}: {slip[2]}" for slip in SLIPS])
def test_a_slip_is_noticed(variant: str, right: str, wrong: str, guard: Callable[[Shape], None], monkeypatch: pytest.MonkeyPatch) -> None:
    cls = ZOO[variant]
    source = inspect.getsource(cls.step)
    assert source.count(right) == 1
    names: dict[str, Any] = {}
    exec(textwrap.dedent(source.replace(right, wrong)), {**cls.step.__globals__}, names)
    guard(POINTS)
    monkeypatch.setattr(cls, "step", names["step"])
    with pytest.raises(AssertionError):
        guard(POINTS)


def fit(variant: str | type[EncoderLatent], steps: int = 700, **knobs: Any) -> tuple[float, float]:
    """On the ring: (MMD of held-out data's codes to the prior, mean squared error of reconstructions) after training."""
    ring = load("ring8")
    trainer = make(variant, POINTS, data=ring, seed=1, **RING | knobs)
    train(trainer, steps)
    view = trainer.view()
    codes, z = view.encode(ring.held[:1000]).z, view.noise(1000, torch.Generator().manual_seed(4))
    return mmd(codes, z, (0.3, 1.0)), (view.reconstruct(ring.held[:1000]) - ring.held[:1000]).square().mean().item()


def test_aae_s_codes_fit_the_prior_and_without_its_third_update_they_do_not() -> None:
    class Unheld(ZOO["aae"]):
        def step(self, batches):
            for told in super().step(batches):
                yield {player: 0 * loss if player == "E" else loss for player, loss in told.items()}

    held, unheld = fit("aae"), fit(Unheld)
    assert held[1] < 0.3
    assert unheld[1] < 0.05, "it reconstructs all the same"
    assert held[0] < unheld[0] / 2


def test_bigan_s_e_inverts_g_and_does_not_when_it_learns_against_d_s_wish() -> None:
    class Flipped(ZOO["bigan"]):
        def step(self, batches):
            for told in super().step(batches):
                yield {player: -loss if player == "E" else loss for player, loss in told.items()}

    assert fit("bigan", hidden_d=64)[1] < 0.3
    assert fit(Flipped, hidden_d=64)[1] > 1.0


def test_vaegan_reconstructs_by_features_and_not_without_them() -> None:
    class Blind(ZOO["vaegan"]):
        def step(self, batches):
            for told in super().step(batches):
                yield {player: loss if player != "E" else 0 * loss for player, loss in told.items()}

    assert fit("vaegan", gamma=1.0, optimiser="Adam")[1] < 0.3
    assert fit(Blind, gamma=1.0, optimiser="Adam")[1] > 0.6
