"""The studio's tools with a run whose samples are asked to be of a class."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from serving import PICTURES, Place, place, until
from test_studio import sheet

from playground.types import Status

Ask = Callable[..., dict[str, Any]]


@pytest.fixture(scope="module")
def there(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Place]:
    with place(tmp_path_factory.mktemp("classes")) as found:
        yield found


@pytest.fixture(scope="module")
def told(there: Place) -> Ask:
    """Asks of a run that is told classes."""
    run = there.call["start"]({"spec": PICTURES | {"variant": "cgan", "steps": 20}})["run"]
    until(there.engine, run, Status.FINISHED)
    return lambda name, **message: there.call[name]({"run": run, **message})


def test_all_samples_are_of_the_class_that_is_asked_for(told):
    turn, threes = told("samples", seed=1, n=12), told("samples", seed=1, n=12, y=3)
    assert turn["z"] == threes["z"]
    far = [abs(a - b).mean() for a, b in zip(sheet(turn), sheet(threes), strict=True)]
    assert max(far[3], min(far)) < min(far[0], far[4]), "of twelve in turn the fourth is a three"


@pytest.mark.parametrize(("name", "message"), [
    ("strip", {"a": 1, "b": 2, "n": 3}), ("corners", {"places": [1, 2, 3, 4], "n": 3}), ("sum", {"a": 1, "b": 2, "c": 3}),
    ("pad", {"centre": 1, "u": 1, "v": 2, "at": [0, 0]}), ("move", {"place": 1, "weights": {"layer 1": 1.0}}),
    ("nearest", {"place": 1}), ("walk", {"places": [1, 2], "n": 2, "format": "gif"})])
def test_every_tool_keeps_to_one_class_the_first_if_none_is_said(told, name, message):
    none, first, other = (told(name, **message, **of) for of in ({}, {"y": 0}, {"y": 7}))
    assert "error" not in first
    assert none == first
    assert other != first


def test_directions_of_the_latents_are_found_whatever_else_g_takes(told):
    for kind in ("layer", "features"):
        found = told("directions", kind=kind)["directions"]
        assert len(found) == 8
        assert found[0]["explained"] >= found[-1]["explained"]


def test_a_search_keeps_to_the_class(told, there):
    job = told("invert", target={"index": 0}, restarts=1, steps=10, y=2)["job"]
    while not (answer := there.call["job"]({"job": job}))["done"]:
        pass
    assert not answer.get("lost")


@pytest.mark.parametrize("wrong", [10, -1, "3", 1.5, True, [1]])
def test_a_class_that_there_is_not_is_refused_by_its_field(told, wrong):
    error = told("samples", seed=1, n=2, y=wrong)["error"]
    assert error["field"] == "y"
    assert "whole number between 0 and" in error["message"]


def test_who_knows_no_classes_is_asked_for_none(there):
    error = there.call["samples"]({"run": there.pictures, "seed": 1, "n": 2, "y": 0})["error"]
    assert (error["field"], error["message"]) == ("y", "y names a class, and LSGAN knows none: leave it out")
    assert "image" in there.call["samples"]({"run": there.pictures, "seed": 1, "n": 2, "y": None})


def test_a_model_says_its_classes(told, there):
    run = there.call["start"]({"spec": PICTURES | {"variant": "cgan", "steps": 3}})["run"]
    until(there.engine, run, Status.FINISHED)
    card = there.call["publish"]({"run": run, "public": False})["model"]
    assert there.call["model"]({"model": card["id"]})["classes"] == list("0123456789")
    assert "image" in there.call["samples"]({"model": card["id"], "seed": 1, "n": 2, "y": 9})
    named = there.call["name_direction"]({"model": card["id"], "name": "slant", "weights": {"features 1": 1.0}, "y": 9})
    assert [one["name"] for one in named["named"]] == ["slant"]
    assert there.call["model"]({"model": there.model})["classes"] == []
