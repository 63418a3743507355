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
