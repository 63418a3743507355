"""A person's own pictures through the server: sent, trained on, resumed, forked, made a model of, by them alone; what is said once they are gone."""

import io
import time
from collections.abc import Iterator
from dataclasses import replace

import pytest
from picturing import form, kept, pngs, sent, zipped
from PIL import Image
from serving import KEY, Place, place, until

from playground.artifacts import model_file
from playground.data.sources import download_root as kept_at
from playground.types import Status
from playground.ui.requests.identity import Person, current_user

SMALL = {"variant": "lsgan", "data": "own", "knobs": {"width_g": 4, "width_d": 4, "batch": 8, "z_dim": 8}, "steps": 6, "size": 16}
EVE = Person(("cookie:eve",))


@pytest.fixture(scope="module")
def there(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Place]:
    folder, patch = tmp_path_factory.mktemp("own"), pytest.MonkeyPatch()
    patch.setattr(kept_at, "root", folder)
    with place(folder) as found:
        yield found
    patch.undo()


@pytest.fixture
def eve() -> Iterator[None]:
    token = current_user.set(EVE)
    yield
    current_user.reset(token)


def asked(own: str, **more) -> dict:
    return {"spec": {**SMALL, "options": {"set": own}, **more}}


def trained(there: Place, own: str, **more) -> str:
    id = there.call["start"](asked(own, **more))["run"]
    until(there.engine, id, Status.FINISHED)
    return id


def test_a_set_trains_as_any_other(there):
    id = trained(there, there.own)
    assert "about" in there.call["estimate"](asked(there.own))["text"]
    news = there.call["poll"]({"run": id})
    assert news["step"] == 6
    assert news["looks"]
    assert "quality/sw" in there.call["poll"]({"run": id})["quality"]["floors"]
    fork = there.call["fork"]({"run": id, "steps": 12})["run"]
    until(there.engine, fork, Status.FINISHED)
    assert there.call["slow"]({"run": id})["stages"]
    assert "image" in there.call["nearest"]({"run": id, "place": 1, "k": 2})["pixels"]
    assert there.client.get(f"/play/runs/{id}/samples.png").content[:4] == b"\x89PNG"


def test_a_run_on_them_is_resumed(there):
    id = there.call["start"](asked(there.own, steps=100_000))["run"]
    until(there.engine, id, Status.RUNNING)
    there.call["act"]({"run": id, "do": "stop"})
    until(there.engine, id, Status.STOPPED)
    there.call["act"]({"run": id, "do": "step", "n": 2})
    until(there.engine, id, Status.PAUSED)
    refused = there.call["drop_set"]({"set": there.own})["error"]           # it may go on
    assert refused["field"] == "set"
    assert "under way" in refused["message"]
    there.call["act"]({"run": id, "do": "stop"})


def test_the_note_on_the_licence_goes_into_a_model(there):
    there.call["name_set"]({"set": there.own, "licence": "CC BY 4.0, Ada"})
    id = trained(there, there.own)
    assert model_file.unpack(there.client.get(f"/play/runs/{id}/weights.safetensors").content).about.licence == "CC BY 4.0, Ada"
    made = there.call["publish"]({"run": id, "public": False})["model"]
    assert made["licence"] == "CC BY 4.0, Ada"
    assert "CC BY 4.0, Ada" in there.call["model"]({"model": made["id"]})["text"]


def test_nobody_else_trains_on_them_sees_them_or_finds_them(there, request):
    id = trained(there, there.own)
    made = there.call["publish"]({"run": id, "public": True})["model"]["id"]
    there.call["keep"]({"run": id, "published": True})
    request.getfixturevalue("eve")
    assert there.call["sets"]({})["sets"] == []
    for name, message in (("start", asked(there.own)), ("estimate", asked(there.own)), ("fork", {"run": id}), ("drop_set", {"set": there.own}),
                          ("name_set", {"set": there.own, "name": "x"})):
        answer = there.call[name](message)
        assert answer.get("error", {}).get("field") == "owner", (name, answer)
    for source in ({"run": id}, {"model": made}):                           # what G makes may be seen, what it was made of not
        assert "image" in there.call["samples"]({**source, "seed": 1, "n": 4})
        refused = there.call["nearest"]({**source, "place": 1, "k": 2})["error"]
        assert refused["field"] == "data"
        assert "not here" in refused["message"]


def test_what_is_sent_is_read_and_told(there):
    client = there.client
    client.get("/")                                                         # brings a cookie of the client's own
    for body, kind in ((zipped(pngs(45)), "application/zip"), form(pngs(45))):
        answer = sent(client, body, kind, name="Bars", licence="CC0", fit="pad")
        found = there.services.intake.job(answer["job"])
        while not found.done:
            time.sleep(0.01)
        assert (found.result.name, found.result.n, found.result.licence, found.result.fit) == ("Bars", 45, "CC0", "pad")
        for picture, size in (("preview", (512, 192)), ("thumb", (64, 64))):
            shown = client.get(f"/play/sets/{found.result.id}/{picture}.webp")
            assert shown.status_code == 200
            with Image.open(io.BytesIO(shown.content)) as webp:
                assert (webp.format, webp.size) == ("WEBP", size)


@pytest.mark.parametrize(("query", "field"), [({"fit": "stretch"}, "fit"), ({"name": "x" * 81}, "name"), ({"licence": "a\u202eb"}, "licence"),
                                              ({}, "file")])
def test_what_is_wrong_is_refused_by_its_field(there, query, field):
    answer = there.client.post("/play/upload/images", params=query, content=b"")
    assert (answer.status_code, answer.json()["error"]["field"]) == (400, field)


def test_who_is_not_known_can_send_nothing(there):
    there.client.cookies.clear()
    answer = there.client.post("/play/upload/images", content=zipped(pngs(1)))
    assert (answer.status_code, answer.json()["error"]["field"]) == (403, "owner")
    assert there.client.post("/play/admin", data={"key": KEY}, follow_redirects=False).status_code == 303


def test_a_run_whose_pictures_are_gone_says_so_and_keeps_what_it_has(there):
    own = kept(there.services.sets, 41)
    id = trained(there, own)
    stopped = there.call["start"](asked(own, steps=100_000))["run"]
    until(there.engine, stopped, Status.RUNNING)
    there.call["act"]({"run": stopped, "do": "stop"})
    until(there.engine, stopped, Status.STOPPED)
    assert there.call["drop_set"]({"set": own}) == {"dropped": own}
    assert own not in [one["id"] for one in there.call["sets"]({})["sets"]]
    there.call["act"]({"run": stopped, "do": "resume"})
    until(there.engine, stopped, Status.FAILED)
    assert "dropped them. A run on them cannot go on" in there.call["poll"]({"run": stopped})["note"]
    for name, message in (("start", asked(own)), ("estimate", asked(own)), ("fork", {"run": id, "steps": 20})):
        refused = there.call[name](message)["error"]
        assert (refused["field"], "dropped them" in refused["message"]) == ("data", True), name
    news = there.call["poll"]({"run": id})
    assert (news["status"], news["step"]) == ("finished", 6)
    assert "image" in there.call["samples"]({"run": id, "seed": 1, "n": 4})
    for file in ("samples.png", "weights.safetensors", "metrics.csv", "thumb.webp"):
        assert there.client.get(f"/play/runs/{id}/{file}").status_code == 200, file
    for name, message in (("nearest", {"run": id, "place": 1}), ("slow", {"run": id})):
        assert "dropped them" in there.call[name](message)["error"]["message"], name


def test_they_count_as_their_owner_s(there):
    before = there.engine.usage.used(("local",))
    own = kept(there.services.sets, 50)
    assert there.engine.usage.used(("local",)) - before == there.services.sets.get(own).bytes
    there.call["drop_set"]({"set": own})
    assert there.engine.usage.used(("local",)) == before


def test_one_who_has_used_up_their_room_can_keep_no_more(there, monkeypatch):
    for part in (there.engine.quota, there.engine.retention):
        monkeypatch.setattr(part, "limits", replace(there.engine.limits, each=1000.0))
    there.client.get("/")                                                   # brings a cookie
    found = there.services.intake.job(sent(there.client, zipped(pngs(45)))["job"])
    while not found.done:
        time.sleep(0.01)
    assert found.result is None
    assert found.error.field == "disk"
    assert not list((there.engine.runs.root.parent / "uploads").glob("*"))
