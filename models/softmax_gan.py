"""Softmax GAN: one softmax over real data and fakes together."""

import math
from collections.abc import Iterator

import torch
from torch import Tensor

from models.kit import losses
from models.kit.batch import Plain
from models.kit.gan import Latent, Paper, Part, Round, Scalar
from models.kit.landscape import Level


class SoftmaxGAN(Latent):
    """Softmax GAN (Lin, 2017, arXiv:1704.06191).

    D gives each sample a number μ, smaller for what it takes for real. Over the B real samples x and the B fakes g of a step together:

        Z = Σ_x e^-μ(x) + Σ_g e^-μ(g)
        L_D = E μ(x) + log Z                         the softmax e^-μ / Z should lie on real data alone, 1 / B on each
        L_G = (E μ(x) + E μ(g)) / 2 + log Z          it should be uniform, 1 / 2B on each

    L_G holds real data, too, through Z. A number added to every μ changes nothing, so that no mean μ is charted by itself.
    L_D is at least log B, and log 2B where D cannot tell; L_G is at least log 2B, there. The real scores in L_G have no gradient for G.

    Differs: small DCGAN-like networks; no batch norm in D.
    """

    larger_is = "fake"
    title, family = "Softmax GAN", "Softmax"
    summary = "All samples of a step share a probability of 1: D gathers it on real data, G wants it spread evenly."
    relative = "it compares real data and fakes already"
    critic_letter = r"\mu"
    formula = (r"L_D = \mu(x) + \log Z", r"L_G = \tfrac12 (\mu(x) + \mu(G(z))) + \log Z", r"Z = \sum e^{-\mu(x)} + \sum e^{-\mu(G(z))}")
    parts = (
        Part("μ(x)", "mean μ of real data", lambda gan, real, fake: real),
        Part("μ(G(z))", "mean μ of the fakes", lambda gan, real, fake: fake),
        Part("log Z", "logarithm of the sum of e^-μ over real data and fakes", lambda gan, real, fake: losses.log_partition(real, fake)),
    )
    paper = Paper("Softmax GAN", "Lin", 2017, "1704.06191")
    pair, unit = None, "score"
    scalars = {
        "gap/mean": Scalar("mean μ(G(z)) - μ(x): a score means nothing by itself, only a difference does", "logit", healthy=(0.0, 3.0), line=0.0),
        "mass/real": Scalar("what of the softmax lies on real data; ½: D cannot tell, 1: D has won", "share", healthy=(0.5, 0.9), line=0.5),
        "excess/d": Scalar("L_D - log B, its least; log 2 = 0.69 where D cannot tell", "nats", healthy=(0.05, 0.75), line=math.log(2)),
        "excess/g": Scalar("L_G - log 2B, its least, where D cannot tell", "nats", healthy=(0.0, 1.5), line=0.0),
    }

    def levels(self, x: Tensor, g: Tensor, real: Tensor) -> list[Level]:
        """The μ of an even share of the softmax."""
        return [Level("an even share", "e^-μ / Z = 1 / 2B", math.log(2 * len(x)) - losses.log_partition(real, self.score(g)))]

    def step(self, batches: Iterator[Plain]) -> Round:
        """One update of D, then one of G, beside the same real data."""
        (x,) = next(batches)
        real, fake = self.D(x), self.D(self.fakes(len(x)))
        yield {"D": losses.softmax_d(real, fake)}

        with torch.no_grad():
            beside = self.D(x)
        against = self.best(self.D(self.G(self.noise(len(x)))))
        yield {"G": losses.softmax_g(beside[:len(against)], against)}

        with torch.no_grad():
            logs, even = losses.log_partition(real, fake), math.log(2 * len(x))
            self.log({"gap/mean": (fake - real).mean(), "mass/real": (-real - logs).exp().sum(),
                      "excess/d": losses.softmax_d(real, fake) - even + math.log(2), "excess/g": losses.softmax_g(real, fake) - even})
