"""RGAN, RaGAN, R3GAN and Softmax GAN: steps worked out by hand, what a number added to all scores changes (nothing), and known mistakes."""

import math
from collections.abc import Callable
from typing import Any

import pytest
import torch
from papers import EXACT, caught, double, grad, staged
from torch import Tensor
from torch.nn.functional import softplus
from training import make, train

from models import ZOO
from models.kit import losses
from models.kit.batch import POINTS, Plain
from models.kit.gan import GAN
from models.r3gan import R3GAN

REAL, FAKE = [[2.0], [0.5]], [[-1.0], [0.25]]
SHIFTLESS = ("rgan", "ragan", "r3gan", "softmax_gan")


def sp(t: float) -> float:
    return math.log1p(math.exp(t))


def played(gan: GAN, real: Any = REAL) -> list[dict[str, Tensor]]:
    return list(gan.step(iter(lambda: Plain(double(real).detach()), None)))


def told(gan: GAN) -> dict[str, float]:
    return {name: value.item() for name, value in gan.logged.items()}


def test_step_of_rgan() -> None:
    gan = staged("rgan", FAKE, n_d=3)
    *ds, g = played(gan)                                    # pairs: 2 above -1 by 3, 0.5 above 0.25 by 0.25
    assert [d["D"].item() for d in ds] == pytest.approx([(sp(-3) + sp(-0.25)) / 2] * 3, **EXACT)
    assert g["G"].item() == pytest.approx((sp(3) + sp(0.25)) / 2, **EXACT)
    assert told(gan) == pytest.approx({"gap/mean": 1.625, "acc/pairs": 1.0, "prob/pairs": (math.exp(-sp(-3)) + math.exp(-sp(-0.25))) / 2}, **EXACT)


@pytest.mark.parametrize("variant", ["rgan", "ragan"])
def test_a_gradient_penalty_is_added_at_mixtures_of_pairs(variant: str) -> None:
    seen: list[Tensor] = []
    gan = staged(variant, [[-1.0, 1.0], [0.6, 0.0]], lambda x: seen.append(x) or x.square().sum(1), gp=3.0)
    plain = staged(variant, [[-1.0, 1.0], [0.6, 0.0]], lambda x: x.square().sum(1))
    wide = [[2.0, 0.0], [0.0, 0.5]]
    (d, g), (bare, same) = played(gan, wide), played(plain, wide)
    slopes = 2 * seen[2].norm(dim=1)
    assert (d["D"] - bare["D"]).item() == pytest.approx(3 * (slopes - 1).square().mean().item(), **EXACT)
    assert g["G"].item() == same["G"].item()
    shares = torch.nanmean((seen[2] - seen[1]) / (seen[0] - seen[1]), 1)
    assert ((shares >= 0) & (shares <= 1)).all()
    assert shares[0] != shares[1], "one ε for each pair"
    assert "penalty/gp" not in plain.logged


def test_step_of_ragan_by_its_three_bases() -> None:
    """Means 1.25 and -0.375: real data lie 2.375 and 0.875 above the fakes' mean, fakes 2.25 and 1 below that of real data."""
    above, below = (2.375, 0.875), (2.25, 1.0)
    costs = {"logistic": lambda t: sp(-t), "least squares": lambda t: (t - 1) ** 2, "hinge": lambda t: max(0.0, 1 - t)}
    for base, h in costs.items():
        gan = staged("ragan", FAKE, base=base, n_d=2)
        *ds, g = played(gan)
        assert [d["D"].item() for d in ds] == pytest.approx([sum(map(h, above)) / 2 + sum(map(h, below)) / 2] * 2, **EXACT)
        assert g["G"].item() == pytest.approx(sum(h(-t) for t in above) / 2 + sum(h(-t) for t in below) / 2, **EXACT)
        assert {name: told(gan)[name] for name in ("gap/mean", "acc/real", "acc/fake")} == {"gap/mean": 1.625, "acc/real": 1.0, "acc/fake": 1.0}
        assert told(gan)["prob/real"] == pytest.approx((math.exp(-sp(-2.375)) + math.exp(-sp(-0.875))) / 2, **EXACT)
        assert told(gan)["prob/fake"] == pytest.approx((math.exp(-sp(2.25)) + math.exp(-sp(1.0))) / 2, **EXACT)


def test_step_of_r3gan_pays_for_squared_slopes_at_both() -> None:
    """D = |v|^2 in the plane: its squared slope is 4 |v|^2."""
    gan = staged("r3gan", [[-1.0, 1.0], [0.6, 0.0]], lambda x: x.square().sum(1), gp=3.0, burn_in=0)
    d, g = played(gan, [[2.0, 0.0], [0.0, 0.5]])
    r1, r2 = 4 * (4 + 0.25) / 2, 4 * (2 + 0.36) / 2
    assert d["D"].item() == pytest.approx((sp(-(4 - 2)) + sp(-(0.25 - 0.36))) / 2 + 1.5 * (r1 + r2), **EXACT)
    assert g["G"].item() == pytest.approx((sp(4 - 2) + sp(0.25 - 0.36)) / 2, **EXACT)
    assert told(gan) == pytest.approx({"gap/mean": (2 - 0.11) / 2, "acc/pairs": 0.5, "penalty/r1": r1, "penalty/r2": r2, "burn_in/gamma": 3.0,
                                       "prob/pairs": (math.exp(-sp(-2)) + math.exp(-sp(0.11))) / 2}, **EXACT)


def test_penalties_of_r3gan_reach_the_critic_s_weight() -> None:
    gan = staged("r3gan", FAKE, lambda x, w: w * x[:, 0], 0.5, gp=2.0, burn_in=0)
    d = played(gan)[0]["D"]
    slope = torch.autograd.grad(d, gan.D.w)[0].item()
    pairs = -(3 * math.exp(-sp(1.5)) + 0.25 * math.exp(-sp(0.125))) / 2          # of the loss on 3w and 0.25w
    assert slope == pytest.approx(pairs + 2.0 / 2 * (2 * 0.5 + 2 * 0.5), **EXACT)


@pytest.mark.parametrize(("steps", "share"), [(0, 0.0), (25, (1 - math.sqrt(0.5)) / 2), (50, 0.5), (100, 1.0), (900, 1.0)])
def test_the_burn_in_of_r3gan_follows_half_a_cosine(steps: int, share: float) -> None:
    trainer = make("r3gan", POINTS, burn_in=100, lr_g=4e-4, lr_d=8e-4, gp=2.0)
    trainer.gan.steps = steps
    row = train(trainer, 1)
    assert row["burn_in/gamma"][0] == pytest.approx(2.0 * (1 - 0.9 * share), rel=1e-6)
    for player, rate in (("D", 8e-4), ("G", 4e-4)):
        assert trainer.lr[player].item() == pytest.approx(rate * (1 - 0.75 * share), rel=1e-6)
        assert trainer.optimisers[player].param_groups[0]["betas"] == (0.0, pytest.approx(0.9 + 0.09 * share))
    still = make("r3gan", POINTS, burn_in=0, gp=2.0)
    still.gan.steps = steps
    assert train(still, 1)["burn_in/gamma"] == [2.0]
    assert still.optimisers["D"].param_groups[0]["betas"] == (0.0, 0.9)


def test_step_of_softmax_gan() -> None:
    gan = staged("softmax_gan", [[1.0], [0.7]])
    d, g = played(gan, [[0.1], [0.4]])
    log_z = math.log(sum(math.exp(-mu) for mu in (0.1, 0.4, 1.0, 0.7)))
    assert (d["D"].item(), g["G"].item()) == pytest.approx((0.25 + log_z, 0.55 + log_z), **EXACT)
    mass = (math.exp(-0.1) + math.exp(-0.4)) / math.exp(log_z)
    assert told(gan) == pytest.approx({"gap/mean": 0.6, "mass/real": mass, "excess/d": 0.25 + log_z - math.log(2),
                                       "excess/g": 0.55 + log_z - math.log(4)}, **EXACT)


def test_softmax_gan_at_rest_at_extremes_and_its_gradients() -> None:
    r, f = double([3.0, 3.0, 3.0]), double([3.0, 3.0, 3.0])
    d, g = losses.softmax_d(r, f), losses.softmax_g(r, f)
    assert (d.item(), g.item()) == pytest.approx((math.log(6), math.log(6)), **EXACT)
    assert grad(g, r) + grad(g, f) == pytest.approx([0.0] * 6, abs=1e-12)
    assert grad(d, r) == pytest.approx([1 / 3 - 1 / 6] * 3, **EXACT)
    r, f = double([0.1, 0.4]), double([1.0, 0.7])
    shares = torch.softmax(-torch.cat([r, f]), 0)
    assert grad(losses.softmax_g(r, f), f) == pytest.approx((1 / 4 - shares[2:]).tolist(), **EXACT)
    far = torch.tensor([-1000.0, 1000.0], requires_grad=True)
    assert losses.softmax_g(far, -far).isfinite()
    assert torch.autograd.grad(losses.softmax_d(far, -far), far)[0].isfinite().all()


@pytest.mark.parametrize("variant", SHIFTLESS)
def test_a_number_added_to_every_score_changes_nothing(variant: str) -> None:
    """So that no mean score is charted by itself."""
    wide = [[2.0, 0.3], [0.5, 0.1]]
    plain, moved = (staged(variant, [[-1.0, 0.2], [0.25, 0.7]], lambda x, by=by: x.square().sum(1) + by) for by in (0.0, 7.0))
    assert [loss.item() for yielded in played(plain, wide) for loss in yielded.values()] == pytest.approx(
        [loss.item() for yielded in played(moved, wide) for loss in yielded.values()], **EXACT)
    assert told(plain) == pytest.approx(told(moved), **EXACT)
    assert ZOO[variant].pair is None


def test_pairs_and_averages_at_rest_and_where_they_pull() -> None:
    same = double([0.3, -1.0])
    assert losses.relativistic(same, same).item() == pytest.approx(math.log(2), **EXACT)
    one, other = double([0.7]), double([-0.4])
    assert losses.relativistic_average(one, other, "logistic").item() == pytest.approx(2 * losses.relativistic(one, other).item(), **EXACT)
    for base in losses.RELATIVE:
        r, f = double([2.0, 0.5]), double([-1.0, 0.25])
        assert all(pull < 0 for pull in grad(losses.relativistic_average(f, r, base), f)), "every fake's score is raised"
    assert grad(losses.relativistic_average(f, r, "logistic"), f) == pytest.approx([-0.8574967632579431, -0.7707007850225003], **EXACT)


@pytest.mark.parametrize("variant", sorted(ZOO))
def test_a_variant_names_its_pair_of_means_or_says_that_it_has_none(variant: str) -> None:
    cls = ZOO[variant]
    assert cls.score_unit()
    if cls.pair:
        assert len({cls.scalars[name].unit for name in cls.pair}) == 1
        assert not cls.unit
    else:
        assert not any(name.split("/")[0] in ("score", "energy") for name in cls.scalars)


def first_term_only(higher: Tensor, lower: Tensor, base: str) -> Tensor:
    return losses.RELATIVE[base](higher - lower.mean()).mean()


def halved(higher: Tensor, lower: Tensor, base: str) -> Tensor:
    return 0.5 * (first_term_only(higher, lower, base) + losses.RELATIVE[base](higher.mean() - lower).mean())


def detached_means(higher: Tensor, lower: Tensor, base: str) -> Tensor:
    return first_term_only(higher, lower.detach(), base) + losses.RELATIVE[base](higher.mean().detach() - lower).mean()


def lengths(scores: Tensor, x: Tensor) -> Tensor:
    return torch.autograd.grad(scores.sum(), x, create_graph=True)[0].norm(dim=1)


def without_a_graph(scores: Tensor, x: Tensor) -> Tensor:
    return torch.autograd.grad(scores.sum(), x, retain_graph=True)[0].square().sum(1)


BASES, SQUARED, AT_REST = (test_step_of_ragan_by_its_three_bases, test_step_of_r3gan_pays_for_squared_slopes_at_both,
                           test_pairs_and_averages_at_rest_and_where_they_pull)
MISTAKES: list[tuple[str, str, Callable[..., Tensor], Callable[[], None]]] = [
    ("rgan: the loss of GAN's G", "relativistic", lambda higher, lower: softplus(-higher).mean(), test_step_of_rgan),
    ("rgan: doubled", "relativistic", lambda higher, lower: 2 * softplus(lower - higher).mean(), test_step_of_rgan),
    ("rgan: sign", "relativistic", lambda higher, lower: softplus(higher - lower).mean(), test_step_of_rgan),
    ("ragan: one term only", "relativistic_average", first_term_only, BASES),
    ("ragan: a half", "relativistic_average", halved, BASES),
    ("ragan: means without a gradient", "relativistic_average", detached_means, AT_REST),
    ("r3gan: lengths that are not squared", "gradient_squares", lengths, SQUARED),
    ("r3gan: penalties without a graph", "gradient_squares", without_a_graph, test_penalties_of_r3gan_reach_the_critic_s_weight),
    ("softmax: a mean in Z", "log_partition", lambda real, fake: (-torch.cat([real, fake])).exp().mean().log(), test_step_of_softmax_gan),
    ("softmax: Z over fakes alone", "log_partition", lambda real, fake: torch.logsumexp(-fake, 0), test_step_of_softmax_gan),
    ("softmax: sign of μ", "log_partition", lambda real, fake: torch.logsumexp(torch.cat([real, fake]), 0), test_step_of_softmax_gan),
    ("softmax: overflow", "log_partition", lambda real, fake: (-torch.cat([real, fake])).exp().sum().log(),
     test_softmax_gan_at_rest_at_extremes_and_its_gradients),
]


@pytest.mark.parametrize(("name", "attribute", "wrong", "guard"), MISTAKES, ids=[name for name, *_ in MISTAKES])
def test_a_known_mistake_is_caught(name: str, attribute: str, wrong: Callable[..., Tensor], guard: Callable[[], None],
                                   monkeypatch: pytest.MonkeyPatch) -> None:
    caught(guard, attribute, wrong, monkeypatch)


def test_a_burn_in_that_is_forgotten_is_caught(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(R3GAN, "burned", lambda self, start, end: start)
    with pytest.raises(AssertionError):
        test_the_burn_in_of_r3gan_follows_half_a_cosine(50, 0.5)
