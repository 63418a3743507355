"""EBGAN, EBGAN-PT and MAGAN equal their papers' closed forms on numbers worked out by hand, gradients included."""

from itertools import pairwise

import pytest
import torch

from models import ZOO
from models.kit import losses
from models.kit.batch import POINTS, Plain, Shape
from models.kit.knobs import check
from tests.papers import EXACT, double, example, grad
from tests.training import make, train


@pytest.mark.parametrize("name", ["ebgan", "ebgan_sum_energy"])
def test_ebgan(name: str) -> None:
    x, hyper, e = example(name)
    reduction = "sum" if hyper["energy"] == "sse" else "mean"
    real = losses.reconstruction(x["x"], x["recon_x"], 2, reduction)
    fake = losses.reconstruction(x["g"], x["recon_g"], 2, reduction)
    assert real.tolist() == pytest.approx(e["expected_extra"]["energy_real"], **EXACT)
    assert fake.tolist() == pytest.approx(e["expected_extra"]["energy_fake"], **EXACT)
    assert losses.margin_d(real, fake, hyper["margin"]).item() == pytest.approx(e["expected_d_loss"], **EXACT)
    assert losses.energy_g(fake).item() == pytest.approx(e["expected_g_loss"], **EXACT)
    if name == "ebgan":                                                     # the hinge of the batch's mean is another number
        assert (real.mean() + torch.relu(1.0 - fake.mean())).item() == pytest.approx(e["expected_extra"]["wrong_batch_level_hinge"], **EXACT)


def test_a_sum_of_pixels_with_margin_P_m_is_P_times_the_mean_with_margin_m() -> None:
    a, b = example("ebgan")[2], example("ebgan_sum_energy")[2]
    assert b["expected_d_loss"] == pytest.approx(4 * a["expected_d_loss"], **EXACT)


def test_fakes_above_the_margin_are_left_alone() -> None:
    x, hyper, e = example("ebgan_all_above_margin")
    d, g = losses.margin_d(x["energy_real"], x["energy_fake"], hyper["margin"]), losses.energy_g(x["energy_fake"])
    assert d.item() == pytest.approx(e["expected_d_loss"], **EXACT)
    assert grad(d, x["energy_fake"]) == e["expected_extra"]["grad_d_wrt_energy_fake"]
    assert grad(g, x["energy_fake"]) == pytest.approx(e["expected_extra"]["grad_g_wrt_energy_fake"], **EXACT)
    below = double([0.25, 2.0])
    assert grad(losses.margin_d(x["energy_real"], below, 1.0), below) == pytest.approx([-0.5, 0.0], **EXACT)


def test_pulling_away() -> None:
    x, hyper, e = example("ebgan_pt")
    pt = losses.pulling_away(x["embeddings"])
    assert pt.item() == pytest.approx(e["expected_extra"]["pulling_away"], **EXACT)
    assert (losses.energy_g(x["energy_fake"]) + hyper["lambda_pt"] * pt).item() == pytest.approx(e["expected_g_loss"], **EXACT)
    assert losses.pulling_away(double([[1.0, 2.0]] * 3)).item() == pytest.approx(1.0, **EXACT)
    assert losses.pulling_away(double([[1.0, 0.0], [0.0, 3.0]])).item() == pytest.approx(0.0, **EXACT)
    assert losses.pulling_away(double([[1.0, 1.0], [-2.0, -2.0]])).item() == pytest.approx(1.0, **EXACT)        # unsquared: -1
    assert losses.pulling_away(double([[1.0, 1.0]])).item() == 0                                                # one row: no pair
    assert losses.pulling_away(double([[0.0, 0.0], [1.0, 0.0]])).isfinite()
    scaled = x["embeddings"].detach() * torch.tensor([[2.0], [0.1], [5.0]])
    assert losses.pulling_away(scaled).item() == pytest.approx(pt.item(), **EXACT)


@pytest.mark.parametrize("variant", ["ebgan", "ebgan_pt", "magan"])
def test_gradient_of_G_runs_through_what_should_be_redrawn(variant: str) -> None:
    """Detaching the target of the redrawing keeps the value and turns the gradient round."""
    _, _, e = example("ebgan_detached_target", tensors=False)
    w = torch.tensor([[0.5, 0.8]], dtype=torch.float64)
    cls = ZOO[variant]
    gan = cls(POINTS, check(cls.Knobs, {"critic": "plain", "reduction": "mean"}), None).double()
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


def test_magan_losses() -> None:
    x, hyper, e = example("magan_loss")
    assert losses.margin_d(x["energy_real"], x["energy_fake"], hyper["margin"]).item() == pytest.approx(e["expected_d_loss"], **EXACT)
    assert losses.energy_g(x["energy_fake"]).item() == pytest.approx(e["expected_g_loss"], **EXACT)


def test_magan_margin_over_epochs() -> None:
    _, hyper, e = example("magan_margin", tensors=False)
    margin, before, seen = double(hyper["margin0"]), double(float("inf")), []
    for real, fake in e["inputs"]["epochs"]:
        margin = losses.margin_rule(margin, double(real), double(fake), before)
        before = double(fake)
        seen.append(margin.item())
    assert seen == e["expected_state"]["margins"]


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


def test_magan_with_margin_zero_ignores_fakes() -> None:
    x, _, e = example("magan_pretrain")
    assert losses.margin_d(x["energy_real"], double([9.0, 12.0]), 0.0).item() == pytest.approx(e["expected_d_loss"], **EXACT)


def test_step_of_ebgan_plays_its_losses() -> None:
    cls = ZOO["ebgan"]
    gan = cls(POINTS, check(cls.Knobs, {"batch": 4, "margin": 0.5}), torch.Generator().manual_seed(0)).double()
    gan.G, gan.D = torch.nn.Identity(), torch.nn.Identity()
    gan.noise = lambda n: double([-1.0, 0.25])
    gan.energy, gan.energy_and_code = (lambda v: v.square()), (lambda v: (v.square(), v))
    d, g = list(gan.step(iter([Plain(double([2.0, 0.5]))] * 2)))
    assert d["D"].item() == pytest.approx((4 + 0.25) / 2 + (0 + 0.5 - 0.0625) / 2, **EXACT)
    assert g["G"].item() == pytest.approx((1 + 0.0625) / 2, **EXACT)
    assert gan.logged["hinge/active"].item() == 0.5
