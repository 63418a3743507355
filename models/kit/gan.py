"""The base classes. A GAN is a game: networks, players that update them, and `step`, one round."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import ClassVar

import torch
from torch import Tensor, nn

from models.kit import mix, mixed_terms, nets
from models.kit.batch import Batch, Domain, Plain, needed
from models.kit.code import Code
from models.kit.declarations import Form, Paper, Part, Scalar
from models.kit.knobs import Common, declared, knob
from models.kit.landscape import Level, cells
from models.kit.relative import Relative

Round = Iterator[dict[str, Tensor]]


class GAN(nn.Module):
    """The base class of every variant. A subclass declares what it is, builds its networks and defines `step`.

    `step(batches)` is a generator: it takes batches with `next(batches)` and yields `{player: loss}`. At each yield the gradients of
    all losses in the dict are taken at the same point, each over its player's parameters alone; then all players are updated. One call
    of `step` is one update of G. Rules: no context manager is open at a yield; networks return float32; a network is run again after
    its update; nothing waits for the device; a buffer never keeps a graph.
    """

    Knobs: ClassVar[type[Common]] = Common
    roles: ClassVar[dict[str, str]] = {"D": "critic", "G": "generator"}     # player -> what it is; one lives on the rate knob lr_<player>
    batch: ClassVar[type[Batch]] = Plain        # the kind of batches that `step` takes
    title: ClassVar[str]
    family: ClassVar[str]
    summary: ClassVar[str]
    formula: ClassVar[tuple[str, ...]]          # LaTeX lines, as in the paper
    forms: ClassVar[tuple[Form, ...]] = ()      # how it depends on knobs
    parts: ClassVar[tuple[Part, ...]] = ()
    paper: ClassVar[Paper]
    judges: ClassVar[str] = "samples"           # what D is asked about: these, "codes" alone or "pairs" of both (then there is `score_with`)
    larger_is: ClassVar[str] = "real"           # the sign of a score: larger means more "real" or more "fake"
    positive: ClassVar[bool] = False            # scores are never below 0 and shown on a logarithmic scale
    scalars: ClassVar[dict[str, Scalar]] = {}
    pair: ClassVar[tuple[str, str] | None] = ("score/real", "score/fake")    # D's mean scores; None where only differences mean something
    unit: ClassVar[str] = ""                    # of a score, where `pair` is None; else it is that of the pair
    critic_letter: ClassVar[str] = "D"          # D's scores in `formula`, as LaTeX
    relative: ClassVar[Relative | str] = "its losses are no costs of each score by itself"      # or why the relativistic wrapper has no sense here
    aside: ClassVar[tuple[str, ...]] = ()       # networks, or their parts, that nothing is asked of after training: the gallery's models lack them
    batch_norm_d: ClassVar[bool] = False        # in training D's scores of a batch depend on each other
    paper_range: ClassVar[dict[str, float]] = {}     # knob -> the end of the paper's range

    def __init__(self, domain: Domain, knobs: Common, generator: torch.Generator | None) -> None:
        """`domain`: what the data provide, of which `self.domain` has what its batches hold. ValueError when it lacks what they need.
        `generator`: the CPU generator of all initial weights, in place of torch's global one. None skips it (to count weights)."""
        super().__init__()
        self.domain, self.shape, self.knobs, self.steps = needed(self.batch, domain), domain.shape, knobs, 0
        self.generator: torch.Generator | None = None       # the run's, on the run's device; set by the trainer
        self.logged: dict[str, Tensor] = {}
        self.register_buffer("lr_scale", torch.ones(()))
        self.build()
        if generator is not None:
            self.initialise(generator)
        mix.prepare(self)

    def build(self) -> None:
        """Create the networks and the buffers."""
        raise NotImplementedError

    def initialise(self, generator: torch.Generator) -> None:
        """Draw every initial weight from the CPU generator."""
        nets.initialise(self, generator)

    def players(self) -> dict[str, list[nn.Module]]:
        """Player -> the networks that it updates; each player has an optimiser of its own."""
        return {"D": [self.D], "G": [self.G]}

    def averaged_networks(self) -> list[nn.Module]:
        """The networks of which the trainer keeps averaged weights, for samples."""
        return [self.G]

    def optimiser(self, player: str, params: list[nn.Parameter], lr: Tensor) -> torch.optim.Optimizer:
        """A player's optimiser; `lr` is a tensor on the device that the trainer updates."""
        return torch.optim.Adam(params, lr=lr, betas=(self.knobs.beta1, self.knobs.beta2), fused=True)

    def descent(self, player: str, params: list[nn.Parameter], lr: Tensor) -> torch.optim.Optimizer:
        """What updates a player: its `optimiser`, or where all data are one point plain gradient descent, for which the theory is."""
        return torch.optim.SGD(params, lr=lr) if self.shape.single else self.optimiser(player, params, lr)

    def rate(self, player: str) -> float:
        """A player's learning rate, before `lr_scale`."""
        return getattr(self.knobs, f"lr_{player.lower()}")

    def known_labels(self) -> int | None:
        """How many samples of the training set keep their labels where batches are `SemiLabelled`; None: all of them."""
        return None

    def phase(self) -> str:
        """The phase, a pure function of `steps` and the knobs: "play", or one before it in which G is not updated (MAGAN) or less often (WGAN)."""
        return "play"

    @classmethod
    def formula_of(cls, knobs: Common) -> tuple[str, ...]:
        """The formula with these knobs."""
        lines = cls.formula
        for form in cls.forms:
            if form.applies(knobs):
                lines = tuple(line.replace(form.old, form.new) for line in lines)
        return mixed_terms.formula(tuple(line for line in lines if line), cls.critic_letter, cls.relative, knobs)

    def formula_now(self) -> tuple[str, ...]:
        """The formula of the next step, in its phase."""
        return self.formula_of(self.knobs)

    def parts_now(self) -> tuple[Part, ...]:
        """The parts of the formula whose values slow motion shows, of what is mixed in, too."""
        return (*self.parts, *mixed_terms.parts(self.critic_letter, self.knobs))

    def step(self, batches: Iterator[Batch]) -> Round:
        """Play one round: a generator that yields {player: loss}, a scalar each; see the class."""
        raise NotImplementedError

    def d_loss(self, plain: Callable[[Tensor, Tensor], Tensor], real: Tensor, fake: Tensor) -> Tensor:
        """`plain`, D's loss of the scores of real data and of fakes, (B,) each; the relativistic wrapper where it is mixed in."""
        return mix.d_loss(self, plain, real, fake)

    def g_loss(self, plain: Callable[[Tensor], Tensor], fakes: Tensor, x: Tensor) -> Tensor:
        """`plain`, G's loss of scores, on all its `fakes`, (B, ...), or the `best`; the relativistic wrapper, beside real `x`, where that is on."""
        return mix.g_loss(self, plain, fakes, x)

    def best(self, scores: Tensor) -> Tensor:
        """The scores that G learns from: of all its fakes, (B,), or of those that top-k leaves, (k,). Each loss of G takes them."""
        return mix.best(self, scores)

    def round(self, batches: Iterator[Batch]) -> Round:
        """One round as it is played: `step`, with what knobs mix in (`models.kit.mix`)."""
        return mix.round_of(self, batches)

    def score(self, x: Tensor) -> Tensor:
        """(B, ...) -> (B,), in the variant's own unit; its sign is `larger_is`."""
        return self.D(x)

    def landscape(self, n: int, reach: float) -> Tensor:
        """(n, n): the score at the centres of the square's cells, row 0 at the bottom; points only. The mean over D's own noise."""
        return self.score(cells(n, reach, self.generator.device)).view(n, n)

    def smooth_score(self, x: Tensor) -> Tensor:
        """The mean of `score` over D's own noise, differentiable: its gradient is the force on G's samples."""
        return self.score(x)

    def levels(self, x: Tensor, g: Tensor, real: Tensor) -> list[Level]:
        """Scores with a meaning in this variant, for contours. `x`: real samples; `g`: as many fakes; `real`: the scores of x."""
        return []

    def augmenter(self) -> torch.Generator:
        """What random changes of D's input are drawn from, where augmentations are mixed in: the run's generator."""
        return self.generator

    def levels_now(self, x: Tensor, g: Tensor, real: Tensor) -> list[Level]:
        """`levels`, as what is mixed in leaves them."""
        return mix.levels(self, x, g, real)

    def log(self, values: dict[str, Tensor]) -> None:
        """Log metrics of this step: detached float32 copies, which later updates of a buffer do not change."""
        self.logged.update({name: value.detach().to(torch.float32, copy=True) for name, value in values.items()})

    @classmethod
    def score_unit(cls) -> str:
        """The unit of a score."""
        return cls.scalars[cls.pair[0]].unit if cls.pair else cls.unit

    def unit_now(self) -> str:
        """The unit of a score, as what is mixed in leaves it."""
        return "score" if mix.wrapping(self) != mix.NONE else self.score_unit()

    @classmethod
    def all_scalars(cls) -> dict[str, Scalar]:
        """Every metric that a step may log, by name: each player's loss and gradient, and the variant's own."""
        loss = {f"loss/{p.lower()}": Scalar(f"what {p} minimises", "loss", f"L_{p}") for p in cls.roles}
        grad = {f"grad/{p.lower()}": Scalar(f"length of {p}'s gradient", "norm", healthy=DECADES) for p in cls.roles}
        return {**loss, **grad, **cls.scalars, **(mix.SCALARS if "regulariser" in declared(cls.Knobs) else {})}


DECADES = (("median", 0.01), ("median", 100.0))        # two decades around the median


@dataclass(frozen=True)
class LatentKnobs(Common):
    """Knobs of variants whose G maps latents to samples."""

    z_dim: int = knob(100, 2, 256, log=True, only="images", symbol="n_z", help="numbers in a latent",
                      effects=("little variation", "more to learn"))
    prior: str = knob("normal", choices=("normal", "uniform"), help="distribution of z: N(0, 1) or U(-1, 1) in each coordinate")
    skip: bool = knob(True, only="points",
                       help="z has 2 numbers, and 1.5 z (normal) or 2 z (uniform) is added to G's MLP; not in the papers. Off: z has 100 numbers")


class Latent(GAN):
    """Variants whose G maps latents to samples. Capabilities: `draw`, `sample`, and the tools for latents."""

    Knobs = LatentKnobs

    def build(self) -> None:
        """Creates G and D, and sets `z_dim`, the number of a latent's coordinates."""
        k = self.knobs
        self.z_dim = 2 if self.shape.is_points and k.skip else k.z_dim
        self.G, self.D = self.make_g(), self.make_d()

    def make_g(self) -> nn.Module:
        """The network of player G: (B, z_dim) -> (B, *shape.dims)."""
        return nets.generator(self.shape, self.z_dim, self.knobs.width_g, skip=self.skip_scale())

    def skip_scale(self) -> float:
        """What z is multiplied with before it is added to G's MLP in the plane; 0 without the knob `skip`."""
        return (1.5 if self.knobs.prior == "normal" else 2.0) if self.knobs.skip else 0.0

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
        """n samples without a graph, for updates of D."""
        with torch.no_grad():
            return self.G(self.noise(n))

    def draw(self, n: int, generator: torch.Generator | None = None, y: Tensor | None = None) -> Code:
        """n codes; latents as `noise` draws them, of the classes `y`, (n,), where a variant is `Conditional`. ValueError for classes elsewhere."""
        if y is not None:
            raise ValueError(f"{self.title} knows no classes")
        return Code(self.noise(n, generator))

    def sample(self, code: Code | Tensor) -> Tensor:
        """n codes, or latents alone, (n, z_dim) -> (n, *shape.dims); used for all pictures."""
        return self.G(Code.of(code).z)
