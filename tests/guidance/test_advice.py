"""What variants are good and bad at: every text is about something that exists, and reaches the page for the right data."""

import pytest
from suited import takes_data

from models import CARDS, ZOO, card
from models.kit.capabilities import Conditional
from models.kit.card import Card, Notes
from playground import data
from playground.guidance import variant_notes
from playground.types import Refused
from playground.ui.handlers import catalogue


@pytest.mark.parametrize("variant", sorted(ZOO))
def test_every_variant_has_its_texts_and_those_are_of_places_that_exist(variant):
    places, known = {*data.DATASETS, *(d.kind for d in data.DATASETS.values()), "any"}, card(variant).notes
    assert known.good
    assert known.bad
    assert set(known.warns) <= places
    assert all(5 < len(text) < 400 for text in (known.good, known.bad, *known.warns.values()))


def test_failures_that_the_readme_tells_of_are_warned_of():
    """The grid is found by none that is not told the mode; BEGAN loses half of the moons, and draws some digits too often."""
    blind = {v for v in ZOO if takes_data(v, "grid25") and not issubclass(ZOO[v], Conditional)}
    assert {v for v in ZOO if "25 clusters" in variant_notes.warning(v, "grid25")} == blind
    assert all(variant_notes.warning("began", id) != variant_notes.warning("began", "circles") for id in ("ring8", "moons", "grid25"))
    assert variant_notes.warning("began", "digits")


def test_the_closest_place_warns(monkeypatch):
    monkeypatch.setitem(CARDS, "gan", Card(Notes("a", "b", {"any": "of all", "points": "of points", "ring8": "of the ring"})))
    monkeypatch.setitem(CARDS, "lsgan", Card(Notes("a", "b", {"images": "of images"})))
    monkeypatch.setitem(CARDS, "began", Card())
    assert [variant_notes.warning("gan", d) for d in ("ring8", "moons", "digits")] == ["of the ring", "of points", "of all"]
    assert [variant_notes.warning("lsgan", d) for d in ("ring8", "digits")] == ["", "of images"]
    assert variant_notes.warning("began", "ring8") == ""
    assert variant_notes.advice("began") == Notes("", "")
    with pytest.raises(Refused):
        variant_notes.warning("gan", "ring9")


def test_the_page_is_told_by_data_set_and_only_where_there_is_something(monkeypatch):
    monkeypatch.setitem(CARDS, "gan", Card(Notes("rings", "faces", {"points": "It may fail.", "moons": "It fails."})))
    monkeypatch.setitem(CARDS, "lsgan", Card())
    catalogue.variants.cache_clear()
    try:
        told = {v["id"]: v for v in catalogue.variants()["variants"]}
    finally:
        catalogue.variants.cache_clear()
    assert (told["gan"]["good"], told["gan"]["bad"]) == ("rings", "faces")
    points = {id for id, d in data.DATASETS.items() if d.kind == "points"}
    assert told["gan"]["warns"] == dict.fromkeys(points, "It may fail.") | {"moons": "It fails."}
    assert (told["lsgan"]["good"], told["lsgan"]["bad"], told["lsgan"]["warns"]) == ("", "", {})
