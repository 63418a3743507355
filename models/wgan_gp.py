"""WGAN with a gradient penalty."""

from collections.abc import Iterator
from dataclasses import dataclass

from torch import Tensor

from models.kit import losses
from models.kit.batch import Plain
from models.kit.gan import Latent, LatentKnobs, Paper, Part, Round, Scalar
from models.kit.knobs import knob
from models.kit.landscape import Level


class WGANGP(Latent):
    """Improved Training of Wasserstein GANs (Gulrajani et al., 2017, arXiv:1704.00028).

    With critic values r = D(x), f = D(g), g = G(z), and u = ε x + (1 - ε) g, one ε ~ U(0, 1) for each sample:

        L_D = E f - E r + λ E (|∇_u D(u)|_2 - 1)^2          eq. 3, the length over all numbers of one sample
        L_G = -E f

    Differs: small networks without any norm in D (a batch norm would tie the samples' gradients together) in place of ResNets.
    """

    @dataclass(frozen=True)
    class Knobs(LatentKnobs):
        lr_g: float = knob(1e-4, 1e-5, 1e-2, log=True, live=True, basic=True, symbol="η_G", help="how fast G learns", effects=("slow", "unstable"))
        lr_d: float = knob(1e-4, 1e-5, 1e-2, log=True, live=True, basic=True, symbol="η_D", help="how fast D learns",
                           effects=("W means little", "unstable"))
        gp: float = knob(10.0, 0.1, 100.0, log=True, live=True, basic=True, symbol="λ",
                         help="weight of the penalty on slopes other than 1",
                         effects=("D is not Lipschitz", "D is too flat"))
        n_critic: int = knob(5, 1, 20, live=True, basic=True, symbol="n_critic", help="updates of D before each of G",
                             effects=("W means little", "slow"))
        beta1: float = knob(0.0, 0.0, 0.95, symbol="β_1", help="Adam's momentum", effects=("as the paper", "overshoot and oscillation"))
        beta2: float = knob(0.9, 0.0, 0.9999, symbol="β_2", help="Adam's memory of gradient sizes", effects=("unsteady", "slow to adapt"))

    title, family = "WGAN-GP", "Wasserstein"
    summary = "A critic with slopes near 1 estimates the Wasserstein distance; G reduces it."
    relative = "its losses see differences of scores alone: of pairs or on average they are the same"
    formula = (r"L_D = D(G(z)) - D(x) + \lambda (|\nabla_u D(u)| - 1)^2", r"L_G = -D(G(z))")
    paper = Paper("Improved Training of Wasserstein GANs", "Gulrajani et al.", 2017, "1704.00028")
    parts = (Part("(|∇_u D(u)| - 1)^2", "mean squared distance of the slopes from 1, between each x and its fake", "penalty/gp"),)
    scalars = {
        "score/real": Scalar("mean critic value of real data", "critic", "D(x)"),
        "score/fake": Scalar("mean critic value of fakes", "critic", "D(G(z))"),
        "distance/W": Scalar("the critic's distance; should fall smoothly, above 0", "critic", "W", line=0.0),
        "penalty/gp": Scalar("mean squared distance of the slopes from 1", "penalty"),
        "slope/mean": Scalar("mean length of D's input gradient", "slope", healthy=(0.9, 1.1), line=1.0),
        "slope/least": Scalar("least of the batch", "slope"),
        "slope/most": Scalar("greatest of the batch", "slope"),
    }

    def levels(self, x: Tensor, g: Tensor, real: Tensor) -> list[Level]:
        """Zero: only differences of a critic's values mean something."""
        return [Level("zero", "D = 0", 0.0)]

    def step(self, batches: Iterator[Plain]) -> Round:
        """Algorithm 1: n_critic updates of the critic with its gradient penalty (eq. 3), then one of G."""
        for _ in range(self.knobs.n_critic):
            (x,) = next(batches)
            fakes = self.fakes(len(x))
            real, fake = self.D(x), self.D(fakes)
            norms = losses.slopes(self.D, losses.between(x, fakes, self.generator))
            penalty = losses.gradient_penalty(norms)
            yield {"D": losses.wasserstein_d(real, fake) + self.knobs.gp * penalty}

        yield {"G": losses.wasserstein_g(self.best(self.D(self.G(self.noise(len(x))))))}

        self.log({"score/real": real.mean(), "score/fake": fake.mean(), "distance/W": real.mean() - fake.mean(), "penalty/gp": penalty,
                  "slope/mean": norms.mean(), "slope/least": norms.min(), "slope/most": norms.max()})
