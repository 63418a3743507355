"""Files that people send: what arrives is what was sent, what may not come is refused in words, and nothing of it stays."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from loops import awaited
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.routing import Route
from starlette.testclient import TestClient

from playground.config.settings import AccessPolicy
from playground.requester import Requester, requester
from playground.types import Refused
from playground.ui.http.request_guard import OVER, RequestGuard
from playground.ui.requests import uploads
from playground.ui.requests.identity import People
from playground.ui.requests.uploads import MOST, Uploads, answering

MODEL, PICTURE = "/play/upload/model", "/play/upload/picture"


@pytest.fixture
def files(tmp_path) -> Uploads:
    return Uploads(tmp_path / "uploads")


@pytest.fixture
def client(tmp_path, files) -> TestClient:
    """Takes what is sent, as far as an address may, and says what came."""
    async def take(request: Request) -> dict:
        path = await files.received(request, MOST[request.url.path])
        found = {"bytes": path.stat().st_size, "begins": path.read_bytes()[:4].decode()}
        path.unlink()
        return found

    routes = [Route(path, answering(take), methods=["POST"]) for path in MOST] + [Route("/", lambda request: Response())]
    app = Starlette(routes=routes, middleware=[Middleware(RequestGuard, local=True, people=People(AccessPolicy(), tmp_path))])
    made = TestClient(app, base_url="http://127.0.0.1:7860")
    made.get("/")                                       # brings a cookie
    return made


def left(files: Uploads) -> list[Path]:
    return list(files.folder.glob("*"))


def request(*parts: bytes, then: str = "end") -> Request:
    """One whose body comes in parts, and then ends, breaks off or never goes on."""
    coming = [{"type": "http.request", "body": part, "more_body": True} for part in parts]

    async def receive() -> dict:
        if coming:
            return coming.pop(0)
        if then == "silence":
            await asyncio.sleep(60)
        return {"type": "http.disconnect"} if then == "leave" else {"type": "http.request", "body": b"", "more_body": False}
    return Request({"type": "http", "headers": [], "method": "POST", "path": MODEL}, receive)


@contextmanager
def asking(owner: str, address: str) -> Iterator[None]:
    token = requester.set(Requester(owner, address))
    try:
        yield
    finally:
        requester.reset(token)


def refused(files: Uploads, sent: Request, most: int = 100) -> Refused:
    with pytest.raises(Refused) as found:
        awaited(files.received(sent, most))
    assert left(files) == []
    return found.value


def test_what_is_sent_arrives_whole_with_a_length_or_without(client, files):
    big = b"GIF8" + bytes(range(256)) * 20_000          # several blocks
    assert client.post(PICTURE, content=big).json() == {"bytes": len(big), "begins": "GIF8"}
    assert client.post(PICTURE, content=iter([b"GI", b"F89a"])).json() == {"bytes": 6, "begins": "GIF8"}
    path = awaited(files.received(request(b"one", b"", b" two"), 7))
    assert path.read_bytes() == b"one two"
    assert path.parent == files.folder


@pytest.mark.parametrize("says_so", [True, False])
def test_more_than_an_address_takes_is_refused_in_words(client, files, says_so):
    most = MOST[PICTURE]
    for size in (most + 1, most + OVER):
        block = bytes(1 << 16)
        body = bytes(size) if says_so else (block[:min(1 << 16, size - at)] for at in range(0, size, 1 << 16))
        answer = client.post(PICTURE, content=body)
        assert answer.status_code == (413 if says_so else 400)
        assert answer.json()["error"]["field"] == "file"
        assert "10 MB" in answer.json()["error"]["message"]
    assert left(files) == []


def test_far_more_is_not_even_read(files):
    asked = 0

    async def endless() -> dict:
        nonlocal asked
        asked += 1
        return {"type": "http.request", "body": bytes(1 << 20), "more_body": True}
    assert "10 MB" in str(refused(files, Request(request().scope, endless), MOST[PICTURE]))
    assert asked == 10


def test_other_addresses_still_take_short_messages_alone(client):
    assert client.post("/play/poll", content=bytes(70_000)).json()["error"]["field"] == "message"
    assert client.post("/play/upload/anything", content=b"x").status_code == 405
    assert client.put(MODEL, content=b"x").status_code == 405
    assert client.post(f"{MODEL}/", content=b"x").status_code == 405
    assert client.post(MODEL, content=b"x", headers={"origin": "http://evil.example"}).status_code == 403


def test_nobody_sends_a_file_and_nothing_is_none(client, files):
    assert client.post(PICTURE, content=b"").json()["error"] == {"field": "file", "message": "nothing was sent"}
    client.cookies.clear()
    answer = client.post(PICTURE, content=b"GIF89a")
    assert (answer.status_code, answer.json()["error"]["field"]) == (403, "owner")
    assert left(files) == []


def test_who_leaves_or_falls_silent_leaves_nothing_behind(files, monkeypatch):
    with pytest.raises(ClientDisconnect):
        awaited(files.received(request(b"half", then="leave"), 100))
    assert left(files) == []
    monkeypatch.setattr(uploads, "IDLE", 0.05)
    assert "too slowly" in str(refused(files, request(b"half", then="silence")))


def test_a_few_come_in_at_once_and_others_wait(files):
    """Of one person, of one network with many cookies, and in all; who comes from elsewhere has a place."""
    async def many() -> None:
        slow = []

        async def begin(n: int) -> None:
            slow.append(asyncio.create_task(files.received(request(b"x", then="silence"), 100)))
            await asyncio.sleep(0)

        with asking("cookie:ada", "10.0.0.1"):
            for n in range(uploads.EACH):
                await begin(n)
            with pytest.raises(Refused, match="as many as one person may have"):
                await files.received(request(b"x"), 100)
        for n in range(uploads.ADDRESS - uploads.EACH):
            with asking(f"cookie:{n}", "10.0.0.1"):
                await begin(n)
        with asking("cookie:bob", "10.0.0.1"), pytest.raises(Refused, match="6 files from your network") as full:
            await files.received(request(b"x"), 100)
        assert full.value.field == "server"
        with asking("cookie:eve", "10.0.0.2"):
            (await files.received(request(b"x"), 100)).unlink()
        for task in slow:
            task.cancel()
        await asyncio.gather(*slow, return_exceptions=True)
        with asking("cookie:bob", "10.0.0.1"):
            (await files.received(request(b"x"), 100)).unlink()
    awaited(many())
    assert left(files) == []


def test_without_room_it_is_said_and_what_a_dead_process_left_goes(tmp_path, files, monkeypatch):
    files.free = 10 ** 18
    assert refused(files, request(b"x")).field == "disk"
    files.free = 0
    monkeypatch.setattr(Path, "open", lambda *_: (_ for _ in ()).throw(OSError(28, "No space left on device")))
    assert "No space left" in str(refused(files, request(b"x")))
    (files.folder / "left").touch()
    assert not Uploads(files.folder).folder.exists()
