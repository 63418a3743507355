"""Every function of the page is fed what no page would send: each refusal names its field, is short, and shows nothing of the inside."""

import itertools
from collections.abc import Iterator

import pytest
from messages import GONE, HOSTILE, SPEC, STARTS, fine, hostile, messages, wrong
from serving import PICTURES, TINY, Place, place

from playground.types import Status


@pytest.fixture(scope="module")
def there(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Place]:
    with place(tmp_path_factory.mktemp("hostile")) as found:
        yield found


def good(there: Place) -> dict[str, dict]:
    return messages(there.done, there.paused, there.pictures, there.model, there.own, there.coded, there.encoded)


def check(answer: dict, field: str, value: object) -> None:
    problem = wrong(answer, field)
    assert not problem, f"{field} = {str(value)[:40]!r}: {problem}"


def test_every_function_has_a_good_message_and_takes_it(there):
    assert sorted(there.call) == sorted(good(there)), "a function without an entry in tests/support/messages.py, or the other way round"
    for name, message in good(there).items():
        if name not in STARTS:
            assert "error" not in there.call[name](message), name
    assert there.engine.run(there.pictures).status is Status.FINISHED


def test_every_hostile_message_is_refused_by_its_field_and_does_nothing(there):
    """Ten megabytes of text among them, which the guard would not let in."""
    before = [(run.id, run.status, run.name, run.published) for run in there.engine.all()]
    for name, message in good(there).items():
        for field, value, made in hostile(name, message):
            problem = wrong(there.call[name](made), field)
            assert not problem, f"{name}, {field} = {str(value)[:40]!r}: {problem}"
    assert [(run.id, run.status, run.name, run.published) for run in there.engine.all()] == before


def test_each_knob_that_is_turned_is_checked(there):
    for knob, value in itertools.product(("lr_g", "n_d", "label_smooth"), HOSTILE):
        if value is not GONE and not fine("knob", knob, value):
            check(there.call["tune"]({"run": there.paused, "knobs": {knob: value}}), knob, value)
    for nothing in ({}, None, [], 7, "x"):
        check(there.call["tune"]({"run": there.paused, "knobs": nothing}), "knobs", nothing)


def test_a_page_may_not_choose_threads_or_device_and_too_many_knobs_are_refused(there):
    for field, value in (("threads", 64), ("device", "cuda")):
        check(there.call["start"]({"spec": {**SPEC, field: value}}), field, value)
    check(there.call["start"]({"spec": {**SPEC, "knobs": {f"k{i}": 1 for i in range(1000)}}}), "knobs", 0)
    check(there.call["start"]({"spec": {**SPEC, "knobs": {"k" * 300: 1}}}), "knobs", 0)
    assert there.call["start"]({"spec": {**SPEC, "knobs": {"nosuch": 1}}})["error"]["field"] == "knobs"


def test_steering_runs_that_are_not_there_or_over(there):
    nobody = "0" * 32
    for name in ("poll", "strip", "act", "tune"):
        check(there.call[name]({**good(there)[name], "run": nobody}), "run", nobody)
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
    from playground.ui.handlers.rpc import answered

    def broken(message: object) -> dict:
        raise RuntimeError("/a/secret/path")

    answer = answered(broken)({})["error"]
    assert "secret" not in answer["message"]
    assert answer["message"].split()[-1] in caplog.text
    assert "/a/secret/path" in caplog.text
