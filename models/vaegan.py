"""VAE-GAN, a variational autoencoder whose errors are measured in D's features."""

from collections.abc import Iterator
from dataclasses import dataclass

import torch
from torch import Tensor, nn
from torch.nn.functional import logsigmoid

from models.gan import LOGISTIC
from models.kit import losses, nets
from models.kit.batch import Plain
from models.kit.code import Code
from models.kit.encoder import EncoderKnobs, EncoderLatent, FeatureCritic, encoder, trunk
from models.kit.gan import Paper, Part, Round, Scalar
from models.kit.knobs import knob
from models.kit.landscape import Level


class VAEGAN(EncoderLatent):
    """Autoencoding beyond pixels using a learned similarity metric (Larsen et al., 2015, arXiv:1512.09300).

    E(x) is drawn from N(μ, σ^2) of x, and x' = G(E(x)); F are D's features (the last maps), D's logits are of x, of x' and of G(z), and
    sp(t) = log(1 + e^t). From one forward pass (algorithm 1):

        KL = E ½ Σ (σ^2 + μ^2 - 1 - log σ^2)                        eq. 2, over a code's numbers
        R = E ½ Σ (F(x) - F(x'))^2                                  eq. 7 and 8, over the features
        L_E = λ KL + R                                              no gradient of D's verdict
        L_G = γ R + E sp(-D(x')) + E sp(-D(G(z)))                   non-saturating; the paper's is minus L_D
        L_D = E sp(-D(x)) + E sp(D(x')) + E sp(D(G(z)))             no gradient of R, which would let the features vanish

    Differs: one 4x4 convolution for each halving, and no batch norm in D and E; on points F is D's hidden layer. In models and tools a sample's code
    is its μ. γ weighs a sum, so that the right one hangs on the number of features.
    """

    @dataclass(frozen=True)
    class Knobs(EncoderKnobs):
        lr_g: float = knob(3e-4, 1e-5, 1e-1, log=True, live=True, basic=True, symbol="η_G", help="how fast G learns", effects=("slow", "collapse"))
        lr_d: float = knob(3e-4, 1e-5, 1e-1, log=True, live=True, basic=True, symbol="η_D", help="how fast D learns", effects=("slow", "D wins"))
        lr_e: float = knob(3e-4, 1e-5, 1e-1, log=True, live=True, basic=True, symbol="η_E", help="how fast E learns", effects=("slow", "unsteady"))
        z_dim: int = knob(128, 2, 256, log=True, only="images", symbol="n_z", help="numbers in a latent",
                          effects=("blurred reconstructions", "more to fill"))
        gamma: float = knob(1e-6, 1e-8, 10.0, log=True, live=True, basic=True, symbol="γ", help="weight of R, the features' error, in G's loss",
                            effects=("sharp, unlike x", "like x, blurred"))
        kl: float = knob(1.0, 0.0, 10.0, live=True, basic=True, symbol="λ", help="weight of KL in E's loss",
                         effects=("codes leave the prior", "codes say nothing"))
        optimiser: str = knob("RMSProp", choices=("RMSProp", "Adam"), help="RMSProp as the paper has it")

    title, family = "VAE-GAN", "Encoder"
    summary = "A variational autoencoder that compares in D's features instead of pixels, and whose G must please D as well."
    formula = (r"L_D = -\log \sigma(D(x)) - \log(1 - \sigma(D(G(z)))) - \log(1 - \sigma(D(G(E(x)))))",
               r"L_G = \gamma\, R - \log \sigma(D(G(z))) - \log \sigma(D(G(E(x))))", r"L_E = \lambda\, KL + R",
               r"R = \tfrac12 |F(x) - F(G(E(x)))|^2")
    paper = Paper("Autoencoding beyond pixels using a learned similarity metric", "Larsen et al.", 2015, "1512.09300")
    parts = (
        Part("log σ(D(x))", "mean logarithm of the probability that D gives real data", lambda gan, real, fake: logsigmoid(real)),
        Part("log(1 - σ(D(G(z))))", "mean logarithm of 1 minus the probability that D gives fakes", lambda gan, real, fake: logsigmoid(-fake)),
        Part("log σ(D(G(z)))", "mean logarithm of the probability that D gives fakes", lambda gan, real, fake: logsigmoid(fake)),
        Part("log(1 - σ(D(G(E(x)))))", "mean logarithm of 1 minus the probability that D gives reconstructions", "recon/caught"),
        Part("log σ(D(G(E(x))))", "mean logarithm of the probability that D gives reconstructions", "recon/passed"),
    )
    scalars = {
        "score/real": LOGISTIC["score/real"], "score/fake": LOGISTIC["score/fake"],
        "acc/real": Scalar("share of real data that D calls real; 0 where it cannot tell, for two in three are not", "share", healthy=(0.2, 0.97)),
        "acc/fake": Scalar("share of fakes that D calls fake", "share", healthy=(0.55, 1.0)),
        "acc/recon": Scalar("share of reconstructions that D calls fake", "share", healthy=(0.55, 1.0)),
        "recon/caught": Scalar("mean logarithm of the probability that D gives reconstructions to be fake", "nats"),
        "recon/passed": Scalar("mean logarithm of the probability that D gives reconstructions to be real", "nats"),
        "recon/mse": Scalar("mean squared error of reconstructions in pixels, or coordinates, which nothing minimises", "squared error"),
        "recon/features": Scalar("error of reconstructions in D's features, half a sum of squares", "features²", "R"),
        "code/kl": Scalar("how much E's codes tell of a sample; 0: nothing, the posterior has collapsed", "nats", "KL", healthy=(1.0, 100.0)),
        "code/std": Scalar("deviation of a number of the codes μ, the mean over all", "code", healthy=(0.1, 1.2)),
    }

    def make_d(self) -> nn.Module:
        """The network of player D: (B, *shape.dims) -> logits (B,), with `features`."""
        k = self.knobs
        net = FeatureCritic(*trunk(self.shape, k.width_d), 0 if self.shape.is_points else k.hidden_d)
        return nets.normed(net) if k.spectral else net

    def make_e(self) -> nn.Module:
        """The network of player E: (B, *shape.dims) -> (B, 2 z_dim), μ and then log σ^2."""
        return encoder(self.shape, self.knobs.width_e, 2 * self.z_dim)

    def optimiser(self, player: str, params: list[nn.Parameter], lr: Tensor) -> torch.optim.Optimizer:
        """RMSProp, or Adam."""
        if self.knobs.optimiser == "Adam":
            return super().optimiser(player, params, lr)
        return torch.optim.RMSprop(params, lr=lr, capturable=params[0].is_cuda)

    def encode(self, x: Tensor) -> Code:
        """(B, ...) -> n codes: μ of each sample."""
        return Code(self.E(x)[:, :self.z_dim])

    def levels(self, x: Tensor, g: Tensor, real: Tensor) -> list[Level]:
        """Logit 0, where D gives real and fake the same probability."""
        return [Level("even odds", "σ(D) = ½", 0.0)]

    def step(self, batches: Iterator[Plain]) -> Round:
        """One update of D, G and E at once, from one forward pass (algorithm 1)."""
        (x,) = next(batches)
        mean, logvar = self.E(x).split(self.z_dim, 1)
        code = mean + (0.5 * logvar).exp() * torch.randn(mean.shape, generator=self.generator, device=x.device)
        made, fakes = self.G(code), self.G(self.noise(len(x)))
        seen = self.D.features(torch.cat([x, made, fakes]))
        real, recon, fake = self.D.head(seen).chunk(3)
        F_x, F_recon, _ = seen.float().chunk(3)
        R, kl = 0.5 * losses.reconstruction(F_x, F_recon, reduction="sum").mean(), losses.gaussian_kl(mean, logvar)
        yield {"D": losses.logistic_d(real, fake) + torch.nn.functional.softplus(recon).mean(),
               "G": self.knobs.gamma * R + losses.logistic_g(fake) + losses.logistic_g(recon), "E": self.knobs.kl * kl + R}

        self.log({"score/real": real.mean(), "score/fake": fake.mean(), "acc/real": (real > 0).float().mean(), "acc/fake": (fake < 0).float().mean(),
                  "acc/recon": (recon < 0).float().mean(), "recon/caught": logsigmoid(-recon).mean(), "recon/passed": logsigmoid(recon).mean(),
                  "recon/mse": losses.reconstruction(x, made).mean(), "recon/features": R, "code/kl": kl,
                  "code/std": mean.std(0, correction=0).mean()})
