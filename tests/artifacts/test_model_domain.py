"""Models of variants that need more than samples: their files say what of the data their networks were built for."""

import json

import pytest
from modelling import about, packed, retold, tensors
from probes import in_zoo

from models.kit.batch import Domain, Shape
from playground.artifacts.metadata import About
from playground.artifacts.model_file import pack, unpack
from playground.types import Refused


@pytest.fixture(autouse=True)
def probes(monkeypatch: pytest.MonkeyPatch) -> None:
    in_zoo(monkeypatch)


def test_a_model_s_file_keeps_the_names_of_the_classes_that_it_needs() -> None:
    classes = ("cat", "dog", "bird")
    of = about("conditional", Shape(1, 16), classes=classes)
    file = pack(of, tensors(of))
    found = unpack(file)
    assert found.about.classes == found.gan.domain.classes == classes
    assert pack(found.about, tensors(of)) == file
    assert About.of_checked(json.loads(json.dumps(found.about.json()))) == found.about
    with pytest.raises(Refused, match="a Conditional needs labels, and this model tells of none"):
        unpack(retold(file, classes=None))
    with pytest.raises(Refused) as refused:                         # other networks than those in the file
        unpack(retold(file, classes=["cat", "dog"]))
    assert refused.value.field == "tensors"
    for wrong in ("cat", ["cat", "cat"], ["cat", 3], ["a\nb"], ["x"] * 10_000, {"cat": 1}):
        with pytest.raises(Refused) as refused:
            unpack(retold(file, classes=wrong))
        assert refused.value.field == "classes"


def test_a_model_of_samples_alone_says_nothing_of_labels() -> None:
    """So files are, byte for byte, what they were before there were domains; what a file says beyond its variant's need is left out."""
    plain = about("gan", Shape(1, 16))
    assert not {"classes", "attributes", "other"} & plain.json().keys()
    found = unpack(retold(packed("gan", Shape(1, 16)), classes=["cat", "dog"], other=[1, 16, 16]))
    assert found.gan.domain == Domain(Shape(1, 16))
    assert not {"classes", "attributes", "other"} & found.about.json().keys()
    for wrong in ([3], "x", [1, 16, 17], 5):
        with pytest.raises(Refused) as refused:
            unpack(retold(packed("gan", Shape(1, 16)), other=wrong))
        assert refused.value.field == "other"
