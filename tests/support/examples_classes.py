"""The closed-form examples of variants whose D tells classes apart, out of our own code."""

from collections.abc import Callable
from typing import Any

from papers import double, staged

from models.kit import losses
from models.kit.batch import SemiLabelled

Inputs, Numbers = dict[str, Any], dict[str, Any]


def acgan(x: Inputs, hyper: Numbers) -> Numbers:
    ce_real, ce_fake = (losses.class_loss(x[f"{kind}_class_logits"], x[f"y_{kind}"].long()) for kind in ("real", "fake"))
    weight = hyper["lambda_cls"]
    return {"d_loss": losses.logistic_d(x["real_logits"], x["fake_logits"]) + weight * (ce_real + ce_fake),
            "g_loss": losses.logistic_g(x["fake_logits"]) + weight * ce_fake, "ce_real": ce_real, "ce_fake": ce_fake}


def sgan(x: Inputs, hyper: Numbers) -> Numbers:
    """One round of it, whose D gives samples back as their logits."""
    known, real, fake = (x[f"{kind}_logits"].detach() for kind in ("labelled", "unlabelled", "fake"))
    gan = staged("sgan", fake, lambda x: x)
    gan.C = gan.D
    d, g = gan.step(iter([SemiLabelled(real, known, x["y"].long())]))
    none = double([[-1e9, -1e9, -1e9, 0.0]])                       # is a fake for certain
    return {"d_loss": d["D"], "g_loss": g["G"], "supervised": losses.class_loss(known, x["y"].long()),
            "unlabelled": losses.logistic_g(losses.real_logit(real)),
            "fake": losses.semi_supervised_d(known, x["y"].long(), none, fake, 0.0) - losses.class_loss(known, x["y"].long())}


OURS: dict[str, Callable[[Inputs, Numbers], Numbers]] = {"acgan": acgan, "sgan": sgan, "sgan_uniform": sgan}
MISTAKEN = {"ce_real_if_softmaxed_twice": "ce_real"}
