"""Known mistakes, made on purpose: each must make the test that guards against it fail."""

from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

import pytest
import torch
from torch import Tensor

from models.ebgan_pt import EBGANPT
from models.kit import losses
from models.kit.gan import Energy
from models.ls_gan import LSGANSensitive
from models.magan import MAGAN
from models.wgan import WGAN
from tests import test_papers_critics as critics
from tests import test_papers_energy as energies


def margin_of_the_batch_s_mean(real: Tensor, fake: Tensor, margin: Any) -> Tensor:
    return real.mean() + torch.relu(margin - fake.mean())


def pairs_of_the_batch_s_means(real: Tensor, fake: Tensor, delta: Tensor, weight: float, real_weight: float = 1.0) -> Tensor:
    return real_weight * real.mean() + weight * torch.relu((delta + real - fake).mean())


def detached_target(self: Energy, x: Tensor) -> tuple[Tensor, Tensor]:
    redrawn = self.D(x, self.generator)
    return losses.reconstruction(redrawn.target.detach(), redrawn.made, int(self.knobs.exponent), self.reduction()), redrawn.code


def cosines_without_their_square(codes: Tensor) -> Tensor:
    rows, n = codes / codes.norm(dim=1, keepdim=True).clamp_min(1e-12), len(codes)
    cosines = rows @ rows.T
    return (cosines.sum() - cosines.diagonal().sum()) / max(n * (n - 1), 1)


def error_without_its_square(target: Tensor, redrawn: Tensor, exponent: int = 2, reduction: str = "mean") -> Tensor:
    each = (target - redrawn).abs().flatten(1)
    return each.sum(1) if reduction == "sum" else each.mean(1)


def free_of_charge(self: EBGANPT, codes: Tensor) -> float:
    self.log({"code/pt": losses.pulling_away(codes)})
    return 0.0


def clipped_before_its_step(self: WGAN, batches: Iterator[Any]) -> Iterator[dict[str, Tensor]]:
    for _ in range(self.knobs.n_critic):
        (x,) = next(batches)
        with torch.no_grad():
            for p in self.D.parameters():
                p.clamp_(-self.knobs.clip, self.knobs.clip)
        yield {"D": losses.wasserstein_d(self.D(x), self.D(self.fakes(len(x))))}
    yield {"G": losses.wasserstein_g(self.D(self.G(self.noise(len(x)))))}


def norm_over_the_batch(scores: Tensor, x: Tensor) -> Tensor:
    return torch.autograd.grad(scores.sum(), x, create_graph=True)[0].norm().expand(len(x))


def norm_without_a_graph(scores: Tensor, x: Tensor) -> Tensor:
    return (torch.autograd.grad(scores.sum(), x, retain_graph=True)[0].flatten(1).square().sum(1) + 1e-12).sqrt()


def both_sides(margin: Tensor, real: Tensor, fake: Tensor, fake_before: Tensor) -> Tensor:
    return torch.where((real < fake) & (fake > fake_before), real, margin)


def at_every_step(self: MAGAN, batches: Iterator[Any]) -> Iterator[dict[str, Tensor]]:
    yield from MAGAN_STEP(self, batches)
    if self.phase() == "play":
        self.margin.copy_(torch.minimum(self.margin, self.logged["energy/real"]))


MAGAN_STEP = MAGAN.step


class Mistake(NamedTuple):
    name: str
    where: Any
    attribute: str
    wrong: Callable[..., Any]
    guard: Callable[..., None]
    arguments: tuple[Any, ...] = ()
    ends_in: type[Exception] = AssertionError


MISTAKES = [
    Mistake("ebgan: hinge on the batch's mean", losses, "margin_d", margin_of_the_batch_s_mean, energies.test_ebgan, ("ebgan",)),
    Mistake("magan: hinge on the batch's mean", losses, "margin_d", margin_of_the_batch_s_mean, energies.test_fakes_above_the_margin_are_left_alone),
    Mistake("ebgan's step: hinge on the batch's mean", losses, "margin_d", margin_of_the_batch_s_mean, energies.test_step_of_ebgan_plays_its_losses),
    Mistake("ls_gan: hinge on the batch's mean", losses, "loss_sensitive_d", pairs_of_the_batch_s_means, critics.test_loss_sensitive),
    *(Mistake(f"{v}: detached target", Energy, "energy_and_code", detached_target,
              energies.test_gradient_of_G_runs_through_what_should_be_redrawn, (v,))
      for v in ("ebgan", "ebgan_pt", "magan")),
    Mistake("ebgan_pt: missing square", losses, "pulling_away", cosines_without_their_square, energies.test_pulling_away),
    Mistake("ebgan: missing square", losses, "reconstruction", error_without_its_square, energies.test_ebgan, ("ebgan",)),
    Mistake("ebgan_pt: G does not pay", EBGANPT, "extra", free_of_charge, energies.test_pulling_away_reaches_the_loss_of_G),
    Mistake("magan: margin frozen", losses, "margin_rule", lambda margin, *_: margin, energies.test_magan_margin_over_epochs),
    Mistake("magan: margin may rise", losses, "margin_rule", both_sides, energies.test_magan_margin_over_epochs),
    Mistake("magan: margin at every step", MAGAN, "step", at_every_step, energies.test_magan_plays_its_phases),
    Mistake("wgan: clip before the step", WGAN, "step", clipped_before_its_step, critics.test_wgan_clips_every_parameter_of_D_after_its_step),
    Mistake("wgan_gp: norm over the batch", losses, "gradient_norms", norm_over_the_batch, critics.test_wgan_gp, ("wgan_gp_quadratic",)),
    Mistake("wgan_gp: no double backward", losses, "gradient_norms", norm_without_a_graph,
            critics.test_penalty_reaches_the_critic_s_weights_and_is_finite_at_zero, ends_in=RuntimeError),
    Mistake("wgan_gp: one-sided", losses, "gradient_penalty", lambda norms, one_sided=False: torch.relu(norms - 1).square().mean(),
            critics.test_wgan_gp, ("wgan_gp_quadratic",)),
    Mistake("ls_gan: margin flows into G", LSGANSensitive, "fakes", lambda self, n: self.G(self.noise(n)),
            critics.test_loss_sensitive_margin_is_the_mean_and_a_constant),
]


@pytest.mark.parametrize("mistake", MISTAKES, ids=[m.name for m in MISTAKES])
def test_a_known_mistake_is_caught(mistake: Mistake, monkeypatch: pytest.MonkeyPatch) -> None:
    mistake.guard(*mistake.arguments)
    monkeypatch.setattr(mistake.where, mistake.attribute, mistake.wrong)
    with pytest.raises(mistake.ends_in):
        mistake.guard(*mistake.arguments)
