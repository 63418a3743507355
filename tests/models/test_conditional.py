"""Variants that are told the class: codes, networks, and CGAN's step by hand."""

import pytest
import torch
from suited import shape_of
from torch.nn.functional import softplus
from training import CLASSES, make, train, whole

from models import ZOO, get
from models.kit.batch import POINTS, Domain, Labelled, Shape
from models.kit.capabilities import Conditional, Reconstructor, capabilities, scored
from models.kit.code import Code
from models.kit.conditional import ConditionalLatent
from models.kit.gan import GAN
from playground.data import load
from playground.training.build import COLUMNS, ROWS, frame_code

TOLD = [id for id, cls in ZOO.items() if issubclass(cls, ConditionalLatent)]
every = pytest.mark.parametrize("variant", TOLD)


def seeded(seed: int = 4) -> torch.Generator:
    return torch.Generator().manual_seed(seed)


def test_capabilities_are_told_by_what_a_variant_has() -> None:
    found = {id: capabilities(cls) for id, cls in ZOO.items()}
    assert found["gan"] == ["latent"]
    assert found["began"] == ["latent", "reconstructor"]
    assert found["cgan"] == ["latent", "conditional"]
    gan, energy, told = (make(id, POINTS).gan for id in ("gan", "began", "cgan"))
    assert [isinstance(one, Conditional) for one in (gan, energy, told)] == [False, False, True]
    assert [isinstance(one, Reconstructor) for one in (gan, energy, told)] == [False, True, False]
    assert told.classes() == CLASSES


def test_every_player_has_a_role_and_a_rate() -> None:
    for id, cls in ZOO.items():
        gan = make(id, shape_of(id)).gan
        assert set(gan.players()) == set(cls.roles), id
        assert all(gan.rate(player) > 0 for player in cls.roles)
    assert GAN.roles == {"D": "critic", "G": "generator"}


def test_a_code_of_a_variant_without_classes_is_its_noise() -> None:
    gan = make("lsgan", POINTS).gan
    code = gan.draw(5, seeded())
    assert torch.equal(code.z, gan.noise(5, seeded()))
    assert code.y is None
    assert torch.equal(gan.sample(code), gan.G(code.z))
    assert torch.equal(gan.sample(code.z), gan.G(code.z)), "as the cards of models say it that were published before"
    with pytest.raises(ValueError, match="LSGAN knows no classes"):
        gan.draw(2, y=torch.tensor([0, 1]))
    x = torch.randn(3, 2)
    assert torch.equal(scored(gan, x, torch.tensor([0, 1, 1])), gan.score(x))


def test_codes_are_cut_joined_and_moved_with_their_classes() -> None:
    code = Code(torch.arange(10.0).view(5, 2), torch.arange(5))
    assert (len(code), [len(part) for part in code.split(2)]) == (5, [2, 2, 1])
    assert torch.equal(code.split(2)[1].y, torch.tensor([2, 3]))
    again = code[:2].joined(code[2:]).to("cpu")
    assert torch.equal(again.z, code.z)
    assert torch.equal(again.y, code.y)
    assert Code.of(code) is code
    assert Code.of(code.z).joined(Code(code.z)).y is None


@every
def test_classes_come_in_turn_or_as_asked(variant: str, shape: Shape) -> None:
    gan = make(variant, shape).gan.eval()
    code = gan.draw(7, seeded())
    assert code.y.tolist() == [0, 1, 2, 0, 1, 2, 0]
    assert torch.equal(gan.sample(code), gan.sample(code.z))
    asked = gan.draw(7, seeded(), torch.full((7,), 2))
    assert torch.equal(asked.z, code.z)
    assert torch.equal(gan.sample(asked)[2], gan.sample(code)[2])
    assert not torch.equal(gan.sample(asked)[0], gan.sample(code)[0]), "the class changes the sample"
    x = gan.sample(asked)
    each = [gan.score_as(x, torch.full((7,), y)) for y in range(3)]
    assert not torch.equal(each[0], each[1]), "and D's score of it"
    assert torch.allclose(gan.score(x), torch.stack(each).mean(0), atol=1e-5)
    assert torch.equal(scored(gan, x, asked.y), each[2])


def test_a_frame_has_a_row_for_each_class() -> None:
    gan = make("cgan", Shape(1, 16)).gan
    code = frame_code(gan, seeded())
    assert code.y.tolist() == [0] * COLUMNS + [1] * COLUMNS + [2] * COLUMNS
    assert torch.equal(frame_code(gan, seeded()).z, code.z)
    many = get("cgan")(Domain(Shape(1, 16), tuple(map(str, range(40)))), get("cgan").Knobs(width_g=4, width_d=4), seeded())
    assert frame_code(many, seeded()).y.unique().tolist() == list(range(ROWS))
    plain = make("gan", Shape(1, 16)).gan
    assert torch.equal(frame_code(plain, seeded()).z, plain.noise(64, seeded()))


@every
def test_a_gradient_reaches_what_stands_for_each_class_in_a_batch(variant: str, shape: Shape) -> None:
    gan = make(variant, shape).gan
    x, y = Labelled.example(6, whole(shape))
    for losses, player in zip(gan.step(iter([Labelled(x, y % 2)] * 9)), ("D", "G"), strict=True):
        table = getattr(gan, player).embed.weight
        found = torch.autograd.grad(losses[player], table)[0].abs().sum(1)
        assert (found[:2] > 0).all()
        assert found[2] == 0, "no sample was of it"
        other = getattr(gan, "G" if player == "D" else "D").embed.weight
        assert player == "G" or torch.autograd.grad(losses[player], other, allow_unused=True)[0] is None


@every
def test_what_stands_for_classes_begins_as_large_as_z(variant: str) -> None:
    """An embedding that begins near 0 is one that D learns to leave aside."""
    gan = get(variant)(Domain(POINTS, tuple(map(str, range(50)))), get(variant).Knobs(), seeded())
    for network in (gan.G, gan.D):
        assert network.embed.weight.std().item() == pytest.approx(1.0, abs=0.1)
    again = get(variant)(Domain(POINTS, tuple(map(str, range(50)))), get(variant).Knobs(), seeded())
    assert torch.equal(again.G.embed.weight, gan.G.embed.weight), "drawn from the run's generator"


def test_cgan_s_step_by_hand() -> None:
    """One step on points, with networks written out: z and the class's numbers in G, x's features and the class's numbers in D."""
    trainer = make("cgan", POINTS, label_smooth=0.1, n_d=2, seed=3)
    gan, w = trainer.gan, {name: t.detach().double() for name, t in trainer.gan.state_dict().items()}
    rng = torch.Generator()
    rng.set_state(gan.generator.get_state())
    twin = make("cgan", POINTS, label_smooth=0.1, n_d=2, seed=3)
    twin.gan.generator.set_state(rng.get_state())
    seen = []
    for losses in twin.gan.step(twin.batches):
        seen.append({player: loss.item() for player, loss in losses.items()})

    def leaky(t: torch.Tensor) -> torch.Tensor:
        return torch.where(t > 0, t, 0.2 * t)

    def layer(t: torch.Tensor, name: str) -> torch.Tensor:
        return t @ w[f"{name}.weight"].T + w[f"{name}.bias"]

    def made(z: torch.Tensor, y: torch.Tensor) -> torch.Tensor:
        t = torch.cat([z, w["G.embed.weight"][y]], 1)
        return layer(leaky(layer(leaky(layer(t, "G.body.0")), "G.body.2")), "G.body.4") + 1.5 * z

    def judged(x: torch.Tensor, y: torch.Tensor) -> torch.Tensor:
        features = leaky(layer(leaky(layer(x, "D.body.0")), "D.body.2"))
        return layer(leaky(layer(torch.cat([features, w["D.embed.weight"][y]], 1), "D.joint.0")), "D.joint.2")[:, 0]

    for batch in range(2):                              # both updates of D, which nothing has moved between
        x, y = next(trainer.batches)
        z = gan.noise(len(x)).double()
        r, f = judged(x.double(), y), judged(made(z, y), y)
        wanted = (0.9 * softplus(-r) + 0.1 * softplus(r)).mean() + softplus(f).mean()
        assert seen[batch] == {"D": pytest.approx(wanted.item(), rel=1e-5)}
    z = gan.noise(len(x)).double()
    assert seen[2] == {"G": pytest.approx(softplus(-judged(made(z, y), y)).mean().item(), rel=1e-5)}
    logged = twin.gan.logged
    assert logged["cond/gap"].item() == pytest.approx((r.mean() - judged(x.double(), y.roll(1)).mean()).item(), rel=1e-4)


def test_it_learns_which_class_is_asked_and_without_labels_in_d_it_does_not() -> None:
    """The ring: fakes of a class lie around its mode. A D that is not told the class leaves G's class without meaning."""
    ring = load("ring8")

    class Untold(get("cgan")):
        def make_d(self) -> torch.nn.Module:
            made = super().make_d()
            made.embed.weight.register_hook(torch.zeros_like)
            judged = made.judged
            made.judged = lambda features, y: judged(features, torch.zeros_like(y))
            return made

    def right(variant: type[GAN]) -> float:
        knobs = {"width_g": 64, "width_d": 64, "batch": 128, "lr_g": 1e-3, "lr_d": 2e-3, "beta2": 0.9, "ema": 0.95}
        trainer = make(variant, POINTS, data=ring, seed=1, **knobs)
        train(trainer, 500)
        code = trainer.view().draw(800, seeded())
        near = torch.cdist(trainer.view().sample(code), ring.modes).argmin(1)
        return (near == code.y).float().mean().item()

    assert right(get("cgan")) > 0.9
    assert right(Untold) < 0.5
