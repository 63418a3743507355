"""No lock is held while something is built, drawn or read; what one visitor waits for, others do not."""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from serving import ASSETS, Place, place

from playground.artifacts import gallery as rooms
from playground.artifacts.gallery import Gallery
from playground.requester import Requester, requester
from playground.store.models import Models
from playground.types import Refused
from playground.ui.handlers import inspection as looks
from playground.ui.handlers.inspection import InspectionHandlers

SECONDS = 20.0          # far longer than building a model that ships takes, on a busy machine too


@contextmanager
def visitor(n: int, owner: str = "cookie:somebody") -> Iterator[None]:
    token = requester.set(Requester(owner, f"10.0.0.{n}"))
    try:
        yield
    finally:
        requester.reset(token)


def beside(act: Callable[[], Any], n: int, owner: str = "cookie:somebody") -> tuple[threading.Thread, list[Any]]:
    """`act` of another visitor, in a thread of its own: what it gives, or its refusal."""
    said: list[Any] = []

    def run() -> None:
        with visitor(n, owner):
            try:
                said.append(act())
            except Refused as refused:
                said.append(refused)

    thread = threading.Thread(target=run, daemon=True)
    thread.start()
    return thread, said


@pytest.fixture(scope="module")
def there(tmp_path_factory) -> Iterator[Place]:
    with place(tmp_path_factory.mktemp("waits")) as found:
        yield found


def test_a_model_that_takes_long_to_build_holds_up_those_alone_who_ask_for_it(tmp_path, monkeypatch):
    """Today's lock: 50 MB that one visitor sends or looks at keep everybody's samples waiting for 22 s."""
    gallery, opened, unpack = Gallery(ASSETS / "gallery", Models(tmp_path)), threading.Event(), rooms.unpack
    heavy = gallery.shipped["gan-digits"]
    known = gallery.model("gan-ring8")
    begun = threading.Event()

    def slow(file: bytes) -> Any:
        if len(file) == heavy.bytes:
            begun.set()
            opened.wait(60)
        return unpack(file)

    monkeypatch.setattr(rooms, "unpack", slow)
    waiting = [beside(lambda: gallery.model("gan-digits"), 1, f"cookie:{n}") for n in range(4)]
    waiting.append(beside(lambda: gallery.keep("cookie:9", heavy.file.read_bytes()), 1))
    assert begun.wait(SECONDS)
    for id in ("gan-ring8", "lsgan-ring8"):             # one that is known, one that is built
        thread, said = beside(lambda id=id: gallery.model(id), 2)
        thread.join(SECONDS)
        assert [type(one).__name__ for one in said] == ["Model"], f"{id} waited for somebody else's model"
    assert gallery.model("gan-ring8") is known
    opened.set()
    for thread, _ in waiting:
        thread.join(60)
    models = [said[0] for _, said in waiting[:-1]]
    assert all(model is models[0] for model in models)


def test_models_in_memory_are_bounded_and_one_visitor_does_not_push_out_anothers(tmp_path, monkeypatch):
    monkeypatch.setattr(rooms, "IN_MEMORY", 8_000_000)
    gallery = Gallery(ASSETS / "gallery", Models(tmp_path))
    with visitor(2):
        mine = gallery.model("gan-ring8")
    with visitor(1):
        for id in ("lsgan-ring8", "gan-digits", "lsgan-digits", "wgan-digits", "ls_gan-digits", "wgan_gp-digits"):
            gallery.model(id)
        assert gallery._built.bytes <= 8_000_000
    with visitor(2):
        assert gallery.model("gan-ring8") is mine


def test_slices_and_slow_motion_have_a_waiting_cap(there, monkeypatch):
    """Of one person, of one network, and newcomers are answered while all others wait."""
    desk, opened = InspectionHandlers(there.services), threading.Event()
    shares = desk._workers.shares
    monkeypatch.setattr(looks, "slice_of", lambda spec, saved, tiles, side: opened.wait(60) and {"side": side})
    tiles = [{"of": of, "index": 0} for of in ("real", "fake", "noise")]
    sides = iter(range(8, 48))

    def look() -> Any:
        return desk.slice({"run": there.pictures, "tiles": tiles, "side": next(sides)})

    def ask(n: int, owner: str) -> tuple[threading.Thread, list[Any]]:
        before, end = len(shares), time.monotonic() + SECONDS
        thread, said = beside(look, n, owner)
        while len(shares) == before and not said and time.monotonic() < end:
            time.sleep(0.01)
        return thread, said

    waiting = [ask(1, "cookie:ada") for _ in range(shares.each)]
    assert "one person" in str(ask(1, "cookie:ada")[1][0])
    waiting += [ask(1, f"cookie:{n}") for n in range(shares.address - shares.each)]
    refused = ask(1, "cookie:bob")[1][0]
    assert (refused.field, "from your network" in str(refused)) == ("server", True)
    newcomer = ask(2, "cookie:eve")
    opened.set()
    for thread, said in (*waiting, newcomer):
        thread.join(30)
        assert "side" in said[0]


@pytest.mark.parametrize("name", ["metrics.csv", "charts.html", "samples.png", "weights.safetensors"])
def test_exports_have_a_waiting_cap(there, name):
    """One person's that wait are few; what is refused is said, as 503."""
    downloads = next(route for route in there.client.app.routes if route.path.endswith(name))
    shares = downloads.endpoint.__closure__[0].cell_contents.__self__._exports.shares
    held = []
    while len(shares) < shares.each:
        with visitor(1, "somebody"):
            held.append(shares.place(requester.get()))
    with visitor(1, "somebody"), pytest.raises(Refused, match="one person"):
        shares.place(requester.get())
    assert there.client.get(f"/play/runs/{there.done}/{name}").status_code == 200       # another address is served
    for place_ in held:
        place_.leave()
