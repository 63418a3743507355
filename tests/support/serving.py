"""A real engine with a small finished run and a paused one, behind the page's functions and routes; shared by the tests of the server."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple

from picturing import kept
from running import PATIENCE
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.testclient import TestClient

from playground.config.settings import AccessPolicy
from playground.engine.engine import Engine
from playground.types import Status
from playground.ui.handlers import run_updates
from playground.ui.handlers.rpc import PageFunctions, answered
from playground.ui.handlers.services import Services
from playground.ui.http.request_guard import RequestGuard
from playground.ui.http.routes import PageFiles, routes
from playground.ui.requests.identity import People, Person, current_user
from playground.worker.session import Intervals

ASSETS = Path(__file__).parents[2] / "assets"
KEY = "a key of twenty chars"
TINY = {"variant": "gan", "data": "ring8", "knobs": {"width_g": 8, "width_d": 8, "batch": 16}, "steps": 40, "seed": 3}
PICTURES = {"variant": "lsgan", "data": "digits", "knobs": {"width_g": 4, "width_d": 4, "batch": 8, "z_dim": 8}, "steps": 3}
CODED = {**TINY, "variant": "infogan", "steps": 10}
ENCODED = {**TINY, "variant": "bigan", "steps": 10}


class Place(NamedTuple):
    engine: Engine
    call: dict[str, Callable[[Any], dict[str, Any]]]
    client: TestClient  # an admin's
    done: str           # a finished run on points
    pictures: str       # a finished run on images
    paused: str
    model: str          # of the run on points, nobody's but its owner's
    own: str            # a set of pictures
    coded: str          # a finished run whose G has codes of its own
    encoded: str        # one with an encoder
    services: Services


@contextmanager
def as_(person: Person) -> Iterator[None]:
    """Whoever asks in here is this person."""
    token = current_user.set(person)
    try:
        yield
    finally:
        current_user.reset(token)


@contextmanager
def place(root: Path, assets: Path = ASSETS) -> Iterator[Place]:
    engine = Engine(root, workers=1, intervals=Intervals(flush=0.02, points=0.05, images=0.05, share=0.5))
    try:
        services, people = Services(engine, assets), People(AccessPolicy(key=KEY), root)
        def poll(message: Any) -> dict[str, Any]:
            return run_updates.poll(services, message)

        def updates(message: Any) -> dict[str, Any]:
            return run_updates.updates(services, message)

        call = {f.__name__: f for f in (*PageFunctions(engine, services, people).functions(), answered(poll), answered(updates))}
        app = Starlette(routes=routes(services, PageFiles()), middleware=[Middleware(RequestGuard, local=True, people=people)])
        ids: list[str] = []
        for spec in (TINY, PICTURES, {**TINY, "steps": 100_000}):       # the last would not wait for the pictures, but train beside them
            for id in ids:
                until(engine, id, Status.FINISHED)
            answer = call["start"]({"spec": spec})
            assert "run" in answer, answer
            ids.append(answer["run"])
        call["act"]({"run": ids[2], "do": "step", "n": 5})
        until(engine, ids[2], Status.PAUSED)
        ids.append(call["publish"]({"run": ids[0], "public": False})["model"]["id"])
        ids.append(kept(services.sets))
        for spec in (CODED, ENCODED):
            ids.append(call["start"]({"spec": spec})["run"])    # the one that is paused has left its worker
            until(engine, ids[-1], Status.FINISHED)
        client = TestClient(app, base_url="http://127.0.0.1:7860")
        assert client.post("/play/admin", data={"key": KEY}, follow_redirects=False).status_code == 303
        yield Place(engine, call, client, *ids, services)
    finally:
        engine.close()


def until(engine: Engine, id: str, status: Status, seconds: float = PATIENCE) -> None:
    """Wait for a status; a failure that names the one it has."""
    end = time.monotonic() + seconds
    while engine.run(id).status is not status:
        run = engine.run(id)
        assert time.monotonic() < end, f"{run.status}: {run.note}"
        time.sleep(0.01)
