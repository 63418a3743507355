"""LSGAN, least squares (not LS-GAN, which is loss-sensitive)."""

from collections.abc import Iterator
from dataclasses import dataclass

from torch import Tensor

from models.kit import losses
from models.kit.batch import Plain
from models.kit.gan import Latent, LatentKnobs, Paper, Round, Scalar
from models.kit.knobs import knob
from models.kit.landscape import Level

SCHEMES = {"0, 1, 1": (0.0, 1.0, 1.0), "-1, 1, 0": (-1.0, 1.0, 0.0)}


def along(share: float) -> tuple[str, dict[str, float]]:
    """The score so far on the way from a to b, whichever they are."""
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
        n_d: int = knob(1, 1, 5, live=True, help="updates of D before each of G", ends=("G may outrun D", "slower steps"))

    title, family = "LSGAN", "Least squares"
    sentence = "D draws scores to targets; G is pulled harder the further a fake is off."
    formula = (r"L_D = \tfrac12 (D(x) - b)^2 + \tfrac12 (D(G(z)) - a)^2", r"L_G = \tfrac12 (D(G(z)) - c)^2")
    paper = Paper("Least Squares Generative Adversarial Networks", "Mao et al.", 2016, "1611.04076")
    scalars = {
        "score/real": Scalar("mean score of real data, drawn to b", "score", "D(x)", healthy=(along(0.5), along(0.8))),
        "score/fake": Scalar("mean score of fakes: D draws it to a, G to c", "score", "D(G(z))", healthy=(along(0.2), along(0.5))),
    }

    def levels(self, x: Tensor, g: Tensor, real: Tensor) -> list[Level]:
        a, b, _ = SCHEMES[self.knobs.scheme]
        return [Level("halfway between the targets", "(a + b) / 2", (a + b) / 2)]

    def step(self, batches: Iterator[Plain]) -> Round:
        a, b, c = SCHEMES[self.knobs.scheme]
        for _ in range(self.knobs.n_d):
            (x,) = next(batches)
            real, fake = self.D(x), self.D(self.fakes(len(x)))
            yield {"D": losses.least_squares_d(real, fake, a, b)}

        yield {"G": losses.least_squares_g(self.D(self.G(self.noise(len(x)))), c)}

        self.log({"score/real": real.mean(), "score/fake": fake.mean()})
