"""Who asks, and what the guard lets in: signed cookies, OAuth names, the admin's key, and other sites' pages."""

import stat

import pytest
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.responses import JSONResponse
from starlette.routing import Route
from starlette.testclient import TestClient

from playground.config.settings import AccessPolicy
from playground.types import Refused, Run, Spec
from playground.ui.http.request_guard import POSTS, RequestGuard, hostname
from playground.ui.requests.identity import People, Person, current_user

OPEN = AccessPolicy()
KEY = "a key of some length"
SPACE = "somebody-playground.hf.space"
RUN = Run("0" * 32, Spec("gan", "ring8"), owner="cookie:" + "a" * 32)


def who(request) -> JSONResponse:
    person = current_user.get()
    return JSONResponse({"names": list(person.names), "shown": person.shown, "admin": person.admin, "may_train": person.may_train,
                         "token": person.token})


class Signed:
    """What Gradio's session middleware leaves of somebody who signed in, the Hub's token among it."""

    def __init__(self, app, name) -> None:
        self.app, self.name = app, name

    async def __call__(self, scope, receive, send) -> None:
        info = {"access_token": "hf_oauth_token", "userinfo": {"preferred_username": self.name}}
        await self.app({**scope, "session": {"oauth_info": info} if self.name else {}}, receive, send)


def client(root, access: AccessPolicy = OPEN, local: bool = True, name: object = "", host: str = "127.0.0.1:7860", https: bool = False) -> TestClient:
    routes = [Route("/", who), Route("/who", who), Route(POSTS[0], who, methods=["POST"])]
    app = Starlette(routes=routes, middleware=[Middleware(Signed, name=name), Middleware(RequestGuard, local=local, people=People(access, root))])
    return TestClient(app, base_url=f"http{'s' if https else ''}://{host}")


def test_the_page_brings_a_cookie_that_scripts_cannot_read_and_it_lasts(tmp_path):
    came = client(tmp_path)
    assert came.get("/who").json()["names"] == []
    assert "set-cookie" not in came.get("/who").headers
    bears = came.get("/").headers["set-cookie"]
    assert "HttpOnly" in bears
    assert "SameSite=Lax" in bears
    assert "Max-Age=31536000" in bears
    (name,) = came.get("/who").json()["names"]
    assert name.startswith("cookie:")
    assert len(name) == 39
    assert "set-cookie" not in came.get("/").headers
    again = client(tmp_path)                            # the server started anew, on the same folder
    again.cookies = came.cookies
    assert again.get("/who").json()["names"] == [name]
    assert client(tmp_path).get("/").headers["set-cookie"] != bears


def test_the_secret_is_made_once_and_nobody_else_may_read_it(tmp_path):
    People(AccessPolicy(), tmp_path)
    secret = (tmp_path / "secret").read_bytes()
    assert stat.S_IMODE((tmp_path / "secret").stat().st_mode) == 0o600
    People(AccessPolicy(), tmp_path)
    assert (tmp_path / "secret").read_bytes() == secret


@pytest.mark.parametrize("forged", ["", "x", "a" * 32, "a" * 32 + ".", "{name}.x", "{other}", "ü", '"', "{value}x", "b{value}"])
def test_forged_cookies_are_nobody_s(tmp_path, forged):
    people, other = People(AccessPolicy(), tmp_path / "a"), People(AccessPolicy(), tmp_path / "b")
    scope = {"headers": [], "scheme": "http"}
    value, foreign = (p.welcome(scope).split(";")[0].split("=", 1)[1] for p in (people, other))
    text = forged.format(name=value.split(".")[0], other=foreign, value=value)
    assert people.of({"headers": [(b"cookie", f"{people.cookie}={text}".encode())]}).names == ()
    assert people.of({"headers": [(b"cookie", f"x=y; {people.cookie}={value}".encode())]}).names == (f"cookie:{value.split('.')[0]}",)


@pytest.fixture(autouse=True)
def folders(tmp_path):
    for name in "ab":
        (tmp_path / name).mkdir()


def test_two_playgrounds_on_one_host_do_not_take_each_other_s_cookies(tmp_path):
    assert People(AccessPolicy(), tmp_path / "a").cookie != People(AccessPolicy(), tmp_path / "b").cookie


def test_rights_follow_from_names():
    ada = Person((RUN.owner,))
    assert ada.own(RUN) is RUN
    assert Person(("hf:ada", RUN.owner)).owner == "hf:ada"
    assert Person((), admin=True).own(RUN) is RUN
    for somebody, words in ((Person(("hf:eve",)), "somebody else"), (Person(), "cookie")):
        with pytest.raises(Refused, match=words) as refused:
            somebody.own(RUN)
        assert refused.value.field == "owner"
    with pytest.raises(Refused, match="cookie"):
        _ = Person().owner
    with pytest.raises(Refused, match="sign in"):
        _ = Person(("cookie:x",), may_train=False).owner


def test_somebody_signed_in_on_a_space_is_known_by_name_and_keeps_what_was_theirs_before(tmp_path):
    access = AccessPolicy(space=True, oauth=True, admins=frozenset({"ada"}), hosts=frozenset({SPACE}))
    before = client(tmp_path, access, local=False, host=SPACE, https=True)
    bears = before.get("/").headers["set-cookie"]
    assert "SameSite=None; Secure; Partitioned" in bears
    (guest,) = before.get("/who").json()["names"]
    after = client(tmp_path, access, local=False, name="ada", host=SPACE, https=True)
    after.cookies = before.cookies
    assert after.get("/who").json() == {"names": ["hf:ada", guest], "shown": "ada", "admin": True, "may_train": True,
                                         "token": "hf_oauth_token"}
    assert client(tmp_path, access, local=False, name="eve", host=SPACE).get("/who").json()["admin"] is False
    for odd in ({"a": 1}, ["ada"], 7):
        told = client(tmp_path, access, local=False, name=odd, host=SPACE).get("/who").json()
        assert (told["shown"], told["token"]) == ("", "")
    told = client(tmp_path, name="ada").get("/who").json()
    assert (told["shown"], told["token"]) == ("", "")                               # not where nobody signs in


def test_where_one_has_to_sign_in_others_only_watch(tmp_path):
    access = AccessPolicy(space=True, oauth=True, sign_in=True)
    assert client(tmp_path, access, local=False).get("/who").json()["may_train"] is False
    assert client(tmp_path, access, local=False, name="ada").get("/who").json()["may_train"] is True


def test_the_admin_s_key_and_no_other_opens(tmp_path):
    there = client(tmp_path, AccessPolicy(key=KEY))
    for wrong in ({}, {"key": ""}, {"key": "x"}, {"key": f"{KEY}x"}, {"key": "\xff\x00"}, {"other": KEY}):
        assert there.post("/play/admin", data=wrong).status_code == 403
    assert there.get("/who").json()["admin"] is False
    answer = there.post("/play/admin", data={"key": KEY}, follow_redirects=False)
    assert (answer.status_code, answer.headers["location"], answer.headers["cache-control"]) == (303, "/", "no-store")
    assert there.get("/who").json()["admin"] is True
    later = client(tmp_path, AccessPolicy(key=KEY + " and another"))
    later.cookies = there.cookies
    assert later.get("/who").json()["admin"] is False
    assert client(tmp_path).post("/play/admin", data={"key": ""}).status_code == 404            # without a key there is no admin


def test_another_site_s_page_sends_nothing_here(tmp_path):
    here, access = client(tmp_path), AccessPolicy(space=True, hosts=frozenset({SPACE}))
    space = client(tmp_path, access, local=False, host=SPACE, https=True)
    for there, own in ((here, "http://127.0.0.1:7860"), (space, f"https://{SPACE}")):
        post = lambda **headers: there.post(POSTS[0], content=b"{}", headers={k.replace("_", "-"): v for k, v in headers.items()}).status_code  # noqa: B023, E731
        assert post() == post(origin=own) == post(origin=own, sec_fetch_site="same-origin") == 200
        for evil in ("https://evil.example", "null", f"https://{hostname(own)}.evil.example", "https://other.hf.space"):
            assert post(origin=evil) == 403
        assert post(sec_fetch_site="cross-site") == 403
        assert post(host="evil.example") == 403
        assert there.request("OPTIONS", POSTS[0], headers={"origin": "https://evil.example"}).status_code == 403
    assert space.get("/who", headers={"host": "10.0.0.7"}).status_code == 200       # a Space is looked after from within
