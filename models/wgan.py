"""WGAN with weight clipping."""

from collections.abc import Iterator
from dataclasses import dataclass

import torch
from torch import Tensor, nn

from models.kit import losses
from models.kit.batch import Plain
from models.kit.gan import Latent, LatentKnobs, Paper, Round, Scalar
from models.kit.knobs import knob
from models.kit.landscape import Level

BOOST = 25          # first steps of G, each after 100 of D


class WGAN(Latent):
    """Wasserstein GAN (Arjovsky, Chintala & Bottou, 2017, arXiv:1701.07875).

    With critic values r = D(x), f = D(G(z)), and D's parameters clipped to [-c, c] after each of its steps (algorithm 1):

        L_D = E f - E r                     minus the estimated distance W, eq. 2
        L_G = -E f                          eq. 3

    n_critic steps of D for each of G; with `boost`, 100 for the first 25 of G (phase "warm-up") and for each 500th, as the authors' code.

    Differs: small networks; batch norm in G alone.
    """

    @dataclass(frozen=True)
    class Knobs(LatentKnobs):
        lr_g: float = knob(5e-5, 1e-5, 1e-2, log=True, live=True, basic=True, symbol="η_G", help="how fast G learns", effects=("slow", "unstable"))
        lr_d: float = knob(5e-5, 1e-5, 1e-2, log=True, live=True, basic=True, symbol="η_D", help="how fast D learns",
                           effects=("W means little", "unstable"))
        clip: float = knob(0.01, 1e-4, 0.5, log=True, live=True, basic=True, symbol="c", help="D's weights stay within ±c",
                        effects=("gradients vanish", "gradients explode, slow to the optimum"))
        n_critic: int = knob(5, 1, 20, live=True, basic=True, symbol="n_critic", help="updates of D before each of G",
                             effects=("W means little", "slow"))
        boost: bool = knob(True, help="100 updates of D for the first 25 of G and each 500th, as the authors' code has it")
        optimiser: str = knob("RMSProp", choices=("RMSProp", "Adam"), help="Adam's momentum makes the critic unstable here, the paper says")

    title, family = "WGAN", "Wasserstein"
    summary = "A critic with clipped weights estimates the Wasserstein distance; G reduces it."
    relative = "its losses see differences of scores alone: of pairs or on average they are the same"
    formula = (r"L_D = D(G(z)) - D(x),\ |w| \le c", r"L_G = -D(G(z))")
    paper = Paper("Wasserstein GAN", "Arjovsky, Chintala, Bottou", 2017, "1701.07875")
    scalars = {
        "score/real": Scalar("mean critic value of real data", "critic", "D(x)"),
        "score/fake": Scalar("mean critic value of fakes", "critic", "D(G(z))"),
        "distance/W": Scalar("the critic's distance, arbitrary units; should fall smoothly, above 0", "critic", "W", line=0.0),
        "slope/mean": Scalar("mean length of D's input gradient at the fakes", "slope", "|∇D|", healthy=(1e-3, 1.5)),
        "clip/share": Scalar("share of D's weights at the clipping bound; near 1: all saturated", "share", healthy=(0.03, 0.8)),
    }

    def optimiser(self, player: str, params: list[nn.Parameter], lr: Tensor) -> torch.optim.Optimizer:
        """RMSProp as in algorithm 1, or Adam."""
        if self.knobs.optimiser == "Adam":
            return super().optimiser(player, params, lr)
        return torch.optim.RMSprop(params, lr=lr, capturable=params[0].is_cuda)

    def boosted(self) -> bool:
        """Whether this step has 100 updates of the critic, as in the authors' code."""
        return self.knobs.boost and (self.steps < BOOST or self.steps % 500 == 0)

    def phase(self) -> str:
        """Warm-up during the first 25 steps, which have 100 updates of the critic each, then play."""
        return "warm-up" if self.knobs.boost and self.steps < BOOST else "play"

    def levels(self, x: Tensor, g: Tensor, real: Tensor) -> list[Level]:
        """Zero: only differences of a critic's values mean something."""
        return [Level("zero", "D = 0", 0.0)]

    def step(self, batches: Iterator[Plain]) -> Round:
        """Algorithm 1: n_critic updates of the critic, clipped after each, then one of G."""
        for _ in range(100 if self.boosted() else self.knobs.n_critic):
            (x,) = next(batches)
            real, fake = self.D(x), self.D(self.fakes(len(x)))
            yield {"D": losses.wasserstein_d(real, fake)}
            with torch.no_grad():
                for p in self.D.parameters():
                    p.clamp_(-self.knobs.clip, self.knobs.clip)

        fakes = self.G(self.noise(len(x)))
        against = self.D(fakes)
        slopes = losses.gradient_norms(against, fakes)
        yield {"G": losses.wasserstein_g(self.best(against))}

        at_clip = torch.stack([(p.detach().abs() >= 0.999 * self.knobs.clip).sum() for p in self.D.parameters()]).sum()
        self.log({"score/real": real.mean(), "score/fake": fake.mean(), "distance/W": real.mean() - fake.mean(), "slope/mean": slopes.mean(),
                  "clip/share": at_clip / sum(p.numel() for p in self.D.parameters())})
