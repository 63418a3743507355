"""What is leant on in Gradio: a test for each hook, named after it, that fails where an upgrade of Gradio takes the hook away.

Each asks Gradio itself beside ours; what ours does with it is tested elsewhere. Of gradio_client: test_gradio_client_contract.py.
"""

import inspect
import re
from html.parser import HTMLParser

import gradio as gr
import gradio.analytics
import pytest
from authlib.integrations.starlette_client.apps import StarletteOAuth2App
from gradio.data_classes import ComponentServerJSONBody
from gradio.queueing import Queue
from gradio.route_utils import CustomCORSMiddleware, get_request_origin
from starlette.middleware.sessions import SessionMiddleware
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Match, Route
from starlette.testclient import TestClient

from playground.config.settings import AccessPolicy
from playground.ui.http.gradio_hooks import QUEUE_SLEEP, QUEUE_SLEEPS, ROOT, gradio_app
from playground.ui.http.gradio_page import HANDLERS, PlaygroundRoutes, build, mounted
from playground.ui.http.gradio_protocol import CALL, PROXY_HEADER, SIGN_IN, UNUSED
from playground.ui.http.headers import SCRIPT
from playground.ui.http.request_guard import RequestGuard
from playground.ui.requests.identity import People, current_user

LOCAL, LAN, SPACE = "127.0.0.1:7860", "lab.example", "somebody-playground.hf.space"
ACCESS = {LOCAL: AccessPolicy(), LAN: AccessPolicy(hosts=frozenset({LAN})), SPACE: AccessPolicy(space=True, oauth=True, hosts=frozenset({SPACE}))}


def double(data=None) -> dict:
    """Twice a number."""
    return {"twice": 2 * data["n"]}


def count(n: int = 3) -> dict:
    """n, as it is."""
    return {"n": n}


def twice(n: int) -> dict:
    """n, two times."""
    return {"n": 2 * n}


def who(request: Request) -> Response:
    person = current_user.get()
    return JSONResponse([person.shown, person.token])


def app(root, host: str = LOCAL):
    routes = [Route("/play/who", who)]
    return mounted(build([double], "x", [count, twice]), routes, People(ACCESS[host], root), host == LOCAL)


def client(made, host: str = LOCAL) -> TestClient:
    return TestClient(made, base_url=f"https://{host}" if host == SPACE else f"http://{host}", client=("127.0.0.1", 1), follow_redirects=False)


def plain() -> gr.routes.App:
    """Gradio's app as it comes, with the same functions."""
    with gr.Blocks(analytics_enabled=False) as blocks:
        gr.api(count, api_name="count")
        gr.HTML(visible=False, server_functions=[double])
    return gr.routes.App.create_app(blocks)


def answers(routes: list[BaseRoute], method: str, path: str) -> bool:
    """Whether one of Gradio's routes takes this request."""
    scope = {"type": "http", "method": method, "path": path, "headers": [], "path_params": {}}
    every = [inner for route in routes for inner in (route.original_router.routes if hasattr(route, "original_router") else [route])]
    return any(isinstance(route, Route) and route.matches(scope)[0] is Match.FULL for route in every)


def test_slow_down_queue():
    with gr.Blocks(analytics_enabled=False) as blocks:
        pass
    looks, ours = inspect.getsource(Queue), build([], "x")._queue
    for name in QUEUE_SLEEPS:
        assert 0 < getattr(blocks._queue, name) < QUEUE_SLEEP
        assert f"asyncio.sleep(self.{name})" in looks
        assert getattr(ours, name) == QUEUE_SLEEP


@pytest.fixture
def space(monkeypatch):
    """Gradio believes to be on a Space."""
    monkeypatch.setattr("gradio.oauth.get_space", lambda: "somebody/playground")
    for name in ("CLIENT_ID", "CLIENT_SECRET", "SCOPES"):
        monkeypatch.setattr(f"gradio.oauth.OAUTH_{name}", "x")
    monkeypatch.setattr("gradio.oauth.OPENID_PROVIDER_URL", "http://127.0.0.1:1")


def test_expects_oauth(tmp_path, space):
    """Gradio adds the routes of signing in where the page says so, and puts its session before the guard, which looks who asks."""
    for host, there in ((LOCAL, False), (SPACE, True)):
        inner = gradio_app(app(tmp_path, host))
        for path in (f"{SIGN_IN}huggingface", f"{SIGN_IN}callback"):
            assert answers(inner.routes, "GET", path) == there
        order = [one.cls for one in inner.user_middleware]
        assert (SessionMiddleware in order) == there
        assert not there or order.index(SessionMiddleware) < order.index(RequestGuard)


def test_in_session(tmp_path, space, monkeypatch):
    """Where Gradio leaves who signed in."""
    async def signed_in(self, request) -> dict:
        return {"access_token": "hf_x", "userinfo": {"preferred_username": "ada"}}
    monkeypatch.setattr(StarletteOAuth2App, "authorize_access_token", signed_in)
    browser = client(app(tmp_path, SPACE), SPACE)
    assert browser.get("/play/who").json() == ["", ""]
    assert browser.get(f"{SIGN_IN}callback").is_redirect
    assert browser.get("/play/who").json() == ["ada", "hf_x"]


TRIED = ("proxy=https://a.example/x", "file=x", "file/x", "stream/x/1/1/playlist.m3u8", "queue/status", "call/count/x", "heartbeat/x",
         "upload_progress", "deep_link", "dev/reload")


@pytest.mark.parametrize("path", TRIED)
def test_unused_routes(tmp_path, path):
    """Gradio has each of them, and ours stands in its place."""
    assert answers(plain().routes, "GET", f"/gradio_api/{path}")
    answer = client(app(tmp_path)).get(f"/gradio_api/{path}")
    assert (answer.status_code, answer.json()["error"]["message"]) == (404, "there is no such address")


def test_every_unused_route_is_tried():
    assert all(re.fullmatch(re.sub(r"{\w+:path}", ".+", path), tried) for path, tried in zip(UNUSED, TRIED, strict=True))


def test_remove_cors(tmp_path):
    """Gradio would let any site read; ours lets none."""
    ask = {"origin": f"http://{LAN}"}
    assert "access-control-allow-origin" in TestClient(plain(), base_url=f"http://{LAN}").get("/config", headers=ask).headers
    ours = app(tmp_path, LAN)
    answer = client(ours, LAN).get("/config", headers=ask)
    assert (answer.status_code, "access-control-allow-origin" in answer.headers) == (200, False)
    assert CustomCORSMiddleware not in [one.cls for one in gradio_app(ours).user_middleware]


def test_gradio_app(tmp_path):
    assert isinstance(gradio_app(app(tmp_path)), gr.routes.App)


def test_app_kwargs(tmp_path):
    """Gradio's app takes our handlers of what its routes let out, and our middleware in its order; it describes no route."""
    inner = gradio_app(app(tmp_path))
    assert HANDLERS.items() <= inner.exception_handlers.items()
    order = [one.cls for one in inner.user_middleware]
    assert order.index(RequestGuard) + 1 == order.index(PlaygroundRoutes)
    assert inner.openapi_url is None


def test_component_server(tmp_path):
    """Gradio answers the same at this address, to the same message."""
    assert set(ComponentServerJSONBody.model_fields) == {"fn_name", "data", "session_hash", "component_id"}
    asked, gradios, ours = {"data": {"n": 3}, "fn_name": "double", "session_hash": "x"}, TestClient(plain()), client(app(tmp_path))
    for path in (CALL, f"{CALL}/"):
        answers = [one.post(path, json={**asked, "component_id": part(one)}).json() for one in (gradios, ours)]
        assert answers == [{"twice": 6}] * 2


def part(one: TestClient) -> int:
    """As clients look for the component that holds the page's functions."""
    return next(c["id"] for c in one.get("/config").json()["components"] if c["type"] == "html" and c["props"]["server_fns"] == ["double"])


def test_declare(tmp_path):
    """/config and /info tell of the functions, by the numbers that they are called by; the page's script finds its place."""
    ours = client(app(tmp_path))
    told = ours.get("/config").json()
    assert [(one["id"], one["api_name"]) for one in told["dependencies"]] == [(0, "count"), (1, "twice")]
    about = ours.get("/gradio_api/info").json()["named_endpoints"]["/count"]
    assert [(one["parameter_name"], one["parameter_default"]) for one in about["parameters"]] == [("n", 3)]
    assert ROOT in [one["props"].get("elem_id") for one in told["components"] if one["type"] == "column"]


def test_mount(tmp_path):
    """The script's tag, styles and fonts stand in the page or in what it reads; nothing is loaded from elsewhere."""
    ours = client(app(tmp_path))
    page, told = ours.get("/").text, ours.get("/config").json()
    assert '<script type="module" src="/play/static/x/boot.js"></script>' in told["head"]
    assert "/play/static/x/boot.js" in page
    assert "footer { display: none" in told["css"]
    assert (told["stylesheets"], told["footer_links"], told["analytics_enabled"], told["api_prefix"]) == ([], [], False, "/gradio_api")
    assert [one for one in re.findall(r"<(?:script|link)[^>]*(?:src|href)=\"([^\"]*)", page) if "://" in one] == []


class Inline(HTMLParser):
    """The texts of a page's own scripts."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.texts, self._inside = [], False
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list) -> None:
        self._inside = tag == "script" and "src" not in dict(attrs)
        if self._inside:
            self.texts.append("")

    def handle_endtag(self, tag: str) -> None:
        self._inside = self._inside and tag != "script"

    def handle_data(self, data: str) -> None:
        if self._inside:
            self.texts[-1] += data


def test_inline_scripts(tmp_path):
    """Each script in Gradio's page is seen, for the policy to allow it by its hash, and none hangs on an attribute."""
    page = client(app(tmp_path)).get("/").text
    assert [text.encode() for text in Inline(page).texts] == SCRIPT.findall(page.encode())
    assert "window.gradio_config" in page
    assert not re.search(r"<[^>]+\son\w+=", SCRIPT.sub(b"", page.encode()).decode())


def test_proxy_header():
    """Gradio believes it of anybody: that is why it is dropped."""
    scope = {"type": "http", "path": "/", "query_string": b"", "headers": [(b"host", b"a.example"), (PROXY_HEADER, b"http://evil.example/")]}
    assert get_request_origin(Request(scope), "/").host == "evil.example"


def test_analytics_enabled(monkeypatch):
    """Set before Gradio is imported, and heard."""
    monkeypatch.setenv("GRADIO_ANALYTICS_ENABLED", "False")
    assert gradio.analytics.analytics_enabled() is False
