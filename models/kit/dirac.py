"""The smallest GAN there is, for data whose samples are all one point (Mescheder, Geiger & Nowozin, 2018, arXiv:1801.04406, section 2).

The real point lies at 0; G makes one point, θ, whatever its latent, and D is linear, D(x) = ψ x, so that a run is the path of (θ, ψ) in a plane. Both
points lie on the first axis of ours; the second coordinate is 0, and D does not see it. Players descend their gradients, without Adam's scaling,
under which no game would follow its own vector field.
"""

import copy
from itertools import repeat

import torch
from torch import Tensor, nn

from models.kit.batch import Plain
from models.kit.declarations import Scalar
from models.kit.layers import Float32

START = 1.0         # θ at step 0; ψ is drawn as all weights are
SCALARS = {
    "point/theta": Scalar("where G's one point lies; the real one is at 0", "number", "θ", line=0.0),
    "point/psi": Scalar("the slope of D, its one weight; at 0 D cannot tell the points apart", "number", "ψ", line=0.0),
}


class Constant(nn.Module):
    """G(z) = (θ, 0): one number, at which every sample lies. z has no influence, and a gradient of 0."""

    def __init__(self) -> None:
        super().__init__()
        self.theta = nn.Parameter(torch.tensor(START))

    def forward(self, z: Tensor) -> Tensor:
        """(B, z_dim) -> (B, 2)."""
        none = 0 * z[:, 0]
        return torch.stack([self.theta + none, none], 1)


class First(nn.Module):
    """The first coordinate."""

    def forward(self, x: Tensor) -> Tensor:
        """(B, 2) -> (B, 1)."""
        return x[:, :1]


def linear() -> nn.Sequential:
    """D(x) = ψ x_1: (B, 2) -> (B,)."""
    return nn.Sequential(First(), nn.Linear(1, 1, bias=False), nn.Flatten(0), Float32())


def numbers(gan: nn.Module) -> tuple[nn.Parameter, nn.Parameter]:
    """θ and what ψ is made from, which is ψ itself unless spectral norm divides it: parameters of one number each."""
    (theta,), (psi,) = gan.G.parameters(), gan.D.parameters()
    return theta, psi


def position(gan: nn.Module) -> dict[str, Tensor]:
    """θ and ψ as they are now, by the names of `SCALARS`."""
    slope = next(layer for layer in gan.D.modules() if isinstance(layer, nn.Linear)).weight
    return {"point/theta": gan.G.theta.detach().clone(), "point/psi": slope.detach().flatten()[0].clone()}


def field(gan: nn.Module, n: int, reach: float) -> Tensor:
    """(n, n, 2): by how much a round of the game changes θ and ψ, from each of n values of both over [-reach, reach]; rows are values of ψ, the least
    first. What the losses, rates and rules of a variant, as its knobs are now, make of each place; 0 where they make nothing of it, as spectral norm
    of ψ = 0. `gan` stays as it is."""
    game = copy.deepcopy(gan).train().requires_grad_(True)
    game.generator = torch.Generator(gan.generator.device).manual_seed(0)
    theta, psi = numbers(game)
    players = {"G": theta, "D": psi}
    real = repeat(Plain(torch.zeros(2, 2, device=theta.device)))
    side = torch.linspace(-reach, reach, n).tolist()
    moved = torch.zeros(n, n, 2)
    for row, up in enumerate(side):
        for column, across in enumerate(side):
            game.load_state_dict(gan.state_dict())
            with torch.no_grad():
                theta.fill_(across)
                psi.fill_(up)
            for losses in game.round(real):
                found = {player: torch.autograd.grad(loss, players[player], retain_graph=True)[0] for player, loss in losses.items()}
                with torch.no_grad():
                    for player, gradient in found.items():
                        players[player].sub_(game.rate(player) * gradient)
            moved[row, column] = torch.tensor([theta.item() - across, psi.item() - up])
    return moved.nan_to_num(0.0)
