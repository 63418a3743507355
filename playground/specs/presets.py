"""Named settings: data, not code. To change one, edit a number here; nothing else holds them.

PRESETS[variant][where][name]: `where` is a data set's id, else a kind ("points" or "images"), else "any". An entry lists only
what differs from the knobs' declared defaults, with `steps` (the budget) and `size` (pixels; the data set's own when absent).
"quick" shows something within seconds on one CPU core; "paper" is each knob's default and what the paper says beyond it.
"""

from dataclasses import asdict
from typing import Any

from models import get as variant_named
from models.kit.knobs import check
from playground import data
from playground.types import Refused

RING = dict(steps=2000, width_g=128, width_d=128, batch=128, lr_g=1e-3, lr_d=1e-3, beta1=0.5, beta2=0.9, ema=0.99)
LIFTED = RING | dict(critic="lift", noise=0.2, code=4, exponent="2", prior="uniform")
SMALL = dict(steps=3000, width_g=24, width_d=16, batch=64, lr_g=2e-3, lr_d=1e-3, beta1=0.0, beta2=0.99, ema=0.9995, z_dim=32)
REDRAWN = SMALL | dict(beta1=0.5, z_dim=64, code=64)
MAGAN_POINTS = LIFTED | dict(lr_d=2e-3, reduction="mean", pretrain=0, epoch_len=300, optimiser="Adam")
BEGAN_POINTS = LIFTED | dict(steps=2500, batch=256, lr_g=3e-4, lr_d=3e-3, gamma=4.0, lambda_k=2e-3, k_scale="relative", z="shared")
BEGAN_SMALL = REDRAWN | dict(width_g=16, width_d=8, lr_g=1e-3, lr_d=2.5e-4, ema=0.998, prior="uniform", exponent="2", gamma=1.2, k0=0.3,
                             lambda_k=5e-3, k_scale="relative")
BEGAN_DIGITS = BEGAN_SMALL | dict(width_g=40, width_d=12, lr_g=2e-3, lr_d=5e-4, ema=0.9995, k0=0.0, lambda_k=2e-3, z="shared", halve_lr=400)
BEGAN_FACES = BEGAN_SMALL | dict(steps=4000, batch=32, width_d=12, lr_g=2e-3, lr_d=2e-3, gamma=0.9, lambda_k=0.05, ema=0.99, code=32)

LS_GAN_PAPER = dict(steps=10_000, lr_g=1e-4, lr_d=1e-4, prior="uniform", real_weight=0.0, weight_decay=0.0,
                    clamp=True, z="shared")                                # as the authors' lsgan.lua
EBGAN_PAPER = dict(steps=10_000, reduction="sum", margin=10.0)             # the margin of its digits; a mean's would be 0.013
BEGAN_PAPER = dict(steps=10_000, batch=16, lr_g=1e-4, lr_d=1e-4, beta1=0.9, prior="uniform")       # Adam's own β1

PRESETS: dict[str, dict[str, dict[str, dict[str, Any]]]] = {
    "gan": {
        "points": {"quick": RING | dict(lr_d=2e-3)},
        "images": {"quick": SMALL | dict(width_d=24)},
        "any": {"paper": dict(steps=10_000, batch=100, prior="uniform")},                  # batch and prior: the authors' code
    },
    "lsgan": {
        "points": {"quick": RING},
        "images": {"quick": SMALL | dict(width_d=24)},
        "any": {"paper": dict(steps=10_000, lr_g=1e-3, lr_d=1e-3)},                        # section 4, LSUN
    },
    "ls_gan": {
        "points": {"quick": RING | dict(gp=1.0, tau=0.3, real_weight=0.0)},                # real_weight 0: as the authors' code
        "images": {"quick": SMALL | dict(gp=1.0, tau=0.5, real_weight=0.0, width_d=24)},
        "any": {"paper": LS_GAN_PAPER},
        "digits": {"paper": LS_GAN_PAPER | dict(tau=0.157)},                               # 2e-4 of the sum over 784 pixels
    },
    "wgan": {
        "points": {"quick": RING | dict(clip=0.1, n_critic=1, boost=False)},
        "images": {"quick": SMALL | dict(clip=0.05, n_critic=1, boost=False)},
        "any": {"paper": dict(steps=10_000)},
    },
    "wgan_gp": {
        "points": {"quick": RING | dict(gp=0.3, n_critic=1, lr_d=2e-3)},
        "images": {
            "quick": SMALL | dict(gp=1.0, n_critic=1, lr_d=2e-3),
            "paper": dict(steps=10_000, z_dim=128),                                        # z: the authors' code, for digits and for colour
        },
        "any": {"paper": dict(steps=10_000)},
    },
    "ebgan": {
        "points": {"quick": LIFTED | dict(margin=1.0)},
        "images": {"quick": REDRAWN | dict(margin=0.3)},
        "any": {"paper": EBGAN_PAPER},
    },
    "ebgan_pt": {
        "points": {"quick": LIFTED | dict(margin=1.0, pt=0.1)},
        "images": {"quick": REDRAWN | dict(margin=0.3, pt=0.1)},
        "any": {"paper": EBGAN_PAPER},
    },
    "magan": {
        "points": {"quick": MAGAN_POINTS},
        "images": {"quick": REDRAWN | dict(reduction="mean", pretrain=20, epoch_len=300, optimiser="Adam")},
        "any": {"paper": dict(steps=10_000, z_dim=50)},                                    # z: the authors' code for digits
        "ring8": {"quick": MAGAN_POINTS | dict(epoch_len=70)},                             # over such short epochs the fakes' energy rises too
    },
    "began": {
        "points": {
            "quick": BEGAN_POINTS,
            "paper": BEGAN_PAPER,
        },
        "images": {
            "quick": BEGAN_SMALL,
            "paper": BEGAN_PAPER | dict(z_dim=64, width_g=64, width_d=64, body="paper"),
        },
        "moons": {"quick": BEGAN_POINTS | dict(critic="denoise", code=8, gamma=2.0)},
        "digits": {"quick": BEGAN_DIGITS},
        "pixel_faces": {"quick": BEGAN_FACES},
    },
}

FIRST = dict(variant="began", data="ring8", preset="quick", seed=1)
"""What the page starts with for a new visitor, and the settings of the recorded run."""

RECORDED = "be9a0000000000000000000000000001"
"""The id of the run that ships with the code, under assets/recorded."""


def names(variant: str, data_id: str) -> list[str]:
    """The presets of a variant on a data set, the quick one first. "paper" always exists."""
    return sorted({name for place in _places(data_id) for name in PRESETS.get(variant, {}).get(place, {})} | {"paper"}, reverse=True)


def preset(variant: str, data_id: str, name: str) -> dict[str, Any]:
    """{"knobs": complete, "steps", "size"} of one preset. Refused names `variant`, `data` or `preset`."""
    try:
        cls = variant_named(variant)
    except KeyError as error:
        raise Refused("variant", error.args[0]) from None
    presets, places = PRESETS.get(variant, {}), _places(data_id)
    entry = next((presets[place][name] for place in places if name in presets.get(place, {})), {} if name == "paper" else None)
    if entry is None:
        raise Refused("preset", f"there is no preset {str(name)[:40]!r} of {cls.title} on {data_id}; there are {', '.join(names(variant, data_id))}")
    sizes = data.get(data_id).sizes
    knobs = {k: v for k, v in entry.items() if k not in ("steps", "size")}
    complete, samples = asdict(check(cls.Knobs, knobs)), data.samples(data_id)
    complete["batch"] = min(complete["batch"], samples or complete["batch"])           # a small set cannot fill a paper's batch
    return {"knobs": complete, "steps": entry.get("steps", 10_000), "size": entry.get("size", sizes[0] if sizes else 0)}


def _places(data_id: str) -> tuple[str, str, str]:
    return data_id, data.get(data_id).kind, "any"
