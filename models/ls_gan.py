"""LS-GAN, loss-sensitive (not LSGAN, which is least squares)."""

from collections.abc import Iterator
from dataclasses import dataclass

import torch
from torch import Tensor, nn

from models.kit import losses
from models.kit.batch import Plain
from models.kit.gan import Latent, LatentKnobs, Paper, Round, Scalar
from models.kit.knobs import knob
from models.kit.landscape import Level


class LSGANSensitive(Latent):
    """Loss-Sensitive Generative Adversarial Networks on Lipschitz Densities (Qi, 2017, arXiv:1701.06264).

    D is a loss L(v), any number, small on real data. Pairs (x_i, g_i) by their place in the batch, Δ_i = τ |x_i - g_i|_1 (mean over numbers):

        L_D = w E L(x) + λ E max(0, Δ(x, g) + L(x) - L(g))           eq. 6
        L_G = E L(g)                                                  eq. 7

    Δ is a constant to both players. L is kept Lipschitz by weight decay (the paper) and, if `gp` is not 0, by a one-sided gradient penalty.

    Differs: Δ by the mean, not the sum (τ is larger by the number of pixels); the penalty, without which points do not work; no batch norm in D.
    """

    larger_is = "fake"

    @dataclass(frozen=True)
    class Knobs(LatentKnobs):
        tau: float = knob(1.0, 0.01, 10.0, log=True, live=True, basic=True, symbol="τ", help="how much lower real must be than a fake, per distance",
                          ends=("D idles, collapse", "behaves like WGAN"))
        weight: float = knob(1.0, 0.1, 10.0, log=True, live=True, basic=True, symbol="λ", help="weight of the violated pairs",
                             ends=("timid", "pushy"))
        real_weight: float = knob(1.0, 0.0, 1.0, live=True, symbol="w", help="weight of L(x) itself; the authors' code has 0",
                                  ends=("only pairs", "real pulled down"))
        gp: float = knob(0.0, 0.0, 10.0, live=True, basic=True, symbol="λ_gp", help="price of slopes beyond 1; 0 is off",
                         ends=("weight decay alone", "flat"))
        weight_decay: float = knob(5e-5, 0.0, 1e-3, help="decay of D's weights", ends=("none", "flat"))

    title, family = "LS-GAN", "Loss-sensitive"
    sentence = "Real must cost less than its fake, by a margin that grows with their distance."
    formula = (r"L_D = L(x) + \lambda\, (\Delta(x, g) + L(x) - L(g))_+", r"L_G = L(g)")
    paper = Paper("Loss-Sensitive Generative Adversarial Networks on Lipschitz Densities", "Qi", 2017, "1701.06264")
    scalars = {
        "score/real": Scalar("mean loss of real data", "loss value", "L(x)"),
        "score/fake": Scalar("mean loss of fakes", "loss value", "L(g)"),
        "gap/mean": Scalar("mean L(g) - L(x); should approach the mean margin", "gap", healthy=(0.0, ("gap/delta", 1.2))),
        "gap/delta": Scalar("mean margin of the pairs", "gap", "Δ"),
        "hinge/active": Scalar("share of pairs that violate their margin; 0: D idles", "share", healthy=(0.2, 0.9)),
        "hinge/mean": Scalar("what pairs lack of their margin, in the mean", "loss value", "(Δ(x, g) + L(x) - L(g))_+"),
    }

    def optimiser(self, player: str, params: list[nn.Parameter], lr: Tensor) -> torch.optim.Optimizer:
        decay = self.knobs.weight_decay if player == "D" else 0.0
        return torch.optim.Adam(params, lr=lr, betas=(self.knobs.beta1, self.knobs.beta2), weight_decay=decay, fused=True)

    def levels(self, x: Tensor, g: Tensor, real: Tensor) -> list[Level]:
        required = real.mean() + losses.pair_margin(x, g, self.knobs.tau).mean()
        return [Level("what fakes should cost at least", "L(x) + Δ", required)]

    def step(self, batches: Iterator[Plain]) -> Round:
        k = self.knobs
        (x,) = next(batches)
        fakes = self.fakes(len(x))
        real, fake, delta = self.D(x), self.D(fakes), losses.pair_margin(x, fakes, k.tau)
        loss = losses.loss_sensitive_d(real, fake, delta, k.weight, k.real_weight)
        if k.gp:
            u = losses.mixed(x, fakes, torch.rand(len(x), generator=self.generator, device=x.device)).requires_grad_()
            loss = loss + k.gp * losses.gradient_penalty(losses.gradient_norms(self.D(u), u), one_sided=True)
        yield {"D": loss}

        yield {"G": losses.energy_g(self.D(self.G(self.noise(len(x)))))}

        self.log({"score/real": real.mean(), "score/fake": fake.mean(), "gap/mean": (fake - real).mean(), "gap/delta": delta.mean(),
                  "hinge/active": (delta + real - fake > 0).float().mean(), "hinge/mean": (delta + real - fake).relu().mean()})
