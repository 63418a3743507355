"""R3GAN: a relativistic loss with zero-centred penalties on real data and on fakes."""

import math
from collections.abc import Iterator
from dataclasses import dataclass

import torch
from torch import Tensor, nn
from torch.nn.functional import logsigmoid

from models.kit import losses
from models.kit.batch import Plain
from models.kit.gan import Latent, LatentKnobs, Paper, Part, Round, Scalar
from models.kit.knobs import knob
from models.kit.landscape import Level
from models.kit.relative import halfway
from models.rgan import PAIRS, RGAN, compared

LAST_RATE, LAST_GAMMA, LAST_BETA2 = 0.25, 0.1, 0.99         # at the end of the burn-in: shares of both rates and of γ; β_2 itself


class R3GAN(Latent):
    """The GAN is dead; long live the GAN! A Modern GAN Baseline (Huang, Gokaslan, Kuleshov & Tompkin, 2024, arXiv:2501.05441).

    With scores r_i = D(x_i), f_i = D(g_i), g = G(z), in pairs by their place in the batch, and sp(t) = log(1 + e^t):

        L_D = E sp(-(r - f)) + γ / 2 (R1 + R2)
        L_G = E sp(-(f - r))
        R1 = E |∇_x D(x)|^2,  R2 = E |∇_g D(g)|^2

    R1 and R2 are means over samples of the squared length over all numbers of one. A burn-in, as in the authors' code: along half a cosine both rates
    fall to a quarter, γ to a tenth, and β_2 rises from 0.9 to 0.99; then all stay there. Adam has no momentum.

    Differs: small DCGAN-like networks, G's with batch norm, in place of the paper's ResNets without any norm; the burn-in is counted in steps (the
    authors': 20 million images); no augmentation; the average of G's weights does not grow longer with the burn-in.
    """

    @dataclass(frozen=True)
    class Knobs(LatentKnobs):
        gp: float = knob(1.0, 1e-3, 200.0, log=True, live=True, basic=True, symbol="γ", help="weight of R1 and R2, the penalties on D's slopes",
                         effects=("D is steep, oscillation", "D is flat, slow"))
        burn_in: int = knob(10_000, 0, 1_000_000, basic=True, help="steps over which rates and γ fall and β_2 rises; 0 leaves them as they are",
                            effects=("settles early", "settles late"))
        beta1: float = knob(0.0, 0.0, 0.95, symbol="β_1", help="Adam's momentum", effects=("as the paper", "overshoot and oscillation"))
        beta2: float = knob(0.9, 0.0, 0.9999, symbol="β_2", help="Adam's memory of gradient sizes, at the start of the burn-in",
                            effects=("unsteady", "slow to adapt"))

    title, family = "R3GAN", "Relativistic"
    summary = "D tells which of a real and a fake sample is the real one, and pays for every slope at real data and at fakes."
    relative = RGAN.relative
    formula = (r"L_D = -\log \sigma(D(x) - D(g)) + \tfrac12 \gamma\, |\nabla_x D(x)|^2 + \tfrac12 \gamma\, |\nabla_g D(g)|^2",
               r"L_G = -\log \sigma(D(g) - D(x))")
    parts = (
        Part("log σ(D(x) - D(g))", "mean logarithm of the probability that the real one of a pair is real",
             lambda gan, real, fake: logsigmoid(real - fake)),
        Part("log σ(D(g) - D(x))", "mean logarithm of the probability that the fake of a pair is the real one",
             lambda gan, real, fake: logsigmoid(fake - real)),
        Part("|∇_x D(x)|^2", "R1: mean squared slope at real data", "penalty/r1"),
        Part("|∇_g D(g)|^2", "R2: mean squared slope at fakes", "penalty/r2"),
    )
    paper = Paper("The GAN is dead; long live the GAN! A Modern GAN Baseline", "Huang et al.", 2024, "2501.05441")
    pair, unit = None, "score"
    scalars = {
        **PAIRS,
        "penalty/r1": Scalar("mean squared slope of D at real data: 0 where it is flat", "penalty", healthy=(0.0, 10.0)),
        "penalty/r2": Scalar("mean squared slope of D at fakes: 0 where it is flat", "penalty", healthy=(0.0, 10.0)),
        "burn_in/gamma": Scalar("weight of both penalties, as the burn-in has it now", "weight", "γ", line="gp"),
    }

    def burned(self, start: float, end: float) -> float:
        """A number on its way from `start` to `end`, along half a cosine over the burn-in; `start` itself where there is none."""
        steps = self.knobs.burn_in
        return start + (end - start) * (1 - math.cos(math.pi * min(1.0, self.steps / steps))) / 2 if steps else start

    def rate(self, player: str) -> float:
        """A player's learning rate at this step."""
        full = super().rate(player)
        return self.burned(full, LAST_RATE * full)

    def optimiser(self, player: str, params: list[nn.Parameter], lr: Tensor) -> torch.optim.Optimizer:
        """Adam, whose β_2 follows the burn-in."""
        adam = super().optimiser(player, params, lr)
        adam.register_step_pre_hook(lambda *_: adam.param_groups[0].update(betas=(self.knobs.beta1, self.burned(self.knobs.beta2, LAST_BETA2))))
        return adam

    def levels(self, x: Tensor, g: Tensor, real: Tensor) -> list[Level]:
        """Halfway between real and fake: no score has a meaning of its own."""
        return [halfway(real, self.score(g))]

    def step(self, batches: Iterator[Plain]) -> Round:
        """One update of D with both penalties, at real data and fakes in one pass, then one of G, beside the same real data."""
        (x,) = next(batches)
        both = torch.cat([x, self.fakes(len(x))]).requires_grad_()
        scores = self.D(both)
        (real, fake), (r1, r2) = scores.chunk(2), (part.mean() for part in losses.gradient_squares(scores, both).chunk(2))
        gamma = self.burned(self.knobs.gp, LAST_GAMMA * self.knobs.gp)
        yield {"D": losses.relativistic(real, fake) + gamma / 2 * (r1 + r2)}

        with torch.no_grad():
            beside = self.D(x)
        against = self.best(self.D(self.G(self.noise(len(x)))))
        yield {"G": losses.relativistic(against, beside[:len(against)])}

        with torch.no_grad():
            self.log({**compared(real, fake), "penalty/r1": r1, "penalty/r2": r2, "burn_in/gamma": torch.full_like(r1, gamma)})
