"""LSGAN, least squares (not LS-GAN, which is loss-sensitive)."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial

from torch import Tensor

from models.kit import losses
from models.kit.batch import Plain
from models.kit.gan import Latent, LatentKnobs, Paper, Part, Round, Scalar
from models.kit.knobs import Need, knob
from models.kit.landscape import Level
from models.kit.relative import Relative

SCHEMES = {"0, 1, 1": (0.0, 1.0, 1.0), "-1, 1, 0": (-1.0, 1.0, 0.0)}


def along(share: float) -> tuple[str, dict[str, float]]:
    """A bound for each scheme: the score at `share` of the distance from a to b."""
    return "scheme", {name: a + share * (b - a) for name, (a, b, _) in SCHEMES.items()}


class LSGAN(Latent):
    """Least Squares Generative Adversarial Networks (Mao et al., 2016, arXiv:1611.04076).

    With scores r = D(x), f = D(G(z)) from a linear head:

        L_D = 1/2 E (r - b)^2 + 1/2 E (f - a)^2        eq. 2
        L_G = 1/2 E (f - c)^2

    (a, b, c) = (0, 1, 1), eq. 9, or (-1, 1, 0), eq. 8, which minimises the Pearson chi-squared divergence (b - c = 1, b - a = 2).

    Differs: small DCGAN-like networks in place of the paper's VGG-like ones at 112 pixels; no batch norm in D.
    """

    @dataclass(frozen=True)
    class Knobs(LatentKnobs):
        scheme: str = knob("0, 1, 1", choices=tuple(SCHEMES), basic=True, symbol="a, b, c",
                           help="targets of D for fakes and reals, and of G for fakes")
        n_d: int = knob(1, 1, 5, live=True, help="updates of D before each of G", effects=("G may outrun D", "slower steps"))

    title, family = "LSGAN", "Least squares"
    summary = "D fits scores to targets by least squares; a fake far off gives G a larger gradient."
    formula = (r"L_D = \tfrac12 (D(x) - b)^2 + \tfrac12 (D(G(z)) - a)^2", r"L_G = \tfrac12 (D(G(z)) - c)^2")
    paper = Paper("Least Squares Generative Adversarial Networks", "Mao et al.", 2016, "1611.04076")
    parts = (
        Part("(D(x) - b)^2", "mean squared distance of real data's scores from b", lambda gan, real, fake: (real - gan.targets[1]).square()),
        Part("(D(G(z)) - a)^2", "mean squared distance of the fakes' scores from a", lambda gan, real, fake: (fake - gan.targets[0]).square()),
        Part("(D(G(z)) - c)^2", "mean squared distance of the fakes' scores from c", lambda gan, real, fake: (fake - gan.targets[2]).square()),
        Part("a", "D's target for the scores of fakes", lambda gan, real, fake: gan.targets[0]),
        Part("b", "D's target for the scores of real data", lambda gan, real, fake: gan.targets[1]),
        Part("c", "G's target for the scores of fakes", lambda gan, real, fake: gan.targets[2]),
    )
    scalars = {
        "score/real": Scalar("mean score of real data; its target is b", "score", "D(x)", healthy=(along(0.5), along(0.8))),
        "score/fake": Scalar("mean score of fakes; D's target is a, G's is c", "score", "D(G(z))", healthy=(along(0.2), along(0.5))),
    }
    relative = Relative("least squares", tuple(scalars), (Need("scheme", "targets of -1 and 1, which differences can have", ("-1, 1, 0",)),))

    @property
    def targets(self) -> tuple[float, float, float]:
        """a, b and c."""
        return SCHEMES[self.knobs.scheme]

    def levels(self, x: Tensor, g: Tensor, real: Tensor) -> list[Level]:
        """Halfway between D's targets a and b."""
        a, b, _ = self.targets
        return [Level("halfway between the targets", "(a + b) / 2", (a + b) / 2)]

    def step(self, batches: Iterator[Plain]) -> Round:
        """n_d updates of D, then one of G (both eq. 2)."""
        a, b, c = self.targets
        for _ in range(self.knobs.n_d):
            (x,) = next(batches)
            real, fake = self.D(x), self.D(self.fakes(len(x)))
            yield {"D": self.d_loss(partial(losses.least_squares_d, a=a, b=b), real, fake)}

        yield {"G": self.g_loss(partial(losses.least_squares_g, c=c), self.G(self.noise(len(x))), x)}

        self.log({"score/real": real.mean(), "score/fake": fake.mean()})
