"""Distances between clouds of features: closed forms, and agreement with the libraries that the field quotes."""

import math

import numpy as np
import pytest
import torch
from prdc import compute_prdc
from torch import Tensor, nn

from playground.data.sources import torchvision_compat  # noqa: F401  (torchmetrics imports torchvision, which needs this import beside a CPU torch)
from playground.evaluation.metrics import Moments, Scale, frechet_distance, kernel_distance, moments, prdc


def cloud(n: int, d: int = 6, seed: int = 0, shift: float = 0.0, spread: float = 1.0) -> Tensor:
    return shift + spread * torch.randn(n, d, generator=torch.Generator().manual_seed(seed))


def distance(a: Tensor, b: Tensor) -> float:
    return frechet_distance(moments(a), moments(b))


def gaussian(mean: list[float], cov: list[list[float]]) -> Moments:
    return Moments(torch.tensor(mean, dtype=torch.float64), torch.tensor(cov, dtype=torch.float64))


class Flat(nn.Module):
    """Features that are the numbers themselves."""

    num_features = 12

    def forward(self, x: Tensor) -> Tensor:
        return x.flatten(1)


def test_moments_by_hand():
    found = moments(torch.tensor([[0.0, 1.0], [2.0, 5.0]]))
    assert found.mean.tolist() == [1.0, 3.0]
    assert found.cov.tolist() == [[2.0, 4.0], [4.0, 8.0]]


@pytest.mark.parametrize(("a", "b", "value"), [
    (gaussian([0, 0], [[1, 0], [0, 1]]), gaussian([3, 4], [[1, 0], [0, 1]]), 25.0),
    (gaussian([0, 0], [[4, 0], [0, 9]]), gaussian([0, 0], [[1, 0], [0, 1]]), (2 - 1) ** 2 + (3 - 1) ** 2),
    (gaussian([1, 0], [[0, 0], [0, 0]]), gaussian([0, 0], [[2, 1], [1, 2]]), 1 + 4),                     # a constant: all is trace
    (gaussian([0, 0], [[2, 1], [1, 2]]), gaussian([0, 0], [[2, -1], [-1, 2]]), 8 - 4 * math.sqrt(3)),    # eigenvalues of AB: 3 and 3
])
def test_frechet_by_hand(a, b, value):
    assert frechet_distance(a, b) == pytest.approx(value, abs=1e-9)
    assert frechet_distance(b, a) == pytest.approx(value, abs=1e-9)


def test_frechet_of_a_cloud_to_itself_is_0():
    x = cloud(500, 64)
    assert distance(x, x) == pytest.approx(0, abs=1e-9)
    assert distance(x[:20], x[:20]) == pytest.approx(0, abs=1e-6)       # fewer samples than features: singular


def test_frechet_does_not_see_a_rotation_and_grows_with_noise():
    a, b = cloud(400, 8), cloud(300, 8, 1, shift=0.5) * torch.linspace(0.5, 2, 8)
    turn = torch.linalg.qr(cloud(8, 8, 2).double()).Q
    assert distance(a.double() @ turn, b.double() @ turn) == pytest.approx(distance(a, b), rel=1e-6)
    grown = [distance(a, a + sd * cloud(400, 8, 3)) for sd in (0.0, 0.3, 1.0, 3.0)]
    assert grown == sorted(grown)
    assert grown[1] > 1e-3


def test_frechet_is_that_of_torchmetrics():
    from torchmetrics.image.fid import FrechetInceptionDistance

    a, b = cloud(300, 12, 4).double(), cloud(200, 12, 5, 0.3, 1.5).double()
    oracle = FrechetInceptionDistance(feature=Flat(), input_img_size=(3, 2, 2), normalize=True).set_dtype(torch.float64)
    oracle.update(a.reshape(-1, 3, 2, 2), real=True)
    oracle.update(b.reshape(-1, 3, 2, 2), real=False)
    assert distance(a, b) == pytest.approx(oracle.compute().item(), rel=1e-6)


def test_kernel_distance_by_hand():
    a, b = torch.tensor([[1.0, 1.0], [1.0, -1.0]]), torch.tensor([[2.0, 0.0], [0.0, 0.0], [0.0, 2.0]])
    within_a, within_b = (0 / 2 + 1) ** 3, (1 + 1 + 1) / 3              # all other pairs are at right angles, or with 0
    across = (8 + 8 + 1 + 1 + 8 + 0) / 6                                 # (2 / 2 + 1)³, (0 + 1)³, (-2 / 2 + 1)³
    assert kernel_distance(a, b) == pytest.approx(within_a + within_b - 2 * across)


@pytest.mark.filterwarnings("ignore:Metric `Kernel")
def test_kernel_distance_is_that_of_torchmetrics():
    from torchmetrics.image.kid import KernelInceptionDistance

    a, b = cloud(150, 12, 6), cloud(150, 12, 7, 0.3)
    oracle = KernelInceptionDistance(feature=Flat(), subsets=1, subset_size=150, normalize=True)        # one subset of all: nothing is left to chance
    oracle.update(a.reshape(-1, 3, 2, 2), real=True)
    oracle.update(b.reshape(-1, 3, 2, 2), real=False)
    assert kernel_distance(a, b) == pytest.approx(oracle.compute()[0].item(), rel=1e-4)


def test_kernel_distance_has_no_bias():
    draws = torch.tensor([kernel_distance(cloud(40, 4, i), cloud(40, 4, 1000 + i)) for i in range(300)])
    assert draws.mean().abs() < 3 * draws.std() / 300 ** 0.5
    assert draws.min() < 0 < draws.max()


@pytest.mark.parametrize("k", [1, 3, 5])
def test_neighbours_are_those_of_prdc(k, capsys):
    real, fake = cloud(200, 4, 8), cloud(180, 4, 9, 0.5, 0.7)
    oracle = compute_prdc(real.double().numpy(), fake.double().numpy(), nearest_k=k)
    found = prdc(real.double(), fake.double(), k)
    for name, value in oracle.items():
        assert getattr(found, name) == pytest.approx(float(np.float64(value)), abs=1e-6), name


def test_neighbours_by_hand():
    """On a line, k = 1: the real ones 0, 1, 5 reach 1, 1 and 4; the fakes 0.5, 8 reach 7.5 both."""
    real, fake = torch.tensor([[0.0], [1.0], [5.0]]), torch.tensor([[0.5], [8.0]])
    assert prdc(real, fake, 1) == pytest.approx((1.0, 1.0, (2 + 1) / 2, 1.0))
    assert prdc(real, real[:2] + 20, 1) == (0.0, 0.0, 0.0, 0.0)
    twice = torch.cat([real, real])
    assert prdc(real, twice, 1).recall == 0.0                            # its neighbourhoods have shrunk to points


def test_recall_sees_repeats_and_precision_does_not():
    real, few = cloud(1000, 4, 10), cloud(100, 4, 11)
    whole, repeated = prdc(real, cloud(1000, 4, 12)), prdc(real, few.repeat(10, 1))
    assert whole.recall > 0.9
    assert repeated.recall < 0.1
    assert repeated.precision > 0.9


def test_a_scale_standardises_and_leaves_what_never_changes():
    x = torch.cat([cloud(100, 2, 13, 3.0, 5.0), torch.full((100, 1), 7.0)], 1)
    scale = Scale.of(x)
    assert scale(x).mean(0) == pytest.approx(torch.zeros(3), abs=1e-5)
    assert scale(x).std(0, correction=0) == pytest.approx(torch.tensor([1.0, 1.0, 0.0]), abs=1e-5)


def test_what_is_no_number_gives_none_and_constants_are_fine():
    real, bad = cloud(50), cloud(50)
    bad[3, 2] = math.nan
    worse = torch.full((50, 6), math.inf)
    for x in (bad, worse):
        assert math.isnan(distance(x, real))
        assert math.isnan(distance(real, x))
        assert not math.isfinite(kernel_distance(x, real))
        assert all(math.isnan(v) for v in (*prdc(real, x), *prdc(x, real)))
    same = torch.ones(50, 6)
    assert distance(same, same) == 0.0
    assert math.isfinite(distance(same, real))
    assert math.isfinite(kernel_distance(same, real))
    assert prdc(real, same).recall == 0.0
