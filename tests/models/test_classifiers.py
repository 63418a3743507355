"""ACGAN and SGAN: steps worked out by hand, where their gradients go, labels that nothing may read, and known mistakes."""

import math
from collections.abc import Callable
from typing import Any

import pytest
import torch
from papers import EXACT, caught, double, grad, staged
from suited import shape_of
from torch import Tensor
from torch.nn.functional import softplus
from training import CLASSES, make, train

from models import ZOO
from models.acgan import ACGAN
from models.kit import losses
from models.kit.batch import POINTS, Labelled, SemiLabelled
from models.kit.capabilities import BaselineClassifier, Classifier
from playground.data import Data, load
from playground.evaluation.metrics import least_accuracy

TELLS = [id for id, cls in ZOO.items() if issubclass(cls, Classifier)]
REAL, FAKE = [[2.0, 2.0, 0.0, -1.0], [0.5, 0.0, 1.0, 0.0]], [[-1.0, 0.5, 0.5, 0.0], [0.25, 0.0, -1.0, 1.0]]        # a logit, and those of 3 classes


def ce(logits: list[float], y: int) -> float:
    return math.log(sum(math.exp(v) for v in logits)) - logits[y]


def sp(t: float) -> float:
    return math.log1p(math.exp(t))


def odds(logits: list[float]) -> float:
    return math.log(sum(math.exp(v) for v in logits[:-1])) - logits[-1]


@pytest.mark.parametrize("variant", TELLS)
def test_it_tells_the_classes_of_its_data(variant: str) -> None:
    gan = make(variant, shape_of(variant)).gan
    assert gan.classes() == CLASSES
    x = torch.randn(5, *shape_of(variant).dims)
    assert gan.classify(x).shape == (5, 3)
    assert isinstance(gan, BaselineClassifier) == hasattr(gan, "C")


def test_step_of_acgan() -> None:
    """Samples are what D gives: a logit and three of classes; λ_c is 0.5."""
    told, y = [], [0, 2]
    for fakes_too in (True, False):
        gan = staged("acgan", FAKE, lambda x: (x[:, 0], x[:, 1:]), class_weight=0.5, fake_classes=fakes_too, n_d=2)
        *ds, g = gan.step(iter(lambda: Labelled(double(REAL).detach(), torch.tensor(y)), None))
        plain = sum(sp(-row[0]) for row in REAL) / 2 + sum(sp(row[0]) for row in FAKE) / 2
        of_real, of_fake = (sum(ce(row[1:], at) for row, at in zip(rows, y, strict=True)) / 2 for rows in (REAL, FAKE))
        assert [d["D"].item() for d in ds] == pytest.approx([plain + 0.5 * (of_real + fakes_too * of_fake)] * 2, **EXACT)
        assert g["G"].item() == pytest.approx(sum(sp(-row[0]) for row in FAKE) / 2 + 0.5 * of_fake, **EXACT), "it lowers the cross-entropy, too"
        told.append({name: value.item() for name, value in gan.logged.items()})
    wanted = {"score/real": 1.25, "score/fake": -0.375, "class/real": 0.5, "class/fake": 1.0, "ce/real": of_real, "ce/fake": of_fake,
              "ce/asked": of_fake, "acc/real": 1.0, "acc/fake": 0.5}
    assert {name: told[0][name] for name in wanted} == pytest.approx(wanted, **EXACT)
    assert told[0] == told[1]


def test_step_of_sgan() -> None:
    known, real, fake, y = [[2.0, 0.0, 0.0, -1.0]], [[0.5, 1.0, 0.0, 0.0], [0.0, 0.0, 0.0, 1.0]], [[0.0, 0.0, 1.0, 0.5], [0.0, 0.0, 0.0, 2.0]], [1]
    gan = staged("sgan", fake, lambda x: x, unlabelled=0.25)
    gan.C = staged("sgan", fake, lambda x: 2 * x).D
    first, g = gan.step(iter([SemiLabelled(*(double(part).detach() for part in (real, known)), torch.tensor(y))]))
    d = ce(known[0], 1) + 0.25 * sum(sp(-odds(row)) for row in real) / 2 + sum(sp(odds(row)) for row in fake) / 2
    assert first["D"].item() == pytest.approx(d, **EXACT)
    assert first["C"].item() == pytest.approx(ce([4.0, 0.0, 0.0, -2.0], 1), **EXACT)
    assert g["G"].item() == pytest.approx(sum(sp(-odds(row)) for row in fake) / 2, **EXACT)
    x = double(real)
    assert gan.score(x).tolist() == pytest.approx([odds(row) for row in real], **EXACT)
    assert gan.classify(x).tolist() == [row[:3] for row in real]
    assert gan.classify_by_labels(x).tolist() == [[2 * v for v in row[:3]] for row in real]


@pytest.mark.parametrize("variant", ["acgan", "sgan"])
def test_a_whole_step_by_hand_with_networks_written_out(variant: str) -> None:
    """In float64, on points, from the weights and the run's numbers alone."""
    trainer, twin = (make(variant, POINTS, seed=3, **({"labels": 40} if variant == "sgan" else {})) for _ in range(2))
    gan, w = trainer.gan, {name: t.detach().double() for name, t in trainer.gan.state_dict().items()}
    seen = [{player: loss.item() for player, loss in found.items()} for found in twin.gan.step(twin.batches)]

    def layer(t: Tensor, name: str) -> Tensor:
        return t @ w[f"{name}.weight"].T + w[f"{name}.bias"]

    def leaky(t: Tensor) -> Tensor:
        return torch.where(t > 0, t, 0.2 * t)

    def mlp(t: Tensor, *names: str) -> Tensor:
        for name in names[:-1]:
            t = leaky(layer(t, name))
        return layer(t, names[-1])

    def cross(logits: Tensor, y: Tensor) -> Tensor:
        return (logits.exp().sum(1).log() - logits[torch.arange(len(y)), y]).mean()

    batch = next(trainer.batches)
    x, z, again = batch.x.double(), gan.noise(16).double(), gan.noise(16).double()
    if variant == "acgan":
        made = [mlp(torch.cat([one, w["G.embed.weight"][batch.y]], 1), "G.body.0", "G.body.2", "G.body.4") + 1.5 * one for one in (z, again)]
        bodies = [leaky(mlp(t, "D.body.0", "D.body.2")) for t in (x, *made)]
        (r, f, g), (a, b, c) = ([layer(t, "D.score.4")[:, 0] for t in bodies], [layer(t, "D.label.0") for t in bodies])
        assert seen == [{"D": pytest.approx((softplus(-r) + softplus(f)).mean().item() + (cross(a, batch.y) + cross(b, batch.y)).item(), rel=1e-5)},
                        {"G": pytest.approx((softplus(-g).mean() + cross(c, batch.y)).item(), rel=1e-5)}]
    else:
        made = [mlp(one, "G.body.0", "G.body.2", "G.body.4") + 1.5 * one for one in (z, again)]
        r, f, g, a = (mlp(t, "D.0", "D.2", "D.4") for t in (x, *made, batch.known.double()))
        c = mlp(batch.known.double(), "C.0", "C.2", "C.4")
        r, f, g = (t[:, :3].exp().sum(1).log() - t[:, 3] for t in (r, f, g))
        assert torch.equal(a, c), "the baseline begins where D does"
        assert seen == [{"D": pytest.approx((softplus(-r) + softplus(f)).mean().item() + cross(a, batch.y).item(), rel=1e-5),
                         "C": pytest.approx(cross(c, batch.y).item(), rel=1e-5)}, {"G": pytest.approx(softplus(-g).mean().item(), rel=1e-5)}]


def reached(loss: Tensor, network: torch.nn.Module) -> bool:
    found = torch.autograd.grad(loss, list(network.parameters()), allow_unused=True, retain_graph=True)
    return any(g is not None and g.abs().sum() > 0 for g in found)


def test_each_loss_reaches_the_networks_that_it_is_of() -> None:
    acgan = make("acgan", POINTS)
    game = acgan.gan.step(acgan.batches)
    d = next(game)["D"]
    assert all(reached(d, head) for head in (acgan.gan.D.score, acgan.gan.D.label, acgan.gan.D.body))
    assert not reached(d, acgan.gan.G)
    assert reached(next(game)["G"], acgan.gan.G.embed)
    asked = losses.class_loss(acgan.gan.classify(acgan.gan.sample(acgan.gan.draw(9, torch.Generator().manual_seed(1)))), torch.arange(9) % 3)
    assert reached(asked, acgan.gan.G), "the cross-entropy has a gradient for G"
    assert not hasattr(acgan.gan.D, "embed"), "D is not told the class"
    sgan = make("sgan", POINTS)
    game = sgan.gan.step(sgan.batches)
    found = next(game)
    assert [reached(found["D"], net) for net in (sgan.gan.D, sgan.gan.C, sgan.gan.G)] == [True, False, False]
    assert [reached(found["C"], net) for net in (sgan.gan.D, sgan.gan.C, sgan.gan.G)] == [False, True, False]
    g = next(game)["G"]
    assert [reached(g, sgan.gan.G), reached(g, sgan.gan.C)] == [True, False]


def test_cross_entropy_takes_raw_logits() -> None:
    assert losses.class_loss(double([[10.0, 0.0, 0.0]]), torch.tensor([0])).item() < 1e-3
    assert losses.class_loss(double([[10.0, 0.0, 0.0]]).softmax(1), torch.tensor([0])).item() > 0.55, "what a softmax before it does"


def test_one_softmax_over_all_classes_and_fake() -> None:
    flat = double([[0.7] * 4])
    terms = [losses.class_loss(flat, torch.tensor([1])), softplus(-losses.real_logit(flat)), softplus(losses.real_logit(flat))]
    assert [t.item() for t in terms] == pytest.approx([math.log(4), math.log(4 / 3), math.log(4)], **EXACT)
    rows = double([[0.3, -1.0, 2.0, 0.5], [1.0, 1.0, -0.4, 0.0]])
    losses_of = [losses.semi_supervised_d(rows + by, torch.tensor([2, 0]), rows + by, rows + by, 0.7).item() for by in (0.0, 9.0)]
    assert losses_of[0] == pytest.approx(losses_of[1], **EXACT)
    pull = grad(softplus(-losses.real_logit(rows)).mean(), rows)
    assert pull[1][0] == pytest.approx(pull[1][1], **EXACT), "classes that tie are pushed alike"
    far = torch.tensor([[200.0, -200.0, 0.0, -300.0], [-300.0, -200.0, -250.0, 200.0]], requires_grad=True)
    loss = losses.semi_supervised_d(far, torch.tensor([1, 0]), far, far, 1.0)
    assert loss.isfinite()
    assert torch.autograd.grad(loss, far)[0].isfinite().all()


def test_the_least_accuracy_is_that_of_the_worst_class() -> None:
    logits = torch.eye(3)[[0, 0, 1, 2, 2, 0]]
    assert least_accuracy(logits, torch.tensor([0, 0, 1, 2, 2, 2])) == pytest.approx(2 / 3)
    assert math.isnan(least_accuracy(logits[:0], torch.empty(0, dtype=torch.int64)))


def weights_after(data: Data, variant: str, steps: int = 6, **knobs: Any) -> dict[str, Tensor]:
    trainer = make(variant, POINTS, data=data, seed=5, **knobs)
    train(trainer, steps)
    return trainer.state()[0]


def same(a: dict[str, Tensor], b: dict[str, Tensor]) -> bool:
    return a.keys() == b.keys() and all(torch.equal(a[name], b[name]) for name in a)


@pytest.mark.parametrize("variant", TELLS)
def test_labels_for_evaluation_and_unknown_ones_change_no_weight(variant: str) -> None:
    ring = load("ring8")
    clean = weights_after(ring, variant)
    assert same(clean, weights_after(ring._replace(held_labels=torch.full_like(ring.held_labels, 10 ** 9), held=ring.held * math.nan), variant))
    chosen = torch.randperm(len(ring.labels), generator=torch.Generator().manual_seed(0))[:100]
    poisoned = torch.full_like(ring.labels, 10 ** 9).index_copy(0, chosen, ring.labels[chosen])
    if ZOO[variant].batch is SemiLabelled:
        assert same(clean, weights_after(ring._replace(labels=poisoned), variant))
        assert not same(clean, weights_after(ring._replace(labels=ring.labels.roll(1)), variant)), "those that are known do"


def double_softmax(logits: Tensor, y: Tensor) -> Tensor:
    return torch.nn.functional.cross_entropy(logits.softmax(1), y)


def mean_of_classes(logits: Tensor) -> Tensor:
    return logits[:, :-1].mean(1) - logits[:, -1]


def told_apart(logits: Tensor) -> Tensor:
    return logits[:, 0] - logits[:, -1]


def underflowing(logits: Tensor) -> Tensor:
    p = logits.softmax(1)
    return p[:, :-1].sum(1).log() - p[:, -1].log()


MISTAKES: list[tuple[str, str, Callable[..., Tensor], Callable[[], None]]] = [
    ("double softmax in ACGAN", "class_loss", double_softmax, test_step_of_acgan),
    ("double softmax in SGAN", "class_loss", double_softmax, test_step_of_sgan),
    ("the class loss raised", "class_loss", lambda logits, y: -torch.nn.functional.cross_entropy(logits, y), test_step_of_acgan),
    ("a mean of classes for their sum", "real_logit", mean_of_classes, test_one_softmax_over_all_classes_and_fake),
    ("G drawn to one class", "real_logit", told_apart, test_one_softmax_over_all_classes_and_fake),
    ("an underflow", "real_logit", underflowing, test_one_softmax_over_all_classes_and_fake),
]


@pytest.mark.parametrize(("name", "attribute", "wrong", "guard"), MISTAKES, ids=[name for name, *_ in MISTAKES])
def test_a_known_mistake_is_caught(name: str, attribute: str, wrong: Callable[..., Tensor], guard: Callable[[], None],
                                   monkeypatch: pytest.MonkeyPatch) -> None:
    caught(guard, attribute, wrong, monkeypatch)


def right(variant: type[ACGAN]) -> float:
    """After 400 steps on the ring: fakes whose nearest mode is the one that was asked for."""
    ring = load("ring8")
    trainer = make(variant, POINTS, data=ring, seed=1, width_g=64, width_d=64, batch=128, lr_g=1e-3, lr_d=1e-3, beta2=0.9, ema=0.95)
    train(trainer, 400)
    code = trainer.view().draw(800, torch.Generator().manual_seed(4))
    return (torch.cdist(trainer.view().sample(code), ring.modes).argmin(1) == code.y).float().mean().item()


def test_acgan_learns_which_class_is_asked_and_without_its_class_loss_it_does_not() -> None:
    class Careless(ACGAN):
        def step(self, batches):
            for found in super().step(batches):
                yield found if "D" in found else {"G": losses.logistic_g(self.score(self.G(self.noise(128), torch.arange(128) % 8)))}

    assert right(ACGAN) > 0.9
    assert right(Careless) < 0.5
