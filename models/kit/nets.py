"""Networks for points and for images, small enough to train live on a CPU.

Images: any size that halves to a base of 4 to 7 pixels (28 -> 7, 32 -> 4). Strided 4x4 (transposed) convolutions replace
nearest upsampling and a 3x3 convolution at less than half the cost. D never has batch norm: it would make the scores of
a batch depend on each other.
"""

import math
from itertools import pairwise
from typing import NamedTuple

import torch
from torch import Tensor, nn
from torch.nn.utils import parametrizations, parametrize

from models.kit import dirac
from models.kit.batch import Shape
from models.kit.layers import Double, Flat, Float32, Grid, UpConv


def base_size(size: int) -> tuple[int, int]:
    """(pixels of the smallest map, number of doublings up to `size`)."""
    doublings = 0
    while size % 2 == 0 and size // 2 >= 4:
        size, doublings = size // 2, doublings + 1
    return size, doublings


def linears(sizes: list[int], activation: type[nn.Module] = nn.LeakyReLU, **options: float) -> list[nn.Module]:
    """Linear layers with an activation between them."""
    layers: list[nn.Module] = []
    for a, b in pairwise(sizes):
        layers += [nn.Linear(a, b), activation(**options)]
    return layers[:-1]


def mlp(sizes: list[int], activation: type[nn.Module] = nn.LeakyReLU, **options: float) -> nn.Sequential:
    """(B, sizes[0]) -> (B, sizes[-1]): linear layers with an activation between them, float32 at the end."""
    return nn.Sequential(*linears(sizes, activation, **options), Float32())


class Skip(nn.Module):
    """G(z) = scale z + MLP(z) in the plane: initially its samples cover the data, so that no mode has to be found first."""

    def __init__(self, body: nn.Module, scale: float) -> None:
        super().__init__()
        self.body, self.scale = body, scale

    def forward(self, z: Tensor) -> Tensor:
        """(B, 2) -> (B, 2)."""
        return self.scale * z + self.body(z)


def generator(shape: Shape, z_dim: int, width: int, *, skip: float = 0.0) -> nn.Module:
    """(B, z_dim) -> (B, *shape.dims). Points: an MLP, with `skip` times z added where that is not 0.

    Images: as DCGAN, with batch norm and ReLU, and tanh at the end. A single point: one number.
    """
    if shape.single:
        return dirac.Constant()
    if shape.is_points:
        body = mlp([z_dim, width, width, 2], negative_slope=0.2)
        return Skip(body, skip) if skip else body
    base, ups = base_size(shape.size)
    c = width * 2 ** (ups - 1)
    layers: list[nn.Module] = [nn.Linear(z_dim, c * base * base, bias=False), Grid(c, base), nn.BatchNorm2d(c), nn.ReLU()]
    for _ in range(ups - 1):
        layers += [Double(c, c // 2, bias=False), nn.BatchNorm2d(c // 2), nn.ReLU()]
        c //= 2
    return nn.Sequential(*layers, Double(c, shape.channels), nn.Tanh(), Float32())


def critic(shape: Shape, width: int, *, hidden: int = 0, spectral: bool = False, outputs: int = 1) -> nn.Module:
    """(B, *shape.dims) -> (B,) scores, or (B, outputs) where there are more than one. Points: an MLP. Images: strided convolutions and LeakyReLU 0.2,
    no norm, a linear head or, if `hidden`, one of two layers: a sum over positions cannot tell a digit from parts of two. One point: a line."""
    flat = [nn.Flatten(0)] if outputs == 1 else []
    if shape.single:
        net = dirac.linear()
    elif shape.is_points:
        net = nn.Sequential(*mlp([2, width, width, outputs], negative_slope=0.2), *flat)
    else:
        base, downs = base_size(shape.size)
        layers: list[nn.Module] = []
        a, b = shape.channels, width
        for _ in range(downs):
            layers += [nn.Conv2d(a, b, 4, 2, 1), nn.LeakyReLU(0.2)]
            a, b = b, 2 * b
        sizes = [a * base * base, *([hidden] if hidden else []), outputs]
        net = nn.Sequential(*layers, Flat(), *linears(sizes, negative_slope=0.2), *flat, Float32())
    return normed(net) if spectral else net


class Lift(nn.Module):
    """sqrt(2) cos(W x + b), W ~ N(0, 1): random Fourier features, in which the energy of a small autoencoder has deep minima at the data.

    They have a fixed seed, so that all runs use the same features.
    """

    def __init__(self, features: int) -> None:
        super().__init__()
        generator = torch.Generator().manual_seed(3)
        self.register_buffer("weight", torch.randn(features, 2, generator=generator))
        self.register_buffer("phase", 2 * math.pi * torch.rand(features, generator=generator))

    def forward(self, x: Tensor) -> Tensor:
        """(B, 2) -> (B, features)."""
        return math.sqrt(2) * torch.cos(nn.functional.linear(x, self.weight, self.phase))


class Reconstruction(NamedTuple):
    """An autoencoder's target and output, of the same shape, and its code, (B, h); all float32."""

    target: Tensor
    output: Tensor
    code: Tensor


class Autoencoder(nn.Module):
    """The D of energy-based variants.

    With `noise` its input is x + noise N(0, 1) and its target the clean x; with `lift` both are features of x.
    """

    def __init__(self, encoder: nn.Module, decoder: nn.Module, *, lift: nn.Module | None = None, noise: float = 0.0) -> None:
        super().__init__()
        self.encoder, self.decoder, self.lift, self.noise = encoder, decoder, lift or nn.Identity(), noise

    def reconstruct(self, x: Tensor) -> Tensor:
        """The output for x, without noise."""
        return self.decoder(self.encoder(self.lift(x))).float()

    def forward(self, x: Tensor, generator: torch.Generator | None = None) -> Reconstruction:
        """(B, ...) -> target, output and code; the noise is drawn from `generator`."""
        target = features = self.lift(x)
        if self.noise:
            features = self.lift(x + self.noise * torch.randn(x.shape, generator=generator, device=x.device))
        code = self.encoder(features)
        return Reconstruction(target, self.decoder(code).float(), code.float())


def autoencoder(shape: Shape, width: int, code: int, *, hidden: int = 0, spectral: bool = False, critic: str = "plain",
                noise: float = 0.0) -> Autoencoder:
    """Points: an MLP that reconstructs features of them ("lift") or the points themselves ("denoise", "plain": without noise).

    Images: strided convolutions, ELU, a linear code; where `hidden` is not 0, a layer of that many units before and after it.
    """
    if shape.is_points:
        n = 64 if critic == "lift" else 2
        net = Autoencoder(mlp([n, width, width, code], negative_slope=0.2), mlp([code, width, width, n], negative_slope=0.2),
                          lift=Lift(n) if critic == "lift" else None, noise=0.0 if critic == "plain" else noise)
    else:
        base, halvings = base_size(shape.size)
        down: list[nn.Module] = []
        up: list[nn.Module] = []
        a, b = shape.channels, width
        for _ in range(halvings):
            down += [nn.Conv2d(a, b, 4, 2, 1), nn.ELU()]
            up = [nn.ELU(), Double(b, a), *up]
            a, b = b, 2 * b
        sizes = [a * base * base, *([hidden] if hidden else []), code]
        net = Autoencoder(nn.Sequential(*down, Flat(), *linears(sizes, nn.ELU)),
                          nn.Sequential(*linears(sizes[::-1], nn.ELU), Grid(a, base), *up))
    return normed(net) if spectral else net


def blocks(channels: int, width: int, stages: int) -> list[nn.Module]:
    """BEGAN's stages (paper, figure 1): two 3x3 convolutions with ELU each, nearest upsampling between stages, a linear output."""
    layers: list[nn.Module] = []
    for stage in range(stages + 1):
        first = UpConv(width, width) if stage else nn.Conv2d(width, width, 3, 1, 1)
        layers += [first, nn.ELU(), nn.Conv2d(width, width, 3, 1, 1), nn.ELU()]
    return [*layers, nn.Conv2d(width, channels, 3, 1, 1), Float32()]


def began_decoder(shape: Shape, code: int, width: int) -> nn.Module:
    """(B, code) -> image: BEGAN's decoder, which is also its generator. No norm, no tanh."""
    base, ups = base_size(shape.size)
    return nn.Sequential(nn.Linear(code, width * base * base), Grid(width, base), *blocks(shape.channels, width, ups))


def began_autoencoder(shape: Shape, width: int, code: int) -> Autoencoder:
    """BEGAN's D: channels n, 2n, 3n ..., two 3x3 convolutions a stage, halved by a stride of 2, a linear code, its decoder."""
    base, downs = base_size(shape.size)
    layers: list[nn.Module] = [nn.Conv2d(shape.channels, width, 3, 1, 1), nn.ELU()]
    for stage in range(1, downs + 2):
        a = width * stage
        layers += [nn.Conv2d(a, a, 3, 1, 1), nn.ELU()]
        if stage <= downs:
            layers += [nn.Conv2d(a, a + width, 3, 2, 1), nn.ELU()]
    encoder = nn.Sequential(*layers, Flat(), nn.Linear(width * (downs + 1) * base * base, code))
    return Autoencoder(encoder, began_decoder(shape, code, width))


class Gain(nn.Module):
    """A weight times a constant: behind spectral norm the layer's greatest singular value."""

    def __init__(self, gain: float) -> None:
        super().__init__()
        self.gain = gain

    def forward(self, weight: Tensor) -> Tensor:
        """Any shape -> the same."""
        return self.gain * weight


def normed(net: nn.Module, rounds: int = 1, gain: float = 1.0) -> nn.Module:
    """Apply spectral norm to every layer of `net` (Miyato et al., 2018, arXiv:1802.05957): `gain` W / σ(W), a convolution's kernel as a matrix
    (out, in kh kw). While it trains, each forward pass has so many `rounds` of power iteration."""
    for layer in [m for m in net.modules() if isinstance(m, (nn.Linear, nn.Conv2d, nn.ConvTranspose2d))]:
        parametrizations.spectral_norm(layer, n_power_iterations=rounds)
        if gain != 1:
            parametrize.register_parametrization(layer, "weight", Gain(gain))
    return net


@torch.no_grad()
def norms_left(net: nn.Module) -> Tensor:
    """(layers,): the greatest singular value that spectral norm left each layer's weight with, but for its gain: |W v| over the u W v that W was
    divided by. At least 1, and 1 where power iteration has found u and v. Changes nothing."""
    left = []
    for norm, raw in [(m.parametrizations.weight[0], m.parametrizations.weight.original) for m in net.modules() if parametrize.is_parametrized(m)]:
        along = torch.mv(norm._reshape_weight_to_matrix(raw), norm._v)
        left.append(along.norm() / along.dot(norm._u))
    return torch.stack(left)


def initialise(net: nn.Module, generator: torch.Generator, deviation: float | None = None) -> None:
    """Initialise every weight from `generator`: uniform in +-1/sqrt(fan in), torch's default; or, but for biases, normal with this deviation around
    0, and batch norm's scales around 1. Embeddings are N(0, 1)."""
    for module in net.modules():
        if isinstance(module, nn.Embedding):
            nn.init.normal_(module.weight, generator=generator)
        if isinstance(module, (nn.Linear, nn.Conv2d, nn.ConvTranspose2d)):
            normed = hasattr(module, "parametrizations")
            raw = module.parametrizations.weight.original if normed else module.weight
            bound = 1 / math.sqrt(raw.shape[1] * math.prod(raw.shape[2:]))
            with torch.no_grad():
                if deviation is None:
                    raw.uniform_(-bound, bound, generator=generator)
                else:
                    raw.normal_(0, deviation, generator=generator)
                if module.bias is not None:
                    module.bias.uniform_(-bound, bound, generator=generator)
                if normed:                              # power iteration starts at a random v, drawn from `generator` too
                    norm = module.parametrizations.weight[0]
                    norm._v.normal_(generator=generator)
                    norm._power_method(norm._reshape_weight_to_matrix(raw), 15)
        elif isinstance(module, nn.BatchNorm2d) and deviation is not None:
            with torch.no_grad():
                module.weight.normal_(1, deviation, generator=generator)
