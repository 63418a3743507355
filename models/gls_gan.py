"""GLS-GAN, generalized loss-sensitive: between LS-GAN and WGAN."""

from collections.abc import Iterator
from dataclasses import dataclass

import torch

from models.kit import losses
from models.kit.batch import Plain
from models.kit.gan import Form, Latent, LatentKnobs, Paper, Round, Scalar
from models.kit.knobs import knob
from models.ls_gan import LSGANSensitive


class GLSGAN(Latent):
    """Loss-Sensitive Generative Adversarial Networks on Lipschitz Densities, appendix D (Qi, 2017, arXiv:1701.06264).

    D is a loss L(v), small on real data. Pairs (x_i, g_i) by their place in the batch, Δ_i = τ |x_i - g_i|_1 (mean over numbers), and
    C_ν(a) = max(a, ν a), a leaky ReLU with ν <= 1:

        L_D = E C_ν(Δ(x, g) + L(x) - L(g))
        L_G = E L(g)

    ν = 0 is the hinge of LS-GAN, without its term L(x) alone; ν = 1 is WGAN, plus the mean of Δ, which no gradient sees; ν = -1 is an absolute value,
    so that pairs beyond their margin are drawn back to it. Δ is a constant to both players. With ν > 0 nothing but the bound on D's slopes keeps L(g)
    from growing: D's weights are clipped to [-c, c] after its update, as in the authors' code (glsgan.lua), or slopes beyond 1 are penalised (`gp`).

    Differs: Δ by the mean, not the sum (τ is larger by the number of pixels); the penalty, which that code has not; no batch norm in D. That code has
    ν = 0.5, c = 0.04, τ = 2e-4 of the sum, uniform noise, and lets G's update see the fakes of D's (`z` "shared"): so does the paper preset.
    """

    larger_is = "fake"

    @dataclass(frozen=True)
    class Knobs(LatentKnobs):
        nu: float = knob(0.5, -1.0, 1.0, live=True, basic=True, symbol="ν", help="what pairs that keep their margin count",
                         effects=("drawn back to the margin", "as violated ones: WGAN"))
        tau: float = knob(1.0, 0.01, 10.0, log=True, live=True, basic=True, symbol="τ", help="how much lower real must be than a fake, per distance",
                          effects=("few pairs violate it", "behaves like WGAN"))
        clip: float = knob(0.04, 0.0, 0.5, live=True, basic=True, symbol="c", help="D's weights stay within ±c; 0 is off",
                           effects=("gradients vanish", "gradients explode"))
        gp: float = knob(0.0, 0.0, 10.0, live=True, basic=True, symbol="λ_gp", help="weight of the penalty on slopes beyond 1; 0 is off",
                         effects=("the clip alone", "flat"))
        z: str = knob("separate", choices=("separate", "shared"), help="a draw of z for each player, or one for both, as the authors' code has it")

    title, family = "GLS-GAN", "Loss-sensitive"
    summary = "As LS-GAN, and pairs that keep their margin count, too, by a factor ν: 0 is LS-GAN, 1 is WGAN."
    relative, critic_letter = LSGANSensitive.relative, LSGANSensitive.critic_letter
    formula = (r"L_D = C_\nu(\Delta(x, g) + L(x) - L(g))", r"L_G = L(g)")
    paper = Paper("Loss-Sensitive Generative Adversarial Networks on Lipschitz Densities", "Qi", 2017, "1701.06264")
    forms = (Form("gp", True, "L(x) - L(g))", r"L(x) - L(g)) + \lambda_{gp}\, (|\nabla_u L(u)| - 1)_+^2"),)
    parts = LSGANSensitive.parts
    scalars = {
        **{name: LSGANSensitive.scalars[name] for name in ("score/real", "score/fake")},
        "gap/mean": Scalar("mean L(g) - L(x)", "gap", healthy=(0.0, ("gap/delta", 1.5))),
        "gap/delta": LSGANSensitive.scalars["gap/delta"],
        "cost/mean": Scalar("mean of max(a, ν a) over the pairs, a what each lacks of its margin; 0: each keeps it, no more", "loss value",
                            "C_ν(Δ(x, g) + L(x) - L(g))", line=0.0),
        "pairs/violated": Scalar("share of pairs that violate their margin; the others count by ν", "share", healthy=(0.2, 1.0)),
        "clip/share": Scalar("share of D's weights at the clipping bound; near 1: all saturated", "share", healthy=(0.03, 0.8)),
        "penalty/gp": LSGANSensitive.scalars["penalty/gp"],
    }

    levels = LSGANSensitive.levels              # the mean loss of real data plus the mean margin, which fakes should exceed

    def step(self, batches: Iterator[Plain]) -> Round:
        """One update of D (with a one-sided gradient penalty where `gp` is not 0), its clipping, then one update of G."""
        k = self.knobs
        (x,) = next(batches)
        made = self.G(self.noise(len(x))) if k.z == "shared" else self.fakes(len(x))
        fakes = made.detach()
        real, fake, delta = self.D(x), self.D(fakes), losses.pair_margin(x, fakes, k.tau)
        cost = losses.generalized_d(real, fake, delta, k.nu)
        loss = cost
        if k.gp:
            penalty = losses.gradient_penalty(losses.slopes(self.D, losses.between(x, fakes, self.generator)), one_sided=True)
            loss = loss + k.gp * penalty
            self.log({"penalty/gp": penalty})
        yield {"D": loss}
        if k.clip:
            with torch.no_grad():
                at_clip = torch.stack([p.clamp_(-k.clip, k.clip).abs().ge(0.999 * k.clip).sum() for p in self.D.parameters()]).sum()
            self.log({"clip/share": at_clip / sum(p.numel() for p in self.D.parameters())})

        yield {"G": losses.energy_g(self.best(self.D(made if k.z == "shared" else self.G(self.noise(len(x))))))}

        self.log({"score/real": real.mean(), "score/fake": fake.mean(), "gap/mean": (fake - real).mean(), "gap/delta": delta.mean(),
                  "cost/mean": cost, "pairs/violated": (delta + real - fake > 0).float().mean()})
