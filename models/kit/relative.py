"""The relativistic wrapper (Jolicoeur-Martineau, 2018, arXiv:1807.00734, section 4): what a critic's losses take are differences of scores.

A critic whose losses are costs of each score by itself, L_D = E h(D(x)) + E h(-D(G(z))), has two forms more, in which a number added to all scores
changes nothing:

    pairwise    L_D = E h(r_i - f_i)                                L_G = E h(f_i - r_i)
    average     L_D = E h(r - mean f) + E h(mean r - f)             L_G = E h(f - mean r) + E h(mean f - r)

with r = D(x), f = D(G(z)), and h one of `losses.RELATIVE`. RGAN and RaGAN are these by themselves; others declare by a `Relative` that theirs can be.
"""

from dataclasses import dataclass

from torch import Tensor
from torch.nn.functional import logsigmoid

from models.kit import losses
from models.kit.declarations import Part, Scalar
from models.kit.knobs import Common, Need
from models.kit.landscape import Level

PAIRWISE, AVERAGE = "pairwise", "average"
GAPS = {        # what is charted in place of scores
    "gap/relative": Scalar("mean D(x) - D(G(z)): a score means nothing by itself, only a difference does", "score", healthy=(0.0, 3.0), line=0.0),
    "acc/relative": Scalar("share of pairs whose real sample scores higher; at 1 D has won", "share", healthy=(0.55, 0.97)),
}
PLAIN = {       # L_D and L_G as variants write them, but for what they add
    "logistic": (r"-\log \sigma(D(x)) - \log(1 - \sigma(D(G(z))))", r"-\log \sigma(D(G(z)))"),
    "least squares": (r"\tfrac12 (D(x) - b)^2 + \tfrac12 (D(G(z)) - a)^2", r"\tfrac12 (D(G(z)) - c)^2"),
    "hinge": (r"(1 - D(x))_+ + (1 + D(G(z)))_+", r"-D(G(z))"),
}
LINES = {
    PAIRWISE: {
        "logistic": (r"-\log \sigma(D(x) - D(G(z)))", r"-\log \sigma(D(G(z)) - D(x))"),
        "least squares": (r"(D(x) - D(G(z)) - 1)^2", r"(D(G(z)) - D(x) - 1)^2"),
        "hinge": (r"(1 - D(x) + D(G(z)))_+", r"(1 - D(G(z)) + D(x))_+"),
    },
    AVERAGE: {
        "logistic": (r"-\log \sigma(D(x) - \mu_g) - \log(1 - \sigma(D(G(z)) - \mu_x))",
                     r"-\log \sigma(D(G(z)) - \mu_x) - \log(1 - \sigma(D(x) - \mu_g))"),
        "least squares": (r"(D(x) - \mu_g - 1)^2 + (D(G(z)) - \mu_x + 1)^2", r"(D(G(z)) - \mu_x - 1)^2 + (D(x) - \mu_g + 1)^2"),
        "hinge": (r"(1 - D(x) + \mu_g)_+ + (1 + D(G(z)) - \mu_x)_+", r"(1 - D(G(z)) + \mu_x)_+ + (1 + D(x) - \mu_g)_+"),
    },
}
PAIR_LOGS = (
    Part("log σ(D(x) - D(G(z)))", "mean logarithm of the probability that the real one of a pair is real",
         lambda gan, real, fake: logsigmoid(real - fake)),
    Part("log σ(D(G(z)) - D(x))", "mean logarithm of the probability that the fake of a pair is the real one",
         lambda gan, real, fake: logsigmoid(fake - real)),
)
MEANS = (
    Part("μ_x", "mean score of real data", lambda gan, real, fake: real),
    Part("μ_g", "mean score of the fakes", lambda gan, real, fake: fake),
    Part("log σ(D(x) - μ_g)", "mean logarithm of the probability that real data are more real than the average fake",
         lambda gan, real, fake: logsigmoid(real - fake.mean())),
    Part("log(1 - σ(D(G(z)) - μ_x))", "mean logarithm of the probability that fakes are less real than average real data",
         lambda gan, real, fake: logsigmoid(real.mean() - fake)),
    Part("log σ(D(G(z)) - μ_x)", "mean logarithm of the probability that fakes are more real than average real data",
         lambda gan, real, fake: logsigmoid(fake - real.mean())),
    Part("log(1 - σ(D(x) - μ_g))", "mean logarithm of the probability that real data are less real than the average fake",
         lambda gan, real, fake: logsigmoid(fake.mean() - real)),
    *(Part(f"({own} - {other} {sign} 1)^2", f"mean squared distance of {of} differences from {where}", value)
      for own, other, sign, of, where, value in (
          ("D(x)", "μ_g", "-", "real data's", "1", lambda gan, real, fake: (real - fake.mean() - 1).square()),
          ("D(G(z))", "μ_x", "+", "the fakes'", "-1", lambda gan, real, fake: (fake - real.mean() + 1).square()),
          ("D(G(z))", "μ_x", "-", "the fakes'", "1", lambda gan, real, fake: (fake - real.mean() - 1).square()),
          ("D(x)", "μ_g", "+", "real data's", "-1", lambda gan, real, fake: (real - fake.mean() + 1).square()))),
    Part("(1 - D(x) + μ_g)_+", "mean of what real data lack of 1 above mean fakes", lambda gan, real, fake: (1 - real + fake.mean()).relu()),
    Part("(1 + D(G(z)) - μ_x)_+", "mean of what fakes lack of 1 below mean real data", lambda gan, real, fake: (1 + fake - real.mean()).relu()),
    Part("(1 - D(G(z)) + μ_x)_+", "mean of what fakes lack of 1 above mean real data", lambda gan, real, fake: (1 - fake + real.mean()).relu()),
    Part("(1 + D(x) - μ_g)_+", "mean of what real data lack of 1 below mean fakes", lambda gan, real, fake: (1 + real - fake.mean()).relu()),
)
PARTS = {
    PAIRWISE: (
        *PAIR_LOGS,
        Part("(D(x) - D(G(z)) - 1)^2", "mean squared distance of a pair's difference from 1", lambda gan, real, fake: (real - fake - 1).square()),
        Part("(D(G(z)) - D(x) - 1)^2", "mean squared distance of minus the difference from 1", lambda gan, real, fake: (fake - real - 1).square()),
        Part("(1 - D(x) + D(G(z)))_+", "mean of what the real one of a pair lacks of 1 above the fake",
             lambda gan, real, fake: (1 - real + fake).relu()),
        Part("(1 - D(G(z)) + D(x))_+", "mean of what the fake of a pair lacks of 1 above the real one",
             lambda gan, real, fake: (1 - fake + real).relu()),
    ),
    AVERAGE: MEANS,
}


@dataclass(frozen=True)
class Relative:
    """A variant's word that its losses are costs of each score by itself.

    `base`: which of `losses.RELATIVE`, or the name of the knob that says so; `lost`: its metrics of scores by themselves, which then mean nothing;
    `needs`: of its own knobs.
    """

    base: str
    lost: tuple[str, ...]
    needs: tuple[Need, ...] = ()

    def base_of(self, knobs: Common) -> str:
        """The key of `losses.RELATIVE` with these knobs."""
        return getattr(knobs, self.base, self.base)

    def lines(self, lines: tuple[str, ...], knobs: Common) -> tuple[str, ...]:
        """A formula's lines with differences in place of scores."""
        base = self.base_of(knobs)
        for player, old, new in zip("DG", PLAIN[base], LINES[knobs.relative][base], strict=True):
            lines = tuple(line.replace(f"L_{player} = {old}", f"L_{player} = {new}") for line in lines)
        return lines


def loss(how: str, base: str, higher: Tensor, lower: Tensor) -> Tensor:
    """What it costs that scores are not `higher`, (B,), than others, `lower`, (B,); D wants real data higher, G fakes. A scalar."""
    if how == PAIRWISE:
        return losses.RELATIVE[base](higher - lower).mean()
    return losses.relativistic_average(higher, lower, base)


def gaps(real: Tensor, fake: Tensor) -> dict[str, Tensor]:
    """The numbers of GAPS, from the scores of real data and of fakes, (B,) each."""
    return {"gap/relative": (real - fake).mean(), "acc/relative": (real > fake).float().mean()}


def halfway(real: Tensor, fake: Tensor) -> Level:
    """The score halfway between the means of real data and of fakes, scored `real` and `fake`: it moves with all scores."""
    return Level("halfway between real and fake", "(D(x) + D(g)) / 2", (real.mean() + fake.mean()) / 2)
