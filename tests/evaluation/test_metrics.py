"""Metrics against values worked by hand."""

import math

import pytest
import torch
from suited import takes

from models import ZOO
from models.kit.batch import POINTS
from models.kit.gan import Latent
from models.kit.knobs import check
from playground.data import load
from playground.evaluation.metrics import energy_distance, modes_found, sample_std, share_within

RING = load("ring8")
AWAY = torch.tensor([[9.0, 9.0]])


def among(counts: list[int], n: int = 2000, modes: torch.Tensor = RING.modes) -> torch.Tensor:
    """n points: `counts[k]` of them on mode k, all others far from every mode."""
    on = modes[:len(counts)].repeat_interleave(torch.tensor(counts, dtype=torch.int64), 0)
    return torch.cat([on, AWAY.expand(n - len(on), 2)])


@pytest.mark.parametrize(("counts", "found"), [
    ([62] * 8, 8), ([61] * 8, 0), ([62, 61, 62, 61], 2), ([2000], 1), ([0] * 8, 0), ([1939, 61], 1), ([1938, 62], 2)])
def test_a_mode_is_found_with_62_of_2000(counts, found):
    assert modes_found(among(counts), RING.modes, RING.sigma) == found


@pytest.mark.parametrize(("n", "modes", "least"), [(1000, 8, 31), (2000, 25, 20), (400, 8, 12), (512, 8, 16), (20, 8, 1)])
def test_a_quarter_of_the_fair_share(n, modes, least):
    centres = torch.stack([torch.arange(modes) * 1.0, torch.zeros(modes)], 1)
    for count, found in ((least, modes), (least - 1, 0)):
        assert modes_found(among([count] * modes, n, centres), centres, 0.1) == found


def test_three_sigma_is_within_and_a_point_counts_for_its_nearest_mode_alone():
    modes = torch.tensor([[0.0, 0.0], [4.0, 0.0]])
    at = torch.tensor([[1.5, 0.0], [0.0, -1.5], [1.5001, 0.0], [0.0, 2.0]])             # 3 sigma is 1.5
    assert share_within(at, modes, 0.5) == 0.5
    between = torch.tensor([[1.9, 0.0]] * 10)                                           # within 3 sigma of both
    assert share_within(between, modes, 1.0) == 1.0
    assert modes_found(between, modes, 1.0) == 1
    assert modes_found(torch.cat([between, 4 - between]), modes, 1.0) == 1


def test_share_within_by_hand():
    assert share_within(among([100, 200, 300]), RING.modes, RING.sigma) == pytest.approx(0.3)
    assert share_within(among([]), RING.modes, RING.sigma) == 0.0
    assert share_within(RING.modes, RING.modes, RING.sigma) == 1.0
    gaussian = 0.3 * torch.randn(20_000, 2, generator=torch.Generator().manual_seed(1))
    assert share_within(gaussian, torch.zeros(1, 2), 0.3) == pytest.approx(1 - math.exp(-4.5), abs=0.003)       # Rayleigh within 3 sigma


def test_points_that_are_no_numbers_are_in_no_mode():
    bad = torch.cat([torch.full((1000, 2), math.nan), torch.full((1000, 2), math.inf)])
    assert modes_found(bad, RING.modes, RING.sigma) == 0
    assert share_within(bad, RING.modes, RING.sigma) == 0.0


@pytest.mark.parametrize("variant", [name for name, cls in ZOO.items() if issubclass(cls, Latent) and takes(name, POINTS)])
@pytest.mark.parametrize("prior", ["normal", "uniform"])
def test_an_untrained_generator_finds_nothing(variant, prior):
    gan = ZOO[variant](RING.domain, check(ZOO[variant].Knobs, {"prior": prior}), torch.Generator().manual_seed(0))
    with torch.no_grad():
        fakes = gan.sample(gan.noise(2000, torch.Generator().manual_seed(1)))
    assert modes_found(fakes, RING.modes, RING.sigma) == 0
    assert share_within(fakes, RING.modes, RING.sigma) < 0.25


def test_sample_std_by_hand():
    assert sample_std(torch.tensor([[0.0, 0.0], [2.0, 4.0]])) == 1.5                    # 1 and 2: of the whole batch, not of a sample of it
    assert sample_std(torch.ones(5, 3, 2, 2)) == 0.0
    assert sample_std(torch.tensor([[[[0]]], [[[255]]]], dtype=torch.uint8)) == 127.5
    one = torch.rand(1, 3, 8, 8, generator=torch.Generator().manual_seed(2))            # spread within a picture is none between pictures
    assert sample_std(one.expand(4, -1, -1, -1)) == pytest.approx(0, abs=1e-6)


@pytest.mark.parametrize(("a", "b", "value"), [
    ([0, 2], [1, 3], 2 * (1 + 3 + 1 + 1) / 4 - 2 - 2),                                   # without bias it may fall below 0
    ([0, 0], [3, 3], 6.0),
    ([0, 1, 3], [5, 6], 2 * (5 + 6 + 4 + 5 + 2 + 3) / 6 - (1 + 3 + 2) / 3 - 1)])
def test_energy_distance_by_hand(a, b, value):
    a, b = torch.tensor(a)[:, None], torch.tensor(b)[:, None]
    assert energy_distance(a, b) == pytest.approx(value, abs=1e-6)
    assert energy_distance(b, a) == pytest.approx(value, abs=1e-6)
    plane = torch.tensor([[0.6, 0.8]])                                                  # the same along a slanted line, and as pictures
    assert energy_distance(a * plane, b * plane) == pytest.approx(value, abs=1e-6)
    assert energy_distance((a * plane).reshape(-1, 1, 1, 2), (b * plane).reshape(-1, 1, 1, 2)) == pytest.approx(value, abs=1e-6)


def test_energy_distance_of_equal_distributions_is_0_in_expectation():
    generator = torch.Generator().manual_seed(3)
    draws = torch.tensor([energy_distance(*torch.randn(2, 40, 2, generator=generator)) for _ in range(400)])
    assert draws.mean().abs() < 3 * draws.std() / 400 ** 0.5
    assert draws.min() < 0 < draws.max()


def test_energy_distance_grows_with_a_shift_as_the_formula_says():
    generator = torch.Generator().manual_seed(4)
    a, b = torch.randn(2, 1500, 1, generator=generator)

    def apart(s: float) -> float:
        """E |X| of X ~ N(s, 2)."""
        return 2 / math.sqrt(math.pi) * math.exp(-s * s / 4) + s * math.erf(s / 2)

    found = [energy_distance(a, b + s) for s in (0.0, 0.3, 1.0, 3.0)]
    assert found == sorted(found)
    for s, value in zip((0.0, 0.3, 1.0, 3.0), found, strict=True):
        assert value == pytest.approx(2 * apart(s) - 2 * apart(0), rel=0.1, abs=0.02)
