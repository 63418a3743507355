"""SNGAN, spectral normalisation of D."""

from collections.abc import Iterator
from dataclasses import dataclass

from torch import Tensor, nn

from models.gan import LOGISTIC, MinimaxGAN
from models.kit import losses, nets
from models.kit.batch import Plain
from models.kit.gan import Form, Latent, LatentKnobs, Paper, Round, Scalar
from models.kit.knobs import knob
from models.kit.landscape import Level
from models.kit.relative import Relative


class SNGAN(Latent):
    """Spectral Normalization for Generative Adversarial Networks (Miyato et al., 2018, arXiv:1802.05957).

    Each weight W of D, a convolution's kernel as a matrix (out, in kh kw), is divided by its greatest singular value σ(W), which power iteration
    estimates (algorithm 1), one round with each forward pass in training; u and v are kept, and constants to the gradient:

        v = W'u / |W'u|,  u = W v / |W v|,  σ(W) = u'W v          W_SN = W / σ(W), eq. 8

    With scores r = D(x), f = D(G(z)) and sp(t) = log(1 + e^t):

        L_D = E max(0, 1 - r) + E max(0, 1 + f),    L_G = -E f          hinge, eq. 16 and 17, the default
        L_D = E sp(-r) + E sp(f),                   L_G = E sp(-f)      logistic, eq. 15 and G's non-saturating form

    D's Lipschitz constant is at most 1 for points. An input of a 4x4 convolution with stride 2 is in 4 windows: a layer of those doubles it at most.

    Differs: small networks (one 4x4 convolution for each halving) in place of the paper's CNN and ResNet; `gain` multiplies W_SN; `spectral` off
    leaves the plain objective, for comparison.
    """

    @dataclass(frozen=True)
    class Knobs(LatentKnobs):
        objective: str = knob("hinge", choices=("hinge", "logistic"), basic=True, help="the losses: the paper has both")
        spectral: bool = knob(True, basic=True, help="spectral norm on D's layers; off: the plain objective, to compare")
        gain: float = knob(1.0, 0.5, 4.0, symbol="s", help="multiplies D's weights after the division", effects=("a weak D", "D may be steep"))
        n_power: int = knob(1, 1, 5, help="rounds of power iteration with each forward pass of D", effects=("as the paper", "exact, slower"))
        n_d: int = knob(5, 1, 5, live=True, basic=True, symbol="n_dis", help="updates of D before each of G", effects=("G may outrun D", "slow"))
        beta1: float = knob(0.0, 0.0, 0.95, symbol="β_1", help="Adam's momentum", effects=("as the paper", "overshoot and oscillation"))
        beta2: float = knob(0.9, 0.0, 0.9999, symbol="β_2", help="Adam's memory of gradient sizes", effects=("unsteady", "slow to adapt"))

    title, family = "SNGAN", "Hinge"
    summary = "Spectral norm keeps D from getting steep: each weight is divided by its greatest singular value."
    formula = (r"L_D = (1 - D(x))_+ + (1 + D(G(z)))_+", r"L_G = -D(G(z))", r"W_{SN} = s\, W / \sigma(W)")
    forms = (
        Form("objective", "logistic", formula[0], MinimaxGAN.formula[0]),
        Form("objective", "logistic", formula[1], MinimaxGAN.formula[1]),
        Form("spectral", False, formula[2], ""),
    )
    parts = tuple(part for part in MinimaxGAN.parts if part.symbol != "log(1 - σ(D(x)))")
    paper = Paper("Spectral Normalization for Generative Adversarial Networks", "Miyato et al.", 2018, "1802.05957")
    scalars = {
        "score/real": Scalar("mean score of real data", "score", "D(x)"),
        "score/fake": Scalar("mean score of fakes", "score", "D(G(z))"),
        "acc/real": LOGISTIC["acc/real"], "acc/fake": LOGISTIC["acc/fake"],
        "hinge/real": Scalar("mean of max(0, ·) over real data; 1: D cannot tell", "score", "(1 - D(x))_+", healthy=(0.2, 1.0)),
        "hinge/fake": Scalar("mean of max(0, ·) over fakes; 1: D cannot tell", "score", "(1 + D(G(z)))_+", healthy=(0.2, 1.0)),
        "inside/real": Scalar("share of real data with a score under 1; 0: D has stopped learning from it", "share", healthy=(0.3, 1.0)),
        "inside/fake": Scalar("share of fakes with a score above -1; 0: D has stopped learning from them", "share", healthy=(0.3, 1.0)),
        "sigma/most": Scalar("greatest singular value of D's weights after the division; s when power iteration keeps up", "singular value",
                             healthy=(("gain", 0.9), ("gain", 1.1)), line="gain"),
    }
    relative = Relative("objective", tuple(name for name in scalars if name != "sigma/most"))

    def make_d(self) -> nn.Module:
        """The critic of all variants, without batch norm, which would undo the bound; its layers have spectral norm."""
        k = self.knobs
        net = nets.critic(self.shape, k.width_d, hidden=k.hidden_d)
        return nets.normed(net, k.n_power, k.gain) if k.spectral else net

    def levels(self, x: Tensor, g: Tensor, real: Tensor) -> list[Level]:
        """Zero, between real and fake for both objectives."""
        return [Level("even odds", "D = 0", 0.0)]

    def step(self, batches: Iterator[Plain]) -> Round:
        """n_d updates of D (eq. 16, or 15), then one of G (eq. 17)."""
        hinge = self.knobs.objective == "hinge"
        for _ in range(self.knobs.n_d):
            (x,) = next(batches)
            real, fake = self.D(x), self.D(self.fakes(len(x)))
            yield {"D": self.d_loss(losses.hinge_d if hinge else losses.logistic_d, real, fake)}

        yield {"G": self.g_loss(losses.wasserstein_g if hinge else losses.logistic_g, self.G(self.noise(len(x))), x)}

        self.log({"score/real": real.mean(), "score/fake": fake.mean(), "acc/real": (real > 0).float().mean(), "acc/fake": (fake < 0).float().mean()})
        if hinge:
            self.log({"hinge/real": (1 - real).relu().mean(), "hinge/fake": (1 + fake).relu().mean(),
                      "inside/real": (real < 1).float().mean(), "inside/fake": (fake > -1).float().mean()})
        if self.knobs.spectral:
            self.log({"sigma/most": self.knobs.gain * nets.norms_left(self.D).max()})
