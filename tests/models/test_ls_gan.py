"""LS-GAN as its authors' code has it, where asked for: no loss below 0, and one draw of fakes for both players. As ever, where not."""

import pytest
import torch
from training import make, train

from models.kit import losses
from models.kit.batch import POINTS, Shape

PICTURES = Shape(1, 16)


@pytest.mark.parametrize("spectral", [False, True])
def test_clamp_ends_D_in_a_relu_of_the_same_network(spectral: bool) -> None:
    plain, clamped = (make("ls_gan", PICTURES, clamp=clamp, spectral=spectral, hidden_d=8).gan for clamp in (False, True))
    assert plain.state_dict().keys() == clamped.state_dict().keys()
    x = 50 * torch.randn(64, 1, 16, 16, generator=torch.Generator().manual_seed(0))
    scores = plain.eval().score(x)
    assert (scores < 0).any()
    assert (scores > 0).any()
    assert torch.equal(clamped.eval().score(x), scores.relu())


def test_clamp_is_for_pictures_alone() -> None:
    clamped = make("ls_gan", POINTS, clamp=True, seed=3).gan
    assert (clamped.score(torch.randn(500, 2, generator=torch.Generator().manual_seed(0))) < 0).any()


def test_shared_z_makes_fakes_once_and_G_s_update_sees_them() -> None:
    trainer = make("ls_gan", PICTURES, z="shared", gp=1.0)
    gan, made = trainer.gan, []
    gan.G.register_forward_hook(lambda module, given, fakes: made.append(fakes))
    game = gan.step(trainer.batches)
    d = next(game)["D"]
    assert not any(g is not None for g in torch.autograd.grad(d, list(gan.G.parameters()), allow_unused=True, retain_graph=True))
    with torch.no_grad():
        for p in gan.D.parameters():
            p.mul_(1.1)                                 # D moves in between, and is asked anew
    g = next(game)["G"]
    assert len(made) == 1
    assert torch.equal(g, losses.energy_g(gan.D(made[0])))
    assert all(found is not None for found in torch.autograd.grad(g, list(gan.G.parameters()), allow_unused=True))


def test_both_train_together() -> None:
    rows = train(make("ls_gan", PICTURES, clamp=True, z="shared", prior="uniform", seed=2), 20)
    assert min(rows["score/real"] + rows["score/fake"] + rows["loss/g"]) >= 0
    assert max(rows["grad/d"][-5:]) > 0
