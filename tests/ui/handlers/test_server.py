"""What a page is told: polls, strips, downloads, against a real engine with small runs; and the guard that stands before them."""

import json
import time
from collections.abc import Iterator

import orjson
import pytest
from serving import TINY, Place, place, until

from playground.types import Status
from playground.ui.http.request_guard import MOST_BYTES, hostname
from playground.ui.http.routes import PageFiles


@pytest.fixture(scope="module")
def there(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Place]:
    with place(tmp_path_factory.mktemp("server")) as found:
        yield found


def test_the_catalogue_is_whole_and_small(there):
    told = there.call["catalogue"]({})
    json.dumps(told, allow_nan=False)
    assert len(orjson.dumps({**told, "races": []})) < 8_700 * len(told["variants"])       # as it is served
    assert len(orjson.dumps(told["races"])) < 500 * len(told["races"])
    assert {"gan", "lsgan", "began"} <= {v["id"] for v in told["variants"]}
    for variant in told["variants"]:
        assert all(told["lines"][place].startswith("<math") for place in variant["formula"])
        assert set(variant["presets"]) == {d["id"] for d in told["data"]}
        for kind in ("points", "images"):
            told_of = set(told["declared"][variant["knobs"][kind][0]])
            assert {"name", "kind", "default", "low", "high", "log", "live", "basic", "choices", "symbol", "help", "effects"} <= told_of
        assert all({"help", "unit", "symbol", "healthy", "line"} == set(told["metrics"][place]) for place in variant["scalars"].values())
    assert all(len(d["points"]) == 60 if d["kind"] == "points" else d["thumb"] or d["needs"] for d in told["data"])
    first = told["first"]
    assert first["preset"] in next(v for v in told["variants"] if v["id"] == first["variant"])["presets"][first["data"]]
    assert told["machine"]["workers"] == 1


def test_the_estimate_says_seconds_bytes_and_words(there):
    told = there.call["estimate"]({"spec": TINY})
    assert 0 < told["seconds"] < 60
    assert told["bytes"] > 1e6
    assert "about" in told["text"]


def test_a_preset_fills_what_a_page_leaves_out_and_loses_its_name_when_changed(there):
    def started(**changes):
        id = there.call["start"]({"spec": {"variant": "began", "data": "ring8", "preset": "quick", **changes}})["run"]
        there.call["act"]({"run": id, "do": "stop"})
        return there.engine.run(id).spec
    quick = started()
    assert (quick.preset, quick.knobs["critic"], quick.knobs["gamma"] > 0) == ("quick", "lift", True)
    assert started(knobs={"gamma": 0.123}).preset == ""
    assert started(knobs={"gamma": 0.123}).knobs["lambda_k"] == quick.knobs["lambda_k"]
    assert there.call["start"]({"spec": {"variant": "began", "data": "ring8", "preset": "slow"}})["error"]["field"] == "preset"


def test_a_first_poll_tells_all_and_a_next_one_only_what_is_new(there):
    told = there.call["poll"]({"run": there.done})
    assert (told["status"], told["step"], told["budget"], told["eta"]) == ("finished", 40, 40, None)
    assert told["spec"]["variant"] == "gan"
    assert told["real"] == f"/play/runs/{there.done}/real"
    assert told["rows"]["step"][-1] == 40
    assert len(told["rows"]["loss/d"]) == 3
    assert {m["step"] for m in told["measures"]} >= set(told["frames"])
    assert told["frames"][0] == 0
    assert told["frames"][-1] == 40
    later = there.call["poll"]({"run": there.done, "cursor": 20, "epoch": told["epoch"], "marks": 0, "frame": told["frames"][-1]})
    assert later["rows"]["step"][-1] == 40
    assert len(later["rows"]["step"]) <= 4
    assert (later["frames"], later["measures"]) == ([], [])
    assert "spec" not in later
    last = there.call["poll"]({"run": there.done, "cursor": 40, "epoch": told["epoch"], "marks": 0, "frame": 40})
    assert last["rows"] is None
    assert len(json.dumps(last)) < 800


def test_a_page_of_another_epoch_is_told_all_again(there):
    told = there.call["poll"]({"run": there.done, "cursor": 40, "epoch": 7, "frame": 40})
    assert told["rows"]["step"][0] == 1
    assert "spec" in told


def test_an_update_of_a_training_run_is_small_and_nothing_is_told_twice_or_never(there):
    """As a page follows: what it has is void when the epoch changes, which resuming does at a moment of its own."""
    there.call["act"]({"run": there.paused, "do": "resume"})
    had = {"run": there.paused, "cursor": -1, "epoch": 0, "marks": 0, "frame": -1}
    steps, frames, measured, marks = [], [], [], []

    def follow() -> bool:
        """Whether this poll told rows of an epoch that was known already."""
        nonlocal had
        told = there.call["poll"](had)
        if told["epoch"] != had["epoch"]:
            for seen in (steps, frames, measured, marks):
                seen.clear()
        elif had["cursor"] >= 0:
            assert len(json.dumps(told, separators=(",", ":"))) < 3000
        new = told["rows"] is not None and told["epoch"] == had["epoch"]
        steps.extend(told["rows"]["step"] if told["rows"] else [])
        frames.extend(told["frames"])
        measured.extend(m["step"] for m in told["measures"])
        marks.extend(told["marks"])
        had |= {"cursor": (steps or [-1])[-1], "epoch": told["epoch"], "marks": len(marks), "frame": (frames or [-1])[-1]}
        return new

    def until_told(updates: int) -> None:
        end = time.monotonic() + 60
        while updates and time.monotonic() < end:
            updates -= follow()
        assert not updates

    until_told(10)
    there.call["tune"]({"run": there.paused, "knobs": {"lr_g": 3e-4}})
    until_told(10)
    there.call["act"]({"run": there.paused, "do": "pause"})
    until(there.engine, there.paused, Status.PAUSED)
    follow()
    assert steps == sorted(set(steps))
    assert frames == sorted(set(frames))
    assert set(frames) <= set(measured)
    assert len(marks) == 1
    assert steps[-1] == there.call["poll"]({"run": there.paused})["step"]


def test_stepping_does_as_many_steps_as_asked(there):
    before = there.call["poll"]({"run": there.paused})["step"]
    there.call["act"]({"run": there.paused, "do": "step", "n": 3})
    for _ in range(200):
        now = there.call["poll"]({"run": there.paused})
        if now["step"] == before + 3 and now["status"] == "paused":
            return
        until(there.engine, there.paused, Status.PAUSED)
    raise AssertionError(now)


def test_weights_and_strips_of_a_training_run_are_refused_in_words(there):
    there.call["act"]({"run": there.paused, "do": "resume"})
    until(there.engine, there.paused, Status.RUNNING)
    refused = there.call["strip"]({"run": there.paused, "a": 1, "b": 2})["error"]
    assert refused["field"] == "run"
    assert "pause" in refused["message"]
    answer = there.client.get(f"/play/runs/{there.paused}/weights.safetensors")
    assert (answer.status_code, answer.json()["error"]["field"]) == (409, "run")
    there.call["act"]({"run": there.paused, "do": "pause"})
    until(there.engine, there.paused, Status.PAUSED)
    assert "points" in there.call["strip"]({"run": there.paused, "a": 1, "b": 2})["slerp"]


def test_a_busy_recorded_run_is_read_like_any_other(there):
    id = there.call["catalogue"]({})["recorded"]
    if id is None:
        pytest.skip("no recorded run in the assets yet")
    told = there.call["poll"]({"run": id})
    assert (told["recorded"], told["status"], told["resumable"]) == (True, "finished", False)
    assert len(told["frames"]) > 20
    assert there.client.get(f"/play/runs/{id}/frames/{told['frames'][-1]}").status_code == 200
    assert there.call["live"]({})["runs"] == [r for r in there.call["live"]({})["runs"] if r["id"] != id]


@pytest.mark.parametrize("path", ["/play/static/../server.py", "/play/static/nosuch.js", "/play/static/", "/play/thumb/nosuch.webp",
                                  "/play/thumb/..webp", "/play/thumb/ring8.webp", "/play/runs/x/real", "/play/runs/" + "0" * 32 + "/real",
                                  "/play/runs/../frames/1"])
def test_what_is_not_there_is_a_404(there, path):
    answer = there.client.get(path)
    assert answer.status_code == 404
    assert "Traceback" not in answer.text


def test_the_page_s_files_are_kept_for_good_below_their_version_alone(there):
    version = PageFiles().version
    ours = there.client.get(f"/play/static/{version}/core/dom.js")
    assert ours.headers["cache-control"] == "public, max-age=31536000, immutable"
    for path in ("/play/static/core/dom.js", "/play/static/0123456789ab/core/dom.js"):      # nobody's, and of a page that is older than the server
        answer = there.client.get(path)
        assert (answer.status_code, answer.content, answer.headers["cache-control"]) == (200, ours.content, "no-cache")
        assert there.client.get(path, headers={"If-None-Match": answer.headers["etag"]}).status_code == 304
    assert there.client.get(f"/play/static/{version}/nosuch.js").status_code == 404


def test_what_a_run_would_resume_from_is_told_once_it_can(there):
    assert there.call["poll"]({"run": there.done})["kept"] is None
    id = there.call["start"]({"spec": {**TINY, "steps": 100_000}})["run"]
    there.call["act"]({"run": id, "do": "step", "n": 3})
    until(there.engine, id, Status.PAUSED)
    assert there.call["poll"]({"run": id})["kept"] is None
    there.call["act"]({"run": id, "do": "stop"})
    until(there.engine, id, Status.STOPPED)
    told = there.call["poll"]({"run": id})
    assert told["resumable"]
    assert told["kept"] == told["step"] == there.engine.runs.checkpoints(id).steps()[-1] > 0


def test_thumbnails_and_the_page_s_files(there):
    assert there.client.get("/play/thumb/digits.webp").headers["content-type"] == "image/webp"


def test_localhost_answers_localhost_only(there):
    get = there.client.get
    assert get("/play/thumb/digits.webp", headers={"host": "evil.example"}).status_code == 403
    assert get("/play/thumb/digits.webp", headers={"host": "127.0.0.1.evil.example:7860"}).status_code == 403
    assert get("/play/thumb/digits.webp", headers={"origin": "http://evil.example"}).status_code == 403
    assert get("/play/thumb/digits.webp", headers={"origin": "null"}).status_code == 403
    for host in ("localhost:7860", "127.0.0.1", "[::1]:7860"):
        assert get("/play/thumb/digits.webp", headers={"host": host, "origin": f"http://{host}"}).status_code == 200
    assert [hostname(h) for h in ("http://[::1]:80", "HTTPS://A.b:9/x", "a", "")] == ["::1", "a.b", "a", ""]


def test_only_the_page_s_own_posts_pass_and_only_small_ones(there):
    post = there.client.post
    assert post("/gradio_api/upload", files={"files": b"x"}).status_code == 405
    assert post("/play/thumb/digits.webp").status_code == 405
    assert there.client.delete("/play/thumb/digits.webp").status_code == 405
    assert post("/gradio_api/component_server", content=b"x" * (MOST_BYTES + 1)).status_code == 413
    assert post("/gradio_api/component_server", content=b"{}", headers={"content-length": "-5"}).status_code == 413
    assert post("/gradio_api/component_server", content=b"{}").status_code == 404           # passed on; Gradio is not here
    asked = b'{"run": "%s"}' % there.done.encode()
    said_no_length = (part for part in (asked, *[b" " * 10_000] * 7))
    assert [post("/play/poll", content=content).status_code for content in (asked, asked + b" " * MOST_BYTES, said_no_length)] == [200, 413, 400]
