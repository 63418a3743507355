"""Variants with an encoder E beside G: their knobs, networks and players."""

import math
from dataclasses import dataclass

import torch
from torch import Tensor, nn

from models.kit import nets
from models.kit.batch import Shape
from models.kit.code import Code
from models.kit.conditional import parted
from models.kit.gan import Latent, LatentKnobs
from models.kit.knobs import knob
from models.kit.layers import Float32

HE = math.sqrt(3 * 2 / (1 + 0.2 ** 2))          # of what `nets.initialise` draws, for LeakyReLU 0.2


@dataclass(frozen=True)
class EncoderKnobs(LatentKnobs):
    """Knobs of variants with an encoder."""

    lr_e: float = knob(2e-4, 1e-5, 1e-1, log=True, live=True, basic=True, symbol="η_E", help="how fast E learns", effects=("slow", "oscillation"))
    width_e: int = knob(32, 4, 256, log=True, symbol="n_E", help="channels of E's first layer, or units on points",
                        effects=("fast, codes say little", "slow and detailed"))


def trunk(shape: Shape, width: int) -> tuple[nn.Sequential, int]:
    """A critic's layers before its head, (B, *shape.dims) -> (B, h), and h: an MLP for points, strided convolutions without norm for images."""
    body, _, features = parted(nets.critic(shape, width))
    return body, features


def encoder(shape: Shape, width: int, numbers: int) -> nn.Sequential:
    """(B, *shape.dims) -> (B, numbers): any numbers, for the head is linear."""
    body, features = trunk(shape, width)
    return nn.Sequential(*body, nn.Linear(features, numbers), Float32())


class FeatureCritic(nn.Module):
    """A critic whose last maps, or last hidden layer on points, are features in which samples are compared."""

    def __init__(self, body: nn.Sequential, features: int, hidden: int) -> None:
        super().__init__()
        sizes = [features, *([hidden] if hidden else []), 1]
        self.body, self.head = body, nn.Sequential(*nets.linears(sizes, negative_slope=0.2), nn.Flatten(0), Float32())

    def features(self, x: Tensor) -> Tensor:
        """(B, *shape.dims) -> (B, h)."""
        return self.body(x)

    def forward(self, x: Tensor) -> Tensor:
        """(B, *shape.dims) -> (B,) scores."""
        return self.head(self.features(x))


class EncoderLatent(Latent):
    """Variants with an encoder. Capabilities: those of `Latent`, `Encoder` and `Reconstructor`."""

    Knobs = EncoderKnobs
    roles = {"D": "critic", "G": "generator", "E": "encoder"}

    def build(self) -> None:
        """As for all; creates E, too."""
        super().build()
        self.E = self.make_e()

    def initialise(self, generator: torch.Generator) -> None:
        """As for all; E's weights as He et al. (2015, arXiv:1502.01852) draw them: else codes begin a tenth as spread as the prior, and D looks past
        them."""
        super().initialise(generator)
        with torch.no_grad():
            for weight in (p for p in self.E.parameters() if p.ndim > 1):
                weight.mul_(HE)

    def make_e(self) -> nn.Module:
        """The network of player E: (B, *shape.dims) -> (B, z_dim)."""
        return encoder(self.shape, self.knobs.width_e, self.z_dim)

    def players(self) -> dict[str, list[nn.Module]]:
        """As for all, and E."""
        return {**super().players(), "E": [self.E]}

    def averaged_networks(self) -> list[nn.Module]:
        """G and E: the average of the one reconstructs what the average of the other encodes."""
        return [self.G, self.E]

    def encode(self, x: Tensor) -> Code:
        """(B, ...) -> n codes: E's of the samples, without noise."""
        return Code(self.E(x))

    def reconstruct(self, x: Tensor) -> Tensor:
        """(B, ...) -> what G makes of the samples' codes, same shape."""
        return self.sample(self.encode(x))

    @torch.no_grad()
    def made_at_rest(self, z: Tensor) -> Tensor:
        """(n, z_dim) -> n samples without a graph, by G at rest: its batch norm learns nothing of them."""
        was = self.G.training
        self.G.eval()
        made = self.G(z)
        self.G.train(was)
        return made
