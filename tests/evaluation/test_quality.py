"""What is measured of fakes, with real data spoilt in known ways in their place."""

import hashlib
import json
import math
import time

import pytest
import torch
from torch import Tensor
from torch.nn import functional as F

from playground import data
from playground.evaluation import features, suite
from playground.evaluation.suite import MEASURES, Quality
from playground.tools import train_classifier

DIGITS = data.load("digits")
LEARNT = ("quality/fd", "quality/precision", "quality/recall", "quality/entropy", "quality/classes")


def real(n: int = 1000, skip: int = 1000) -> Tensor:
    """Training digits, others than those that the floors are of."""
    return DIGITS.train[skip:skip + n].float() / 127.5 - 1


def measured(fakes: Tensor) -> dict[str, float]:
    return suite.quality_of("digits").measure(fakes)


@pytest.fixture(scope="module")
def spoilt() -> dict[str, dict[str, float]]:
    generator, x, labels = torch.Generator().manual_seed(0), DIGITS.train.float() / 127.5 - 1, DIGITS.labels
    noise = torch.randn(1000, 1, 28, 28, generator=generator)
    cases = {"real": real(), "noise .1": real() + 0.1 * noise, "noise .3": real() + 0.3 * noise, "noise .6": real() + 0.6 * noise,
             "blur": F.conv2d(F.pad(real(), [1] * 4, value=-1), torch.ones(1, 1, 3, 3) / 9), "one missing": x[labels != 3][:1000],
             "five missing": x[labels < 5][:1000], "repeated": real(200).repeat(5, 1, 1, 1), "black": torch.full_like(real(), -1)}
    return {name: measured(fakes) for name, fakes in cases.items()}


def test_the_shipped_extractor_knows_98_of_100_held_out_digits():
    found = features.load()
    right = (found(DIGITS.held.float() / 127.5 - 1)[1].argmax(1) == DIGITS.held_labels).float().mean().item()
    assert right >= 0.98
    assert right == pytest.approx(found.about["accuracy"], abs=1e-3)        # another processor may differ in a digit or two
    assert found.about["n"] == len(DIGITS.train)
    assert len(found.name) == 12
    assert found.name == hashlib.sha256((features.FOLDER / "digits.safetensors").read_bytes()).hexdigest()[:12]
    assert (features.FOLDER / "digits.safetensors").stat().st_size < 400_000


def test_an_extractor_is_trained_and_read_back_the_same(tmp_path):
    for name in ("a", "b"):
        train_classifier.main(["--epochs", "1", "--seed", "5", "--to", str(tmp_path / f"{name}.safetensors"), "--only", "960"])
    a, b = ((tmp_path / f"{name}.safetensors").read_bytes() for name in ("a", "b"))
    assert a == b
    found = features.read(a)
    assert found.about == {"accuracy": found.about["accuracy"], "n": 960, "seed": 5, "epochs": 1}
    assert found(real(20))[0].shape == (20, 64)


def test_other_sizes_and_colours_are_brought_to_grey_28():
    found, x = features.load(), real(300)
    labels = DIGITS.labels[1000:1300]
    for changed in (F.interpolate(x, size=(32, 32), mode="bilinear"), F.interpolate(x, scale_factor=2.0), x.expand(-1, 3, -1, -1)):
        assert (found(changed)[1].argmax(1) == labels).float().mean() > 0.95


def test_spoilt_digits_rank_as_they_should(spoilt):
    """In the spirit of any table of such distances: real < repeated < a digit missing < five missing; and noise by its strength."""
    fd = {name: found["quality/fd"] for name, found in spoilt.items()}
    floor = suite.quality_of("digits").best.mean["quality/fd"]
    assert fd["real"] == pytest.approx(floor, abs=4 * suite.quality_of("digits").best.deviation["quality/fd"])
    assert 1.5 * floor < fd["repeated"] < fd["one missing"] < fd["five missing"] < fd["black"]
    assert fd["real"] < fd["noise .1"] < fd["noise .3"] < fd["noise .6"]
    assert fd["blur"] > 10 * floor
    assert fd["one missing"] > 10 * floor


def test_each_measure_sees_what_it_is_for(spoilt):
    assert [spoilt[name]["quality/classes"] for name in ("real", "one missing", "five missing", "black")] == [10, 9, 5, 1]
    assert spoilt["real"]["quality/entropy"] > 2.28 > spoilt["one missing"]["quality/entropy"] > spoilt["five missing"]["quality/entropy"]
    assert spoilt["five missing"]["quality/entropy"] == pytest.approx(math.log(5), abs=0.02)
    recall, precision = ({name: found[f"quality/{which}"] for name, found in spoilt.items()} for which in ("recall", "precision"))
    assert recall["real"] > 0.9 > recall["repeated"] > recall["five missing"] > recall["black"] == 0.0
    assert precision["five missing"] > 0.9
    assert precision["noise .6"] < 0.85 < precision["real"]
    wasserstein = {name: found["quality/sw"] for name, found in spoilt.items()}
    assert 2 * wasserstein["real"] < min(wasserstein["blur"], wasserstein["noise .3"], wasserstein["five missing"])
    assert spoilt["repeated"]["quality/ssim"] == pytest.approx(1.0, abs=1e-5)          # pairs are 200 apart
    assert spoilt["real"]["quality/ssim"] < 0.2


def test_patches_see_what_whole_pictures_hide():
    """Blur, and pictures laid over one another, are many times as far as real ones are; fewer pictures are what the whole sees."""
    found, of = suite.quality_of("pixel_faces", 32), data.load("pixel_faces", 32)
    x = found.batch(of.train[:found.n])
    blurred = F.avg_pool2d(F.pad(x, (1, 1, 1, 1), mode="replicate"), 3, 1)
    spoilt = {"real": x, "blur": blurred, "ghosts": (x + x.roll(1, 0)) / 2, "eight": x[:8].repeat(125, 1, 1, 1)}
    patches, whole = ({name: found.measure(fakes)[measure] for name, fakes in spoilt.items()} for measure in ("quality/patches", "quality/sw"))
    assert 4 * patches["real"] < patches["ghosts"] < patches["blur"]
    assert whole["blur"] < 5 * whole["real"]
    assert 2 * whole["real"] < whole["eight"]


@pytest.mark.parametrize(("name", "size", "names", "n"), [
    ("ring8", 0, {"sample/std", "modes/found", "modes/share", "distance/energy", "distance/mmd"}, 2000),
    ("moons", 0, {"sample/std", "distance/energy", "distance/mmd"}, 2000),
    ("digits", 28, {"sample/std", "quality/sw", "quality/ssim", *LEARNT, "cond/accuracy", "cond/worst"}, 1000),
    ("pixel_faces", 16, {"sample/std", "quality/sw", "quality/patches", "quality/ssim"}, 1000)])
def test_every_kind_of_data_has_its_measures_and_floors(name, size, names, n):
    found = suite.quality_of(name, size)
    assert (set(found.best.mean), found.n) == (names, n)
    assert found.extractor == (features.load().name if name == "digits" else "")
    assert all(math.isfinite(v) for v in found.best.mean.values())
    assert suite.quality_of(name, size) is found                                  # made once
    train, labels = data.load(name, size).train[-n:], data.load(name, size).labels
    again = found.measure(found.batch(train)) if labels is None else found.measure(*found.labelled(train, labels[-n:]))     # as many others, as good
    for measure, floor in found.best.mean.items():
        assert again[measure] == pytest.approx(floor, abs=5 * found.best.deviation[measure] + 1e-3), measure
    json.dumps(found.best, allow_nan=False)


def test_every_measure_is_declared():
    told = {*suite.quality_of("ring8").best.mean, *suite.quality_of("digits").best.mean, *suite.quality_of("pixel_faces").best.mean, "sample/real"}
    assert told == {name for name in MEASURES if not name.startswith(("label/", "cluster/"))}, "those that are not of fakes have no floors"
    assert all(m.help and m.unit for m in MEASURES.values())


@pytest.mark.parametrize(("name", "dims"), [("ring8", (2000, 2)), ("digits", (1000, 1, 28, 28)), ("pixel_faces", (1000, 3, 16, 16))])
def test_what_is_no_number_has_no_value_and_a_constant_has(name, dims):
    against = suite.quality_of(name)
    for bad in (torch.full(dims, math.nan), torch.full(dims, math.inf)):
        assert not any(math.isfinite(v) and v for v in against.measure(bad).values())
    half = torch.zeros(dims)
    half[::2] = math.nan
    against.measure(half)
    assert all(math.isfinite(v) for v in against.measure(torch.zeros(dims)).values())


def test_real_data_are_as_the_run_sees_them():
    """With its options: grey, mirrored, with noise; perfect is then what draws such pictures."""
    plain, noisy, grey = (suite.quality_of("pixel_faces", 16, options) for options in ({}, {"noise": 0.3}, {"colour": "grey"}))
    train = data.load("pixel_faces", 16).train[-1000:]
    clean, spoilt = plain.batch(train), noisy.batch(train)
    assert (spoilt - clean).std().item() == pytest.approx(0.3, abs=0.01)
    assert noisy.measure(spoilt)["quality/sw"] < 0.6 * noisy.measure(clean)["quality/sw"]
    assert plain.measure(clean)["quality/sw"] < 0.6 * plain.measure(spoilt)["quality/sw"]
    assert grey.best.mean["quality/sw"] > 0
    flipped = suite.quality_of("pixel_faces", 16, {"flip": True}).batch(train)
    same = (flipped == clean).flatten(1).all(1).float().mean()
    assert 0.4 < same < 0.6


def test_a_small_set_is_measured_with_fewer():
    few = DIGITS._replace(train=DIGITS.train[:300], held=DIGITS.held[:60], labels=DIGITS.labels[:300], held_labels=DIGITS.held_labels[:60])
    found = Quality(few, {})
    assert found.n == 60
    assert all(math.isfinite(v) for v in found.best.mean.values())


def test_a_measure_of_digits_costs_little():
    """CPU time of one thread; half of it is the classifier's."""
    against, fakes = suite.quality_of("digits"), real()
    against.measure(fakes)
    spent = []
    for _ in range(3):
        start = time.thread_time()
        against.measure(fakes)
        spent.append(time.thread_time() - start)
    assert min(spent) < 0.4
