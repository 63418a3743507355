"""EBGAN, EBGAN-PT and MAGAN where the closed-form examples (test_papers_examples) do not look: their networks, and MAGAN's phases."""

from itertools import pairwise

import pytest
import torch
from papers import EXACT, EXAMPLES, double, grad
from training import make, train

from models import ZOO
from models.kit import losses
from models.kit.batch import POINTS, Domain, Shape
from models.kit.knobs import check


def test_a_sum_of_pixels_with_margin_P_m_is_P_times_the_mean_with_margin_m() -> None:
    generator, m, P = torch.Generator().manual_seed(1), 0.68, 12
    x, made, g, remade = (torch.rand(6, 3, 2, 2, generator=generator, dtype=torch.float64) * 2 - 1 for _ in range(4))
    mean, total = ([losses.reconstruction(a, b, 2, reduction) for a, b in ((x, made), (g, remade))] for reduction in ("mean", "sum"))
    assert 0 < (mean[1] < m).sum() < 6, "fakes on both sides of the margin"
    assert losses.margin_d(*total, P * m).item() == pytest.approx(P * losses.margin_d(*mean, m).item(), **EXACT)


def test_fakes_above_the_margin_are_left_alone() -> None:
    fake = double([0.25, 2.0])
    assert grad(losses.margin_d(double([0.3, 0.1]), fake, 1.0), fake) == [-0.5, 0.0]


def test_pulling_away_of_one_row_of_nothing_and_of_other_lengths() -> None:
    codes = double([[1.0, 0.0], [1.0, 1.0], [0.0, 2.0]])
    assert losses.pulling_away(codes[1:2]).item() == 0                                                          # one row: no pair
    assert losses.pulling_away(double([[0.0, 0.0], [1.0, 0.0]])).isfinite()
    scaled = codes.detach() * torch.tensor([[2.0], [0.1], [5.0]])
    assert losses.pulling_away(scaled).item() == pytest.approx(losses.pulling_away(codes).item(), **EXACT)


@pytest.mark.parametrize("variant", ["ebgan", "ebgan_pt", "magan"])
def test_gradient_of_G_runs_through_the_target_of_the_reconstruction(variant: str) -> None:
    """Detaching the target of the reconstruction keeps the value and turns the gradient round."""
    e = EXAMPLES["ebgan_detached_target"]
    w = torch.tensor([[0.5, 0.8]], dtype=torch.float64)
    cls = ZOO[variant]
    gan = cls(Domain(POINTS), check(cls.Knobs, {"critic": "plain", "reduction": "mean"}), None).double()
    gan.D.encoder, gan.D.decoder = torch.nn.Identity(), _Times(w)
    g = double([[0.2, -0.4]])
    energy = gan.energy(g).mean()
    assert energy.item() == pytest.approx(e["expected_g_loss"], abs=1e-7)       # networks return float32
    assert grad(energy, g)[0] == pytest.approx(e["expected_extra"]["grad_g"], abs=1e-7)


class _Times(torch.nn.Module):
    def __init__(self, w: torch.Tensor) -> None:
        super().__init__()
        self.w = w

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return self.w * x


def test_pulling_away_reaches_the_loss_of_G() -> None:
    trainer = make("ebgan_pt", Shape(1, 16), pt=1.0)
    d, g = list(trainer.gan.step(trainer.batches))
    other = make("ebgan_pt", Shape(1, 16), pt=0.0)
    d0, g0 = list(other.gan.step(other.batches))
    assert d["D"].item() == d0["D"].item()
    assert g["G"].item() == pytest.approx(g0["G"].item() + trainer.gan.logged["code/pt"].item(), rel=1e-4)


def test_magan_plays_its_phases() -> None:
    """Pre-training moves D alone; measuring moves nobody and ends at the mean real energy; the margin never rises, nor moves within an epoch."""
    trainer = make("magan", POINTS, pretrain=5, epoch_len=20, lr_g=1e-3, lr_d=1e-3)
    before = {n: p.detach().clone() for n, p in trainer.gan.named_parameters()}

    def moved() -> set[str]:
        changed = {n.split(".")[0] for n, p in trainer.gan.named_parameters() if not torch.equal(p, before[n])}
        before.update({n: p.detach().clone() for n, p in trainer.gan.named_parameters()})
        return changed

    assert trainer.gan.phase() == "warm-up"
    train(trainer, 5)
    assert moved() == {"D"}
    assert trainer.gan.phase() == "measure"
    rows = train(trainer, 20)
    assert moved() == set()
    assert trainer.gan.phase() == "play"
    assert trainer.gan.margin.item() == pytest.approx(sum(rows["energy/real"]) / 20, rel=1e-4)
    rows = train(trainer, 100)
    margins = rows["energy/margin"]
    assert moved() == {"D", "G"}
    assert all(a >= b for a, b in pairwise(margins))
    assert all(len(set(margins[i:i + 20])) == 1 for i in range(0, 100, 20))
    assert margins[0] == margins[39], "the first epoch never changes it"
