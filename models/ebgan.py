"""EBGAN."""

from collections.abc import Iterator
from dataclasses import dataclass

from torch import Tensor

from models.kit import losses
from models.kit.batch import Plain
from models.kit.gan import Energy, EnergyKnobs, Paper, Round, Scalar
from models.kit.knobs import knob
from models.kit.landscape import Level


@dataclass(frozen=True)
class MarginKnobs(EnergyKnobs):
    lr_g: float = knob(1e-3, 1e-5, 1e-1, log=True, live=True, basic=True, symbol="η_G", help="how fast G learns", ends=("slow", "collapse"))
    lr_d: float = knob(1e-3, 1e-5, 1e-1, log=True, live=True, basic=True, symbol="η_D", help="how fast D learns", ends=("slow", "D wins"))
    reduction: str = knob("mean", choices=("mean", "sum"), help="over a sample's pixels; a margin of the one is not a margin of the other")


class EBGAN(Energy):
    """Energy-based Generative Adversarial Network (Zhao, Mathieu & LeCun, 2016, arXiv:1609.03126).

    With the energy e(v) of a sample, how badly an autoencoder redraws it (section 2.3):

        L_D = E e(x) + E max(0, m - e(G(z)))            eq. 1, the hinge per sample
        L_G = E e(G(z))                                 eq. 2

    In G's loss the gradient runs through the redrawing and through what should be redrawn. At the equilibrium real and fake energies
    are equal, at most m.

    Differs: squared error in place of its root; the mean over pixels unless `reduction` is "sum" (the paper's margins, 10 for digits, belong to
    sums: over 784 pixels that is 0.013); no batch norm in D.
    """

    @dataclass(frozen=True)
    class Knobs(MarginKnobs):
        margin: float = knob(0.05, 1e-3, 1e3, log=True, live=True, basic=True, symbol="m", help="fakes above this energy are left alone",
                             ends=("D turns into a plain autoencoder", "D only raises fakes, unstable"))

    title, family = "EBGAN", "Energy-based"
    sentence = "D carves valleys at data and lifts fakes up to a margin; G rolls downhill."
    formula = (r"L_D = U(x) + (m - U(G(z)))_+", r"L_G = U(G(z))")
    paper = Paper("Energy-based Generative Adversarial Network", "Zhao, Mathieu, LeCun", 2016, "1609.03126")
    scalars = {
        "energy/real": Scalar("how badly D redraws real data", "energy", "U(x)", healthy=(0.0, ("margin", 0.5)), line="margin"),
        "energy/fake": Scalar("how badly D redraws fakes", "energy", "U(G(z))", healthy=(("energy/real", 1.0), ("margin", 1.0))),
        "gap/mean": Scalar("fake minus real energy", "energy", healthy=(0.0, ("margin", 1.0))),
        "hinge/active": Scalar("share of fakes under the margin; 0: D has stopped pushing", "share", healthy=(0.3, 1.0)),
        "hinge/mean": Scalar("what fakes lack of the margin, in the mean", "energy", "(m - U(G(z)))_+"),
    }

    def reduction(self) -> str:
        return self.knobs.reduction

    def extra(self, codes: Tensor) -> Tensor | float:
        """What G pays beside the energy; `codes` (B, h) are D's of its fakes."""
        return 0.0

    def levels(self, x: Tensor, g: Tensor, real: Tensor) -> list[Level]:
        return [Level("margin", "m", self.knobs.margin)]

    def step(self, batches: Iterator[Plain]) -> Round:
        (x,) = next(batches)
        real, fake = self.energy(x), self.energy(self.fakes(len(x)))
        yield {"D": losses.margin_d(real, fake, self.knobs.margin)}

        against, codes = self.energy_and_code(self.G(self.noise(len(x))))
        yield {"G": losses.energy_g(against) + self.extra(codes)}

        self.log({"energy/real": real.mean(), "energy/fake": fake.mean(), "gap/mean": fake.mean() - real.mean(),
                  "hinge/active": (fake < self.knobs.margin).float().mean(), "hinge/mean": (self.knobs.margin - fake).relu().mean()})
