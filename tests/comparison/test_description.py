"""What is said of lanes: titles, what differs, what is equal and what is not, what they cost, and which terms of their formulas differ."""

from dataclasses import replace

import pytest
import torch
from compared import QUALITY, entrant, lane

import models
from playground.comparison.description import described
from playground.comparison.formulas import Term, formulas, parsed
from playground.comparison.lanes import Entrant, Lane, titles
from playground.comparison.networks import networks
from playground.specs.check import check
from playground.training.build import domain_of, untrained

RING = {"data": "ring8", "quality": None}


def changed(one: Entrant, **how) -> Entrant:
    return Entrant(replace(one.run, **how), one.history)


def test_titles_say_what_tells_lanes_apart_and_no_two_are_the_same(tmp_path):
    began = [lane(tmp_path, [1], variant="began", gamma=g) for g in (0.3, 0.5)]
    assert titles([*began, lane(tmp_path, [1])]) == ["BEGAN, γ = 0.3", "BEGAN, γ = 0.5", "GAN"]
    assert titles([began[0], began[0], Lane((), ("x",))]) == ["BEGAN (1)", "BEGAN (2)", "Gone"]
    assert titles([began[0], lane(tmp_path, [1], variant="began", gamma=0.3, **RING)]) == ["BEGAN, Digits at 28 px", "BEGAN, 8 Gaussians"]
    assert titles([Lane((entrant(tmp_path, {}, seed=seed),)) for seed in (1, 2)]) == ["GAN, seed 1", "GAN, seed 2"]
    one = entrant(tmp_path, {})
    assert titles([Lane((one,)), Lane((changed(one, parent=one.run.id, forked=500),))]) == ["GAN", "GAN, fork at step 500"]
    assert titles([Lane((changed(one, name=name),)) for name in ("first", "second")]) == ["GAN, first", "GAN, second"]


def test_only_what_differs_is_in_the_table(tmp_path):
    found = described([lane(tmp_path, [1, 2], variant="began", gamma=0.3), lane(tmp_path, [1, 2], variant="began", tunes=[(500, "gamma", 0.5, 0.7)])])
    assert found["differences"] == [{"name": "gamma", "label": "diversity ratio", "values": ["0.3", "0.5; 0.7 from step 501"], "shared": True}]
    assert described([lane(tmp_path, [1]), lane(tmp_path, [1])])["differences"] == []
    rows = described([lane(tmp_path, [1], variant="wgan"), lane(tmp_path, [1], variant="wgan_gp"), Lane((), ("x",))])["differences"]
    values = {row["name"]: row["values"] for row in rows}
    assert values["optimisers.D"] == ["RMSprop", "Adam", "–"]
    assert values["gp"] == ["–", "10", "–"]
    assert "batch" not in values
    assert "topk" not in values                         # nothing is mixed in
    assert [row["shared"] for row in rows] == sorted([row["shared"] for row in rows], reverse=True)
    mixed = described([lane(tmp_path, [1]), lane(tmp_path, [1], regulariser="R1", regulariser_weight=5.0)])["differences"]
    assert {row["name"]: row["values"] for row in mixed} == {"regulariser": ["–", "R1"], "regulariser_weight": ["–", "5"]}


def test_sizes_of_networks_are_told_where_they_differ(tmp_path):
    rows = {row["name"]: row for row in described([lane(tmp_path, [1], width_d=16), lane(tmp_path, [1])])["differences"]}
    assert set(rows) == {"width_d", "parameters.D"}
    assert rows["parameters.D"]["label"] == "parameters of D"


def test_what_is_equal_and_what_is_not_is_said(tmp_path):
    found = described([lane(tmp_path, [1, 2], variant="ebgan"), lane(tmp_path, [1, 2], variant="began"), lane(tmp_path, [1, 2], variant="aae")])
    assert found["equal"] == ["All train on the same data: Digits at 28 px.",
                              "All have the same seeds (1 and 2), budget (1,000 steps) and batch size (64).",
                              "G begins from the same weights in EBGAN and BEGAN.", "Pictures are made of the same z in EBGAN and BEGAN.",
                              "Quality is measured on 1,000 samples of each."]
    assert found["unequal"] == ["G begins from other weights in AAE.", "Pictures are made of other z in AAE.",
                                "Each draws its batches in an order of its own."]


@pytest.mark.parametrize(("how", "told"), [
    ({"data": "emoji"}, "They train on other data, so their measures cannot be compared. Digits at 28 px: GAN; Emoji at 32 px: LSGAN."),
    ({"spec": {"options": {"flip": True}}, "data": "emoji"}, "They train on other data"),
    ({"steps": 5000}, "Not the same budget. 1,000 steps: GAN; 5,000 steps: LSGAN."),
    ({"batch": 32}, "Not the same batch size. 64: GAN; 32: LSGAN."),
    ({"quality": {**QUALITY, "n": 500}}, "Not measured alike, so their measures cannot be compared. 1,000 samples and features digits-1: GAN; "
                                         "500 samples and features digits-1: LSGAN."),
    ({"tunes": [(5, "lr_g", 2e-4, 1e-3)]}, "LSGAN was tuned while training."),
    ({"z_dim": 64}, "G begins from other weights in each lane.")])
def test_each_inequality_is_named(tmp_path, how, told):
    found = described([lane(tmp_path, [1, 2]), lane(tmp_path, [1, 2], variant="lsgan", **how)])
    assert any(sentence.startswith(told) for sentence in found["unequal"]), found["unequal"]


def test_seeds_that_are_missing_or_others_are_named(tmp_path):
    one, two = lane(tmp_path, [1, 2]), lane(tmp_path, [1], variant="lsgan")
    found = described([one, Lane(two.entrants, ("x",))])
    assert found["unequal"][:2] == ["Not the same seeds. 1 and 2: GAN; 1: LSGAN.", "Runs of LSGAN are gone."]


def test_the_same_data_with_other_options_are_named(tmp_path):
    found = described([lane(tmp_path, [1], data="emoji"), lane(tmp_path, [1], data="emoji", variant="lsgan", spec={"options": {"flip": True}})])
    assert found["unequal"][0] == "Their data are the same but for flip, so their measures cannot be compared."


def test_forks_say_where_they_begin(tmp_path):
    parent = entrant(tmp_path, {}, variant="began")
    child = changed(entrant(tmp_path, {}, variant="began"), parent=parent.run.id, forked=500)
    found = described([Lane((parent,)), Lane((child,))])
    assert "They do not begin at the same place: BEGAN at step 0; BEGAN, fork at step 500 at step 500 of BEGAN." in found["unequal"]
    twin = changed(entrant(tmp_path, {}, variant="began", gamma=0.3), parent=parent.run.id, forked=500)
    assert "All begin as the same run was at step 500." in described([Lane((child,)), Lane((twin,))])["equal"]


@pytest.mark.parametrize("data", ["ring8", "digits"])
def test_equal_marks_of_weights_are_equal_weights(data):
    """Whatever a variant builds beside G: two with the same mark have the same numbers in G, two with other marks have others."""
    weights: dict[str, list[torch.Tensor]] = {}
    for variant in models.ZOO:
        try:
            spec = check({"variant": variant, "data": data, "seed": 5})
        except ValueError:
            continue
        gan = untrained(variant, domain_of(spec), spec.knobs, torch.Generator().manual_seed(5))
        found, mine = networks(spec), list(gan.G.state_dict().values())
        assert networks(replace(spec, seed=6)).weights != found.weights
        assert found.parameters["G"] == sum(p.numel() for module in gan.players()["G"] for p in module.parameters())
        known = weights.setdefault(found.weights, mine)
        assert all(torch.equal(a, b) for a, b in zip(known, mine, strict=True))
    assert len(weights) < 10                            # most variants' generators have one shape


def test_what_a_lane_costs(tmp_path):
    (told,) = described([lane(tmp_path, [1, 2], pace=0.02)])["lanes"]
    assert told["cost"]["ms"] == pytest.approx(20.0, rel=0.01)
    assert told["cost"]["parameters"].keys() == {"D", "G"}
    assert told["cost"]["memory"] > 32 << 20
    gone = described([Lane((), ("x",))])["lanes"][0]
    assert (gone["title"], gone["spec"], gone["cost"], gone["missing"]) == ("Gone", None, None, ["x"])


def test_a_run_of_a_variant_that_is_no_more_is_still_described(tmp_path):
    old = entrant(tmp_path, {})
    old = changed(old, spec=replace(old.run.spec, variant="newgan", data="nowhere"))
    told = described([Lane((old,)), lane(tmp_path, [1])])
    assert told["lanes"][0]["title"] == "newgan"
    assert told["lanes"][0]["cost"]["memory"] is None
    assert told["formulas"][0] == []


def test_lines_are_split_at_signs_outside_of_brackets_and_put_together_again():
    for cls in models.ZOO.values():
        for line in cls.formula:
            found = parsed(line)
            whole = found.left + "".join(term.sign + term.latex for term in found.terms)
            assert whole.replace(" ", "") == line.replace(" ", ""), line
    assert parsed(r"L_D = -\log \sigma(D(x) - \mu) + |a - b|^2, \ x").terms == (
        Term("-", r"\log \sigma(D(x) - \mu)"), Term("+", r"|a - b|^2, \ x"))
    assert parsed(r"L_E = \beta (-\log E_c(y|G(z))) + x_+ - y").terms == (Term("", r"\beta (-\log E_c(y|G(z)))"), Term("+", "x_+"), Term("-", "y"))


def test_terms_that_are_not_in_all_lanes_are_marked(tmp_path):
    def marks(*variants: str, **knobs) -> list[dict[str, list[str]]]:
        found = formulas([lane(tmp_path, [1], variant=variant, **knobs) for variant in variants])
        return [{line.left: [term.sign + term.latex for term in line.terms if term.differs] for line in lines} for lines in found]
    assert marks("ebgan", "ebgan_pt") == [{"L_D =": [], "L_G =": []}, {"L_D =": [], "L_G =": [r"+\lambda_{PT}\, PT(S)"]}]
    wgan = marks("wgan", "wgan_gp")
    assert [lines["L_D ="] for lines in wgan] == [[r",\ |w| \le c"], [r"+\lambda (|\nabla_u D(u)| - 1)^2"]]
    assert [lines["L_G ="] for lines in wgan] == [[], []]
    began, ebgan = marks("began", "ebgan")
    assert began["L_D ="] == [r"-k_t\, U(G(z))"]
    assert ebgan["L_D ="] == ["+(m - U(G(z)))_+"]
    assert len(began["k_{t+1} ="]) == 3                 # a line that the other has not
    assert marks("gan", "gan") == [{"L_D =": [], "L_G =": []}] * 2
