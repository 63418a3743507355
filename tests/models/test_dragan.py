"""DRAGAN: one round by hand, where its penalty looks, and slips that must be noticed.

r = 4, 0.25 of real samples and f = 2, 0.36 of fakes, for D is a sample's squared length.
"""

import math
from typing import Any

import pytest
import torch
from papers import EXACT, double, staged
from test_papers_steps import WIDE_FAKE, WIDE_REAL, squared
from torch import Tensor
from training import make

from models.dragan import DRAGAN
from models.kit import losses
from models.kit.batch import Plain, Shape
from models.kit.gan import GAN
from tests.models.test_sabotage_steps import Slip, slipped

REAL, R, F = double(WIDE_REAL), (4.0, 0.25), (2.0, 0.36)


def played(gan: GAN) -> list[dict[str, Tensor]]:
    return list(gan.step(iter(lambda: Plain(REAL.detach()), None)))


def seen(gan: GAN) -> list[Tensor]:
    """What D is asked about, in order."""
    asked: list[Tensor] = []
    score = gan.D.function
    gan.D.function = lambda x: asked.append(x) or score(x)
    return asked


def mean(values: Any) -> float:
    return sum(values) / len(values)


def sp(t: float) -> float:
    return math.log1p(math.exp(t))


def test_step_of_dragan_pays_for_the_slopes_around_its_data() -> None:
    gan = staged("dragan", WIDE_FAKE, squared, gp=3.0, perturb=0.4, n_d=2)
    asked = seen(gan)
    *ds, g = played(gan)
    assert len(ds) == 2
    assert len(asked) == 7                              # real, fakes and their surroundings twice; G's fakes
    reach = 0.4 * math.sqrt(mean([4, 0, 0, 0.25]) - mean([2, 0, 0, 0.5]) ** 2)
    for d, u in zip(ds, asked[2::3], strict=True):
        away = (u - REAL) / reach
        assert ((away > 0) & (away < 1)).all()
        assert away.unique().numel() == 4, "each number has its own"
        slopes = (2 * u.norm(dim=1)).tolist()
        logistic = mean([sp(-r) for r in R]) + mean([sp(f) for f in F])
        assert d["D"].item() == pytest.approx(logistic + 3 * mean([(s - 1) ** 2 for s in slopes]), **EXACT)
    assert not torch.equal(asked[2], asked[5])
    assert g["G"].item() == pytest.approx(mean([sp(-f) for f in F]), **EXACT)
    told = {name: gan.logged[name].item() for name in ("penalty/gp", "slope/data", "acc/real", "acc/fake", "prob/fake")}
    assert told == pytest.approx({"penalty/gp": mean([(s - 1) ** 2 for s in slopes]), "slope/data": mean(slopes), "acc/real": 1.0, "acc/fake": 0.0,
                                  "prob/fake": mean([1 / (1 + math.exp(-f)) for f in F])}, **EXACT)


def test_dragan_s_surroundings_by_hand() -> None:
    """std of the numbers 1, 3, 5, 7 is sqrt 5, whatever the sample; half of that, times the noise."""
    x, noise = double([[1.0, 3.0], [5.0, 7.0]]), double([[0.0, 1.0], [0.5, 0.2]])
    wanted = [[1.0, 3 + 0.5 * 5 ** 0.5], [5 + 0.25 * 5 ** 0.5, 7 + 0.1 * 5 ** 0.5]]
    for found, row in zip(losses.perturbed(x, noise, 0.5).tolist(), wanted, strict=True):
        assert found == pytest.approx(row, **EXACT)
    gan = make("dragan", Shape(1, 16), perturb=0.0).gan
    pictures = torch.rand(5, 1, 16, 16)
    assert torch.allclose(gan.around(pictures), pictures)


def test_all_numbers_of_a_sample_go_the_same_part_of_the_way(monkeypatch: pytest.MonkeyPatch) -> None:
    gan = staged("dragan", WIDE_FAKE, squared, perturb=1.0)
    monkeypatch.setattr(losses, "perturbed", lambda x, noise, scale: x + scale)
    away = gan.around(REAL) - REAL
    assert torch.allclose(away[:, 0], away[:, 1])
    assert away[0, 0] != away[1, 0]


AROUND = test_step_of_dragan_pays_for_the_slopes_around_its_data
SLIPS = [
    Slip("dragan: penalty dropped", DRAGAN, "step", " + self.knobs.gp * penalty", "", AROUND),
    Slip("dragan: penalty at the data themselves", DRAGAN, "step", "self.around(x)", "x.clone()", AROUND),
    Slip("dragan: penalty at fakes", DRAGAN, "step", "self.around(x)", "self.fakes(len(x))", AROUND),
    Slip("dragan: sign of G", DRAGAN, "step", "losses.logistic_g,", "lambda scores: -losses.logistic_g(scores),", AROUND),
]


@pytest.mark.parametrize("slip", SLIPS, ids=[slip.name for slip in SLIPS])
def test_a_slip_is_noticed(slip: Slip, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(slip.where, slip.method, slipped(slip))
    with pytest.raises(AssertionError):
        slip.guard()
