"""Points in the plane have the shape that their name says."""

import time

import pytest
import torch
from torch import Tensor

from playground import data
from playground.evaluation import metrics

POINT_SETS = [name for name, found in data.DATASETS.items() if found.kind == "points"]


@pytest.mark.parametrize("name", POINT_SETS)
def test_points_lie_within_the_view(name):
    found = data.load(name)
    assert (found.train.shape, found.held.shape, found.train.dtype) == ((8000, 2), (2000, 2), torch.float32)
    for part in (found.train, found.held):
        assert part.isfinite().all()
        assert part.abs().max() < 3                     # the page draws [-3, 3]
        assert part.mean(0).abs().max() < 0.1           # and is centred
    assert metrics.energy_distance(found.train[:2000], found.held) == pytest.approx(0, abs=0.01)
    if not data.get(name).single:
        assert not (torch.cdist(found.held, found.train, compute_mode="donot_use_mm_for_euclid_dist") == 0).any()


def test_the_sets_are_these_and_quickly_drawn():
    assert POINT_SETS == ["ring8", "grid25", "moons", "swiss_roll", "spirals", "checkerboard", "circles", "pinwheel", "s_curve", "dirac",
                          "drawn"]
    assert [name for name in POINT_SETS if data.load(name).modes is not None] == ["ring8", "grid25"]
    own = {name: data.registry._own(data.check_options(data.get(name), None)) for name in POINT_SETS}
    start = time.process_time()
    for name in POINT_SETS:
        data.get(name).build(0, **own[name])
    assert time.process_time() - start < 0.5            # 20 ms alone on a core


@pytest.mark.parametrize(("name", "first", "last"), [
    ("ring8", (-0.0778628, -1.8629017), (-2.0533354, -0.0902216)), ("moons", (-0.8116376, 1.3070557), (-1.9303806, 0.5688261))])
def test_the_first_two_never_change(name, first, last):
    """Recorded runs and comparisons rest on them. (Other processors may differ in the last bit of a cosine.)"""
    found = data.load(name)
    assert found.train[0].tolist() == pytest.approx(first, abs=1e-6)
    assert found.held[-1].tolist() == pytest.approx(last, abs=1e-6)


@pytest.mark.parametrize(("name", "count", "sigma", "expected"), [("ring8", 8, 0.1, 250), ("grid25", 25, 0.05, 80)])
def test_mixtures_hold_their_modes(name, count, sigma, expected):
    found = data.load(name)
    assert (found.modes.shape, found.sigma) == ((count, 2), sigma)
    nearest = torch.cdist(found.held, found.modes).argmin(1)
    for own, mode in ((found.held[nearest == k], found.modes[k]) for k in range(count)):
        assert len(own) > 0.6 * expected
        assert (own.mean(0) - mode).abs().max() < 5 * sigma / len(own) ** 0.5
        assert own.std(0).mean().item() == pytest.approx(sigma, rel=0.2)
    assert metrics.modes_found(found.held, found.modes, found.sigma) == count


def test_modes_lie_on_a_ring_and_on_a_grid():
    assert torch.allclose(data.load("ring8").modes.norm(dim=1), torch.full((8,), 2.0))
    grid = data.load("grid25").modes
    assert sorted(map(tuple, grid.tolist())) == [(float(x), float(y)) for x in range(-2, 3) for y in range(-2, 3)]


def beside(name: str, curve: Tensor) -> Tensor:
    """How far each held-out point lies from the curve (n, 2) that its set was drawn along, once both have the same middle."""
    held = data.load(name).held
    return torch.cdist(held - held.mean(0), curve - curve.mean(0)).min(1).values


def test_curves_are_the_curves_of_their_names():
    """Their equations again, in the other tongue: complex numbers."""
    t = torch.linspace(0, 1, 4000)
    turns = 2j * torch.pi
    roll = (0.75 + 1.5 * t) / 2.25 * 2.2 * torch.exp(turns * (0.75 + 1.5 * t))
    u = t.sqrt()
    arm = (0.2 + 2.2 * u) * torch.exp(1.5 * turns * u)
    ring = torch.exp(turns * t)
    upper = 1.1 * 1j + 1.1 * torch.exp(turns * (0.75 * t))         # the S's upper bow, from its right to its middle
    curves = {"swiss_roll": roll, "spirals": torch.cat([arm, -arm]), "circles": torch.cat([ring, 2.2 * ring]), "s_curve": torch.cat([upper, -upper])}
    for name, curve in curves.items():
        away = beside(name, torch.view_as_real(curve).reshape(-1, 2))
        assert away.mean() < 0.06, name
        assert away.max() < 0.3, name


def test_squares_of_the_checkerboard_are_full_and_what_lies_between_is_empty():
    cells = (torch.cat(data.load("checkerboard")[:2]) + 2).floor().long()
    counts = torch.zeros(4, 4).index_put_((cells[:, 0], cells[:, 1]), torch.ones(len(cells)), accumulate=True)
    full = (torch.arange(4)[:, None] + torch.arange(4)) % 2 == 0
    assert (counts[full] > 1100).all()                  # 1,250 expected
    assert (counts[~full] == 0).all()


def test_the_pinwheel_has_five_blades_that_repeat_with_a_fifth_of_a_turn():
    found = data.load("pinwheel")
    turn = torch.tensor(2 * torch.pi / 5)
    by = torch.stack([torch.stack([turn.cos(), turn.sin()]), torch.stack([-turn.sin(), turn.cos()])])
    assert metrics.energy_distance(found.held, found.train[:2000] @ by) == pytest.approx(0, abs=0.01)
    tenth = torch.tensor([[torch.cos(turn / 2), torch.sin(turn / 2)], [-torch.sin(turn / 2), torch.cos(turn / 2)]])
    assert metrics.energy_distance(found.held, found.train[:2000] @ tenth) > 0.03
