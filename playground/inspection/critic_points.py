"""Snapshots of D in the plane: the score of every cell, the gradient at G's samples, and the latent grid as G maps it."""

from typing import Any

import numpy as np
import torch
from torch import Tensor

from models.kit import dirac
from models.kit.capabilities import Conditional, scored_fakes
from models.kit.code import Code
from models.kit.gan import Latent
from playground.data import Data
from playground.inspection.critic import CriticSnapshot, Range

SIDE, VIEW, ARROWS, LATTICE, ONE = 96, 3.0, 64, 17, 4096       # ONE: 1.0 as an int16
FIELD, REACH = 13, 1.5          # arrows in a row of the Dirac-GAN's vector field, and its ends


class PointsSnapshot(CriticSnapshot):
    """A snapshot of D in the plane."""

    kind = "points"

    def __init__(self, gan: Latent, data: Data, code: Code) -> None:
        super().__init__(gan, data, code)
        self.colours = Range(0.5, 95.0) if self.log else Range(2.0, 98.0)           # peaks of energy may be clipped

    def details(self, view: Latent, fakes: Tensor, scores: Tensor) -> tuple[dict[str, Any], dict[str, np.ndarray]]:
        """See the base. Arrays: "score" (SIDE, SIDE), uint8 within the range; "at" and "force" of ARROWS fakes, (n, 2); with two
        latent coordinates, and without classes, also "mesh" (LATTICE, LATTICE, 2). Where all data are one point, "field" (FIELD, FIELD, 2), float32:
        `models.kit.dirac.field` over ±REACH, which the header has as "reach". Places are int16, see `fixed`; forces are float32."""
        with torch.no_grad():
            cells = self.scaled(view.landscape(SIDE, VIEW).cpu())
            mesh = None if view.z_dim != 2 or isinstance(view, Conditional) else view.sample(lattice(view).to(self.device))
        low, high = limits = self.colours.update(cells)
        at = fakes[:ARROWS].clone().requires_grad_()
        plain = view.judges == "samples" and not isinstance(view, Conditional)
        score = view.smooth_score(at) if plain else scored_fakes(view, at, self.code[:ARROWS])
        slope = torch.autograd.grad(score.sum() + 0 * at.sum(), at)[0]             # 0 where D is asked about codes alone
        force = -slope if view.larger_is == "fake" else slope
        arrays = {"score": ((cells - low) / (high - low) * 255).round().clamp(0, 255).byte().numpy(),
                  "at": fixed(at), "force": force.cpu().numpy()}
        if mesh is not None:
            arrays["mesh"] = fixed(mesh).reshape(LATTICE, LATTICE, 2)
        if not view.shape.single:
            return {"view": VIEW, "range": self.unscaled(limits)}, arrays
        field = dirac.field(view, FIELD, REACH)
        return {"view": VIEW, "range": self.unscaled(limits), "reach": REACH}, arrays | {"field": field.numpy()}


def lattice(view: Latent) -> Tensor:
    """(LATTICE ** 2, 2): a grid of latents over nearly all of the prior, row by row."""
    side = torch.linspace(-1, 1, LATTICE) * (1 if view.knobs.prior == "uniform" else 2)
    y, x = torch.meshgrid(side, side, indexing="ij")
    return torch.stack([x, y], -1).view(-1, 2)


def fixed(points: Tensor) -> np.ndarray:
    """Points as int16, in units of 1 / ONE; those far outside the view are clamped."""
    return (points.detach().cpu().nan_to_num(0.0) * ONE).round().clamp(-32768, 32767).short().numpy()
