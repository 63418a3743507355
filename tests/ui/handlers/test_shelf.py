"""Lists of runs: what a card says, whose they are, names, pins, publishing, and what is thrown away."""

import io
import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from PIL import Image
from serving import TINY, Place, as_, place, until

from playground.engine.retention import UNDO
from playground.specs.presets import RECORDED
from playground.store.run_summaries import HEAD, TAIL, Index, head_and_tail, size
from playground.types import Status
from playground.ui.requests.identity import Person

ADA, EVE, ROOT = Person(("cookie:" + "a" * 32,)), Person(("hf:eve",), "eve"), Person((), admin=True)


@pytest.fixture(scope="module")
def there(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Place]:
    with place(tmp_path_factory.mktemp("shelf")) as found:
        yield found


def listed(there: Place, scope: str = "mine") -> dict[str, dict]:
    return {card["id"]: card for card in there.call["runs"]({"scope": scope})["runs"]}


def finished(there: Place, person: Person, **changes) -> str:
    with as_(person):
        id = there.call["start"]({"spec": {**TINY, **changes}})["run"]
    until(there.engine, id, Status.FINISHED)
    return id


def test_a_card_says_how_a_run_stands(there):
    cards = listed(there)
    assert list(cards) == [there.encoded, there.coded, there.paused, there.pictures, there.done]
    card = cards[there.done]
    assert (card["variant"], card["data"], card["status"], card["step"], card["budget"]) == ("gan", "ring8", "finished", 40, 40)
    assert (card["name"], card["mine"], card["pinned"], card["published"], card["recorded"], card["owner"]) == ("", True, False, False, False, "")
    assert card["frame"] == 40
    assert card["score"]["name"] == "modes/found"
    assert card["bytes"] == size(there.engine.runs.folder(there.done)) > 10_000
    assert (cards[there.paused]["resumable"], cards[there.paused]["kept"]) == (False, None)
    assert not any(key in json.dumps(cards) for key in ("cookie:", '"local"'))      # what says whose it is stays here


def test_thumbnails_of_points_and_pictures(there):
    cards = listed(there)
    for id in (there.done, there.pictures):
        answer = there.client.get(cards[id]["thumb"])
        assert "max-age" in answer.headers["cache-control"]
        picture = Image.open(io.BytesIO(answer.content)).convert("RGBA")
        assert picture.size == (192, 192)
        assert len(picture.getcolors(1 << 20)) > 20
    assert there.client.get(f"/play/runs/{there.done}/thumb.webp").headers["cache-control"] == "no-store"
    assert there.client.get("/play/runs/" + "0" * 32 + "/thumb.webp").status_code == 404


def test_who_has_seen_it_all_is_told_nothing_again(there):
    told = there.call["runs"]({"scope": "mine"})
    again = there.call["runs"]({"scope": "mine", "known": told["version"]})
    assert (again["runs"], again["version"]) == (None, told["version"])
    there.call["rename"]({"run": there.done, "name": "another"})
    assert there.call["runs"]({"scope": "mine", "known": told["version"]})["runs"] is not None
    there.call["rename"]({"run": there.done, "name": ""})


def test_lists_are_one_s_own_and_the_gallery_has_what_is_published(there):
    own = finished(there, ADA)
    with as_(EVE):
        assert listed(there) == {}
        assert own not in listed(there, "gallery")
        assert RECORDED in listed(there, "gallery")
        assert there.call["live"]({})["runs"] == []
    with as_(ROOT):
        assert {own, there.done} <= set(listed(there))
    with as_(ADA):
        assert there.call["keep"]({"run": own, "published": True})["run"]["published"] is True
    with as_(EVE):
        card = listed(there, "gallery")[own]
        assert (card["mine"], card["owner"]) == (False, "")
        assert there.call["poll"]({"run": own})["mine"] is False
    shown = finished(there, EVE)
    with as_(EVE):
        there.call["keep"]({"run": shown, "published": True, "pinned": True})
    with as_(ADA):
        assert (listed(there, "gallery")[shown]["owner"], listed(there, "gallery")[shown]["pinned"]) == ("eve", True)


@pytest.mark.parametrize("name", ["<script>alert(1)</script>", "=cmd()", "Ωμέγα 🧑‍🔬 ünï", "  spaces about  ", "x" * 80])
def test_a_name_is_text_and_nothing_else(there, name):
    assert there.call["rename"]({"run": there.done, "name": name})["run"]["name"] == name.strip()
    assert there.engine.run(there.done).name == name.strip()
    assert there.call["poll"]({"run": there.done})["name"] == name.strip()


@pytest.mark.parametrize("name", ["x" * 81, "a\nb", "a\x00", "‮gnp.exe", "⁧x", "\u2028", 7, None, ["a"], "\ud800"])
def test_a_name_that_breaks_lines_or_turns_them_is_refused(there, name):
    assert there.call["rename"]({"run": there.done, "name": name})["error"]["field"] == "name"


def test_a_name_survives_the_run_s_own_changes(there):
    there.call["rename"]({"run": there.paused, "name": "while paused"})
    there.call["act"]({"run": there.paused, "do": "step", "n": 2})
    until(there.engine, there.paused, Status.PAUSED)
    there.engine.stop(there.paused)
    until(there.engine, there.paused, Status.STOPPED)
    assert there.engine.runs.get(there.paused).name == "while paused"
    there.call["act"]({"run": there.paused, "do": "step", "n": 1})
    until(there.engine, there.paused, Status.PAUSED)


def test_what_is_thrown_away_can_be_brought_back_for_a_while(there):
    id = finished(there, ADA)
    with as_(ADA):
        assert there.call["delete"]({"run": id}) == {"undo": UNDO}
        assert id not in listed(there)
        assert there.call["poll"]({"run": id})["error"]["field"] == "run"
        assert there.client.get(f"/play/runs/{id}/frames/40").status_code == 404
    with as_(EVE):
        assert there.call["restore"]({"run": id})["error"]["field"] == "owner"
    with as_(ADA):
        assert there.call["restore"]({"run": id})["run"]["id"] == id
        assert there.call["poll"]({"run": id})["step"] == 40
        assert there.call["restore"]({"run": id})["error"]["field"] == "run"        # it is here
        there.call["delete"]({"run": id})
        there.engine.runs.empty(0)
        assert "gone for good" in there.call["restore"]({"run": id})["error"]["message"]
    assert not there.engine.runs.folder(id).exists()


def test_a_run_that_trains_is_stopped_before_it_is_thrown_away(there):
    there.engine.stop(there.paused)                     # its worker is needed
    with as_(ADA):
        id = there.call["start"]({"spec": {**TINY, "steps": 1_000_000}})["run"]
        until(there.engine, id, Status.RUNNING)
        assert there.call["delete"]({"run": id}) == {"undo": UNDO}
        card = there.call["restore"]({"run": id})["run"]
        assert (card["status"], card["resumable"]) == ("stopped", True)
        assert card["kept"] == card["step"]


def test_facts_are_kept_and_read_again_when_the_journal_has_grown(there):
    index = Index(there.engine.runs)
    stamp, facts = index.of(there.done)
    assert facts.step == there.engine.index.of(there.done)[1].step == 40
    assert index.of(there.done)[1] is facts
    with (there.engine.runs.folder(there.done) / "events.jsonl").open("ab") as file:
        file.write(b'{"measure":{"modes/found":7},"step":40}\n')
    assert index.of(there.done)[1].measures["modes/found"] == 7
    assert index.of(there.done)[0] != stamp


def test_a_long_journal_is_read_at_its_two_ends(there, tmp_path):
    run = there.engine.runs.create(there.engine.run(there.done).spec)
    journal = there.engine.runs.journal(run.id)
    journal.append({"quality": {"floors": {"quality/fd": 0.15}}})
    for step in range(0, 300_000, 100):
        journal.append({"rows": {"step": list(range(step + 1, step + 101)), "loss/d": [0.123456789] * 100}, "elapsed": step / 100})
    journal.append({"measure": {"quality/fd": 3.5}, "step": 300_000})
    journal.close()
    assert journal.path.stat().st_size > 4_000_000
    _, facts = Index(there.engine.runs).of(run.id)
    assert (facts.step, facts.measures, facts.floors, facts.elapsed) == (300_000, {"quality/fd": 3.5}, {"quality/fd": 0.15}, 2999.0)


def test_a_journal_that_grows_while_it_is_read_is_read_as_it_was(tmp_path, monkeypatch):
    path, reading, line, grew = tmp_path / "journal", Path.open, b'{"frame": 1}\n', []
    path.write_bytes(line)

    def grown(self, *how, **more):
        file = reading(self, *how, **more)
        if self != path or grew:
            return file
        grew.append(True)
        read = file.read

        class Growing:
            def __enter__(self): return self
            def __exit__(self, *_): file.close()
            def __getattr__(self, name): return getattr(file, name)
            def read(self, *n):
                found = read(*n)
                path.write_bytes(line * 3)
                return found
        return Growing()

    with monkeypatch.context() as patch:
        patch.setattr(Path, "open", grown)
        assert head_and_tail(path) == [{"frame": 1}]
    assert head_and_tail(path) == [{"frame": 1}] * 3


def test_the_picture_of_a_run_that_was_set_back_is_one_that_is_there(there):
    """It is set back to a checkpoint, and few checkpoints have a frame of the same step."""
    run = there.engine.runs.create(there.engine.run(there.done).spec)
    journal, frames, index = there.engine.runs.journal(run.id), there.engine.runs.frames(run.id), Index(there.engine.runs)
    for step in (0, 50, 90):
        frames.put(step, b"PK\x03\x04")
        journal.append({"frame": step})
    assert index.of(run.id)[1].frame == 90
    journal.append({"rewind": 71})
    assert index.of(run.id)[1].frame == 50              # before the later ones are off the disk, too
    frames.drop_after(71)
    journal.append({"frame": 80})
    frames.put(80, b"PK\x03\x04")
    assert index.of(run.id)[1].frame == 80
    journal.append({"rewind": 0})
    frames.path(0).unlink()
    assert index.of(run.id)[1].frame is None
    journal.close()


@pytest.mark.parametrize("bytes", [100, HEAD - 1, HEAD, HEAD + 1, HEAD + TAIL // 2, HEAD + TAIL, HEAD + TAIL + 1, 3 * (HEAD + TAIL)])
def test_no_line_is_cut_where_the_two_ends_meet(tmp_path, caplog, bytes):
    every = [{"frame": n, "why": "x" * (n % 50)} for n in range(20_000)]
    text, n = b"", 0
    while len(text) < bytes:
        text, n = text + json.dumps(every[n]).encode() + b"\n", n + 1
    (tmp_path / "journal").write_bytes(text + b'{"frame": 1, "why": "not all th')
    found = head_and_tail(tmp_path / "journal")
    assert not caplog.records
    assert found[0] == every[0]
    assert found[-1] == every[n - 1]
    assert len(text) > HEAD + TAIL or found == every[:n]
