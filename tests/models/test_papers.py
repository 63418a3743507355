"""Objectives of GAN, LSGAN and BEGAN where the closed-form examples (test_papers_examples) do not look: extremes, and what rests."""

import pytest
import torch
from papers import EXACT, double, grad
from training import make

from models import ZOO
from models.kit import losses
from models.kit.batch import POINTS, Domain, Shape
from models.kit.knobs import check
from models.lsgan import SCHEMES


def test_gan_far_from_the_boundary_in_float32() -> None:
    """sigmoid, then log(p + eps), loses this gradient."""
    f = torch.tensor([-40.0, -40.0], requires_grad=True)
    assert grad(losses.logistic_g(f), f) == pytest.approx([-0.5, -0.5])
    assert grad(losses.minimax_g(f), f) == pytest.approx([-2.124e-18] * 2, rel=1e-3, abs=0)
    naive = -(f.sigmoid() + 1e-8).log().mean()
    assert abs(grad(naive, f)[0]) < 1e-8


def test_gan_smoothing_is_one_sided() -> None:
    """With target 1 - a the real term is (1 - a) sp(-r) + a sp(r); the fake term stays."""
    r, f, a = double([2.0, 0.5]), double([-1.0, 0.25]), 0.1
    sp = torch.nn.functional.softplus
    by_hand = ((1 - a) * sp(-r) + a * sp(r)).mean() + sp(f).mean()
    assert losses.logistic_d(r, f, a).item() == pytest.approx(by_hand.item(), **EXACT)
    assert losses.logistic_d(r, f, 0.0).item() == pytest.approx(0.8701030513100728, **EXACT)


def test_lsgan_pulls_harder_the_further_off() -> None:
    f = double([-10.0, 0.0])
    assert grad(losses.least_squares_g(f, 1.0), f) == pytest.approx([-11 / 2, -1 / 2], **EXACT)
    assert losses.least_squares_g(double([0.0]), SCHEMES["-1, 1, 0"][2]).item() == 0
    assert losses.least_squares_d(double([1.0]), double([-1.0]), -1, 1).item() == 0


def test_began_k_rests_at_the_ratio_and_relative_divides() -> None:
    assert losses.began_k(double(0.3), double(0.2), double(0.1), 0.5, 0.05).item() == pytest.approx(0.3, **EXACT)
    relative = losses.began_k(double(0.3), double(0.2), double(0.05), 0.5, 0.05, scale=0.2)
    assert relative.item() == pytest.approx(0.3 + 0.05 * 0.05 / 0.2, **EXACT)


def test_energy_is_reduced_over_pixels_then_batch() -> None:
    """B = 2 and P = 3 catch a sum taken for a mean, and a batch mean taken too early."""
    target, made = double([[0.0, 1.0, 2.0], [1.0, 1.0, 1.0]]), double([[1.0, 1.0, 0.0], [1.0, 2.0, 1.0]])
    assert losses.reconstruction(target, made, 1).tolist() == pytest.approx([1.0, 1 / 3], **EXACT)
    assert losses.reconstruction(target, made, 2).tolist() == pytest.approx([5 / 3, 1 / 3], **EXACT)


def test_began_with_k_at_zero_trains_a_plain_autoencoder() -> None:
    real, fake = double(0.2), double(0.9)
    loss = losses.began_d(real, fake, torch.tensor(0.0))
    assert grad(loss, fake) == 0
    assert grad(loss, real) == 1


def test_began_halves_its_rates_when_M_stalls() -> None:
    cls = ZOO["began"]
    gan = cls(Domain(POINTS), check(cls.Knobs, {"halve_lr": 3}), torch.Generator().manual_seed(0))
    scales = []
    for _ in range(13):
        gan.halve_when_stalled(torch.tensor(1.0))
        scales.append(gan.lr_scale.item())
    assert scales == [1, 1, 1, .5, .5, .5, .25, .25, .25, .125, .125, .125, .0625]
    for M in (0.5,) * 400:
        gan.halve_when_stalled(torch.tensor(M))
    assert gan.lr_scale.item() == 1 / 16


def test_gan_with_a_shared_z_draws_once_and_both_players_see_that_draw() -> None:
    trainer = make("gan", Shape(1, 16), z="shared", n_d=1)
    gan, calls = trainer.gan, []
    gan.G.register_forward_hook(lambda module, given, made: calls.append(made))
    game = gan.step(trainer.batches)
    loss_d = next(game)["D"]
    assert not any(g is not None for g in torch.autograd.grad(loss_d, list(gan.G.parameters()), allow_unused=True, retain_graph=True))
    with torch.no_grad():
        for p in gan.D.parameters():
            p.mul_(1.1)                                 # D moves in between, and is asked anew
    loss_g = next(game)["G"]
    assert len(calls) == 1
    assert torch.equal(loss_g, losses.logistic_g(gan.D(calls[0])))
    assert all(g is not None for g in torch.autograd.grad(loss_g, list(gan.G.parameters()), allow_unused=True))
