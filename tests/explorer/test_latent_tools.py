"""Pads, walks, corners, sums and directions as pure tensors, with networks whose answers are known."""

import math

import pytest
import torch
from torch import nn

from playground.explorer.latents import directions, paths, plane
from playground.explorer.latents.codes import code

E = torch.eye(4)


def test_slerp_by_numbers_worked_out_by_hand():
    """60 degrees between (1, 0) and (1, sqrt 3) of length 2: after a third, 20 degrees and a length of 4/3."""
    z = paths.slerp(torch.tensor([1.0, 0.0]), torch.tensor([1.0, math.sqrt(3)]), torch.tensor([0.0, 1 / 3, 0.5, 1.0]))
    turned = [(math.cos(math.radians(a)) * r, math.sin(math.radians(a)) * r) for a, r in ((0, 1), (20, 4 / 3), (30, 1.5), (60, 2))]
    assert torch.allclose(z, torch.tensor(turned), atol=1e-6)
    half = paths.slerp(3 * E[0], 3 * E[2], torch.tensor([0.5]))[0]
    assert torch.allclose(half, torch.tensor([3, 0, 3, 0]) / math.sqrt(2), atol=1e-6)


def test_a_walk_visits_every_place_and_a_loop_comes_back():
    places = paths.draw("normal", 3, 5, 0)
    way = paths.walk(places, 4, "slerp", "normal")
    assert way.shape == (9, 5)
    assert torch.equal(way[::4], places)
    loop = paths.walk(places, 4, "slerp", "normal", loop=True)
    assert loop.shape == (12, 5)
    assert torch.equal(loop[:9], way)
    home = paths.path(places[2], places[0], 5, "slerp", "normal")
    assert torch.equal(loop[8:], home[:-1])


def test_corners_by_straight_ways_are_bilinear_and_by_ways_round_keep_their_length():
    four = paths.draw("normal", 4, 6, 1)
    made = paths.corners(four, 3, "lerp", "normal").view(3, 3, 6)
    assert torch.allclose(made[1, 1], four.mean(0), atol=1e-6)
    assert torch.equal(made[[0, 0, 2, 2], [0, 2, 0, 2]], four)
    assert torch.allclose(made[0, 1], (four[0] + four[1]) / 2)
    unit = torch.nn.functional.normalize(four, dim=1)
    round_ = paths.corners(unit, 5, "slerp", "normal")
    assert torch.allclose(round_.norm(dim=1), torch.ones(25), atol=1e-5)
    assert paths.corners(unit, 5, "lerp", "normal").norm(dim=1).min() < 0.95


def test_a_shorter_radius_shortens_and_a_longer_one_stays_in_the_cube():
    z = paths.draw("normal", 10, 4, 0)
    assert torch.allclose(paths.scaled(z, 0.5, "normal").norm(dim=1), z.norm(dim=1) / 2)
    assert paths.scaled(paths.draw("uniform", 100, 4, 0), 2.0, "uniform").abs().max() == 1


def test_a_pad_is_a_plane_measured_in_typical_lengths():
    u, v = plane.unit(3 * E[1]), plane.across(E[1], E[1] + E[2])
    assert torch.allclose(torch.stack([u, v]), E[1:3], atol=1e-6)
    at = plane.neighbours((0.5, -1.0), 0.25)
    made = plane.places(E[0], u, v, at, "normal")
    assert torch.allclose(made[4], torch.tensor([1.0, 1.0, -2.0, 0.0]), atol=1e-6)      # 2 is the typical length of four normal numbers
    assert torch.allclose(made[0], torch.tensor([1.0, 0.5, -1.5, 0.0]), atol=1e-6)      # left of it and above
    flat = made - made[4]
    assert torch.linalg.matrix_rank(flat) == 2
    assert plane.places(E[0], u, v, torch.tensor([[9.0, 9.0]]), "uniform").abs().max() == 1
    corners = plane.lattice(-2, 2, 3)
    assert [corners[i].tolist() for i in (0, 2, 8)] == [[-2, -2], [2, -2], [2, 2]]


@pytest.mark.parametrize("v", [E[1], -2 * E[1], E[1] + 1e-7 * E[2], torch.zeros(4)])
def test_two_directions_that_are_one_make_no_plane(v):
    with pytest.raises(ValueError, match=r"no plane|nowhere"):
        plane.across(E[1], v)


def test_sums_of_latents():
    a, b, c = paths.draw("normal", 3, 50, 2)
    assert torch.allclose(plane.arithmetic(a, a, c, "normal"), c, atol=1e-6)
    assert torch.allclose(plane.arithmetic(a, b, b, "normal"), a, atol=1e-6)
    made, most = plane.arithmetic(a, b, c, "normal"), max(float(x.norm()) for x in (a, b, c))
    assert float(made.norm()) == pytest.approx(most, rel=1e-5)
    assert torch.allclose(plane.unit(made), plane.unit(a - b + c), atol=1e-6)
    assert torch.equal(plane.arithmetic(0.5 * E[0], E[1], E[2], "normal"), (0.5 * E[0] - E[1] + E[2]) / 1.5)
    moved = plane.moved(E[0], E[1:3], torch.tensor([0.5, -1.0]), "normal")
    assert torch.allclose(moved, torch.tensor([1.0, 1.0, -2.0, 0.0]))


def stretched() -> nn.Linear:
    """A first layer that answers to 4, 2, 1 and 0 times three directions that are turned against the axes."""
    layer, (turn, _) = nn.Linear(4, 6), torch.linalg.qr(torch.randn(4, 4, generator=torch.Generator().manual_seed(1)))
    out, _ = torch.linalg.qr(torch.randn(6, 4, generator=torch.Generator().manual_seed(2)))
    with torch.no_grad():
        layer.weight.copy_(out @ torch.diag(torch.tensor([4.0, 2.0, 1.0, 0.0])) @ turn.T)
    layer.turn = turn
    return layer


def test_directions_of_a_layer_are_orthonormal_and_explain_what_they_should():
    layer = stretched()
    found = directions.of_layer(directions.first_layer(nn.Sequential(layer, nn.ReLU()), 4), 3)
    assert torch.allclose(found.z @ found.z.T, torch.eye(3), atol=1e-5)
    assert torch.allclose((found.z @ layer.turn).abs(), torch.eye(3, 4), atol=1e-5)
    assert torch.allclose(found.explained, torch.tensor([16.0, 4.0, 1.0]) / 21, atol=1e-6)


@pytest.mark.parametrize("prior", ["normal", "uniform"])
def test_directions_of_features_are_those_of_a_straight_generator_and_explain_less_of_a_bent_one(prior):
    layer, z = stretched(), paths.draw(prior, 4000, 4, 0)
    with torch.no_grad():
        straight = directions.of_features(layer, z, 4)
        bent = directions.of_features(lambda part: layer(part).square(), z, 4)
    assert torch.allclose(straight.z @ straight.z.T, torch.eye(4), atol=1e-5)
    assert torch.allclose((straight.z[:3] @ layer.turn).abs(), torch.eye(3, 4), atol=0.02)
    assert torch.allclose(straight.explained, torch.tensor([16.0, 4.0, 1.0, 0.0]) / 21, atol=0.02)
    assert straight.explained.sum() == pytest.approx(1, abs=0.04)
    assert bent.explained.sum() < 0.6


def test_the_code_of_a_critic_is_what_its_last_layer_sees():
    critic = nn.Sequential(nn.Linear(2, 8), nn.LeakyReLU(0.2), nn.Linear(8, 1), nn.Flatten(0))
    x = torch.randn(5, 2, generator=torch.Generator().manual_seed(0))
    with torch.no_grad():
        assert torch.allclose(critic[2](code(critic, x))[:, 0], critic(x))
