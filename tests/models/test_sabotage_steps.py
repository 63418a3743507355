"""One line of a step, an optimiser or an average gone wrong, on purpose: the recomputation by hand must notice each."""

import inspect
import textwrap
from collections.abc import Callable
from functools import cache
from typing import Any, NamedTuple

import pytest

from models.began import BEGAN
from models.ebgan import EBGAN
from models.gan import MinimaxGAN
from models.kit.energy import Energy
from models.kit.gan import GAN
from models.kit.nets import Autoencoder
from models.ls_gan import LSGANSensitive
from models.lsgan import LSGAN
from models.magan import MAGAN
from models.wgan import WGAN
from models.wgan_gp import WGANGP
from playground.training.trainer import Trainer
from tests.models import test_byhand as byhand
from tests.models.test_byhand import in_float64  # noqa: F401  (a fixture for every test here)
from tests.models.test_magan_rule import test_margin_follows_the_rule_through_many_epochs as by_the_rule

LOOP, BATCH = "        for _ in range(self.knobs.{}):\n", "            (x,) = next(batches)\n"


class Slip(NamedTuple):
    name: str
    where: Any
    method: str
    right: str
    wrong: str
    guard: str | Callable[[], None]         # a case of test_byhand, or a test


def one_batch(name: str, where: Any, count: str, guard: str) -> Slip:
    loop = LOOP.format(count)
    return Slip(name, where, "step", loop + BATCH, BATCH[4:] + loop, guard)


SLIPS = [
    Slip("magan: compared with the lowest epoch so far", MAGAN, "step", "self.fake_before.copy_(self.sum_fake)",
         "self.fake_before.copy_(torch.minimum(self.fake_before, self.sum_fake))", by_the_rule),
    Slip("magan: D's fakes count", MAGAN, "step", "against.mean().detach()", "fake.mean().detach()", by_the_rule),
    Slip("magan: Adamax is Adam", MAGAN, "optimiser", "torch.optim.Adamax(", "torch.optim.Adam(", "magan-0"),
    Slip("average: numerator off by one", Trainer, "_average", "(1 + self.gan.steps)", "self.gan.steps", "gan-0"),
    Slip("average: weights swapped", Trainer, "_average", "now, 1 - beta", "now, beta", "gan-0"),
    Slip("average: batch norm's statistics left out", Trainer, "__init__", "zip(a.state_dict().values(), b.state_dict().values(), strict=True)",
         "zip(*([p.detach() for p in net.parameters()] for net in (a, b)), strict=True)", "gan-2"),
    Slip("lr_scale ignored", Trainer, "advance", "torch.mul(self.gan.lr_scale, self.gan.rate(name), out=lr)", "lr.fill_(self.gan.rate(name))",
         "began-1"),
    Slip("beta2 ignored", GAN, "optimiser", "self.knobs.beta2", "0.999", "gan-0"),
    Slip("gan: label smoothing left out", MinimaxGAN, "step", "smooth=self.knobs.label_smooth", "smooth=0.0", "gan-0"),
    one_batch("gan: one batch for all updates of D", MinimaxGAN, "n_d", "gan-0"),
    one_batch("lsgan: one batch for all updates of D", LSGAN, "n_d", "lsgan-0"),
    one_batch("wgan_gp: one batch for all updates of D", WGANGP, "n_critic", "wgan_gp-0"),
    Slip("wgan: one batch for all updates of D", WGAN, "step", "            (x,) = next(batches)\n", "            x = locals().get('x', None)\n"
         "            x = next(batches).x if x is None else x\n", "wgan-0"),
    Slip("lsgan: G to D's target", LSGAN, "step", "c=c", "c=b", "lsgan-0"),
    Slip("lsgan: G sees D's z again", LSGAN, "step", "self.noise(len(x))", "again", "lsgan-1"),
    Slip("ls_gan: AdamW", LSGANSensitive, "optimiser", "torch.optim.Adam(", "torch.optim.AdamW(", "ls_gan-0"),
    Slip("began: relative to this step's energy", BEGAN, "step", "scale = self.mean_real", "scale = real", "began-0"),
    Slip("began: M of D's fakes", BEGAN, "step", "began_measure(real, fake,", "began_measure(real, against.detach(),", "began-0"),
    Slip("began: stalled by one step's M", BEGAN, "halve_when_stalled", "better = self.mean_M <", "better = M <", "began-1"),
    Slip("denoising towards the noise", Autoencoder, "forward", "Reconstruction(target", "Reconstruction(features", "ebgan-2"),
    Slip("exponent ignored", Energy, "energy_and_code", "int(self.knobs.exponent)", "2", "ebgan-2"),
    Slip("reduction ignored", EBGAN, "reduction", "self.knobs.reduction", "'mean'", "ebgan-1"),
]
CASES = {case.id: case.values for case in byhand.CASES}


def slipped(slip: Slip) -> Callable[..., Any]:
    """The method with that one line wrong."""
    found = getattr(slip.where, slip.method)
    source = inspect.getsource(found)
    assert source.count(slip.right) == 1, f"{slip.right!r} in {slip.method}"
    source = source.replace(slip.right, slip.wrong)
    if "again" in slip.wrong:
        source = source.replace("self.fakes(len(x))", "self.G(again := self.noise(len(x))).detach()")
    names: dict[str, Any] = {}
    exec(textwrap.dedent(source), {**found.__globals__}, names)
    return names[slip.method]


@cache
def guarded(guard: str | Callable[[], None]) -> None:
    """It passes as things are: asked once."""
    byhand.test_steps_are_those_by_hand(*CASES[guard]) if isinstance(guard, str) else guard()


@pytest.mark.parametrize("slip", SLIPS, ids=[slip.name for slip in SLIPS])
def test_a_slip_is_noticed(slip: Slip, monkeypatch: pytest.MonkeyPatch) -> None:
    guarded(slip.guard)
    monkeypatch.setattr(slip.where, slip.method, slipped(slip))
    with pytest.raises(AssertionError):
        guarded.__wrapped__(slip.guard)
