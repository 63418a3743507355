"""The studio's answers about codes that a run has of its own."""

import base64
from collections.abc import Iterator

import numpy as np
import pytest
from serving import PICTURES, Place, place, until
from test_studio import sheet
from test_studio_classes import Ask

from playground.types import Status


@pytest.fixture(scope="module")
def there(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Place]:
    with place(tmp_path_factory.mktemp("codes")) as found:
        yield found


def asks(there: Place, spec: dict) -> Ask:
    run = there.call["start"]({"spec": PICTURES | spec})["run"]
    until(there.engine, run, Status.FINISHED)
    return lambda name, **message: there.call[name]({"run": run, **message})


@pytest.fixture(scope="module")
def told(there: Place) -> Ask:
    """Asks of a run on digits with four categories and two continuous codes."""
    knobs = PICTURES.get("knobs", {}) | {"n_cat": 4, "n_con": 2}
    return asks(there, {"variant": "infogan", "steps": 20, "knobs": knobs})


def test_each_continuous_code_is_traversed_in_the_category_that_is_chosen(told):
    found = told("traversals", place=3, n=5)
    assert found["values"] == [-1, -0.5, 0, 0.5, 1]
    assert list(found["codes"]) == ["c1", "c2"]
    for which, name in enumerate(found["codes"]):
        answer = found["codes"][name]
        z = np.frombuffer(base64.b64decode(answer["z"]), "<f4").reshape(5, -1)
        assert z[:, which] == pytest.approx(found["values"])
        assert (np.delete(z, which, 1) == np.delete(z, which, 1)[0]).all()
        assert answer["columns"] == 5
        assert len(sheet(answer)) == 5
    grid = np.frombuffer(base64.b64decode(found["grid"]["z"]), "<f4").reshape(5, 5, -1)          # rows from the top
    assert np.allclose(grid[:, :, 0], [found["values"]] * 5)
    assert np.allclose(grid[:, :, 1], np.array(found["values"])[::-1, None])
    assert (grid[:, :, 2:] == z[0, 2:]).all()
    assert len(sheet(found["grid"])) == 25
    first, other = (told("traversals", place=3, n=5, y=y)["codes"]["c1"] for y in (0, 2))
    assert first == found["codes"]["c1"]
    assert first["image"] != other["image"]
    assert first["z"] == other["z"]


def test_held_out_digits_are_counted_by_category_and_class(told):
    found = told("sorting")
    counts = np.array(found["counts"])
    assert counts.shape == (4, 10)
    assert (found["categories"], found["classes"]) == ([f"code {i}" for i in range(4)], list("0123456789"))
    assert len({fit for fit in found["assigned"] if fit is not None}) == 4
    hits = sum(counts[i, fit] for i, fit in enumerate(found["assigned"]))
    assert found["accuracy"] == pytest.approx(hits / counts.sum(), abs=1e-4)
    assert told("sorting", y=3) == found, "of all categories, whichever is chosen"


def test_without_labels_or_without_codes_it_says_so(told, there):
    moons = asks(there, {"variant": "clustergan", "steps": 3, "data": "moons"})
    assert moons("sorting")["error"] == {"field": "data", "message": "these data have no labels to hold its categories against"}
    assert moons("traversals", place=1)["codes"] == {}
    for name, message in (("sorting", {}), ("traversals", {"place": 1})):
        assert there.call[name]({"run": there.pictures, **message})["error"] == {"field": "run", "message": "LSGAN has no codes of its own"}
    for wrong in (2, 22, "5", 4.5):
        assert told("traversals", place=1, n=wrong)["error"]["field"] == "n"


def test_a_model_says_what_it_can_be_asked_for(there):
    run = there.call["start"]({"spec": PICTURES | {"variant": "infogan", "steps": 3, "knobs": PICTURES.get("knobs", {}) | {"n_cat": 3}}})["run"]
    until(there.engine, run, Status.FINISHED)
    card = there.call["publish"]({"run": run, "public": False})["model"]
    assert there.call["model"]({"model": card["id"]})["classes"] == ["code 0", "code 1", "code 2"]
    assert there.call["sorting"]({"model": card["id"]})["accuracy"] > 0
