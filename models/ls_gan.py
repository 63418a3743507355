"""LS-GAN, loss-sensitive (not LSGAN, which is least squares)."""

from collections.abc import Iterator
from dataclasses import dataclass

import torch
from torch import Tensor, nn

from models.kit import losses
from models.kit.batch import Plain
from models.kit.gan import Form, Latent, LatentKnobs, Paper, Part, Round, Scalar
from models.kit.knobs import knob
from models.kit.landscape import Level


class LSGANSensitive(Latent):
    """Loss-Sensitive Generative Adversarial Networks on Lipschitz Densities (Qi, 2017, arXiv:1701.06264).

    D is a loss L(v), any number, small on real data. Pairs (x_i, g_i) by their place in the batch, Δ_i = τ |x_i - g_i|_1 (mean over numbers):

        L_D = w E L(x) + λ E max(0, Δ(x, g) + L(x) - L(g))           eq. 6
        L_G = E L(g)                                                  eq. 7

    Δ is a constant to both players. L is kept Lipschitz by weight decay (the paper) and, if `gp` is not 0, by a one-sided gradient penalty.

    Differs: Δ by the mean, not the sum (τ is larger by the number of pixels); the penalty, without which points do not work; no batch norm in D.
    The authors' code (lsgan.lua) ends D in a ReLU, so that L >= 0 (`clamp`), and lets G's update see the fakes of D's (`z` "shared"): both are
    off unless asked for, as the paper preset does. There τ is 2e-4 of the sum, w is 0 and no weight decays.
    """

    larger_is = "fake"

    @dataclass(frozen=True)
    class Knobs(LatentKnobs):
        tau: float = knob(1.0, 0.01, 10.0, log=True, live=True, basic=True, symbol="τ", help="how much lower real must be than a fake, per distance",
                          effects=("D stops learning, collapse", "behaves like WGAN"))
        weight: float = knob(1.0, 0.1, 10.0, log=True, live=True, basic=True, symbol="λ", help="weight of the violated pairs",
                             effects=("weak", "strong"))
        real_weight: float = knob(1.0, 0.0, 1.0, live=True, symbol="w", help="weight of L(x) itself; the authors' code has 0",
                                  effects=("only pairs", "real pulled down"))
        gp: float = knob(0.0, 0.0, 10.0, live=True, basic=True, symbol="λ_gp",
                         help="weight of the penalty on slopes beyond 1; 0 is off",
                         effects=("weight decay alone", "flat"))
        weight_decay: float = knob(5e-5, 0.0, 1e-3, help="decay of D's weights", effects=("none", "flat"))
        clamp: bool = knob(False, only="images", help="D ends in a ReLU, as the authors' code: no loss is below 0; a D that is all 0 stops learning")
        z: str = knob("separate", choices=("separate", "shared"), help="a draw of z for each player, or one for both, as the authors' code has it")

    title, family = "LS-GAN", "Loss-sensitive"
    summary = "A real sample's loss must lie below a fake's, by a margin that grows with their distance."
    relative, critic_letter = "it compares real data and fakes already", "L"
    formula = (r"L_D = w\, L(x) + \lambda\, (\Delta(x, g) + L(x) - L(g))_+", r"L_G = L(g)")
    paper = Paper("Loss-Sensitive Generative Adversarial Networks on Lipschitz Densities", "Qi", 2017, "1701.06264")
    forms = (Form("gp", True, "L(g))_+", r"L(g))_+ + \lambda_{gp}\, (|\nabla_u L(u)| - 1)_+^2"),)
    parts = (Part("(|∇_u L(u)| - 1)_+^2", "mean of max(0, slope - 1) squared, between each x and its g", "penalty/gp"),)
    scalars = {
        "score/real": Scalar("mean loss of real data", "loss value", "L(x)"),
        "score/fake": Scalar("mean loss of fakes", "loss value", "L(g)"),
        "gap/mean": Scalar("mean L(g) - L(x); should approach the mean margin", "gap", healthy=(0.0, ("gap/delta", 1.2))),
        "gap/delta": Scalar("mean margin of the pairs", "gap", "Δ"),
        "hinge/active": Scalar("share of pairs that violate their margin; 0: D stops learning", "share", healthy=(0.2, 0.9)),
        "penalty/gp": Scalar("mean squared excess of the slopes over 1", "penalty"),
        "hinge/mean": Scalar("mean of max(0, ·) over the pairs: what each lacks of its own margin", "loss value", "(Δ(x, g) + L(x) - L(g))_+"),
    }

    def make_d(self) -> nn.Module:
        """(B, ...) -> (B,): the loss function L, its values clamped at 0 where `clamp` is on."""
        net = super().make_d()
        return net.append(nn.ReLU()) if self.knobs.clamp and not self.shape.is_points else net

    def optimiser(self, player: str, params: list[nn.Parameter], lr: Tensor) -> torch.optim.Optimizer:
        """Adam, with weight decay for D alone."""
        decay = self.knobs.weight_decay if player == "D" else 0.0
        return torch.optim.Adam(params, lr=lr, betas=(self.knobs.beta1, self.knobs.beta2), weight_decay=decay, fused=True)

    def levels(self, x: Tensor, g: Tensor, real: Tensor) -> list[Level]:
        """The mean loss of real data plus the mean margin, which fakes should exceed."""
        required = real.mean() + losses.pair_margin(x, g, self.knobs.tau).mean()
        return [Level("what fakes should cost at least", "L(x) + Δ", required)]

    def step(self, batches: Iterator[Plain]) -> Round:
        """One update of D (eq. 6; with a one-sided gradient penalty where `gp` is not 0), then one of G."""
        k = self.knobs
        (x,) = next(batches)
        shared = k.z == "shared"
        made = self.G(self.noise(len(x))) if shared else self.fakes(len(x))
        fakes = made.detach() if shared else made
        real, fake, delta = self.D(x), self.D(fakes), losses.pair_margin(x, fakes, k.tau)
        loss = losses.loss_sensitive_d(real, fake, delta, k.weight, k.real_weight)
        if k.gp:
            penalty = losses.gradient_penalty(losses.slopes(self.D, losses.between(x, fakes, self.generator)), one_sided=True)
            loss = loss + k.gp * penalty
            self.log({"penalty/gp": penalty})
        yield {"D": loss}

        yield {"G": losses.energy_g(self.best(self.D(made if shared else self.G(self.noise(len(x))))))}

        self.log({"score/real": real.mean(), "score/fake": fake.mean(), "gap/mean": (fake - real).mean(), "gap/delta": delta.mean(),
                  "hinge/active": (delta + real - fake > 0).float().mean(), "hinge/mean": (delta + real - fake).relu().mean()})
