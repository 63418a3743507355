"""Runs side by side, as the page asks for them: whoever has their ids may; what is gone is said; formulas are MathML with marks."""

from collections.abc import Iterator
from xml.etree import ElementTree

import pytest
from serving import TINY, Place, as_, place, until

import models
from playground.comparison.formulas import parsed
from playground.types import Status
from playground.ui.handlers.catalogue import mathml
from playground.ui.handlers.comparison.typeset import typeset
from playground.ui.requests.identity import Person

MATH = "{http://www.w3.org/1998/Math/MathML}"


@pytest.fixture(scope="module")
def there(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Place]:
    with place(tmp_path_factory.mktemp("compared")) as found:
        yield found


def test_lanes_are_described_and_stand_somewhere(there):
    other = there.call["start"]({"spec": {**TINY, "variant": "lsgan"}})["run"]
    until(there.engine, other, Status.FINISHED)
    gone = "0" * 32
    found = there.call["lanes"]({"runs": [[there.done, gone], [other], [gone]]})
    assert [(lane["title"], lane["runs"], lane["missing"]) for lane in found["lanes"]] == [
        ("GAN", [there.done], [gone]), ("LSGAN", [other], []), ("Gone", [], [gone])]
    assert found["race"] is None
    assert [row["name"] for row in found["differences"] if row["shared"]] == ["variant"]
    assert "G begins from the same weights in all lanes." in found["equal"]
    board = there.call["scoreboard"]({"lanes": [[there.done], [other], [gone]], "measure": "modes/found", "target": 0})
    assert board["at"]["step"] == 40
    assert [row["at_steps"] is None for row in board["rows"]] == [False, False, True]
    assert board["rows"][0]["to_target"]["reached"] == 1
    assert board["verdicts"]["at_steps"].startswith("not told apart yet")


def test_a_race_that_was_asked_for_is_described_by_its_id(there):
    asked = {"clock": "images", "budget": 320, "data": "ring8", "seeds": [1, 2], "lanes": [
        {"variant": variant, "knobs": {"width_g": 8, "width_d": 8, "batch": 16}} for variant in ("gan", "wgan_gp")]}
    made = there.call["race"](asked)
    assert [len(lane) for lane in made["runs"]] == [2, 2]
    for id in (id for lane in made["runs"] for id in lane):
        until(there.engine, id, Status.FINISHED)
        assert there.engine.run(id).spec.images == 320
    found = there.call["lanes"]({"race": made["race"]})
    assert found["race"] == {"id": made["race"], "clock": "images", "budget": 320, "name": "", "mine": True}
    assert [lane["runs"] for lane in found["lanes"]] == made["runs"]
    assert "All see the same samples in the same order." in found["equal"]
    with as_(Person(("somebody",))):
        assert there.call["lanes"]({"race": made["race"]})["race"]["mine"] is False
    for wrong, field in (({"race": "0" * 32}, "race"), ({}, "runs"), ({"race": made["race"], "runs": made["runs"]}, "runs")):
        assert there.call["lanes"](wrong)["error"]["field"] == field
    for change, field in (({"seeds": [1, 1]}, "seeds"), ({"lanes": asked["lanes"][:1]}, "lanes"), ({"budget": 0.5}, "budget"),
                          ({"data": "nowhere"}, "data"), ({"clock": "hours"}, "clock"), ({"data": "digits", "size": 29}, "size")):
        assert there.call["race"]({**asked, **change})["error"]["field"] == field


def test_lanes_are_mine_when_all_their_runs_are(there):
    with as_(Person(("somebody",))):
        assert [lane["mine"] for lane in there.call["lanes"]({"runs": [[there.done]]})["lanes"]] == [False]
    assert [lane["mine"] for lane in there.call["lanes"]({"runs": [[there.done], ["0" * 32]]})["lanes"]] == [True, False]


def test_files_of_a_comparison_are_downloads_of_whoever_may_have_the_runs(there):
    at = f"/play/comparison/{there.done},{there.pictures}"
    kinds = {"metrics.csv": "text/csv; charset=utf-8", "page.html": "text/html; charset=utf-8", "film.gif": "image/gif", "card.png": "image/png"}
    for name, kind in kinds.items():
        answer = there.client.get(f"{at}/{name}?by=seconds&view=two")
        assert (answer.status_code, answer.headers["content-type"]) == (200, kind), name
        assert answer.headers["content-disposition"].startswith("attachment")
    card = there.client.get(f"{at}/card.png?view=two&pair=0,1&x=<b>").content
    there.client.get("/")                               # brings a cookie, without which nobody sends files
    found = there.client.post("/play/upload/card", content=card).json()
    assert found.get("runs") == [[there.done], [there.pictures]], found
    assert found["view"] == {"view": "two", "pair": "0,1"}
    assert (found["race"], found["left_out"]) == (None, [])          # of other data: no race has such lanes
    assert there.client.post("/play/upload/card", content=b"x").json()["error"]["field"] == "file"


@pytest.mark.parametrize("runs", ["0" * 32, "x", ",".join(["0" * 32] * 9), ".".join(["0" * 32] * 6), ",", "0" * 5000, "..%2F..%2Fetc"])
def test_an_address_names_runs_that_are_there(there, runs):
    answer = there.client.get(f"/play/comparison/{runs}/metrics.csv")
    assert answer.status_code == 404
    assert "/" in runs or "%" in runs or answer.json()["error"]["field"] == "runs"


def test_a_film_is_by_a_clock_that_there_is(there):
    assert there.client.get(f"/play/comparison/{there.done}/film.gif?by=moon").json()["error"]["field"] == "by"


def test_marks_stand_around_signs_and_terms_and_nothing_else_is_changed():
    for cls in models.ZOO.values():
        for line in cls.formula:
            bare, marked = (ElementTree.fromstring(typeset([of])[0]["mathml"]) for of in (parsed(line), all_differ(line)))
            assert "".join(bare.itertext()) == "".join(ElementTree.fromstring(mathml(line)).itertext()), line
            assert "".join(bare.itertext()) == "".join(marked.itertext())
            assert not [part for part in bare.iter() if part.get("class")]
            row = marked.find(f"{MATH}mrow")
            assert {part.tag.removeprefix(MATH) for part in row if part.get("class") == "differs"} <= {"mo", "mrow"}
            assert [part for part in row if part.get("class") == "differs"]


def all_differ(line: str):
    read = parsed(line)
    return read._replace(terms=tuple(term._replace(differs=True) for term in read.terms))
