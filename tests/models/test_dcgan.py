"""DCGAN's architecture, layer by layer, its first weights, and what its batch norm is a norm of."""

import pytest
import torch
from torch import Tensor, nn
from torch.nn.modules.batchnorm import _BatchNorm
from training import make

from models.dcgan import DCGAN
from models.kit import losses, nets
from models.kit.batch import POINTS, Domain, Images, Shape
from models.kit.gan import Latent
from playground.specs.check import check
from playground.specs.presets import preset
from playground.types import Refused
from tests.models.test_learns import FACES, distances, learned

GREY, PAPER = Shape(1, 16), Shape(3, 64)


def layers(net: nn.Module) -> list[str]:
    """The names of a network's layers that do something to the numbers."""
    still = ("Sequential", "Flat", "Flatten", "Grid", "Float32")
    return [type(m).__name__ for m in net.modules() if type(m).__name__ not in still]


def maps(net: nn.Module, x: Tensor) -> list[tuple[int, ...]]:
    """The shape behind every convolution."""
    found: list[tuple[int, ...]] = []
    hooks = [m.register_forward_hook(lambda m, given, made: found.append(tuple(made.shape[1:]))) for m in net.modules()
             if isinstance(m, (nn.Conv2d, nn.ConvTranspose2d))]
    net(x)
    for hook in hooks:
        hook.remove()
    return found


def test_its_networks_are_the_paper_s_at_64_pixels() -> None:
    gan = DCGAN(Domain(PAPER), DCGAN.Knobs(width_g=8, width_d=8), torch.Generator().manual_seed(0))
    assert layers(gan.G) == ["Linear", *["BatchNorm2d", "ReLU", "Double"] * 4, "Tanh"], "no batch norm at G's output"
    assert layers(gan.D) == ["Conv2d", "LeakyReLU", *["Conv2d", "BatchNorm2d", "LeakyReLU"] * 3, "Linear"], "none at D's input"
    z, x = torch.randn(2, 100), torch.rand(2, *PAPER.dims) * 2 - 1
    assert maps(gan.G, z) == [(32, 8, 8), (16, 16, 16), (8, 32, 32), (3, 64, 64)]
    assert maps(gan.D, x) == [(8, 32, 32), (16, 16, 16), (32, 8, 8), (64, 4, 4)]
    assert gan.G[0].out_features == 64 * 4 * 4
    assert gan.D(x).shape == (2,)
    assert {m.negative_slope for m in gan.D.modules() if isinstance(m, nn.LeakyReLU)} == {0.2}
    assert {m.eps for m in gan.modules() if isinstance(m, _BatchNorm)} == {1e-5}
    fakes = gan.G(100 * z)
    assert fakes.abs().max() <= 1


def test_its_weights_begin_at_a_deviation_of_0_02() -> None:
    gan = make("dcgan", Shape(3, 32), width_g=32, width_d=32).gan
    for module in gan.modules():
        if isinstance(module, (nn.Linear, nn.Conv2d, nn.ConvTranspose2d)):
            n = module.weight.numel()
            assert module.weight.std().item() == pytest.approx(0.02, rel=0.05 if n > 1500 else 0.2)
            assert abs(module.weight.mean().item()) < 4 * 0.02 / n ** 0.5
            assert module.bias is None
        elif isinstance(module, _BatchNorm):
            assert module.weight.mean().item() == pytest.approx(1, abs=0.02)
            assert 0.01 < module.weight.std().item() < 0.03
            assert not module.bias.any()
    again = make("dcgan", Shape(3, 32), width_g=32, width_d=32).gan
    assert all(torch.equal(a, b) for a, b in zip(gan.parameters(), again.parameters(), strict=True))


def test_its_paper_preset_is_the_paper_s() -> None:
    said = dict(batch=128, lr_g=2e-4, lr_d=2e-4, beta1=0.5, z_dim=100, prior="uniform", width_g=64, width_d=64, g_loss="non-saturating", n_d=1,
                label_smooth=0.0, hidden_d=0, spectral=False, ema=0.0)
    assert said.items() <= preset("dcgan", "digits", "paper")["knobs"].items()


def test_points_are_refused_by_name() -> None:
    with pytest.raises(Refused, match=r"^DCGAN needs images; 8 Gaussians has none$") as refused:
        check({"variant": "dcgan", "data": "ring8"})
    assert refused.value.field == "data"
    with pytest.raises(ValueError, match="Images batches need images; this domain has none"):
        DCGAN(Domain(POINTS), DCGAN.Knobs(), None)
    assert check({"variant": "dcgan", "data": "digits"}).size == 28


def asked(gan: DCGAN, x: Tensor) -> list[int]:
    """Sizes of the batches that D is given in one round."""
    seen: list[int] = []
    hook = gan.D.register_forward_pre_hook(lambda net, given: seen.append(len(given[0])))
    list(gan.step(iter([Images(x)])))
    hook.remove()
    return seen


def test_real_and_fake_samples_are_never_in_one_batch_of_D() -> None:
    gan, x = make("dcgan", GREY).gan, torch.rand(6, *GREY.dims, generator=torch.Generator().manual_seed(0)) * 2 - 1
    assert asked(gan, x) == [6, 6, 6]


def test_step_of_dcgan_is_that_of_its_layers_by_hand() -> None:
    """Both losses of a round with all of D's layers written out; batch norm by each batch's own statistics."""
    gan = make("dcgan", GREY, width_d=4).gan
    z = torch.rand(6, 100, generator=torch.Generator().manual_seed(1)) * 2 - 1
    gan.noise = lambda n: z
    x = torch.rand(6, *GREY.dims, generator=torch.Generator().manual_seed(2)) * 2 - 1
    first, second, head = (m.weight for m in gan.D.modules() if isinstance(m, (nn.Conv2d, nn.Linear)))
    norm = next(m for m in gan.D.modules() if isinstance(m, _BatchNorm))

    def leaky(v: Tensor) -> Tensor:
        return torch.where(v > 0, v, 0.2 * v)

    def by_hand(images: Tensor) -> Tensor:
        v = nn.functional.conv2d(leaky(nn.functional.conv2d(images, first, None, 2, 1)), second, None, 2, 1)
        mean = v.mean((0, 2, 3), keepdim=True)
        v = (v - mean) / ((v - mean).square().mean((0, 2, 3), keepdim=True) + 1e-5).sqrt()
        return (leaky(v * norm.weight.view(1, -1, 1, 1) + norm.bias.view(1, -1, 1, 1)).flatten(1) @ head.T)[:, 0]

    made = gan.G(z)
    real, fake = by_hand(x), by_hand(made)
    d, g = gan.step(iter([Images(x)]))
    wanted = ((1 + (-real).exp()).log().mean() + (1 + fake.exp()).log().mean()).item(), (1 + (-fake).exp()).log().mean().item()
    assert (d["D"].item(), g["G"].item()) == pytest.approx(wanted, rel=1e-5)
    assert not any(v is not None for v in torch.autograd.grad(d["D"], list(gan.G.parameters()), allow_unused=True))


def normed_at_its_ends(self: DCGAN) -> nn.Module:
    return nn.Sequential(nn.BatchNorm2d(self.shape.channels), MAKE_D(self))


def normed_output(self: DCGAN) -> nn.Module:
    made = MAKE_G(self)
    return nn.Sequential(*made[:-2], nn.BatchNorm2d(self.shape.channels), *made[-2:])


def epsilon_of_0_8(self: DCGAN) -> nn.Module:
    made = MAKE_D(self)
    for m in made.modules():
        if isinstance(m, _BatchNorm):
            m.eps = 0.8
    return made


def in_one_batch(self: DCGAN, batches):
    (x,) = next(batches)
    real, fake = self.D(torch.cat([x, self.fakes(len(x))])).chunk(2)
    yield {"D": losses.logistic_d(real, fake)}
    yield {"G": losses.logistic_g(self.D(self.G(self.noise(len(x)))))}


MAKE_D, MAKE_G, NETWORKS = DCGAN.make_d, DCGAN.make_g, test_its_networks_are_the_paper_s_at_64_pixels


@pytest.mark.parametrize(("name", "wrong", "guard"), [
    ("make_d", normed_at_its_ends, NETWORKS), ("make_g", normed_output, NETWORKS),
    ("make_d", epsilon_of_0_8, NETWORKS), ("make_d", Latent.make_d, NETWORKS),
    ("initialise", lambda self, generator: nets.initialise(self, generator), test_its_weights_begin_at_a_deviation_of_0_02),
    ("step", in_one_batch, test_real_and_fake_samples_are_never_in_one_batch_of_D)],
    ids=["batch norm at D's input", "batch norm at G's output", "eps of 0.8", "no batch norm in D", "default weights", "one batch of both"])
def test_a_known_mistake_is_caught(name, wrong, guard, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(DCGAN, name, wrong)
    with pytest.raises(AssertionError):
        guard()


def test_a_D_whose_sign_is_turned_round_teaches_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    right = losses.logistic_d
    monkeypatch.setattr(losses, "logistic_d", lambda *scores, **rest: -right(*scores, **rest))
    before, after = distances("dcgan", FACES, "dcgan")
    assert not learned(before, after), f"from {before:.2f} to {after:.2f}"
