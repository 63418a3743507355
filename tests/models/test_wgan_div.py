"""WGAN-div: one round by hand, where its penalty looks and what a power costs, and slips that must be noticed.

r = 4, 0.25 of real samples and f = 2, 0.36 of fakes, for D is a sample's squared length.
"""

from typing import Any

import pytest
import torch
from papers import EXACT, double, grad, staged
from test_papers_steps import WIDE_FAKE, WIDE_REAL, penalised, squared
from torch import Tensor

from models.kit import losses
from models.kit.batch import Plain
from models.kit.gan import GAN
from models.wgan_div import WGANDiv
from tests.models.test_sabotage_steps import Slip, slipped

REAL, R, F = double(WIDE_REAL), (4.0, 0.25), (2.0, 0.36)


def played(gan: GAN) -> list[dict[str, Tensor]]:
    return list(gan.step(iter(lambda: Plain(REAL.detach()), None)))


def mean(values: Any) -> float:
    return sum(values) / len(values)


def test_step_of_wgan_div_pays_for_powers_of_the_slopes_at_mixtures() -> None:
    gan = staged("wgan_div", WIDE_FAKE, squared, gp=0.5, power=3.0, n_critic=2)
    mixtures = penalised(gan, 2)
    *ds, g = gan.told
    for d, u in zip(ds, mixtures, strict=True):
        slopes = (2 * u.norm(dim=1)).tolist()
        assert d["D"].item() == pytest.approx(mean(F) - mean(R) + 0.5 * mean([s ** 3 for s in slopes]), **EXACT)
    assert g["G"].item() == pytest.approx(-mean(F), **EXACT)
    told = {name: gan.logged[name].item() for name in ("distance/W", "penalty/slopes", "slope/mean")}
    wanted = {"distance/W": mean(R) - mean(F), "penalty/slopes": mean([s ** 3 for s in slopes]), "slope/mean": mean(slopes)}
    assert told == pytest.approx(wanted, **EXACT)


@pytest.mark.parametrize(("at", "scores"), [("real", R), ("fake", F), ("both", R + F)])
def test_wgan_div_pays_at_its_samples_where_asked_to(at: str, scores: tuple[float, ...]) -> None:
    """Of a squared length v the slope is 2 sqrt v."""
    d, _ = played(staged("wgan_div", WIDE_FAKE, squared, gp=0.5, power=4.0, n_critic=1, at=at))
    assert d["D"].item() == pytest.approx(mean(F) - mean(R) + 0.5 * mean([16 * v ** 2 for v in scores]), **EXACT)


def test_a_power_of_slopes_is_centred_at_0_and_scales_with_its_power() -> None:
    u = double([[0.1, 0.2], [0.3, 0.4]])

    def of(w: Tensor) -> Tensor:
        return 2 * losses.power_penalty(losses.gradient_norms(u @ w, u), 6.0)

    unit, flat = double([0.6, 0.8]), double([0.0, 0.0])
    assert of(unit).item() == pytest.approx(2, **EXACT)
    assert of(2 * unit).item() == pytest.approx(64 * 2, **EXACT)
    assert grad(of(unit), unit) == pytest.approx([2 * 6 * 0.6, 2 * 6 * 0.8], **EXACT)            # d |w|^6 / dw = 6 |w|^5 w / |w|
    assert of(flat).item() == pytest.approx(0, abs=1e-30)
    assert grad(of(flat), flat) == pytest.approx([0, 0], abs=1e-20)
    single = flat.detach().float().requires_grad_()
    assert torch.autograd.grad(losses.power_penalty((u.float() @ single).square().add(1e-12).sqrt(), 6.0), single)[0].isfinite().all()


MIXTURES = test_step_of_wgan_div_pays_for_powers_of_the_slopes_at_mixtures
SLIPS = [
    Slip("wgan_div: penalty dropped", WGANDiv, "step", " + self.knobs.gp * penalty", "", MIXTURES),
    Slip("wgan_div: centred at 1", WGANDiv, "step", "power_penalty(norms,", "power_penalty(norms - 1,", MIXTURES),
    Slip("wgan_div: twice the power", WGANDiv, "step", "power_penalty(norms,", "power_penalty(norms.square(),", MIXTURES),
    Slip("wgan_div: sign of G", WGANDiv, "step", "losses.wasserstein_g(", "-losses.wasserstein_g(", MIXTURES),
]


@pytest.mark.parametrize("slip", SLIPS, ids=[slip.name for slip in SLIPS])
def test_a_slip_is_noticed(slip: Slip, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(slip.where, slip.method, slipped(slip))
    with pytest.raises(AssertionError):
        slip.guard()
