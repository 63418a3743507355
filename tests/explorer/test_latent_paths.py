"""Ways between latents: ends, lengths, angles, and the cases that have no direction."""

import math

import pytest
import torch

from playground.explorer.latents import paths

T = torch.linspace(0, 1, 9)


@pytest.mark.parametrize("mode", ["auto", "slerp", "lerp"])
@pytest.mark.parametrize("prior", ["normal", "uniform"])
@pytest.mark.parametrize("dim", [1, 2, 64])
def test_a_path_begins_and_ends_where_it_should(mode, prior, dim):
    a, b = paths.draw(prior, 2, dim, seed=3)
    z = paths.path(a, b, 7, mode, prior)
    assert z.shape == (7, dim)
    assert torch.equal(z[0], a)
    assert torch.equal(z[-1], b)
    assert z.isfinite().all()
    if prior == "uniform":
        assert z.abs().max() <= 1


def test_slerp_turns_evenly_and_lengths_change_evenly():
    a, b = torch.tensor([2.0, 0.0]), torch.tensor([0.0, 4.0])
    z = paths.slerp(a, b, T)
    angles = torch.atan2(z[:, 1], z[:, 0])
    assert torch.allclose(angles, T * math.pi / 2, atol=1e-5)
    assert torch.allclose(z.norm(dim=1), 2 + 2 * T, atol=1e-5)


def test_slerp_keeps_normal_latents_where_g_has_seen_them_and_lerp_does_not():
    a, b = paths.draw("normal", 2, 100, seed=0)
    a, b = a / a.norm() * 10, b / b.norm() * 10
    assert paths.slerp(a, b, T).norm(dim=1).min() > 9.99
    assert paths.lerp(a, b, T).norm(dim=1).min() < 8


def test_opposite_latents_are_joined_by_half_a_turn():
    a = torch.tensor([1.0, 1.0, 0.0])
    z = paths.slerp(a, -a, T)
    assert torch.allclose(z.norm(dim=1), a.norm().expand(9), atol=1e-5)
    assert (z[1:] - z[:-1]).norm(dim=1).std() < 1e-5
    assert torch.allclose(z[-1], -a, atol=1e-5)


@pytest.mark.parametrize("b", [torch.zeros(4), torch.ones(4), torch.full((4,), 1 + 1e-7)])
def test_no_direction_and_no_angle_give_a_straight_way(b):
    a = torch.ones(4)
    assert torch.allclose(paths.slerp(a, b, T), paths.lerp(a, b, T), atol=1e-4)


def test_the_prior_decides_and_a_person_may_overrule():
    assert [paths.resolved("auto", p) for p in ("normal", "uniform")] == ["slerp", "lerp"]
    assert [paths.resolved("lerp", "normal"), paths.resolved("slerp", "uniform")] == ["lerp", "slerp"]


def test_slerp_between_uniform_latents_is_kept_in_the_cube():
    a, b = torch.tensor([1.0, 0.9]), torch.tensor([-0.9, 1.0])
    assert paths.slerp(a, b, T).abs().max() > 1
    assert paths.path(a, b, 9, "slerp", "uniform").abs().max() == 1


def test_draws_follow_their_prior_and_their_seed_and_nothing_else():
    z = paths.draw("normal", 4000, 8, seed=1)
    torch.manual_seed(5)
    assert torch.equal(z, paths.draw("normal", 4000, 8, seed=1))
    assert not torch.equal(z, paths.draw("normal", 4000, 8, seed=2))
    assert z.mean().abs() < 0.02
    assert (z.std() - 1).abs() < 0.02
    u = paths.draw("uniform", 4000, 8, seed=1)
    assert u.abs().max() <= 1
    assert (u.std() - 1 / math.sqrt(3)).abs() < 0.02
    assert z.norm(dim=1).mean() == pytest.approx(paths.typical_norm("normal", 8), rel=0.05)
    assert u.norm(dim=1).mean() == pytest.approx(paths.typical_norm("uniform", 8), rel=0.05)
