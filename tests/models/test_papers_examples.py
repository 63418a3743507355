"""Every number of loss_examples.json that is of one of our variants, gradients and states included, comes out of our own code.

Those of families that have a file of their own, tests/support/examples_<family>.py with its OURS and perhaps MISTAKEN, are taken from there.
"""

import importlib
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import pytest
import torch
from papers import EXAMPLES, double, grad, staged
from torch import Tensor

from models import ZOO
from models.kit import losses
from models.kit.batch import Plain
from models.kit.gan import GAN

Inputs, Numbers = dict[str, Any], dict[str, Any]
NEVER = -1e9        # a logit whose softplus is nothing


def played(gan: GAN, real: Tensor) -> list[dict[str, Tensor]]:
    """One round of it on real samples (B, n)."""
    return list(gan.step(iter([Plain(real.detach())] * 2)))


def gan(x: Inputs, hyper: Numbers) -> Numbers:
    r, f = x["real_logits"], x["fake_logits"]
    d, g = losses.logistic_d(r, f), (losses.minimax_g if hyper.get("g_loss") == "minimax" else losses.logistic_g)(f)
    one = staged("gan", f.detach()[:, None])
    played(one, r[:, None])
    return {"d_loss": d, "g_loss": g, "g_loss_minimax": losses.minimax_g(f),
            "d_real": losses.logistic_d(r, torch.full_like(f, NEVER)), "d_fake": losses.logistic_d(torch.full_like(r, -NEVER), f),
            "d_acc": (one.logged["acc/real"] + one.logged["acc/fake"]) / 2,
            "grad_g_wrt_fake_logits": grad(g, f), "grad_d_wrt_real_logits": grad(d, r), "grad_d_wrt_fake_logits": grad(d, f),
            "grad_g_ns": grad(losses.logistic_g(f), f), "grad_g_minimax": grad(losses.minimax_g(f), f)}


def cgan(x: Inputs, hyper: Numbers) -> Numbers:
    """D as the example says; y are tensors of numbers like all else."""
    def score(s: Tensor, y: Tensor) -> Tensor:
        return (s * x["V"][y.long()]).sum(1)

    r, f = score(x["x_real"], x["y_real"]), score(x["x_fake"], x["y_fake"])
    return {"d_loss": losses.logistic_d(r, f), "g_loss": losses.logistic_g(f), "real_logits": r, "fake_logits": f,
            "real_logits_with_swapped_labels": score(x["x_real"], x["y_real"].roll(1))}


def lsgan(x: Inputs, hyper: Numbers) -> Numbers:
    g = losses.least_squares_g(x["fake_scores"], hyper["c"])
    return {"d_loss": losses.least_squares_d(x["real_scores"], x["fake_scores"], hyper["a"], hyper["b"]), "g_loss": g,
            "grad_g_wrt_fake": grad(g, x["fake_scores"])}


def loss_sensitive(x: Inputs, hyper: Numbers) -> Numbers:
    r, f, delta, weight = x["loss_real"], x["loss_fake"], x["margin"], hyper["lambda_"]
    d = losses.loss_sensitive_d(r, f, delta, weight, hyper["real_weight"])
    pairs = list(zip(r.split(1), f.split(1), delta.split(1), strict=True))
    far = 10.0                                                          # a margin that every pair violates shows what is under the hinge
    apart = 2 * (delta - (r - f).abs() / 2)                             # in the second number of x and g: their distance is Δ, in the mean
    one = staged("ls_gan", torch.stack([f, apart], 1).detach())
    played(one, torch.stack([r, torch.zeros_like(r)], 1))
    return {"d_loss": d, "g_loss": losses.energy_g(f), "grad_d_wrt_real": grad(d, r), "grad_d_wrt_fake": grad(d, f),
            "cost": [losses.loss_sensitive_d(*pair[:2], pair[2] + far, 1.0, 0.0) - far for pair in pairs],
            "hinge": [losses.loss_sensitive_d(*pair, 1.0, 0.0) for pair in pairs], "active_fraction": one.logged["hinge/active"]}


def pair_margin(x: Inputs, hyper: Numbers) -> Numbers:
    delta = losses.pair_margin(x["x"], x["g"], hyper["tau"])
    return {"delta_l1_mean": delta, "delta_l1_sum": x["x"].shape[1] * delta}


def energies(x: Inputs, exponent: int, reduction: str) -> tuple[Tensor, Tensor]:
    return (losses.reconstruction(x["x"], x["recon_x"], exponent, reduction), losses.reconstruction(x["g"], x["recon_g"], exponent, reduction))


def hinged(real: Tensor, fake: Tensor, margin: float) -> Numbers:
    d, g, none = losses.margin_d(real, fake, margin), losses.energy_g(fake), torch.zeros(1, dtype=torch.float64)
    one = staged("ebgan", fake.detach()[:, None], margin=margin)
    played(one, real[:, None])
    return {"d_loss": d, "g_loss": g, "energy_real": real, "energy_fake": fake, "hinge_active_fraction": one.logged["hinge/active"],
            "hinge": [losses.margin_d(none, f, margin) for f in fake.split(1)],
            "grad_d_wrt_energy_fake": grad(d, fake), "grad_g_wrt_energy_fake": grad(g, fake)}


def ebgan(x: Inputs, hyper: Numbers) -> Numbers:
    return hinged(*energies(x, 2, "sum" if hyper["energy"] == "sse" else "mean"), hyper["margin"])


def margin(x: Inputs, hyper: Numbers) -> Numbers:
    return hinged(x["energy_real"], x["energy_fake"], hyper["margin"])


def pulling_away(x: Inputs, hyper: Numbers) -> Numbers:
    pt = losses.pulling_away
    return {"g_loss": losses.energy_g(x["energy_fake"]) + hyper["lambda_pt"] * pt(x["embeddings"]), "pulling_away": pt(x["embeddings"]),
            "identical_rows": pt(double([[1.0, 2.0]] * 3)), "orthogonal_rows": pt(double([[1.0, 0.0], [0.0, 3.0]])),
            "opposite_rows": pt(double([[1.0, 1.0], [-2.0, -2.0]]))}


def target(x: Inputs, hyper: Numbers) -> Numbers:
    g = x["g"][None]
    energy = losses.reconstruction(g, x["w"] * g).mean()
    return {"g_loss": energy, "grad_g": grad(energy, x["g"])}


def magan_margin(x: Inputs, hyper: Numbers) -> Numbers:
    now, before, told = double(hyper["margin0"]), double(float("inf")), []
    for real, fake in x["epochs"]:
        was, now = now, losses.margin_rule(now, real, fake, before)
        before = fake
        told.append({"epoch_energy_real": real, "epoch_energy_fake": fake, "updated": now < was, "margin": now})
    return {"margins": [row["margin"] for row in told], "history": told}


def magan_pretrain(x: Inputs, hyper: Numbers) -> Numbers:
    one = staged("magan", [[9.0], [12.0]], pretrain=1, epoch_len=20)
    d, *rest = [loss for one.steps in range(21) for loss in played(one, x["energy_real"][:, None])]
    return {"d_loss": d["D"], "margin0": one.margin} if not rest else {}


def began(real: Tensor, fake: Tensor, k: float, hyper: Numbers) -> Numbers:
    """One step of it, at k."""
    one = staged("began", fake.detach().view(-1, 1), gamma=hyper["gamma"], lambda_k=hyper["lambda_k"])
    one.k.fill_(k)
    (loss,), log = played(one, real.view(-1, 1)), one.logged
    return {"d_loss": loss["D"], "g_loss": loss["G"], "L_real": log["energy/real"], "L_fake": log["energy/fake"], "k": k, "k_next": one.k,
            "balance": log["balance/error"], "m_global": log["balance/M"], "ratio": log["balance/ratio"]}


def began_images(x: Inputs, hyper: Numbers) -> Numbers:
    return began(*energies(x, 1, "mean"), hyper["k"], hyper)


def began_sequence(x: Inputs, hyper: Numbers) -> Numbers:
    steps: list[Numbers] = []
    for real, fake in x["L_real_fake"]:
        steps.append(began(real, fake, float(steps[-1]["k_next"]) if steps else hyper["k"], hyper))
    return {"k": [step["k_next"] for step in steps], "steps": steps}


def began_clamp(x: Inputs, hyper: Numbers) -> Numbers:
    return began(x["L_real"], x["L_fake"], hyper["k"], hyper)


def wgan(x: Inputs, hyper: Numbers) -> Numbers:
    r, f = x["real_critic"], x["fake_critic"]
    one = staged("wgan", f.detach()[:, None], lambda x, w: x[:, 0] + 0 * w.sum(), x["weights"].tolist(), boost=False, n_critic=1, clip=hyper["clip"])
    d, g = played(one, r[:, None])
    return {"d_loss": d["D"], "g_loss": g["G"], "w_estimate": one.logged["distance/W"], "weights": one.D.w}


def wgan_gp(critic: Callable[[Tensor], Tensor], x: Inputs, hyper: Numbers) -> Numbers:
    r, f = critic(x["x_real"]), critic(x["x_fake"])
    u = losses.mixed(x["x_real"], x["x_fake"], x["eps"])
    norms = losses.gradient_norms(critic(u), u)
    gp = losses.gradient_penalty(norms)
    return {"d_loss": losses.wasserstein_d(r, f) + hyper["lambda_gp"] * gp, "g_loss": losses.wasserstein_g(f),
            "w_estimate": -losses.wasserstein_d(r, f), "interpolates": u, "grad_norms": norms, "grad_norm": norms.mean(), "gp": gp}


OURS: dict[str, Callable[[Inputs, Numbers], Numbers]] = {
    "gan_ns": gan, "gan_minimax": gan, "gan_equilibrium": gan, "gan_extreme_logits": gan, "lsgan_011": lsgan, "lsgan_pearson": lsgan,
    "cgan_toy": cgan, "loss_sensitive": loss_sensitive, "loss_sensitive_margin": pair_margin,
    "ebgan": ebgan, "ebgan_sum_energy": ebgan, "ebgan_all_above_margin": margin, "ebgan_pt": pulling_away, "ebgan_detached_target": target,
    "magan_margin": magan_margin, "magan_loss": margin, "magan_pretrain": magan_pretrain,
    "began_images": began_images, "began_sequence": began_sequence, "began_clamp_hi": began_clamp, "began_clamp_lo": began_clamp,
    "wgan": wgan, "wgan_gp_linear": partial(wgan_gp, lambda x: x @ double([3.0, 4.0])),
    "wgan_gp_quadratic": partial(wgan_gp, lambda x: x.square().sum(1))}
MISTAKEN = {"wrong_batch_level_hinge": "d_loss", "wrong_without_square": "pulling_away", "wrong_grad_if_target_detached": "grad_g",
            "gp_if_norm_taken_over_whole_batch": "gp"}          # what is not to come out -> of what
for path in sorted((Path(__file__).parents[1] / "support").glob("examples_*.py")):
    family = importlib.import_module(path.stem)
    OURS |= family.OURS
    MISTAKEN |= getattr(family, "MISTAKEN", {})


def flat(found: Any, name: str = "") -> dict[str, float]:
    """Every number by its place."""
    if isinstance(found, (dict, list)):
        items = found.items() if isinstance(found, dict) else enumerate(found)
        return {place: v for key, value in items for place, v in flat(value, f"{name}.{key}").items()}
    if isinstance(found, Tensor) and found.ndim:
        return flat(found.tolist(), name)
    return {name: found.item() if isinstance(found, Tensor) else float(found)}


def test_every_example_of_our_variants_is_here() -> None:
    assert sorted(OURS) == sorted(id for id, e in EXAMPLES.items() if e["variant"] in ZOO)


@pytest.mark.parametrize("id", OURS)
def test_example(id: str) -> None:
    compare(id, OURS[id])


def compare(id: str, ours: Callable[[Inputs, Numbers], Numbers]) -> None:
    """An example's numbers with those that our code makes of its inputs."""
    e = EXAMPLES[id]
    told = ours({name: v if isinstance(v, str) else double(v) for name, v in e["inputs"].items()}, e["hyper"])
    known = {"d_loss": e["expected_d_loss"], "g_loss": e["expected_g_loss"], **e["expected_state"], **e["expected_extra"]}
    for name, value in known.items():
        if value is not None and name not in MISTAKEN:
            wanted, found = flat(value), flat(told[name])
            assert {place: found[place] for place in wanted} == pytest.approx(wanted, rel=1e-9, abs=1e-24), name
        elif value is not None:
            assert flat(told[MISTAKEN[name]]) != pytest.approx(flat(value), rel=1e-3), name
