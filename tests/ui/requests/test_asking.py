"""Whom a request counts for: an address that cannot be made up, and a name."""

from ipaddress import ip_network

import pytest
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.responses import JSONResponse
from starlette.routing import Route
from starlette.testclient import TestClient

from playground.config.settings import AccessPolicy, proxies
from playground.requester import Requester, client_address, requester
from playground.ui.http.request_guard import RequestGuard
from playground.ui.requests.identity import People

PROXY = (ip_network("10.0.0.0/8"), ip_network("fd00::/8"))
HOST = "somebody-playground.hf.space"


@pytest.mark.parametrize(("peer", "forwarded", "is_"), [
    ("8.8.4.4", "", "8.8.4.4"),
    ("8.8.4.4", "1.1.1.1", "8.8.4.4"),                                  # a visitor's own word
    ("8.8.4.4", "10.0.0.1", "8.8.4.4"),
    ("10.1.2.3", "8.8.4.4", "8.8.4.4"),
    ("10.1.2.3", "1.1.1.1, 2.2.2.2, 8.8.4.4", "8.8.4.4"),               # what stands before what the proxy saw is the visitor's word
    ("10.1.2.3", "1.1.1.1, 8.8.4.4, 10.9.9.9", "8.8.4.4"),              # two proxies
    ("10.1.2.3", "1.1.1.1, 127.0.0.1", "127.0.0.1"),
    ("10.1.2.3", "10.0.0.7, 10.9.9.9", "10.0.0.7"),                     # somebody within
    ("10.1.2.3", "", "10.1.2.3"),
    ("10.1.2.3", "1.1.1.1, nonsense", "10.1.2.3"),
    ("10.1.2.3", "nonsense, 10.4.4.4", "10.4.4.4"),
    ("10.1.2.3", "8.8.4.4:5678", "8.8.4.4"),
    ("10.1.2.3", "[2001:db8:1:2::5]:80", "2001:db8:1:2::/64"),
    ("::ffff:10.1.2.3", "::ffff:8.8.4.4", "8.8.4.4"),
    ("fd00::1", "2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
    ("2001:db8:1:2:ffff::1", "1.1.1.1", "2001:db8:1:2::/64"),
    ("fe80::1%eth0", "", "fe80::/64"),
    ("testclient", "1.1.1.1", "testclient"),
    (None, "1.1.1.1", "local"),
])
def test_an_address_is_the_nearest_that_no_proxy_of_ours_has(peer, forwarded, is_):
    assert client_address(peer, forwarded, PROXY) == is_


def test_a_household_s_addresses_of_version_6_are_one():
    assert len({client_address(f"2001:db8:1:2:{n:x}::{n:x}", "", ()) for n in range(1000)}) == 1
    assert client_address("2001:db8:1:3::1", "", ()) != client_address("2001:db8:1:2::1", "", ())


def test_only_a_space_trusts_somebody_unasked():
    assert proxies({}) == ()
    assert client_address("10.1.2.3", "8.8.4.4", proxies({"SPACE_ID": "a/b"})) == "8.8.4.4"
    assert proxies({"SPACE_ID": "a/b", "PLAYGROUND_PROXIES": "none"}) == ()
    assert proxies({"PLAYGROUND_PROXIES": "127.0.0.1, fd00::/8"}) == (ip_network("127.0.0.1"), ip_network("fd00::/8"))


def who(request) -> JSONResponse:
    return JSONResponse([requester.get().owner, requester.get().address])


def test_the_guard_says_who_asks_in_worker_threads_too(tmp_path):
    def client(peer: str, trusted: tuple = PROXY) -> TestClient:
        people = People(AccessPolicy(space=True, hosts=frozenset({HOST}), proxies=trusted), tmp_path)
        app = Starlette(routes=[Route("/", who), Route("/who", who)], middleware=[Middleware(RequestGuard, local=False, people=people)])
        return TestClient(app, base_url=f"https://{HOST}", client=(peer, 5000))

    assert requester.get() == Requester("local", "local")
    stranger = client("8.8.4.4")
    assert stranger.get("/who", headers={"x-forwarded-for": "1.1.1.1"}).json() == ["address:8.8.4.4", "8.8.4.4"]
    proxy = client("10.0.0.9")
    two = [("x-forwarded-for", "1.1.1.1"), ("x-forwarded-for", "8.8.4.4")]         # a visitor's own header, and the proxy's
    assert proxy.get("/who", headers=two).json() == ["address:8.8.4.4", "8.8.4.4"]
    proxy.get("/")
    owner, whence = proxy.get("/who", headers=two).json()
    assert owner.startswith("cookie:")
    assert whence == "8.8.4.4"
    assert client("10.0.0.9", ()).get("/who", headers=two).json()[1] == "10.0.0.9"
    assert requester.get() == Requester("local", "local")
