"""BiGAN: D is asked about pairs of a sample and its code."""

from collections.abc import Iterator
from dataclasses import dataclass

import torch
from torch import Tensor, nn
from torch.nn.functional import logsigmoid

from models.kit import losses, nets
from models.kit.batch import Plain
from models.kit.encoder import EncoderKnobs, EncoderLatent, trunk
from models.kit.gan import Paper, Part, Round, Scalar
from models.kit.knobs import knob
from models.kit.landscape import Level
from models.kit.layers import Float32


class PairCritic(nn.Module):
    """D(x, z): a sample's features and those of a latent meet in a joint layer."""

    def __init__(self, body: nn.Sequential, features: int, z_dim: int, hidden: int) -> None:
        super().__init__()
        self.body, self.of_z = body, nn.Sequential(nn.Linear(z_dim, hidden), nn.LeakyReLU(0.2))
        self.joint = nn.Sequential(nn.Linear(features + hidden, hidden), nn.LeakyReLU(0.2), nn.Linear(hidden, 1), nn.Flatten(0), Float32())

    def features(self, x: Tensor) -> Tensor:
        """(B, *shape.dims) -> (B, h): what D sees of x before it meets z."""
        return self.body(x)

    def forward(self, x: Tensor, z: Tensor) -> Tensor:
        """(B, *shape.dims) and (B, z_dim) -> (B,) scores."""
        return self.joint(torch.cat([self.features(x), self.of_z(z)], 1))


class BiGAN(EncoderLatent):
    """Adversarial Feature Learning (Donahue, Krähenbühl & Darrell, 2016, arXiv:1605.09782).

    E maps samples to latents as G maps latents to samples; D is asked whether a pair (x, z) is of the one or of the other. With logits
    r = D(x, E(x)), f = D(G(z), z) and sp(t) = log(1 + e^t):

        L_D = E sp(-r) + E sp(f)                    eq. 3, to minimise
        L_G = L_E = E sp(-f) + E sp(r)              both terms the other way round, for G and E alike (section 3.4)

    Nothing is reconstructed in training: that E inverts G follows where the pairs are alike (theorem 2). The gradient of r runs into E, and that of f
    into G.

    Differs: Adam without weight decay; convolutional networks for images in place of the paper's MLPs for digits, without batch norm in D and E; z is
    normal unless asked.
    """

    @dataclass(frozen=True)
    class Knobs(EncoderKnobs):
        z_dim: int = knob(50, 2, 256, log=True, only="images", symbol="n_z", help="numbers in a latent",
                          effects=("little variation", "more to invert"))
        hidden_d: int = knob(256, 8, 1024, log=True, symbol="n_h", help="units of z's layer in D and of the joint one, which sees both",
                             effects=("the code counts little", "judges the whole, overfits sooner"))

    title, family = "BiGAN", "Encoder"
    summary = "D is asked about pairs: real data with their codes, and fakes with their latents; where they look alike E inverts G."
    formula = (r"L_D = -\log \sigma(D(x, E(x))) - \log(1 - \sigma(D(G(z), z)))", r"L_G = -\log \sigma(D(G(z), z)) - \log(1 - \sigma(D(x, E(x))))",
               r"L_E = -\log \sigma(D(G(z), z)) - \log(1 - \sigma(D(x, E(x))))")
    paper = Paper("Adversarial Feature Learning", "Donahue, Krähenbühl, Darrell", 2016, "1605.09782")
    parts = (
        Part("log σ(D(x, E(x)))", "mean logarithm of the probability that D gives pairs of real data", lambda gan, real, fake: logsigmoid(real)),
        Part("log(1 - σ(D(x, E(x))))", "mean logarithm of 1 minus that probability", lambda gan, real, fake: logsigmoid(-real)),
        Part("log(1 - σ(D(G(z), z)))", "mean logarithm of the probability that D gives pairs of fakes to be so",
             lambda gan, real, fake: logsigmoid(-fake)),
        Part("log σ(D(G(z), z))", "mean logarithm of the probability that D gives pairs of fakes to be real",
             lambda gan, real, fake: logsigmoid(fake)),
    )
    judges, aside = "pairs", ("D.of_z", "D.joint")
    scalars = {
        "score/real": Scalar("mean logit of real data with their codes", "logit", "D(x, E(x))"),
        "score/fake": Scalar("mean logit of fakes with their latents", "logit", "D(G(z), z)"),
        "acc/real": Scalar("share of pairs of real data that D calls real", "share", healthy=(0.55, 0.95)),
        "acc/fake": Scalar("share of pairs of fakes that D calls fake; both at 1: D has won", "share", healthy=(0.55, 0.95)),
        "recon/mse": Scalar("mean squared error of reconstructions G(E(x)), which nothing minimises: how well E inverts G", "squared error"),
        "code/std": Scalar("deviation of a number of the codes, the mean over all; right is the prior's, 1 or 0.577", "code",
                           healthy=(("prior", {"normal": 0.8, "uniform": 0.45}), ("prior", {"normal": 1.2, "uniform": 0.7}))),
    }

    def make_d(self) -> nn.Module:
        """The network of player D: (B, *shape.dims) and (B, z_dim) -> scores (B,)."""
        k = self.knobs
        net = PairCritic(*trunk(self.shape, k.width_d), self.z_dim, k.hidden_d)
        return nets.normed(net) if k.spectral else net

    def score(self, x: Tensor) -> Tensor:
        """(B, ...) -> (B,): the scores of samples with their own codes."""
        return self.D(x, self.E(x))

    def score_with(self, x: Tensor, z: Tensor) -> Tensor:
        """(B, ...) and latents (B, z_dim) -> (B,)."""
        return self.D(x, z)

    def levels(self, x: Tensor, g: Tensor, real: Tensor) -> list[Level]:
        """Logit 0, where D gives both kinds of pairs the same probability."""
        return [Level("even odds", "σ(D) = ½", 0.0)]

    def step(self, batches: Iterator[Plain]) -> Round:
        """An update of D (eq. 3), then one of G and E at once, by the same loss."""
        (x,) = next(batches)
        z = self.noise(len(x))
        with torch.no_grad():
            fakes, code = self.G(z), self.E(x)
        error = losses.reconstruction(x, self.made_at_rest(code)).mean()
        real, fake = self.D(x, code), self.D(fakes, z)
        yield {"D": losses.logistic_d(real, fake)}

        z = self.noise(len(x))
        both = losses.logistic_d(self.D(self.G(z), z), self.D(x, self.E(x)))
        yield {"G": both, "E": both}

        self.log({"score/real": real.mean(), "score/fake": fake.mean(), "acc/real": (real > 0).float().mean(), "acc/fake": (fake < 0).float().mean(),
                  "recon/mse": error, "code/std": code.std(0, correction=0).mean()})
