"""RaGAN, relativistic on average."""

from collections.abc import Iterator
from dataclasses import dataclass

import torch
from torch import Tensor

from models.kit import losses
from models.kit.batch import Plain
from models.kit.gan import Form, Latent, LatentKnobs, Paper, Part, Round, Scalar
from models.kit.knobs import knob
from models.kit.landscape import Level
from models.kit.relative import AVERAGE, LINES, MEANS, halfway
from models.rgan import RGAN

LOGISTIC, SQUARES, HINGE = (LINES[AVERAGE][base] for base in ("logistic", "least squares", "hinge"))
PENALTY = r"\lambda_{gp}\, (|\nabla_u D(u)| - 1)^2"


class RaGAN(Latent):
    """The relativistic discriminator: a key element missing from standard GAN (Jolicoeur-Martineau, 2018, arXiv:1807.00734), on average.

    With scores r = D(x), f = D(G(z)), any numbers, and their means over the batch m_r, m_f (section 4):

        L_D = E h(r - m_f) + E h(m_r - f)
        L_G = E h(f - m_r) + E h(m_f - r)

    h(t) = log(1 + e^-t) is RaSGAN, (t - 1)^2 RaLSGAN, max(0, 1 - t) RaHingeGAN (`base`). Without a half. Both terms are in both losses: the second
    reaches G through m_f. The real scores and m_r in L_G have no gradient for G. A number added to all scores changes nothing.
    `gp` adds the gradient penalty of WGAN-GP (RaSGAN-GP, its λ of 10).

    Differs: small DCGAN-like networks; no batch norm in D.
    """

    @dataclass(frozen=True)
    class Knobs(LatentKnobs):
        base: str = knob("logistic", choices=tuple(losses.RELATIVE), basic=True, help="what a difference costs: RaSGAN, RaLSGAN or RaHingeGAN")
        gp: float = knob(0.0, 0.0, 100.0, live=True, basic=True, symbol="λ_gp", help="weight of the penalty on slopes other than 1; 0 is off",
                         effects=("as without it", "D is too flat"))
        n_d: int = knob(1, 1, 5, live=True, symbol="n_D", help="updates of D before each of G", effects=("G may outrun D", "slower steps"))

    title, family = "RaGAN", "Relativistic"
    summary = "D tells how much more real a real sample is than the average fake; G turns that round."
    relative = RGAN.relative
    formula = (f"L_D = {LOGISTIC[0]}", f"L_G = {LOGISTIC[1]}")
    forms = (*(Form("base", base, old, new) for base, lines in (("least squares", SQUARES), ("hinge", HINGE))
               for old, new in zip(LOGISTIC, lines, strict=True)),
             *(Form("gp", True, lines[0], f"{lines[0]} + {PENALTY}") for lines in (LOGISTIC, SQUARES, HINGE)))
    parts = (
        *MEANS,
        Part("(|∇_u D(u)| - 1)^2", "mean squared distance of the slopes from 1, between each x and its fake", "penalty/gp"),
    )
    paper = Paper("The relativistic discriminator: a key element missing from standard GAN", "Jolicoeur-Martineau", 2018, "1807.00734")
    pair, unit = None, "score"
    scalars = {
        "gap/mean": Scalar("mean D(x) - D(G(z)): a score means nothing by itself, only a difference does", "logit", healthy=(0.0, 3.0), line=0.0),
        "prob/real": Scalar("mean probability that real data are more real than the average fake", "probability", healthy=(0.5, 0.9), line=0.5),
        "prob/fake": Scalar("mean probability that fakes are more real than average real data", "probability", healthy=(0.1, 0.5), line=0.5),
        "acc/real": Scalar("share of real data that score higher than the average fake", "share", healthy=(0.55, 0.97)),
        "acc/fake": Scalar("share of fakes that score lower than average real data; both at 1: D has won", "share", healthy=(0.55, 0.97)),
        "penalty/gp": Scalar("mean squared distance of the slopes from 1", "penalty"),
    }

    def levels(self, x: Tensor, g: Tensor, real: Tensor) -> list[Level]:
        """Halfway between real and fake: no score has a meaning of its own."""
        return [halfway(real, self.score(g))]

    def step(self, batches: Iterator[Plain]) -> Round:
        """n_d updates of D (with a gradient penalty where `gp` is not 0), then one of G, beside the last batch of real data."""
        base, gp = self.knobs.base, self.knobs.gp
        for _ in range(self.knobs.n_d):
            (x,) = next(batches)
            fakes = self.fakes(len(x))
            real, fake = self.D(x), self.D(fakes)
            loss = losses.relativistic_average(real, fake, base)
            if gp:
                penalty = losses.gradient_penalty(losses.slopes(self.D, losses.between(x, fakes, self.generator)))
                loss = loss + gp * penalty
                self.log({"penalty/gp": penalty})
            yield {"D": loss}

        with torch.no_grad():
            beside = self.D(x)
        against = self.best(self.D(self.G(self.noise(len(x)))))
        yield {"G": losses.relativistic_average(against, beside[:len(against)], base)}

        with torch.no_grad():
            over, under = real - fake.mean(), fake - real.mean()
            self.log({"gap/mean": over.mean(), "prob/real": over.sigmoid().mean(), "prob/fake": under.sigmoid().mean(),
                      "acc/real": (over > 0).float().mean(), "acc/fake": (under < 0).float().mean()})
