"""Every function of the page is fed what no page would send: each refusal names its field, is short, and shows nothing of the inside."""

import json
import math
from collections.abc import Iterator

import pytest
from serving import PICTURES, TINY, Place, place

GONE = object()
HOSTILE = [math.nan, math.inf, -math.inf, 1e308, -1, 2.5, 10 ** 400, "7", "", None, True, [], [1], {}, {"a": [1]}, GONE, "x" * 10_000_000,
           "../../etc/passwd", "<img src=x onerror=alert(1)>", "‮\n\x00"]
SPEC = {**TINY, "size": 0, "preset": ""}
OPTIONAL = {"replace", "n", "mode", "cursor", "epoch", "marks", "frame", "size", "preset", "knobs", "seed", "steps"}
FINE = {"cursor": [-1], "frame": [-1], "epoch": [-1], "preset": [""], "knobs": [{}]}


@pytest.fixture(scope="module")
def there(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Place]:
    with place(tmp_path_factory.mktemp("hostile")) as found:
        yield found


def messages(there: Place) -> dict[str, dict]:
    """One that each function takes."""
    return {"catalogue": {}, "live": {}, "estimate": {"spec": SPEC}, "start": {"spec": SPEC, "replace": None},
            "act": {"run": there.paused, "do": "pause", "n": 1}, "tune": {"run": there.paused, "knobs": {"lr_g": 1e-3}},
            "poll": {"run": there.done, "cursor": -1, "epoch": 0, "marks": 0, "frame": -1},
            "strip": {"run": there.done, "a": 1, "b": 2, "mode": "auto", "n": 5}}


def changed(message: dict, name: str, value: object) -> dict:
    return {k: v for k, v in {**message, name: value}.items() if v is not GONE}


def check(answer: dict, field: str, value: object) -> None:
    """A refusal of `field`, or an answer where the value is one that may be given."""
    text = json.dumps(answer, allow_nan=False)
    assert len(text) < 2000 or "error" not in answer
    assert "Traceback" not in text
    assert "/playground/" not in text
    fine = (field in OPTIONAL and (value is None or value is GONE)) or value in FINE.get(field, [])
    if not fine:
        assert answer.get("error", {}).get("field") == field, f"{field} = {str(value)[:40]!r}: {text[:300]}"
        assert "something broke" not in text
        assert 5 < len(answer["error"]["message"]) < 700


def test_good_messages_are_taken(there):
    for name, message in messages(there).items():
        if name != "start":
            assert "error" not in there.call[name](message), name


@pytest.mark.parametrize("name", ["catalogue", "live", "estimate", "start", "act", "tune", "poll", "strip"])
def test_each_field_of_each_function_is_checked(there, name):
    before = {run.id for run in there.engine.live()}
    good = messages(there)[name]
    for field in good:
        for value in HOSTILE:
            if field in ("spec", "knobs") and isinstance(value, dict) and (value or field == "spec"):
                continue                                # field by field below
            fresh = changed(good, field, value)
            if name == "start" and field == "replace" and value in (None, GONE):
                continue                                # would start a run
            if name == "tune" and field == "knobs" and value in (None, {}, GONE):
                assert there.call[name](fresh)["error"]["field"] == "knobs"
                continue
            check(there.call[name](fresh), field, value)
    assert {run.id for run in there.engine.live()} == before


@pytest.mark.parametrize("name", ["estimate", "start"])
def test_each_field_of_a_spec_is_checked(there, name):
    for field in SPEC:
        for value in HOSTILE:
            fine = (field in OPTIONAL and (value is None or value is GONE)) or value in FINE.get(field, [])
            if (name == "start" and fine) or (field == "knobs" and value == {"a": [1]}):
                continue
            check(there.call[name]({"spec": changed(SPEC, field, value)}), field, value)


@pytest.mark.parametrize("name", ["estimate", "tune"])
def test_each_knob_is_checked(there, name):
    knobs = {"lr_g": (), "n_d": (), "label_smooth": ()} if name == "tune" else {"lr_g": (), "batch": (), "prior": (), "skip": (True,)}
    for knob, fine in knobs.items():
        for value in HOSTILE:
            if value is GONE or any(value is f for f in fine):
                continue
            message = {"run": there.paused, "knobs": {knob: value}} if name == "tune" else {"spec": {**SPEC, "knobs": {knob: value}}}
            assert there.call[name](message).get("error", {}).get("field") == knob, f"{knob} = {str(value)[:40]!r}"


@pytest.mark.parametrize("name", ["catalogue", "live", "estimate", "start", "act", "tune", "poll", "strip"])
def test_a_message_that_is_none_and_a_field_too_many(there, name):
    for value in HOSTILE:
        if value != {} and value is not GONE and not isinstance(value, dict):
            check(there.call[name](value), "message", value)
    check(there.call[name]({**messages(there)[name], "extra": 1}), "extra", 1)
    check(there.call[name]({"x" * 10_000_000: 1}), "x" * 40, 1)


def test_a_page_may_not_choose_threads_or_device_and_too_many_knobs_are_refused(there):
    for field, value in (("threads", 64), ("device", "cuda")):
        check(there.call["start"]({"spec": {**SPEC, field: value}}), field, value)
    check(there.call["start"]({"spec": {**SPEC, "knobs": {f"k{i}": 1 for i in range(1000)}}}), "knobs", 0)
    check(there.call["start"]({"spec": {**SPEC, "knobs": {"k" * 300: 1}}}), "knobs", 0)
    assert there.call["start"]({"spec": {**SPEC, "knobs": {"nosuch": 1}}})["error"]["field"] == "knobs"


def test_steering_runs_that_are_not_there_or_over(there):
    nobody = "0" * 32
    for name in ("poll", "strip", "act", "tune"):
        check(there.call[name]({**messages(there)[name], "run": nobody}), "run", nobody)
    check(there.call["start"]({"spec": SPEC, "replace": nobody}), "run", nobody)
    for do in ("pause", "resume", "step"):
        check(there.call["act"]({"run": there.done, "do": do}), "run", there.done)
    check(there.call["tune"]({"run": there.done, "knobs": {"lr_g": 1e-3}}), "run", there.done)
    refused = there.call["tune"]({"run": there.paused, "knobs": {"batch": 32}})["error"]
    assert refused["field"] == "batch"
    assert "new run" in refused["message"]
    recorded = there.call["catalogue"]({})["recorded"]
    if recorded:
        assert there.call["act"]({"run": recorded, "do": "stop"})["error"]["field"] == "run"
        assert there.call["strip"]({"run": recorded, "a": 1, "b": 2})["error"]["field"] == "run"


def test_sizes_that_a_data_set_lacks(there):
    assert there.call["start"]({"spec": {**PICTURES, "size": 29}})["error"]["field"] == "size"
    assert there.call["start"]({"spec": {**TINY, "size": 28}})["error"]["field"] == "size"


def test_a_fault_of_ours_is_named_in_the_log_and_nowhere_else(there, caplog):
    from playground.ui.server import answered

    def broken(message: object) -> dict:
        raise RuntimeError("/a/secret/path")

    answer = answered(broken)({})["error"]
    assert "secret" not in answer["message"]
    assert answer["message"].split()[-1] in caplog.text
    assert "/a/secret/path" in caplog.text
