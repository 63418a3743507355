"""What answers say to browsers, whose word is believed, and names and origins that are refused."""

import base64
import hashlib
import re
from ipaddress import ip_network

import pytest
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.responses import HTMLResponse, JSONResponse
from starlette.routing import Route
from starlette.testclient import TestClient

from playground.config.settings import AccessPolicy
from playground.ui.http.gradio_protocol import CALL
from playground.ui.http.request_guard import RequestGuard, hostname
from playground.ui.requests.identity import People

SPACE = "somebody-playground.hf.space"
HERE, MANY = AccessPolicy(), AccessPolicy(space=True, hosts=frozenset({SPACE}), proxies=(ip_network("10.0.0.0/8"),))
LAN = AccessPolicy(hosts=frozenset({"lab.example"}))
PAGE = "<html><script>let a = 1</script><script type='module' src='/x.js'></script><script id=b>let b = 2</script></html>"


def page(request) -> HTMLResponse:
    return HTMLResponse(PAGE)


def name(request) -> JSONResponse:
    return JSONResponse(request.headers["host"])


def said(request) -> JSONResponse:
    return JSONResponse({name: value for name, value in request.headers.items() if name.startswith("x-forwarded") or name == "x-gradio-server"})


def client(root, access: AccessPolicy = HERE, local: bool = True, host: str = "127.0.0.1:7860", peer: str = "127.0.0.1") -> TestClient:
    routes = [Route("/", page), Route("/said", said), Route("/name", name), Route(CALL, said, methods=["POST"])]
    app = Starlette(routes=routes, middleware=[Middleware(RequestGuard, local=local, people=People(access, root))])
    return TestClient(app, base_url=f"http://{host}", client=(peer, 1))


def test_a_page_runs_the_scripts_that_stand_in_it_and_this_server_s(tmp_path):
    answer = client(tmp_path).get("/")
    policy = dict(part.strip().split(" ", 1) for part in answer.headers["content-security-policy"].split(";"))
    sums = [f"'sha256-{base64.b64encode(hashlib.sha256(text).digest()).decode()}'" for text in (b"let a = 1", b"let b = 2")]
    assert policy["script-src"].split() == ["'self'", *sums]
    assert policy["frame-ancestors"] == policy["form-action"] == policy["base-uri"] == "'self'"
    assert (policy["default-src"], policy["object-src"]) == ("'self'", "'none'")
    assert answer.text == PAGE
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["referrer-policy"] == "same-origin"
    other = client(tmp_path).get("/said")
    assert other.headers["content-security-policy"] == "default-src 'none'; frame-ancestors 'self'"
    refused = client(tmp_path).get("/", headers={"host": "evil.example"})
    assert (refused.status_code, refused.headers["x-content-type-options"]) == (403, "nosniff")


def test_a_space_may_stand_in_the_hub_s_frame(tmp_path):
    policy = client(tmp_path, MANY, False, SPACE).get("/").headers["content-security-policy"]
    assert re.search(r"frame-ancestors 'self' https://huggingface.co https://\*.huggingface.co https://\*.hf.space$", policy)


def test_an_answer_with_a_cookie_is_kept_by_nobody(tmp_path):
    came = client(tmp_path)
    first, again = came.get("/"), came.get("/")
    assert ("set-cookie" in first.headers, first.headers["cache-control"]) == (True, "no-store")
    assert ("set-cookie" in again.headers, "cache-control" in again.headers) == (False, False)


def test_what_a_proxy_says_is_believed_of_proxies_alone(tmp_path):
    told = {"x-forwarded-host": SPACE, "x-forwarded-proto": "https", "x-forwarded-for": "8.8.4.4", "x-gradio-server": "http://evil.example"}
    assert client(tmp_path, MANY, False, SPACE, "8.8.8.8").get("/said", headers=told).json() == {}
    assert client(tmp_path).get("/said", headers=told).json() == {}
    believed = client(tmp_path, MANY, False, SPACE, "10.1.2.3").get("/said", headers=told).json()
    assert believed == {name: value for name, value in told.items() if name != "x-gradio-server"}
    odd = client(tmp_path, MANY, False, SPACE, "10.1.2.3").get("/said", headers=told | {"x-forwarded-host": "evil.example"}).json()
    assert "x-forwarded-host" not in odd
    bears = client(tmp_path, LAN, False, "lab.example", "8.8.8.8").get("/", headers=told).headers["set-cookie"]
    assert "Secure" not in bears


def test_gradio_hears_no_name_that_is_not_this_server_s(tmp_path):
    """It would tell it to everybody after."""
    for host, heard in (("10.0.0.7", SPACE), ("evil.example", SPACE), (SPACE, SPACE), ("localhost:7860", "localhost:7860")):
        assert client(tmp_path, MANY, False, SPACE).get("/name", headers={"host": host}).json() == heard
    assert client(tmp_path, AccessPolicy(), False, "any.example").get("/name").json() == "any.example"


@pytest.mark.parametrize(("text", "name"), [
    ("[::1]", "::1"), ("[::1]:7860", "::1"), ("http://[::1]:80", "::1"), ("127.0.0.1:7860", "127.0.0.1"), ("https://A.example", "a.example"),
    ("[::1].evil", ""), ("[::1].evil:80", ""), ("[::1]evil", ""), ("localhost:7860:1", ""), ("localhost:port", ""), ("user@localhost", ""),
    ("localhost/x", ""), ("null", "null"), ("file://", ""), ("", ""), ("[localhost]", ""), ("localhost,evil", "")])
def test_the_name_in_a_header(text, name):
    assert hostname(text) == name


@pytest.mark.parametrize("host", ["[::1].evil", "[::1].evil:7860", "[::1", "localhost:7860:1", "localhost@evil.example", "127.0.0.1.evil.example"])
def test_odd_names_are_refused(tmp_path, host):
    assert client(tmp_path).get("/said", headers={"host": host}).status_code == 403
    lan = client(tmp_path, LAN, False, "lab.example")
    assert lan.post(CALL, content=b"{}", headers={"host": host}).status_code in (400, 403)


def test_another_site_s_page_may_not_even_read(tmp_path):
    """Without fetch metadata, as older browsers send; with them, it is the Origin that counts all the same."""
    places = (client(tmp_path), client(tmp_path, MANY, False, SPACE), client(tmp_path, LAN, False, "lab.example"))
    for there, own in zip(places, ("http://127.0.0.1:7860", f"https://{SPACE}", "http://lab.example"), strict=True):
        for method in ("GET", "HEAD"):
            assert there.request(method, "/said", headers={"origin": own}).status_code == 200
            for evil in ("https://evil.example", "null", "https://other.hf.space", "file://", f"{own}.evil.example"):
                assert there.request(method, "/said", headers={"origin": evil}).status_code == 403, (own, evil)
        assert there.post(CALL, content=b"{}", headers={"origin": "https://evil.example"}).status_code == 403
