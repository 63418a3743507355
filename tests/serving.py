"""A real engine with a small finished run and a paused one, behind the page's functions and routes; shared by the tests of the server."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple

from picturing import kept
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.testclient import TestClient

from playground.engine import Engine
from playground.runner import Pace
from playground.settings import Door
from playground.types import Status
from playground.ui import polling
from playground.ui.guard import Guard
from playground.ui.library import Library
from playground.ui.people import People
from playground.ui.routes import Live, routes
from playground.ui.server import Server, answered

ASSETS = Path(__file__).parent.parent / "assets"
KEY = "a key of twenty chars"
TINY = {"variant": "gan", "data": "ring8", "knobs": {"width_g": 8, "width_d": 8, "batch": 16}, "steps": 40, "seed": 3}
PICTURES = {"variant": "lsgan", "data": "digits", "knobs": {"width_g": 4, "width_d": 4, "batch": 8, "z_dim": 8}, "steps": 3}


class Place(NamedTuple):
    engine: Engine
    call: dict[str, Callable[[Any], dict[str, Any]]]
    client: TestClient  # an admin's
    done: str           # a finished run on points
    pictures: str       # a finished run on images
    paused: str
    model: str          # of the run on points, nobody's but its owner's
    own: str            # a set of pictures
    library: Library


@contextmanager
def place(root: Path, assets: Path = ASSETS) -> Iterator[Place]:
    engine = Engine(root, workers=1, pace=Pace(flush=0.02, points=0.05, images=0.05, share=0.5))
    try:
        library, people = Library(engine, assets), People(Door(key=KEY), root)
        def poll(message: Any) -> dict[str, Any]:
            return polling.poll(library, message)

        call = {f.__name__: f for f in (*Server(engine, library, people).functions(), answered(poll))}
        app = Starlette(routes=routes(library, Live()), middleware=[Middleware(Guard, local=True, people=people)])
        ids = []
        for spec in (TINY, PICTURES, {**TINY, "steps": 100_000}):
            answer = call["start"]({"spec": spec})
            assert "run" in answer, answer
            ids.append(answer["run"])
        for id in ids[:2]:
            until(engine, id, Status.FINISHED)
        call["act"]({"run": ids[2], "do": "step", "n": 5})
        until(engine, ids[2], Status.PAUSED)
        ids.append(call["publish"]({"run": ids[0], "public": False})["model"]["id"])
        ids.append(kept(library.sets))
        client = TestClient(app, base_url="http://127.0.0.1:7860")
        assert client.get(f"/play/admin?key={KEY}", follow_redirects=False).status_code == 303
        yield Place(engine, call, client, *ids, library)
    finally:
        engine.close()


def until(engine: Engine, id: str, status: Status, seconds: float = 30.0) -> None:
    """Wait for a status; a failure that names the one it has."""
    end = time.monotonic() + seconds
    while engine.run(id).status is not status:
        run = engine.run(id)
        assert time.monotonic() < end, f"{run.status}: {run.note}"
        time.sleep(0.01)
