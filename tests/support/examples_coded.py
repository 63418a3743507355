"""The closed-form examples of variants with a categorical code, each out of one round of the variant with networks that say the example's numbers."""

from collections.abc import Callable
from typing import Any

import torch
from papers import Of
from torch import Tensor, nn

from models import ZOO
from models.kit.batch import POINTS, Domain, Plain
from models.kit.coded import CodedLatent

Inputs, Numbers = dict[str, Any], dict[str, Any]


class Made(nn.Module):
    """A G that makes the same of whatever it is given."""

    def __init__(self, fake: Tensor) -> None:
        super().__init__()
        self.fake, self.w = fake, nn.Parameter(torch.zeros((), dtype=torch.float64))

    def forward(self, z: Tensor, y: Tensor) -> Tensor:
        return self.fake + self.w


class Plane(Of):
    """A D that scores a sample with its number; what it sees is the sample."""

    def features(self, x: Tensor) -> Tensor:
        return x

    def judged(self, features: Tensor) -> Tensor:
        return features[:, 0]


def staged(variant: str, real: Tensor, fake: Tensor, z: Tensor, y: Tensor, guess: tuple[Tensor, ...], **knobs: Any) -> tuple[CodedLatent, Any]:
    """(the variant, the losses of one round): fakes of the categories `y` with the scores `fake`, of which Q or E guesses `guess`."""
    cls = ZOO[variant]
    gan = cls(Domain(POINTS), cls.Knobs(batch=4, n_cat=2, **knobs), None).double()
    gan.G, gan.D, gan.generator = Made(fake.detach()[:, None]), Plane(lambda x: x[:, 0]), torch.Generator().manual_seed(0)
    gan.noise, gan.drawn_categories, gan.guessed = lambda n: z.detach(), lambda n: y.long(), lambda seen: guess
    gan.log = lambda values: gan.logged.update({name: value.detach().double().clone() for name, value in values.items()})
    return gan, list(gan.step(iter([Plain(real.detach()[:, None])])))


def infogan(x: Inputs, hyper: Numbers) -> Numbers:
    c, guess = x["c"], (x["q_cat_logits"], x["q_mu"], x["q_logvar"])
    gan, (d, g) = staged("infogan", x["real_logits"], x["fake_logits"], torch.cat([c, c], 1), x["cat"], guess, n_con=1,
                         lam_cat=hyper["lambda_cat"], lam_con=hyper["lambda_con"])
    return {"d_loss": d["D"], "g_loss": g["G"], "info_loss": g["Q"], "ce_cat": gan.logged["info/ce"], "nll_con": gan.logged["info/nll"],
            "mi_lower_bound_cat": gan.logged["info/mi"]}


def clustergan(x: Inputs, hyper: Numbers) -> Numbers:
    gan, (d, g) = staged("clustergan", x["real_critic"], x["fake_critic"], x["zn"], x["zc"], (x["zn_hat"], x["zc_logits"]), sigma=1.0, n_critic=1,
                         beta_n=hyper["beta_n"], beta_c=hyper["beta_c"], gp=hyper["lambda_gp"])
    square = gan.logged["info/square"]
    return {"d_loss": d["D"], "g_loss": g["G"], "mse_zn": square, "sum_sq_zn": x["zn"].shape[1] * square, "ce_zc": gan.logged["info/ce"]}


OURS: dict[str, Callable[[Inputs, Numbers], Numbers]] = {"infogan": infogan, "clustergan": clustergan}
