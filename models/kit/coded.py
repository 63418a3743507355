"""Variants whose G is given a category that is no label: what it comes to mean is found, from samples alone."""

from dataclasses import dataclass

import torch
from torch import Tensor, nn

from models.kit import nets
from models.kit.batch import Plain
from models.kit.code import Code
from models.kit.conditional import ConditionalSampler, parted
from models.kit.gan import LatentKnobs
from models.kit.knobs import knob


@dataclass(frozen=True)
class CodedKnobs(LatentKnobs):
    """Knobs of variants with a categorical code."""

    n_cat: int = knob(10, 2, 20, basic=True, symbol="K", help="categories of the code, all equally often; what each means is found, not told",
                      effects=("kinds share one", "a kind has several"))


class CodedGenerator(nn.Module):
    """G(z, y): behind `scale` z stands 1 in the place of the category and 0 in the others. `skip` times `scale` z is added where that is not 0."""

    def __init__(self, body: nn.Module, categories: int, scale: float, skip: float) -> None:
        super().__init__()
        self.body, self.categories, self.scale, self.skip = body, categories, scale, skip

    def forward(self, z: Tensor, y: Tensor) -> Tensor:
        """(B, z_dim) and (B,) -> (B, *shape.dims)."""
        z = self.scale * z
        made = self.body(torch.cat([z, (y[:, None] == torch.arange(self.categories, device=y.device)).to(z.dtype)], 1))
        return made + self.skip * z if self.skip else made


class HeadedCritic(nn.Module):
    """A critic as `nets.critic`, in two parts, so that another network can look at what it sees."""

    def __init__(self, critic: nn.Sequential) -> None:
        super().__init__()
        self.body, self.head, self.size = parted(critic)

    def features(self, x: Tensor) -> Tensor:
        """(B, *shape.dims) -> (B, size): what it sees."""
        return self.body(x)

    def judged(self, features: Tensor) -> Tensor:
        """(B, size) -> (B,) scores."""
        return self.head(features)

    def forward(self, x: Tensor) -> Tensor:
        """(B, *shape.dims) -> (B,) scores."""
        return self.judged(self.features(x))


class CodedLatent(ConditionalSampler):
    """Variants with a categorical code. Capabilities: those of `Latent`, `Conditional` (of codes, which D is not told) and `Coder`."""

    Knobs = CodedKnobs
    batch = Plain

    def classes(self) -> tuple[str, ...]:
        """The names of the categories 0, 1, ..."""
        return categories(self.knobs.n_cat)

    def z_scale(self) -> float:
        """What z is multiplied with before G sees it."""
        return 1.0

    def make_g(self) -> nn.Module:
        """The network of player G: (B, z_dim) and categories, (B,) -> (B, *shape.dims)."""
        k, points = self.knobs, self.shape.is_points
        body = nets.generator(self.shape, self.z_dim + k.n_cat, k.width_g)
        return CodedGenerator(body, k.n_cat, self.z_scale(), self.skip_scale() if points else 0.0)

    def drawn_categories(self, n: int) -> Tensor:
        """n categories, int64 (n,), each as likely, from the run's generator."""
        return torch.randint(self.knobs.n_cat, (n,), generator=self.generator, device=self.generator.device)

    def coded(self) -> tuple[str, ...]:
        """The names of its continuous codes, the first of z's numbers; none where a variant does not say otherwise."""
        return ()

    def traverse(self, code: Code, which: int, values: Tensor) -> Code:
        """n codes and `values` (m,) -> n m codes: each in turn with its continuous code `which` at each of the values. ValueError for one that there
        is not."""
        if not 0 <= which < len(self.coded()):
            raise ValueError(f"which must be one of the {len(self.coded())} continuous codes, counted from 0; got {which}")
        z = code.z.repeat_interleave(len(values), 0)
        z[:, which] = values.to(z).repeat(len(code))
        return Code(z, None if code.y is None else code.y.repeat_interleave(len(values)))


def categories(n: int) -> tuple[str, ...]:
    """What n categories are called."""
    return tuple(f"code {i}" for i in range(n))
