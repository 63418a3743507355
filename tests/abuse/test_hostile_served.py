"""Every address that the running app has is fed what no page would send: nothing breaks, nothing of the inside is shown, and it answers on."""

import json
import re
import time
from unittest.mock import MagicMock
from urllib.parse import quote

import gradio
import httpx
import pytest
from apps import ROUTED, TINY
from messages import GONE, HOSTILE, LONG, hostile, messages, wrong
from picturing import arrived
from serving import CODED, ENCODED, PICTURES

from playground.ui.http.request_guard import POSTS
from playground.ui.http.routes import PageFiles, routes
from playground.ui.requests.uploads import MOST as FILES

LEAKS = re.compile(r"Traceback|site-packages|/playground/|File \"|/root/|/work/|/home/|object at 0x")
SOON = 2.0          # seconds; a machine that is busy beyond measure may take longer for one, not for the second try
MOST = 64 * 1024


@pytest.fixture(scope="module")
def runs(app):
    """A finished, a paused and a spare one of the same person, a model of the first, a set of pictures, one with codes and one with an encoder."""
    made = [app.call("start", {"spec": spec})["run"] for spec in
            ({**TINY, "steps": 30}, PICTURES, CODED, ENCODED, {**TINY, "steps": 1_000_000})]
    done, spare, coded, encoded, paused = made
    for id in (done, spare, coded, encoded):
        app.me.until(id, "finished")
    app.me.until(paused, step=5)
    app.call("act", {"run": paused, "do": "pause"})
    app.me.until(paused, "paused")
    yield done, paused, spare, app.call("publish", {"run": done, "public": False})["model"]["id"], arrived(app.me)["id"], coded, encoded
    app.call("act", {"run": paused, "do": "stop"})


def functions(app) -> list[str]:
    """As the served page's own configuration names them, and the polls, which are routes."""
    part = next(c for c in app.web.get("/config").json()["components"] if c["type"] == "html")
    return [*part["props"]["server_fns"], *ROUTED]


def asked(app, name: str, message: object):
    """The answer, and how long it took, the sooner of two tries."""
    took = []
    for _ in range(2):
        began = time.monotonic()
        answer = app.me.ask(name, message)
        took.append(time.monotonic() - began)
        if took[-1] < SOON:
            break
    return answer, min(took)


@pytest.mark.timeout(900)
def test_each_function_that_is_served_refuses_every_hostile_message_by_its_field(app, runs):
    good = messages(*runs)
    assert sorted(functions(app)) == sorted(good), "a function without a good message in tests/support/messages.py, or the other way round"
    count = 0
    for name in functions(app):
        for field, value, message in hostile(name, good[name]):
            text = json.dumps(message)
            if len(text) > MOST:                        # one of these is enough: it is refused before it is read
                continue
            answer, took = asked(app, name, message)
            told = answer.json()
            problem = wrong(told, field)
            assert answer.status_code == 200, (name, field, value, answer.text[:200])
            assert not problem, (name, field, value, problem)
            assert took < SOON, (name, field, value)
            count += 1
    assert count > 500
    answer = app.me.ask("poll", {"run": LONG})
    assert (answer.status_code, answer.json()["error"]["field"]) == (413, "message")


def test_the_envelope_of_a_message_is_refused_too(app, runs):
    part, good = app.me.part, {"data": {}, "fn_name": "catalogue", "session_hash": "x"}
    for field in ("component_id", "fn_name", "session_hash", "data", "event_id", "trigger_id"):
        for value in HOSTILE:
            body = {k: v for k, v in {**good, "component_id": part, field: value}.items() if v is not GONE}
            if value is LONG or body == {**good, "component_id": part}:
                continue
            answer = app.me.post(body)
            assert answer.status_code < 500, (field, value)
            assert not LEAKS.search(answer.text), (field, value, answer.text[:300])
    for field in ("\ud800", "a\u202eb"):
        assert app.me.ask("catalogue", {field: 1}).status_code < 500
    for body in ("", "[" * 50_000, "{", "null", "7", '"x"', "[]", b"\xff\xfe", b"\x00" * 1000, '{"data": {"a": 1}, "data": {}}'):
        answer = app.me.post(body)
        assert answer.status_code < 500, body[:20]
        assert not LEAKS.search(answer.text), (body[:20], answer.text[:300])
    assert "variants" in app.call("catalogue", {})


NAMES = ["nan", "inf", "1e308", "-1", "0", "7", "abc", "null", "true", "[]", "{}", "x" * 3000, "", "../../../etc/passwd", "..%2f..%2fetc%2fpasswd",
         "%2e%2e/%2e%2e/etc/passwd", "/etc/passwd", "file:///etc/passwd", "http://127.0.0.1:1/", "%00", "%ff%fe", "<script>alert(1)</script>",
         "\u202e"]


def addresses() -> list[tuple[str, set[str]]]:
    """(path, methods) of every route: Gradio's own and ours."""
    made = gradio.routes.App.create_app(gradio.Blocks(), app_kwargs={"routes": routes(MagicMock(), PageFiles())})
    found, routers = [], list(made.routes)
    for route in routers:
        if hasattr(route, "original_router"):           # what is under /gradio_api, and again at the root
            routers += route.original_router.routes
        elif getattr(route, "methods", None):
            found.append((route.path, route.methods))
    assert len(found) > 80
    assert {path for path, _ in found} >= {"/play/runs/{id}/weights.safetensors", "/gradio_api/component_server", "/config"}
    return found


def test_nothing_streams_and_no_other_host_is_asked(app):
    """The page polls; an open stream would hold a connection for as long as a client likes."""
    for path in ("queue/data?session_hash=x", "heartbeat/x", "proxy=https://huggingface.co/x", "stream/x/1/1/playlist.m3u8", "file=README.md",
                 "call/x/y", "dev/reload"):
        answer = app.web.get(f"/gradio_api/{path}")
        assert (answer.status_code, answer.json()["error"]["field"]) == (404, "name"), path


def first(app, method: str, path: str) -> tuple[int, str]:
    """Status and the first of what is said: some answers never end."""
    with app.web.stream(method, httpx.URL(f"{app.url}{path}"), timeout=httpx.Timeout(10, read=1.0)) as answer:
        kind = answer.headers.get("content-type", "")
        if not kind.startswith(("text/", "application/json")) or "event-stream" in kind:
            return answer.status_code, ""
        return answer.status_code, answer.read().decode(errors="replace")


def test_every_address_takes_hostile_names_and_only_reads(app, runs):
    for path, methods in addresses():
        for value in NAMES:
            filled = re.sub(r"\{[^}]*\}", quote(value, safe="/%:.<>"), path)
            for asked in {filled, f"{filled}?session_hash={quote(value)}&key={quote(value)}&v={quote(value)}"}:
                if "GET" in methods:
                    status, text = first(app, "GET", asked)
                    assert status < 500, (asked[:200], text[:300])
                    assert "root:" not in text
                    assert not LEAKS.search(text), (asked[:200], text[:300])
            if "{" not in path:
                break
        for method in ("POST", "PUT", "PATCH", "DELETE"):
            if path.rstrip("/") not in (*POSTS, *FILES):
                assert first(app, method, re.sub(r"\{[^}]*\}", "x", path))[0] in (403, 405), (method, path)
    assert "variants" in app.call("catalogue", {})
