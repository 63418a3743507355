"""EBGAN."""

from collections.abc import Iterator
from dataclasses import dataclass

from torch import Tensor

from models.kit import losses
from models.kit.batch import Plain
from models.kit.energy import Energy, EnergyKnobs
from models.kit.gan import Paper, Round, Scalar
from models.kit.knobs import knob
from models.kit.landscape import Level


@dataclass(frozen=True)
class MarginKnobs(EnergyKnobs):
    """Knobs that the variants with a margin share; what a margin means depends on `reduction`."""

    lr_g: float = knob(1e-3, 1e-5, 1e-1, log=True, live=True, basic=True, symbol="η_G", help="how fast G learns", effects=("slow", "collapse"))
    lr_d: float = knob(1e-3, 1e-5, 1e-1, log=True, live=True, basic=True, symbol="η_D", help="how fast D learns", effects=("slow", "D wins"))
    reduction: str = knob("mean", choices=("mean", "sum"), help="over a sample's pixels; a margin of the one is not a margin of the other")


class EBGAN(Energy):
    """Energy-based Generative Adversarial Network (Zhao, Mathieu & LeCun, 2016, arXiv:1609.03126).

    With the energy e(v) of a sample, its reconstruction error under an autoencoder (section 2.3):

        L_D = E e(x) + E max(0, m - e(G(z)))            eq. 1, the hinge per sample
        L_G = E e(G(z))                                 eq. 2

    In G's loss the gradient runs through the reconstruction and through its target. At the equilibrium real and fake energies
    are equal, at most m.

    Differs: squared error in place of its root; the mean over pixels unless `reduction` is "sum" (the paper's margins, 10 for digits, belong to
    sums: over 784 pixels that is 0.013); no batch norm in D.
    """

    @dataclass(frozen=True)
    class Knobs(MarginKnobs):
        margin: float = knob(0.05, 1e-3, 1e3, log=True, live=True, basic=True, symbol="m", help="fakes above this energy are left alone",
                             effects=("D turns into a plain autoencoder", "D only raises fakes, unstable"))

    title, family = "EBGAN", "Energy-based"
    summary = "D gives real data low energy, and fakes at least a margin; G lowers its fakes' energy."
    formula = (r"L_D = U(x) + (m - U(G(z)))_+", r"L_G = U(G(z))")
    paper = Paper("Energy-based Generative Adversarial Network", "Zhao, Mathieu, LeCun", 2016, "1609.03126")
    scalars = {
        "energy/real": Scalar("reconstruction error of real data", "energy", "U(x)", healthy=(0.0, ("margin", 0.5)), line="margin"),
        "energy/fake": Scalar("reconstruction error of fakes", "energy", "U(G(z))", healthy=(("energy/real", 1.0), ("margin", 1.0))),
        "gap/mean": Scalar("fake minus real energy", "energy", healthy=(0.0, ("margin", 1.0))),
        "hinge/active": Scalar("share of fakes under the margin; 0: D has stopped pushing", "share", healthy=(0.3, 1.0)),
        "hinge/mean": Scalar("mean of max(0, ·) over the fakes: what each lacks of the margin", "energy", "(m - U(G(z)))_+"),
    }

    def reduction(self) -> str:
        """The knob: "sum" as in the paper, or "mean"."""
        return self.knobs.reduction

    def extra(self, codes: Tensor) -> Tensor | float:
        """A further term of G's loss; `codes` (B, h) are D's codes of the fakes."""
        return 0.0

    def levels(self, x: Tensor, g: Tensor, real: Tensor) -> list[Level]:
        """The margin m, beyond which D leaves fakes alone."""
        return [Level("margin", "m", self.knobs.margin)]

    def step(self, batches: Iterator[Plain]) -> Round:
        """One update of D (eq. 1), then one of G (eq. 2), each with newly drawn fakes."""
        (x,) = next(batches)
        real, fake = self.energy(x), self.energy(self.fakes(len(x)))
        yield {"D": losses.margin_d(real, fake, self.knobs.margin)}

        against, codes = self.energy_and_code(self.G(self.noise(len(x))))
        yield {"G": losses.energy_g(against) + self.extra(codes)}

        self.log({"energy/real": real.mean(), "energy/fake": fake.mean(), "gap/mean": fake.mean() - real.mean(),
                  "hinge/active": (fake < self.knobs.margin).float().mean(), "hinge/mean": (self.knobs.margin - fake).relu().mean()})
