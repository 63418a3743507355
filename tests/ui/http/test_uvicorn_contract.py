"""What the server and its connections lean on in uvicorn: a test for each name, that fails where an upgrade takes it away."""

import inspect

import pytest
import uvicorn
from uvicorn.protocols.http.h11_impl import H11Protocol, RequestResponseCycle

from playground.ui.http.connections import RELIES_ON, Connection
from playground.ui.http.server import Server


def names(method) -> set[str]:
    """The attributes that a method names."""
    return set(method.__code__.co_names)


@pytest.mark.parametrize("name", RELIES_ON)
def test_connection(name):
    assert hasattr(H11Protocol, name) or name in names(H11Protocol.__init__)


def test_connection_overrides_what_is_called():
    """Each of uvicorn's own methods that ours takes the place of is one that asyncio or uvicorn calls."""
    ours = {name for name in vars(Connection) if hasattr(H11Protocol, name) and not name.startswith("__")}
    assert ours == {"connection_made", "connection_lost", "data_received", "send_400_response", "pause_writing", "resume_writing"}
    assert "send_400_response" in names(H11Protocol.handle_events)
    assert list(inspect.signature(H11Protocol.send_400_response).parameters) == ["self", "msg"]


def test_response_complete():
    """Whether a request of a connection is answered: `cycle` is the last one's."""
    assert "response_complete" in names(RequestResponseCycle.__init__)
    assert "cycle" in names(H11Protocol.handle_events)


def test_server():
    """It starts on sockets that are open already, and says when it answers; it is asked to end."""
    assert list(inspect.signature(uvicorn.Server.startup).parameters) == ["self", "sockets"]
    assert list(inspect.signature(uvicorn.Server.run).parameters) == ["self", "sockets"]
    assert {"started", "should_exit"} <= names(uvicorn.Server.__init__)
    assert "startup" in names(uvicorn.Server._serve) | names(uvicorn.Server.serve)
    assert Server.startup is not uvicorn.Server.startup


def test_config():
    """A class of connections may be given, and what `serve` asks for is known."""
    known = inspect.signature(uvicorn.Config).parameters
    assert {"http", "ws", "proxy_headers", "server_header", "access_log", "log_config", "timeout_keep_alive", "timeout_graceful_shutdown",
            "backlog"} <= set(known)
    config = uvicorn.Config(lambda: None, http=Connection, log_config=None)
    config.load()
    assert config.http_protocol_class is Connection
