"""Where an `Encoder` puts its data: the codes of held-out samples against the prior, in the plane in which they vary most, and that plane decoded."""

from typing import Any

import torch
from torch import Tensor

from models.kit.capabilities import Encoder
from playground.explorer.generator import CHUNK, TrainedGenerator
from playground.explorer.latents import directions, paths, plane
from playground.types import Refused

ENCODED = 1000          # held-out samples, at most, and draws of the prior
SIDE = 15               # samples of the decoded plane in a row
INSIDE = 0.99           # of all coordinates lie within the square that is shown


def encodings(of: TrainedGenerator) -> dict[str, Any]:
    """{"codes": places of held-out samples, "prior": those of draws from the prior, "labels": the classes of the samples, counted from 0, null where
    they have none, "classes": their names, "explained": the share of the codes' variance along each axis, "full": whether the plane is all of the
    latent space, "reach": half the side of the square that is shown, "decoded": samples of a lattice over it, row by row from its top}.

    Places are pairs of numbers in units of the latent space. On points nothing is decoded. Refused("run", ...) without an encoder.
    """
    if not isinstance(of.gan, Encoder):
        raise Refused("run", f"{of.gan.title} has no encoder")
    data = of.training_data()
    x = of.normalised(data.held[:ENCODED])
    with torch.inference_mode():
        codes = torch.cat([of.gan.encode(part).z for part in x.split(CHUNK)]).float()
    prior = paths.draw(of.prior, len(codes), of.dim, 0)
    centre, axes, explained = _plane(codes)
    placed, drawn = ((z - centre) @ axes.T for z in (codes, prior))
    reach = round(max(torch.cat([placed, drawn]).abs().flatten().quantile(INSIDE).item(), 1e-3), 3)
    labels = None if data.held_labels is None else data.held_labels[:len(codes)].tolist()
    return {"codes": _pairs(placed), "prior": _pairs(drawn), "labels": labels, "classes": list(data.domain.classes) if labels else [],
            "explained": [round(share, 4) for share in explained.tolist()], "full": of.dim == 2, "reach": reach,
            "decoded": None if of.gan.shape.is_points else of.rendered_latents(_lattice(of, centre, axes, reach), SIDE)}


def _plane(codes: Tensor) -> tuple[Tensor, Tensor, Tensor]:
    """(centre (d,), two orthonormal axes (2, d), the shares of variance along them): the latent space itself where it has two coordinates."""
    if codes.shape[1] == 2:
        variance = codes.var(0)
        return torch.zeros(2), torch.eye(2), variance / variance.sum().clamp_min(1e-30)
    found = directions.of_points(codes, 2)
    return codes.mean(0), found.z, found.explained


def _lattice(of: TrainedGenerator, centre: Tensor, axes: Tensor, reach: float) -> Tensor:
    """(SIDE^2, d) latents: the middles of SIDE x SIDE cells of the square, row by row from the top."""
    edge = reach * (1 - 1 / SIDE)
    at = plane.lattice(-edge, edge, SIDE).view(SIDE, SIDE, 2).flip(0).reshape(-1, 2)
    return paths.clamped(centre + at @ axes, of.prior)


def _pairs(places: Tensor) -> list[list[float]]:
    return [[round(v, 3) for v in pair] for pair in places.tolist()]
