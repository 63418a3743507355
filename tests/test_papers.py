"""Every objective equals its paper's closed form on numbers worked out by hand, gradients included; every known mistake does not."""

from collections.abc import Callable
from typing import Any

import pytest
import torch
from torch import Tensor

from models import ZOO
from models.kit import losses
from models.kit.batch import POINTS, Plain, Shape
from models.kit.knobs import check
from models.lsgan import SCHEMES
from tests.papers import EXACT, EXAMPLES, double, example, grad
from tests.training import make


@pytest.mark.parametrize("name", ["gan_ns", "gan_minimax", "gan_equilibrium", "gan_extreme_logits"])
def test_gan(name: str) -> None:
    x, hyper, e = example(name)
    r, f = x["real_logits"], x["fake_logits"]
    d = losses.logistic_d(r, f)
    g = (losses.minimax_g if hyper.get("g_loss") == "minimax" else losses.logistic_g)(f)
    assert d.item() == pytest.approx(e["expected_d_loss"], **EXACT)
    assert g.item() == pytest.approx(e["expected_g_loss"], **EXACT)
    extra = e["expected_extra"]
    if "grad_g_wrt_fake_logits" in extra:
        assert grad(g, f) == pytest.approx(extra["grad_g_wrt_fake_logits"], **EXACT)
    if "grad_d_wrt_real_logits" in extra:
        assert grad(d, r) == pytest.approx(extra["grad_d_wrt_real_logits"], **EXACT)
        assert grad(d, f) == pytest.approx(extra["grad_d_wrt_fake_logits"], **EXACT)


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


@pytest.mark.parametrize("name", ["lsgan_011", "lsgan_pearson"])
def test_lsgan(name: str) -> None:
    x, hyper, e = example(name)
    r, f, (a, b, c) = x["real_scores"], x["fake_scores"], (hyper["a"], hyper["b"], hyper["c"])
    assert (a, b, c) in SCHEMES.values()
    g = losses.least_squares_g(f, c)
    assert losses.least_squares_d(r, f, a, b).item() == pytest.approx(e["expected_d_loss"], **EXACT)
    assert g.item() == pytest.approx(e["expected_g_loss"], **EXACT)
    if "grad_g_wrt_fake" in e["expected_extra"]:
        assert grad(g, f) == pytest.approx(e["expected_extra"]["grad_g_wrt_fake"], **EXACT)


def test_lsgan_pulls_harder_the_further_off() -> None:
    f = double([-10.0, 0.0])
    assert grad(losses.least_squares_g(f, 1.0), f) == pytest.approx([-11 / 2, -1 / 2], **EXACT)
    assert losses.least_squares_g(double([0.0]), SCHEMES["-1, 1, 0"][2]).item() == 0
    assert losses.least_squares_d(double([1.0]), double([-1.0]), -1, 1).item() == 0


def test_began_on_images() -> None:
    x, hyper, e = example("began_images")
    real = losses.reconstruction(x["x"], x["recon_x"], 1).mean()
    fake = losses.reconstruction(x["g"], x["recon_g"], 1).mean()
    k, extra = double(hyper["k"]), e["expected_extra"]
    assert real.item() == pytest.approx(extra["L_real"], **EXACT)
    assert fake.item() == pytest.approx(e["expected_g_loss"], **EXACT)
    assert losses.began_d(real, fake, k).item() == pytest.approx(e["expected_d_loss"], **EXACT)
    assert losses.began_k(k, real, fake, hyper["gamma"], hyper["lambda_k"]).item() == pytest.approx(e["expected_state"]["k_next"], **EXACT)
    assert losses.began_measure(real, fake, hyper["gamma"]).item() == pytest.approx(extra["m_global"], **EXACT)


def test_began_k_over_steps() -> None:
    _, hyper, e = example("began_sequence")
    k, seen = double(hyper["k"]), []
    for (real, fake), now in zip(EXAMPLES["began_sequence"]["inputs"]["L_real_fake"], e["expected_extra"]["steps"], strict=True):
        assert losses.began_d(double(real), double(fake), k).item() == pytest.approx(now["d_loss"], **EXACT)
        k = losses.began_k(k, double(real), double(fake), hyper["gamma"], hyper["lambda_k"])
        seen.append(k.item())
    assert seen == pytest.approx(e["expected_state"]["k"], **EXACT)


@pytest.mark.parametrize("name", ["began_clamp_hi", "began_clamp_lo"])
def test_began_k_is_clamped(name: str) -> None:
    x, hyper, e = example(name)
    k = losses.began_k(double(hyper["k"]), x["L_real"], x["L_fake"], hyper["gamma"], hyper["lambda_k"])
    assert k.item() == e["expected_state"]["k_next"]
    assert losses.began_d(x["L_real"], x["L_fake"], double(hyper["k"])).item() == pytest.approx(e["expected_d_loss"], **EXACT)


def test_began_k_rests_at_the_ratio_and_relative_divides() -> None:
    assert losses.began_k(double(0.3), double(0.2), double(0.1), 0.5, 0.05).item() == pytest.approx(0.3, **EXACT)
    relative = losses.began_k(double(0.3), double(0.2), double(0.05), 0.5, 0.05, scale=0.2)
    assert relative.item() == pytest.approx(0.3 + 0.05 * 0.05 / 0.2, **EXACT)


def test_energy_is_reduced_over_pixels_then_batch() -> None:
    """B = 2 and P = 3 catch a sum taken for a mean, and a batch mean taken too early."""
    target, redrawn = double([[0.0, 1.0, 2.0], [1.0, 1.0, 1.0]]), double([[1.0, 1.0, 0.0], [1.0, 2.0, 1.0]])
    assert losses.reconstruction(target, redrawn, 1).tolist() == pytest.approx([1.0, 1 / 3], **EXACT)
    assert losses.reconstruction(target, redrawn, 2).tolist() == pytest.approx([5 / 3, 1 / 3], **EXACT)


WRONG: dict[str, tuple[str, Callable[..., Tensor]]] = {
    "minimax sign": ("gan_minimax", lambda r, f, h: torch.nn.functional.softplus(f).mean()),
    "lsgan G without its half": ("lsgan_011", lambda r, f, h: (f - h["c"]).square().mean()),
    "lsgan G to the fake target": ("lsgan_011", lambda r, f, h: 0.5 * (f - h["a"]).square().mean()),
    "non-saturating from labels of fakes": ("gan_ns", lambda r, f, h: torch.nn.functional.softplus(f).mean()),
}


@pytest.mark.parametrize("mistake", sorted(WRONG))
def test_known_mistakes_are_caught(mistake: str) -> None:
    name, wrong = WRONG[mistake]
    x, hyper, e = example(name)
    r, f = list(x.values())
    assert wrong(r, f, hyper).item() != pytest.approx(e["expected_g_loss"], rel=1e-3)


def play(variant: str, **knobs: Any) -> tuple[Any, list[dict[str, Tensor]]]:
    """One round of a variant whose networks are replaced by the identity on one number per sample: r = x, f = z."""
    cls = ZOO[variant]
    gan = cls(POINTS, check(cls.Knobs, {"batch": 4, **knobs}), torch.Generator().manual_seed(0)).double()
    gan.G, gan.D = torch.nn.Identity(), torch.nn.Identity()
    gan.noise = lambda n: double([-1.0, 0.25])
    gan.energy = lambda v: v.square()
    return gan, list(gan.step(iter([Plain(double([2.0, 0.5]))] * 5)))


def test_step_of_gan_plays_its_losses() -> None:
    _, (d, g) = play("gan")
    assert (d["D"].item(), g["G"].item()) == pytest.approx((0.8701030513100728, 0.9446005536985331), **EXACT)
    _, (*ds, g) = play("gan", g_loss="minimax", n_d=3)
    assert (len(ds), g["G"].item()) == (3, pytest.approx(-0.5696005536985332, **EXACT))


def test_step_of_lsgan_plays_its_losses() -> None:
    _, (d, g) = play("lsgan")           # r = 2, .5; f = -1, .25: D (1 + .25)/4 + (1 + .0625)/4, G (4 + .5625)/4
    assert (d["D"].item(), g["G"].item()) == pytest.approx((0.578125, 1.140625), **EXACT)


@pytest.mark.parametrize("z", ["separate", "shared"])
def test_step_of_began_moves_k_with_this_steps_energies(z: str) -> None:
    gan, (both,) = play("began", k0=0.4, gamma=0.3, lambda_k=0.1, z=z)
    real, fake = (4 + 0.25) / 2, (1 + 0.0625) / 2
    assert both["D"].item() == pytest.approx(real - 0.4 * fake, abs=1e-6)       # k is kept in float32
    assert both["G"].item() == pytest.approx(fake, **EXACT)
    assert gan.k.item() == pytest.approx(0.4 + 0.1 * (0.3 * real - fake), abs=1e-6)
    assert gan.logged["balance/ratio"].item() == pytest.approx(fake / real, abs=1e-6)
    assert gan.logged["balance/k"].item() == pytest.approx(gan.k.item())


def test_began_with_k_at_zero_trains_a_plain_autoencoder() -> None:
    real, fake = double(0.2), double(0.9)
    loss = losses.began_d(real, fake, torch.tensor(0.0))
    assert grad(loss, fake) == 0
    assert grad(loss, real) == 1


def test_began_halves_its_rates_when_M_stalls() -> None:
    cls = ZOO["began"]
    gan = cls(POINTS, check(cls.Knobs, {"halve_lr": 3}), torch.Generator().manual_seed(0))
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
