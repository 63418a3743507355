"""AAE, an autoencoder whose codes D holds to the prior."""

from collections.abc import Iterator
from dataclasses import dataclass

from torch import Tensor, nn
from torch.nn.functional import logsigmoid

from models.kit import losses, nets
from models.kit.batch import Plain
from models.kit.encoder import EncoderKnobs, EncoderLatent
from models.kit.gan import Paper, Part, Round, Scalar
from models.kit.knobs import knob
from models.kit.landscape import Level


class AAE(EncoderLatent):
    """Adversarial Autoencoders (Makhzani et al., 2015, arXiv:1511.05644).

    E encodes samples, G decodes; D tells latents drawn from the prior from codes, and sees no sample. With logits D and sp(t) = log(1 + e^t),
    three updates on one batch (section 2):

        L_G = E |x - G(E(x))|^2                     reconstruction phase: of G and E
        L_D = E sp(-D(z)) + E sp(D(E(x)))           regularization phase: "real" is z
        L_E = E sp(-D(E(x)))                        of E alone

    Where the codes are spread as the prior is, G makes samples of latents that are drawn from it. D pushes no sample: a score here is D's of a
    sample's code, low for those of real data; of a fake it is that of its z.

    Differs: E's code is the deterministic one of section 2's three; Adam in place of momentum SGD; no weight between the phases, for each has an
    optimiser of its own, to which a factor is nothing: `lr_e` weighs. The error is a mean over numbers. Convolutional networks for images.
    """

    @dataclass(frozen=True)
    class Knobs(EncoderKnobs):
        z_dim: int = knob(8, 2, 256, log=True, only="images", basic=True, symbol="n_z", help="numbers in a code; with 2 all of the plane can be seen",
                          effects=("blurred, all of it filled", "sharp, with holes between the codes"))
        lr_g: float = knob(2e-4, 1e-5, 1e-1, log=True, live=True, basic=True, symbol="η_G", help="how fast G and E learn to reconstruct",
                           effects=("slow", "codes leave the prior"))
        lr_e: float = knob(1e-4, 1e-5, 1e-1, log=True, live=True, basic=True, symbol="η_E", help="how fast E learns to make its codes look drawn",
                           effects=("codes leave the prior", "reconstructions blur"))
        width_d: int = knob(256, 4, 1024, log=True, symbol="n_D", help="units of D's first layer", effects=("fast, easily fooled", "slow, strict"))
        hidden_d: int = knob(256, 8, 1024, log=True, symbol="n_h", help="units of D's second layer", effects=("fast, easily fooled", "slow, strict"))

    title, family = "AAE", "Encoder"
    summary = "An autoencoder whose codes D cannot tell from latents: G decodes them, and makes samples of what is drawn."
    formula = (r"L_G = |x - G(E(x))|^2", r"L_D = -\log \sigma(D(z)) - \log(1 - \sigma(D(E(x))))", r"L_E = -\log \sigma(D(E(x)))")
    paper = Paper("Adversarial Autoencoders", "Makhzani et al.", 2015, "1511.05644")
    parts = (
        Part("log σ(D(z))", "mean logarithm of the probability that D gives latents to be drawn", lambda gan, real, fake: logsigmoid(fake)),
        Part("log(1 - σ(D(E(x))))", "mean logarithm of the probability that D gives codes to be encoded", lambda gan, real, fake: logsigmoid(-real)),
        Part("log σ(D(E(x)))", "mean logarithm of the probability that D gives codes to be drawn", lambda gan, real, fake: logsigmoid(real)),
    )
    judges, larger_is, aside = "codes", "fake", ("D",)
    scalars = {
        "score/real": Scalar("mean logit of the codes of real data", "logit", "D(E(x))"),
        "score/fake": Scalar("mean logit of drawn latents, of which fakes are made", "logit", "D(z)"),
        "acc/real": Scalar("share of codes of real data that D calls encoded", "share", healthy=(0.5, 0.8)),
        "acc/fake": Scalar("share of drawn latents that D calls drawn; both at 1: the codes do not fit the prior", "share", healthy=(0.5, 0.8)),
        "recon/mse": Scalar("mean squared error of reconstructions", "squared error", "|x - G(E(x))|^2"),
        "code/mean": Scalar("how far the codes' means lie from 0: root mean square over their numbers", "code", healthy=(0.0, 0.3)),
        "code/std": Scalar("deviation of a number of the codes, the mean over all; right is the prior's, 1 or 0.577", "code",
                           healthy=(("prior", {"normal": 0.8, "uniform": 0.45}), ("prior", {"normal": 1.2, "uniform": 0.7}))),
    }

    def make_d(self) -> nn.Module:
        """The network of player D, of codes: (B, z_dim) -> logits (B,)."""
        net = nn.Sequential(*nets.mlp([self.z_dim, self.knobs.width_d, self.knobs.hidden_d, 1], negative_slope=0.2), nn.Flatten(0))
        return nets.normed(net) if self.knobs.spectral else net

    def players(self) -> dict[str, list[nn.Module]]:
        """G reconstructs together with E; E alone is held to the prior."""
        return {"D": [self.D], "G": [self.G, self.E], "E": [self.E]}

    def score(self, x: Tensor) -> Tensor:
        """(B, ...) -> (B,): the logits of the samples' codes."""
        return self.D(self.E(x))

    def score_with(self, x: Tensor, z: Tensor) -> Tensor:
        """(B, ...) and latents (B, z_dim) -> (B,): the logits of the latents."""
        return self.D(z)

    def levels(self, x: Tensor, g: Tensor, real: Tensor) -> list[Level]:
        """Logit 0, where D gives drawn and encoded the same probability."""
        return [Level("even odds", "σ(D) = ½", 0.0)]

    def step(self, batches: Iterator[Plain]) -> Round:
        """Reconstruction by G and E, then an update of D on codes, then one of E; all on one batch."""
        (x,) = next(batches)
        z = self.noise(len(x))
        error = losses.reconstruction(x, self.G(self.E(x))).mean()
        yield {"G": error}

        code = self.E(x)
        real, fake = self.D(code.detach()), self.D(z)
        yield {"D": losses.logistic_d(fake, real)}

        yield {"E": losses.logistic_g(self.D(code))}

        code = code.detach()
        self.log({"score/real": real.mean(), "score/fake": fake.mean(), "acc/real": (real < 0).float().mean(), "acc/fake": (fake > 0).float().mean(),
                  "recon/mse": error, "code/mean": code.mean(0).square().mean().sqrt(), "code/std": code.std(0, correction=0).mean()})
