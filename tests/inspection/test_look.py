"""A look at D: closed forms on a quadratic score, and what is written is what is read."""

import math

import numpy as np
import pytest
import torch
from suited import takes

import models
from models.kit import losses
from models.kit.batch import POINTS, Domain, Shape
from models.kit.gan import Latent
from models.kit.knobs import check
from models.kit.landscape import FAR, Level, cells, energies, energy_cells, quadrature
from models.kit.nets import autoencoder
from playground import data
from playground.inspection import critic as look
from playground.inspection.critic_images import TILES, ImagesSnapshot, tiles
from playground.inspection.critic_points import LATTICE, SIDE, PointsSnapshot


class Bowl(Latent):
    """U(x) = |x|^2 / 2, an energy, with its level at 2: a circle of radius 2."""

    larger_is, positive, pair = "fake", True, ("energy/real", "energy/fake")
    scalars = {"energy/real": models.get("ebgan").scalars["energy/real"]}

    def score(self, x):
        return x.flatten(1).square().sum(1) / 2

    def levels(self, x, g, real):
        return [Level("margin", "m", torch.tensor(2.0))]


def bowl(shape=POINTS, **knobs):
    gan = Bowl(Domain(shape), check(Bowl.Knobs, knobs), torch.Generator().manual_seed(0)).eval().requires_grad_(False)
    gan.generator = torch.Generator().manual_seed(0)
    return gan


def seen(kind, gan, given, n=64):
    z = gan.draw(n, torch.Generator().manual_seed(0))
    return look.unpack(kind(gan, given, z).capture(gan)), z


def test_a_quadratic_energy_has_its_own_map_forces_mesh_and_histogram():
    gan, given = bowl(), data.load("ring8")
    (header, arrays), z = seen(PointsSnapshot, gan, given, 512)
    low, high = header["range"]
    shown = low * (high / low) ** (arrays["score"].astype(float) / 255)                 # energies by their logarithm
    centre = (np.arange(SIDE) + 0.5) * 6 / SIDE - 3
    exact = (centre[None, :] ** 2 + centre[:, None] ** 2) / 2
    inside = (exact > low) & (exact < high)
    assert inside.mean() > 0.9
    assert np.allclose(shown[inside], exact[inside], rtol=1.02 * math.log(high / low) / 510)         # half a step of 255
    at = arrays["at"] / 4096
    assert np.allclose(at, gan.sample(z)[:64].numpy(), atol=1 / 4096)
    assert np.allclose(arrays["force"], -at, atol=1 / 4096)                             # minus the gradient: straight to the middle
    assert arrays["mesh"].shape == (LATTICE, LATTICE, 2)
    side = torch.tensor([[-2.0, -2.0], [2.0, 2.0]])
    assert np.allclose(arrays["mesh"][[0, -1], [0, -1]] / 4096, gan.sample(side).numpy(), atol=1 / 4096)
    assert header["levels"] == [{"name": "margin", "symbol": "m", "value": 2.0, "past": False}]
    assert (header["scale"], header["unit"], header["rising"], header["kind"]) == ("log", "energy", True, "points")
    hist, real = header["hist"], given.train[:look.SAMPLED].square().sum(1) / 2
    assert hist["mean"]["real"] == pytest.approx(real.mean().item(), rel=1e-6)
    edges = np.geomspace(*hist["range"], hist["bins"] + 1)
    assert sum(hist["real"]) == sum(hist["held"]) == sum(hist["fake"]) == look.SAMPLED
    inner = np.histogram(real.numpy(), edges)[0][2:-2]
    assert np.abs(np.array(hist["real"])[2:-2] - inner).max() <= 2                      # float32 edges move a sample or two


def test_scores_of_both_signs_are_shown_as_they_are_and_roll_uphill():
    class Hill(Bowl):
        larger_is, positive, pair = "real", False, Latent.pair
        scalars = {"score/real": models.get("gan").scalars["score/real"]}

        def score(self, x):
            return 1 - x.flatten(1).square().sum(1) / 2

    gan = Hill(Domain(POINTS), check(Hill.Knobs, {}), torch.Generator().manual_seed(0)).eval().requires_grad_(False)
    gan.generator = torch.Generator().manual_seed(0)
    (header, arrays), _ = seen(PointsSnapshot, gan, data.load("ring8"), 512)
    assert (header["scale"], header["rising"]) == ("linear", False)
    assert np.allclose(arrays["force"], -arrays["at"] / 4096, atol=1 / 4096)


def test_the_mean_over_noise_is_the_mean_over_noise():
    steps = quadrature(0.2, 0.3)
    offsets, weights = np.array([step for step, _ in steps]) * 0.3, np.array([weight for _, weight in steps])
    assert weights.sum() == pytest.approx(1)
    assert np.allclose((weights[:, None, None] * offsets[:, :, None] * offsets[:, None, :]).sum(0), 0.04 * np.eye(2))
    offsets, weights = np.array([step for step, _ in quadrature(0.2, FAR * 0.2)]) * FAR * 0.2, [weight for _, weight in quadrature(0.2, FAR * 0.2)]
    assert weights @ offsets ** 4 == pytest.approx(3 * 0.2 ** 4)
    assert weights @ offsets.prod(1) ** 2 == pytest.approx(0.2 ** 4)
    net = autoencoder(POINTS, 32, 4, critic="lift", noise=0.2)
    x = cells(8, 3.0)
    many = torch.stack([losses.reconstruction(r.target, r.output) for r in (net(x, torch.Generator().manual_seed(i)) for i in range(400))])
    assert torch.allclose(energies(net, x, 2, "mean"), many.mean(0), rtol=0.05)
    assert torch.allclose(energy_cells(net, 96, 3.0, 2, "mean").view(-1), energies(net, cells(96, 3.0), 2, "mean"), rtol=0.02)


@pytest.mark.parametrize("variant", models.ZOO)
def test_every_variant_can_be_looked_at(variant):
    places = (("ring8", POINTS, PointsSnapshot), ("pixel_faces", Shape(3, 16), ImagesSnapshot))
    for name, shape, kind in [place for place in places if takes(variant, place[1])]:
        cls, given = models.get(variant), data.load(name, shape.size)
        gan = cls(given.domain, check(cls.Knobs, {"width_g": 8, "width_d": 8}), torch.Generator().manual_seed(0)).eval().requires_grad_(False)
        gan.generator = torch.Generator().manual_seed(0)
        (header, arrays), _ = seen(kind, gan, given)
        assert header["hist"]["mean"].keys() == {"real", "held", "fake"}
        assert all(math.isfinite(level["value"]) for level in header["levels"])
        if kind is PointsSnapshot:
            assert np.ptp(arrays["score"]) > 50
            assert (np.abs(arrays["force"]).max() > 0) == (cls.judges != "codes")


def test_an_x_ray_shows_each_picture_its_reconstruction_and_what_is_left():
    given = data.load("smileys", 16)
    gan = models.get("ebgan")(given.domain, check(models.get("ebgan").Knobs, {"width_d": 8}), torch.Generator().manual_seed(0)).eval()
    gan.requires_grad_(False).generator = torch.Generator().manual_seed(0)
    (header, arrays), z = seen(ImagesSnapshot, gan, given)
    assert header["decoder"]
    assert [(t["of"], t["index"]) for t in header["tiles"]] == [tuple(t) for t in TILES]
    real = given.train[:6].float() / 127.5 - 1
    assert [t["score"] for t in header["tiles"][:6]] == pytest.approx(gan.energy(real).tolist(), rel=1e-4)
    assert header["under"] == pytest.approx(gan.energy(gan.sample(z)).tolist(), rel=1e-3)
    assert arrays["sheet"][:4].tobytes() == b"RIFF"
    x = tiles(given, gan.sample(z))
    left = (x - gan.reconstruct(x)).abs().mean(1)
    assert header["most"] == pytest.approx(left[:-1].quantile(0.995).item(), rel=1e-3)
    assert left[-1].max() > header["most"]                              # noise is not what the scale is made for
    critic = bowl(given.shape)
    (header, _), _ = seen(ImagesSnapshot, critic, given)
    assert not header["decoder"]
    assert header["most"] == pytest.approx(1.0, abs=0.01)               # |dU/dx| = |x|, which reaches 1


@pytest.mark.parametrize("variant", ["aae", "bigan", "vaegan"])
def test_with_an_encoder_the_x_ray_shows_what_g_makes_of_the_codes(variant):
    given = data.load("smileys", 16)
    knobs = check(models.get(variant).Knobs, {"width_d": 8, "width_g": 8, "width_e": 8})
    gan = models.get(variant)(given.domain, knobs, torch.Generator().manual_seed(0)).eval().requires_grad_(False)
    gan.generator = torch.Generator().manual_seed(0)
    (header, _), code = seen(ImagesSnapshot, gan, given)
    assert header["decoder"]
    assert header["encoder"]
    x = tiles(given, gan.sample(code))
    left = (x - gan.sample(gan.encode(x))).abs().mean(1)
    assert header["most"] == pytest.approx(left[:-1].quantile(0.995).item(), rel=1e-3)
    fakes = {"aae": lambda: gan.D(code.z), "bigan": lambda: gan.D(gan.sample(code), code.z), "vaegan": lambda: gan.D(gan.sample(code))}[variant]()
    assert header["under"] == pytest.approx(fakes.tolist(), rel=1e-3, abs=1e-5)
    assert [t["score"] for t in header["tiles"][12:18]] == pytest.approx(header["under"][:6], rel=1e-3, abs=1e-5), "as D is asked in training"
    assert [t["score"] for t in header["tiles"][:6]] == pytest.approx(gan.score(x[:6]).tolist(), rel=1e-3, abs=1e-5)


X, G, SCORES = torch.tensor([[0.0, 0.0], [2.0, 0.0]]), torch.tensor([[1.0, 1.0], [2.0, 4.0]]), torch.tensor([0.2, 0.6])
LEVELS = [("gan", {}, [0.0]), ("lsgan", {"scheme": "0, 1, 1"}, [0.5]), ("lsgan", {"scheme": "-1, 1, 0"}, [0.0]),
          ("wgan", {}, [0.0]), ("wgan_gp", {}, [0.0]), ("ebgan", {"margin": 0.7}, [0.7]), ("ebgan_pt", {"margin": 0.7}, [0.7]),
          ("magan", {}, [0.3, 0.9, 0.6, 0.4]), ("magan", {"hold": 0.5}, [0.5, 0.9, 0.6]),
          ("began", {}, [0.4]), ("ls_gan", {"tau": 2.0}, [0.4 + 2 * (1 + 2) / 2])]


@pytest.mark.parametrize(("variant", "knobs", "wanted"), LEVELS)
def test_levels_by_hand(variant, knobs, wanted):
    """D = 0 where D tells by its sign, halfway between the targets, the margin and those before it, the mean real energy, what fakes should cost."""
    gan = models.get(variant)(Domain(POINTS), check(models.get(variant).Knobs, knobs), torch.Generator().manual_seed(0))
    if variant == "magan":
        assert bool(gan.levels(X, G, SCORES)) == bool(knobs)                            # before there is a margin there is no line
        gan.margin.fill_(0.3)
        gan.past[-3:] = torch.tensor([0.9, 0.6, 0.4])
    found = gan.levels(X, G, SCORES)
    assert [float(level.value) for level in found] == pytest.approx(wanted)
    assert [level.past for level in found] == [False] + [True] * (len(wanted) - 1)


def test_a_level_is_the_mean_that_the_histogram_shows():
    """Though D sees noise: one draw of it for both."""
    cls = models.get("began")
    gan = cls(Domain(POINTS), check(cls.Knobs, {"width_d": 8}), torch.Generator().manual_seed(0)).eval().requires_grad_(False)
    gan.generator = torch.Generator().manual_seed(0)
    (header, _), _ = seen(PointsSnapshot, gan, data.load("ring8"), 512)
    assert gan.D.noise
    assert header["levels"][0]["value"] == header["hist"]["mean"]["real"]


def test_a_range_follows_slowly_and_does_not_jump_for_an_outlier():
    shown, values = look.Range(1.0, 99.0), torch.linspace(0, 1, 1001)
    assert shown.update(values) == pytest.approx((0.01, 0.99))
    assert shown.update(torch.cat([values, torch.tensor([1e6, -1e6])])) == pytest.approx((0.01, 0.99), abs=2e-3)
    assert shown.update(values)[1] == pytest.approx(0.99, abs=1e-3)
    assert shown.update(2 * values) == pytest.approx((0.015, 1.485), abs=1e-3)              # half of the way
    for _ in range(20):
        limits = shown.update(2 * values)
    assert limits == pytest.approx((0.02, 1.98), abs=1e-3)
    low, high = look.Range(0.5, 99.5).update(torch.ones(9))
    assert low < high


def test_what_is_not_finite_is_not_shown():
    gan = bowl()
    gan.score = lambda x: torch.full((len(x),), torch.nan)
    assert PointsSnapshot(gan, data.load("ring8"), gan.draw(512)).capture(gan) is None


def test_the_file_is_what_was_put_in():
    arrays = {"a": np.arange(7, dtype=np.uint8)[::-1].reshape(7, 1), "b": np.array([[1.5, -2]], np.float32), "c": np.array([3, -4], np.int16)}
    header, read = look.unpack(look.pack({"x": "y"}, arrays))
    assert header == {"x": "y"}
    assert all(np.array_equal(read[k], v) and read[k].dtype == v.dtype for k, v in arrays.items())
