"""GAN, minimax and non-saturating."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial

import torch
from torch import Tensor
from torch.nn.functional import logsigmoid

from models.kit import losses
from models.kit.batch import Plain
from models.kit.gan import Form, Latent, LatentKnobs, Paper, Part, Round, Scalar
from models.kit.knobs import Need, knob
from models.kit.landscape import Level
from models.kit.relative import Relative

LOGISTIC = {
    "score/real": Scalar("mean logit of real data", "logit", "D(x)"),
    "score/fake": Scalar("mean logit of fakes", "logit", "D(G(z))"),
    "prob/real": Scalar("mean probability that real data is real", "probability", healthy=(0.5, 0.8), line=0.5),
    "prob/fake": Scalar("mean probability that fakes are real", "probability", healthy=(0.2, 0.5), line=0.5),
    "acc/real": Scalar("share of real data that D calls real", "share", healthy=(0.55, 0.9)),
    "acc/fake": Scalar("share of fakes that D calls fake; both at 1: D has won", "share", healthy=(0.55, 0.9)),
}


@torch.no_grad()
def logistic(real: Tensor, fake: Tensor) -> dict[str, Tensor]:
    """The numbers of LOGISTIC, from the logits of real data and of fakes."""
    return {"score/real": real.mean(), "score/fake": fake.mean(), "prob/real": real.sigmoid().mean(), "prob/fake": fake.sigmoid().mean(),
            "acc/real": (real > 0).float().mean(), "acc/fake": (fake < 0).float().mean()}


@dataclass(frozen=True)
class GameKnobs(LatentKnobs):
    """How GAN is played: its losses and its updates."""

    g_loss: str = knob("non-saturating", choices=("non-saturating", "minimax"), basic=True, help="what G minimises: minimax fades when D wins")
    n_d: int = knob(1, 1, 5, live=True, symbol="k", help="updates of D before each of G", effects=("G may outrun D", "minimax gradients vanish"))
    label_smooth: float = knob(0.0, 0.0, 0.3, live=True, symbol="α", help="real labels are 1 - α in D's loss",
                              effects=("as the paper", "D is less confident"))


class MinimaxGAN(Latent):
    """Generative Adversarial Nets (Goodfellow et al., 2014, arXiv:1406.2661).

    With logits r = D(x), f = D(G(z)) and sp(t) = log(1 + e^t):

        L_D = E sp(-r) + E sp(f)              eq. 1, to minimise
        L_G = E sp(-f)                        non-saturating, section 3, the default
        L_G = -E sp(f)                        minimax, eq. 1

    Differs: Adam in place of momentum SGD; LeakyReLU and convolutional networks in place of maxout MLPs with dropout;
    one-sided label smoothing (Salimans et al., 2016) may be switched on.
    """

    @dataclass(frozen=True)
    class Knobs(GameKnobs):
        z: str = knob("separate", choices=("separate", "shared"), help="one draw of z for both players (faster), or one each as the paper has it")

    title, family = "GAN", "Logistic"
    summary = "D tells real from fake; G learns to make fakes that pass for real."
    formula = (r"L_D = -\log \sigma(D(x)) - \log(1 - \sigma(D(G(z))))", r"L_G = -\log \sigma(D(G(z)))")
    paper = Paper("Generative Adversarial Nets", "Goodfellow et al.", 2014, "1406.2661")
    forms = (
        Form("g_loss", "minimax", r"-\log \sigma(D(G(z)))", r"\log(1 - \sigma(D(G(z))))"),
        Form("label_smooth", True, r"-\log \sigma(D(x))", r"-(1 - \alpha) \log \sigma(D(x)) - \alpha \log(1 - \sigma(D(x)))"),
    )
    parts = (
        Part("log σ(D(x))", "mean logarithm of the probability that D gives real data", lambda gan, real, fake: logsigmoid(real)),
        Part("log(1 - σ(D(x)))", "mean logarithm of 1 minus that probability", lambda gan, real, fake: logsigmoid(-real)),
        Part("log(1 - σ(D(G(z))))", "mean logarithm of the probability that D gives fakes to be fakes", lambda gan, real, fake: logsigmoid(-fake)),
        Part("log σ(D(G(z)))", "mean logarithm of the probability that D gives fakes to be real", lambda gan, real, fake: logsigmoid(fake)),
    )
    scalars = LOGISTIC
    relative = Relative("logistic", tuple(LOGISTIC), (Need("g_loss", "G's non-saturating loss", ("non-saturating",)),
                                                      Need("label_smooth", "labels that are not smoothed", (0.0,))))

    def levels(self, x: Tensor, g: Tensor, real: Tensor) -> list[Level]:
        """Logit 0, where D gives real and fake the same probability."""
        return [Level("even odds", "σ(D) = ½", 0.0)]

    def step(self, batches: Iterator[Plain]) -> Round:
        """n_d updates of D (eq. 1), then one of G, non-saturating or minimax (algorithm 1)."""
        shared = self.knobs.z == "shared"
        for _ in range(self.knobs.n_d):
            (x,) = next(batches)
            made = self.G(self.noise(len(x))) if shared else self.fakes(len(x))
            real, fake = self.D(x), self.D(made.detach())
            yield {"D": self.d_loss(partial(losses.logistic_d, smooth=self.knobs.label_smooth), real, fake)}

        loss = losses.logistic_g if self.knobs.g_loss == "non-saturating" else losses.minimax_g
        yield {"G": self.g_loss(loss, made if shared else self.G(self.noise(len(x))), x)}

        self.log(logistic(real, fake))
