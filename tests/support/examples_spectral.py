"""The examples of SNGAN out of our own code."""

from collections.abc import Callable
from typing import Any

import torch
from papers import grad, staged
from torch import Tensor, nn

from models.kit import losses, nets
from models.kit.batch import Plain

Numbers = dict[str, Any]


def iterated(weight: Tensor, start: Tensor, rounds: int) -> tuple[Tensor, Tensor, Tensor]:
    """(W_SN, u, v) after one forward pass from this u. A round of torch's begins at v: the weight is transposed, and so are u and v."""
    layer = nn.Linear(*weight.shape, bias=False).double()
    layer.weight.data.copy_(weight.T)
    norm = nets.normed(layer, rounds).parametrizations.weight[0]
    norm._v.copy_(start.detach())
    found = layer.weight.T
    return found, norm._v, norm._u


def power_iteration(x: Numbers, hyper: Numbers) -> Numbers:
    one, u, v = iterated(x["W"], x["u"], hyper["n_iter"])
    fifty = iterated(x["W"], x["u"], 50)[0]
    return {"u": u, "v": v, "W_sn": one, "sigma_1": x["W"][1, 1] / one[1, 1], "sigma_50": x["W"][1, 1] / fifty[1, 1],
            "sigma_true": x["W"][1, 1] / iterated(x["W"], torch.tensor([0.0, 1.0]), 1)[0][1, 1]}


def hinge(x: Numbers, hyper: Numbers) -> Numbers:
    r, f = x["real_scores"], x["fake_scores"]
    one = staged("sngan", f.detach()[:, None], spectral=False, n_d=1)
    d, g = one.step(iter([Plain(r.detach()[:, None])]))
    loss = losses.hinge_d(r, f)
    return {"d_loss": d["D"], "g_loss": g["G"], "grad_d_wrt_real": grad(loss, r), "grad_d_wrt_fake": grad(loss, f)}


OURS: dict[str, Callable[[Numbers, Numbers], Numbers]] = {"sngan_power_iteration": power_iteration, "sngan_hinge": hinge}
