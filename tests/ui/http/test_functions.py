"""The page's functions are a route of ours: Gradio's own kept a session of 275 kB for every name that a client made up."""

import json

import pytest
from starlette.testclient import TestClient

from playground.config.settings import AccessPolicy
from playground.ui.http.gradio_page import build, mounted
from playground.ui.http.gradio_protocol import CALL
from playground.ui.requests.identity import People

SESSIONS = 300


def double(data=None) -> dict:
    """Twice a number."""
    return {"twice": 2 * data["n"], "nothing": float("nan")}


@pytest.fixture
def there(tmp_path):
    app = mounted(build([double], "x"), [], People(AccessPolicy(), tmp_path), True)
    return TestClient(app, base_url="http://127.0.0.1:7860", client=("127.0.0.1", 1)), app.routes[-1].app


def call(client: TestClient, session: object = "x", name: object = "double", path: str = CALL, **more):
    body = {"data": {"n": 3}, "fn_name": name, "session_hash": session, "component_id": 1} | more
    return client.post(path, content=json.dumps(body))


def test_sessions_that_are_made_up_leave_nothing_behind(there):
    client, gradio = there
    for n in range(SESSIONS):
        assert call(client, f"made-up-{n}").json() == {"twice": 6, "nothing": None}
    queue = gradio.get_blocks()._queue
    for kept in (gradio.state_holder.session_data, gradio.state_holder.time_last_used, gradio.iterators, queue.pending_messages_per_session,
                 queue.pending_event_ids_session):
        assert not len(kept)


@pytest.mark.parametrize("path", [CALL, f"{CALL}/"])
def test_both_ways_to_write_the_address_are_ours(there, path):
    client, gradio = there
    assert call(client, path=path).json()["twice"] == 6
    assert not gradio.state_holder.session_data


@pytest.mark.parametrize("session", ["x" * 65, "", "a b", "ü", "../x", "a\n", None, 7, ["x"], {"x": 1}, "\ud800"])
def test_a_session_has_a_short_and_plain_name(there, session):
    answer = call(there[0], session)
    assert (answer.status_code, answer.json()["error"]["field"]) == (400, "session_hash")


@pytest.mark.parametrize("name", ["nosuch", "", "__class__", "call", None, 7, ["double"], {"double": 1}])
def test_other_functions_there_are_none(there, name):
    answer = call(there[0], name=name)
    assert (answer.status_code, answer.json()["error"]["field"]) == (404, "fn_name")


@pytest.mark.parametrize("body", [b"", b"{", b"[" * 50_000, b"null", b"7", b'"x"', b"[]", b"\xff\xfe", b"{}", b'{"fn_name": "double"}'])
def test_what_is_no_message_is_refused_in_words(there, body):
    answer = there[0].post(CALL, content=body)
    assert (answer.status_code, answer.json()["error"]["field"]) == (400, "message")
