"""Models as a page and as files: made of a run, listed, shared, named, thrown away, downloaded and sent here again."""

import io
import pickle
from collections.abc import Iterator
from dataclasses import replace

import pytest
from modelling import joined, packed, split
from PIL import Image
from serving import Place, as_, place, until

from models.kit.batch import Shape
from playground.artifacts.model_file import unpack
from playground.artifacts.model_forms import SMALL, WHOLE
from playground.engine.retention import UNDO
from playground.specs.presets import RECORDED
from playground.store.models import FILE, GRID
from playground.types import Status
from playground.ui.requests.identity import Person

UPLOAD = "/play/upload/model"
ADA, EVE = Person(("cookie:" + "a" * 32,)), Person(("hf:eve",), "eve")


@pytest.fixture(scope="module")
def there(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Place]:
    assets = tmp_path_factory.mktemp("assets")
    folder = assets / "gallery" / "began-digits"
    folder.mkdir(parents=True)
    (folder / FILE).write_bytes(packed("began", Shape(1, 28), quality={"quality/fd": {"value": 1.25}}))
    (folder / GRID).write_bytes(b"RIFF a picture")
    (folder / "README.md").write_text("# BEGAN on digits")
    with place(tmp_path_factory.mktemp("models"), assets) as found:
        found.client.get("/")                           # brings a cookie
        yield found


def listed(there: Place) -> list[str]:
    return [card["id"] for card in there.call["models"]({})["models"]]


def made(there: Place, **message) -> dict:
    return there.call["publish"]({"run": there.done, "public": False, **message})["model"]


def test_a_run_at_rest_becomes_a_model(there):
    card = there.call["publish"]({"run": there.pictures, "name": "digits <b>", "public": True})["model"]
    spec = there.engine.run(there.pictures).spec
    assert (card["variant"], card["data"], card["size"], card["dims"], card["step"]) == ("lsgan", "digits", 28, [1, 28, 28], 3)
    assert (card["name"], card["mine"], card["shipped"], card["published"], card["owner"]) == ("digits <b>", True, False, True, "")
    assert (card["z_dim"], card["prior"], card["licence"]) == (8, "normal", "CC BY-SA 3.0")
    assert card["quality"]["quality/fd"].keys() == {"value", "floor", "deviation"}
    told = there.call["model"]({"model": card["id"]})
    assert {name: told[name] for name in card} == card
    assert (told["knobs"], told["options"], told["directions"], told["seed"]) == (spec.knobs, spec.options, [], spec.seed)
    assert "# digits \\<b\\>" in told["text"]
    picture = there.client.get(card["grid"])
    assert "max-age" in picture.headers["cache-control"]
    assert Image.open(io.BytesIO(picture.content)).size == (8 * 29 - 1, 8 * 29 - 1)


def test_one_s_own_are_listed_first_the_newest_then_what_ships(there):
    ids = listed(there)
    assert ids[-1] == "began-digits"
    newest = made(there)["id"]
    assert listed(there) == [newest, *ids]
    told = there.call["models"]({})
    assert there.call["models"]({"known": told["version"]}) == {"version": told["version"], "models": None}
    there.call["name_model"]({"model": newest, "name": "another"})
    assert there.call["models"]({"known": told["version"]})["models"][0]["name"] == "another"


def test_what_ships_is_everybody_s_to_see_and_nobody_s_to_change(there):
    with as_(EVE):
        card = there.call["model"]({"model": "began-digits"})
        assert (card["shipped"], card["mine"], card["published"], card["text"]) == (True, False, True, "# BEGAN on digits")
    with as_(Person((), admin=True)):
        for name, more in (("name_model", {"name": "x"}), ("share_model", {"published": False}), ("drop_model", {})):
            assert there.call[name]({"model": "began-digits", **more})["error"]["field"] == "model"
    assert there.client.get("/play/models/began-digits/grid.webp").content == b"RIFF a picture"


def test_a_model_is_its_owner_s_until_it_is_shared(there):
    id = made(there)["id"]
    with as_(EVE):
        assert id not in listed(there)
        assert there.call["model"]({"model": id})["error"]["field"] == "owner"
        assert there.call["publish"]({"run": there.done, "public": True})["error"]["field"] == "owner"
    assert there.call["share_model"]({"model": id, "published": True})["model"]["published"] is True
    with as_(EVE):
        assert id in listed(there)
        assert there.call["model"]({"model": id})["mine"] is False
        assert there.call["drop_model"]({"model": id})["error"]["field"] == "owner"
    there.call["share_model"]({"model": id, "published": False})


def test_thrown_away_and_brought_back(there):
    id = made(there)["id"]
    assert there.call["drop_model"]({"model": id}) == {"undo": UNDO}
    assert id not in listed(there)
    assert there.client.get(f"/play/models/{id}/grid.webp").status_code == 404
    with as_(EVE):
        assert there.call["bring_back"]({"model": id})["error"]["field"] == "owner"
    assert there.call["bring_back"]({"model": id})["model"]["id"] == id
    assert "gone for good" in there.call["bring_back"]({"model": id})["error"]["message"]       # it is here


def test_a_run_that_trains_or_has_no_checkpoint_makes_no_model(there):
    there.call["act"]({"run": there.paused, "do": "resume"})
    until(there.engine, there.paused, Status.RUNNING)
    assert there.call["publish"]({"run": there.paused, "public": False})["error"]["field"] == "run"
    there.call["act"]({"run": there.paused, "do": "pause"})
    until(there.engine, there.paused, Status.PAUSED)
    assert made(there, run=there.paused)["step"] > 0
    for run in ("0" * 32, RECORDED):
        assert there.call["publish"]({"run": run, "public": False})["error"]["field"] == "run"


def test_a_file_comes_back_as_the_model_that_went(there):
    id = made(there, name="to and fro")["id"]
    answer = there.client.get(f"/play/models/{id}/model.safetensors")
    assert answer.headers["content-disposition"].endswith('-model.safetensors"')
    assert unpack(answer.content).about.name == "to and fro"
    card = there.client.post(UPLOAD, content=answer.content).json()["model"]
    with as_(Person((), admin=True)):
        assert there.call["model"]({"model": card["id"]})["text"] == there.call["model"]({"model": id})["text"]
    assert (card["name"], card["mine"], card["published"], card["step"]) == ("to and fro", True, False, 40)
    assert there.client.get(f"/play/models/{card['id']}/model.safetensors").content == answer.content
    assert there.client.post(f"{UPLOAD}?name=%3Cb%3E", content=answer.content).json()["model"]["name"] == "<b>"
    readme = there.client.get(f"/play/models/{id}/README.md")
    assert readme.headers["content-type"].startswith("text/markdown")
    assert "# to and fro" in readme.text


def test_a_small_file_is_a_model_like_any_other(there):
    """Its page, its file, what is drawn of it; one of another kind is refused by its head."""
    file = packed("sgan", Shape(1, 28), SMALL)
    card = there.client.post(UPLOAD, content=file).json()["model"]
    assert (card["variant"], card["classes"], card["dims"]) == ("sgan", [], [1, 28, 28])
    assert there.client.get(f"/play/models/{card['id']}/model.safetensors").content == file
    with as_(Person((), admin=True)):
        assert "SGAN" in there.call["model"]({"model": card["id"]})["text"]
        assert there.call["samples"]({"model": card["id"], "seed": 3, "n": 4})["image"]
        assert set(there.call["nearest"]({"model": card["id"], "place": 3, "k": 2})) == {"pixels", "code"}
    header, body = split(file)
    header["__metadata__"]["format"] = WHOLE
    answer = there.client.post(UPLOAD, content=joined(header, body))
    assert (answer.status_code, answer.json()["error"]["field"]) == (400, "tensors")


def test_a_run_that_is_kept_or_taken_along_is_whole(there):
    for file in (there.client.get(f"/play/runs/{there.done}/weights.safetensors").content,
                 there.client.get(f"/play/models/{made(there)['id']}/model.safetensors").content):
        header = split(file)[0]
        assert header["__metadata__"]["format"] == WHOLE
        assert "F16" not in {entry["dtype"] for name, entry in header.items() if name != "__metadata__"}


def test_what_is_no_model_is_refused_in_words_and_leaves_nothing(there):
    before, folder = listed(there), there.engine.runs.root.parent / "uploads"
    for body, words in ((pickle.dumps({"a": 1}), "pickle"), (b"", "nothing was sent"), (packed()[:-1], "cut off"), (b"\x89PNG" + bytes(99), "PNG")):
        answer = there.client.post(UPLOAD, content=body)
        assert (answer.status_code, answer.json()["error"]["field"], words in answer.json()["error"]["message"]) == (400, "file", True), answer.text
    answer = there.client.post(f"{UPLOAD}?name=%E2%80%AEgnp", content=packed())
    assert (answer.status_code, answer.json()["error"]["field"]) == (400, "name")
    assert listed(there) == before
    assert list(folder.iterdir()) == []


def test_models_count_with_what_a_person_keeps(there, monkeypatch):
    used = there.call["runs"]({"scope": "mine"})["disk"]["used"]
    size = made(there)["bytes"]
    assert there.call["runs"]({"scope": "mine"})["disk"]["used"] == used + size
    quota = there.engine.quota
    monkeypatch.setattr(quota, "limits", replace(quota.limits, each=1.0))
    with as_(ADA):
        assert "error" not in there.call["models"]({})
    monkeypatch.setattr(quota, "clean", lambda *_: None)
    refused = there.call["publish"]({"run": there.done, "public": False})["error"]
    assert (refused["field"], "one person may hold" in refused["message"]) == ("disk", True)
    assert there.client.post(UPLOAD, content=packed()).json()["error"]["field"] == "disk"
