"""BEGAN."""

from collections.abc import Iterator
from dataclasses import dataclass

import torch
from torch import nn

from models.kit import losses, nets
from models.kit.batch import Plain
from models.kit.energy import Energy, EnergyKnobs
from models.kit.gan import Form, Paper, Part, Round, Scalar
from models.kit.knobs import knob
from models.kit.landscape import Level


class BEGAN(Energy):
    """BEGAN: Boundary Equilibrium Generative Adversarial Networks (Berthelot, Schumm & Metz, 2017, arXiv:1703.10717).

    With L(v) = |v - D(v)|^η, the mean over a sample's pixels, D an autoencoder (section 3.1):

        L_D = L(x) - k_t L(G(z_D))                                    section 3.4
        L_G = L(G(z_G))
        k_{t+1} = k_t + λ_k (γ L(x) - L(G(z_G))), within [0, 1], k_0 = 0
        M_global = L(x) + |γ L(x) - L(G(z_G))|                        section 3.4.1

    γ = E L(G(z)) / E L(x) at equilibrium (eq. 5): the diversity ratio.

    Differs: D and G move at once from one point. `body` "strided" takes DCGAN-like networks, several times faster than the
    paper's ("paper": no vanishing residuals, no skips of h_0). k_scale "relative", halving by a stalled M (the paper halves
    by hand), and on points the Fourier features and γ beyond 1 (there the ratio settles near 3 to 4) are ours.
    """

    @dataclass(frozen=True)
    class Knobs(EnergyKnobs):
        gamma: float = knob(0.5, 0.0, 4.0, live=True, basic=True, symbol="γ", help="diversity: the ratio that k steers to",
                            effects=("sharp, little variety", "varied, less sharp"))
        lambda_k: float = knob(1e-3, 1e-5, 1e-1, log=True, live=True, basic=True, symbol="λ_k", help="gain of the controller that steers k",
                               effects=("slow", "k oscillates or saturates"))
        k0: float = knob(0.0, 0.0, 1.0, symbol="k_0", help="initial value of k", effects=("D only reconstructs at first", "D rejects fakes at once"))
        k_scale: str = knob("raw", choices=("raw", "relative"),
                           help="relative divides the error in k's update by a running mean of L(x); not in the paper")
        z: str = knob("separate", choices=("separate", "shared"), help="one draw of z for both players, or one each as the paper has it")
        exponent: str = knob("1", choices=("1", "2"), symbol="η", help="energy = |v - D(v)| to this power; the paper allows both")
        body: str = knob("strided", choices=("strided", "paper"), only="images",
                         help="strided convolutions, or the paper's networks (slow, and without n_h and spectral norm)")
        halve_lr: int = knob(0, 0, 100_000, live=True, help="halve both rates after so many steps without a better M; 0 is off",
                             effects=("never", "patient"))

    title, family = "BEGAN", "Energy-based"
    summary = "D is an autoencoder; a controller keeps real and fake energy in balance."
    formula = (r"L_D = U(x) - k_t\, U(G(z))", r"L_G = U(G(z))",
               r"k_{t+1} = k_t + \lambda_k \left(\gamma\, U(x) - U(G(z))\right),\ \text{within [0, 1]}")
    forms = (Form("k_scale", "relative", r"U(G(z))\right)", r"U(G(z))\right) / \mu_U"),)
    parts = (Part("μ_U", "running mean of U(x)", lambda gan, real, fake: gan.mean_real),)
    paper = Paper("BEGAN: Boundary Equilibrium Generative Adversarial Networks", "Berthelot, Schumm, Metz", 2017, "1703.10717")
    paper_range = {"gamma": 1.0}
    scalars = {
        "energy/real": Scalar("reconstruction error of real data", "energy", "U(x)"),
        "energy/fake": Scalar("reconstruction error of fakes", "energy", "U(G(z))"),
        "balance/ratio": Scalar("should settle at γ", "ratio", "U(G(z)) / U(x)", healthy=(("gamma", 0.8), ("gamma", 1.2)), line="gamma"),
        "balance/k": Scalar("weight of the fakes in D's loss", "gain", "k", healthy=(0.0, 0.3)),
        "balance/M": Scalar("lower is better", "measure", "M_global"),
        "balance/error": Scalar("above 0 k rises, below it falls", "error", "γ U(x) - U(G(z))", line=0.0),
        "lr/scale": Scalar("what the learning rates are multiplied by", "factor"),
    }

    def build(self) -> None:
        """The networks, and as buffers k and the state of `halve_lr`."""
        super().build()
        self.register_buffer("k", torch.tensor(self.knobs.k0))
        self.register_buffer("mean_real", torch.tensor(-1.0))          # running mean of L(x); negative before the first step
        self.register_buffer("mean_M", torch.tensor(-1.0))
        self.register_buffer("best_M", torch.tensor(torch.finfo(torch.float32).max))
        self.register_buffer("stalled", torch.tensor(0.0))

    def make_g(self) -> nn.Module:
        """(B, z_dim) -> (B, *shape.dims): the paper's decoder where `body` is "paper", else the kit's generator."""
        if self.shape.is_points or self.knobs.body == "strided":
            return super().make_g()
        return nets.began_decoder(self.shape, self.z_dim, self.knobs.width_g)

    def make_d(self) -> nn.Module:
        """An autoencoder: the paper's (figure 1) where `body` is "paper", else the kit's."""
        if self.shape.is_points or self.knobs.body == "strided":
            return super().make_d()
        return nets.began_autoencoder(self.shape, self.knobs.width_d, self.knobs.code)

    def levels(self, x: torch.Tensor, g: torch.Tensor, real: torch.Tensor) -> list[Level]:
        """The mean energy of real data."""
        return [Level("mean real energy", "U(x)", real.mean())]

    def step(self, batches: Iterator[Plain]) -> Round:
        """A simultaneous update of D and G, then one of k (section 3.4)."""
        (x,) = next(batches)
        real, fake = self.energy(x).mean(), self.energy(self.G(self.noise(len(x)))).mean()
        against = fake if self.knobs.z == "shared" else self.energy(self.fakes(len(x))).mean()
        yield {"D": losses.began_d(real, against, self.k), "G": fake}

        real, fake, gamma = real.detach(), fake.detach(), self.knobs.gamma
        self.mean_real.copy_(torch.where(self.mean_real < 0, real, 0.99 * self.mean_real + 0.01 * real))
        scale = self.mean_real if self.knobs.k_scale == "relative" else 1.0
        self.k.copy_(losses.began_k(self.k, real, fake, gamma, self.knobs.lambda_k, scale))
        M = losses.began_measure(real, fake, gamma)
        if self.knobs.halve_lr:
            self.halve_when_stalled(M)
        self.log({"energy/real": real, "energy/fake": fake, "balance/ratio": fake / real, "balance/k": self.k, "balance/M": M,
                  "balance/error": gamma * real - fake, "lr/scale": self.lr_scale})

    def halve_when_stalled(self, M: torch.Tensor) -> None:
        """Halve `lr_scale`, to 1/16 at least, when the running M has not improved by 1% for `halve_lr` steps."""
        self.mean_M.copy_(torch.where(self.mean_M < 0, M, 0.99 * self.mean_M + 0.01 * M))
        better = self.mean_M < 0.99 * self.best_M
        self.best_M.copy_(torch.where(better, self.mean_M, self.best_M))
        self.stalled.copy_(torch.where(better, 0.0, self.stalled + 1))
        due = self.stalled >= self.knobs.halve_lr
        self.lr_scale.copy_(torch.where(due, (self.lr_scale / 2).clamp(min=1 / 16), self.lr_scale))
        self.stalled.copy_(torch.where(due, 0.0, self.stalled))
