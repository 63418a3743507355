"""What stands before every request: who asks, whether it was meant for this server, and that nothing large comes in."""

from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any
from urllib.parse import parse_qs

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import JSONResponse, RedirectResponse, Response

from playground.estimate import amount
from playground.types import Refused
from playground.ui import uploads
from playground.ui.people import People, present

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]

LOCAL = ("localhost", "127.0.0.1", "::1")
POSTS = ("/gradio_api/component_server", "/play/poll", "/gradio_api/queue/join")      # beside `uploads.MOST` the only ways to send: no recordings
ADMIN = "/play/admin"
MOST_BYTES, MOST_SAID = 64 * 1024, "a message holds at most 64 kB"
OVER = 1 << 20                                    # bytes that a file without a length may be too long, to be refused by who reads it
READS = ("GET", "HEAD")
CROSS = ("cross-site", "same-site")               # what browsers say of a request that another site's page made
Wrong = tuple[int, str, str]                      # status, field, message


def hostname(address: str) -> str:
    """The host of a Host or Origin header: "http://[::1]:80" -> "::1"."""
    rest = address.split("://", 1)[-1].split("/", 1)[0].lower()
    return rest[1:].split("]", 1)[0] if rest.startswith("[") else rest.rsplit(":", 1)[0] if rest.count(":") == 1 else rest


class Guard:
    """ASGI middleware. With `local`, only requests that were meant for this machine pass; with `people.door.hosts`, those for these names.

    A hostile site can point its own name at 127.0.0.1 (DNS rebinding) and then read what it likes: its Host, or its Origin, gives it away.
    It can send a form here, with the visitor's cookie: its Origin is not our host then. Programs send no Origin, and no cookie not given them.
    """

    def __init__(self, app: Any, local: bool, people: People) -> None:
        self.app, self.local, self.people = app, local, people

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "websocket":                      # nothing here speaks it
            await send({"type": "websocket.close", "code": 1008})
            return
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        refused = self._refused(scope)
        if refused:
            status, field, message = refused
            await JSONResponse({"error": {"field": field, "message": message}}, status)(scope, receive, send)
            return
        if scope["path"] == ADMIN:
            await self._enter(scope)(scope, receive, send)
            return
        token = present.set(self.people.of(scope))            # what runs in a worker thread has it too
        try:
            await self.app(scope, _counted(receive, _most(scope)), self._welcoming(scope, send))
        finally:
            present.reset(token)

    def _welcoming(self, scope: Scope, send: Send) -> Send:
        """The page itself brings a cookie to who has none."""
        cookie = self.people.welcome(scope) if scope["path"] == "/" and scope["method"] == "GET" else None
        if not cookie:
            return send

        async def bringing(message: MutableMapping[str, Any]) -> None:
            if message["type"] == "http.response.start":
                MutableHeaders(scope=message).append("set-cookie", cookie)
            await send(message)
        return bringing

    def _enter(self, scope: Scope) -> Response:
        key = parse_qs(scope["query_string"].decode("latin-1")).get("key", [""])[0]
        try:
            return RedirectResponse("/", 303, {"Set-Cookie": self.people.enter(scope, key), "Cache-Control": "no-store"})
        except Refused as refused:
            return JSONResponse({"error": {"field": refused.field, "message": str(refused)}}, 403)

    def _refused(self, scope: Scope) -> Wrong | None:
        headers, method, reading = Headers(scope=scope), scope["method"], scope["method"] in READS
        hosts, host = self.people.door.hosts, hostname(headers.get("host", ""))
        origin = hostname(headers["origin"]) if "origin" in headers else None
        if self.local and not hosts:
            if host not in LOCAL:
                return 403, "host", "this playground answers to localhost only; GRADIO_SERVER_NAME and PLAYGROUND_HOSTS open it to others"
            if origin is not None and origin not in LOCAL:
                return 403, "origin", "another site may not use this playground"
        elif hosts and not reading and host not in hosts and host not in LOCAL:
            return 403, "host", "this playground does not go by that name"
        if not reading and ((origin is not None and origin != host) or headers.get("sec-fetch-site") in CROSS):
            return 403, "origin", "another site may not use this playground"
        if reading or (method == "OPTIONS" and origin is not None):
            return None
        files = uploads.MOST.get(scope["path"])
        if method != "POST" or (files is None and scope["path"].rstrip("/") not in POSTS):
            return 405, "method", "nothing is sent here"
        length = headers.get("content-length", "0")
        if length.isdecimal() and int(length[:20]) <= (files or MOST_BYTES):
            return None
        return (413, "file", f"a file sent here holds at most {amount(files)}") if files else (413, "message", MOST_SAID)


def _most(scope: Scope) -> int:
    """Bytes that a request may bring."""
    files = uploads.MOST.get(scope["path"])
    return MOST_BYTES if files is None else files + OVER


def _counted(receive: Receive, left: int) -> Receive:
    """A body that says no length is cut off after `left` bytes: the reader sees a client that left."""
    async def counted() -> MutableMapping[str, Any]:
        nonlocal left
        message = await receive()
        left -= len(message.get("body", b""))
        return message if left >= 0 else {"type": "http.disconnect"}
    return counted
