"""Every function and every route, asked by a run's owner, another person, nobody and an admin: who has no right is told so, and nothing happens."""

import itertools
from functools import reduce
from unittest.mock import MagicMock

import pytest
from apps import ADMIN_KEY, TINY, App, Person
from messages import STARTS, messages
from picturing import arrived
from rights import FUNCTIONS, PEOPLE, ROUTES, allowed
from serving import CODED, ENCODED, PICTURES

from playground.ui.http.routes import PageFiles, routes


@pytest.fixture(scope="module")
def people(app):
    """Each with cookies of their own; nobody has none."""
    made = {"owner": app.me, "other": Person(app.url).come(), "anonymous": Person(app.url), "admin": Person(app.url).come()}
    assert made["admin"].web.post("/play/admin", data={"key": ADMIN_KEY}).status_code == 303
    return made


@pytest.fixture(scope="module")
def runs(app):
    """The owner's: a finished one, a paused one and a spare one, a model of the first, a set of pictures, one with codes and one with an encoder."""
    made = [app.call("start", {"spec": spec})["run"] for spec in
            ({**TINY, "steps": 30}, PICTURES, CODED, ENCODED, {**TINY, "steps": 1_000_000})]
    done, spare, coded, encoded, paused = made
    for id in made[:4]:
        app.me.until(id, "finished")
    app.me.until(paused, step=5)
    app.call("act", {"run": paused, "do": "pause"})
    app.me.until(paused, "paused")
    yield done, paused, spare, app.call("publish", {"run": done, "public": False})["model"]["id"], arrived(app.me)["id"], coded, encoded
    app.call("act", {"run": paused, "do": "stop"})


def kept(app: App, id: str) -> list:
    """All that another person might have changed. What is still measured of a run that has just paused is nobody's doing."""
    lines = [(path.name, line) for kind in ("runs", "models", "sets") for path in sorted((app.folder / kind / id).glob("*.json*"))
             for line in path.read_bytes().splitlines()]
    return [line for line in lines if not line[1].startswith((b'{"measure"', b'{"quality"'))]


def served(app: App) -> list[str]:
    return next(c for c in app.web.get("/config").json()["components"] if c["type"] == "html")["props"]["server_fns"]


def test_every_function_and_every_route_has_its_place_in_the_table(app):
    assert sorted(served(app)) == sorted(FUNCTIONS)
    assert sorted(route.path for route in routes(MagicMock(), PageFiles())) == sorted(ROUTES)


@pytest.mark.parametrize("who", [who for who in PEOPLE if who not in ("owner", "admin")])
def test_functions_of_those_without_a_right_change_nothing(app, people, runs, who):
    good = messages(*runs)
    for name, right in FUNCTIONS.items():
        if allowed(right, who):
            continue
        if name == "restore":
            app.call("delete", good["delete"])
        if name == "bring_back":
            app.call("drop_model", good["drop_model"])
        before = [kept(app, id) for id in runs]
        answer = people[who].call(name, good[name])
        assert answer.get("error", {}).get("field") == "owner", (name, who, answer)
        assert [kept(app, id) for id in runs] == before, (name, who)
        if name in ("restore", "bring_back"):
            assert "error" not in app.call(name, good[name])
    refused = people[who].call("start", {"spec": TINY, "replace": runs[1]})
    assert refused["error"]["field"] == "owner"
    assert app.call("poll", {"run": runs[1]})["status"] == "paused"


@pytest.mark.parametrize("who", PEOPLE)
def test_functions_of_those_with_a_right_do_what_they_say(app, people, runs, who):
    for name, message in messages(*runs).items():
        if allowed(FUNCTIONS.get(name, ROUTES.get(f"/play/{name}")), who) and name not in STARTS:
            assert "error" not in people[who].call(name, message), (name, who)


@pytest.mark.parametrize("who", PEOPLE)
def test_routes(app, people, runs, who):
    app.call("keep", {"run": runs[0], "published": False})
    app.call("share_model", {"model": runs[3], "published": False})
    names = {"{id}": runs[0], "{step}": "30", "{model}": runs[3], "{set}": runs[4], "{runs}": f"{runs[0]},{'0' * 32}"}
    mine = {path: reduce(lambda text, name: text.replace(name, names[name]), names, path) for path in ROUTES if any(name in path for name in names)}
    for path, right in ROUTES.items():
        if path not in mine:
            continue
        answer = people[who].web.get(mine[path])
        assert answer.status_code == (200 if allowed(right, who) else 403), (path, who, answer.text[:200])
        if not allowed(right, who):
            assert answer.json()["error"]["field"] == "owner"
    app.call("keep", {"run": runs[0], "published": True})
    app.call("share_model", {"model": runs[3], "published": True})
    for path, address in mine.items():
        if "{set}" in path:                             # nobody publishes these
            continue
        assert people[who].web.get(address).status_code == 200, ("published", path, who)
    app.call("keep", {"run": runs[0], "published": False})
    app.call("share_model", {"model": runs[3], "published": False})


def test_lists_show_one_s_own_runs_and_published_ones(app, people, runs):
    def ids(who, scope):
        return {card["id"] for card in people[who].call("runs", {"scope": scope})["runs"]}
    runs = runs[:3]
    assert set(runs) <= ids("owner", "mine")
    assert set(runs) <= ids("admin", "mine")
    for who, scope in itertools.product(("other", "anonymous"), ("mine", "gallery")):
        assert not set(runs) & ids(who, scope)
    app.call("keep", {"run": runs[0], "published": True})
    assert runs[0] in ids("other", "gallery")
    assert runs[0] not in ids("other", "mine")
    app.call("keep", {"run": runs[0], "published": False})
    assert runs[1] in {run["id"] for run in people["owner"].call("live", {})["runs"]}
    assert runs[1] not in {run["id"] for run in people["other"].call("live", {})["runs"]}


def test_neither_gradio_s_session_nor_a_forged_cookie_is_a_person(app, people, runs):
    """The hash of a session is the client's to choose; a cookie is signed."""
    stolen = next(c for c in app.web.cookies.jar if c.name.startswith("playground-"))
    value, _, mark = stolen.value.partition(".")
    other = "A" if mark[0] != "A" else "B"              # not the last letter: some of its bits mean nothing
    for forged in (value, f"{value}.", f"{value}.{other}{mark[1:]}", f"{mark}.{value}", f"{'0' * 32}.{mark}", f"{value}.{mark}{'x' * 5000}"):
        somebody = Person(app.url)
        somebody.web.cookies.set(stolen.name, forged)
        assert somebody.call("act", {"run": runs[1], "do": "stop"})["error"]["field"] == "owner"
    body = {"data": {"run": runs[1], "do": "stop"}, "component_id": app.me.part, "fn_name": "act", "session_hash": "test"}
    assert people["other"].post(body).json()["error"]["field"] == "owner"
    assert people["other"].web.post("/gradio_api/cancel", json={"session_hash": "test", "fn_index": 0, "event_id": "x"}).status_code in (403, 405)
    assert people["other"].web.get(f"/gradio_api/file={app.folder}/runs/{runs[0]}/run.json").status_code in (403, 404)
    assert people["other"].web.get(f"/gradio_api/file={app.folder}/secret").status_code in (403, 404)
