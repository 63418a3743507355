"""The admin's login: a form, few tries a minute, nothing of the key anywhere but there."""

import pytest
from apps import ADMIN_KEY, App, Person
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.testclient import TestClient

from playground.config.settings import AccessPolicy
from playground.types import Refused
from playground.ui.http.admin_login import ADMIN, ALL, EACH, AttemptLimit
from playground.ui.http.request_guard import RequestGuard
from playground.ui.requests.identity import People

KEY = "a key of some length"


def client(root, access: AccessPolicy = AccessPolicy(key=KEY)) -> TestClient:           # noqa: B008
    return TestClient(Starlette(middleware=[Middleware(RequestGuard, local=True, people=People(access, root))]), base_url="http://127.0.0.1:7860")


def test_the_form_stands_alone_and_is_not_kept(tmp_path):
    answer = client(tmp_path).get(ADMIN)
    assert answer.status_code == 200
    assert 'method="post"' in answer.text
    assert 'type="password"' in answer.text
    assert answer.headers["cache-control"] == "no-store"
    assert "script-src" not in answer.headers["content-security-policy"]
    assert answer.headers["content-security-policy"].startswith("default-src 'none'")
    assert client(tmp_path, AccessPolicy()).get(ADMIN).status_code == 404


def test_a_key_in_an_address_opens_nothing(tmp_path):
    there = client(tmp_path)
    answer = there.get(f"{ADMIN}?key={KEY}")
    assert answer.status_code == 400
    assert "set-cookie" not in answer.headers
    assert "Set another one" in answer.text
    assert there.post(f"{ADMIN}?key={KEY}", data={"key": "x"}).status_code == 403


def test_ten_tries_a_minute_then_even_the_key_waits(tmp_path):
    there = client(tmp_path)
    met = [there.post(ADMIN, data={"key": f"guess {n}"}).status_code for n in range(EACH + 5)]
    assert met == [403] * EACH + [429] * 5
    assert there.post(ADMIN, data={"key": KEY}, follow_redirects=False).status_code == 429


def test_tries_are_counted_by_address_and_in_all():
    now = [0.0]
    limit = AttemptLimit(clock=lambda: now[0])
    for n in range(ALL):
        limit.count(f"10.0.0.{n // EACH}")
    with pytest.raises(Refused, match="a minute"):
        limit.count("10.9.9.9")
    now[0] = 61
    limit.count("10.9.9.9")
    assert len(limit._attempts) == 1


def test_forms_of_other_sites_and_long_ones_are_refused(tmp_path):
    there = client(tmp_path)
    assert there.post(ADMIN, data={"key": KEY}, headers={"origin": "https://evil.example"}).status_code == 403
    assert there.post(ADMIN, data={"key": KEY}, headers={"sec-fetch-site": "cross-site"}).status_code == 403
    assert there.post(ADMIN, data={"key": "x" * 3000}).status_code == 413
    for odd in (b"\xff\xfe", b"&" * 1000, b"key=%zz", b"key[]=1"):
        assert there.post(ADMIN, content=odd).status_code in (400, 403)


def test_the_log_of_a_real_server_never_has_it(app):
    who = Person(app.url).come()
    assert who.web.post(ADMIN, data={"key": ADMIN_KEY}).status_code in (200, 303)
    who.web.get(ADMIN, params={"key": ADMIN_KEY})
    who.web.post(ADMIN, data={"key": ADMIN_KEY + "x"})
    assert ADMIN_KEY not in app.said.read_text()


def test_a_server_that_others_reach_says_when_it_has_no_name(tmp_path):
    app = App(tmp_path / "data", GRADIO_SERVER_NAME="0.0.0.0").start()
    try:
        assert "PLAYGROUND_HOSTS" in app.said.read_text()
    finally:
        app.end()
