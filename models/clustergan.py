"""ClusterGAN: an encoder that sorts samples into the categories they were made of."""

from collections.abc import Iterator
from dataclasses import dataclass

import torch
from torch import Tensor, nn
from torch.nn.functional import cross_entropy

from models.kit import losses, nets
from models.kit.batch import Plain
from models.kit.coded import CodedKnobs, CodedLatent
from models.kit.conditional import parted
from models.kit.gan import Paper, Part, Round, Scalar
from models.kit.knobs import knob
from models.kit.landscape import Level
from models.kit.layers import Float32


class ClusterGAN(CodedLatent):
    """ClusterGAN: Latent Space Clustering in Generative Adversarial Networks (Mukherjee et al., 2018, arXiv:1809.03627).

    G is given σ z, z ~ N(0, 1), beside one of K categories y, as 1 among 0s: latents lie in K balls, apart. E guesses both from g = G(σ z, y).
    With critic values r = D(x), f = D(g), and u = ε x + (1 - ε) g, one ε ~ U(0, 1) for each sample:

        L_D = E f - E r + λ E (|∇_u D(u)|_2 - 1)^2                         section 2, with the penalty of WGAN-GP
        L_E = β_n E (E_n(g) - σ z)^2 - β_c E log softmax E_c(g)[y]         algorithm 1: of fakes alone
        L_G = -E f + L_E

    A sample x is of the category argmax E_c(x).

    Differs: the square is a mean over z's numbers, as in the authors' code, where the paper has a sum; small networks without any norm in D and in E.
    """

    @dataclass(frozen=True)
    class Knobs(CodedKnobs):
        lr_g: float = knob(1e-4, 1e-5, 1e-2, log=True, live=True, basic=True, symbol="η_G", help="how fast G learns", effects=("slow", "unstable"))
        lr_d: float = knob(1e-4, 1e-5, 1e-2, log=True, live=True, basic=True, symbol="η_D", help="how fast D learns", effects=("W lags", "unstable"))
        lr_e: float = knob(1e-4, 1e-5, 1e-2, log=True, live=True, basic=True, symbol="η_E", help="how fast E learns", effects=("late", "unsteady"))
        sigma: float = knob(0.1, 0.05, 1.0, log=True, symbol="σ", help="how wide z's balls are; their centres lie √2 apart",
                            effects=("kinds apart, each alike", "kinds blend"))
        beta_n: float = knob(10.0, 0.0, 50.0, live=True, symbol="β_n", help="weight of z in L_E", effects=("z is left aside", "worse samples"))
        beta_c: float = knob(10.0, 0.0, 50.0, live=True, basic=True, symbol="β_c", help="weight of the category in L_E",
                             effects=("no clusters", "worse samples"))
        gp: float = knob(10.0, 0.1, 100.0, log=True, live=True, symbol="λ", help="weight of the penalty on slopes other than 1",
                         effects=("D is not Lipschitz", "D is too flat"))
        n_critic: int = knob(5, 1, 20, live=True, symbol="n_critic", help="updates of D before each of G and E", effects=("W means little", "slow"))
        z_dim: int = knob(30, 2, 256, log=True, only="images", symbol="n_z", help="numbers in a latent", effects=("little variety", "more to learn"))
        beta2: float = knob(0.9, 0.0, 0.9999, symbol="β_2", help="Adam's memory of gradient sizes", effects=("unsteady", "slow to adapt"))

    title, family = "ClusterGAN", "Information"
    roles = {"D": "critic", "G": "generator", "E": "encoder"}
    summary = "A category and a little noise make a sample; an encoder reads both off it again, and so comes to sort real samples, too."
    formula = (r"L_D = D(G(z, y)) - D(x) + \lambda (|\nabla_u D(u)| - 1)^2", r"L_G = -D(G(z, y)) + L_E",
               r"L_E = \beta_n |E_n(G(z, y)) - \sigma z|^2 + \beta_c (-\log E_c(y|G(z, y)))")
    paper = Paper("ClusterGAN: Latent Space Clustering in Generative Adversarial Networks", "Mukherjee et al.", 2018, "1809.03627")
    parts = (Part("(|∇_u D(u)| - 1)^2", "mean squared distance of the slopes from 1, between each x and its fake", "penalty/gp"),
             Part("L_E", "what E minimises, and G with it", "loss/e"),
             Part("|E_n(G(z, y)) - σ z|^2", "mean squared error of E's guess of σ z", "info/square"),
             Part("-log E_c(y|G(z, y))", "cross-entropy of E's guess of the category", "info/ce"))
    scalars = {
        "score/real": Scalar("mean critic value of real data", "critic", "D(x)"),
        "score/fake": Scalar("mean critic value of fakes", "critic", "D(G(z, y))"),
        "distance/W": Scalar("the critic's distance; should fall smoothly, above 0", "critic", "W", line=0.0),
        "penalty/gp": Scalar("mean squared distance of the slopes from 1", "penalty"),
        "slope/mean": Scalar("mean length of D's input gradient", "slope", healthy=(0.9, 1.1), line=1.0),
        "info/ce": Scalar("cross-entropy of E's guess of the category; log K: it knows nothing", "nats", healthy=(0.0, 0.3)),
        "info/mi": Scalar("what samples tell of the category, at least; log K: all of it", "nats", line=0.0),
        "info/square": Scalar("squared error of E's guess of σ z, the mean over its numbers", "latent²", line=0.0),
        "info/error": Scalar("squared error of E's guess of z, in z's own variance; 1: it knows nothing", "share", healthy=(0.0, 0.5), line=1.0),
    }

    def build(self) -> None:
        """As for all, and E."""
        super().build()
        body, _, size = parted(nets.critic(self.shape, self.knobs.width_d, hidden=self.knobs.hidden_d))
        self.E = nn.Sequential(body, nn.Linear(size, self.z_dim + self.knobs.n_cat), Float32())

    def z_scale(self) -> float:
        """σ."""
        return self.knobs.sigma

    def players(self) -> dict[str, list[nn.Module]]:
        """Three; E moves with G."""
        return {"D": [self.D], "G": [self.G], "E": [self.E]}

    def guessed(self, x: Tensor) -> tuple[Tensor, Tensor]:
        """(B, ...) -> E's guess of σ z, (B, z_dim), and its logits of the categories, (B, K)."""
        return self.E(x).split([self.z_dim, self.knobs.n_cat], 1)

    def clusters(self, x: Tensor) -> Tensor:
        """(B, ...) -> (B,): the category that E takes each sample for."""
        return self.guessed(x)[1].argmax(1)

    def levels(self, x: Tensor, g: Tensor, real: Tensor) -> list[Level]:
        """Zero: only differences of a critic's values mean something."""
        return [Level("zero", "D = 0", 0.0)]

    def step(self, batches: Iterator[Plain]) -> Round:
        """Algorithm 1: n_critic updates of the critic, then one of G and E on the same fakes."""
        for _ in range(self.knobs.n_critic):
            (x,) = next(batches)
            n = len(x)
            fakes = self.fakes(n, self.drawn_categories(n))
            real, fake = self.D(x), self.D(fakes)
            u = losses.mixed(x, fakes, torch.rand(n, generator=self.generator, device=x.device)).requires_grad_()
            norms = losses.gradient_norms(self.D(u), u)
            penalty = losses.gradient_penalty(norms)
            yield {"D": losses.wasserstein_d(real, fake) + self.knobs.gp * penalty}

        z, y = self.noise(n), self.drawn_categories(n)
        g = self.G(z, y)
        told, logits = self.guessed(g)
        error, ce = (told - self.knobs.sigma * z).square().mean(), cross_entropy(logits, y)
        info = self.knobs.beta_n * error + self.knobs.beta_c * ce
        yield {"G": losses.wasserstein_g(self.D(g)) + info, "E": info}

        self.log({"score/real": real.mean(), "score/fake": fake.mean(), "distance/W": real.mean() - fake.mean(), "penalty/gp": penalty,
                  "slope/mean": norms.mean(), "info/ce": ce, "info/mi": losses.information_bound(ce, self.knobs.n_cat),
                  "info/square": error, "info/error": error / self.knobs.sigma ** 2})
