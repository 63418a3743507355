"""The kit's small parts: how sizes halve, how weights are drawn, what a knob takes, how the zoo is asked."""

import math

import pytest
import torch
from suited import shape_of
from torch import nn
from training import make

import models
from models.kit import nets
from models.kit.batch import POINTS, Domain, Shape
from models.kit.energy import Energy
from models.kit.gan import GAN, Latent
from models.kit.knobs import BadKnob, Common, Need, check, declared, describe, knob
from models.kit.landscape import energy_cells


@pytest.mark.parametrize(("size", "base", "halvings"), [(8, 4, 1), (16, 4, 2), (28, 7, 2), (32, 4, 3), (64, 4, 4), (20, 5, 2), (4, 4, 0), (9, 9, 0),
                                                        (12, 6, 1), (56, 7, 3)])
def test_sizes_halve_to_between_4_and_7(size: int, base: int, halvings: int) -> None:
    assert nets.base_size(size) == (base, halvings)


@pytest.mark.parametrize("spectral", [False, True])
@pytest.mark.parametrize("variant", ["gan", "ebgan"])
def test_weights_are_drawn_in_order_from_one_generator_within_their_fan_in(variant: str, spectral: bool) -> None:
    shape, rng = Shape(1, 16), torch.Generator().manual_seed(0)
    gan = make(variant, shape, spectral=spectral).gan
    for module in gan.modules():
        if not isinstance(module, (nn.Linear, nn.Conv2d, nn.ConvTranspose2d)):
            continue
        is_normed = hasattr(module, "parametrizations")
        raw = module.parametrizations.weight.original if is_normed else module.weight
        bound = (raw.shape[1] * (raw.shape[2] * raw.shape[3] if raw.ndim == 4 else 1)) ** -0.5
        wanted = torch.empty(raw.shape).uniform_(-bound, bound, generator=rng)
        assert torch.equal(raw, wanted)
        if module.bias is not None:
            assert torch.equal(module.bias, torch.empty_like(module.bias).uniform_(-bound, bound, generator=rng))
        if is_normed:
            v = torch.empty_like(module.parametrizations.weight[0]._v).normal_(generator=rng)
            flat = raw.transpose(0, 1).flatten(1) if isinstance(module, nn.ConvTranspose2d) else raw.flatten(1)
            for _ in range(15):
                u = nn.functional.normalize(flat @ v, dim=0)
                v = nn.functional.normalize(flat.T @ u, dim=0)
            assert torch.allclose(module.parametrizations.weight[0]._v, v, atol=1e-5)
            assert torch.allclose(module.parametrizations.weight[0]._u, u, atol=1e-5)
    undrawn = type(gan)(Domain(shape), gan.knobs, None)
    assert undrawn.generator is None
    assert not torch.equal(next(undrawn.parameters()), next(gan.parameters()))


def test_the_lift_is_the_same_for_everybody_and_its_features_have_length_1_in_the_mean() -> None:
    one, other = nets.Lift(64), nets.Lift(64)
    rng = torch.Generator().manual_seed(3)
    assert torch.equal(one.weight, torch.randn(64, 2, generator=rng))
    assert torch.equal(one.phase, 2 * math.pi * torch.rand(64, generator=rng))
    assert torch.equal(one.weight, other.weight)
    assert one(torch.randn(4000, 2, generator=rng)).square().mean().item() == pytest.approx(1, abs=0.1)


@pytest.mark.parametrize(("name", "value", "kept"), [("ema", 0, 0.0), ("batch", 8.0, 8), ("spectral", True, True), ("n_d", 5, 5), ("n_d", 1, 1),
                                                     ("g_loss", "minimax", "minimax"), ("lr_g", 1e-1, 0.1), ("lr_g", 1e-5, 1e-5)])
def test_a_knob_takes_what_it_means(name: str, value: object, kept: object) -> None:
    found = getattr(check(models.get("gan").Knobs, {name: value}), name)
    assert (found, type(found)) == (kept, type(kept))


@pytest.mark.parametrize(("values", "field", "message"), [
    ({"n_d": 0}, "n_d", "n_d must lie between 1 and 5"), ({"n_d": 6}, "n_d", "n_d must lie between 1 and 5"),
    ({"n_d": 1.5}, "n_d", "n_d must be a whole number between 1 and 5"), ({"n_d": True}, "n_d", "n_d must be a whole number between 1 and 5"),
    ({"lr_g": "1"}, "lr_g", "lr_g must be a number between 1e-05 and 0.1"), ({"lr_g": math.nan}, "lr_g", "lr_g must lie between 1e-05 and 0.1"),
    ({"n_d": math.inf}, "n_d", "n_d must be a whole number between 1 and 5"), ({"spectral": 1}, "spectral", "spectral must be true or false"),
    ({"g_loss": "wgan"}, "g_loss", "g_loss must be one of non-saturating, minimax"), ({"g_loss": 1}, "g_loss", "g_loss must be one of"),
    ({"gama": 1}, "knobs", "there is no knob 'gama'; there are lr_g, "), ([], "knobs", "knobs must be an object of names and values")])
def test_a_knob_refuses_by_name_and_range(values: object, field: str, message: str) -> None:
    with pytest.raises(BadKnob) as found:
        check(models.get("gan").Knobs, values)
    assert found.value.field == field
    assert str(found.value).startswith(message)


def test_a_declaration_keeps_all_that_is_said() -> None:
    said = dict(low=1.0, high=2.0, help="what", symbol="x", log=True, live=True, choices=("a",), effects=("few", "many"), only="images", basic=True,
                mixed=True, needs=(Need("z", "another", ("a",)),), barred="why")
    assert dict(knob("a", said["low"], said["high"], **{n: v for n, v in said.items() if n not in ("low", "high")}).metadata) == said
    plain = dict(low=None, high=None, help="what", symbol="", log=False, live=False, choices=(), effects=("", ""), only="", basic=False, mixed=False,
                 needs=(), barred="")
    assert dict(knob(1, help="what").metadata) == plain
    assert knob(1, help="what").default == 1


LEVELS = {"gan": ("even odds", "σ(D) = ½"), "lsgan": ("halfway between the targets", "(a + b) / 2"), "wgan": ("zero", "D = 0"),
          "wgan_gp": ("zero", "D = 0"), "ls_gan": ("what fakes should cost at least", "L(x) + Δ"), "began": ("mean real energy", "U(x)"),
          "ebgan": ("margin", "m"), "ebgan_pt": ("margin", "m"), "magan": ("margin", "m")}


@pytest.mark.parametrize("variant", sorted(models.ZOO))
def test_levels_have_their_names_and_symbols(variant: str) -> None:
    shape = shape_of(variant)
    gan, x = make(variant, shape).gan, torch.randn(5, *shape.dims, generator=torch.Generator().manual_seed(0))
    if variant == "magan":
        gan.margin.fill_(1.0)
        gan.past[-2:] = torch.tensor([3.0, 2.0])
    first, *before = gan.levels(x, x + 1, gan.score(x).detach())
    assert (first.name, first.symbol, first.past) == (*LEVELS.get(variant, (first.name, first.symbol)), False)
    assert first.name
    assert first.symbol
    assert [tuple(level) for level in before] == [("a margin before", "m", was, True) for was in ((3.0, 2.0) if variant == "magan" else ())]


def test_energy_of_cells_is_that_of_their_centres_in_the_mean_over_nine_steps_of_noise() -> None:
    net, n, reach, exponent = make("ebgan", POINTS, critic="denoise", noise=0.4).gan.D, 10, 2.0, 2
    cell = 2 * reach / n
    distance = round(math.sqrt(3) * net.noise / cell) * cell
    side = net.noise ** 2 / (2 * distance ** 2)
    aside = {0.0: 1 - 2 * side, distance: side, -distance: side}
    for reduction in ("mean", "sum"):
        found = energy_cells(net, n, reach, exponent, reduction)
        for i, j in ((0, 0), (3, 7), (9, 2)):
            x = torch.tensor([[-reach + (j + 0.5) * cell, -reach + (i + 0.5) * cell]])
            each = [(a * b, (x - net.reconstruct(x + torch.tensor([[dx, dy]]))).square().sum()) for dx, a in aside.items() for dy, b in aside.items()]
            wanted = sum(weight * error for weight, error in each) / (2 if reduction == "mean" else 1)
            assert found[i, j].item() == pytest.approx(wanted.item(), rel=1e-4)


def test_knobs_are_described_as_they_were_declared() -> None:
    kind = models.get("ebgan").Knobs
    points, images = ({k["name"]: k for k in describe(kind, of_points)} for of_points in (True, False))
    assert set(points) - set(images) == {"skip", "critic", "noise"}
    assert set(images) - set(points) == {"hidden_d", "z_dim"}
    assert {points[name]["kind"] for name in ("spectral", "batch", "lr_g", "critic")} == {"bool", "int", "float", "choice"}
    for told in points.values():
        field = declared(kind)[told["name"]]
        assert told["default"] == field.default
        assert {name: told[name] for name in field.metadata} == field.metadata | {"needs": [n._asdict() for n in field.metadata["needs"]]}
    assert check(Common, {}) == Common()


def test_the_zoo_names_near_misses() -> None:
    assert all(models.get(name) is cls for name, cls in models.ZOO.items())
    everything = ", ".join(sorted(models.ZOO))
    for asked, near in (("wgan_pg", "wgan_gp"), ("", everything), (7, everything)):
        with pytest.raises(KeyError, match=f"no variant {asked!r}; did you mean {near}"):
            models.get(asked)


def test_what_is_logged_is_a_copy_in_float32() -> None:
    gan, k = make("began", POINTS).gan, torch.tensor(2.0, dtype=torch.float64, requires_grad=True)
    gan.log({"k": gan.k, "loss": k})
    gan.log({"more": k})
    gan.k.fill_(0.5)
    assert {name: value.item() for name, value in gan.logged.items()} == {"k": 0.0, "loss": 2.0, "more": 2.0}
    assert all(value.dtype is torch.float32 and not value.requires_grad for value in gan.logged.values())
    assert set(GAN.all_scalars()) == {"loss/d", "loss/g", "grad/d", "grad/g"} < set(type(gan).all_scalars())


def test_scores_samples_and_reconstructions_are_the_networks_own() -> None:
    for variant in ("gan", "ebgan"):
        gan = make(variant, Shape(1, 16)).gan.eval()
        z, x = gan.noise(3, torch.Generator().manual_seed(1)), torch.rand(3, 1, 16, 16, generator=torch.Generator().manual_seed(2))
        assert torch.equal(gan.sample(z), gan.G(z))
        assert torch.equal(gan.smooth_score(x), gan.score(x))
        if isinstance(gan, Energy):
            assert torch.equal(gan.reconstruct(x), gan.D(x).output)
            assert torch.equal(gan.D.reconstruct(x), gan.D(x).output)
            assert torch.allclose(gan.score(x), (x - gan.D(x).output).square().flatten(1).mean(1))
        else:
            assert torch.equal(gan.score(x), gan.D(x))
        assert (gan.phase(), gan.averaged_networks(), gan.players()) == ("play", [gan.G], {"D": [gan.D], "G": [gan.G]})
    assert issubclass(Energy, Latent)
    assert GAN.levels(gan, x, x, x) == []


def test_phases_are_told_by_the_step() -> None:
    magan, wgan = make("magan", POINTS, pretrain=3, epoch_len=20).gan, make("wgan", POINTS, boost=True).gan

    def told(gan: GAN, steps: tuple[int, ...]) -> list[str]:
        return [gan.phase() for gan.steps in steps]

    assert told(magan, (0, 2, 3, 22, 23, 400)) == ["warm-up", "warm-up", "measure", "measure", "play", "play"]
    assert told(wgan, (0, 24, 25, 500)) == ["warm-up", "warm-up", "play", "play"]
    assert make("wgan", POINTS, boost=False).gan.phase() == "play"
