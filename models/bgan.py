"""BGAN, boundary-seeking; the continuous case."""

from collections.abc import Iterator

from torch import Tensor

from models.gan import LOGISTIC, MinimaxGAN, logistic
from models.kit import losses
from models.kit.batch import Plain
from models.kit.gan import Latent, Paper, Part, Round, Scalar
from models.kit.landscape import Level


class BGAN(Latent):
    """Boundary-Seeking Generative Adversarial Networks (Hjelm et al., 2017, arXiv:1702.08431).

    With logits r = D(x), f = D(G(z)) and sp(t) = log(1 + e^t), in the continuous case (the paper's section on continuous variables):

        L_D = E sp(-r) + E sp(f)                                as GAN
        L_G = 1/2 E (log σ(f) - log(1 - σ(f)))^2 = 1/2 E f^2    the log-odds of σ(f) are f

    G's fakes are drawn to D's decision boundary, f = 0, from either side: those that D takes for real are pulled back, which GAN's losses never do.
    A D that gives 0 everywhere teaches G nothing.

    The discrete case is not played here, for our generators draw nothing: it weighs M samples of each z by w_m = softmax_m(f_m), as constants,
    and minimises -E_z Σ_m w_m log g(x_m | z). `losses.boundary_discrete_g` has it; L_G above has no gradient there.

    Differs: small networks; no batch norm in D.
    """

    title, family = "BGAN", "Logistic"
    summary = "D as in GAN; G draws its fakes to D's decision boundary, and not beyond it."
    relative = "G draws its fakes to the score 0, and in differences no score is 0"
    formula = (MinimaxGAN.formula[0], r"L_G = \tfrac12 D(G(z))^2")
    paper = Paper("Boundary-Seeking Generative Adversarial Networks", "Hjelm et al.", 2017, "1702.08431")
    parts = (
        *(part for part in MinimaxGAN.parts if part.symbol in ("log σ(D(x))", "log(1 - σ(D(G(z))))")),
        Part("D(G(z))^2", "mean square of the fakes' logits", lambda gan, real, fake: fake.square()),
    )
    scalars = LOGISTIC | {
        "prob/fake": Scalar("mean probability that fakes are real; G wants ½", "probability", healthy=(0.2, 0.6), line=0.5),
        "boundary/mean": Scalar("mean distance of the fakes' logits from D's boundary", "logit", "|D(G(z))|", healthy=(0.0, 2.0), line=0.0),
    }

    def levels(self, x: Tensor, g: Tensor, real: Tensor) -> list[Level]:
        """Logit 0, D's decision boundary, to which G draws its fakes."""
        return [Level("decision boundary", "σ(D) = ½", 0.0)]

    def step(self, batches: Iterator[Plain]) -> Round:
        """One update of D, as GAN's, then one of G, to the boundary."""
        (x,) = next(batches)
        real, fake = self.D(x), self.D(self.fakes(len(x)))
        yield {"D": losses.logistic_d(real, fake)}

        yield {"G": losses.boundary_g(self.best(self.D(self.G(self.noise(len(x))))))}

        self.log(logistic(real, fake) | {"boundary/mean": fake.abs().mean()})
