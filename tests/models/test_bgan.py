"""BGAN: G is drawn to D's boundary from both sides, from logits alone; the discrete case's weights are constants."""

import pytest
import torch
from examples_boundary import continuous, discrete
from papers import EXACT, double, grad, staged

from models.kit import losses
from models.kit.batch import Plain
from tests.models.test_learns import FACES, distances, learned
from tests.models.test_papers_examples import compare


def test_on_the_boundary_there_is_no_loss_and_no_gradient_and_beyond_it_the_fakes_are_pulled_back() -> None:
    f = double([0.0, 3.0, -3.0])
    assert losses.boundary_g(f[:1]).item() == 0
    assert grad(losses.boundary_g(f), f) == pytest.approx([0, 1, -1], **EXACT)
    assert all(g < 0 for g in grad(losses.logistic_g(f), f)), "GAN's never pulls back"


def test_it_is_the_squared_log_odds_and_stays_finite_where_probabilities_saturate() -> None:
    f = double([1.5, -0.3])
    p = f.sigmoid()
    assert losses.boundary_g(f).item() == pytest.approx((0.5 * (p.log() - (1 - p).log()).square().mean()).item(), **EXACT)
    far = torch.tensor([200.0, -200.0], requires_grad=True)
    assert grad(losses.boundary_g(far), far) == [100.0, -100.0]
    assert not torch.isfinite((far.sigmoid().log() - (1 - far.sigmoid()).log()).square().mean())


def test_weights_sum_to_1_forget_a_constant_and_are_constants() -> None:
    f, log_prob = double([[0.2, -1.0, 3.0], [0.0, 0.0, 0.0]]), double([[-1.0, -2.0, -3.0], [-0.5, -0.1, -0.3]])
    w = losses.boundary_weights(f)
    assert w.sum(1).tolist() == pytest.approx([1, 1], **EXACT)
    assert torch.allclose(losses.boundary_weights(f + 7), w)
    assert not w.requires_grad
    loss = losses.boundary_discrete_g(f, log_prob)
    assert torch.allclose(torch.autograd.grad(loss, log_prob, retain_graph=True)[0], -w / 2)
    assert torch.autograd.grad(loss, f, allow_unused=True)[0] is None


def test_step_of_bgan() -> None:
    gan = staged("bgan", [[-1.0], [0.25]])
    d, g = gan.step(iter([Plain(double([[2.0], [0.5]]).detach())]))
    assert (d["D"].item(), g["G"].item()) == pytest.approx((0.8701030513100728, 0.265625), **EXACT)
    assert gan.logged["boundary/mean"].item() == pytest.approx((1 + 0.25) / 2, **EXACT)
    assert (gan.logged["acc/real"].item(), gan.logged["acc/fake"].item()) == (1.0, 0.5)


def without_fakes(real: torch.Tensor, fake: torch.Tensor, smooth: float = 0.0) -> torch.Tensor:
    return torch.nn.functional.softplus(-real).mean()


def attached(fake: torch.Tensor) -> torch.Tensor:
    return fake.softmax(-1)


@pytest.mark.parametrize(("name", "wrong", "guard"), [
    ("boundary_g", lambda fake: fake.square().mean(), lambda: compare("bgan", continuous)),
    ("boundary_g", lambda fake: 0.5 * fake.abs().mean(), lambda: compare("bgan", continuous)),
    ("boundary_g", losses.logistic_g, test_step_of_bgan),
    ("boundary_weights", lambda fake: fake.detach().sigmoid(), lambda: compare("bgan_discrete", discrete)),
    ("boundary_weights", attached, test_weights_sum_to_1_forget_a_constant_and_are_constants)],
    ids=["without its half", "not squared", "non-saturating", "weights not normalised", "weights not detached"])
def test_a_known_mistake_is_caught(name, wrong, guard, monkeypatch: pytest.MonkeyPatch) -> None:
    guard()
    monkeypatch.setattr(losses, name, wrong)
    with pytest.raises(AssertionError):
        guard()


def test_a_D_that_never_sees_a_fake_teaches_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(losses, "logistic_d", without_fakes)
    before, after = distances("bgan", FACES, "bgan")
    assert not learned(before, after), f"from {before:.2f} to {after:.2f}"
