"""Distances between sets of samples, likeness and classes: closed forms, and agreement with torchmetrics."""

import math

import pytest
import torch
from torch import Tensor

from playground.data.sources import torchvision_compat  # noqa: F401  (torchmetrics imports torchvision, which needs this import beside a CPU torch)
from playground.evaluation.metrics import (
    class_entropy,
    classes_found,
    directions,
    energy_distance,
    mmd,
    pair_ssim,
    patches,
    patches_distance,
    sliced_wasserstein,
    slices_distance,
    ssim,
)
from playground.evaluation.metrics.patches import pyramid


def draw(*size: int, seed: int = 0) -> Tensor:
    return torch.randn(size, generator=torch.Generator().manual_seed(seed))


def logits(*counts: int) -> Tensor:
    """Ten classes; `counts[k]` samples of class k."""
    return 5 * torch.eye(10).repeat_interleave(torch.tensor([*counts, *[0] * (10 - len(counts))]), 0)


def test_mmd_by_hand():
    a, b = torch.tensor([[0.0], [1.0]]), torch.tensor([[0.0], [2.0], [2.0]])

    def k(d: float, w: float) -> float:
        return math.exp(-d * d / (2 * w * w))

    for w in (0.5, 2.0):
        value = k(1, w) + (2 * k(2, w) + 1) / 3 - 2 * (1 + 2 * k(2, w) + 3 * k(1, w)) / 6
        assert mmd(a, b, (w,)) == pytest.approx(value, abs=1e-6)
        assert mmd(b, a, (w,)) == pytest.approx(value, abs=1e-6)
    assert mmd(a, b, (0.5, 2.0)) == pytest.approx((mmd(a, b, (0.5,)) + mmd(a, b, (2.0,))) / 2, abs=1e-6)


def test_mmd_of_gaussians_is_the_formula():
    """Of N(0, I) and N(s, I) in the plane, width w: 2 w² / (w² + 2) (1 - exp(-|s|² / (2 w² + 4)))."""
    w, s = 0.7, 1.2
    value = 2 * w * w / (w * w + 2) * (1 - math.exp(-s * s / (2 * w * w + 4)))
    found = torch.tensor([mmd(draw(400, 2, seed=i), draw(400, 2, seed=100 + i) + torch.tensor([s, 0.0]), (w,)) for i in range(60)])
    error = found.std() / 60 ** 0.5
    assert error < 0.03 * value
    assert found.mean() == pytest.approx(value, abs=3 * error.item())


def test_mmd_has_no_bias_and_narrow_widths_see_what_energy_does_not():
    draws = torch.tensor([mmd(draw(40, 2, seed=i), draw(40, 2, seed=1000 + i)) for i in range(200)])
    assert draws.mean().abs() < 3 * draws.std() / 200 ** 0.5
    assert draws.min() < 0 < draws.max()
    from playground.data import load
    ring = load("ring8")
    near = ring.modes[torch.cdist(ring.train[:2000], ring.modes).argmin(1)]
    wide = near + 3 * (ring.train[:2000] - near)
    same, wider = (mmd(x, ring.held) for x in (ring.train[:2000], wide))
    assert wider > 10 * abs(same)
    assert energy_distance(wide, ring.held) < 0.02


def test_sliced_wasserstein_by_hand():
    assert directions(5).norm(dim=0) == pytest.approx(torch.ones(64), abs=1e-6)
    a, shift = draw(50, 3), torch.tensor([1.0, -2.0, 0.5])
    moved = (directions(3).T @ shift).square().mean().sqrt().item()     # a shift moves every slice by its part of it
    assert sliced_wasserstein(a, a + shift) == pytest.approx(moved, rel=1e-5)
    assert sliced_wasserstein(a, a.flip(0)) == 0.0                       # order is nothing
    line = torch.tensor([[0.0], [1.0], [2.0]])
    assert sliced_wasserstein(line, torch.tensor([[5.0], [0.0], [1.0]])) == pytest.approx(math.sqrt((0 + 0 + 9) / 3))
    with pytest.raises(ValueError, match="one size"):
        slices_distance(torch.zeros(3, 64), torch.zeros(4, 64))


def test_a_pyramid_says_how_it_is_made_and_patches_by_hand():
    x = draw(6, 2, 28, 32)
    fine, low = pyramid(x)
    torch.testing.assert_close(low, x.unfold(2, 2, 2).unfold(3, 2, 2).mean((4, 5)))
    torch.testing.assert_close(fine + torch.nn.functional.interpolate(low, scale_factor=2, mode="bilinear"), x)
    assert [len(pyramid(torch.zeros(1, 1, n, n))) for n in (16, 27, 28, 32, 33, 56, 64)] == [1, 1, 2, 2, 1, 3, 3]
    flat = torch.zeros(6, 1, 32, 32)
    line = directions(49).sum(0).square().mean().sqrt().item()           # a patch that is all 1, along each direction; the fine level has none
    assert patches_distance(patches(flat), patches(flat + 1)) == pytest.approx(line / 2, rel=1e-5)
    assert patches_distance(patches(x), patches(x)) == 0.0
    assert [tuple(level.shape) for level in patches(x)] == [(24, 64), (24, 64)]
    with pytest.raises(ValueError, match="one size"):
        patches_distance(patches(x), patches(x[:3]))


def test_sliced_wasserstein_grows_with_blur_and_noise():
    x = (draw(300, 1, 16, 16) > 0).float()
    for worse in ([x + sd * draw(300, 1, 16, 16, seed=2) for sd in (0.0, 0.2, 0.5)], [x.lerp(x.mean((2, 3), True), t) for t in (0.0, 0.3, 0.9)]):
        found = [sliced_wasserstein(w, x) for w in worse]
        assert found == sorted(found)
        assert found[0] == 0.0 < found[1]


@pytest.mark.parametrize("size", [(1, 28, 28), (3, 16, 16), (3, 11, 11)])
def test_ssim_is_that_of_torchmetrics(size):
    """Over the places where the window fits; it counts others too, with pixels mirrored at the edge."""
    from torchmetrics.functional.image import structural_similarity_index_measure

    a = torch.tanh(draw(6, *size))
    b = torch.tanh(a + 0.5 * draw(6, *size, seed=1))
    places = structural_similarity_index_measure(a, b, data_range=2.0, reduction="none", return_full_image=True)[1]
    assert ssim(a, b) == pytest.approx(places[:, :, 5:-5, 5:-5].mean((1, 2, 3)), abs=1e-5)
    assert ssim(a, a) == pytest.approx(torch.ones(6))


def test_ssim_of_flat_pictures_by_hand():
    low, high = torch.full((2, 1, 16, 16), -0.5), torch.full((2, 1, 16, 16), 0.5)
    c1 = (0.01 * 2) ** 2
    assert ssim(low, high) == pytest.approx(torch.full((2,), (-0.5 + c1) / (0.5 + c1)), abs=1e-4)
    assert ssim(low[..., :8, :8], low[..., :8, :8]) == pytest.approx(torch.ones(2), abs=1e-4)       # smaller than the window


def test_pairs_of_one_picture_are_alike_and_pairs_of_many_are_not():
    x = torch.tanh(draw(400, 1, 16, 16))
    assert pair_ssim(x) < 0.1
    assert pair_ssim(x[:1].expand(400, -1, -1, -1)) == pytest.approx(1.0, abs=1e-5)
    assert pair_ssim(x[:40]) == pytest.approx(ssim(x[:20], x[20:40]).mean().item())
    assert pair_ssim(x) == pytest.approx(ssim(x[:200], x[200:]).mean().item())
    assert math.isnan(pair_ssim(x[:1]))


@pytest.mark.parametrize(("counts", "entropy", "found"), [
    ([100] * 10, math.log(10), 10), ([1000], 0.0, 1), ([500, 500], math.log(2), 2), ([25, 975], None, 2), ([24, 976], None, 1),
    ([900, 50, 50], None, 3)])
def test_classes_by_hand(counts, entropy, found):
    x = logits(*counts)
    assert classes_found(x) == found
    share = [c / 1000 for c in counts]
    assert class_entropy(x) == pytest.approx(-sum(p * math.log(p) for p in share) if entropy is None else entropy, abs=1e-9)


def test_what_is_no_number_gives_none_and_constants_are_fine():
    good, bad = draw(60, 1, 12, 12), draw(60, 1, 12, 12)
    bad[5] = math.nan
    for f in (mmd, energy_distance, sliced_wasserstein):
        assert math.isnan(f(bad, good))
        assert math.isfinite(f(torch.zeros_like(good), good))
    assert math.isnan(pair_ssim(bad))
    lost = logits(50, 50)
    lost[:25] = math.nan                                                 # of one class, half are no numbers
    assert class_entropy(lost) == pytest.approx(-(1 / 3) * math.log(1 / 3) - (2 / 3) * math.log(2 / 3))
    assert classes_found(lost) == 2
    assert math.isnan(class_entropy(lost * math.nan))
    assert classes_found(lost * math.nan) == 0
