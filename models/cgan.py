"""CGAN: G and D are told the class."""

from collections.abc import Iterator
from dataclasses import dataclass

import torch
from torch import Tensor
from torch.nn.functional import logsigmoid

from models.gan import LOGISTIC, GameKnobs, logistic
from models.kit import losses
from models.kit.batch import Labelled
from models.kit.conditional import ConditionalKnobs, ConditionalLatent
from models.kit.gan import Form, Paper, Part, Round, Scalar
from models.kit.landscape import Level


class CGAN(ConditionalLatent):
    """Conditional Generative Adversarial Nets (Mirza & Osindero, 2014, arXiv:1411.1784).

    With logits r = D(x, y), f = D(G(z, y), y) and sp(t) = log(1 + e^t), y the class of x, the same for both players' fakes:

        L_D = E sp(-r) + E sp(f)              eq. 2, to minimise
        L_G = E sp(-f)                        non-saturating, the default
        L_G = -E sp(f)                        minimax, eq. 2

    G's class stands beside z; D's meets the features of x in a joint layer, as in section 4.1.

    Differs: Adam in place of momentum SGD; convolutional networks, or MLPs on points, in place of maxout MLPs with dropout; a learnt row of numbers
    for each class in place of a ReLU layer over its one-hot code, in G and in D.
    """

    @dataclass(frozen=True)
    class Knobs(ConditionalKnobs, GameKnobs):
        """GAN's, and those of the class, whose defaults count."""

    title, family = "CGAN", "Conditional"
    summary = "GAN with a class that both players are told: D asks whether x is a real sample of it, and G is asked for one."
    formula = (r"L_D = -\log \sigma(D(x, y)) - \log(1 - \sigma(D(G(z, y), y)))", r"L_G = -\log \sigma(D(G(z, y), y))")
    paper = Paper("Conditional Generative Adversarial Nets", "Mirza, Osindero", 2014, "1411.1784")
    aside = ("D.embed", "D.joint")
    forms = (
        Form("g_loss", "minimax", r"-\log \sigma(D(G(z, y), y))", r"\log(1 - \sigma(D(G(z, y), y)))"),
        Form("label_smooth", True, r"-\log \sigma(D(x, y))", r"-(1 - \alpha) \log \sigma(D(x, y)) - \alpha \log(1 - \sigma(D(x, y)))"),
    )
    parts = (
        Part("log σ(D(x, y))", "mean logarithm of the probability that D gives real data", lambda gan, real, fake: logsigmoid(real)),
        Part("log(1 - σ(D(x, y)))", "mean logarithm of 1 minus that probability", lambda gan, real, fake: logsigmoid(-real)),
        Part("log(1 - σ(D(G(z, y), y)))", "mean logarithm of the probability that D gives fakes to be so", lambda gan, real, fake: logsigmoid(-fake)),
        Part("log σ(D(G(z, y), y))", "mean logarithm of the probability that D gives fakes to be real", lambda gan, real, fake: logsigmoid(fake)),
    )
    scalars = LOGISTIC | {
        "score/real": Scalar("mean logit of real data with their classes", "logit", "D(x, y)"),
        "score/fake": Scalar("mean logit of fakes with the classes they were made for", "logit", "D(G(z, y), y)"),
        "cond/gap": Scalar("how far D prefers real data with their own classes to those with each other's; 0 from the first: it ignores them",
                           "logit", line=0.0),
    }

    def levels(self, x: Tensor, g: Tensor, real: Tensor) -> list[Level]:
        """Logit 0, where D gives real and fake the same probability."""
        return [Level("even odds", "σ(D) = ½", 0.0)]

    def step(self, batches: Iterator[Labelled]) -> Round:
        """n_d updates of D, then one of G (eq. 2); fakes are made for, and judged with, the classes of the batch."""
        for _ in range(self.knobs.n_d):
            x, y = next(batches)
            real, fake = self.D(x, y), self.D(self.fakes(len(x), y), y)
            with torch.no_grad():
                swapped = self.D(x, y.roll(1))
            yield {"D": losses.logistic_d(real, fake, self.knobs.label_smooth)}

        against = self.D(self.G(self.noise(len(x)), y), y)
        yield {"G": losses.logistic_g(against) if self.knobs.g_loss == "non-saturating" else losses.minimax_g(against)}

        self.log(logistic(real, fake) | {"cond/gap": real.mean() - swapped.mean()})
