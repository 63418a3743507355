"""AAE, BiGAN and VAE-GAN: which network learns from what, and whole steps by hand."""

from typing import Any

import pytest
import torch
from examples_encoders import OURS
from papers import EXACT
from test_papers_examples import compare
from torch import Tensor
from torch.nn.functional import softplus
from training import make, train, whole

from models import ZOO
from models.kit import losses
from models.kit.batch import POINTS, Plain, Shape
from models.kit.capabilities import Encoder, Reconstructor, scored_fakes
from models.kit.code import Code
from models.kit.encoder import EncoderLatent
from playground.data import load

FACES = Shape(3, 16)
WITH_E = [id for id, cls in ZOO.items() if issubclass(cls, EncoderLatent)]
every = pytest.mark.parametrize("variant", WITH_E)


def seeded(seed: int = 4) -> torch.Generator:
    return torch.Generator().manual_seed(seed)


@every
def test_a_sample_has_one_code_and_is_made_of_it_again(variant: str, shape: Shape) -> None:
    gan = make(variant, shape).gan.eval()
    assert isinstance(gan, Encoder)
    assert isinstance(gan, Reconstructor)
    x = torch.rand(5, *shape.dims, generator=seeded()) * 2 - 1
    code = gan.encode(x)
    assert code.z.shape == (5, gan.z_dim)
    assert torch.equal(code.z, gan.encode(x).z), "no noise"
    assert torch.equal(gan.reconstruct(x), gan.sample(code))
    assert torch.allclose(gan.encode(x[:1]).z, code.z[:1], atol=1e-5), "each for itself"
    with torch.no_grad():
        last = [m for m in gan.E.modules() if isinstance(m, torch.nn.Linear)][-1]
        last.weight.mul_(100)
    assert gan.encode(x).z.abs().max() > 1, "no bound on the codes"


@every
def test_averages_of_g_and_e_are_those_of_views_and_the_models(variant: str) -> None:
    trainer = make(variant, POINTS, ema=0.9)
    train(trainer, 5)
    view = trainer.view()
    for mean, shown, now in zip(trainer.averaged, (view.G, view.E), (trainer.gan.G, trainer.gan.E), strict=True):
        assert all(torch.equal(a, b) for a, b in zip(mean.parameters(), shown.parameters(), strict=True))
        assert not all(torch.equal(a, b) for a, b in zip(now.parameters(), shown.parameters(), strict=True))


def reached(loss: Tensor, net: torch.nn.Module) -> str:
    """Whether a loss has gradients for all weights of a network, for "some", or for "none"."""
    found = [g is not None and bool((g != 0).any()) for g in torch.autograd.grad(loss, list(net.parameters()), retain_graph=True, allow_unused=True)]
    return "all" if all(found) else "some" if any(found) else "none"


def yielded(variant: str, shape: Shape, **knobs: Any) -> tuple[EncoderLatent, dict[str, Tensor]]:
    """A GAN in training and the losses of a step, by player; no player moves."""
    gan = make(variant, shape, **knobs).gan
    batch = gan.batch.example(8, whole(shape))
    return gan, {player: loss for told in gan.step(iter([batch] * 3)) for player, loss in told.items()}


def test_aae_s_gradients(shape: Shape) -> None:
    """Reconstruction is of G and E, D learns of codes that stand still, and E alone is held to the prior."""
    gan, told = yielded("aae", shape)
    assert [[reached(told[player], net) for net in (gan.D, gan.G, gan.E)] for player in "GDE"] == [
        ["none", "all", "all"], ["all", "none", "none"], ["all", "none", "all"]]
    assert [len(gan.players()[player]) for player in "DGE"] == [1, 2, 1]
    assert gan.D[0].in_features == gan.z_dim, "D sees codes, never an image"
    x, z = torch.zeros(3, *shape.dims), gan.noise(3)
    assert torch.equal(scored_fakes(gan, x, Code(z)), gan.D(z))
    assert torch.equal(gan.score(x), gan.D(gan.encode(x).z))


def test_aae_moves_the_decoder_by_reconstruction_alone() -> None:
    trainer = make("aae", POINTS)
    nets = {name: list(getattr(trainer.gan, name).parameters()) for name in "DGE"}
    moved = []
    for told in trainer.gan.step(trainer.batches):
        before = {name: [p.detach().clone() for p in net] for name, net in nets.items()}
        trainer._move(told)
        moved.append("".join(name for name in "DGE" if not all(map(torch.equal, before[name], nets[name]))))
    assert moved == ["GE", "D", "E"]


def test_bigan_s_gradients(shape: Shape) -> None:
    """D learns of pairs that stand still; G and E share a loss, of which G has the fakes' term and E that of real data."""
    gan, told = yielded("bigan", shape)
    assert [reached(told["D"], net) for net in (gan.D, gan.G, gan.E)] == ["all", "none", "none"]
    assert [reached(told["G"], gan.G), reached(told["E"], gan.E)] == ["all", "all"]
    assert torch.equal(told["G"], told["E"])
    x, z = torch.rand(4, *shape.dims), gan.noise(4)
    assert torch.equal(scored_fakes(gan, x, Code(z)), gan.D(x, z))
    assert not torch.allclose(gan.D(x, z), gan.D(x, z.roll(1, 0))), "the pairing counts"


def test_bigan_s_losses_at_rest_and_turned_round() -> None:
    r, f = torch.tensor([2.0, 0.5]).double(), torch.tensor([-1.0, 0.25]).double()
    assert losses.logistic_d(r, f).item() == pytest.approx(losses.logistic_d(-f, -r).item(), **EXACT)
    assert losses.logistic_d(0 * r, 0 * f).item() == pytest.approx(2 * torch.tensor(2.0).double().log().item(), **EXACT)


def test_vaegan_s_gradients(shape: Shape) -> None:
    """E has no gradient of D's verdict, whose head it never meets; D has none of R."""
    gan, told = yielded("vaegan", shape, gamma=0.1)
    assert [reached(told[player], getattr(gan, player)) for player in "DGE"] == ["all", "all", "all"]
    assert reached(told["E"], gan.D.head) == "none"
    assert reached(told["D"], gan.D.head) == reached(told["G"], gan.D.head) == "all"
    gan, more = yielded("vaegan", shape, gamma=0.2)
    for player in "DE":
        assert torch.equal(told[player], more[player]), "γ is G's alone"
    R = gan.logged["recon/features"].item()
    assert more["G"].item() - told["G"].item() == pytest.approx(0.1 * R, rel=1e-3, abs=1e-5)


def test_kl_by_hand() -> None:
    mean, logvar = torch.tensor([[0.5, -1.0], [0.0, 0.0]]).double(), torch.tensor([[1.0, 0.25], [1.0, 1.0]]).double().log()
    assert losses.gaussian_kl(mean[:1], logvar[:1]).item() == pytest.approx(0.9431471805599453, **EXACT)
    assert losses.gaussian_kl(mean, logvar).item() == pytest.approx(0.9431471805599453 / 2, **EXACT), "a sum over numbers, a mean over samples"


@every
def test_examples_come_out_of_whole_rounds(variant: str) -> None:
    compare(variant, OURS[variant])


def layers(w: dict[str, Tensor], name: str) -> list[tuple[Tensor, Tensor]]:
    weights = [key for key in w if key.startswith(f"{name}.") and key.endswith(".weight")]
    return [(w[key], w[key.removesuffix("weight") + "bias"]) for key in weights]


def mlp(x: Tensor, through: list[tuple[Tensor, Tensor]], last: bool = True) -> Tensor:
    """Linear layers with LeakyReLU 0.2 between them; with `last` False behind the last, too."""
    for i, (weight, bias) in enumerate(through):
        x = x @ weight.T + bias
        x = torch.where(x > 0, x, 0.2 * x) if i < len(through) - 1 or not last else x
    return x


@every
def test_a_step_by_hand(variant: str) -> None:
    """On points, with networks written out: no player moves between the losses."""
    trainer = make(variant, POINTS, seed=3, **({"gamma": 0.3, "kl": 0.7} if variant == "vaegan" else {}))
    gan, rng = trainer.gan, torch.Generator()
    rng.set_state(gan.generator.get_state())
    told = {player: loss.item() for losses in gan.step(iter([Plain(load("ring8").train[:16])])) for player, loss in losses.items()}
    w, x = {name: t.detach().double() for name, t in gan.state_dict().items()}, load("ring8").train[:16].double()

    def noise() -> Tensor:
        return torch.randn(16, 2, generator=rng).double()

    def G(z: Tensor) -> Tensor:
        return mlp(z, layers(w, "G")) + 1.5 * z

    def E(x: Tensor) -> Tensor:
        return mlp(x, layers(w, "E"))

    def d_loss(real: Tensor, fake: Tensor) -> Tensor:
        return softplus(-real).mean() + softplus(fake).mean()

    if variant == "aae":
        z, logit = noise(), [mlp(E(x), layers(w, "D"))]
        logit.append(mlp(z, layers(w, "D")))
        wanted = {"G": (x - G(E(x))).square().mean(), "D": d_loss(logit[1], logit[0]), "E": softplus(-logit[0]).mean()}
    elif variant == "bigan":
        def D(x: Tensor, z: Tensor) -> Tensor:
            return mlp(torch.cat([mlp(x, layers(w, "D.body"), last=False), mlp(z, layers(w, "D.of_z"), last=False)], 1), layers(w, "D.joint"))

        z, again = noise(), noise()
        both = d_loss(D(G(again), again), D(x, E(x)))
        wanted = {"D": d_loss(D(x, E(x)), D(G(z), z)), "G": both, "E": both}
    else:
        mean, logvar = E(x)[:, :2], E(x)[:, 2:]
        code, z = mean + (logvar / 2).exp() * noise(), noise()
        F = [mlp(v, layers(w, "D.body"), last=False) for v in (x, G(code), G(z))]
        real, recon, fake = (mlp(f, layers(w, "D.head")) for f in F)
        R = 0.5 * (F[0] - F[1]).square().sum(1).mean()
        KL = 0.5 * (logvar.exp() + mean ** 2 - 1 - logvar).sum(1).mean()
        wanted = {"D": d_loss(real, fake) + softplus(recon).mean(), "G": 0.3 * R + softplus(-fake).mean() + softplus(-recon).mean(),
                  "E": 0.7 * KL + R}
    assert told == {player: pytest.approx(loss.item(), rel=1e-5) for player, loss in wanted.items()}


def test_what_bigan_logs_of_reconstructions_moves_no_statistics() -> None:
    gan = make("bigan", FACES).gan
    before = {name: b.clone() for name, b in gan.G.named_buffers()}
    assert before, "batch norm"
    gan.made_at_rest(gan.noise(8))
    assert gan.G.training
    assert all(torch.equal(b, before[name]) for name, b in gan.G.named_buffers())


def test_the_encoder_is_one_network_of_two_players_of_aae_and_resumes_with_both_moments() -> None:
    trainer = make("aae", POINTS)
    train(trainer, 3)
    names = trainer.state()[0]
    e, g = len(list(trainer.gan.E.parameters())), len(list(trainer.gan.G.parameters()))
    assert {player: len({n.split(".")[2] for n in names if n.startswith(f"optimiser.{player}.")}) for player in "GE"} == {"G": g + e, "E": e}
