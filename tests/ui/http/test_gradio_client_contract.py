"""What programs that use gradio_client expect of a server: ours answers them in place of Gradio's queue."""

import time
from collections.abc import Iterator

import gradio_client.utils
import pytest
from gradio_client import Client
from gradio_client.exceptions import AppError
from starlette.routing import Route

from playground.config.file_handles import Room
from playground.config.settings import AccessPolicy
from playground.types import Refused
from playground.ui.http.client_api import QueueEndpoints
from playground.ui.http.gradio_page import build, mounted
from playground.ui.http.gradio_protocol import API, DATA, JOIN
from playground.ui.http.server import serve
from playground.ui.requests.identity import People


def count(n: int = 3) -> dict:
    """n, as it is."""
    return {"n": n}


def fail(text: str) -> dict:
    """Always refused."""
    raise Refused("text", f"not {text}")


@pytest.fixture(scope="module")
def url(tmp_path_factory) -> Iterator[str]:
    """A server whose queue is ours, with functions of its own."""
    queue = QueueEndpoints(None)
    queue.functions = [count, fail]
    routes = [Route(JOIN, queue.join, methods=["POST"]), Route(DATA, queue.data, methods=["GET"])]
    made = mounted(build([], "x", [count, fail]), routes, People(AccessPolicy(), tmp_path_factory.mktemp("queue")), True)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("GRADIO_SERVER_PORT", "0")
        server, address = serve(made, "127.0.0.1", AccessPolicy(), Room(50, 50))
    yield address
    server.close()


@pytest.fixture(scope="module")
def client(url) -> Iterator[Client]:
    made = Client(url, verbose=False, analytics_enabled=False)
    yield made
    made.close()


def test_addresses(client):
    assert (JOIN[len(API) + 1:], DATA[len(API) + 1:]) == (gradio_client.utils.SSE_DATA_URL, gradio_client.utils.SSE_URL)
    assert (client.sse_data_url, client.sse_url) == (client.src.rstrip("/") + JOIN, client.src.rstrip("/") + DATA)
    assert client.protocol == "sse_v3"


def test_completed(client):
    assert client.predict(7, api_name="/count") == {"n": 7}
    assert [client.predict(n, api_name="/count") for n in range(4)] == [{"n": n} for n in range(4)]


def test_failed(client):
    with pytest.raises(AppError, match="not so"):
        client.predict("so", api_name="/fail")


def test_closed(client):
    """After the last answer a client lets go of the stream, and opens another one for its next call."""
    client.predict(1, api_name="/count")
    end = time.monotonic() + 30
    while client.stream_open:
        assert time.monotonic() < end
        time.sleep(0.02)
    assert client.predict(2, api_name="/count") == {"n": 2}
