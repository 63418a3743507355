"""Variants that are told the class of a sample, G alone or D as well: codes with classes, and networks that take or tell them."""

from dataclasses import dataclass

import torch
from torch import Tensor, nn

from models.kit import nets
from models.kit.batch import Labelled
from models.kit.code import Code
from models.kit.gan import Latent, LatentKnobs
from models.kit.knobs import knob
from models.kit.layers import Float32


@dataclass(frozen=True)
class ConditionalSamplerKnobs(LatentKnobs):
    """Knobs of variants whose G alone is told the class."""

    embed: int = knob(32, 2, 128, log=True, symbol="n_y", help="numbers that stand for a class in G", effects=("classes share much", "more to learn"))


@dataclass(frozen=True)
class ConditionalKnobs(LatentKnobs):
    """Knobs of variants whose G and D are told the class."""

    embed: int = knob(32, 2, 128, log=True, symbol="n_y", help="numbers that stand for a class, in G and in D",
                      effects=("classes share much", "more to learn"))
    hidden_d: int = knob(128, 8, 512, log=True, only="images", symbol="n_h", help="units of D's joint layer, which sees its maps and the class",
                         effects=("the class counts little", "judges the whole, overfits sooner"))


class ConditionalGenerator(nn.Module):
    """G(z, y): numbers that are learnt for each class stand behind z. `skip` times z is added where that is not 0."""

    def __init__(self, body: nn.Module, classes: int, size: int, skip: float) -> None:
        super().__init__()
        self.body, self.embed, self.skip = body, nn.Embedding(classes, size), skip

    def forward(self, z: Tensor, y: Tensor) -> Tensor:
        """(B, z_dim) and (B,) -> (B, *shape.dims)."""
        made = self.body(torch.cat([z, self.embed(y)], 1))
        return made + self.skip * z if self.skip else made


class ConditionalCritic(nn.Module):
    """D(x, y): features of x and numbers of the class meet in a joint layer, as in the paper's D. A linear head alone would only add the two up."""

    def __init__(self, body: nn.Sequential, features: int, classes: int, size: int, hidden: int) -> None:
        super().__init__()
        self.body, self.embed = body, nn.Embedding(classes, size)
        self.joint = nn.Sequential(nn.Linear(features + size, hidden), nn.LeakyReLU(0.2), nn.Linear(hidden, 1), nn.Flatten(0), Float32())

    def features(self, x: Tensor) -> Tensor:
        """(B, *shape.dims) -> (B, h): what D sees of x before it is told the class."""
        return self.body(x)

    def forward(self, x: Tensor, y: Tensor) -> Tensor:
        """(B, *shape.dims) and (B,) -> (B,) scores."""
        return self.judged(self.features(x), y)

    def judged(self, features: Tensor, y: Tensor) -> Tensor:
        """(B, h) and (B,) -> (B,) scores."""
        return self.joint(torch.cat([features, self.embed(y)], 1))

    def mean(self, x: Tensor) -> Tensor:
        """(B, *shape.dims) -> (B,): the mean of the scores over all classes."""
        features = self.features(x)
        each = [self.judged(features, torch.full((len(x),), y, device=x.device)) for y in range(self.embed.num_embeddings)]
        return torch.stack(each).mean(0)


class ClassifyingCritic(nn.Module):
    """D(x) and the class that it sees: a score head and a class head on the same features, both linear; the class head's logits are raw."""

    def __init__(self, critic: nn.Sequential, classes: int) -> None:
        """`critic`: as `nets.critic` makes it; its last linear layer, and what comes after, is the score head."""
        super().__init__()
        self.body, self.score, size = parted(critic)
        self.label = nn.Sequential(nn.Linear(size, classes), Float32())

    def features(self, x: Tensor) -> Tensor:
        """(B, *shape.dims) -> (B, h): what both heads see."""
        return self.body(x)

    def forward(self, x: Tensor) -> tuple[Tensor, Tensor]:
        """(B, *shape.dims) -> scores, (B,), and the logits of the classes, (B, K)."""
        features = self.body(x)
        return self.score(features), self.label(features)


def parted(critic: nn.Sequential) -> tuple[nn.Sequential, nn.Sequential, int]:
    """(what comes before a critic's last linear layer, that layer and the rest, how many features it sees)."""
    head = max(i for i, layer in enumerate(critic) if isinstance(layer, nn.Linear))
    return critic[:head], critic[head:], critic[head].in_features


class ConditionalSampler(Latent):
    """Variants whose G alone is told the class. Capabilities: those of `Latent`, and `Conditional`."""

    Knobs = ConditionalSamplerKnobs
    batch = Labelled

    def classes(self) -> tuple[str, ...]:
        """The names of the classes 0, 1, ..."""
        return self.domain.classes

    def make_g(self) -> nn.Module:
        """The network of player G: (B, z_dim) and classes, (B,) -> (B, *shape.dims)."""
        k, points = self.knobs, self.shape.is_points
        body = nets.generator(self.shape, self.z_dim + k.embed, k.width_g)
        return ConditionalGenerator(body, len(self.classes()), k.embed, self.skip_scale() if points else 0.0)

    def fakes(self, n: int, y: Tensor) -> Tensor:
        """n samples of the classes `y`, (n,), without a graph, for updates of D."""
        with torch.no_grad():
            return self.G(self.noise(n), y)

    def draw(self, n: int, generator: torch.Generator | None = None, y: Tensor | None = None) -> Code:
        """As for all; without `y` the classes come in turn: 0, 1, ..., 0, 1, ..."""
        z = self.noise(n, generator)
        return Code(z, (torch.arange(n) % len(self.classes()) if y is None else y).to(z.device))

    def sample(self, code: Code | Tensor) -> Tensor:
        """n codes -> (n, *shape.dims); a tensor of latents alone is given the classes in turn, as `draw` does."""
        code = Code.of(code)
        return self.G(code.z, torch.arange(len(code), device=code.z.device) % len(self.classes()) if code.y is None else code.y)

    def score_as(self, x: Tensor, y: Tensor) -> Tensor:
        """(B, ...) and classes (B,) -> (B,): the score, for D is not told the class."""
        return self.score(x)


class ConditionalLatent(ConditionalSampler):
    """Variants whose G and D are told the class."""

    Knobs = ConditionalKnobs

    def make_d(self) -> nn.Module:
        """The network of player D: (B, *shape.dims) and classes, (B,) -> scores (B,)."""
        k, (body, _, features) = self.knobs, parted(nets.critic(self.shape, self.knobs.width_d))
        hidden = k.width_d if self.shape.is_points else k.hidden_d
        net = ConditionalCritic(body, features, len(self.classes()), k.embed, hidden)
        return nets.normed(net) if k.spectral else net

    def score(self, x: Tensor) -> Tensor:
        """(B, ...) -> (B,): the mean of the scores over all classes, where none is said."""
        return self.D.mean(x)

    def score_as(self, x: Tensor, y: Tensor) -> Tensor:
        """(B, ...) and classes (B,) -> (B,)."""
        return self.D(x, y)
