"""RGAN, relativistic and pairwise (RSGAN)."""

from collections.abc import Iterator
from dataclasses import dataclass

import torch
from torch import Tensor

from models.kit import losses
from models.kit.batch import Plain
from models.kit.gan import Form, Latent, LatentKnobs, Paper, Part, Round, Scalar
from models.kit.knobs import knob
from models.kit.landscape import Level
from models.kit.relative import PAIR_LOGS, halfway

PAIRS = {
    "gap/mean": Scalar("mean D(x) - D(G(z)): a score means nothing by itself, only a difference does", "logit", healthy=(0.0, 3.0), line=0.0),
    "prob/pairs": Scalar("mean probability that of a real and a fake sample the real one is real", "probability", healthy=(0.5, 0.9), line=0.5),
    "acc/pairs": Scalar("share of pairs whose real sample scores higher; at 1 D has won", "share", healthy=(0.55, 0.97)),
}


def compared(real: Tensor, fake: Tensor) -> dict[str, Tensor]:
    """The numbers of PAIRS, from the scores of pairs."""
    return {"gap/mean": (real - fake).mean(), "prob/pairs": (real - fake).sigmoid().mean(), "acc/pairs": (real > fake).float().mean()}


class RGAN(Latent):
    """The relativistic discriminator: a key element missing from standard GAN (Jolicoeur-Martineau, 2018, arXiv:1807.00734).

    With scores r_i = D(x_i), f_i = D(G(z_i)), any numbers, in pairs by their place in the batch, and sp(t) = log(1 + e^t), RSGAN of section 4:

        L_D = E sp(-(r - f))
        L_G = E sp(-(f - r))

    One term each: the two that GAN has would be the same here. A number added to all scores changes nothing, so that no mean score is charted
    by itself. RSGAN-GP is the same with the gradient penalty of WGAN-GP (`gp`, its λ of 10). The real scores of L_G have no gradient for G.

    Differs: small DCGAN-like networks; no batch norm in D.
    """

    @dataclass(frozen=True)
    class Knobs(LatentKnobs):
        gp: float = knob(0.0, 0.0, 100.0, live=True, basic=True, symbol="λ_gp", help="weight of the penalty on slopes other than 1; 0 is off",
                         effects=("RSGAN", "RSGAN-GP, D is too flat"))
        n_d: int = knob(1, 1, 5, live=True, symbol="n_D", help="updates of D before each of G", effects=("G may outrun D", "slower steps"))

    title, family = "RGAN", "Relativistic"
    summary = "D tells which of a real and a fake sample is the real one; G makes fakes that look the more real of the two."
    relative = "it compares real data and fakes already"
    formula = (r"L_D = -\log \sigma(D(x) - D(G(z)))", r"L_G = -\log \sigma(D(G(z)) - D(x))")
    forms = (Form("gp", True, r"\sigma(D(x) - D(G(z)))", r"\sigma(D(x) - D(G(z))) + \lambda_{gp}\, (|\nabla_u D(u)| - 1)^2"),)
    parts = (
        *PAIR_LOGS,
        Part("(|∇_u D(u)| - 1)^2", "mean squared distance of the slopes from 1, between each x and its fake", "penalty/gp"),
    )
    paper = Paper("The relativistic discriminator: a key element missing from standard GAN", "Jolicoeur-Martineau", 2018, "1807.00734")
    pair, unit = None, "score"
    scalars = {**PAIRS, "penalty/gp": Scalar("mean squared distance of the slopes from 1", "penalty")}

    def levels(self, x: Tensor, g: Tensor, real: Tensor) -> list[Level]:
        """Halfway between real and fake: no score has a meaning of its own."""
        return [halfway(real, self.score(g))]

    def step(self, batches: Iterator[Plain]) -> Round:
        """n_d updates of D (with a gradient penalty where `gp` is not 0), then one of G, beside the last batch of real data."""
        for _ in range(self.knobs.n_d):
            (x,) = next(batches)
            fakes = self.fakes(len(x))
            real, fake = self.D(x), self.D(fakes)
            loss = losses.relativistic(real, fake)
            if self.knobs.gp:
                penalty = losses.gradient_penalty(losses.slopes(self.D, losses.between(x, fakes, self.generator)))
                loss = loss + self.knobs.gp * penalty
                self.log({"penalty/gp": penalty})
            yield {"D": loss}

        with torch.no_grad():
            beside = self.D(x)
        against = self.best(self.D(self.G(self.noise(len(x)))))
        yield {"G": losses.relativistic(against, beside[:len(against)])}

        with torch.no_grad():
            self.log(compared(real, fake))
