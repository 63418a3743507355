"""ACGAN: G is told the class, and D has to find it."""

from collections.abc import Iterator
from dataclasses import dataclass

import torch
from torch import Tensor, nn

from models.gan import LOGISTIC, MinimaxGAN
from models.kit import losses, nets
from models.kit.batch import Labelled
from models.kit.conditional import ClassifyingCritic, ConditionalSampler, ConditionalSamplerKnobs
from models.kit.gan import Form, Paper, Round, Scalar
from models.kit.knobs import knob
from models.kit.landscape import Level


class ACGAN(ConditionalSampler):
    """Conditional Image Synthesis with Auxiliary Classifier GANs (Odena, Olah & Shlens, 2016, arXiv:1610.09585).

    D has two heads on the same features, a logit D(x) and logits C(x) of the classes; it is not told the class. With r = D(x), f = D(G(z, y)),
    H(y, c) = -log softmax(c)_y and sp(t) = log(1 + e^t), eq. 2 (L_S) and eq. 3 (L_C) of the paper, to minimise:

        -L_S = E sp(-r) + E sp(f)                       -L_C = E H(y, C(x)) + E H(y, C(G(z, y)))

        L_D = -L_S - λ_c L_C                            the paper has λ_c = 1
        L_G = E sp(-f) + λ_c E H(y, C(G(z, y)))         L_C - L_S is maximised: G, too, wants its fakes to be of their class

    Fakes are made for the classes of the batch. H takes raw logits: a softmax before it would keep it above log(1 + (K - 1) / e).

    Differs: G's loss is the non-saturating one; a learnt row of numbers for each class beside z; small networks without dropout and batch norm in D;
    with `spectral` the class head is left without norm, for its logits must grow; `fake_classes` off leaves H(y, C(G(z, y))) out of L_D.
    """

    @dataclass(frozen=True)
    class Knobs(ConditionalSamplerKnobs):
        class_weight: float = knob(1.0, 0.0, 5.0, live=True, basic=True, symbol="λ_c", help="how much the class counts, for D and for G",
                                   effects=("G leaves the class aside", "samples of a class are alike"))
        fake_classes: bool = knob(True, help="D learns the classes of fakes, too; off: of real data alone")
        n_d: int = knob(1, 1, 5, live=True, symbol="n_D", help="updates of D before each of G", effects=("G may outrun D", "slower steps"))

    title, family = "ACGAN", "Conditional"
    summary = "G is asked for a class; D, which is not told it, says what is real and of which class each sample is."
    formula = (r"L_D = -\log \sigma(D(x)) - \log(1 - \sigma(D(G(z, y)))) + \lambda_c\, (H(y, C(x)) + H(y, C(g)))",
               r"L_G = -\log \sigma(D(G(z, y))) + \lambda_c\, H(y, C(G(z, y)))", "g = G(z, y)")
    forms = (Form("fake_classes", False, r"(H(y, C(x)) + H(y, C(g)))", r"H(y, C(x))"), Form("fake_classes", False, formula[2], ""))
    parts = tuple(part._replace(symbol=part.symbol.replace("G(z)", "G(z, y)")) for part in MinimaxGAN.parts if part.symbol != "log(1 - σ(D(x)))")
    paper = Paper("Conditional Image Synthesis with Auxiliary Classifier GANs", "Odena, Olah, Shlens", 2016, "1610.09585")
    scalars = {
        **LOGISTIC, "score/fake": Scalar("mean logit of fakes", "logit", "D(G(z, y))"),
        "class/real": Scalar("real data whose class D finds", "share"),
        "class/fake": Scalar("fakes that D takes for the class that they were made for; far above real data: they are easy prototypes", "share",
                             healthy=(("class/real", 0.9), 1.0)),
        "ce/real": Scalar("cross-entropy of the class head, on real data", "nats", "H(y, C(x))"),
        "ce/fake": Scalar("the same on fakes and the classes they were made for, when D learns", "nats", "H(y, C(g))"),
        "ce/asked": Scalar("the same when G learns", "nats", "H(y, C(G(z, y)))"),
    }

    def make_d(self) -> nn.Module:
        """The network of player D: (B, *shape.dims) -> scores, (B,), and class logits, (B, K)."""
        k = self.knobs
        return ClassifyingCritic(nets.critic(self.shape, k.width_d, hidden=k.hidden_d, spectral=k.spectral), len(self.classes()))

    def score(self, x: Tensor) -> Tensor:
        """(B, ...) -> (B,): the logit of the score head."""
        return self.D(x)[0]

    def classify(self, x: Tensor) -> Tensor:
        """(B, ...) -> (B, K): the logits of the class head."""
        return self.D(x)[1]

    def levels(self, x: Tensor, g: Tensor, real: Tensor) -> list[Level]:
        """Logit 0, where D gives real and fake the same probability."""
        return [Level("even odds", "σ(D) = ½", 0.0)]

    def step(self, batches: Iterator[Labelled]) -> Round:
        """n_d updates of D, then one of G; each sums its loss of GAN and its cross-entropy (eq. 2 and 3)."""
        weight = self.knobs.class_weight
        for _ in range(self.knobs.n_d):
            x, y = next(batches)
            (real, seen), (fake, made) = self.D(x), self.D(self.fakes(len(x), y))
            ce_real, ce_fake = losses.class_loss(seen, y), losses.class_loss(made, y)
            yield {"D": losses.logistic_d(real, fake) + weight * (ce_real + ce_fake if self.knobs.fake_classes else ce_real)}

        against, asked = self.D(self.G(self.noise(len(x)), y))
        ce_asked = losses.class_loss(asked, y)
        yield {"G": losses.logistic_g(against) + weight * ce_asked}

        with torch.no_grad():
            self.log({"score/real": real.mean(), "score/fake": fake.mean(),
                      "prob/real": real.sigmoid().mean(), "prob/fake": fake.sigmoid().mean(),
                      "acc/real": (real > 0).float().mean(), "acc/fake": (fake < 0).float().mean(),
                      "class/real": (seen.argmax(1) == y).float().mean(), "class/fake": (made.argmax(1) == y).float().mean(),
                      "ce/real": ce_real, "ce/fake": ce_fake, "ce/asked": ce_asked})
