"""The examples of AAE, BiGAN and VAE-GAN out of our own code: each as one round, with networks that are functions."""

from collections.abc import Callable
from typing import Any

import torch
from papers import Of, staged
from torch import Tensor, nn

from models.kit import losses
from models.kit.batch import Plain
from models.kit.gan import GAN

Numbers = dict[str, Any]


class Features(nn.Module):
    """A critic whose features are a sample's numbers, and whose logits are these times weights."""

    def __init__(self, weights: Tensor) -> None:
        super().__init__()
        self.w = nn.Parameter(weights.detach())

    def features(self, x: Tensor) -> Tensor:
        return x

    def head(self, features: Tensor) -> Tensor:
        return features @ self.w


def with_encoder(variant: str, z: Any, encode: Callable[[Tensor], Tensor], make: Callable[[Tensor], Tensor], **knobs: Any) -> GAN:
    """As `staged`: drawn latents are always `z` (B, n), E is `encode` and G is `make`."""
    gan = staged(variant, z, **knobs)
    gan.E, gan.G = Of(encode), Of(make)
    return gan


def rounds(gan: GAN, x: Tensor) -> dict[str, Tensor]:
    """The losses of one round on x (B, n), by player."""
    return {player: loss for losses in gan.step(iter([Plain(x.detach())])) for player, loss in losses.items()}


def aae(x: Numbers, hyper: Numbers) -> Numbers:
    """Two rounds: one of the example's sample, and one of its logits, codes that are their own logits."""
    pixels = with_encoder("aae", torch.zeros(1, 1), lambda v: 0 * v[:, :1], lambda code: x["recon"].detach() + 0 * code)
    codes = with_encoder("aae", x["prior_code_logits"][:, None], lambda v: v, lambda code: code)
    told = rounds(codes, x["encoded_code_logits"][:, None])
    return {"reconstruction": rounds(pixels, x["x"])["G"], "d_loss": told["D"], "g_loss": told["E"]}


def bigan(x: Numbers, hyper: Numbers) -> Numbers:
    gan = with_encoder("bigan", x["logits_Gz_z"][:, None], lambda v: 0 * v, lambda z: 1.0 * z)
    gan.D = Of(lambda pair: pair)
    gan.D.forward = lambda v, z: v[:, 0] + 0 * z[:, 0]
    told = rounds(gan, x["logits_x_Ex"][:, None])
    assert torch.equal(told["G"], told["E"])
    return {"d_loss": told["D"], "g_loss": told["G"]}


def vaegan(x: Numbers, hyper: Numbers) -> Numbers:
    """Logits are features times (0, 1, -2.5), which are those of the example; the fake's features are (0, -1, 0)."""
    posterior = torch.cat([x["mu"], x["logvar"]], 1).detach()
    made, at = torch.cat([x["feat_recon"], -torch.eye(3, dtype=torch.float64)[1:2]]).detach(), iter(range(2))     # of the code, and then of z
    gan = with_encoder("vaegan", torch.zeros(1, 2), lambda v: posterior + 0 * v[:, :1], lambda code: made[next(at)] + 0 * code[:, :1],
                       gamma=hyper["gamma"])
    gan.D = Features(torch.tensor([0, 1, -2.5], dtype=torch.float64))
    for name in ("x", "recon"):
        assert torch.allclose(gan.D.head(x[f"feat_{name}"]), x[f"logit_{name}"])
    assert gan.D.head(made)[1] == x["logit_prior"][0]
    told = rounds(gan, x["feat_x"])
    return {"d_loss": told["D"], "g_loss": told["G"], "enc_loss": told["E"], "kl": gan.logged["code/kl"], "llike": gan.logged["recon/features"]}


def kl(x: Numbers, hyper: Numbers) -> Numbers:
    return {"kl": losses.gaussian_kl(x["mu"], x["logvar"])}


OURS: dict[str, Callable[[Numbers, Numbers], Numbers]] = {"aae": aae, "bigan": bigan, "vaegan": vaegan, "vaegan_kl_zero": kl}
