"""The examples of BGAN out of our own code: a step's losses, and the weights of the discrete case."""

import math
from collections.abc import Callable
from typing import Any

from papers import grad, staged

from models.kit import losses
from models.kit.batch import Plain

Numbers = dict[str, Any]


def continuous(x: Numbers, hyper: Numbers) -> Numbers:
    r, f = x["real_logits"], x["fake_logits"]
    d, g = staged("bgan", f.detach()[:, None]).step(iter([Plain(r.detach()[:, None])]))
    return {"d_loss": d["D"], "g_loss": g["G"], "grad_g_wrt_fake_logits": grad(losses.boundary_g(f), f)}


def discrete(x: Numbers, hyper: Numbers) -> Numbers:
    logits, weights = x["logits"], losses.boundary_weights(x["logits"])
    return {"g_loss": losses.boundary_discrete_g(logits, x["log_prob"]), "weights": weights,
            "log_z": (logits - weights.log()).mean() - math.log(len(logits))}           # the mean weight before they were normalised


OURS: dict[str, Callable[[Numbers, Numbers], Numbers]] = {"bgan": continuous, "bgan_discrete": discrete}
