"""Searches: back from a sample to its latent, and among what was trained on."""

import pytest
import torch
from torch import Tensor, nn
from training import make

from models.kit.batch import POINTS, Domain, Shape
from playground.data import Data
from playground.explorer.generator import TrainedGenerator
from playground.explorer.latents import nearest, paths
from playground.explorer.latents.invert import invert
from playground.explorer.neighbours import NeighbourSearch
from playground.explorer.result_cache import ResultCache


def net(seed: int, dim: int, out: int) -> nn.Module:
    """G with weights from a seed: smooth, bent, and one to one for most z."""
    layers = nn.Sequential(nn.Linear(dim, 64), nn.Tanh(), nn.Linear(64, out), nn.Tanh()).requires_grad_(False)
    generator = torch.Generator().manual_seed(seed)
    for layer in layers[::2]:
        layer.weight.normal_(0, layer.in_features ** -0.5, generator=generator)
        layer.bias.zero_()
    return layers


@pytest.mark.parametrize("prior", ["normal", "uniform"])
def test_inversion_finds_a_latent_whose_sample_is_nearly_the_same(prior):
    G, z = net(0, 8, 48), paths.draw(prior, 1, 8, seed=99)
    found = list(invert(G, G(z)[0], prior, 8, restarts=4, steps=200))
    assert [f.share for f in found[::100]] == [0, 0.5, 1]
    residuals = [f.residual for f in found]
    assert residuals == sorted(residuals, reverse=True)
    spread = G(paths.draw(prior, 500, 8, 1)).std(0).mean().item()
    assert residuals[-1] < 0.05 * spread < 0.2 * spread < residuals[0]
    assert (G(found[-1].z) - G(z)[0]).square().mean().sqrt() == pytest.approx(residuals[-1], rel=0.01)
    if prior == "uniform":
        assert found[-1].z.abs().max() <= 1


def test_more_restarts_find_no_worse():
    G, target = net(3, 6, 20), net(3, 6, 20)(paths.draw("normal", 1, 6, seed=5))[0]
    one, many = ([*invert(G, target, "normal", 6, restarts=n, steps=40)][-1].residual for n in (1, 8))
    assert many <= one


def test_what_g_cannot_make_keeps_a_residual_that_says_so():
    G = net(0, 2, 48)
    strange = torch.where(torch.arange(48) % 2 == 0, 1.0, -1.0)
    assert [*invert(G, strange, "normal", 2, restarts=4, steps=100)][-1].residual > 0.3


def rows(x: Tensor, n: int) -> nearest.Rows:
    return lambda: iter(x.split(n))


def test_the_nearest_among_parts_are_the_nearest_of_all():
    train, one = torch.rand(100, 5, generator=torch.Generator().manual_seed(0)), torch.full((5,), 0.5)
    near, wanted = nearest.nearest(one, rows(train, 7), 4), (train - one).square().mean(1).sqrt()
    assert torch.equal(near.indices, wanted.argsort()[:4])
    assert torch.allclose(near.distances, wanted.sort().values[:4])
    held = train[:9] + torch.tensor([0, 0, 0, 0, 0.01])
    assert nearest.usual(held, rows(train, 7)) == pytest.approx(0.01 / 5 ** 0.5, rel=1e-2)


@pytest.mark.parametrize("variant", ["gan", "ebgan"])
@pytest.mark.parametrize("shape", [POINTS, Shape(3, 16)], ids=["points", "images"])
def test_a_copy_is_found_at_no_distance_and_a_held_out_sample_at_a_usual_one(variant, shape):
    """G's sample is put in the place of a training sample, mirrored where mirrored ones are trained on."""
    gan = make(variant, shape, data=torch.rand(64, *shape.dims)).gan.eval().requires_grad_(False)
    generator = torch.Generator().manual_seed(7)
    if shape.is_points:
        train, held, options = torch.randn(300, 2, generator=generator), torch.randn(80, 2, generator=generator), {}
    else:
        pictures = torch.randint(0, 256, (380, *shape.dims), dtype=torch.uint8, generator=generator)
        train, held, options = pictures[:300], pictures[300:], {"flip": True}
    of = TrainedGenerator("a", Copier(gan, train, options), "ring8", shape.size, options)
    copy = NeighbourSearch(ResultCache(None)).search(of, Data(train, held, Domain(shape)), torch.zeros(gan.z_dim), 3)
    for space in ("pixels", "code"):
        assert (copy[space]["distances"][0], copy[space]["ratio"]) == (pytest.approx(0, abs=2e-3), pytest.approx(0, abs=5e-3))
        assert copy[space]["distances"] == sorted(copy[space]["distances"])
    of = TrainedGenerator("b", Copier(gan, held, {}), "ring8", shape.size, options)
    other = NeighbourSearch(ResultCache(None)).search(of, Data(train, held, Domain(shape)), torch.zeros(gan.z_dim), 3)
    assert 0.1 < other["pixels"]["ratio"] < 8
    if not shape.is_points:
        assert 0.8 < other["pixels"]["ratio"] < 1.2


class Copier:
    """Looks like a GAN, and always makes the same one of what it knows by heart."""

    judges = "samples"

    def __init__(self, gan: nn.Module, known: Tensor, options: dict) -> None:
        one = known[41].flip(-1) if options.get("flip") else known[41]
        self.knobs, self.z_dim, self.shape, self.D = gan.knobs, gan.z_dim, gan.shape, gan.D
        self.one = one if gan.shape.is_points else one.float() / 127.5 - 1

    def sample(self, z: Tensor) -> Tensor:
        return self.one.expand(len(z), *self.one.shape)
