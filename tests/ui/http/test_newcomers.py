"""The threads that answer the page: addresses that have as many as they may leave some to those that have none."""

import asyncio
import json
import socket
import threading
import time
from pathlib import Path

import httpx
import pytest
from loops import awaited

from playground.config.file_handles import Room
from playground.config.settings import AccessPolicy
from playground.requester import Requester, requester
from playground.types import Refused
from playground.ui.http.gradio_page import build, mounted
from playground.ui.http.gradio_protocol import CALL
from playground.ui.http.server import serve
from playground.ui.requests.identity import People
from playground.ui.requests.request_slots import AT_ONCE, RequestSlots
from playground.ui.requests.threads import ADDRESS, KEPT, WORKERS, Threads

GREEDY = 4              # addresses, which together would have more threads than there are


class Gate:
    """A function of the page that takes its time, and one that does not."""

    def __init__(self) -> None:
        self.opened, self.inside = threading.Event(), 0

    def functions(self) -> list:
        def waits(data=None) -> dict:
            self.inside += 1
            self.opened.wait(60)
            return {"said": "late"}

        def quick(data=None) -> dict:
            return {"said": "at once"}
        return [waits, quick]

    def settled(self) -> int:
        """How many wait in it, once no more come."""
        before, end = -1, time.monotonic() + 30
        while before != self.inside and time.monotonic() < end:
            before = self.inside
            time.sleep(0.5)
        return before


@pytest.fixture
def gate(tmp_path: Path, monkeypatch):
    monkeypatch.setenv("GRADIO_SERVER_PORT", "0")
    made = Gate()
    page = mounted(build(made.functions(), "x"), [], People(AccessPolicy(), tmp_path), True)
    server, url = serve(page, "127.0.0.1", AccessPolicy(), Room(400, 100))
    try:
        yield made, int(url.rstrip("/").rsplit(":", 1)[1])
    finally:
        made.opened.set()
        server.close()


def body(name: str) -> bytes:
    return json.dumps({"data": {}, "fn_name": name, "session_hash": "x", "component_id": 1}).encode()


def sent(port: int, whence: str, name: str) -> socket.socket:
    made = socket.create_connection(("127.0.0.1", port), 10, source_address=(whence, 0))
    head = f"POST {CALL} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nConnection: close\r\nContent-Length: {len(body(name))}\r\n\r\n"
    made.sendall(head.encode() + body(name))
    return made


def test_four_addresses_that_take_all_they_may_leave_threads_to_others(gate):
    made, port = gate
    held = [sent(port, f"127.0.0.{2 + n % GREEDY}", "waits") for n in range(GREEDY * AT_ONCE)]
    assert made.settled() == WORKERS - KEPT
    for n in range(3):
        others = httpx.HTTPTransport(local_address=f"127.0.0.{20 + n}")
        with httpx.Client(transport=others, timeout=10) as newcomer:
            assert newcomer.post(f"http://127.0.0.1:{port}{CALL}", content=body("quick")).json() == {"said": "at once"}
    held += [sent(port, f"127.0.0.{40 + n}", "waits") for n in range(2 * KEPT)]         # newcomers have one each, as far as they go
    assert made.settled() == WORKERS
    made.opened.set()
    for one in held:
        one.settimeout(30)
        with one.makefile("rb") as answer:
            assert answer.read().endswith(b'{"said":"late"}')


def test_too_much_is_refused_in_words():
    opened = threading.Event()

    async def ask() -> list:
        threads = Threads(workers=2, kept=1)
        token = requester.set(Requester("cookie:one", "10.0.0.1"))
        waiting = [asyncio.create_task(threads.run(opened.wait)) for _ in range(ADDRESS)]
        await asyncio.sleep(0)
        requester.reset(token)
        opened.set()
        return await asyncio.gather(*waiting, return_exceptions=True)

    said = awaited(ask())
    assert said.count(True) == 24
    assert all(isinstance(one, Refused) and one.field == "server" for one in said if one is not True)


def test_of_one_address_so_many_requests_are_under_way_and_so_many_wait():
    async def ask() -> None:
        slots, opened, inside = RequestSlots(each=20, most=30), asyncio.Event(), []

        async def request(address: str) -> None:
            async with slots.of(address):
                inside.append(address)
                await opened.wait()

        first = [asyncio.create_task(request("10.0.0.1")) for _ in range(20)]
        await asyncio.sleep(0.01)
        assert inside == ["10.0.0.1"] * AT_ONCE
        with pytest.raises(Refused, match="from your address"):
            await request("10.0.0.1")
        other = [asyncio.create_task(request("10.0.0.2")) for _ in range(10)]
        await asyncio.sleep(0.01)
        assert inside[AT_ONCE:] == ["10.0.0.2"] * 10
        with pytest.raises(Refused, match="more is asked than"):
            await request("10.0.0.3")
        opened.set()
        await asyncio.gather(*first, *other)
        assert (len(inside), slots.count, slots.addresses) == (30, 0, {})

    awaited(ask())
