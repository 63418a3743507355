"""A card is a picture that carries a comparison's settings; what anybody else put there is named and left out."""

import io
import json
from pathlib import Path
from typing import Any

import pytest
from compared import lane, shown
from PIL import Image

from playground.comparison.export import card, reading
from playground.render.decoder import readers
from playground.types import Refused


def test_a_card_carries_its_settings_and_the_process_that_decodes_reads_them(tmp_path):
    lanes = [lane(tmp_path, [1.0, 2.0], variant="began", gamma=g) for g in (0.3, 0.7)]
    made = card.card(lanes, shown(tmp_path, lanes), "not told apart yet", {"view": "two", "pair": "0,1"})
    found = reading.read(readers.text(made).decode("ascii"))
    assert found["left_out"] == []
    assert found["runs"] == [[e.run.id for e in one.entrants] for one in lanes]
    assert found["view"] == {"view": "two", "pair": "0,1"}
    race = found["race"]
    assert {name: race[name] for name in ("clock", "budget", "data", "size", "seeds")} == {
        "clock": "steps", "budget": 1000, "data": "digits", "size": 28, "seeds": [1, 2]}
    assert [one["knobs"]["gamma"] for one in race["lanes"]] == [0.3, 0.7]
    assert race["lanes"][0]["knobs"] == lanes[0].spec.knobs


def test_other_pictures_carry_nothing(tmp_path):
    file = io.BytesIO()
    Image.new("RGB", (8, 8)).save(file, "PNG")
    assert readers.text(file.getvalue()) == b""
    with pytest.raises(Refused, match="carries no comparison"):
        reading.read("")
    with pytest.raises(Refused):
        readers.text(b"no picture")


def changed(tmp_path: Path, **how) -> dict[str, Any]:
    lanes = [lane(tmp_path, [1.0], variant=variant) for variant in ("gan", "lsgan")]
    told = json.loads(card.settings(lanes, {"view": "grid"}))
    told["race"] |= how.pop("race", {})
    return reading.read(json.dumps(told | how))


@pytest.mark.parametrize(("how", "left_out"), [
    ({"version": 9}, "it was made by another version (9): what is known of it is used"),
    ({"runs": [["x"], ["0" * 32]]}, "runs: some are none, a run's id is 32 hex digits"),
    ({"runs": "x"}, "runs: some are none"), ({"view": {"view": "<b>"}}, "view: some parts of it are not known"),
    ({"race": {"data": "nowhere"}}, "race: there is no data set 'nowhere'"), ({"race": {"data": ["a"]}}, "race: there is no data set"),
    ({"race": {"clock": "moon"}}, "clock: it is one of steps, images, seconds"), ({"race": {"budget": -1}}, "budget: "),
    ({"race": {"budget": "1e9"}}, "budget: "), ({"race": {"size": 29}}, "size: "), ({"race": {"options": {"x": 1}}}, "options: "),
    ({"race": {"seeds": [1, "x", -1]}}, "seeds: "), ({"race": {"lanes": [7, {}, {"variant": "gan"}]}}, "lanes: one is none"),
    ({"race": {"lanes": [{"variant": "nogan"}, {"variant": "gan"}, {"variant": "lsgan"}]}}, "variant: no variant 'nogan'"),
    ({"race": {"lanes": [{"variant": "gan", "knobs": {"batch": 10 ** 9, "lr_g": 1e-3}}, {"variant": "gan"}]}}, "GAN, batch: batch must lie between"),
    ({"race": {"lanes": [{"variant": "gan", "knobs": {"nosuch": 1}}, {"variant": "gan"}]}}, "GAN, nosuch: there is no knob"),
    ({"race": {"lanes": [{"variant": "gan"}]}}, "race: fewer than two of its lanes can be raced here")])
def test_what_is_bad_in_a_card_is_named_and_left_out(tmp_path, how, left_out):
    found = changed(tmp_path, **how)
    assert any(text.startswith(left_out) for text in found["left_out"]), found
    if found["race"]:
        assert all("batch" not in one["knobs"] or one["knobs"]["batch"] <= 1024 for one in found["race"]["lanes"])
        assert len(found["race"]["seeds"]) >= 1


def test_hostile_cards_are_refused_or_named_and_never_break_anything():
    values = [None, True, 7, -1, 1e308, "x", "x" * 70_000, [], {}, [[]], {"a": {"b": []}}, [1, None, {}], "\u202e"]
    texts = ["{", "[]", "null", '"x"', "[" * 50_000, "NaN", '{"version": 1e999}', '{"version": true}']
    empty: dict[str, Any] = {"version": 1, "runs": [], "view": {}, "race": None}
    texts += [json.dumps(empty | {field: value}) for field in empty for value in values]
    good = {"clock": "steps", "budget": 5, "data": "digits", "size": 28, "options": {}, "seeds": [1], "lanes": [{"variant": "gan"}] * 2}
    texts += [json.dumps({"version": 1, "race": good | {field: value}}) for field in good for value in values]
    texts += [json.dumps({"version": 1, "race": good | {"lanes": [{"variant": "gan"} | {field: value}] * 2}})
              for field in ("variant", "preset", "knobs") for value in values]
    for text in texts:
        try:
            found = reading.read(text)
        except Refused:
            continue
        assert all(isinstance(sentence, str) and len(sentence) < 700 for sentence in found["left_out"]), text[:200]
        json.dumps(found)
