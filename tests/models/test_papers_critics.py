"""Critics where the closed-form examples (test_papers_examples) do not look: what D may be, clipping, penalties, decay."""

import pytest
import torch
from papers import EXACT, double, grad
from torch.nn.modules.batchnorm import _BatchNorm
from training import make, train

from models import ZOO
from models.kit import losses
from models.kit.batch import POINTS, Domain, Shape
from models.kit.energy import Energy
from models.kit.knobs import check


@pytest.mark.parametrize("variant", sorted(ZOO))
def test_D_scores_each_sample_by_itself_and_on_no_closed_scale(variant: str, shape: Shape) -> None:
    """A batch norm in D would let a score, and its slope, hang on the other samples: only a variant that says so has one, and at rest it does not.
    A sigmoid at its end would keep a score within [0, 1]."""
    for body in [{}, {"body": "paper"}] if variant == "began" else [{}]:
        gan = make(variant, shape, **body, **{"noise": 0.0} if issubclass(ZOO[variant], Energy) else {}).gan
        gan.train(not gan.batch_norm_d)
        x = torch.randn(6, *shape.dims, generator=torch.Generator().manual_seed(1))
        assert torch.allclose(gan.score(x[:1]), gan.score(x)[:1], rtol=1e-4, atol=1e-6)
        assert any(isinstance(module, _BatchNorm) for module in gan.D.modules()) == gan.batch_norm_d
        with torch.no_grad():
            for p in gan.D.parameters():
                p.mul_(10)
            scores = gan.score(x)
        assert ((scores < 0) | (scores > 1)).any()


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


def test_penalty_reaches_the_critic_s_weights_and_is_finite_at_zero() -> None:
    w = double([3.0, 4.0])
    u = double([[0.1, 0.2], [0.3, 0.4]])
    penalty = losses.gradient_penalty(losses.gradient_norms(u @ w, u))
    assert grad(penalty, w) == pytest.approx([2 * 4 * 0.6, 2 * 4 * 0.8], abs=1e-9)         # d (|w| - 1)^2 / d w = 2 (|w| - 1) w / |w|
    flat = double([0.0, 0.0])
    assert all(torch.isfinite(torch.tensor(grad(losses.gradient_penalty(losses.gradient_norms(u @ flat, u)), flat))))
    unit = double([0.6, 0.8])
    assert losses.gradient_penalty(losses.gradient_norms(u @ unit, u)).item() == pytest.approx(0.0, abs=1e-12)


def test_a_mixture_has_one_epsilon_for_each_sample() -> None:
    with pytest.raises(RuntimeError):
        losses.mixed(torch.zeros(4, 2), torch.ones(4, 2), torch.rand(1))


def test_slopes_between_real_and_fake_are_each_sample_s_own_and_lead_to_the_critic_alone() -> None:
    """One draw from the generator that is given, and no other."""
    x, g = torch.randn(2, 4, 2, generator=torch.Generator().manual_seed(0))
    g, w = g.clone().requires_grad_(), torch.ones(2).requires_grad_()
    drawn, again = torch.Generator().manual_seed(5), torch.Generator().manual_seed(5)
    u = losses.between(x, g, drawn)
    assert torch.equal(u, losses.mixed(x, g, torch.rand(4, generator=again)))
    assert torch.equal(drawn.get_state(), again.get_state())
    norms = losses.slopes(lambda v: (v.square() @ w), u)
    assert torch.allclose(norms, 2 * u.norm(dim=1))
    to_w, to_g = torch.autograd.grad(norms.sum(), [w, g], allow_unused=True)
    assert to_w.norm() > 0
    assert to_g is None


def test_one_sided_penalty_spares_gentle_slopes() -> None:
    assert losses.gradient_penalty(double([0.5, 3.0]), one_sided=True).item() == pytest.approx(2.0, **EXACT)
    assert losses.gradient_penalty(double([0.5, 3.0])).item() == pytest.approx(2.125, **EXACT)


def test_pairs_matter_and_those_that_are_far_enough_apart_say_nothing() -> None:
    real, fake, delta = double([0.2, 0.5]), double([1.0, 0.3]), double([0.6, 0.4])
    assert losses.loss_sensitive_d(real, fake.flip(0), delta, 1.0).item() != pytest.approx(losses.loss_sensitive_d(real, fake, delta, 1.0).item())
    satisfied = double([5.0, 5.0])
    assert grad(losses.loss_sensitive_d(real, satisfied, delta, 1.0), satisfied) == [0, 0]


def test_loss_sensitive_margin_is_a_constant() -> None:
    trainer = make("ls_gan", POINTS)
    d, _ = list(trainer.gan.step(trainer.batches))
    assert all(v is None for v in torch.autograd.grad(d["D"], list(trainer.gan.G.parameters()), allow_unused=True)), "no margin flows into G"


def test_ls_gan_decays_D_alone() -> None:
    cls = ZOO["ls_gan"]
    gan = cls(Domain(POINTS), check(cls.Knobs, {"weight_decay": 1e-3}), torch.Generator().manual_seed(0))
    decays = {p: gan.optimiser(p, list(gan.D.parameters()), torch.tensor(1e-3)).param_groups[0]["weight_decay"] for p in "DG"}
    assert decays == {"D": 1e-3, "G": 0}
    rows = train(make("ls_gan", POINTS), 3)
    assert all(0 <= v <= 1 for v in rows["hinge/active"])
