"""The page's menu says each thing once, and nothing is lost by that."""

import json

import orjson
import pytest

from models import CARDS, ZOO
from models.kit.capabilities import capabilities, needs, plain
from models.kit.card import Card
from playground import data
from playground.specs import presets
from playground.ui.handlers import catalogue


@pytest.fixture(scope="module")
def told():
    return catalogue.variants()


@pytest.mark.parametrize("id", sorted(ZOO))
def test_every_preset_can_be_put_together_again(told, id):
    variant = next(v for v in told["variants"] if v["id"] == id)
    for data_id, named in variant["presets"].items():
        assert list(named) == presets.names(id, data_id)
        assert "paper" in named
        sizes = data.get(data_id).sizes
        for name, place in named.items():
            setting = variant["settings"][place]
            knobs, size = {**variant["defaults"], **setting["knobs"]}, setting["size"] or (sizes[0] if sizes else 0)
            assert {"knobs": knobs, "steps": setting["steps"], "size": size} == presets.preset(id, data_id, name)


def test_a_variant_without_quick_presets_still_has_its_paper_s(monkeypatch):
    monkeypatch.setitem(CARDS, "gan", Card(presets={"digits": {"quick": dict(steps=7)}}))
    monkeypatch.setitem(CARDS, "lsgan", Card())
    catalogue.variants.cache_clear()
    try:
        told = {v["id"]: v for v in catalogue.variants()["variants"]}
    finally:
        catalogue.variants.cache_clear()
    assert list(told["gan"]["presets"]["digits"]) == ["quick", "paper"]
    assert list(told["gan"]["presets"]["ring8"]) == ["paper"]
    assert all(list(named) == ["paper"] for named in told["lsgan"]["presets"].values())


def test_families_stand_together_and_knobs_are_told_once(told):
    families = [v["family"] for v in told["variants"]]
    assert families == sorted(families)
    kept = [json.dumps(knob) for knob in told["declared"]]
    assert len(kept) == len(set(kept))
    for variant in told["variants"]:
        for kind in ("points", "images"):
            names = [told["declared"][place]["name"] for place in variant["knobs"][kind]]
            assert len(names) == len(set(names))
            assert set(names) <= set(variant["defaults"])
    assert len(json.dumps(told)) < 9500 * len(ZOO)
    assert orjson.loads(orjson.dumps(told)) == json.loads(json.dumps(told)), "what sends it knows fewer types"


def test_what_is_mixed_in_stands_behind_the_formulas_of_plain_variants_alone(told):
    for variant in told["variants"]:
        gains = told["gains"][variant["mixes"]]
        assert bool(gains) is plain(ZOO[variant["id"]])
        assert all(told["lines"][gain["line"]].startswith("<math") for gain in gains)
        if gains:                                               # the page adds to the first and to the second line
            assert [line.split(" = ")[0] for line in ZOO[variant["id"]].formula[:2]] == ["L_D", "L_G"]
        wraps = {form["when"]["relative"] for form in variant["forms"] if "relative" in form["when"]}
        assert wraps == (set() if not gains or isinstance(ZOO[variant["id"]].relative, str) else {"pairwise", "average"})


DIFFER = "samples that differ"


def test_it_tells_what_variants_need_and_data_provide(told):
    assert {v["id"]: v["needs"] for v in told["variants"]} == {id: list(needs(variant)) for id, variant in ZOO.items()}
    assert {v["id"]: v["capabilities"] for v in told["variants"]} == {id: capabilities(variant) for id, variant in ZOO.items()}
    assert {d["id"]: tuple(d["classes"]) for d in catalogue.datasets()} == {id: data.domain(id).classes for id in data.DATASETS}
    provides = {d["id"]: d["provides"] for d in catalogue.datasets()}
    assert (provides["digits"], provides["ring8"]) == (["images", DIFFER, "labels"], [DIFFER, "labels"])
    assert provides["pixel_faces"] == ["images", DIFFER, "labels", "attributes"]
    assert [d["id"] for d in catalogue.datasets() if d["single"]] == ["dirac"] == [id for id, found in provides.items() if DIFFER not in found]
