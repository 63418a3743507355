"""Pictures that are sent become a set, with what was left out and why; it is kept whole, counted, renamed, dropped, and trained on as any other."""

import io
import json
import threading
import time

import bombs
import numpy as np
import pytest
import torch
from picturing import form, painted, png, pngs, zipped
from PIL import Image

from models.kit.batch import Shape
from playground import data
from playground.data import decoded, ingest
from playground.data.ingest import ImageIngest
from playground.data.sources import download_root, uploaded
from playground.evaluation import suite
from playground.render.decoder import own_pillow, wire
from playground.specs.check import check
from playground.store.sets import PICTURES, SIDE, TILE, Sets
from playground.types import Refused

N = 50


@pytest.fixture
def sets(tmp_path, monkeypatch) -> Sets:
    monkeypatch.setattr(download_root, "root", tmp_path)
    return Sets(tmp_path)


def room(owner: str, more: int) -> None:
    """There is enough."""


def job(sets: Sets, tmp_path, body: bytes, kind: str = "", fit: str = "crop", room=room) -> ingest.Job:
    """What became of what was sent."""
    path, desk = tmp_path / "sent", ImageIngest(sets, room)
    path.write_bytes(body)
    id = desk.begin(path, kind, "ada", "Cats", "CC0", fit)
    while not desk.job(id).done:
        time.sleep(0.01)
    while path.exists():
        time.sleep(0.01)
    return desk.job(id)


def made(sets, tmp_path, body, *more):
    found = job(sets, tmp_path, body, *more)
    assert found.error is None
    return found.result


def refusal(sets, tmp_path, body: bytes, kind: str = "", **more) -> str:
    found = job(sets, tmp_path, body, kind, **more)
    assert found.result is None
    assert list(sets.root.iterdir()) == []                  # nothing of it stays
    return str(found.error)


def test_a_zip_becomes_a_set_and_what_is_no_use_is_told(sets, tmp_path):
    files = pngs(N) | {"broken.png": pngs(1)["0.png"][:80], "notes.txt": b"hello", "again.png": pngs(1)["0.png"], "in.zip": zipped({"a": b"1"})}
    one = made(sets, tmp_path, zipped(files))
    assert (one.owner, one.name, one.licence, one.n, one.left, one.bytes) == ("ada", "Cats", "CC0", N, 4, N * TILE)
    why = {skip["what"]: skip["why"] for skip in one.skipped}
    assert "same picture" in why.pop("again.png")
    assert set(why) == {"broken.png", "notes.txt", "in.zip"}
    assert all("no whole picture" in words for words in why.values())
    x = np.fromfile(sets.pictures(one.id), np.uint8).reshape(N, 3, SIDE, SIDE)
    for i in (0, 7, N - 1):
        assert (x[i] == decoded.square(io.BytesIO(png(painted(i))), SIDE).numpy()).all()
    assert Sets(tmp_path).get(one.id) == one                # another object, the same root
    assert sets.bytes_by_owner() == {"ada": N * TILE}


def test_a_form_of_files_and_pictures_that_are_kept_whole_on_white(sets, tmp_path):
    one = made(sets, tmp_path, *form(pngs(N)), "pad")
    x = np.fromfile(sets.pictures(one.id), np.uint8).reshape(N, 3, SIDE, SIDE)
    assert (x[:, :, :10] == 255).all()                      # 48 x 32: a margin above and below
    assert (x[3, :, 30, 30] == painted(3).getpixel((20, 10))).all()
    assert one.fit == "pad"


def test_small_pictures_come_back_as_they_were(sets, tmp_path):
    """Pixel art of 16 pixels, kept at 64, is at 16 what it was."""
    rng = np.random.default_rng(0)
    arts = [Image.fromarray(rng.integers(0, 256, (16, 16, 3), np.uint8)) for _ in range(N)]
    one = made(sets, tmp_path, zipped({f"{i}.png": png(art) for i, art in enumerate(arts)}))
    found = data.load("own", 16, {"set": one.id})
    there = {np.asarray(art).transpose(2, 0, 1).tobytes() for art in arts}
    assert {picture.numpy().tobytes() for picture in torch.cat([found.train, found.held])} == there


@pytest.mark.parametrize(("body", "why"), [
    (zipped({}), "are 0 different pictures; at least 40"), (zipped(pngs(1)), "is 1 picture; at least 40"),
    (zipped({"a.txt": b"hi"}), "1 files cannot be used: a.txt, this is no whole picture"), (zipped(pngs(39)), "are 39 different"),
    (zipped({f"{i}.png": png(painted(1)) for i in range(60)}), "is 1 picture"), (b"hello", "send a zip"), (zipped(pngs(1))[:50], "damaged"),
])
def test_too_little_is_refused_and_leaves_nothing(sets, tmp_path, body, why):
    assert why in refusal(sets, tmp_path, body)


def test_no_room_too_long_and_a_full_disk_are_told(sets, tmp_path, monkeypatch):
    def none(owner: str, more: int) -> None:
        assert more == N * TILE
        raise Refused("disk", "no room")
    assert refusal(sets, tmp_path, zipped(pngs(N)), room=none) == "no room"
    with monkeypatch.context() as patch:
        patch.setattr(ingest, "PATIENCE", -1.0)
        assert "longer than" in refusal(sets, tmp_path, zipped(pngs(N)))
    monkeypatch.setattr(ImageIngest, "_square", lambda *_: (_ for _ in ()).throw(OSError(28, "No space left on device")))
    assert "No space left" in refusal(sets, tmp_path, zipped(pngs(N)))


def test_a_set_of_pictures_that_cannot_be_decoded_is_given_up(sets, tmp_path, monkeypatch):
    """Each costs its seconds of a processor, and the process that decodes them its life; a few are listed as what is no use."""
    monkeypatch.setattr(ingest, "LOST", 2)
    monkeypatch.setattr(wire, "SECONDS", 0.5)           # a fast machine decodes it within the two that it may
    slow = bombs.scans_jpeg(95)
    one = made(sets, tmp_path, zipped({"slow.jpg": slow} | pngs(N)))
    assert (one.n, one.skipped) == (N, [{"what": "slow.jpg", "why": "decoding it takes longer than 0.5 seconds"}])
    sets.drop(one.id)
    why = refusal(sets, tmp_path, zipped({"a.jpg": slow, "b.jpg": slow, "c.jpg": slow} | pngs(N)))
    assert why == "2 of these pictures could not be decoded, the last of them b.jpg: decoding it takes longer than 0.5 seconds"


def test_where_nothing_can_be_decoded_a_set_is_refused_and_no_picture_is_blamed(sets, tmp_path, monkeypatch):
    def ready() -> None:
        raise Refused("server", "not here")
    monkeypatch.setattr(own_pillow, "ready", ready)
    assert refusal(sets, tmp_path, zipped(pngs(N))) == "not here"


def test_no_more_is_taken_while_much_waits(sets, tmp_path, monkeypatch):
    desk = ImageIngest(sets, room)
    opened, first = threading.Event(), tmp_path / "0"
    monkeypatch.setattr(ImageIngest, "_run", lambda self, job, file, *_: opened.wait(30))
    for n in range(ingest.EACH):
        desk.admit()
        desk.begin(tmp_path / str(n), "", "eve", "", "", "crop")
    first.touch()
    for act in (desk.admit, lambda: desk.begin(first, "", "eve", "", "", "crop")):
        with pytest.raises(Refused, match="2 image sets under way, which is as many as one person may have"):
            act()
    assert not first.exists()
    opened.set()
    with pytest.raises(Refused, match="no such job"):
        desk.job("y")


def test_names_change_and_what_is_dropped_is_gone(sets, tmp_path):
    one = made(sets, tmp_path, zipped(pngs(N)))
    assert sets.amend(one.id, name="Dogs").name == "Dogs"
    assert [(s.id, s.name) for s in sets.all()] == [(one.id, "Dogs")]
    data.load("own", 16, {"set": one.id})
    sets.drop(one.id)
    data.forget("own", {"set": one.id})
    assert sets.all() == []
    assert list(sets.root.iterdir()) == []
    for act in (sets.get, sets.pictures, sets.drop):
        with pytest.raises(Refused, match="dropped them"):
            act(one.id)
    for ask in (lambda: data.load("own", 16, {"set": one.id}), lambda: check({"variant": "gan", "data": "own", "options": {"set": one.id}})):
        with pytest.raises(Refused, match="dropped them") as refused:
            ask()
        assert refused.value.field == "data"


def test_a_damaged_set_is_told_and_hides_no_other(sets, tmp_path):
    one, two = (made(sets, tmp_path, zipped({str(i): png(painted(i + k)) for i in range(N)})) for k in (0, 1))
    file = sets.folder(one.id) / PICTURES
    file.write_bytes(file.read_bytes()[:-1])
    with pytest.raises(Refused, match="damaged"):
        data.load("own", 32, {"set": one.id})
    (sets.folder(one.id) / "set.json").write_text("{")
    assert [s.id for s in sets.all()] == [two.id]
    with pytest.raises(Refused, match="damaged"):
        sets.get(one.id)


@pytest.mark.parametrize("id", ["", "..", "../../etc", "0" * 31, "A" * 32, "0" * 33, None, 7])
def test_no_other_path_can_be_named(sets, id):
    for act in (sets.get, sets.drop, sets.pictures):
        with pytest.raises(Refused):
            act(id)


def test_what_a_killed_process_left_goes(sets):
    with sets.draft() as folder:
        (folder / PICTURES).touch()
        Sets(download_root.root).sweep()
        assert not folder.exists()


def test_it_is_a_data_set_as_any_other(sets, tmp_path):
    one = made(sets, tmp_path, zipped(pngs(N)))
    options = {"set": one.id}
    assert data.samples("own", options) == 40
    assert data.samples("own") is None
    assert (data.licence("own", options), data.licence("own"), data.licence("digits")) == ("CC0", "its owner's", "CC BY-SA 3.0")
    for size in (16, 32, 64):
        found = data.load("own", size, options)
        assert (found.shape, len(found.train), len(found.held)) == (Shape(3, size), 40, 10)
    small, large = ({p.numpy().tobytes() for p in data.load("own", 16, {**options, "colour": colour}).held} for colour in ("grey", "as it is"))
    assert len(small) == len(large) == 10
    assert data.shape("own", 16, {**options, "colour": "grey"}) == Shape(1, 16)
    measured = suite.quality_of("own", 16, options)
    assert measured.extractor == ""
    assert set(measured.best.mean) >= {"quality/sw", "quality/ssim", "sample/std"}
    with pytest.raises(Refused, match="between 4 and 40") as refused:
        check({"variant": "gan", "data": "own", "options": options, "knobs": {"batch": 64}})
    assert refused.value.field == "batch"
    assert check({"variant": "gan", "data": "own", "options": options, "knobs": {"batch": 16}}).options["set"] == one.id
    with pytest.raises(Refused, match="a person's own pictures"):
        data.load("own")
    assert uploaded.LEAST <= N


def test_the_record_is_plain_json(sets, tmp_path):
    one = made(sets, tmp_path, zipped(pngs(N) | {"<img src=x>\u202e": b"x"}))
    raw = json.loads((sets.folder(one.id) / "set.json").read_text())
    assert raw["skipped"] == [{"what": "<img src=x>", "why": one.skipped[0]["why"]}]
