"""What may be mixed into losses of scores: the relativistic wrapper and top-k, worked out by hand, and by whom they may be had."""

import json
import math
from collections.abc import Callable, Iterator

import pytest
import torch
from papers import EXACT, double, staged
from suited import place_of
from test_mix import MIXED, SMALL, short, trainer, weights
from torch import Tensor
from torch.nn.utils.parametrize import is_parametrized

from models import ZOO
from models.kit import losses, mix, relative
from models.kit.batch import Plain
from models.kit.gan import GAN
from models.kit.knobs import agree, declared
from models.kit.knobs import check as checked
from models.kit.relative import Relative
from playground.specs.check import check
from playground.types import Refused

WRAPPED = [id for id in MIXED if isinstance(ZOO[id].relative, Relative)]
SUITED = {"lsgan": {"scheme": "-1, 1, 0"}}              # what else the wrapper needs
REAL, FAKE = [[2.0, 0.3], [0.5, 0.1]], [[-1.0, 0.2], [0.25, 0.7]]
COSTS: dict[str, Callable[[float], float]] = {"logistic": lambda t: math.log1p(math.exp(-t)), "least squares": lambda t: (t - 1) ** 2,
                                              "hinge": lambda t: max(0.0, 1 - t)}
CASES = [(id, {}) for id in WRAPPED if id != "dcgan"] + [("sngan", {"objective": "logistic"})]


def drawn(x: Tensor) -> Iterator[Plain]:
    return iter(lambda: Plain(x), None)


def played(gan: GAN) -> dict[str, float]:
    """The last losses of each player."""
    return {player: loss.item() for found in gan.round(drawn(double(REAL).detach())) for player, loss in found.items()}


def wrapped(variant: str, how: str, score: Callable[[Tensor], Tensor] = lambda x: x[:, 0], **knobs) -> GAN:
    extra = {"gp": 0.0} if variant == "dragan" else {}
    extra |= {"spectral": False} if variant == "sngan" else {}
    return staged(variant, FAKE, score, relative=how, **SUITED.get(variant, {}), **extra, **knobs)


def by_hand(how: str, h: Callable[[float], float]) -> dict[str, float]:
    """Scores of real data 2 and 0.5, of fakes -1 and 0.25: pairs 3 and 0.25 apart; means 1.25 and -0.375."""
    if how == "pairwise":
        return {"D": (h(3) + h(0.25)) / 2, "G": (h(-3) + h(-0.25)) / 2}
    apart = {"D": ((2.375, 0.875), (2.25, 1.0)), "G": ((-2.25, -1.0), (-2.375, -0.875))}
    return {player: sum(map(h, own)) / 2 + sum(map(h, other)) / 2 for player, (own, other) in apart.items()}


def losses_are_those_of_differences() -> None:
    for variant, knobs in CASES:
        for how in relative.LINES:
            gan = wrapped(variant, how, **knobs)
            assert played(gan) == pytest.approx(by_hand(how, COSTS[gan.relative.base_of(gan.knobs)]), **EXACT), (variant, how)


def test_losses_are_costs_of_differences_in_pairs_or_on_average():
    assert {"gan", "dcgan", "dragan", "lsgan", "sngan"} == set(WRAPPED)
    losses_are_those_of_differences()


@pytest.mark.parametrize("wrong", [
    lambda how, base, higher, lower: losses.RELATIVE[base](higher - lower.mean()).mean(),                      # the first term alone
    lambda how, base, higher, lower: losses.relativistic_average(lower, higher, base),                         # the wrong way round
    lambda how, base, higher, lower: losses.RELATIVE[base](higher).mean() + losses.RELATIVE[base](-lower).mean()])       # no differences
def test_known_mistakes_of_the_wrapper_are_found(monkeypatch, wrong):
    losses_are_those_of_differences()
    monkeypatch.setattr(relative, "loss", wrong)
    with pytest.raises(AssertionError):
        losses_are_those_of_differences()


@pytest.mark.parametrize(("variant", "how", "knobs", "same", "own"), [
    ("gan", "pairwise", {}, "rgan", {}), ("gan", "average", {}, "ragan", {}),
    ("lsgan", "average", SUITED["lsgan"], "ragan", {"base": "least squares"}),
    ("sngan", "average", {"spectral": False, "beta1": 0.5, "beta2": 0.999}, "ragan", {"base": "hinge"})])
def test_a_wrapped_critic_is_rgan_or_ragan_to_the_last_bit(variant, how, knobs, same, own):
    one, two = trainer(variant, data_id="ring8", relative=how, **knobs), trainer(same, data_id="ring8", **own)
    for made in (one, two):
        for _ in range(6):
            made.advance()
    a, b = one.flush(), two.flush()
    assert a["loss/d"] == b["loss/d"]
    assert a["gap/relative"] == pytest.approx(b["gap/mean"], rel=1e-5)
    assert all(torch.equal(x, y) for x, y in zip(weights(one).values(), weights(two).values(), strict=True))


@pytest.mark.parametrize("how", relative.LINES)
@pytest.mark.parametrize("variant", WRAPPED)
def test_scores_by_themselves_are_neither_charted_nor_drawn(variant, how):
    made = trainer(variant, relative=how, **SUITED.get(variant, {}))
    made.advance()
    row = made.flush()
    assert {"gap/relative", "acc/relative"} <= set(row)
    assert not {name for name in row if name.split("/")[0] in ("score", "prob", "hinge", "inside") or name in ("acc/real", "acc/fake")}
    assert set(made.gan.relative.lost) <= set(made.gan.scalars)
    view, x = made.view(), next(made.batches).x
    fakes = view.sample(view.draw(len(x)))
    (level,) = view.levels_now(x, fakes, view.score(x))
    assert float(level.value) == pytest.approx((view.score(x).mean() + view.score(fakes).mean()).item() / 2, rel=1e-5, abs=1e-6)
    assert view.unit_now() == "score"
    plain = trainer(variant).view()
    assert plain.unit_now() == plain.score_unit()
    assert [one.name for one in plain.levels_now(x, fakes, plain.score(x))] == [one.name for one in plain.levels(x, fakes, plain.score(x))]


@pytest.mark.parametrize("how", relative.LINES)
def test_a_number_added_to_all_scores_changes_nothing_and_gradients_reach_one_network(how):
    for variant, knobs in CASES:
        near, far = (wrapped(variant, how, lambda x, by=by: x.square().sum(1) + by, **knobs) for by in (0.0, 7.0))
        assert played(near) == pytest.approx(played(far), **EXACT)
        assert set(near.logged) <= {"gap/relative", "acc/relative", "penalty/gp", "slope/data"}
    made = trainer("gan", relative=how)
    own = {player: [p for net in nets for p in net.parameters()] for player, nets in made.gan.players().items()}
    x, seen = next(made.batches).x.requires_grad_(), set()
    for found in made.gan.round(drawn(x)):
        ((player, loss),) = found.items()
        seen.add(player)
        moved = [bool(g.abs().sum() > 0) for g in torch.autograd.grad(loss, own[player], retain_graph=True)]
        assert all(moved[:-1]), "all but D's last bias, which is in all scores"
        touched = torch.autograd.grad(loss, [*own["G"], x], allow_unused=True)
        assert all((g is not None) is (player == "G") for g in touched[:-1]), "D's loss moves no G"
        assert (touched[-1] is not None) is (player == "D"), "real scores in G's loss are constants"
    assert seen == {"D", "G"}


def test_whoever_cannot_be_wrapped_says_why_and_is_refused_by_name():
    for variant in MIXED:
        known, place = declared(ZOO[variant].Knobs)["relative"].metadata, dict(zip(("data", "size"), place_of(variant), strict=True))
        assert bool(known["barred"]) is (variant not in WRAPPED)
        if known["barred"]:
            with pytest.raises(Refused) as no:
                check({"variant": variant, **place, "knobs": {"relative": "average"}})
            assert (no.value.field, str(no.value)) == ("relative", f"relative must be none: {ZOO[variant].relative}")
    for knobs, says in (({"g_loss": "minimax"}, "set g_loss"), ({"label_smooth": 0.1}, "set label_smooth")):
        with pytest.raises(Refused, match=says) as no:
            check({"variant": "gan", "data": "ring8", "knobs": {"relative": "average", **knobs}})
        assert no.value.field == "relative"
    with pytest.raises(Refused, match="set scheme, or leave relative at none"):
        check({"variant": "lsgan", "data": "ring8", "knobs": {"relative": "average"}})
    assert check({"variant": "lsgan", "data": "ring8", "knobs": {"relative": "average", **SUITED["lsgan"]}}).knobs["relative"] == "average"


def g_learns_from_the_best_alone() -> None:
    """In every game: the fakes beyond k, whichever D takes least for real, have no gradient at all, and the others have one."""
    for variant in MIXED:
        made = trainer(variant, topk=0.4)
        asked: list[tuple[Tensor, Tensor]] = []
        made.gan.D.register_forward_hook(lambda _, given, scores, asked=asked: asked.append((given[0], scores.detach())))
        for found in made.gan.round(made.batches):
            if "G" not in found:
                asked.clear()
                continue
            ((fakes, scores),) = [(x, s) for x, s in asked if x.requires_grad]
            gradient = torch.autograd.grad(found["G"], fakes, retain_graph=True)[0].flatten(1).abs().sum(1)
            order = scores.argsort(descending=made.gan.larger_is == "real")
            assert len(order) == 8
            assert gradient[order[4:]].eq(0).all(), variant          # 0.4 of 8, rounded up, are 4
            assert gradient[order[:4]].gt(0).any(), variant
            assert all(g.abs().sum() > 0 for g in torch.autograd.grad(found["G"], list(made.gan.G.parameters()))[:1])


def test_fakes_beyond_k_have_exactly_no_gradient_in_any_game():
    g_learns_from_the_best_alone()


@pytest.mark.parametrize("wrong", [lambda gan, scores: scores.detach().topk(mix.kept(gan, len(scores)), largest=gan.larger_is != "real").indices,
                                   lambda gan, scores: torch.arange(mix.kept(gan, len(scores)))])
def test_the_worst_and_the_first_are_not_the_best(monkeypatch, wrong):
    monkeypatch.setattr(mix, "_chosen", wrong)
    with pytest.raises(AssertionError):
        g_learns_from_the_best_alone()


def test_g_s_loss_is_of_the_k_best_and_k_is_the_share_rounded_up():
    fakes = [[-1.0], [0.25], [3.0], [0.5]]
    for variant, h in (("gan", lambda t: math.log1p(math.exp(-t))), ("lsgan", lambda t: (t - 1) ** 2 / 2), ("wgan_gp", lambda t: -t),
                       ("ls_gan", lambda t: t), ("bgan", lambda t: t * t / 2)):
        gan = staged(variant, fakes, topk=0.5, **({"n_critic": 1} if variant == "wgan_gp" else {}))
        kept = (-1.0, 0.25) if variant == "ls_gan" else (3.0, 0.5)
        g = [found["G"] for found in gan.round(drawn(double([[1.0], [2.0], [0.0], [0.5]]).detach())) if "G" in found]
        assert g[0].item() == pytest.approx(sum(map(h, kept)) / 2, **EXACT), variant
    gan = staged("rgan", fakes, topk=0.5)
    (g,) = [found["G"] for found in gan.round(drawn(double([[1.0], [2.0], [0.0], [0.5]]).detach())) if "G" in found]
    assert g.item() == pytest.approx(sum(math.log1p(math.exp(-t)) for t in (3 - 1, 0.5 - 2)) / 2, **EXACT)      # beside as many real samples
    for share, n, k in ((1.0, 7, 7), (0.5, 7, 4), (0.7, 10, 7), (0.05, 4, 1), (0.3, 10, 3), (0.31, 10, 4)):
        assert mix.kept(staged("gan", fakes, topk=share), n) == k
    scores = torch.randn(9)
    assert mix.best(staged("gan", fakes), scores) is scores


def test_top_k_may_be_turned_while_a_run_trains():
    made = trainer("gan")
    assert declared(type(made.gan.knobs))["topk"].metadata["live"]
    made.tune(checked(type(made.gan.knobs), {**vars(made.gan.knobs), "topk": 0.25}))
    assert len(made.gan.best(torch.randn(8))) == 2


@pytest.mark.parametrize(("variant", "knobs"), [("gan", {"relative": "average", "topk": 0.5, "regulariser": "LeCam", "regulariser_weight": 0.1}),
                                                ("dcgan", {"relative": "pairwise", "topk": 0.3, "augment": "translation", "ada": 0.2}),
                                                ("wgan_gp", {"topk": 0.6, "regulariser": "R2"})])
def test_a_resumed_run_goes_on_to_the_last_bit(variant, knobs):
    one = trainer(variant, **knobs)
    for _ in range(3):
        one.advance()
    one.flush()
    tensors, meta = one.state()
    assert mix.OWN.keys() <= meta["knobs"].keys()
    two = trainer(variant, seed=8, **knobs)
    two.load(tensors, json.loads(json.dumps(meta)))
    for made in (one, two):
        made.advance()
        made.advance()
    assert one.flush() == two.flush()
    assert all(torch.equal(a, b) for a, b in zip(one.state()[0].values(), two.state()[0].values(), strict=True))


def test_spectral_norm_is_offered_to_every_scalar_critic():
    for variant in MIXED:
        assert "spectral" in declared(ZOO[variant].Knobs)
        for on in (True, False):
            d = trainer(variant, spectral=on).gan.D
            layers = [m for m in d.modules() if isinstance(m, (torch.nn.Linear, torch.nn.Conv2d))]
            assert {is_parametrized(layer) for layer in layers} == {on}, variant


def test_ada_without_an_augmentation_is_refused_and_old_files_are_read():
    asked = {"variant": "gan", "data": "digits", "size": 16, "knobs": SMALL | short("gan") | {"ada": 0.5}}
    with pytest.raises(Refused) as no:
        check(asked)
    assert no.value.field == "ada"
    assert str(no.value) == "ada needs an augmentation of D's input, whose chance it sets: set augment, or leave ada at 0.0"
    assert check({**asked, "knobs": asked["knobs"] | {"augment": "translation"}}).knobs["ada"] == 0.5
    old = checked(ZOO["gan"].Knobs, asked["knobs"])
    assert old.ada == 0.5
    agree(old, {"lr_g"})                                    # what is turned beside it may be turned


def test_the_weight_of_no_regulariser_is_refused():
    knobs = SMALL | short("gan") | {"regulariser_weight": 0.1}
    with pytest.raises(Refused, match="regulariser_weight needs a regularizer, which it weighs: set regulariser, or leave") as no:
        check({"variant": "gan", "data": "ring8", "knobs": knobs})
    assert no.value.field == "regulariser_weight"
    assert check({"variant": "gan", "data": "ring8", "knobs": knobs | {"regulariser": "R1"}}).knobs["regulariser_weight"] == 0.1
