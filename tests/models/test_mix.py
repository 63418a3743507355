"""Mix and match: nothing by default; else exactly the term, the bound and the changes that each says, in any variant with a scalar critic."""

import copy
import json
import math

import pytest
import torch
from suited import place_of, takes
from torch import Tensor

from models import ZOO
from models.kit import dirac, losses, mix
from models.kit.augment import POLICIES, augmented, translation
from models.kit.batch import POINTS, Domain, Plain, Shape
from models.kit.capabilities import plain
from models.kit.knobs import check as checked
from models.kit.knobs import declared, describe
from playground import data
from playground.specs.check import check
from playground.training.build import trainer_of, untrained
from playground.training.trainer import Trainer

MIXED = sorted(id for id in ZOO if plain(ZOO[id]))
KINDS = [kind for kind in declared(mix.MixKnobs)["regulariser"].metadata["choices"] if kind != mix.NONE]
SMALL = {"width_g": 8, "width_d": 8, "batch": 8}
GRADIENTS = {"1-centred GP": lambda norms: (norms - 1).square().mean(), "0-centred GP": lambda norms: norms.square().mean(),
             "R1": lambda norms: norms.square().mean() / 2, "R2": lambda norms: norms.square().mean() / 2,
             "DRAGAN": lambda norms: (norms - 1).square().mean()}


def short(variant: str) -> dict:
    return {name: value for name, value in {"boost": False, "n_critic": 1, "n_d": 1}.items() if name in declared(ZOO[variant].Knobs)}


def trainer(variant: str, seed: int = 3, data_id: str = "", **knobs) -> Trainer:
    place, size = (data_id, 0) if data_id else place_of(variant)
    spec = check({"variant": variant, "data": place, "size": size, "steps": 10**6, "seed": seed, "knobs": SMALL | short(variant) | knobs})
    return trainer_of(spec, data.load(place, size))


def weights(made: Trainer) -> dict[str, Tensor]:
    return {name: tensor.clone() for name, tensor in made.gan.state_dict().items()}


def test_it_is_offered_to_scalar_critics_alone_and_last():
    assert {"gan", "wgan", "r3gan", "dcgan"} <= set(MIXED)
    assert not {"began", "ebgan", "cgan"} & set(MIXED)
    for id, cls in ZOO.items():
        names = list(declared(cls.Knobs))
        assert (names[-len(mix.OWN):] == list(mix.OWN)) is (id in MIXED)
        assert [k["name"] for k in describe(cls.Knobs, False) if k["mixed"]] == (list(mix.OWN) if id in MIXED else [])
        assert all("not this paper's" in k["help"] for k in describe(cls.Knobs, False) if k["mixed"] and k["kind"] == "choice")
        assert mix.offered(cls) is cls.Knobs or id not in MIXED


@pytest.mark.parametrize("variant", MIXED)
def test_by_default_a_spec_and_a_state_say_nothing_of_it(variant):
    made = trainer(variant)
    place, size = place_of(variant)
    for knobs in (check({"variant": variant, "data": place, "size": size}).knobs, made.state()[1]["knobs"]):
        assert knobs.keys() == declared(ZOO[variant].Knobs).keys() - mix.OWN.keys()
    assert not made.gan.D._forward_pre_hooks
    assert "lecam" not in dict(made.gan.named_buffers())
    told = check({"variant": variant, "data": place, "size": size, "knobs": {"regulariser": "R1"}})
    assert mix.OWN.keys() <= told.knobs.keys()
    assert check(json.loads(json.dumps(told.json()))) == told


@pytest.mark.parametrize("variant", MIXED)
def test_every_regulariser_plays_in_every_game(variant):
    for kind in KINDS:
        made = trainer(variant, regulariser=kind, regulariser_weight=0.05)
        before = weights(made)
        made.advance()
        row = made.flush()
        assert ("mix/penalty" in row) is (kind != "clip")
        assert set(row) - {"step"} <= set(made.gan.all_scalars())
        assert any(not torch.equal(before[name], now) for name, now in weights(made).items() if name.startswith("D."))
        assert all(math.isfinite(column[0]) for column in row.values())
        if kind == "clip" and not made.gan.batch_norm_d:
            assert max(p.abs().max().item() for p in made.gan.D.parameters()) <= 0.05 + 1e-6


@pytest.mark.parametrize("kind", GRADIENTS)
def test_a_penalty_is_its_formula_on_a_critic_whose_slopes_are_known(kind):
    """D(x) = ψ x_1 on points has the slope ψ everywhere."""
    made = trainer("gan", data_id="dirac", regulariser=kind)
    with torch.no_grad():
        dirac.numbers(made.gan)[1].fill_(-0.7)
    term = mix.penalty(made.gan, kind, torch.randn(8, 2))
    assert term.item() == pytest.approx(GRADIENTS[kind](torch.full((8,), 0.7)).item(), abs=1e-5)
    slope = {"R1": -0.7, "R2": -0.7, "0-centred GP": -1.4, "1-centred GP": 0.6, "DRAGAN": 0.6}[kind]
    assert torch.autograd.grad(term, dirac.numbers(made.gan)[1])[0].item() == pytest.approx(slope, abs=1e-4)


def test_a_whole_step_is_the_plain_one_and_the_weighted_term():
    """R1 draws nothing at random: both trainers see the same."""
    plain_one, mixed = trainer("gan"), trainer("gan", regulariser="R1", regulariser_weight=0.3)
    assert all(torch.equal(a, b) for a, b in zip(weights(plain_one).values(), weights(mixed).values(), strict=True))
    d, g = (next(made.gan.round(made.batches))["D"] for made in (plain_one, mixed))
    x = trainer("gan").batches.__next__().x.requires_grad_()
    r1 = torch.autograd.grad(plain_one.gan.D(x).sum(), x)[0].square().sum(1).mean() / 2
    assert g.item() == pytest.approx((d + 0.3 * r1).item(), rel=1e-5)


def test_the_penalty_of_other_places_moves_d_alone_and_is_drawn_where_it_says():
    made = trainer("gan", regulariser="R2")
    term = mix.penalty(made.gan, "R2", torch.zeros(8, 2))
    assert all(g is None for g in torch.autograd.grad(term, list(made.gan.G.parameters()), allow_unused=True, retain_graph=True))
    assert any(g is not None and g.abs().max() > 0 for g in torch.autograd.grad(term, list(made.gan.D.parameters()), allow_unused=True))
    seen = []
    made.gan.D.register_forward_pre_hook(lambda _, given: seen.append(given[0].detach()))
    mix.penalty(made.gan, "DRAGAN", torch.full((8, 2), 0.25))
    mix.penalty(made.gan, "R1", torch.full((8, 2), 0.25))
    assert torch.equal(seen[0], torch.full((8, 2), 0.25))           # without spread there is nothing around
    assert torch.equal(seen[1], torch.full((8, 2), 0.25))


def test_lecam_keeps_averages_and_holds_scores_to_those_of_the_others():
    assert losses.lecam(torch.tensor([1.0, 3.0]), torch.tensor([-1.0]), torch.tensor(2.0), torch.tensor(-2.0)).item() == 17 + 9
    made = trainer("gan", data_id="dirac", regulariser="LeCam")
    with torch.no_grad():
        for number, value in zip(dirac.numbers(made.gan), (2.0, 0.5), strict=True):
            number.fill_(value)
    term = mix.penalty(made.gan, "LeCam", torch.zeros(4, 2))
    assert made.gan.lecam.tolist() == pytest.approx([0.0, 0.01])        # D(x) = 0, D(g) = 1
    assert term.item() == pytest.approx(0.01**2 + 1)
    assert not made.gan.lecam.requires_grad
    assert "gan.lecam" in made.state()[0]


def test_r1_brings_the_dirac_gan_to_rest():
    def distance(**knobs) -> float:
        made = trainer("gan", data_id="dirac", g_loss="minimax", lr_g=0.1, lr_d=0.1, batch=4, **knobs)
        for step in range(250):
            made.advance()
            if step % 50 == 0:
                made.flush()
        return torch.tensor([n.item() for n in dirac.numbers(made.gan)]).norm().item()

    assert distance() > 0.8
    for kind in ("R1", "R2", "0-centred GP"):
        assert distance(regulariser=kind, regulariser_weight=0.5) < 0.01, kind


@pytest.mark.parametrize("policy", POLICIES)
def test_pictures_are_changed_each_for_itself_and_gradients_flow(policy):
    x = (torch.rand(6, 3, 16, 16, generator=torch.Generator().manual_seed(1)) * 2 - 1).requires_grad_()
    made = augmented(x, policy, torch.Generator().manual_seed(2))
    assert made.shape == x.shape
    assert torch.equal(made, augmented(x, policy, torch.Generator().manual_seed(2)))
    assert not torch.equal(made, augmented(x, policy, torch.Generator().manual_seed(3)))
    gradient = torch.autograd.grad(made.square().sum(), x)[0]
    assert all((part.abs() > 0).any() for part in gradient)
    alike = augmented(x.detach()[:1].expand(6, 3, 16, 16), policy, torch.Generator().manual_seed(2))
    assert any(not torch.equal(alike[0], other) for other in alike[1:])


def test_translations_are_of_at_most_an_eighth_and_bring_nothing_in():
    x = torch.zeros(200, 1, 16, 16)
    x[:, :, 8, 8] = 1
    rows, columns = translation(x, torch.Generator().manual_seed(0)).nonzero()[:, 2:].unbind(1)
    assert (len(rows), sorted(set(rows.tolist())), sorted(set(columns.tolist()))) == (200, [6, 7, 8, 9, 10], [6, 7, 8, 9, 10])
    assert translation(torch.ones(50, 1, 16, 16), torch.Generator().manual_seed(0)).min() == 0
    colour = augmented(torch.full((40, 3, 16, 16), 0.2), "colour, translation, cutout", torch.Generator().manual_seed(0))
    assert (colour.flatten(1) == 0).float().mean(1).min() > 0.05            # a hole in each


@pytest.mark.parametrize("variant", [id for id in MIXED if takes(id, Shape(1, 16))])
def test_d_sees_changed_pictures_in_training_alone_in_its_own_updates_and_in_g_s(variant):
    domain, knobs = Domain(Shape(1, 16)), SMALL | {"augment": "translation, cutout"} | short(variant)
    gan = untrained(variant, domain, knobs, torch.Generator().manual_seed(0))
    gan.generator = torch.Generator().manual_seed(0)
    x = Plain.example(8, domain).x
    gan.eval()
    with torch.no_grad():
        assert torch.equal(gan.score(x), gan.score(x))
        gan.D.train()
        assert not torch.equal(gan.D(x), gan.D(x)) or gan.D(x).std() == 0
    view = copy.deepcopy(gan)
    view.generator = torch.Generator().manual_seed(5)
    state = gan.generator.get_state()
    view.D(x)
    assert torch.equal(gan.generator.get_state(), state)                    # a copy draws from its own generator
    seen = []
    gan.D[0].register_forward_pre_hook(lambda _, given: seen.append(given[0]))
    gan.train()
    for found in gan.round(iter([(x,)] * 9)):
        assert all(torch.isfinite(loss) for loss in found.values())
        assert all(not torch.equal(one[:8], x) for one in seen)             # nothing unchanged reaches D's first layer
        if "G" in found:
            assert any(one.requires_grad for one in seen)
            assert any(g is not None and g.abs().max() > 0 for g in torch.autograd.grad(found["G"], list(gan.G.parameters()), allow_unused=True))
        seen.clear()


def test_points_are_not_changed_and_resuming_goes_on_to_the_last_bit():
    assert not untrained("gan", Domain(POINTS), {"augment": "translation"}).D._forward_pre_hooks
    one = trainer("gan", regulariser="LeCam", regulariser_weight=0.1)
    for _ in range(4):
        one.advance()
    one.flush()
    tensors, meta = one.state()
    two = trainer("gan", regulariser="LeCam", regulariser_weight=0.1)
    two.load(tensors, json.loads(json.dumps(meta)))
    for made in (one, two):
        made.advance()
    assert one.flush() == two.flush()
    assert all(torch.equal(a, b) for a, b in zip(weights(one).values(), weights(two).values(), strict=True))
    assert checked(ZOO["gan"].Knobs, meta["knobs"]).regulariser == "LeCam"


def test_ada_raises_p_while_d_knows_too_much_and_lowers_it_after():
    gan = untrained("gan", Domain(Shape(1, 16)), SMALL | {"augment": "translation", "ada": 0.6}, torch.Generator().manual_seed(0))
    gan.generator, gan.fakes = torch.Generator().manual_seed(0), lambda n: torch.zeros(n, 1, 16, 16)
    gan.D = torch.nn.Sequential(torch.nn.Flatten(), torch.nn.AvgPool1d(256), torch.nn.Flatten(0))      # the mean of a picture
    bright, mixed = torch.ones(50, 1, 16, 16), torch.tensor([1.0, 1.0, 1.0, -1.0, -1.0]).repeat(10)[:, None, None, None].expand(50, 1, 16, 16)
    seen = []
    for x in (bright, bright, mixed, mixed, mixed):
        mix.adapt(gan, x)
        seen.append((gan.logged["augment/known"].item(), gan.augment_p.item()))
    step = 50 / mix.CLIMB
    assert [known for known, _ in seen] == pytest.approx([1, 1, 0.2, 0.2, 0.2])
    assert [p for _, p in seen] == pytest.approx([step, 2 * step, step, 0, 0], abs=1e-9)


def test_p_is_the_chance_of_a_change_and_a_run_charts_it():
    x = torch.rand(400, 1, 16, 16, generator=torch.Generator().manual_seed(1)) + 0.1
    for p in (0.0, 0.25, 1.0):
        made = augmented(x, "translation, cutout", torch.Generator().manual_seed(2), torch.tensor(p))
        same = (made == x).flatten(1).all(1).float().mean().item()
        assert same == pytest.approx((1 - p) ** 2, abs=0.08)
    domain = Domain(Shape(1, 16))
    gan = untrained("gan", domain, SMALL | {"augment": "translation", "ada": 0.1}, torch.Generator().manual_seed(0))
    gan.generator = torch.Generator().manual_seed(0)
    for _ in gan.round(iter([Plain.example(8, domain)])):
        pass
    assert {"augment/p", "augment/known"} <= set(gan.logged) <= set(gan.all_scalars())
    assert gan.augment_p.item() in (0.0, pytest.approx(8 / mix.CLIMB))
    assert "augment_p" in gan.state_dict()
