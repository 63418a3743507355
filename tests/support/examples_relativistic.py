"""The closed-form examples of variants that compare real and fake samples with each other, out of our own code."""

from collections.abc import Callable
from typing import Any

from papers import grad, staged
from torch import Tensor

from models.kit import losses
from models.kit.batch import Plain

Inputs, Numbers = dict[str, Any], dict[str, Any]


def scores(x: Inputs) -> tuple[Tensor, Tensor]:
    """Those of real samples and of fakes."""
    return tuple(next(value for name, value in x.items() if name.startswith(kind)) for kind in ("real", "fake"))


def losses_of(variant: str, x: Inputs, **knobs: Any) -> tuple[Tensor, Tensor]:
    """Of one round of it."""
    real, fake = (s.detach()[:, None] for s in scores(x))
    d, g = staged(variant, fake, **knobs).step(iter([Plain(real)]))
    return d["D"], g["G"]


def rsgan(x: Inputs, hyper: Numbers) -> Numbers:
    (r, f), (d, g) = scores(x), losses_of("rgan", x)
    return {"d_loss": d, "g_loss": g, "grad_g_wrt_fake": grad(losses.relativistic(f, r), f), "grad_g_wrt_real": grad(losses.relativistic(f, r), r)}


def ragan(x: Inputs, hyper: Numbers) -> Numbers:
    base = {"ls": "least squares"}.get(hyper.get("base"), hyper.get("base", "logistic"))
    (r, f), (d, g) = scores(x), losses_of("ragan", x, base=base)
    return {"d_loss": d, "g_loss": g, "grad_g_wrt_fake": grad(losses.relativistic_average(f, r, base), f)}


def softmax(x: Inputs, hyper: Numbers) -> Numbers:
    (r, f), (d, g) = scores(x), losses_of("softmax_gan", x)
    log_z = losses.log_partition(r, f)
    return {"d_loss": d, "g_loss": g, "ln_Z": log_z, "softmax": [(-s - log_z).exp() for s in (*r, *f)],
            "grad_g_wrt_fake": grad(losses.softmax_g(r, f), f), "grad_d_wrt_real": grad(losses.softmax_d(r, f), r)}


OURS: dict[str, Callable[[Inputs, Numbers], Numbers]] = {
    "rsgan": rsgan, "rasgan": ragan, "ralsgan": ragan, "rahinge": ragan, "ragan_shift_invariance": ragan,
    "softmax_gan": softmax, "softmax_gan_flat": softmax}
MISTAKEN = {"g_loss_wrong_fake_term_only": "g_loss"}
