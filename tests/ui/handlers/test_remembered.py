"""What watchers ask is answered from memory while nothing has changed; nobody is told what is not so any more, or what is another's."""

import time
from collections.abc import Iterator

import pytest
from loops import awaited
from serving import TINY, Place, place, until

from playground.types import Refused, Status
from playground.ui.handlers import run_updates
from playground.ui.http import poll_cache
from playground.ui.http.poll_cache import AnswerCache, file_stamp
from playground.ui.requests.threads import Threads


@pytest.fixture(scope="module")
def there(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Place]:
    with place(tmp_path_factory.mktemp("remembered")) as found:
        yield found


@pytest.fixture
def told(monkeypatch) -> list[dict]:
    """The questions that were not answered from memory."""
    asked, poll = [], run_updates.poll

    def counted(services, message):
        asked.append(message)
        return poll(services, message)
    monkeypatch.setattr(run_updates, "poll", counted)
    return asked


def news(there: Place, id: str, **had) -> dict:
    answer = there.client.post("/play/poll", json={"run": id, **had})
    assert (answer.status_code, answer.headers["content-type"]) == (200, "application/json")
    return answer.json()


def test_what_was_told_is_told_again_until_the_run_has_news(there, told):
    first = news(there, there.paused)
    assert first == there.call["poll"]({"run": there.paused})
    told.clear()
    assert news(there, there.paused) == first
    assert told == []
    assert news(there, there.paused, cursor=first["step"])["rows"] is None          # another question
    assert len(told) == 1
    there.engine.runs.journal(there.paused).append({"measure": {"a/b": 1.0}, "step": first["step"]})
    assert news(there, there.paused)["measures"][-1] == {"step": first["step"], "a/b": 1.0}


def test_a_change_of_the_run_is_told_at_once(there):
    for name in ("one", "two"):
        there.call["rename"]({"run": there.paused, "name": name})
        assert news(there, there.paused)["name"] == name
    before = news(there, there.paused)["step"]
    there.call["act"]({"run": there.paused, "do": "step", "n": 2})
    end = time.monotonic() + 30
    while (now := news(there, there.paused))["step"] < before + 2 or now["status"] != "paused":
        assert time.monotonic() < end, now


def test_a_run_is_nobody_else_s_though_its_news_are_the_same(there, told):
    def mine() -> list[bool]:
        answers = []
        for cookies in ({}, admin):
            there.client.cookies = cookies
            answers.append(news(there, there.paused)["mine"])
        return answers
    admin = there.client.cookies
    assert mine() == [False, True]
    told.clear()
    assert mine() == [False, True]
    assert told == []


def test_a_fork_s_parent_is_named_while_it_may_be(there):
    child = there.call["fork"]({"run": there.done, "steps": 100_000})["run"]
    until(there.engine, child, Status.RUNNING)
    there.call["act"]({"run": child, "do": "pause"})
    until(there.engine, child, Status.PAUSED)
    admin, there.client.cookies = there.client.cookies, {}
    for published in (False, True, False):
        there.call["keep"]({"run": there.done, "published": published})
        assert (news(there, child)["parent"] is not None) == published
    there.client.cookies = admin
    assert news(there, child)["parent"]["run"] == there.done
    there.call["delete"]({"run": there.done})
    assert news(there, child)["parent"] is None
    there.call["restore"]({"run": there.done})
    there.call["act"]({"run": child, "do": "stop"})
    until(there.engine, child, Status.STOPPED)


def test_what_hangs_on_other_runs_or_is_over_is_not_kept(there, told):
    there.call["act"]({"run": there.paused, "do": "resume"})
    until(there.engine, there.paused, Status.RUNNING)
    waiting = there.call["start"]({"spec": {**TINY, "steps": 10}})["run"]
    for id, status in ((waiting, "queued"), (there.done, "finished")):
        told.clear()
        assert news(there, id)["status"] == news(there, id)["status"] == status
        assert len(told) == 2
    there.call["act"]({"run": waiting, "do": "stop"})
    there.call["act"]({"run": there.paused, "do": "pause"})
    until(there.engine, there.paused, Status.PAUSED)


def test_a_fault_is_not_kept(there, monkeypatch):
    right, had = run_updates.poll, {"cursor": 2, "marks": 1}

    def broken(services, message):
        raise OSError("the disk")
    monkeypatch.setattr(run_updates, "poll", broken)
    assert news(there, there.paused, **had)["error"]["field"] == "server"
    monkeypatch.setattr(run_updates, "poll", right)
    assert news(there, there.paused, **had)["status"] == "paused"


def test_a_picture_is_read_once_and_gone_with_its_file_or_its_run(there, monkeypatch):
    reads, read = [], poll_cache.frame_points
    monkeypatch.setattr(poll_cache, "frame_points", lambda path: reads.append(path) or read(path))
    id = there.call["start"]({"spec": {**TINY, "steps": 10}})["run"]
    until(there.engine, id, Status.FINISHED)
    at = f"/play/runs/{id}/frames/10"
    first, again = there.client.get(f"{at}?e=0"), there.client.get(f"{at}?e=0")
    assert (again.content, again.headers) == (first.content, first.headers)
    assert "immutable" in first.headers["cache-control"]
    assert there.client.get(f"{at}?e=1").headers["cache-control"] == "no-store"
    assert len(reads) == 2                              # of one epoch, and of another
    there.engine.runs.frames(id).put(10, there.engine.runs.frames(there.done).path(40).read_bytes())        # as after a rewind
    assert there.client.get(f"{at}?e=0").content == there.client.get(f"/play/runs/{there.done}/frames/40").content != first.content
    there.call["delete"]({"run": id})
    assert there.client.get(f"{at}?e=0").status_code == 404
    there.call["restore"]({"run": id})
    assert there.client.get(f"{at}?e=0").status_code == 200
    there.engine.runs.frames(id).path(10).unlink()
    assert there.client.get(f"{at}?e=0").status_code == 204


def test_memory_has_a_bound_and_keeps_what_was_used_last(tmp_path):
    made, memory, file = [], AnswerCache(2, Threads()), tmp_path / "file"

    def get(key: str, *hangs_on: object) -> str:
        return awaited(memory.get(key, list(hangs_on), lambda: made.append(key) or key))

    assert [get(key, 1) for key in ("a", "b", "a", "c", "a", "b", "a")] == ["a", "b", "a", "c", "a", "b", "a"]
    assert made == ["a", "b", "c", "b"]
    made.clear()
    assert [get("d"), get("d"), get("e", file_stamp(file)), get("e", file_stamp(file))] == ["d", "d", "e", "e"]
    assert made == ["d", "d", "e", "e"]                 # nothing to judge them by
    before = [file_stamp(file)]
    for text in ("x", "y"):
        file.with_suffix(".new").write_text(text)
        file.with_suffix(".new").replace(file)
        before.append(file_stamp(file))
    assert len(set(before)) == 3                        # the same size, and perhaps the same time

    def refuse() -> None:
        raise Refused("frame", "there is none")
    with pytest.raises(Refused):
        awaited(memory.get("a", [2], refuse))
    assert get("a", 1) == "a"


def test_several_runs_are_asked_for_at_once_and_only_what_has_changed_is_made(there, told):
    nobody = "0" * 32
    questions = [{"run": there.paused}, {"run": there.done, "cursor": 20}, {"run": nobody}, {"run": there.paused, "quality": True}]

    def updates() -> list[dict]:
        answer = there.client.post("/play/updates", json={"runs": questions})
        assert (answer.status_code, answer.headers["content-type"]) == (200, "application/json")
        return answer.json()["updates"]
    packed, plain = (there.client.post("/play/updates", json={"runs": questions}, headers={"accept-encoding": how}) for how in ("gzip", "identity"))
    assert (packed.json(), packed.headers.get("content-encoding"), plain.headers.get("content-encoding")) == (plain.json(), "gzip", None)
    first = updates()
    assert [update["run"] for update in first] == [there.paused, there.done, nobody, there.paused]
    assert [first[0], first[1], first[3]] == [there.call["poll"](question) for question in (questions[0], questions[1], questions[3])]
    assert first[2] == {"run": nobody, "gone": True, "note": there.call["poll"]({"run": nobody})["error"]["message"]}
    assert first == there.call["updates"]({"runs": questions})["updates"]
    told.clear()
    assert updates() == first
    assert [question["run"] for question in told] == [there.done, nobody]           # the paused one's come from memory
    there.engine.runs.journal(there.paused).append({"measure": {"a/b": 2.0}, "step": first[0]["step"]})
    assert updates()[0]["measures"][-1] == {"step": first[0]["step"], "a/b": 2.0}


@pytest.mark.parametrize(("runs", "field"), [([], "runs"), ([{"run": "0" * 32}] * 41, "runs"), ([{"run": "0" * 32}, {"run": 7}], "run"),
                                             ([{"run": "0" * 32, "cursor": -2}], "cursor"), ([[]], "runs"), ([{}], "run")])
def test_each_of_several_questions_is_checked(there, runs, field):
    for answer in (there.client.post("/play/updates", json={"runs": runs}).json(), there.call["updates"]({"runs": runs})):
        assert answer["error"]["field"] == field


def test_a_deleted_run_is_gone_beside_the_others(there):
    id = there.call["start"]({"spec": {**TINY, "steps": 10}})["run"]
    until(there.engine, id, Status.FINISHED)
    asked = {"runs": [{"run": id}, {"run": there.done}]}
    assert [("gone" in update) for update in there.client.post("/play/updates", json=asked).json()["updates"]] == [False, False]
    there.call["delete"]({"run": id})
    assert [("gone" in update) for update in there.client.post("/play/updates", json=asked).json()["updates"]] == [True, False]
