"""Variants with a category that nobody named: codes, whom each loss moves, and what the categories come to mean."""

import pytest
import torch
from torch import Tensor
from training import data_of, make, train, whole

from models import ZOO, get
from models.kit.batch import POINTS, Domain, Shape
from models.kit.capabilities import Coder, capabilities, class_names, told_labels
from models.kit.code import Code
from models.kit.coded import CodedLatent
from models.kit.gan import GAN
from playground.data import load
from playground.evaluation import metrics

CODED = [id for id, cls in ZOO.items() if issubclass(cls, CodedLatent)]
every = pytest.mark.parametrize("variant", CODED)
GREY = Shape(1, 16)


def seeded(seed: int = 4) -> torch.Generator:
    return torch.Generator().manual_seed(seed)


@every
def test_what_it_can_do_and_what_its_categories_are_called(variant: str) -> None:
    trainer = make(variant, POINTS, n_cat=3)
    names = ("code 0", "code 1", "code 2")
    assert capabilities(ZOO[variant])[:3] == ["latent", "conditional", "coder"]
    assert isinstance(trainer.gan, Coder)
    assert not told_labels(trainer.gan)
    assert trainer.gan.classes() == names == class_names(ZOO[variant], trainer.gan.domain, trainer.gan.knobs)
    assert told_labels(make("cgan", POINTS).gan)
    assert class_names(get("cgan"), whole(POINTS), None) == ("first", "second", "third")
    assert class_names(get("gan"), whole(POINTS), None) == ()


@every
def test_categories_are_drawn_anew_each_as_often_and_change_the_sample(variant: str, shape: Shape) -> None:
    gan = make(variant, shape, n_cat=5).gan.eval()
    drawn = gan.drawn_categories(5000)
    assert drawn.bincount(minlength=5).tolist() == pytest.approx([1000] * 5, abs=120)
    assert not torch.equal(drawn, gan.drawn_categories(5000))
    code = gan.draw(7, seeded())
    assert code.y.tolist() == [0, 1, 2, 3, 4, 0, 1]
    assert torch.equal(gan.sample(code), gan.sample(code.z))
    other = gan.draw(7, seeded(), torch.full((7,), 2))
    same = (gan.sample(code) == gan.sample(other)).flatten(1).all(1)
    assert same.tolist() == [False, False, True, False, False, False, False]
    x = gan.sample(code)
    assert torch.equal(gan.score_as(x, code.y), gan.score(x)), "D is not told them"
    assert gan.clusters(x).shape == (7,)
    assert gan.clusters(x).dtype == torch.int64


def test_a_continuous_code_is_traversed_and_all_else_stays() -> None:
    gan = make("infogan", GREY, n_con=2, z_dim=6).gan
    code, values = gan.draw(3, seeded()), torch.tensor([-1.0, 0.0, 0.5, 1.0])
    assert gan.coded() == ("c1", "c2")
    found = gan.traverse(code, 1, values)
    assert len(found) == 12
    assert torch.equal(found.z[:, 1].view(3, 4), values.expand(3, 4))
    kept = [0, 2, 3, 4, 5]
    assert torch.equal(found.z.view(3, 4, 6)[..., kept], code.z[:, None, kept].expand(3, 4, 5))
    assert found.y.view(3, 4).tolist() == [[0] * 4, [1] * 4, [2] * 4]
    assert gan.traverse(Code(code.z), 0, values).y is None
    for wrong in (-1, 2):
        with pytest.raises(ValueError, match=f"one of the 2 continuous codes, counted from 0; got {wrong}"):
            gan.traverse(code, wrong, values)


@pytest.mark.parametrize(("n_con", "z_dim", "found"), [(0, 8, 0), (3, 8, 3), (6, 4, 4)])
def test_continuous_codes_are_at_most_all_of_z(n_con: int, z_dim: int, found: int) -> None:
    trainer = make("infogan", GREY, n_con=n_con, z_dim=z_dim)
    assert len(trainer.gan.coded()) == found
    logged = train(trainer, 1)
    assert ("info/nll" in logged) == bool(found)
    assert make("clustergan", GREY).gan.coded() == ()


@every
def test_labels_are_never_read(variant: str) -> None:
    """Poisoned ones, other ones and none at all: the same run to the last bit."""
    x = load("ring8").train[:256]
    poisoned = data_of(x)._replace(labels=torch.full((len(x),), -(2 ** 40)))
    runs = [make(variant, POINTS, data=data, seed=2) for data in (data_of(x), poisoned, data_of(x, domain=Domain(POINTS)))]
    rows = [train(trainer, 5) for trainer in runs]
    assert rows[0] == rows[1] == rows[2]
    assert all(torch.equal(t, runs[2].gan.state_dict()[name]) for name, t in runs[0].gan.state_dict().items())


def reached(gan: GAN, loss: Tensor) -> set[str]:
    """The first two parts of the names of all weights with a gradient that is not 0."""
    names, weights = zip(*gan.named_parameters(), strict=True)
    found = torch.autograd.grad(loss, weights, retain_graph=True, allow_unused=True)
    return {".".join(name.split(".")[:2]) for name, g in zip(names, found, strict=True) if g is not None and g.abs().sum() > 0}


def test_whom_infogan_s_losses_reach(shape: Shape) -> None:
    trainer = make("infogan", shape)
    gan, (d, g) = trainer.gan, trainer.gan.step(trainer.batches)
    assert reached(gan, d["D"]) == {"D.body", "D.head"}
    assert {name.split(".")[0] for name in reached(gan, g["G"])} == {"G", "D", "Q"}
    found = reached(gan, g["Q"])
    assert "D.head" not in found
    assert {name.split(".")[0] for name in found} == {"G", "D", "Q"}
    own = {player: {id(p) for p in params} for player, params in trainer.params.items()}
    assert own["D"] & own["Q"] == {id(p) for p in gan.D.body.parameters()}
    assert not own["G"] & (own["D"] | own["Q"])
    q, d_head = (list(net.parameters()) for net in (gan.Q, gan.D.head))
    both = torch.autograd.grad(g["G"], q, retain_graph=True), torch.autograd.grad(g["Q"], q, retain_graph=True)
    assert all(torch.allclose(a, b, atol=1e-7) for a, b in zip(*both, strict=True)), "Q descends what G does of it"
    assert torch.autograd.grad(g["Q"], d_head, allow_unused=True) == (None,) * len(d_head)


def test_whom_clustergan_s_losses_reach(shape: Shape) -> None:
    trainer = make("clustergan", shape, n_critic=1)
    gan, (d, g) = trainer.gan, trainer.gan.step(trainer.batches)
    assert {name.split(".")[0] for name in reached(gan, d["D"])} == {"D"}
    assert {name.split(".")[0] for name in reached(gan, g["G"])} == {"G", "D", "E"}
    assert {name.split(".")[0] for name in reached(gan, g["E"])} == {"G", "E"}
    own = {player: {id(p) for p in params} for player, params in trainer.params.items()}
    assert not own["D"] & own["E"]
    assert {id(p) for p in gan.parameters()} == own["D"] | own["G"] | own["E"]
    e = list(gan.E.parameters())
    both = torch.autograd.grad(g["G"], e, retain_graph=True), torch.autograd.grad(g["E"], e)
    assert all(torch.equal(a, b) for a, b in zip(*both, strict=True)), "G and E move together, as with one loss"


RING = {"width_g": 64, "width_d": 64, "batch": 128, "lr_g": 1e-3, "lr_d": 1e-3, "beta1": 0.5, "beta2": 0.9, "ema": 0.95, "n_cat": 8}
OWN = {"infogan": {"lr_q": 1e-3}, "clustergan": {"lr_e": 1e-3, "n_critic": 1, "gp": 0.3}}
UNTOLD = {"infogan": {"lam_cat": 0.0, "lam_con": 0.0}, "clustergan": {"beta_n": 0.0, "beta_c": 0.0}}


def learnt(variant: str, **knobs: object) -> tuple[GAN, float]:
    """(a view after 600 steps on the ring, the share of held-out points that lie in the cluster of their mode)."""
    ring = load("ring8")
    trainer = make(variant, POINTS, data=ring, seed=1, **RING | OWN[variant] | knobs)
    train(trainer, 600)
    view = trainer.view()
    return view, metrics.cluster_accuracy(metrics.confusion(view.clusters(ring.held), ring.held_labels, 8, 8))


@every
def test_its_categories_become_the_modes_and_without_its_information_they_do_not(variant: str) -> None:
    view, share = learnt(variant)
    assert share > 0.8
    code = view.draw(800, seeded())
    x = view.sample(code)
    found = view.clusters(x)
    assert (found == code.y).float().mean() > 0.95
    assert (found == code.y.roll(1)).float().mean() < 0.1, "of categories that are drawn anew it knows nothing"
    way = torch.linspace(0, 1, 20)[:, None]
    z = way * code.z[0] + (1 - way) * code.z[8]
    assert view.clusters(view.sample(Code(z, torch.zeros(20, dtype=torch.int64)))).unique().numel() == 1, "z does not lead out of a category"
    assert learnt(variant, **UNTOLD[variant])[1] < 0.6
