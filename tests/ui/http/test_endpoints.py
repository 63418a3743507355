"""What programs call by name: gradio_client as its users have it, and requests that no client would send."""

import asyncio
import json
import re
import threading
import time
from collections.abc import Iterator
from typing import NamedTuple

import httpx
import pytest
from apps import Person
from gradio_client import Client
from gradio_client.exceptions import AppError
from loops import awaited
from messages import GONE, HOSTILE, LONG
from modelling import packed
from starlette.requests import Request
from starlette.responses import Response

from models.kit.batch import Shape
from playground.requester import Requester, requester
from playground.ui.http.client_api import AT_ONCE, EACH, KEPT, ClientFunctions, QueueEndpoints
from playground.ui.http.gradio_protocol import DATA, JOIN

NAMES = ["models", "sample", "interpolate"]


class Shelf(NamedTuple):
    pictures: str       # published
    points: str         # its owner's alone


@pytest.fixture(scope="module")
def shelf(app) -> Shelf:
    made = [app.web.post("/play/upload/model", content=packed(*what), headers={"content-type": "application/octet-stream"}).json()["model"]["id"]
            for what in (("began", Shape(1, 16)), ("gan",))]
    app.call("share_model", {"model": made[0], "published": True})
    return Shelf(*made)


def client(url: str, **headers: str) -> Client:
    return Client(url, verbose=False, headers=headers, analytics_enabled=False)


@pytest.fixture(scope="module")
def stranger(app) -> Iterator[Client]:
    made = client(app.url)
    yield made
    made.close()


def test_they_are_named_and_documented(stranger):
    told = stranger.view_api(return_format="dict")
    assert list(told["named_endpoints"]) == [f"/{name}" for name in NAMES]
    assert told["unnamed_endpoints"] == {}
    for name, about in told["named_endpoints"].items():
        assert len(about["description"]) > 80
        for parameter in about["parameters"]:
            assert re.search(rf"\b{parameter['parameter_name']}\b", about["description"]), (name, parameter)
    assert [d["id"] for d in stranger.config["dependencies"]] == list(range(3))         # as the calls count them
    assert [f.__name__ for f in ClientFunctions(None).functions()] == [d["api_name"] for d in stranger.config["dependencies"]]


def test_a_client_gets_what_the_page_gets(app, shelf, stranger):
    source = {"model": shelf.pictures}
    assert stranger.predict(shelf.pictures, 5, 3, 0.5, api_name="/sample") == app.call("samples", {**source, "n": 5, "seed": 3, "radius": 0.5})
    assert len(stranger.predict(shelf.pictures, api_name="/sample")["norms"]) == 16
    strip, made = app.call("strip", {**source, "a": 3, "b": 8, "n": 7}), stranger.predict(shelf.pictures, 3, 8, 7, api_name="/interpolate")
    assert made == {**strip["slerp"], "mode": "slerp"}
    assert stranger.predict(shelf.pictures, 3, 8, 7, "lerp", api_name="/interpolate") == {**strip["lerp"], "mode": "lerp"}
    one = stranger.predict(shelf.pictures, 1, 8, api_name="/sample")["z"]
    assert stranger.predict(shelf.pictures, 3, {"z": one}, 7, api_name="/interpolate")["image"] == made["image"]


def test_many_calls_at_once_each_get_their_own(shelf, stranger):
    jobs = [stranger.submit(shelf.pictures, 1 + i, api_name="/sample") for i in range(12)]
    assert [len(job.result(timeout=60)["norms"]) for job in jobs] == list(range(1, 13))


def test_models_are_those_that_who_asks_may_see(app, shelf, stranger):
    def seen(who: Client) -> set[str]:
        return {card["id"] for card in who.predict(api_name="/models")["models"]} & set(shelf)
    owner = client(app.url, cookie="; ".join(f"{c.name}={c.value}" for c in app.web.cookies.jar))
    assert (seen(stranger), seen(owner)) == ({shelf.pictures}, set(shelf))
    assert len(owner.predict(shelf.points, 4, api_name="/sample")["points"]) == 4
    somebody = Person(app.url).come()
    other = client(app.url, cookie="; ".join(f"{c.name}={c.value}" for c in somebody.web.cookies.jar))
    for who, says in ((stranger, "not known whose"), (other, "somebody else's")):
        for name in ("/sample", "/interpolate"):
            with pytest.raises(AppError, match=says):
                who.predict(shelf.points, api_name=name)
    owner.close()
    other.close()


@pytest.mark.parametrize(("name", "argument", "value", "allowed"), [
    ("sample", "n", 65, "between 1 and 64"), ("sample", "n", "many", "between 1 and 64"), ("sample", "seed", -1, "between 0 and 2147483647"),
    ("sample", "radius", 3, "between 0 and 2"), ("sample", "radius", None, ""), ("sample", "model", "no-such", "there is no such model"),
    ("sample", "model", "../x", "32 hex digits"), ("interpolate", "n", 2, "between 3 and 120"),
    ("interpolate", "mode", "spline", "auto, slerp, lerp"), ("interpolate", "a", {"z": "AAAA"}, "little-endian"),
    ("interpolate", "b", {"seed": 0.5}, "whole number")])
def test_what_is_refused_says_which_argument_and_what_is_allowed(shelf, stranger, name, argument, value, allowed):
    asked = {"model": shelf.pictures, argument: value}
    if not allowed:
        assert "image" in stranger.predict(**asked, api_name=f"/{name}")
        return
    with pytest.raises(AppError, match=allowed) as told:
        stranger.predict(**asked, api_name=f"/{name}")
    assert argument in str(told.value)


def test_what_no_client_sends_is_refused_and_nothing_of_the_inside_is_shown(app):
    good = {"fn_index": 0, "data": [], "session_hash": "a-session"}
    for field in good:
        for value in HOSTILE:
            if value is LONG or (field == "data" and isinstance(value, list)) or (field == "fn_index" and value == 0 and value is not False):
                continue
            if field == "session_hash" and isinstance(value, str):
                continue
            answer = app.me.post({k: v for k, v in {**good, field: value}.items() if v is not GONE}, JOIN)
            assert (answer.status_code, answer.json()["error"]["field"]) == (400, field), (field, value, answer.text[:300])
    for body in ("", "[" * 50_000, "{", "null", "7", '"x"', "[]", b"\xff\xfe", b"\x00" * 1000):
        answer = app.me.post(body, JOIN)
        assert (answer.status_code, answer.json()["error"]["field"]) == (400, "message"), body[:20]
    assert app.me.post({**good, "data": [LONG]}, JOIN).status_code == 413
    assert app.me.post(good, JOIN, origin="http://evil.example").status_code == 403


def test_arguments_of_no_function_are_refused_in_words(app):
    for number, data, says in ((0, [1], "models takes nothing"), (1, [], "sample takes model"), (1, ["a", 1, 2, 3, 4, 5], "sample takes model"),
                               (1, [{"path": "/etc/passwd", "meta": {"_type": "gradio.FileData"}}], "a model is named by")):
        id = app.me.post({"fn_index": number, "data": data, "session_hash": "words"}, JOIN).json()["event_id"]
        told = [json.loads(line[6:]) for line in app.web.get(f"{DATA}?session_hash=words").text.split("\n\n") if line]
        assert [(message["msg"], message.get("event_id")) for message in told] == [("process_completed", id), ("close_stream", None)]
        assert says in told[0]["output"]["error"]
        assert told[0]["success"] is False


def test_an_answer_is_told_once_and_to_who_asked_alone(app):
    other = Person(app.url).come()
    app.me.post({"fn_index": 0, "data": [], "session_hash": "mine"}, JOIN)
    for web in (other.web, httpx.Client(base_url=app.url)):
        assert web.get(f"{DATA}?session_hash=mine").status_code == 404
    assert '"models":' in app.web.get(f"{DATA}?session_hash=mine").text
    assert app.web.get(f"{DATA}?session_hash=mine").status_code == 404


def test_gradio_s_own_ways_to_call_stay_shut(app):
    for path in (f"{JOIN}/", "/queue/join", "/call/sample", "/run/sample", "/api/sample", "/gradio_api/call/sample", "/gradio_api/call/v2/sample",
                 "/gradio_api/run/sample", "/gradio_api/api/sample", "/gradio_api/cancel", "/gradio_api/upload"):
        assert app.me.post({"fn_index": 0, "data": [], "session_hash": "x"}, path).status_code in (403, 404, 405), path


class Gate:
    """Functions that stay until it is opened, and how many are inside at most."""

    def __init__(self) -> None:
        self.opened, self.inside, self.most, self._lock = threading.Event(), 0, 0, threading.Lock()

    def slow(self) -> dict:
        with self._lock:
            self.inside += 1
            self.most = max(self.most, self.inside)
        self.opened.wait(30)
        with self._lock:
            self.inside -= 1
        return {}


def sent(message: dict) -> Request:
    async def receive() -> dict:
        return {"type": "http.request", "body": json.dumps(message).encode(), "more_body": False}
    return Request({"type": "http", "method": "POST", "path": JOIN, "headers": [], "query_string": b""}, receive)


def test_few_calls_are_worked_on_and_few_wait_and_few_answers_are_kept():
    gate, programs = Gate(), QueueEndpoints(None)
    programs.functions = [gate.slow]

    async def joins(n: int) -> list[Response]:
        return [await programs.join(sent({"fn_index": 0, "data": [], "session_hash": str(i)})) for i in range(n)]

    async def all_of_it() -> None:
        met = await joins(EACH + 3)
        assert [answer.status_code for answer in met] == [200] * EACH + [503] * 3
        token = requester.set(Requester("cookie:eve", "10.0.0.2"))              # another network's call has a worker at once
        met = await joins(1)
        requester.reset(token)
        end = time.monotonic() + 20
        while gate.inside < AT_ONCE and time.monotonic() < end:
            await asyncio.sleep(0.01)
        assert gate.inside == AT_ONCE
        gate.opened.set()
        for _ in range(KEPT // EACH + 2):
            await asyncio.gather(*(call.result for _, call in programs._calls.items()))
            assert [answer.status_code for answer in await joins(EACH)] == [200] * EACH
        assert len(programs._calls) <= KEPT
        await asyncio.gather(*(call.result for _, call in programs._calls.items()))

    awaited(all_of_it())
    assert gate.most == AT_ONCE
