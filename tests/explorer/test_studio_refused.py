"""What the studio does not take, and what it does when more is asked than it can answer."""

import base64
import threading
import time
from collections.abc import Iterator

import numpy as np
import pytest
import torch
from running import PATIENCE
from serving import Place, place
from training import make

from models.kit.batch import POINTS, Shape
from playground.explorer.explorer import Explorer
from playground.explorer.generator import TrainedGenerator
from playground.explorer.inversion_jobs import ADDRESS, EACH, Inversions
from playground.requester import Requester, requester
from playground.types import Refused


@pytest.fixture(scope="module")
def there(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Place]:
    with place(tmp_path_factory.mktemp("refused")) as found:
        yield found


def z(numbers: np.ndarray) -> dict[str, str]:
    return {"z": base64.b64encode(np.asarray(numbers, "<f4").tobytes()).decode()}


ENDS = {"places": [1, 2], "format": "gif"}
PAD = {"centre": 1, "u": 1, "v": 2, "at": [0, 0]}
BEYOND = [("samples", "n", {"seed": 1, "n": 65}), ("samples", "radius", {"seed": 1, "n": 1, "radius": 2.1}),
          ("strip", "n", {"a": 1, "b": 2, "n": 121}), ("corners", "places", {"places": [1, 2, 3]}),
          ("corners", "n", {"places": [1, 2, 3, 4], "n": 13}), ("walk", "places", {**ENDS, "places": [1]}),
          ("walk", "places", {**ENDS, "places": [1] * 9}), ("walk", "format", {**ENDS, "format": "avi"}),
          ("walk", "n", {**ENDS, "n": 61}), ("walk", "scale", {**ENDS, "scale": 9}), ("pad", "at", {**PAD, "at": [0]}),
          ("pad", "at", {**PAD, "at": [0, 5]}), ("directions", "kind", {"kind": "style"}),
          ("move", "weights", {"place": 1, "weights": {"layer 1": 5}}), ("nearest", "k", {"place": 1, "k": 9}),
          ("invert", "restarts", {"target": {"index": 0}, "restarts": 17}), ("invert", "steps", {"target": {"index": 0}, "steps": 1001}),
          ("job", "job", {"job": "x"})]
BAD = [{"z": ""}, {"z": "AAAA!"}, {"z": "AAA="}, {"z": 7}, {"seed": 1, "z": "AAAAAA=="}, {"seed": -1}, {}, z(np.full(8, np.nan)), z(np.full(8, 1e9)),
       z(np.zeros(9)), z(np.zeros(600)), "1", -1, 2 ** 31]


@pytest.mark.parametrize("bad", BAD, ids=range(len(BAD)))
def test_what_is_no_latent_is_refused_by_its_field(there, bad):
    assert there.call["strip"]({"run": there.pictures, "a": 1, "b": bad})["error"]["field"] == "b"
    assert there.call["corners"]({"run": there.pictures, "places": [1, 2, 3, bad]})["error"]["field"] == "places"
    assert there.call["pad"]({"run": there.pictures, **PAD, "centre": bad})["error"]["field"] == "centre"
    assert there.call["nearest"]({"run": there.pictures, "place": bad})["error"]["field"] == "place"


@pytest.mark.parametrize(("name", "field", "message"), BEYOND, ids=[f"{name} {field}" for name, field, _ in BEYOND])
def test_what_is_out_of_range_is_refused_by_its_field(there, name, field, message):
    error = there.call[name](message if name == "job" else {"run": there.pictures, **message})["error"]
    assert error["field"] == field
    assert len(error["message"]) > 10


def test_a_source_is_a_run_at_rest_or_a_model_that_one_may_look_at(there):
    good = {"seed": 1, "n": 1}
    for source in ({}, {"run": there.done, "model": there.model}, {"run": "0" * 32}, {"run": None}, {"run": there.done[:5]}):
        assert there.call["samples"]({**good, **source})["error"]["field"] == "run"
    for model in ("0" * 32, "../x", "no-such", 7):
        assert there.call["samples"]({**good, "model": model})["error"]["field"] == "model"


def source(shape: Shape = POINTS, data: str = "ring8") -> TrainedGenerator:
    gan = make("gan", shape).gan.eval().requires_grad_(False)
    return TrainedGenerator("made for a test", gan, data, shape.size)


def as_(address: str, act, owner: str = "somebody"):
    """`act` as a visitor from there."""
    token = requester.set(Requester(owner, address))
    try:
        return act()
    finally:
        requester.reset(token)


def gate(studio: Explorer) -> threading.Event:
    """Keeps the quick workers busy until it is set."""
    opened = threading.Event()
    for address in ("10.0.0.1", "10.0.0.2"):
        as_(address, lambda: studio._quick.submit(opened.wait))
    return opened


def at_once(acts: dict) -> dict:
    """What each said; they ask one after the other and wait together."""
    said: dict = {}

    def ask(key: object) -> None:
        try:
            said[key] = acts[key]()
        except Refused as refused:
            said[key] = refused.field

    threads = [threading.Thread(target=ask, args=(key,)) for key in acts]
    for thread in threads:
        thread.start()
        time.sleep(0.03)
    said["threads"] = threads
    return said


def test_of_a_page_s_pads_that_wait_the_latest_is_answered():
    studio, of = Explorer(None), source()
    opened = gate(studio)
    said = at_once({key: lambda key=key: studio.pad(of, 1, 1, 2, (key[1] / 10, 0), 0.1, key[0])
                    for key in (("a", 0), ("a", 1), ("a", 2), ("b", 3), ("", 4), ("", 5))})
    opened.set()
    for thread in said.pop("threads"):
        thread.join()
    assert {key: "late" in told for key, told in said.items()} == dict.fromkeys([("a", 0), ("a", 1)], True) | dict.fromkeys(
        [("a", 2), ("b", 3), ("", 4), ("", 5)], False)
    assert "late" not in studio.pad(of, 1, 1, 2, (0, 0), 0.1, "a")


def test_more_questions_than_may_wait_are_refused_and_what_was_answered_is_not_asked_again():
    studio, of = Explorer(None), source()
    known = studio.samples(of, 0, 1, 1.0)
    opened = gate(studio)
    most = studio._quick.shares.each
    said = at_once({seed: lambda seed=seed: studio.samples(of, seed, 1, 1.0) for seed in range(1, most + 3)})
    *waiting, last = said.pop("threads")
    last.join()
    assert (said, studio.samples(of, 0, 1, 1.0)) == ({most + 1: "server", most + 2: "server"}, known)
    opened.set()
    for thread in waiting:
        thread.join()
    assert "z" in studio.samples(of, 99, 1, 1.0)


@pytest.mark.parametrize("data", ["nosuch", "digits", "cifar10"])
def test_a_model_whose_data_are_not_here_has_no_nearest_samples(data):
    of = source(Shape(3, 32), data)
    with pytest.raises(Refused, match="not here") as refused:
        Explorer(None).nearest(of, 1, 4)
    assert refused.value.field == "data"


def test_searches_are_limited_for_each_and_for_all():
    searches, of = Inversions(), source()
    opened = threading.Event()
    for address in ("10.0.0.3", "10.0.0.4"):
        as_(address, lambda: searches._workers.submit(opened.wait), "who waits")
    target = of.samples(of.latents("a", [1]))[0]
    def begin(n: int) -> str:
        return as_("10.0.0.1", lambda: searches.begin(of, target, 1, 10), f"p{n}")

    for i in range(ADDRESS // EACH):
        ids = [begin(i) for _ in range(EACH)]
        with pytest.raises(Refused, match="one person") as refused:
            begin(i)
        assert refused.value.field == "server"
    begin(99)
    with pytest.raises(Refused, match="from your network"):
        begin(100)
    assert (searches.result(ids[-1])["done"], searches.result(ids[-1])["residual"]) == (False, None)
    opened.set()
    end = time.monotonic() + PATIENCE
    while not searches.result(ids[-1])["done"] and time.monotonic() < end:
        time.sleep(0.01)
    assert searches.result(ids[-1])["share"] == 1
    last = searches.begin(of, target, 1, 10)
    assert searches.result(last)["target"]["points"] == [pytest.approx(target.tolist(), abs=1e-3)]
    while not searches.result(last)["done"] and time.monotonic() < end:
        time.sleep(0.01)
    assert searches.result(last)["residual"] < 2


def test_a_search_that_breaks_is_over_and_said_in_the_log(caplog):
    searches, of = Inversions(), source()
    id = searches.begin(of, torch.zeros(3), 1, 10)           # of another shape than G makes
    end = time.monotonic() + PATIENCE
    while not searches.result(id)["done"] and time.monotonic() < end:
        time.sleep(0.01)
    assert searches.result(id)["lost"]
    assert "broke" in caplog.text
