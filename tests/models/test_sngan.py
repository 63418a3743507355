"""SNGAN: what spectral norm does to D, when it moves, and its two objectives, worked out by hand."""

import pytest
import torch
from examples_spectral import hinge
from papers import EXACT, double, grad, staged
from torch import Tensor, nn
from training import make, train

from models.kit import losses, nets
from models.kit.batch import POINTS, Plain, Shape
from models.sngan import SNGAN
from tests.models.test_papers_examples import compare

GREY = Shape(1, 16)


def matrices(net: nn.Module) -> list[Tensor]:
    """Every layer's weight as a matrix, a row for each output, without a round of power iteration."""
    was = net.training
    found = [m.weight.detach().flatten(1) for m in net.eval().modules() if isinstance(m, (nn.Linear, nn.Conv2d))]
    net.train(was)
    return found


def vectors(net: nn.Module) -> list[Tensor]:
    return [b.clone() for name, b in net.named_buffers() if name.endswith(("_u", "_v"))]


@pytest.mark.parametrize("gain", [1.0, 2.5])
@pytest.mark.parametrize("hidden", [0, 12])
def test_every_layer_of_D_has_a_greatest_singular_value_of_the_gain(gain: float, hidden: int) -> None:
    gan = make("sngan", GREY, gain=gain, hidden_d=hidden).gan
    layers = [m for m in gan.D.modules() if isinstance(m, (nn.Linear, nn.Conv2d))]
    assert all(hasattr(layer, "parametrizations") for layer in layers), "the last one, too"
    assert not any(hasattr(m, "parametrizations") for m in gan.G.modules()), "D alone"
    for _ in range(50):
        gan.D(torch.zeros(1, *GREY.dims))
    exact = [torch.linalg.svdvals(w)[0].item() for w in matrices(gan.D)]
    assert exact == pytest.approx([gain] * len(layers), rel=1e-4)
    assert nets.norms_left(gan.D).tolist() == pytest.approx([1] * len(layers), rel=1e-4)


def test_what_is_left_of_a_norm_is_told_before_power_iteration_has_found_it() -> None:
    layer = nets.normed(nn.Linear(2, 2, bias=False).double())
    layer.parametrizations.weight.original.data.copy_(double([[3.0, 0.0], [0.0, 4.0]]))
    norm = layer.parametrizations.weight[0]
    norm._u.copy_(double([0.6, 0.8]))
    norm._v.copy_(double([1.0, 0.0]))
    assert nets.norms_left(layer).item() == pytest.approx(3 / 1.8, **EXACT)             # |W v| = 3, u W v = 1.8
    assert norm._v.tolist() == [1.0, 0.0]


@pytest.mark.parametrize(("shape", "gain", "steepest"), [(POINTS, 1.0, 1.0), (POINTS, 2.0, 8.0), (GREY, 1.0, 4.0)], ids=["points", "gain", "grey"])
def test_D_is_not_steeper_than_its_norms_allow(shape: Shape, gain: float, steepest: float) -> None:
    """Three linear layers; or two convolutions, each of whose inputs is in 4 windows, and a linear layer."""
    trainer = make("sngan", shape, gain=gain, n_d=1, lr_d=1e-2, width_d=16)
    train(trainer, 20)
    rng, D = torch.Generator().manual_seed(0), trainer.gan.D
    for _ in range(50):
        D(torch.zeros(2, *shape.dims))
    a = torch.randn(500, *shape.dims, generator=rng)
    b = a + 0.1 * torch.randn(500, *shape.dims, generator=rng)
    slopes = (D(a) - D(b)).abs() / (a - b).flatten(1).norm(dim=1)
    assert 0.02 * steepest < slopes.max().item() <= steepest * 1.001


def test_weights_ten_times_as_large_give_the_same_scores() -> None:
    gan, x = make("sngan", POINTS).gan.eval(), torch.randn(20, 2, generator=torch.Generator().manual_seed(0))
    before = gan.D(x)
    with torch.no_grad():
        for layer in gan.D:
            if isinstance(layer, nn.Linear):
                layer.parametrizations.weight.original.mul_(10)
    assert torch.allclose(gan.D(x), before, atol=1e-6)


@pytest.mark.parametrize("rounds", [1, 3])
def test_power_iteration_moves_with_each_forward_pass_in_training_and_never_with_a_view(rounds: int) -> None:
    trainer = make("sngan", POINTS, n_power=rounds)
    D, x = trainer.gan.D, torch.zeros(2, 2)
    for m in D.modules():
        if isinstance(m, nn.Linear):
            norm = m.parametrizations.weight[0]
            norm._v.copy_(torch.nn.functional.normalize(torch.arange(1.0, 1 + len(norm._v)), dim=0))
    by_hand = []
    for m in D.modules():
        if isinstance(m, nn.Linear):
            w, v = m.parametrizations.weight.original.detach(), m.parametrizations.weight[0]._v.clone()
            for _ in range(rounds):
                u = torch.nn.functional.normalize(w @ v, dim=0)
                v = torch.nn.functional.normalize(w.T @ u, dim=0)
            by_hand += [u, v]
    D(x)
    assert all(torch.allclose(a, b, atol=1e-6) for a, b in zip(vectors(D), by_hand, strict=True))
    kept, view = vectors(D), trainer.view()
    view.score(x)
    assert all(torch.equal(a, b) for a, b in zip(vectors(view.D), kept, strict=True))
    assert all(torch.equal(a, b) for a, b in zip(vectors(D), kept, strict=True))


def test_gradients_run_through_the_norm_and_not_through_its_vectors() -> None:
    """d σ / d W is u v' for fixed u and v: the gradient along W itself is 0."""
    gan = make("sngan", POINTS).gan
    raw = [m.parametrizations.weight.original for m in gan.D.modules() if isinstance(m, nn.Linear)]
    loss = gan.D(torch.randn(8, 2, generator=torch.Generator().manual_seed(0))).mean()
    for w, g in zip(raw, torch.autograd.grad(loss, raw), strict=True):
        assert (w * g).sum().abs() < 1e-5 * w.norm() * g.norm()
        assert g.norm() > 0


def test_step_of_sngan() -> None:
    """r = 2, 0.5 and f = -1, 0.25, and then on each side of the margins: a score beyond its own has no gradient."""
    gan = staged("sngan", [[-1.0], [0.25]], spectral=False, n_d=3)
    *ds, g = gan.step(iter(lambda: Plain(double([[2.0], [0.5]]).detach()), None))
    assert [d["D"].item() for d in ds] == pytest.approx([(0 + 0.5) / 2 + (0 + 1.25) / 2] * 3, **EXACT)
    assert g["G"].item() == pytest.approx(0.375, **EXACT)
    wanted = {"score/real": 1.25, "score/fake": -0.375, "acc/real": 1.0, "acc/fake": 0.5, "hinge/real": 0.25, "hinge/fake": 0.625,
              "inside/real": 0.5, "inside/fake": 0.5}
    assert {name: value.item() for name, value in gan.logged.items()} == pytest.approx(wanted, **EXACT)
    r, f = double([1.5, 1.0, -4.0]), double([-1.5, -0.5, 9.0])
    assert grad(losses.hinge_d(r, f), r) == pytest.approx([0, 0, -1 / 3], **EXACT)
    assert grad(losses.hinge_d(r, f), f) == pytest.approx([0, 1 / 3, 1 / 3], **EXACT)


def test_step_of_sngan_with_the_logistic_objective() -> None:
    gan = staged("sngan", [[-1.0], [0.25]], spectral=False, n_d=1, objective="logistic")
    d, g = gan.step(iter([Plain(double([[2.0], [0.5]]).detach())]))
    assert (d["D"].item(), g["G"].item()) == pytest.approx((0.8701030513100728, 0.9446005536985331), **EXACT)
    assert set(gan.logged) == {"score/real", "score/fake", "acc/real", "acc/fake"}


def test_without_spectral_norm_it_is_the_plain_critic_and_has_no_norm_to_tell_of() -> None:
    trainer = make("sngan", POINTS, spectral=False, n_d=1)
    assert not any(hasattr(m, "parametrizations") for m in trainer.gan.modules())
    assert "sigma/most" not in train(trainer, 1)
    assert 0.9 < train(make("sngan", POINTS, gain=2.0), 30)["sigma/most"][-1] / 2 < 1.1


def hinge_of_the_batch_s_mean(real: Tensor, fake: Tensor) -> Tensor:
    return torch.relu(1 - real.mean()) + torch.relu(1 + fake.mean())


def without_its_last_layer(net: nn.Module, *options: float) -> nn.Module:
    return nn.Sequential(NORMED(net[:-3], *options), net[-3:])


NORMED = nets.normed
MISTAKES = [
    ("hinge on the batch's mean", losses, "hinge_d", hinge_of_the_batch_s_mean, lambda: compare("sngan_hinge", hinge)),
    ("margins swapped", losses, "hinge_d", lambda real, fake: torch.relu(1 + real).mean() + torch.relu(1 - fake).mean(), test_step_of_sngan),
    ("G of hinge: the sign", losses, "wasserstein_g", lambda fake: fake.mean(), test_step_of_sngan),
    ("the last layer has no norm", nets, "normed", without_its_last_layer,
     lambda: test_every_layer_of_D_has_a_greatest_singular_value_of_the_gain(1.0, 0)),
    ("G has it, too", SNGAN, "make_g", lambda self: NORMED(nets.generator(self.shape, self.z_dim, 8)),
     lambda: test_every_layer_of_D_has_a_greatest_singular_value_of_the_gain(1.0, 0)),
    ("the gain is left out", nets, "normed", lambda net, rounds, gain: NORMED(net, rounds),
     lambda: test_every_layer_of_D_has_a_greatest_singular_value_of_the_gain(2.5, 0)),
]


@pytest.mark.parametrize(("where", "name", "wrong", "guard"), [mistake[1:] for mistake in MISTAKES], ids=[mistake[0] for mistake in MISTAKES])
def test_a_known_mistake_is_caught(where, name, wrong, guard, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(where, name, wrong)
    with pytest.raises(AssertionError):
        guard()
