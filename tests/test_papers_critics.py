"""WGAN, WGAN-GP and LS-GAN equal their papers' closed forms on numbers worked out by hand, gradients included."""

from collections.abc import Callable

import pytest
import torch
from torch import Tensor

from models import ZOO
from models.kit import losses
from models.kit.batch import POINTS
from models.kit.knobs import check
from tests.papers import EXACT, double, example, grad
from tests.training import make, train


def test_wgan() -> None:
    x, _, e = example("wgan")
    assert losses.wasserstein_d(x["real_critic"], x["fake_critic"]).item() == pytest.approx(e["expected_d_loss"], **EXACT)
    g = losses.wasserstein_g(x["fake_critic"])
    assert g.item() == pytest.approx(e["expected_g_loss"], **EXACT)
    assert grad(g, x["fake_critic"]) == pytest.approx([-0.5, -0.5], **EXACT)
    doubled = losses.wasserstein_d(2 * x["real_critic"], 2 * x["fake_critic"])
    assert doubled.item() == pytest.approx(2 * e["expected_d_loss"], **EXACT)


def test_wgan_clips_every_parameter_of_D_after_its_step() -> None:
    trainer = make("wgan", POINTS, clip=0.01, lr_d=1e-2, n_critic=3, boost=False)

    def largest() -> float:
        return max(p.abs().max().item() for p in trainer.gan.D.parameters())

    for i, yielded in enumerate(trainer.gan.step(trainer.batches)):
        assert i == 0 or largest() <= 0.01 + 1e-9, "clipped before anything else happens"
        trainer._move(yielded)
        assert "G" in yielded or largest() > 0.01, "the step itself is not clipped"
    assert largest() <= 0.01 + 1e-9
    assert max(p.abs().max().item() for p in trainer.gan.G.parameters()) > 0.01


def test_wgan_boosts_the_critic_at_the_start() -> None:
    trainer = make("wgan", POINTS, n_critic=3, boost=True)
    counts = {}
    for steps in (0, 24, 25, 499, 500, 501):
        trainer.gan.steps = steps
        counts[steps] = sum("D" in losses_ for losses_ in trainer.gan.step(trainer.batches))
    assert counts == {0: 100, 24: 100, 25: 3, 499: 3, 500: 100, 501: 3}


CRITICS: dict[str, Callable[[Tensor], Tensor]] = {"wgan_gp_linear": lambda x: x @ double([3.0, 4.0]),
                                                  "wgan_gp_quadratic": lambda x: x.square().sum(1)}


@pytest.mark.parametrize("name", sorted(CRITICS))
def test_wgan_gp(name: str) -> None:
    _, hyper, e = example(name, tensors=False)
    real, fake, eps = (double(e["inputs"][k]) for k in ("x_real", "x_fake", "eps"))
    u = losses.mixed(real.detach(), fake.detach(), eps.detach()).requires_grad_()
    norms = losses.gradient_norms(CRITICS[name](u), u)
    penalty = losses.gradient_penalty(norms)
    assert penalty.item() == pytest.approx(e["expected_extra"]["gp"], **EXACT)
    d = losses.wasserstein_d(CRITICS[name](real), CRITICS[name](fake)) + hyper["lambda_gp"] * penalty
    assert d.item() == pytest.approx(e["expected_d_loss"], **EXACT)
    if name == "wgan_gp_quadratic":
        assert u.tolist() == e["expected_extra"]["interpolates"]
        assert norms.tolist() == pytest.approx(e["expected_extra"]["grad_norms"], **EXACT)
        whole = torch.autograd.grad(CRITICS[name](u).sum(), u)[0].norm()
        assert ((whole - 1) ** 2).item() == pytest.approx(e["expected_extra"]["gp_if_norm_taken_over_whole_batch"], **EXACT)
        assert whole.item() != pytest.approx(norms.mean().item())


def test_penalty_reaches_the_critic_s_weights_and_is_finite_at_zero() -> None:
    w = double([3.0, 4.0])
    u = double([[0.1, 0.2], [0.3, 0.4]])
    penalty = losses.gradient_penalty(losses.gradient_norms(u @ w, u))
    assert grad(penalty, w) == pytest.approx([2 * 4 * 0.6, 2 * 4 * 0.8], abs=1e-9)         # d (|w| - 1)^2 / d w = 2 (|w| - 1) w / |w|
    flat = double([0.0, 0.0])
    assert all(torch.isfinite(torch.tensor(grad(losses.gradient_penalty(losses.gradient_norms(u @ flat, u)), flat))))
    unit = double([0.6, 0.8])
    assert losses.gradient_penalty(losses.gradient_norms(u @ unit, u)).item() == pytest.approx(0.0, abs=1e-12)


def test_one_sided_penalty_spares_gentle_slopes() -> None:
    assert losses.gradient_penalty(double([0.5, 3.0]), one_sided=True).item() == pytest.approx(2.0, **EXACT)
    assert losses.gradient_penalty(double([0.5, 3.0])).item() == pytest.approx(2.125, **EXACT)


def test_wgan_gp_samples_do_not_know_each_other() -> None:
    """A batch norm in D would let one sample's slope depend on the others."""
    gan = make("wgan_gp", POINTS).gan
    x = torch.randn(6, 2)
    alone, together = x[:1].clone().requires_grad_(), x.clone().requires_grad_()
    a, b = losses.gradient_norms(gan.D(alone), alone), losses.gradient_norms(gan.D(together), together)
    assert torch.allclose(a, b[:1], atol=1e-6)


def test_loss_sensitive() -> None:
    x, hyper, e = example("loss_sensitive")
    real, fake, delta = x["loss_real"], x["loss_fake"], x["margin"]
    d = losses.loss_sensitive_d(real, fake, delta, hyper["lambda_"], hyper["real_weight"])
    extra = e["expected_extra"]
    assert d.item() == pytest.approx(e["expected_d_loss"], **EXACT)
    assert losses.energy_g(fake).item() == pytest.approx(e["expected_g_loss"], **EXACT)
    assert grad(d, real) == pytest.approx(extra["grad_d_wrt_real"], **EXACT)
    assert grad(d, fake) == pytest.approx(extra["grad_d_wrt_fake"], **EXACT)
    swapped = losses.loss_sensitive_d(real, fake.flip(0), delta, 1.0)
    assert swapped.item() != pytest.approx(d.item()), "pairs matter"
    satisfied = double([5.0, 5.0])
    assert grad(losses.loss_sensitive_d(real, satisfied, delta, 1.0), satisfied) == [0, 0]


def test_loss_sensitive_margin_is_the_mean_and_a_constant() -> None:
    x, hyper, e = example("loss_sensitive_margin")
    delta = losses.pair_margin(x["x"], x["g"], hyper["tau"])
    assert delta.tolist() == pytest.approx(e["expected_extra"]["delta_l1_mean"], **EXACT)
    assert (4 * delta).tolist() == pytest.approx(e["expected_extra"]["delta_l1_sum"], **EXACT)
    trainer = make("ls_gan", POINTS)
    d, _ = list(trainer.gan.step(trainer.batches))
    assert all(v is None for v in torch.autograd.grad(d["D"], list(trainer.gan.G.parameters()), allow_unused=True)), "no margin flows into G"


def test_ls_gan_decays_D_alone() -> None:
    cls = ZOO["ls_gan"]
    gan = cls(POINTS, check(cls.Knobs, {"weight_decay": 1e-3}), torch.Generator().manual_seed(0))
    decays = {p: gan.optimiser(p, list(gan.D.parameters()), torch.tensor(1e-3)).param_groups[0]["weight_decay"] for p in "DG"}
    assert decays == {"D": 1e-3, "G": 0}
    rows = train(make("ls_gan", POINTS), 3)
    assert all(0 <= v <= 1 for v in rows["hinge/active"])
