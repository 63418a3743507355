"""GLS-GAN: one round by hand, its ends, its clip, and slips that must be noticed.

r = 4, 0.25 of real samples and f = 2, 0.36 of fakes, for D is a sample's squared length.
"""

from functools import partial
from typing import Any

import pytest
import torch
from papers import EXACT, double, grad, staged
from test_papers_steps import WIDE_FAKE, WIDE_REAL, penalised, squared
from torch import Tensor
from training import make

from models.gls_gan import GLSGAN
from models.kit import losses
from models.kit.batch import POINTS, Plain, Shape
from models.kit.gan import GAN
from tests.models.test_sabotage_steps import Slip, slipped

REAL, R, F = double(WIDE_REAL), (4.0, 0.25), (2.0, 0.36)


def played(gan: GAN) -> list[dict[str, Tensor]]:
    return list(gan.step(iter(lambda: Plain(REAL.detach()), None)))


def mean(values: Any) -> float:
    return sum(values) / len(values)


@pytest.mark.parametrize("z", ["separate", "shared"])
def test_step_of_gls_gan_counts_pairs_that_violate_a_wide_margin_whole(z: str) -> None:
    """|x - g| is (3 + 1) / 2 and (0.6 + 0.5) / 2, times 4, and r - f is 2 and -0.11."""
    gan, cost = staged("gls_gan", WIDE_FAKE, squared, nu=-1.0, tau=4.0, clip=0.0, z=z), (8 + 2 + 2.2 - 0.11) / 2
    d, g = played(gan)
    assert (d["D"].item(), g["G"].item()) == pytest.approx((cost, mean(F)), **EXACT)
    told = {name: gan.logged[name].item() for name in ("gap/mean", "gap/delta", "cost/mean", "pairs/violated")}
    assert told == pytest.approx({"gap/mean": mean(F) - mean(R), "gap/delta": (8 + 2.2) / 2, "cost/mean": cost, "pairs/violated": 1.0}, **EXACT)
    assert "clip/share" not in gan.logged


def test_step_of_gls_gan_counts_kept_margins_by_ν_and_pays_for_slopes_beyond_1() -> None:
    """With τ = 0.1 the second pair keeps its margin by 0.055: it counts by ν."""
    gan = staged("gls_gan", WIDE_FAKE, squared, nu=-0.5, tau=0.1, clip=0.0, gp=3.0)
    (u,), (d, _) = penalised(gan, 1), gan.told
    steep = torch.relu(2 * u.norm(dim=1) - 1).square().mean().item()
    assert d["D"].item() == pytest.approx((2.2 + 0.5 * 0.055) / 2 + 3 * steep, **EXACT)
    assert gan.logged["pairs/violated"].item() == 0.5


def test_gls_gan_is_ls_gan_s_hinge_at_0_and_wgan_at_1() -> None:
    r, f, delta = double([0.2, 0.5]), double([1.0, 0.3]), double([0.6, 0.4])
    assert losses.generalized_d(r, f, delta, 0.0).item() == losses.loss_sensitive_d(r, f, delta, 1.0, 0.0).item()
    both = losses.generalized_d(r, f, delta, 1.0), losses.wasserstein_d(r, f)
    assert [grad(both[0], of) for of in (r, f)] == [[-v for v in grad(both[1], of)] for of in (r, f)], "larger is fake here"
    assert grad(losses.generalized_d(r, f, delta, 0.5), f) == pytest.approx([-0.25, -0.5], **EXACT)
    assert grad(losses.generalized_d(r, f, delta, -1.0), f) == pytest.approx([0.5, -0.5], **EXACT)


@pytest.mark.parametrize("shape", [POINTS, Shape(1, 16)])
def test_gls_gan_clips_D_after_its_update_and_before_G_s(shape: Shape) -> None:
    trainer = make("gls_gan", shape, clip=0.01, lr_d=1e-2, z="shared")
    largest = []
    for yielded in trainer.gan.step(trainer.batches):
        largest.append(max(p.abs().max().item() for p in trainer.gan.D.parameters()))
        trainer._move(yielded)
    assert largest[0] > 0.05
    assert largest[1] == pytest.approx(0.01)
    assert 0 < trainer.gan.logged["clip/share"] <= 1


KEPT = test_step_of_gls_gan_counts_kept_margins_by_ν_and_pays_for_slopes_beyond_1
SLIPS = [
    Slip("gls_gan: a hinge", GLSGAN, "step", "delta, k.nu", "delta, 0.0", KEPT),
    Slip("gls_gan: sign of the scores", GLSGAN, "step", "generalized_d(real, fake,", "generalized_d(fake, real,", KEPT),
    Slip("gls_gan: clips after G", GLSGAN, "step", "if k.clip:", "if False:",
         partial(test_gls_gan_clips_D_after_its_update_and_before_G_s, POINTS)),
]


@pytest.mark.parametrize("slip", SLIPS, ids=[slip.name for slip in SLIPS])
def test_a_slip_is_noticed(slip: Slip, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(slip.where, slip.method, slipped(slip))
    with pytest.raises(AssertionError):
        slip.guard()
