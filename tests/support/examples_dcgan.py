"""DCGAN's example: how many weights the paper's networks have at 64 pixels."""

from collections.abc import Callable
from typing import Any

from torch import nn

from models.dcgan import DCGAN
from models.kit.batch import Domain, Shape

Numbers = dict[str, Any]


def count(net: nn.Module) -> int:
    return sum(p.numel() for p in net.parameters())


def networks(x: Numbers, hyper: Numbers) -> Numbers:
    gan = DCGAN(Domain(Shape(hyper["nc"], hyper["image"])), DCGAN.Knobs(z_dim=hyper["nz"], width_g=hyper["ngf"], width_d=hyper["ndf"]), None)
    return {"g_params": count(gan.G), "d_params": count(gan.D)}


OURS: dict[str, Callable[[Numbers, Numbers], Numbers]] = {"dcgan_param_count": networks}
