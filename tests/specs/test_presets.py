"""Presets are sound: every one of every variant on every data set is complete, in range, and can be started."""

import pytest
from suited import takes_data

from models import CARDS, ZOO, card
from models.kit import mix
from models.kit.batch import lacking
from models.kit.capabilities import needs
from models.kit.card import Card
from models.kit.knobs import declared
from playground import data
from playground.specs import presets
from playground.specs.check import check
from playground.types import Refused

ALL = [(v, d, name) for v in ZOO for d in data.DATASETS if not lacking(needs(ZOO[v]), data.domain(d)) for name in presets.names(v, d)]


@pytest.mark.parametrize(("variant", "data_id", "name"), ALL)
def test_each_preset_is_complete_and_passes_the_check_of_a_run(variant, data_id, name):
    made = presets.preset(variant, data_id, name)
    assert set(made) == {"knobs", "steps", "size"}
    assert set(made["knobs"]) == set(declared(ZOO[variant].Knobs))
    spec = check({"variant": variant, "data": data_id, "preset": name, **made})
    assert spec.knobs == mix.told(made["knobs"])
    assert spec.size == made["size"]
    assert 100 <= spec.steps <= 100_000


@pytest.mark.parametrize("variant", sorted(ZOO))
def test_every_variant_has_a_quick_preset_and_the_paper_s(variant):
    for id in [id for id in data.DATASETS if takes_data(variant, id)]:
        assert presets.names(variant, id)[0] == "quick"
        assert "paper" in presets.names(variant, id)
        assert presets.preset(variant, id, "quick")["knobs"]["ema"] > 0 or data.get(id).single
        assert presets.preset(variant, id, "paper")["knobs"]["ema"] == 0


def test_cards_name_only_places_that_exist():
    for variant in ZOO:
        assert set(card(variant).presets) <= {*data.DATASETS, "points", "images", "any"}, variant


def test_the_nearest_place_wins_and_what_is_not_named_keeps_its_declared_default(monkeypatch):
    near = {"points": {"quick": dict(batch=32)}, "ring8": {"quick": dict(batch=64, steps=7)}}
    monkeypatch.setitem(CARDS, "gan", Card(presets=near))
    ring, moons = (presets.preset("gan", d, "quick") for d in ("ring8", "moons"))
    assert (ring["knobs"]["batch"], ring["steps"], moons["knobs"]["batch"]) == (64, 7, 32)
    assert ring["knobs"]["beta2"] == declared(ZOO["gan"].Knobs)["beta2"].default


def test_began_s_paper_preset_is_the_paper_s():
    knobs = presets.preset("began", "digits", "paper")["knobs"]
    said = dict(gamma=0.5, lambda_k=1e-3, k0=0.0, exponent="1", k_scale="raw", z="separate", batch=16, lr_g=1e-4, prior="uniform", body="paper",
                beta1=0.9, beta2=0.999)
    assert said.items() <= knobs.items()
    assert presets.preset("began", "ring8", "paper")["knobs"]["beta1"] == 0.9


@pytest.mark.parametrize(("variant", "said"), [
    ("ebgan", dict(reduction="sum", margin=10.0)), ("ebgan_pt", dict(reduction="sum", margin=10.0, pt=0.1)), ("wgan_gp", dict(z_dim=128, gp=10.0)),
    ("ls_gan", dict(clamp=True, z="shared", real_weight=0.0, weight_decay=0.0, prior="uniform", tau=0.157))])
def test_paper_presets_of_digits_are_the_authors_own(variant, said):
    assert said.items() <= presets.preset(variant, "digits", "paper")["knobs"].items()


@pytest.mark.parametrize(("variant", "data_id", "name", "field"), [("nosuch", "ring8", "quick", "variant"), ("gan", "nosuch", "quick", "data"),
                                                                  ("gan", "ring8", "nosuch", "preset"), ("gan", "ring8", "", "preset")])
def test_unknown_names_are_refused_by_field(variant, data_id, name, field):
    with pytest.raises(Refused) as refused:
        presets.preset(variant, data_id, name)
    assert refused.value.field == field
