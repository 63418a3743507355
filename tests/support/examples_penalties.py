"""The closed-form examples of GLS-GAN and WGAN-div out of our own code."""

from collections.abc import Callable
from typing import Any

import pytest
import torch
from papers import staged
from torch import Tensor

from models.kit import losses
from models.kit.batch import Plain

Inputs, Numbers = dict[str, Any], dict[str, Any]


def generalized(x: Inputs, hyper: Numbers) -> Numbers:
    r, f = x["loss_real"], x["loss_fake"]
    return {"d_loss": losses.generalized_d(r, f, x["margin"], hyper["slope"]), "g_loss": losses.energy_g(f)}


def squared(x: Tensor) -> Tensor:
    return x.square().sum(1)


def divergence(x: Inputs, hyper: Numbers) -> Numbers:
    """One round with one update of D, whose mixtures have the example's ε."""
    one = staged("wgan_div", x["x_fake"].detach(), squared, n_critic=1, gp=hyper["k"], power=hyper["p"], at="between" if "eps" in x else "both")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(torch, "rand", lambda n, **where: x["eps"].detach())
        d, g = one.step(iter([Plain(x["x_real"].detach())]))
    norms = losses.slopes(squared, losses.mixed(x["x_real"], x["x_fake"], x["eps"])) if "eps" in x else None
    return {"d_loss": d["D"], "g_loss": g["G"], "penalty": hyper["k"] * one.logged["penalty/slopes"], "grad_norms": norms}


OURS: dict[str, Callable[[Inputs, Numbers], Numbers]] = {
    **{f"gls_gan_nu{nu}": generalized for nu in (0.0, 0.5, 1.0)}, "wgan_div": divergence, "wgan_div_real_fake": divergence}
MISTAKEN = {"wrong_norm_to_2p": "penalty"}
