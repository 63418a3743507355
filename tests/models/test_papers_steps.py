"""One round of each variant plays its own losses: networks are functions, and every number is worked out by hand.

r = 2, 0.5 of real samples; f = -1, 0.25 of fakes. An energy is a score squared.
"""

from collections.abc import Iterator

import pytest
import torch
from papers import EXACT, EXAMPLES, double, staged
from torch import Tensor

from models.kit.batch import Plain
from models.kit.gan import GAN

REAL, FAKE = [[2.0], [0.5]], [[-1.0], [0.25]]
WIDE_REAL, WIDE_FAKE = [[2.0, 0.0], [0.0, 0.5]], [[-1.0, 1.0], [0.6, 0.0]]
ENERGY_REAL, ENERGY_FAKE = (4 + 0.25) / 2, (1 + 0.0625) / 2


def squared(x: Tensor) -> Tensor:
    return x.square().sum(1)


def played(gan: GAN, real: list[list[float]] = REAL) -> list[dict[str, Tensor]]:
    return list(gan.step(iter(lambda: Plain(double(real).detach()), None)))


def test_step_of_gan() -> None:
    d, g = played(staged("gan", FAKE))
    assert (d["D"].item(), g["G"].item()) == pytest.approx((0.8701030513100728, 0.9446005536985331), **EXACT)
    *ds, g = played(staged("gan", FAKE, g_loss="minimax", n_d=3))
    assert (len(ds), g["G"].item()) == (3, pytest.approx(-0.5696005536985332, **EXACT))


def test_step_of_lsgan() -> None:
    d, g = played(staged("lsgan", FAKE))                    # D (1 + .25)/4 + (1 + .0625)/4, G (4 + .5625)/4
    assert (d["D"].item(), g["G"].item()) == pytest.approx((0.578125, 1.140625), **EXACT)


@pytest.mark.parametrize("z", ["separate", "shared"])
def test_step_of_began_moves_k_with_this_steps_energies(z: str) -> None:
    gan = staged("began", FAKE, squared, gamma=0.3, lambda_k=0.1, z=z)
    gan.k.fill_(0.4)
    (both,) = played(gan)
    assert (both["D"].item(), both["G"].item()) == pytest.approx((ENERGY_REAL - 0.4 * ENERGY_FAKE, ENERGY_FAKE), **EXACT)
    assert gan.k.item() == gan.logged["balance/k"].item() == pytest.approx(0.4 + 0.1 * (0.3 * ENERGY_REAL - ENERGY_FAKE), **EXACT)


def test_step_of_ebgan() -> None:
    gan = staged("ebgan", FAKE, squared, margin=0.5)
    d, g = played(gan)
    assert d["D"].item() == pytest.approx(ENERGY_REAL + (0 + 0.5 - 0.0625) / 2, **EXACT)
    assert g["G"].item() == pytest.approx(ENERGY_FAKE, **EXACT)
    assert gan.logged["hinge/active"].item() == 0.5


def test_step_of_wgan_clips_between_its_updates_and_boosts_its_critic() -> None:
    gan = staged("wgan", FAKE, lambda x, w: w * x[:, 0], 0.5, clip=0.1, n_critic=3, boost=False)
    first, *others, g = [{player: loss.item() for player, loss in losses.items()} for losses in played(gan)]
    assert first == {"D": pytest.approx(-0.5 * 1.625, **EXACT)}
    assert others == [{"D": pytest.approx(-0.1 * 1.625, **EXACT)}] * 2
    assert g == {"G": pytest.approx(0.1 * 0.375, **EXACT)}
    assert {name: gan.logged[name].item() for name in ("distance/W", "slope/mean", "clip/share")} == pytest.approx(
        {"distance/W": 0.1625, "slope/mean": 0.1, "clip/share": 1.0}, abs=1e-9)
    boosted, counts = staged("wgan", FAKE, lambda x, w: w * x[:, 0], 0.5, n_critic=3), {}
    for boosted.steps in (0, 24, 25, 499, 500, 501):
        counts[boosted.steps] = sum("D" in losses for losses in played(boosted))
    assert counts == {0: 100, 24: 100, 25: 3, 499: 3, 500: 100, 501: 3}


def penalised(gan: GAN, rounds: int) -> list[Tensor]:
    """Play it on samples in the plane; where D was asked about mixtures, of which each sample has one of its own."""
    seen: list[Tensor] = []
    score, gan.D.function = gan.D.function, lambda x: seen.append(x) or score(x)
    gan.told = played(gan, WIDE_REAL)
    mixtures = seen[2:3 * rounds:3]
    real, fake = double(WIDE_REAL), double(WIDE_FAKE)
    for u in mixtures:
        shares = torch.nanmean((u - fake) / (real - fake), 1)
        assert torch.allclose(shares[:, None] * real + (1 - shares[:, None]) * fake, u), "on the line between its own two"
        assert ((shares >= 0) & (shares <= 1)).all()
        assert shares[0] != shares[1]
    assert len({u.sum().item() for u in mixtures}) == rounds
    return mixtures


def test_step_of_wgan_gp_pays_for_the_slopes_at_mixtures() -> None:
    gan = staged("wgan_gp", WIDE_FAKE, squared, gp=3.0, n_critic=2)
    mixtures = penalised(gan, 2)
    *ds, g = gan.told
    real, fake = squared(double(WIDE_REAL)).mean(), squared(double(WIDE_FAKE)).mean()
    for d, u in zip(ds, mixtures, strict=True):
        slopes = 2 * u.norm(dim=1)
        assert d["D"].item() == pytest.approx((fake - real + 3 * (slopes - 1).square().mean()).item(), **EXACT)
    assert g["G"].item() == pytest.approx(-fake.item(), **EXACT)
    told = {name: gan.logged[f"slope/{name}"].item() for name in ("mean", "least", "most")}
    assert told == pytest.approx({"mean": slopes.mean().item(), "least": slopes.min().item(), "most": slopes.max().item()}, **EXACT)


def test_step_of_ls_gan_asks_for_a_margin_and_pays_for_slopes_beyond_1() -> None:
    gan = staged("ls_gan", WIDE_FAKE, squared, tau=4.0, weight=0.5, real_weight=0.25, gp=3.0)
    (u,), (d, g) = penalised(gan, 1), gan.told
    real, fake, delta = [4.0, 0.25], [2.0, 0.36], [4 * (3 + 1) / 2, 4 * (0.6 + 0.5) / 2]
    hinges = [max(0.0, m + r - f) for r, f, m in zip(real, fake, delta, strict=True)]
    steep = torch.relu(2 * u.norm(dim=1) - 1).square().mean().item()
    assert d["D"].item() == pytest.approx(0.25 * sum(real) / 2 + 0.5 * sum(hinges) / 2 + 3 * steep, **EXACT)
    assert g["G"].item() == pytest.approx(sum(fake) / 2, **EXACT)
    assert {name: gan.logged[name].item() for name in ("gap/mean", "gap/delta", "hinge/active")} == pytest.approx(
        {"gap/mean": (sum(fake) - sum(real)) / 2, "gap/delta": sum(delta) / 2, "hinge/active": 1.0}, **EXACT)


EPOCH = 20


def waves(around: float, size: float) -> Iterator[float]:
    """Numbers of one epoch whose mean is `around`, though the last is not."""
    return (around + size * (i - (EPOCH - 1) / 2) for i in range(EPOCH))


def test_step_of_magan_moves_its_margin_at_the_ends_of_epochs_by_energies_of_D_s_and_G_s_updates() -> None:
    """D's own fakes are far too good: a margin that went by their energy would never move."""
    e = EXAMPLES["magan_margin"]
    epochs = [(e["hyper"]["margin0"], None), *e["inputs"]["epochs"]]
    reals = [v for real, _ in epochs for v in waves(real, 0.1)]
    fakes = iter([v for _, fake in epochs[1:] for g in waves(fake, 0.2) for v in (0.25, g)])
    gan = staged("magan", None, pretrain=0, epoch_len=EPOCH)
    gan.noise = lambda n: double([[next(fakes)]]).detach()
    margins, losses = [], []
    for gan.steps, real in enumerate(reals):
        losses.append(list(gan.step(iter([Plain(double([[real]]).detach())]))))
        margins.append(gan.margin.item())
    assert [len(m) for m in losses] == [0] * EPOCH + [2] * 6 * EPOCH
    assert margins[EPOCH - 1::EPOCH] == pytest.approx([10, *e["expected_state"]["margins"]], **EXACT)
    assert all(len(set(margins[i - 1:i + EPOCH - 1])) == 1 for i in range(EPOCH, len(margins), EPOCH)), "it rests within an epoch"
    assert gan.past[gan.past > 0].tolist() == pytest.approx([10, 7], **EXACT)
    d, g = losses[-1]
    assert (d["D"].item(), g["G"].item()) == pytest.approx((5.95 + 7 - 0.25, 8 + 0.2 * 9.5), **EXACT)
    held = staged("magan", [[1.0]], pretrain=0, epoch_len=EPOCH, hold=3.0)
    held.steps = EPOCH
    assert played(held)[0]["D"].item() == pytest.approx(1.25 + 3 - 1, **EXACT)


def test_step_of_ebgan_pt_lets_G_alone_pay_for_parallel_codes() -> None:
    gan = staged("ebgan_pt", [[1.0, 0.0], [1.0, 1.0], [0.0, 2.0]], squared, margin=0.5, pt=0.25)       # codes are the samples: PT is 1/3
    d, g = played(gan, WIDE_REAL)
    assert d["D"].item() == pytest.approx(ENERGY_REAL, **EXACT)
    assert g["G"].item() == pytest.approx((1 + 2 + 4) / 3 + 0.25 / 3, **EXACT)
