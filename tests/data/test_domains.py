"""What data sets say that they provide beside samples, and that they have it."""

import gzip
import json
from collections.abc import Iterator

import pytest
import torch
from probes import everything, sets

from models.kit.batch import Labelled, Paired, Plain, TwoDomain
from playground import data
from playground.config.paths import ASSETS

DIFFER = "samples that differ"


@pytest.fixture(autouse=True)
def two_and_pairs() -> Iterator[None]:
    with sets():
        yield


def test_data_say_what_they_provide_without_being_built_and_have_it() -> None:
    found = {id: data.domain(id).provides for id in data.DATASETS}
    labelled = {"ring8", "grid25", "digits", "mnist", "fashion_mnist", "kmnist", "cifar10", "svhn"}
    assert {id for id, provides in found.items() if provides[-1:] == ("labels",)} == labelled
    images = {id for id, given in data.DATASETS.items() if given.kind == "images"}
    assert {id for id, provides in found.items() if "images" in provides} == images
    assert (found["pixel_faces"], found["two"]) == (("images", DIFFER, "labels", "attributes"), (DIFFER, "a second domain"))
    assert found["pairs"] [-5:] == (DIFFER, "labels", "attributes", "a second domain", "pairs")
    assert {found[id] for id in ("moons", "drawn")} == {(DIFFER,)}
    assert {found[id] for id in ("toon_heads", "emoji", "own")} == {("images", DIFFER)}
    assert [id for id, provides in found.items() if DIFFER not in provides] == ["dirac"]
    counts = {"ring8": 8, "grid25": 25}
    assert all(len(set(data.domain(id).classes)) == counts.get(id, 10) for id in labelled)
    for id, options in (("digits", {}), ("pixel_faces", {}), ("pixel_faces", {"colour": "grey"}), ("two", {}), ("pairs", {}), ("ring8", {})):
        loaded = data.load(id, 0, options)
        assert loaded.domain == data.domain(id, 0, options)
        assert (loaded.labels is None, loaded.attributes is None, loaded.other is None) == \
               ("labels" not in found[id], "attributes" not in found[id], "a second domain" not in found[id])
    assert data.domain("digits").classes == tuple("0123456789")


@pytest.mark.parametrize("id", ["ring8", "grid25"])
def test_the_label_of_a_point_is_the_mode_it_was_drawn_around(id: str) -> None:
    points = data.load(id)
    for x, labels in ((points.train, points.labels), (points.held, points.held_labels)):
        assert ((x - points.modes[labels]).norm(dim=1) < 6 * points.sigma).all()
        assert len(x) == len(labels)


def test_faces_have_the_attributes_of_their_pack() -> None:
    """Told again by what is drawn: faces that wear a hat, a beard or glasses are as many as the pack says, less what is there twice."""
    said = json.loads(gzip.decompress((ASSETS / "data" / "pixel_faces16.json.gz").read_bytes()))
    faces = data.load("pixel_faces")
    together = torch.cat([faces.attributes, faces.held_attributes]).sum(0)
    for i, name in enumerate(faces.domain.attributes):
        at = said["columns"].index(name)
        assert together[i] == pytest.approx(sum(row[at] for row in said["attrs"]), rel=0.02)
    hair = [row[0] for row in said["attrs"]]
    assert faces.domain.classes == tuple(sorted(set(hair)))
    hatted = faces.attributes[:, 2] == 1
    assert (faces.train[hatted].float().mean(0) - faces.train[~hatted].float().mean(0)).abs()[:, :5].mean() > 10        # the upper third differs


@pytest.mark.parametrize(("about_it", "changes", "words"), [
    ({}, {}, "labels"), (dict(classes=("low",), attributes=("a", "b", "c"), other=1), {}, "1 classes"),
    (dict(classes=("low", "high"), attributes=("a", "b"), other=1), {}, "attributes of \\(2,\\) each"),
    (dict(classes=("low", "high"), attributes=("a", "b", "c"), other=3), {}, "other of \\(3, 4, 4\\)"),
    (dict(classes=("low", "high"), attributes=("a", "b", "c"), other=1), {"held_labels": None}, "held_labels")])
def test_a_set_that_does_not_provide_what_it_declares_is_refused(about_it: dict, changes: dict, words: str) -> None:
    data.dataset(id="false", title="False", kind="images", sizes=(4,), channels=1, help="", licence="", credit="", **about_it)(
        lambda size: everything(points=False)._replace(**changes))
    try:
        with pytest.raises(ValueError, match=f"false declares .*{words}"):
            data.load("false")
    finally:
        del data.DATASETS["false"]


def test_what_a_run_copies_is_what_its_batches_are_gathered_from() -> None:
    assert [data.batch_bytes("pairs", 4, {}, kind) for kind in (Plain, Labelled, Paired, TwoDomain)] == [24 * 16, 24 * 16, 48 * 16, 48 * 16]
    assert data.batch_bytes("two", 0, {}, TwoDomain) == 0
