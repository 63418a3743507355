"""Models that people keep, and those that ship: kept whole or not at all, found, renamed, thrown away and brought back; what they weigh."""

import base64
import json
import logging
import os
import shutil
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest
from modelling import about, joined, packed, split, tensors

from models.kit.batch import Shape
from playground.artifacts import model_card
from playground.artifacts.gallery import Gallery, glance
from playground.artifacts.model_file import examined, pack, unpack
from playground.config.settings import Limits
from playground.store import models as stored
from playground.store.models import FILE, GRID, RECORD, Models
from playground.types import Refused

ADA, EVE = "cookie:ada", "cookie:eve"


@pytest.fixture
def shipped(tmp_path):
    """A folder with two models, one of them damaged, and other things."""
    root = tmp_path / "gallery"
    for slug, file in (("began-digits", packed("began", Shape(1, 28))), ("gan-ring8", packed()[:-1]), ("Not a slug", packed()), ("notes", b"")):
        (root / slug).mkdir(parents=True)
        (root / slug / FILE).write_bytes(file)
        (root / slug / GRID).write_bytes(b"a picture")
        (root / slug / "README.md").write_text("# a card")
    (root / "README.md").write_text("not a model")
    return root


@pytest.fixture
def there(tmp_path, shipped) -> Gallery:
    return Gallery(shipped, Models(tmp_path))


def test_what_is_kept_is_found_again_by_another_process(tmp_path, there):
    file = packed(name="its own")
    made = there.keep(ADA, file, published=True)
    again = Gallery(tmp_path / "none", Models(tmp_path))
    assert again.get(made.id) == made
    assert (made.owner, made.name, made.published, made.shipped, made.hash) == (ADA, "its own", True, False, unpack(file).hash)
    assert made.file.read_bytes() == file
    assert made.bytes == len(file) + made.grid.stat().st_size
    assert made.grid.read_bytes() == model_card.grid(unpack(file))
    assert made.card() == model_card.card(unpack(file).about)
    assert again.model(made.id).about == about(name="its own")
    assert again.model(made.id) is again.model(made.id)
    assert [entry.id for entry in again.all()] == [made.id]


def test_newest_first_and_then_what_ships(there):
    made = [there.keep(ADA, packed(step=step), f"model {step}").id for step in (1, 2, 3)]
    assert [entry.id for entry in there.all()] == [*made[::-1], "began-digits"]
    found = there.get("began-digits")
    assert (found.shipped, found.published, found.owner, found.card()) == (True, True, "", "# a card")
    assert there.model("began-digits").hash == found.hash


def test_what_ships_damaged_is_left_out_and_said(there, caplog):
    with caplog.at_level(logging.WARNING):
        assert list(there.shipped) == ["began-digits"]
    assert "gan-ring8" in caplog.text


@pytest.mark.parametrize("id", ["", "x", "0" * 32, "../began-digits", "gan-ring8", "notes", "Not a slug", "0" * 31 + "G", None])
def test_what_is_not_there(there, id):
    for ask in (there.get, there.model):
        with pytest.raises(Refused) as found:
            ask(id)
        assert found.value.field == "model"


def test_names_are_kept_and_others_are_as_they_were(tmp_path, there):
    made = there.keep(ADA, packed())
    changed = there.kept.amend(made.id, name="other", published=True, directions={"smile": "AAAA"})
    assert there.get(made.id).name == Models(tmp_path).get(made.id).name == "other"
    assert (changed.published, changed.directions, changed.hash) == (True, {"smile": "AAAA"}, made.hash)


def test_of_two_changes_at_once_both_stay(there):
    made = there.keep(ADA, packed())
    for i in range(30):
        with ThreadPoolExecutor(2) as pool:
            list(pool.map(lambda change: there.kept.amend(made.id, **change), ({"name": f"name {i}"}, {"published": not i % 2})))
        assert (there.get(made.id).name, there.get(made.id).published) == (f"name {i}", not i % 2)


def test_what_is_taken_along_says_what_people_named(there):
    """Download, push to the Hub and upload keep a model's name and its directions; the weights are the same bytes."""
    made, z = there.keep(ADA, packed()), base64.b64encode(np.array([0.6, 0.8], "<f4").tobytes()).decode()
    assert made.read() == packed()
    there.kept.amend(made.id, name="other", directions={"across": z})
    taken = there.get(made.id).read()
    again = there.keep(EVE, taken)
    assert (again.name, again.directions, unpack(taken).about.directions) == ("other", {"across": z}, {"across": z})
    assert split(taken)[1] == split(packed())[1]
    assert again.read() == taken


def test_thrown_away_and_brought_back_until_it_is_gone(there):
    made = there.keep(ADA, packed())
    there.kept.discard(made.id)
    assert [entry.id for entry in there.all()] == ["began-digits"]
    assert there.kept.discarded(made.id).owner == ADA
    with pytest.raises(Refused):
        there.kept.discard(made.id)
    there.kept.empty(60)
    assert there.kept.restore(made.id).id == made.id
    assert there.model(made.id).hash == made.hash
    there.kept.discard(made.id)
    there.kept.empty(0)
    for ask in (there.kept.restore, there.kept.discarded):
        with pytest.raises(Refused, match="gone for good"):
            ask(made.id)
    assert list(there.kept.trash.iterdir()) == []


def test_a_full_disk_and_a_kill_leave_no_part_of_a_model(tmp_path, there, monkeypatch):
    write = stored.write_aside

    def full(path, data, sync=False):
        if path.name == RECORD:
            raise OSError(28, "No space left on device")
        write(path, data, sync)
    monkeypatch.setattr(stored, "write_aside", full)
    with pytest.raises(Refused, match="No space left") as found:
        there.keep(ADA, packed())
    assert found.value.field == "disk"
    assert list(there.kept.root.iterdir()) == []
    (there.kept.root / ".tmp-killed").mkdir()
    Models(tmp_path)
    assert list(there.kept.root.iterdir()) == []


def test_one_damaged_record_does_not_hide_the_others(there, caplog):
    good, bad = there.keep(ADA, packed()), there.keep(ADA, packed())
    (bad.folder / RECORD).write_text("{")
    os.utime(bad.folder / RECORD, (1, 1))
    assert [entry.id for entry in there.all()] == [good.id, "began-digits"]
    with pytest.raises(Refused, match="damaged"):
        there.get(bad.id)


def test_a_file_that_changed_on_the_disk_is_not_taken_for_the_model(there):
    cut, other = there.keep(ADA, packed(step=1)), there.keep(ADA, packed(step=2))
    cut.file.write_bytes(packed(step=1)[:-4])
    other.file.write_bytes(packed(step=3))
    for entry in (cut, other):
        with pytest.raises(Refused, match="damaged") as found:
            there.model(entry.id)
        assert found.value.field == "model"


def test_only_models_are_kept_and_few_stay_in_memory(there, tmp_path, monkeypatch):
    header, body = split(packed())
    for file in (b"", b"\x80\x04N.", joined({**header, "more": header["gan.lr_scale"]}, body)):
        with pytest.raises(Refused):
            there.keep(ADA, file)
        (tmp_path / "file").write_bytes(file)
        with pytest.raises(Refused):
            glance(tmp_path / "file")
    (tmp_path / "file").write_bytes(packed())
    glance(tmp_path / "file")
    assert not there.kept.root.exists()
    ids = [there.keep(ADA, packed(step=step)).id for step in range(3)]
    there._built.most = 2 * there.get(ids[0]).bytes + 100
    first = there.model(ids[0])
    assert [there.model(id).about.step for id in (*ids, *ids)] == [0, 1, 2, 0, 1, 2]
    assert there.model(ids[0]) is not first
    assert there.model(ids[2]) is there.model(ids[2])


def test_what_models_weigh_counts_with_runs(there, engine):
    engine.usage.other_stores.append(there.kept)
    sizes = [there.keep(owner, packed(step=i)).bytes for i, owner in enumerate((ADA, ADA, EVE))]
    assert there.kept.bytes_by_owner() == Counter({ADA: sizes[0] + sizes[1], EVE: sizes[2]})
    assert (engine.usage.used((ADA,)), engine.usage.used(), engine.usage.others((EVE, "x"))) == (sum(sizes[:2]), sum(sizes), sizes[2])
    engine.quota.limits = engine.retention.limits = Limits(each=sum(sizes[:2]) + 10, whole=None, free=0)
    engine.quota.room(ADA, 10)
    with pytest.raises(Refused, match="one person may hold") as found:
        engine.quota.room(ADA, 11)
    assert found.value.field == "disk"
    engine.quota.limits = engine.retention.limits = Limits(each=None, whole=sum(sizes) + 10, free=0)
    with pytest.raises(Refused, match="all that is kept"):
        engine.quota.room("somebody", 11)
    there.kept.discard(there.kept.all()[0].id)
    os.utime(next(there.kept.trash.iterdir()), (time.time() - 3600,) * 2)
    engine.retention.clean()
    assert list(there.kept.trash.iterdir()) == []


def test_a_model_of_pictures_that_are_not_known_here_is_kept_like_any_other(there):
    of = about("began", Shape(3, 16), data="own:somewhere")
    made = there.keep(EVE, pack(of, tensors(of)))
    assert json.loads((made.folder / RECORD).read_text())["about"]["data"] == "own:somewhere"
    assert examined(made.file.read_bytes(), made.file.stat().st_size) == of
    shutil.rmtree(made.folder)
    assert [entry.id for entry in there.all()] == ["began-digits"]
