"""The server's connections: how many, and how slow."""

import contextlib
import socket
import time
from collections.abc import Callable
from ipaddress import ip_network

import httpx
import pytest
from running import PATIENCE
from starlette.applications import Starlette
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from playground.config.file_handles import Room
from playground.config.settings import AccessPolicy
from playground.ui.http import connections
from playground.ui.http.server import serve

BIG = b"x" * (32 << 20)
ASK = b"GET / HTTP/1.1\r\nHost: x\r\n\r\n"


def small(request) -> Response:
    return PlainTextResponse("here")


def big(request) -> Response:
    return Response(BIG)


@contextlib.contextmanager
def served(room: Room, proxies: tuple = (), monkeypatch=None):
    monkeypatch.setenv("GRADIO_SERVER_PORT", "0")
    server, url = serve(Starlette(routes=[Route("/", small), Route("/big", big)]), "127.0.0.1", AccessPolicy(proxies=proxies), room)
    try:
        yield server, int(url.rstrip("/").rsplit(":", 1)[1])
    finally:
        server.close()


def connected(port: int, whence: str = "127.0.0.1", said: bytes = b"") -> socket.socket:
    made = socket.create_connection(("127.0.0.1", port), 10, source_address=(whence, 0))
    made.sendall(said)
    return made


def waits_for(so: Callable[[], bool]) -> None:
    """Until it is so: a busy machine is not a fault."""
    end = time.monotonic() + PATIENCE
    while not so():
        assert time.monotonic() < end
        time.sleep(0.02)


def heard(peer: socket.socket, seconds: float = PATIENCE) -> bytes:
    """All that comes until the other end closes."""
    peer.settimeout(seconds)
    said = b""
    with contextlib.suppress(ConnectionError):
        while part := peer.recv(65536):
            said += part
    return said


def heard_of(server, peer: socket.socket) -> bool:
    """Whether the server has accepted this connection and holds it."""
    return peer.getsockname() in [one.client for one in server.server_state.connections]


def is_open(peer: socket.socket) -> bool:
    peer.settimeout(0.3)
    try:
        return bool(peer.recv(65536))
    except TimeoutError:
        return True
    except ConnectionError:
        return False


def test_an_answer_does_not_wait_for_the_client_to_confirm_its_head(monkeypatch):
    with served(Room(8, 3), monkeypatch=monkeypatch) as (server, port), connected(port):
        waits_for(lambda: len(server.server_state.connections) == 1)
        one = next(iter(server.server_state.connections))
        assert one.transport.get_extra_info("socket").getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY)


def test_one_address_has_its_share_and_its_longest_idle_connection_makes_room(monkeypatch):
    with served(Room(8, 3), monkeypatch=monkeypatch) as (server, port):
        idle = [connected(port, "127.0.0.2") for _ in range(5)]
        waits_for(lambda: heard_of(server, idle[-1]) and len(server.server_state.connections) <= 3)
        assert [is_open(one) for one in idle] == [False, False, True, True, True]
        assert httpx.get(f"http://127.0.0.1:{port}/").text == "here"


def test_where_all_places_are_taken_the_address_with_the_most_gives_way(monkeypatch):
    with served(Room(8, 6), monkeypatch=monkeypatch) as (_, port):
        crowd = [connected(port, "127.0.0.2") for _ in range(6)]
        few = [connected(port, "127.0.0.3") for _ in range(2)]
        new = connected(port, "127.0.0.4", ASK)
        assert new.recv(1000).startswith(b"HTTP/1.1 200")
        assert [is_open(one) for one in few] == [True, True]
        assert sum(is_open(one) for one in crowd) == 5


def test_connections_of_a_trusted_proxy_are_everybody_s(monkeypatch):
    with served(Room(8, 3), (ip_network("127.0.0.2"),), monkeypatch) as (server, port):
        idle = [connected(port, "127.0.0.2") for _ in range(7)]
        waits_for(lambda: heard_of(server, idle[-1]))
        assert all(is_open(one) for one in idle)


def test_who_finds_no_place_is_told_so(monkeypatch):
    with served(Room(4, 2), monkeypatch=monkeypatch) as (server, port):
        busy = [connected(port, "127.0.0.2", b"GET /big HTTP/1.1\r\nHost: x\r\n\r\n") for _ in range(2)]
        waits_for(lambda: sum(one.unread > 0 for one in server.server_state.connections) == 2)
        answer = heard(connected(port, "127.0.0.2", ASK))
        assert answer.startswith(b"HTTP/1.1 503")
        assert b"too many connections" in answer
        assert len(busy) == 2


def test_who_says_nothing_or_too_slowly_is_let_go_of(monkeypatch):
    monkeypatch.setattr(connections, "HEADERS", 0.6)
    with served(Room(20, 20), monkeypatch=monkeypatch) as (server, port):
        silent, begun = connected(port), connected(port, said=b"GET / HT")
        after, trickling = connected(port, said=ASK), connected(port)
        assert after.recv(1000).startswith(b"HTTP/1.1 200")
        after.sendall(b"G")                                     # a second request, never finished
        end, alive = time.monotonic() + PATIENCE, True
        while alive and time.monotonic() < end:
            try:
                trickling.sendall(b"G")
                time.sleep(0.1)
            except ConnectionError:
                alive = False
        assert not alive
        assert heard(silent) == b""
        for late in (begun, after):
            assert b"HTTP/1.1 408" in heard(late)
        assert not server.server_state.connections


def test_who_does_not_take_what_it_asked_for_is_let_go_of(monkeypatch):
    monkeypatch.setattr(connections, "READ_WITHIN", 0.4)
    with served(Room(20, 20), monkeypatch=monkeypatch) as (server, port):
        deaf = connected(port, said=b"GET /big HTTP/1.1\r\nHost: x\r\n\r\n")
        assert deaf.recv(10)
        waits_for(lambda: not server.server_state.connections)
        assert len(httpx.get(f"http://127.0.0.1:{port}/big").content) == len(BIG)
        deaf.close()


def test_answers_that_nobody_takes_have_a_bound_in_all(monkeypatch):
    monkeypatch.setattr(connections, "UNREAD", 3 * len(BIG))
    with served(Room(20, 20), monkeypatch=monkeypatch) as (server, port):
        others = connected(port, "127.0.0.3", b"GET /big HTTP/1.1\r\nHost: x\r\n\r\n")
        deaf = [connected(port, "127.0.0.2", b"GET /big HTTP/1.1\r\nHost: x\r\n\r\n") for _ in range(8)]
        waits_for(lambda: len(server.server_state.connections) <= 3)       # of 32 MB each
        assert sum(one.unread for one in server.server_state.connections) <= 3 * len(BIG)
        assert len(deaf) == 8
        others.sendall(ASK.replace(b"GET", b"HEAD"))            # it is still there
        assert others.recv(10)


@pytest.mark.parametrize("nonsense", [b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03", b"GET\r\n\r\n", b"GET / HTTP/x\r\n\r\n",
                                      b"GET / HTTP/1.1\r\n\r\n", b"G\x00T / HTTP/1.1\r\nHost: x\r\n\r\n", b"x" * 100_000])
def test_what_is_not_http_is_a_400_in_words(monkeypatch, caplog, nonsense):
    with served(Room(20, 20), monkeypatch=monkeypatch) as (_, port):
        answer = heard(connected(port, said=nonsense))
        assert answer.startswith(b"HTTP/1.1 400")
        assert b"not a request as HTTP has it" in answer
    assert [record.getMessage() for record in caplog.records if record.levelname == "WARNING"] == ["Invalid HTTP request received."]
