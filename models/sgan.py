"""SGAN: D is a classifier that learns from few labels and from what is real."""

from collections.abc import Iterator
from dataclasses import dataclass

import torch
from torch import Tensor, nn
from torch.nn.functional import logsigmoid

from models.gan import LOGISTIC
from models.kit import losses, nets
from models.kit.batch import SemiLabelled
from models.kit.gan import Latent, LatentKnobs, Paper, Part, Round, Scalar
from models.kit.knobs import knob
from models.kit.landscape import Level


class SGAN(Latent):
    """Semi-Supervised Learning with Generative Adversarial Networks (Odena, 2016, arXiv:1606.01583).

    D gives each sample K + 1 logits, l_1 to l_K of the classes of real data and the last of "fake": one softmax over all. That a sample is real has
    the logit s = log(e^l_1 + ... + e^l_K) - l_{K+1}. With H(y, l) = -log softmax(l)_y and sp(t) = log(1 + e^t), labelled samples a with classes y and
    others x, of which nothing is known but that they are real:

        L_D = E H(y, D(a)) + λ_u E sp(-s(x)) + E sp(s(G(z)))        algorithm 1, and the middle term
        L_G = E sp(-s(G(z)))                                        any class will do
        L_C = E H(y, C(a))                                          the baseline

    C is D's network, with D's first weights, D's rate and the same labelled samples, and nothing else: what D knows beyond it, it knows from samples
    without labels and from fakes. What is charted is how many each gets right of held-out samples.

    Differs: algorithm 1 has labelled real data alone; -log of the probability of all real classes together is the term of Salimans et al. (2016,
    section 5), without which samples without labels are of no use. G's loss is the non-saturating one; small networks without batch norm in D.
    """

    @dataclass(frozen=True)
    class Knobs(LatentKnobs):
        labels: int = knob(100, 10, 1000, log=True, basic=True, symbol="n_l", help="samples of which the label is known; the run's seed chooses them",
                           effects=("a class may have none", "the baseline does as well"))
        unlabelled: float = knob(1.0, 0.0, 2.0, live=True, basic=True, symbol="λ_u", help="weight of real samples without labels in D's loss",
                                 effects=("D learns from labels and fakes", "D tells real from fake, and less the classes"))

    title, family = "SGAN", "Semi-supervised"
    summary = "D learns classes from a few labels, and what is real from all samples: that makes it a better classifier than the labels alone."
    formula = (r"L_D = H(y, D(a)) - \lambda_u \log \sigma(s(x)) - \log(1 - \sigma(s(G(z))))", r"L_G = -\log \sigma(s(G(z)))", r"L_C = H(y, C(a))",
               r"s = \log \sum_{k \le K} e^{D_k} - D_{K+1}")
    parts = (
        Part("log σ(s(x))", "mean logarithm of the probability that D gives real data", lambda gan, real, fake: logsigmoid(real)),
        Part("log(1 - σ(s(G(z))))", "mean logarithm of the probability that D gives fakes to be fakes", lambda gan, real, fake: logsigmoid(-fake)),
        Part("log σ(s(G(z)))", "mean logarithm of the probability that D gives fakes to be real", lambda gan, real, fake: logsigmoid(fake)),
    )
    paper = Paper("Semi-Supervised Learning with Generative Adversarial Networks", "Odena", 2016, "1606.01583")
    batch, roles, aside = SemiLabelled, {"D": "critic", "G": "generator", "C": "classifier"}, ("C",)
    scalars = {
        **LOGISTIC,
        "score/real": Scalar("mean logit of real data to be of a class", "logit", "s(x)"), "score/fake": Scalar("that of fakes", "logit", "s(G(z))"),
        "ce/d": Scalar("cross-entropy of D on labelled samples", "nats", "H(y, D(a))"),
        "ce/c": Scalar("the same of the baseline, which falls to 0: it comes to know them all", "nats", "H(y, C(a))"),
    }

    def build(self) -> None:
        """Creates G, D and the baseline C, a network as D."""
        super().build()
        self.C = self.make_d()

    def initialise(self, generator: torch.Generator) -> None:
        """As for all; the baseline begins where D does."""
        super().initialise(generator)
        self.C.load_state_dict(self.D.state_dict())

    def make_d(self) -> nn.Module:
        """The network of players D and C: (B, *shape.dims) -> (B, K + 1) logits, the last of "fake"."""
        k = self.knobs
        return nets.critic(self.shape, k.width_d, hidden=k.hidden_d, spectral=k.spectral, outputs=len(self.classes()) + 1)

    def players(self) -> dict[str, list[nn.Module]]:
        """D, G and the baseline."""
        return super().players() | {"C": [self.C]}

    def rate(self, player: str) -> float:
        """The baseline's is D's."""
        return super().rate("D" if player == "C" else player)

    def known_labels(self) -> int:
        """As the knob says."""
        return self.knobs.labels

    def classes(self) -> tuple[str, ...]:
        """The names of the classes 0, 1, ..."""
        return self.domain.classes

    def score(self, x: Tensor) -> Tensor:
        """(B, ...) -> (B,): s, the logit of being real."""
        return losses.real_logit(self.D(x))

    def classify(self, x: Tensor) -> Tensor:
        """(B, ...) -> (B, K): D's logits of the classes of real data."""
        return self.D(x)[:, :-1]

    def classify_by_labels(self, x: Tensor) -> Tensor:
        """The same of the baseline."""
        return self.C(x)[:, :-1]

    def levels(self, x: Tensor, g: Tensor, real: Tensor) -> list[Level]:
        """Logit 0, where D gives real and fake the same probability."""
        return [Level("even odds", "σ(s) = ½", 0.0)]

    def step(self, batches: Iterator[SemiLabelled]) -> Round:
        """One update of D and of the baseline, then one of G (algorithm 1)."""
        x, known, y = next(batches)
        labelled, real, fake = self.D(known), self.D(x), self.D(self.fakes(len(x)))
        by_labels = losses.class_loss(self.C(known), y)
        yield {"D": losses.semi_supervised_d(labelled, y, real, fake, self.knobs.unlabelled), "C": by_labels}
        yield {"G": losses.logistic_g(self.score(self.G(self.noise(len(x)))))}

        with torch.no_grad():
            r, f = losses.real_logit(real), losses.real_logit(fake)
            self.log({"score/real": r.mean(), "score/fake": f.mean(), "prob/real": r.sigmoid().mean(), "prob/fake": f.sigmoid().mean(),
                      "acc/real": (r > 0).float().mean(), "acc/fake": (f < 0).float().mean(),
                      "ce/d": losses.class_loss(labelled, y), "ce/c": by_labels})
