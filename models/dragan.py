"""DRAGAN."""

from collections.abc import Iterator
from dataclasses import dataclass

import torch
from torch import Tensor
from torch.nn.functional import logsigmoid

from models.gan import LOGISTIC, logistic
from models.kit import losses
from models.kit.batch import Plain
from models.kit.gan import Latent, LatentKnobs, Paper, Part, Round, Scalar
from models.kit.knobs import knob
from models.kit.landscape import Level
from models.kit.relative import Relative


class DRAGAN(Latent):
    """On Convergence and Stability of GANs (Kodali, Abernethy, Hays & Kira, 2017, arXiv:1705.07215).

    GAN with non-saturating loss, whose D is kept smooth around the data. With logits r = D(x), f = D(G(z)) and sp(t) = log(1 + e^t):

        L_D = E sp(-r) + E sp(f) + λ E (|∇_x D(x + δ)|_2 - k)^2         with k = 1, the length over all numbers of one sample
        L_G = E sp(-f)

    The penalty is on the logit, and fakes have no part in it: x + δ lies around a real sample, not between a real one and a fake.

    δ is that of the authors' code (DRAGAN.ipynb): α C std(x) U(0, 1), with one U(0, 1) for each number of a sample, one α ~ U(0, 1) for each sample,
    and the standard deviation of all the batch's numbers. The paper writes δ ~ N(0, c I); the code's δ is never negative.

    Differs: small convolutional networks in place of the code's MLPs of one hidden layer, and those of the paper; no batch norm in D, with which the
    slope at one sample would depend on the others.
    """

    @dataclass(frozen=True)
    class Knobs(LatentKnobs):
        lr_g: float = knob(1e-4, 1e-5, 1e-2, log=True, live=True, basic=True, symbol="η_G", help="how fast G learns",
                           effects=("slow", "oscillation, collapse"))
        lr_d: float = knob(1e-4, 1e-5, 1e-2, log=True, live=True, basic=True, symbol="η_D", help="how fast D learns",
                           effects=("G outruns D", "D wins, G's gradient vanishes"))
        gp: float = knob(10.0, 0.1, 100.0, log=True, live=True, basic=True, symbol="λ",
                         help="weight of the penalty on slopes other than 1 around the data", effects=("as GAN", "D's logits stay flat"))
        perturb: float = knob(0.5, 0.0, 2.0, live=True, basic=True, symbol="C", help="how far around the data, in standard deviations of the batch",
                              effects=("at the data alone, less restricted", "far around, more stable"))
        n_d: int = knob(1, 1, 5, live=True, help="updates of D before each of G", effects=("G may outrun D", "slower steps"))
        beta2: float = knob(0.9, 0.0, 0.9999, symbol="β_2", help="Adam's memory of gradient sizes", effects=("unsteady", "slow to adapt"))

    title, family = "DRAGAN", "Logistic"
    summary = "GAN whose D must have slopes near 1 around real data, so that no sharp peaks form there."
    formula = (r"L_D = -\log \sigma(D(x)) - \log(1 - \sigma(D(G(z)))) + \lambda (|\nabla_x D(x + \delta)| - 1)^2", r"L_G = -\log \sigma(D(G(z)))")
    paper = Paper("On Convergence and Stability of GANs", "Kodali, Abernethy, Hays, Kira", 2017, "1705.07215")
    parts = (
        Part("log σ(D(x))", "mean logarithm of the probability that D gives real data", lambda gan, real, fake: logsigmoid(real)),
        Part("log(1 - σ(D(G(z))))", "mean logarithm of the probability that D gives fakes to be fakes", lambda gan, real, fake: logsigmoid(-fake)),
        Part("log σ(D(G(z)))", "mean logarithm of the probability that D gives fakes to be real", lambda gan, real, fake: logsigmoid(fake)),
        Part("(|∇_x D(x + δ)| - 1)^2", "mean squared distance of the slopes from 1, around real data", "penalty/gp"),
    )
    relative = Relative("logistic", tuple(LOGISTIC))
    scalars = LOGISTIC | {
        "penalty/gp": Scalar("mean squared distance of the slopes from 1, around real data", "penalty"),
        "slope/data": Scalar("mean length of D's input gradient around real data", "slope", "|∇D(x + δ)|", healthy=(0.6, 1.2), line=1.0),
    }

    def levels(self, x: Tensor, g: Tensor, real: Tensor) -> list[Level]:
        """Logit 0, where D gives real and fake the same probability."""
        return [Level("even odds", "σ(D) = ½", 0.0)]

    def around(self, x: Tensor) -> Tensor:
        """(B, ...) -> x + δ, same shape: a random part of the way to x + C std(x) U(0, 1)."""
        noise = torch.rand(x.shape, generator=self.generator, device=x.device)
        return losses.between(losses.perturbed(x, noise, self.knobs.perturb), x, self.generator)

    def step(self, batches: Iterator[Plain]) -> Round:
        """n_d updates of D with the penalty around the data, then one of G."""
        for _ in range(self.knobs.n_d):
            (x,) = next(batches)
            real, fake = self.D(x), self.D(self.fakes(len(x)))
            norms = losses.slopes(self.D, self.around(x))
            penalty = losses.gradient_penalty(norms)
            yield {"D": self.d_loss(losses.logistic_d, real, fake) + self.knobs.gp * penalty}

        yield {"G": self.g_loss(losses.logistic_g, self.G(self.noise(len(x))), x)}

        self.log(logistic(real, fake) | {"penalty/gp": penalty, "slope/data": norms.mean()})
