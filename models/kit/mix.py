"""Mix and match: what one paper brought, in the games of others. None of it is the paper's of the variant that it is put into.

Every variant that is a G and a critic of samples alone has these knobs, after its own; as they are declared nothing is mixed in, and a game is what
its file says. A regulariser's term is added to each loss of D, on the batch of that loss and fakes of its own. Augmentations stand before D for
whatever it is shown while it trains, real data and fakes, in D's and in G's updates. The relativistic wrapper and top-k lie in what a variant's
`step` calls: `d_loss`, `g_loss` and `best`. How each changes the formula stands in `mixed_terms.py`.
"""

import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass, fields
from functools import partial
from typing import Any

import torch
from torch import Tensor, nn

from models.kit import losses, relative
from models.kit.augment import POLICIES, augmented
from models.kit.batch import Batch
from models.kit.declarations import Scalar
from models.kit.knobs import Common, Need, declared, knob
from models.kit.landscape import Level

NONE = "none"
AROUND = 0.5        # DRAGAN's C
MEMORY = 0.99       # of LeCam's averages
CLIMB = 100_000     # real pictures in which ADA's p may rise from 0 to 1; the paper's 500,000 are more than a run here sees
SCALARS = {
    "mix/penalty": Scalar("what the regulariser that was mixed in adds to D's loss, before its weight", "penalty"),
    "augment/p": Scalar("the chance of each augmentation; rises while D knows its real data too well", "probability", "p_a"),
    "augment/known": Scalar("how many more than half of the real data score above the mean fake: 0 is chance, 1 all", "share", "r", line="ada"),
    **relative.GAPS,
}


@dataclass(frozen=True)
class MixKnobs:
    """What can be mixed in."""

    regulariser: str = knob(NONE, choices=(NONE, "clip", "1-centred GP", "0-centred GP", "R1", "R2", "DRAGAN", "LeCam"), mixed=True,
                            help="not this paper's: what else D must obey. Weights within ±bound; slopes of 1, or of 0, between real data and fakes; "
                                 "slopes of 0 at real data (R1) or fakes (R2); slopes of 1 around real data (DRAGAN); scores near averages (LeCam)")
    regulariser_weight: float = knob(1.0, 1e-4, 100.0, log=True, live=True, mixed=True, symbol="λ_r",
                                     needs=(Need("regulariser", "a regularizer, which it weighs"),),
                                     help="of the regulariser; of clip, the bound", effects=("as without it", "D is held"))
    relative: str = knob(NONE, choices=(NONE, relative.PAIRWISE, relative.AVERAGE), mixed=True,
                         help="not this paper's: D's and G's losses take differences of scores (RGAN, RaGAN): of each real sample and a fake, "
                              "or of each and the mean of the other kind")
    topk: float = knob(1.0, 0.05, 1.0, live=True, mixed=True, symbol="ν_k",
                       help="not this paper's: G learns only from this share of its fakes, those that D takes most for real (top-k; its paper lets "
                            "it fall from 1 to 0.5)", effects=("the best alone, less variety", "all, as without it"))
    augment: str = knob(NONE, choices=(NONE, *POLICIES), only="images", mixed=True,
                        help="not this paper's: what D sees is changed at random, real data and fakes alike, in D's and in G's updates (DiffAugment)")
    ada: float = knob(0.0, 0.0, 0.95, only="images", mixed=True, symbol="r_0",
                      needs=(Need("augment", "an augmentation of D's input, whose chance it sets"),),
                      help="not this paper's: ADA. Augmentations come with a chance p that rises while r, how well D knows real data, is above this; "
                           "0: they always come", effects=("always augmented", "augmented only when D overfits"))


OWN = {f.name: f.default for f in fields(MixKnobs)}


def offered(variant: type[nn.Module]) -> type[Common]:
    """The knobs of a variant with those of MixKnobs behind them; as they are where it has them. Its `relative` says whether it can be wrapped."""
    kind, wrap = variant.Knobs, variant.relative
    if OWN.keys() <= declared(kind).keys():
        return kind
    own = {"relative": {"barred": wrap} if isinstance(wrap, str) else {"needs": wrap.needs}}
    body = {f.name: knob(f.default, **(f.metadata | own.get(f.name, {}))) for f in fields(MixKnobs)}
    about = {"__annotations__": MixKnobs.__annotations__, "__doc__": kind.__doc__, "__module__": kind.__module__, "__qualname__": kind.__qualname__}
    return dataclass(frozen=True)(type(kind.__name__, (kind,), about | body))


def told(values: dict[str, Any]) -> dict[str, Any]:
    """Knobs, {name: value}, as runs and files tell of them: without those of MixKnobs where nothing is mixed in, as before there were any."""
    mixes = any(values[name] != default for name, default in OWN.items() if name in values)
    return {name: value for name, value in values.items() if mixes or name not in OWN}


def prepare(gan: nn.Module) -> None:
    """Give a GAN what its knobs mix in: LeCam's averages, augmentations before D, and ADA's p."""
    if getattr(gan.knobs, "regulariser", NONE) == "LeCam":
        gan.register_buffer("lecam", torch.zeros(2))
    if not gan.shape.is_points and getattr(gan.knobs, "augment", NONE) != NONE:
        gan.D.register_forward_pre_hook(partial(_before, gan))
        if gan.knobs.ada:
            gan.register_buffer("augment_p", torch.zeros(()))


def _before(gan: nn.Module, critic: nn.Module, given: tuple[Any, ...]) -> tuple[Any, ...] | None:
    """A hook on D's inputs."""
    chance = gan.augment_p if gan.knobs.ada else None
    return (augmented(given[0], gan.knobs.augment, gan.augmenter(), chance), *given[1:]) if critic.training else None


def wrapping(gan: nn.Module) -> str:
    """How a GAN's losses are relativistic by what is mixed in: "pairwise", "average", or "none"."""
    return getattr(gan.knobs, "relative", NONE)


def d_loss(gan: nn.Module, plain: Callable[[Tensor, Tensor], Tensor], real: Tensor, fake: Tensor) -> Tensor:
    """`plain`, a variant's own loss of D, of the scores of real data and of fakes, (B,) each; or what the wrapper has in its place. A scalar."""
    how = wrapping(gan)
    if how == NONE:
        return plain(real, fake)
    with torch.no_grad():
        gan.log(relative.gaps(real, fake))
    return relative.loss(how, gan.relative.base_of(gan.knobs), real, fake)


def g_loss(gan: nn.Module, plain: Callable[[Tensor], Tensor], fakes: Tensor, x: Tensor) -> Tensor:
    """`plain`, a variant's own loss of G, of the scores that D gives `fakes`, (B, ...), which have a graph; with top-k, of the best of them.
    The wrapper has another in its place, beside as many of the real batch `x`, whose scores have no gradient. A scalar."""
    how = wrapping(gan)
    if how == NONE:
        return plain(_judged(gan, fakes))
    with torch.no_grad():
        beside = gan.D(x)
    scores = _judged(gan, fakes)
    return relative.loss(how, gan.relative.base_of(gan.knobs), scores, beside[:len(scores)])


def _judged(gan: nn.Module, fakes: Tensor) -> Tensor:
    scores = gan.D(fakes)
    if gan.batch_norm_d and kept(gan, len(scores)) < len(scores):       # through its statistics the others would have a say
        counts = torch.zeros_like(scores).index_fill(0, _chosen(gan, scores), 1)
        fakes.register_hook(lambda gradient: gradient * counts.view(-1, *[1] * (gradient.ndim - 1)))
    return best(gan, scores)


def kept(gan: nn.Module, n: int) -> int:
    """How many of n fakes G learns from: k = ν n, rounded up."""
    return math.ceil(round(getattr(gan.knobs, "topk", 1.0) * n, 6))


def _chosen(gan: nn.Module, scores: Tensor) -> Tensor:
    return scores.detach().topk(kept(gan, len(scores)), largest=gan.larger_is == "real").indices


def best(gan: nn.Module, scores: Tensor) -> Tensor:
    """The scores of a batch of fakes, (B,) -> (k,): those that D takes most for real; all where top-k (Sinha et al., 2020, arXiv:2002.06224) is not
    mixed in. There k falls by 0.99 an epoch, from B to half of it; here the share is a knob that may be turned while a run trains."""
    return scores if kept(gan, len(scores)) == len(scores) else scores[_chosen(gan, scores)]


def scores_for(gan: nn.Module, player: str, real: Tensor, fake: Tensor) -> tuple[Tensor, Tensor]:
    """Of the scores of real data and of fakes, (B,) each, those that a player's loss takes."""
    some = best(gan, fake) if player == "G" else fake
    return real[:len(some)], some


def levels(gan: nn.Module, x: Tensor, g: Tensor, real: Tensor) -> list[Level]:
    """A variant's levels; where its scores mean nothing by themselves, halfway between the means of real data, scored `real`, and of the fakes g."""
    if wrapping(gan) == NONE:
        return gan.levels(x, g, real)
    return [relative.halfway(real, gan.score(g))]


def round_of(gan: nn.Module, batches: Iterator[Batch]) -> Iterator[dict[str, Tensor]]:
    """One round of the game: `step`, the regulariser in D's losses, ADA's p moved behind them, and no number of scores that mean nothing."""
    kind, adapts = getattr(gan.knobs, "regulariser", NONE), hasattr(gan, "augment_p")
    return gan.step(batches) if kind == NONE and not adapts and wrapping(gan) == NONE else _mixed(gan, kind, adapts, batches)


def _mixed(gan: nn.Module, kind: str, adapts: bool, batches: Iterator[Batch]) -> Iterator[dict[str, Tensor]]:
    shown: list[Tensor] = []

    def watched() -> Iterator[Batch]:
        for batch in batches:
            shown[:] = [batch[0]]
            yield batch

    for found in gan.step(watched()):
        if "D" in found and kind not in (NONE, "clip"):
            term = penalty(gan, kind, shown[0])
            gan.log({"mix/penalty": term})
            found = {**found, "D": found["D"] + gan.knobs.regulariser_weight * term}
        yield found
        if "D" in found and kind == "clip":
            with torch.no_grad():
                for p in gan.D.parameters():
                    p.clamp_(-gan.knobs.regulariser_weight, gan.knobs.regulariser_weight)
        if "D" in found and adapts:
            adapt(gan, shown[0])
    if wrapping(gan) != NONE:
        for name in gan.relative.lost:
            gan.logged.pop(name, None)


@torch.no_grad()
def adapt(gan: nn.Module, x: Tensor) -> None:
    """Move ADA's p up or down by a batch's share of CLIMB (Karras et al., 2020, arXiv:2006.06676). `x`: the real batch, (B, ...).

        r = 2 share(D(x) > mean D(g)) - 1,  p <- p + sign(r - r_0) B / CLIMB, within 0 and 1

    The paper has r = E sign(D(x)), for logits: the scores of other critics have no zero of their own, so that here the mean fake stands for it.
    """
    real, fake = gan.D(x), gan.D(gan.fakes(len(x)))
    above = real > fake.mean() if gan.larger_is == "real" else real < fake.mean()
    known = 2 * above.float().mean() - 1
    gan.augment_p.add_((known - gan.knobs.ada).sign() * len(x) / CLIMB).clamp_(0, 1)
    gan.log({"augment/known": known, "augment/p": gan.augment_p})


def penalty(gan: nn.Module, kind: str, x: Tensor) -> Tensor:
    """What a regulariser adds to D's loss, before its weight; `x`: the real batch, (B, ...). A scalar.

        1-centred GP    E (|∇D(u)| - 1)^2, u between each x and a fake (Gulrajani et al., 2017, arXiv:1704.00028, eq. 3)
        0-centred GP    E |∇D(u)|^2 (Thanh-Tung, Tran & Venkatesh, 2019, arXiv:1902.03984)
        R1, R2          E |∇D(x)|^2 / 2, E |∇D(g)|^2 / 2 (Mescheder et al., 2018, arXiv:1801.04406, section 4.1)
        DRAGAN          E (|∇D(x + δ)| - 1)^2 (Kodali et al., 2017, arXiv:1705.07215, the authors' code)
        LeCam           E (D(x) - a_g)^2 + E (D(g) - a_x)^2, a the moving averages of both scores (Tseng et al., 2021, arXiv:2104.03310)
    """
    if kind == "LeCam":
        return _lecam(gan, x, gan.fakes(len(x)))
    if kind == "R1":
        u = x
    elif kind == "DRAGAN":
        u = losses.between(losses.perturbed(x, torch.rand(x.shape, generator=gan.generator, device=x.device), AROUND), x, gan.generator)
    else:
        u = gan.fakes(len(x)) if kind == "R2" else losses.between(x, gan.fakes(len(x)), gan.generator)
    u = u.detach().clone().requires_grad_()
    squares = losses.gradient_squares(gan.D(u), u)
    if kind in ("1-centred GP", "DRAGAN"):
        return losses.gradient_penalty((squares + 1e-12).sqrt())
    return squares.mean() if kind == "0-centred GP" else squares.mean() / 2


def _lecam(gan: nn.Module, x: Tensor, fakes: Tensor) -> Tensor:
    real, fake = gan.D(x), gan.D(fakes)
    with torch.no_grad():
        gan.lecam.lerp_(torch.stack([real.mean(), fake.mean()]), 1 - MEMORY)
        of_real, of_fake = gan.lecam.clone()
    return losses.lecam(real, fake, of_real, of_fake)
