"""A server that has no file handle left says that it is busy: nothing is called damaged or gone, nothing is left out, nothing of it stays."""

import errno
import resource
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import NamedTuple

import pytest
import torch
from modelling import packed
from serving import ASSETS, KEY, place
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.testclient import TestClient

from models.kit.batch import Domain, Shape
from playground.artifacts.gallery import Gallery
from playground.config.file_handles import BUSY
from playground.config.settings import AccessPolicy
from playground.data import Data, decoded
from playground.data.sources import download_root as place_of_data
from playground.data.sources.prepared import prepared
from playground.guidance.diagnosis import histogram
from playground.inspection.critic import pack
from playground.store.disk import size
from playground.store.models import Models
from playground.store.runs import Runs
from playground.store.sets import PICTURES, TILE, Sets
from playground.types import Spec
from playground.ui.handlers.rpc import PageFunctions
from playground.ui.handlers.services import Services
from playground.ui.http.gradio_page import UNREADABLE, unreadable
from playground.ui.http.request_guard import RequestGuard
from playground.ui.http.routes import PageFiles, routes
from playground.ui.requests.identity import People


@contextmanager
def no_handles() -> Iterator[None]:
    """This process may open nothing."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (3, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))


class Shelf(NamedTuple):
    """A folder with one of each; `thrown` and `dropped` are in the trash."""

    root: Path
    run: str
    thrown: str
    model: str
    dropped: str
    set: str


@pytest.fixture(scope="module")
def shelf(tmp_path_factory) -> Shelf:
    root = tmp_path_factory.mktemp("shelf")
    runs, models, sets = Runs(root), Models(root), Sets(root)
    run, thrown = (runs.create(Spec("gan", "ring8"), "ada").id for _ in range(2))
    runs.journal(run).append({"frame": 3})
    runs.snapshots(run).put(3, pack({"hist": {"x": 1}}, {}))
    runs.discard(thrown)
    model, dropped = (Gallery(root / "none", models).keep("ada", packed(seed=n)).id for n in range(2))
    models.discard(dropped)
    with sets.draft() as draft:
        (draft / PICTURES).write_bytes(bytes(2 * TILE))
        made = sets.create(draft, "ada", 2, "grey")
    return Shelf(root, run, thrown, model, dropped, made.id)


READS = {
    "a run": lambda s: partial(Runs(s.root).get, s.run),
    "a run in the trash": lambda s: partial(Runs(s.root).discarded, s.thrown),
    "what a run weighs": lambda s: partial(size, s.root / "runs" / s.run),
    "a look": lambda s: partial(histogram, Runs(s.root).snapshots(s.run), 3),
    "a model": lambda s: partial(Models(s.root).get, s.model),
    "a model in the trash": lambda s: partial(Models(s.root).discarded, s.dropped),
    "a set": lambda s: partial(Sets(s.root).get, s.set),
    "a picture in a folder": lambda s: partial(decoded.read_file, s.root / "sets" / s.set / PICTURES),
    "a model to be kept": lambda s: partial(Models(s.root).amend, s.model, name="same"),
}


@pytest.mark.parametrize("what", READS)
def test_what_cannot_be_opened_for_want_of_a_handle_is_not_called_damaged_or_gone(shelf, what):
    before, again = READS[what](shelf)(), READS[what](shelf)
    assert before
    with no_handles(), pytest.raises(OSError, match="Too many open files") as found:
        again()
    assert found.value.errno == errno.EMFILE
    assert again() == before


def test_a_network_is_built_when_there_are_handles_again(shelf):
    gallery = Gallery(ASSETS / "gallery", Models(shelf.root))
    assert gallery.get(shelf.model).hash                # what ships, and the model's record, are in memory; its file is not
    with no_handles(), pytest.raises(OSError, match="Too many open files"):
        gallery.model(shelf.model)
    assert gallery.model(shelf.model).hash == gallery.get(shelf.model).hash


def test_nothing_that_ships_is_left_out_for_good(shelf, monkeypatch):
    """Handles that go while the folder is read."""
    gallery, whole = Gallery(ASSETS / "gallery", Models(shelf.root)), sorted(path.name for path in (ASSETS / "gallery").iterdir())

    def none_left(path: Path) -> bytes:
        raise OSError(errno.EMFILE, "Too many open files")

    with monkeypatch.context() as meanwhile:
        meanwhile.setattr(Path, "read_bytes", none_left)
        with pytest.raises(OSError, match="Too many open files"):
            _ = gallery.shipped
    assert sorted(gallery.shipped) == whole


def test_data_that_were_made_once_are_not_made_again(tmp_path, monkeypatch):
    monkeypatch.setattr(place_of_data, "prepared", lambda: tmp_path)
    made = Data(torch.zeros(3, 1, 4, 4, dtype=torch.uint8), torch.ones(1, 1, 4, 4, dtype=torch.uint8), Domain(Shape(1, 4)))
    prepared("grey", lambda: made)
    with no_handles(), pytest.raises(OSError, match="Too many open files"):
        prepared("grey", lambda: pytest.fail("made again"))
    assert torch.equal(prepared("grey", lambda: pytest.fail("made again")).held, made.held)


def test_the_trash_is_weighed_again(shelf):
    runs = Runs(shelf.root)
    with no_handles(), pytest.raises(OSError, match="Too many open files"):
        runs._owner_and_size(runs.trash / shelf.thrown)
    owner, weighs = runs.in_trash()[shelf.thrown]
    assert (owner, weighs > 0) == ("ada", True)


@pytest.fixture(scope="module")
def served(tmp_path_factory):
    """(functions by name, a client, ids) of a page that has read nothing yet."""
    with place(tmp_path_factory.mktemp("served")) as made:
        people, cold = People(AccessPolicy(key=KEY), made.engine.runs.root.parent), Services(made.engine, ASSETS)
        app = Starlette(routes=routes(cold, PageFiles()), exception_handlers=dict.fromkeys(UNREADABLE, unreadable),
                        middleware=[Middleware(RequestGuard, local=True, people=people)])
        with TestClient(app, base_url="http://127.0.0.1:7860") as client:
            assert client.post("/play/admin", data={"key": KEY}, follow_redirects=False).status_code == 303
            made.engine.runs._read.clear()
            yield {f.__name__: f for f in PageFunctions(made.engine, cold, people).functions()}, client, made


def test_a_page_is_told_that_the_server_is_busy(served, caplog):
    call, client, there = served
    asks = {"runs": {"scope": "mine"}, "models": {}, "model": {"model": there.model}, "sets": {}, "slow": {"run": there.done},
            "samples": {"model": there.model, "n": 1, "seed": 1}, "keep": {"run": there.done, "pinned": True}}
    paths = [f"/play/runs/{there.done}/thumb.webp", f"/play/runs/{there.pictures}/frames/3", f"/play/runs/{there.done}/metrics.csv",
             f"/play/models/{there.model}/grid.webp", f"/play/models/{there.model}/model.safetensors", f"/play/sets/{there.own}/preview.webp"]
    with no_handles():
        said = {name: call[name](message) for name, message in asks.items()}
        polled = client.post("/play/poll", json={"run": there.done})
        shown = {path: client.get(path) for path in paths}
    busy = {"error": {"field": "server", "message": BUSY}}
    assert said == dict.fromkeys(asks, busy)
    assert polled.json() == busy
    assert {path: (answer.status_code, answer.json()) for path, answer in shown.items()} == dict.fromkeys(paths, (503, busy))
    assert not [(record.getMessage(), record.exc_text) for record in caplog.records if record.exc_info], "a want of handles is no fault of ours"
    assert not [name for name, message in asks.items() if "error" in call[name](message)]
    assert client.post("/play/poll", json={"run": there.done}).json()["status"] == "finished"
    assert {path: client.get(path).status_code for path in paths} == dict.fromkeys(paths, 200)
