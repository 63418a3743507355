"""WGAN-div, with the Wasserstein divergence."""

from collections.abc import Iterator
from dataclasses import dataclass

import torch
from torch import Tensor

from models.kit import losses
from models.kit.batch import Plain
from models.kit.gan import Latent, LatentKnobs, Paper, Part, Round, Scalar
from models.kit.knobs import knob
from models.kit.landscape import Level


class WGANDiv(Latent):
    """Wasserstein Divergence for GANs (Wu, Huang, Thoma, Acharya & Van Gool, 2018, arXiv:1712.01026).

    With critic values r = D(x), f = D(g), g = G(z), larger for real (the authors' sign is the other one):

        L_D = E f - E r + k E |∇_u D(u)|_2^p           k = 2, p = 6; the length over all numbers of one sample
        L_G = -E f

    The penalty is centred at 0 and needs no slope of 1: for any distribution of u this is a divergence. `at` says where u lies: u = ε x + (1 - ε) g,
    with one ε ~ U(0, 1) for each sample; at x; at g; or at both, the mean over all 2 B of them.

    Differs: small networks without any norm in D in place of ResNets with layer norm. The authors' release has k = 10, not the paper's 2, with p = 6.
    """

    @dataclass(frozen=True)
    class Knobs(LatentKnobs):
        lr_g: float = knob(2e-4, 1e-5, 1e-2, log=True, live=True, basic=True, symbol="η_G", help="how fast G learns", effects=("slow", "unstable"))
        lr_d: float = knob(2e-4, 1e-5, 1e-2, log=True, live=True, basic=True, symbol="η_D", help="how fast D learns",
                           effects=("W means little", "unstable"))
        gp: float = knob(2.0, 0.1, 20.0, log=True, live=True, basic=True, symbol="k", help="weight of the penalty on slopes",
                         effects=("steep critic, large W", "flat critic"))
        power: float = knob(6.0, 2.0, 12.0, live=True, basic=True, symbol="p", help="the power of each slope that is penalised",
                            effects=("gentle slopes cost, too", "a hard wall at slope 1"))
        at: str = knob("between", choices=("between", "real", "fake", "both"), help="where slopes are penalized: between real and fake, or at them")
        n_critic: int = knob(4, 1, 20, live=True, basic=True, symbol="n_critic", help="updates of D before each of G",
                             effects=("W means little", "slow"))
        beta1: float = knob(0.0, 0.0, 0.95, symbol="β_1", help="Adam's momentum", effects=("as the paper", "overshoot and oscillation"))
        beta2: float = knob(0.9, 0.0, 0.9999, symbol="β_2", help="Adam's memory of gradient sizes", effects=("unsteady", "slow to adapt"))

    title, family = "WGAN-div", "Wasserstein"
    summary = "A critic whose slopes cost their sixth power measures a divergence; G reduces it."
    relative = "its losses see differences of scores alone: of pairs or on average they are the same"
    formula = (r"L_D = D(G(z)) - D(x) + k\, |\nabla_u D(u)|^p", r"L_G = -D(G(z))")
    paper = Paper("Wasserstein Divergence for GANs", "Wu et al.", 2018, "1712.01026")
    parts = (Part("|∇_u D(u)|^p", "mean of the slopes, each to the power p", "penalty/slopes"),)
    scalars = {
        "score/real": Scalar("mean critic value of real data", "critic", "D(x)"),
        "score/fake": Scalar("mean critic value of fakes", "critic", "D(G(z))"),
        "distance/W": Scalar("the critic's distance; should fall smoothly, above 0", "critic", "W", line=0.0),
        "penalty/slopes": Scalar("mean of the slopes, each to the power p", "penalty"),
        "slope/mean": Scalar("mean length of D's input gradient; no value is aimed at", "slope", "|∇D(u)|", healthy=(0.3, 1.0)),
    }

    def levels(self, x: Tensor, g: Tensor, real: Tensor) -> list[Level]:
        """Zero: only differences of a critic's values mean something."""
        return [Level("zero", "D = 0", 0.0)]

    def penalised(self, x: Tensor, g: Tensor) -> Tensor:
        """(B, ...) and (B, ...) -> the points whose slopes are penalised, B of them, or 2 B at both."""
        match self.knobs.at:
            case "between":
                return losses.between(x, g, self.generator)
            case "both":
                return torch.cat([x, g])
            case one:
                return x if one == "real" else g

    def step(self, batches: Iterator[Plain]) -> Round:
        """n_critic updates of the critic with its penalty, then one of G."""
        for _ in range(self.knobs.n_critic):
            (x,) = next(batches)
            fakes = self.fakes(len(x))
            real, fake = self.D(x), self.D(fakes)
            norms = losses.slopes(self.D, self.penalised(x, fakes))
            penalty = losses.power_penalty(norms, self.knobs.power)
            yield {"D": losses.wasserstein_d(real, fake) + self.knobs.gp * penalty}

        yield {"G": losses.wasserstein_g(self.best(self.D(self.G(self.noise(len(x))))))}

        self.log({"score/real": real.mean(), "score/fake": fake.mean(), "distance/W": real.mean() - fake.mean(), "penalty/slopes": penalty,
                  "slope/mean": norms.mean()})
