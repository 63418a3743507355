"""A GAN is a game: networks, players, and a `step` that says how one round is played."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar

import torch
from torch import Tensor, nn

from models.kit import losses, nets
from models.kit.batch import Plain, Shape
from models.kit.knobs import Common, knob
from models.kit.landscape import Level, cells, energies, energy_cells

Round = Iterator[dict[str, Tensor]]
Bound = float | tuple[str, float | dict[str, float]]


@dataclass(frozen=True)
class Paper:
    """Where a variant comes from; `arxiv` is the bare id."""

    title: str
    authors: str
    year: int
    arxiv: str


@dataclass(frozen=True)
class Scalar:
    """What a logged number means. Scalars of one group (the part before `/`) and one unit share a chart.

    `healthy` is the range that a good run stays in. A bound is a number, or (name, times): so many times a knob, another scalar of its chart, or
    "median", its own so far; of a knob with choices, (name, {choice: number}). `line` is a reference: a number, or the name of a knob.
    """

    help: str
    unit: str
    symbol: str = ""
    healthy: tuple[Bound, Bound] | None = None
    line: float | str | None = None


class GAN(nn.Module):
    """Base of every variant. A subclass declares what it is, builds its networks and plays `step`.

    `step(batches)` is a generator: it draws with `next(batches)` and yields `{player: loss}`. At each yield the gradients of
    all losses in the dict are taken at the same point, each over its player's parameters alone; then all move. One call
    of `step` is one update of G. Rules: no context manager is open at a yield; networks return float32; a network that
    has moved is run again; nothing waits for the device; a buffer update never carries a graph.
    """

    Knobs: ClassVar[type[Common]] = Common
    title: ClassVar[str]
    family: ClassVar[str]
    sentence: ClassVar[str]
    formula: ClassVar[tuple[str, ...]]          # LaTeX, one line each
    paper: ClassVar[Paper]
    larger_is: ClassVar[str] = "real"           # the sign of a score: larger means more "real" or more "fake"
    positive: ClassVar[bool] = False            # scores are never below 0: shown by their logarithm
    scalars: ClassVar[dict[str, Scalar]] = {}
    beyond: ClassVar[dict[str, float]] = {}     # knob -> where the paper's own range ends

    def __init__(self, shape: Shape, knobs: Common, generator: torch.Generator | None) -> None:
        """`generator`: a CPU generator from which every weight is drawn; the global one is not read. None leaves them undrawn (for counting)."""
        super().__init__()
        self.shape, self.knobs, self.steps = shape, knobs, 0
        self.generator: torch.Generator | None = None       # the run's own, on the run's device; the trainer sets it
        self.logged: dict[str, Tensor] = {}
        self.register_buffer("lr_scale", torch.ones(()))
        self.build()
        if generator is not None:
            nets.initialise(self, generator)

    def build(self) -> None:
        """Make the networks and the buffers."""
        raise NotImplementedError

    def players(self) -> dict[str, list[nn.Module]]:
        return {"D": [self.D], "G": [self.G]}

    def shown(self) -> list[nn.Module]:
        """The networks whose averaged weights the pictures use."""
        return [self.G]

    def optimiser(self, player: str, params: list[nn.Parameter], lr: Tensor) -> torch.optim.Optimizer:
        """`lr` is a tensor on the device that the trainer keeps up to date."""
        return torch.optim.Adam(params, lr=lr, betas=(self.knobs.beta1, self.knobs.beta2), fused=True)

    def rate(self, player: str) -> float:
        """A player's learning rate, before `lr_scale`."""
        return getattr(self.knobs, f"lr_{player.lower()}")

    def phase(self) -> str:
        """A pure function of `steps` and the knobs; G moves only in "play"."""
        return "play"

    def step(self, batches: Iterator[Plain]) -> Round:
        raise NotImplementedError

    def score(self, x: Tensor) -> Tensor:
        """(B, ...) -> (B,), in the variant's own unit; `larger_is` tells its sign."""
        return self.D(x)

    def landscape(self, n: int, reach: float) -> Tensor:
        """(n, n): the score at the centres of the square's cells, row 0 at the bottom; points only. In the mean over D's own noise."""
        return self.score(cells(n, reach, self.generator.device)).view(n, n)

    def smooth_score(self, x: Tensor) -> Tensor:
        """`score` in the mean over D's own noise, differentiable: what rolls G's samples."""
        return self.score(x)

    def levels(self, x: Tensor, g: Tensor, real: Tensor) -> list[Level]:
        """The scores that matter to this variant now, for contours; `x` real samples, `g` fakes, as many, and `real` the scores of x."""
        return []

    def log(self, values: dict[str, Tensor]) -> None:
        """Keep numbers of this step: detached, float32, copied, so that a buffer that moves later is not what is shown."""
        self.logged.update({name: value.detach().to(torch.float32, copy=True) for name, value in values.items()})

    @classmethod
    def all_scalars(cls) -> dict[str, Scalar]:
        return {**BASIC, **cls.scalars}


DECADES = (("median", 0.01), ("median", 100.0))        # two about what is usual

BASIC = {
    "loss/d": Scalar("what D minimises", "loss", "L_D"),
    "loss/g": Scalar("what G minimises", "loss", "L_G"),
    "grad/d": Scalar("length of D's gradient", "norm", healthy=DECADES),
    "grad/g": Scalar("length of G's gradient", "norm", healthy=DECADES),
}


@dataclass(frozen=True)
class LatentKnobs(Common):
    z_dim: int = knob(100, 2, 256, log=True, symbol="|z|", help="numbers in a latent", ends=("few ways to vary", "room for everything"))
    prior: str = knob("normal", choices=("normal", "uniform"), help="where z is drawn: N(0, 1) or U(-1, 1) in each number")
    skip: bool = knob(True, only="points", help="adds 1.5 z (normal) or 2 z (uniform) to G's MLP, z in the plane; ours")


class Latent(GAN):
    """Variants whose G turns noise into a sample. Capabilities: `sample`, and all that can be done with latents."""

    Knobs = LatentKnobs

    def build(self) -> None:
        k = self.knobs
        self.z_dim = 2 if self.shape.is_points and k.skip else k.z_dim
        self.G, self.D = self.make_g(), self.make_d()

    def make_g(self) -> nn.Module:
        k = self.knobs
        return nets.generator(self.shape, self.z_dim, k.width_g, skip=(1.5 if k.prior == "normal" else 2.0) if k.skip else 0.0)

    def make_d(self) -> nn.Module:
        """The network of player D; scores (B,) unless a family says otherwise."""
        return nets.critic(self.shape, self.knobs.width_d, hidden=self.knobs.hidden_d, spectral=self.knobs.spectral)

    def noise(self, n: int, generator: torch.Generator | None = None) -> Tensor:
        """n latents, (n, z_dim), from the run's generator unless another is given."""
        generator = generator or self.generator
        size, device = (n, self.z_dim), generator.device
        if self.knobs.prior == "normal":
            return torch.randn(size, generator=generator, device=device)
        return torch.rand(size, generator=generator, device=device) * 2 - 1

    def fakes(self, n: int) -> Tensor:
        """n samples without a graph, for an update of D alone."""
        with torch.no_grad():
            return self.G(self.noise(n))

    def sample(self, z: Tensor) -> Tensor:
        """(n, z_dim) -> (n, *shape.dims); what the pictures show."""
        return self.G(z)


@dataclass(frozen=True)
class EnergyKnobs(LatentKnobs):
    code: int = knob(64, 2, 512, log=True, symbol="h", help="numbers between encoder and decoder", ends=("D redraws little", "D redraws all"))
    critic: str = knob("lift", choices=("lift", "denoise", "plain"), only="points",
                       help="what D redraws: random Fourier features, a noisy point, or the point itself (which it learns to copy)")
    noise: float = knob(0.3, 0.0, 1.0, only="points", symbol="σ", help="noise on the points that D sees while it redraws clean ones; not with plain",
                        ends=("narrow wells", "wide wells"))
    exponent: str = knob("2", choices=("1", "2"), symbol="η", help="energy = |v - D(v)| to this power")


class Energy(Latent):
    """Variants whose D is an autoencoder. Capabilities: `reconstruct`, `energy_map`. A score is an energy: larger is more fake."""

    Knobs = EnergyKnobs
    larger_is, positive = "fake", True

    def make_d(self) -> nn.Module:
        k = self.knobs
        return nets.autoencoder(self.shape, k.width_d, k.code, hidden=k.hidden_d, spectral=k.spectral, critic=k.critic, noise=k.noise)

    def energy(self, x: Tensor) -> Tensor:
        """(B, ...) -> (B,): |x - D(x)| ** exponent, mean (or sum) over the pixels (or features) of each sample."""
        return self.energy_and_code(x)[0]

    def energy_and_code(self, x: Tensor) -> tuple[Tensor, Tensor]:
        """The energies, (B,), and D's codes of the samples, (B, h)."""
        redrawn = self.D(x, self.generator)
        return losses.reconstruction(redrawn.target, redrawn.made, int(self.knobs.exponent), self.reduction()), redrawn.code

    def reduction(self) -> str:
        """"mean" or "sum" over a sample's numbers."""
        return "mean"

    def score(self, x: Tensor) -> Tensor:
        return self.energy(x)

    def landscape(self, n: int, reach: float) -> Tensor:
        if not self.D.noise:
            return super().landscape(n, reach)
        return energy_cells(self.D, n, reach, int(self.knobs.exponent), self.reduction(), self.generator.device)

    def smooth_score(self, x: Tensor) -> Tensor:
        return energies(self.D, x, int(self.knobs.exponent), self.reduction()) if self.D.noise else self.score(x)

    def reconstruct(self, x: Tensor) -> Tensor:
        """(B, C, H, W) -> D's redrawing of it, same shape."""
        return self.D(x, self.generator).made
