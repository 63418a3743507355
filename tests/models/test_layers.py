"""The kit's layers against torch's own, of the same weights: values, gradients, gradients of gradients, order in memory."""

from dataclasses import replace

import pytest
import torch
from torch import Tensor, nn
from training import whole

from models import ZOO
from models.kit import nets
from models.kit.batch import Shape
from models.kit.capabilities import Classifier
from models.kit.gan import GAN
from models.kit.knobs import check, declared
from models.kit.layers import Double, Flat, Grid, UpConv

LAST = torch.channels_last


def alike(ours: nn.Module, theirs: nn.Module, x: Tensor) -> None:
    """Same values, same gradients of weights and input, and of a penalty on the input's gradient."""
    for mine, its in zip(ours.parameters(), theirs.parameters(), strict=True):
        its.data.copy_(mine)
    found = []
    for net in (ours, theirs):
        seen = x.clone(memory_format=LAST if x.ndim == 4 else torch.contiguous_format).requires_grad_()
        out = net(seen)
        loss = out.square().mean()
        first = torch.autograd.grad(loss, [seen, *net.parameters()], create_graph=True)
        second = torch.autograd.grad(first[0].square().sum(), list(net.parameters()))
        found.append([out, *first, *second])
    for name, (a, b) in enumerate(zip(*found, strict=True)):
        assert a.shape == b.shape
        assert torch.allclose(a, b, rtol=1e-4, atol=1e-6), (name, (a - b).abs().max())


@pytest.mark.parametrize("size", [1, 3, 8])
@pytest.mark.parametrize(("channels", "out"), [(1, 1), (4, 6), (5, 1)])
def test_upconv_is_nearest_upsampling_and_a_convolution(size, channels, out):
    torch.manual_seed(0)
    ours = UpConv(channels, out).to(memory_format=LAST)
    theirs = nn.Sequential(nn.Upsample(scale_factor=2), nn.Conv2d(channels, out, 3, padding=1))
    alike(ours, theirs, torch.randn(3, channels, size, size))


@pytest.mark.parametrize("bias", [True, False])
def test_double_is_a_transposed_convolution(bias):
    torch.manual_seed(0)
    ours, theirs = Double(4, 3, bias=bias).to(memory_format=LAST), nn.ConvTranspose2d(4, 3, 4, 2, 1, bias=bias)
    assert [n for n, _ in ours.named_parameters()] == [n for n, _ in theirs.named_parameters()]
    alike(ours, theirs, torch.randn(3, 4, 5, 5))


def test_grid_and_flat_only_change_the_order_in_memory():
    torch.manual_seed(0)
    alike(nn.Sequential(nn.Linear(6, 4 * 9), Grid(4, 3), nn.Tanh()), nn.Sequential(nn.Linear(6, 4 * 9), nn.Unflatten(1, (4, 3, 3)), nn.Tanh()),
          torch.randn(2, 6))
    alike(nn.Sequential(nn.Conv2d(2, 4, 3), nn.Tanh(), Flat(), nn.Linear(16, 3)),
          nn.Sequential(nn.Conv2d(2, 4, 3), nn.Tanh(), nn.Flatten(), nn.Linear(16, 3)), torch.randn(2, 2, 4, 4))


@pytest.mark.parametrize("precision", [torch.float32, torch.bfloat16])
def test_pictures_and_their_gradients_stay_channels_last(precision):
    """One layer that does not would make its neighbours several times slower."""
    seen: list[Tensor] = []

    def look(x: Tensor) -> Tensor:
        seen.append(x)
        x.register_hook(seen.append)
        return x

    class Look(nn.Module):
        def forward(self, x: Tensor) -> Tensor:
            return look(x)

    net = nn.Sequential(nn.Linear(6, 64), Grid(4, 4), Look(), nn.ReLU(), Look(), UpConv(4, 6), Look(), nn.ELU(), Double(6, 3), Look(),
                        nn.Conv2d(3, 4, 4, 2, 1), nn.LeakyReLU(0.2), Flat(), nn.Linear(256, 1)).to(memory_format=LAST)
    with torch.autocast("cpu", torch.bfloat16, enabled=precision is torch.bfloat16):
        loss = net(torch.randn(2, 6)).float().sum()
    loss.backward()
    assert len(seen) == 8
    picture = 2 * torch.randn(2, 4, 3, 3, dtype=precision).to(memory_format=LAST).requires_grad_()
    flat = Flat()(picture)
    look(picture)
    flat.sum().backward()
    assert len(seen) == 10
    assert all(x.is_contiguous(memory_format=LAST) and not x.is_contiguous() and x.dtype == precision for x in seen)


def test_spectral_norm_finds_them():
    net = nets.normed(nn.Sequential(UpConv(2, 3), Double(3, 2)).to(memory_format=LAST))
    nets.initialise(net, torch.Generator().manual_seed(0))
    matrices = net[0].weight.flatten(1), net[1].weight.transpose(0, 1).flatten(1)
    assert [torch.linalg.matrix_norm(m, 2).item() for m in matrices] == pytest.approx([1, 1], rel=1e-2)
    assert net(torch.randn(2, 2, 4, 4)).shape == (2, 2, 16, 16)


def test_spectral_norm_starts_from_the_given_generator_alone():
    """Whatever the global one did before: every number is the seed's."""
    nets_of_one_seed = []
    for other in (1, 2):
        torch.manual_seed(other)
        net = nets.critic(Shape(1, 28), 4, hidden=8, spectral=True)
        nets.initialise(net, torch.Generator().manual_seed(0))
        nets_of_one_seed.append(net.state_dict())
    assert all(torch.equal(a, b) for a, b in zip(*(state.values() for state in nets_of_one_seed), strict=True))


@pytest.mark.parametrize("variant", [v for v in sorted(ZOO) if not declared(ZOO[v].Knobs)["hidden_d"].metadata["low"]])
@pytest.mark.parametrize("spectral", [False, True], ids=["plain", "spectral"])
def test_a_hidden_layer_of_d_sees_wholes(variant: str, spectral: bool) -> None:
    """A critic without one adds up what it sees in places that share no window; one with it does not. All of it learns."""
    cls, shape = ZOO[variant], Shape(1, 28)
    k = check(cls.Knobs, {"width_g": 4, "width_d": 4, "batch": 4, "hidden_d": 12, "spectral": spectral})
    gan = cls(whole(shape), k, torch.Generator().manual_seed(0))
    gan.eval().generator = torch.Generator().manual_seed(0)          # at rest, as batch norm in D adds up nothing
    plain = cls(whole(shape), replace(k, hidden_d=0, spectral=False), torch.Generator().manual_seed(0)).eval()
    assert sum(p.numel() for p in gan.G.parameters()) == sum(p.numel() for p in plain.G.parameters())
    assert all(torch.equal(a, b) for a, b in zip(gan.G.parameters(), plain.G.parameters(), strict=True))
    assert 12 in {layer.out_features for layer in gan.D.modules() if isinstance(layer, nn.Linear)}
    upper, lower = torch.zeros(1, 1, 28, 28), torch.zeros(1, 1, 28, 28)
    upper[:, :, :8], lower[:, :, 20:] = 1, 1
    if not cls.positive:
        def beyond(of: GAN) -> float:
            told = of.classify if isinstance(of, Classifier) else of.score                      # linear in the features of both
            return (told(upper + lower) - told(upper) - told(lower) + told(torch.zeros_like(upper))).abs().max().item()
        plain.generator = gan.generator
        assert beyond(plain) < 1e-6 < beyond(gan)
    x = torch.rand(4, 1, 28, 28)
    (gan.score(x).sum() + (gan.classify(x).square().sum() if isinstance(gan, Classifier) else 0)).backward()
    assert all(p.grad is not None and p.grad.abs().sum() > 0 for p in gan.D.parameters())
