"""Known mistakes, made on purpose: each must make the test that guards against it fail."""

from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

import pytest
import torch
from torch import Tensor, nn
from torch.nn.functional import softplus

from models.ebgan_pt import EBGANPT
from models.kit import losses
from models.kit.batch import Shape
from models.kit.energy import Energy
from models.kit.gan import Latent
from models.ls_gan import LSGANSensitive
from models.magan import HUGE, MAGAN
from models.wgan import WGAN
from tests.models import test_papers_critics as critics
from tests.models import test_papers_energy as energies
from tests.models import test_papers_examples as examples
from tests.models import test_papers_steps as steps


def margin_of_the_batch_s_mean(real: Tensor, fake: Tensor, margin: Any) -> Tensor:
    return real.mean() + torch.relu(margin - fake.mean())


def pairs_of_the_batch_s_means(real: Tensor, fake: Tensor, delta: Tensor, weight: float, real_weight: float = 1.0) -> Tensor:
    return real_weight * real.mean() + weight * torch.relu((delta + real - fake).mean())


def detached_target(self: Energy, x: Tensor) -> tuple[Tensor, Tensor]:
    found = self.D(x, self.generator)
    return losses.reconstruction(found.target.detach(), found.output, int(self.knobs.exponent), self.reduction()), found.code


def cosines_without_their_square(codes: Tensor) -> Tensor:
    rows, n = codes / codes.norm(dim=1, keepdim=True).clamp_min(1e-12), len(codes)
    cosines = rows @ rows.T
    return (cosines.sum() - cosines.diagonal().sum()) / max(n * (n - 1), 1)


def error_without_its_square(target: Tensor, made: Tensor, exponent: int = 2, reduction: str = "mean") -> Tensor:
    each = (target - made).abs().flatten(1)
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


def never(self: MAGAN, batches: Iterator[Any]) -> Iterator[dict[str, Tensor]]:
    kept = self.margin.clone()
    yield from MAGAN_STEP(self, batches)
    if self.phase() == "play":
        self.margin.copy_(kept)


def without_the_epoch_before(self: MAGAN, batches: Iterator[Any]) -> Iterator[dict[str, Tensor]]:
    yield from MAGAN_STEP(self, batches)
    self.fake_before.fill_(HUGE)


def with_the_sums_of_all_epochs(self: MAGAN, batches: Iterator[Any]) -> Iterator[dict[str, Tensor]]:
    kept, first = self.sum_real.clone(), (self.steps - self.knobs.pretrain) % self.knobs.epoch_len == 0
    yield from MAGAN_STEP(self, batches)
    if self.phase() == "play" and first:
        self.sum_real.add_(kept)


def normed_critic(self: Latent) -> nn.Module:
    return nn.Sequential(nn.BatchNorm2d(self.shape.channels), CRITIC(self))


def normed_autoencoder(self: Energy) -> nn.Module:
    made = AUTOENCODER(self)
    made.encoder = nn.Sequential(nn.BatchNorm2d(self.shape.channels), made.encoder)
    return made


MAGAN_STEP, CRITIC, AUTOENCODER, RAND = MAGAN.step, Latent.make_d, Energy.make_d, torch.rand


class Mistake(NamedTuple):
    name: str
    where: Any
    attribute: str
    wrong: Callable[..., Any]
    guard: Callable[..., None]
    arguments: tuple[Any, ...] = ()
    ends_in: type[Exception] = AssertionError


PICTURES, FREE = Shape(1, 16), critics.test_D_scores_each_sample_by_itself_and_on_no_closed_scale
MARGINS = steps.test_step_of_magan_moves_its_margin_at_the_ends_of_epochs_by_energies_of_D_s_and_G_s_updates
PENALTY, PAIRS = steps.test_step_of_wgan_gp_pays_for_the_slopes_at_mixtures, steps.test_step_of_ls_gan_asks_for_a_margin_and_pays_for_slopes_beyond_1


def example(name: str, id: str, attribute: str, wrong: Callable[..., Any]) -> Mistake:
    return Mistake(name, losses, attribute, wrong, examples.test_example, (id,))


MISTAKES = [
    example("gan: minimax sign", "gan_minimax", "minimax_g", lambda fake: softplus(fake).mean()),
    example("gan: non-saturating from labels of fakes", "gan_ns", "logistic_g", lambda fake: softplus(fake).mean()),
    example("lsgan: G without its half", "lsgan_011", "least_squares_g", lambda fake, c: (fake - c).square().mean()),
    example("lsgan: G to the fake target", "lsgan_011", "least_squares_g", lambda fake, c: 0.5 * fake.square().mean()),
    example("ebgan: hinge on the batch's mean", "ebgan", "margin_d", margin_of_the_batch_s_mean),
    example("ls_gan: hinge on the batch's mean", "loss_sensitive", "loss_sensitive_d", pairs_of_the_batch_s_means),
    example("ebgan_pt: missing square", "ebgan_pt", "pulling_away", cosines_without_their_square),
    example("ebgan: missing square", "ebgan", "reconstruction", error_without_its_square),
    example("ebgan: mean for a sum", "ebgan_sum_energy", "reconstruction", lambda a, b, *_: (a - b).square().mean(1)),
    example("magan: margin may rise", "magan_margin", "margin_rule", both_sides),
    example("wgan_gp: norm over the batch", "wgan_gp_quadratic", "gradient_norms", norm_over_the_batch),
    example("wgan_gp: one-sided", "wgan_gp_quadratic", "gradient_penalty", lambda norms, one_sided=False: torch.relu(norms - 1).square().mean()),
    Mistake("magan: hinge on the batch's mean", losses, "margin_d", margin_of_the_batch_s_mean, energies.test_fakes_above_the_margin_are_left_alone),
    Mistake("ebgan's step: hinge on the batch's mean", losses, "margin_d", margin_of_the_batch_s_mean, steps.test_step_of_ebgan),
    Mistake("a sum's margin for a mean", losses, "margin_d", lambda real, fake, m: real.mean() + torch.relu(min(m, 1) - fake).mean(),
            energies.test_a_sum_of_pixels_with_margin_P_m_is_P_times_the_mean_with_margin_m),
    *(Mistake(f"{v}: detached target", Energy, "energy_and_code", detached_target,
              energies.test_gradient_of_G_runs_through_the_target_of_the_reconstruction, (v,))
      for v in ("ebgan", "ebgan_pt", "magan")),
    Mistake("ebgan_pt: G does not pay", EBGANPT, "extra", free_of_charge, steps.test_step_of_ebgan_pt_lets_G_alone_pay_for_parallel_codes),
    Mistake("magan: rule frozen", losses, "margin_rule", lambda margin, *_: margin, MARGINS),
    Mistake("magan: margin frozen", MAGAN, "step", never, MARGINS),
    Mistake("magan: margin at every step", MAGAN, "step", at_every_step, MARGINS),
    Mistake("magan: fakes are always said to have come closer", MAGAN, "step", without_the_epoch_before, MARGINS),
    Mistake("magan: sums run on", MAGAN, "step", with_the_sums_of_all_epochs, MARGINS),
    Mistake("wgan: clip before the step", WGAN, "step", clipped_before_its_step, critics.test_wgan_clips_every_parameter_of_D_after_its_step),
    Mistake("wgan_gp: no double backward", losses, "gradient_norms", norm_without_a_graph,
            critics.test_penalty_reaches_the_critic_s_weights_and_is_finite_at_zero, ends_in=RuntimeError),
    *(Mistake(f"{v}: one ε for the batch", torch, "rand", lambda n, **where: RAND(1, **where).expand(n), guard)
      for v, guard in (("wgan_gp", PENALTY), ("ls_gan", PAIRS))),
    *(Mistake(f"{v}: penalty dropped", losses, "gradient_penalty", lambda norms, one_sided=False: 0 * norms.mean(), guard)
      for v, guard in (("wgan_gp", PENALTY), ("ls_gan", PAIRS))),
    *(Mistake(f"{v}: batch norm in D", Energy, "make_d", normed_autoencoder, FREE, (v, PICTURES)) for v in ("ebgan", "began")),
    *(Mistake(f"{v}: batch norm in D", Latent, "make_d", normed_critic, FREE, (v, PICTURES)) for v in ("wgan", "wgan_gp")),
    *(Mistake(f"{v}: sigmoid left on D", Latent, "make_d", lambda self: nn.Sequential(CRITIC(self), nn.Sigmoid()), FREE, (v, PICTURES))
      for v in ("lsgan", "wgan")),
    Mistake("ls_gan: margin flows into G", LSGANSensitive, "fakes", lambda self, n: self.G(self.noise(n)),
            critics.test_loss_sensitive_margin_is_a_constant),
]


@pytest.mark.parametrize("mistake", MISTAKES, ids=[m.name for m in MISTAKES])
def test_a_known_mistake_is_caught(mistake: Mistake, monkeypatch: pytest.MonkeyPatch) -> None:
    mistake.guard(*mistake.arguments)
    monkeypatch.setattr(mistake.where, mistake.attribute, mistake.wrong)
    with pytest.raises(mistake.ends_in):
        mistake.guard(*mistake.arguments)
