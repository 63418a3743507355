"""What stands before every request: who asks, whether it was meant for this server, and that nothing large comes in."""

import asyncio
import re
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import JSONResponse

from playground.requester import requester
from playground.types import Refused
from playground.ui.http.admin_login import ADMIN, MOST_SENT, AdminLogin
from playground.ui.http.gradio_protocol import CALL, DATA, JOIN
from playground.ui.http.headers import SecurityHeaders, trusted_headers, with_host
from playground.ui.requests import uploads
from playground.ui.requests.identity import People, current_user
from playground.ui.requests.request_slots import RequestSlots
from playground.units import amount

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]

LOCAL = ("localhost", "127.0.0.1", "::1")
POLL, UPDATES = "/play/poll", "/play/updates"
POSTS = (CALL, POLL, UPDATES, JOIN, ADMIN)        # beside `uploads.MOST` the only ways to send: no recordings
LONG = (DATA, *uploads.MOST)                      # that may take long, and have bounds of their own
MOST_BYTES = 64 * 1024
TOO_LONG = "a message holds at most 64 kB"
SECONDS = 10.0                                    # that a message may take to come in
OVER = 1 << 20                                    # bytes that a file without a length may be too long, to be refused by who reads it
READS = ("GET", "HEAD")
CROSS = ("cross-site", "same-site")               # what browsers say of a request that another site's page made
AUTHORITY = re.compile(r"(?:\[([0-9a-f:.]{2,45})\]|([a-z0-9._-]{1,253}))(?::\d{1,5})?")
Refusal = tuple[int, str, str]                      # status, field, message


def hostname(address: str) -> str:
    """The host of a Host or Origin header, "" when it is none: "http://[::1]:80" -> "::1"."""
    scheme, _, rest = address.lower().rpartition("://")
    found = AUTHORITY.fullmatch(rest.split("/", 1)[0] if scheme else rest)
    return (found[1] or found[2]) if found else ""


class RequestGuard:
    """ASGI middleware. With `local`, only requests that were meant for this machine pass; with `people.access.hosts`, those for these names.

    A hostile site can point its own name at 127.0.0.1 (DNS rebinding) and then read what it likes: its Host, or its Origin, gives it away.
    It can send a form here, with the visitor's cookie: its Origin is not our host then. Programs send no Origin, and no cookie not given them.
    """

    def __init__(self, app: Any, local: bool, people: People) -> None:
        self.app, self.local, self.people = app, local, people
        self.security, self.slots = SecurityHeaders(people.access), RequestSlots()
        self.admin = AdminLogin(people, {"Content-Security-Policy": self.security.without_scripts()})

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Refuse the request, or pass it on with its sender known."""
        if scope["type"] == "websocket":                      # nothing here speaks it
            await send({"type": "websocket.close", "code": 1008})
            return
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        scope, send = trusted_headers(scope, self.people.access), self.security.sending(send)
        refused = self._refused(scope)
        if refused:
            await _refusal(*refused)(scope, receive, send)
            return
        scope = self._with_own_name(scope)
        person = self.people.of(scope)                        # what runs in a worker thread has it too
        user_token, requester_token = current_user.set(person), requester.set(self.people.requester(scope, person))
        try:
            await self._answer(scope, _limited(receive, scope), send)
        finally:
            current_user.reset(user_token)
            requester.reset(requester_token)

    async def _answer(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["path"] == ADMIN:
            await (await self.admin.answer(scope, receive))(scope, receive, send)
        elif scope["path"] in LONG:
            await self.app(scope, receive, send)
        else:
            try:
                async with self.slots.of(requester.get().address):
                    await self.app(scope, receive, self._with_cookie(scope, send))
            except Refused as refused:
                await _refusal(503, refused.field, str(refused))(scope, receive, send)

    def _with_cookie(self, scope: Scope, send: Send) -> Send:
        """The page itself brings a cookie to who has none."""
        cookie = self.people.welcome(scope) if scope["path"] == "/" and scope["method"] == "GET" else None
        if not cookie:
            return send

        async def with_cookie(message: MutableMapping[str, Any]) -> None:
            if message["type"] == "http.response.start":
                MutableHeaders(scope=message).append("set-cookie", cookie)
            await send(message)
        return with_cookie

    def _with_own_name(self, scope: Scope) -> Scope:
        """A Space is looked after from within, by other names than its own: Gradio, which keeps the first that it hears, hears one of ours."""
        hosts = self.people.access.hosts
        host = hostname(Headers(scope=scope).get("host", ""))
        return scope if not hosts or host in hosts or host in LOCAL else with_host(scope, min(hosts))

    def _refused(self, scope: Scope) -> Refusal | None:
        headers, method, reading = Headers(scope=scope), scope["method"], scope["method"] in READS
        hosts, host = self.people.access.hosts, hostname(headers.get("host", ""))
        origin = hostname(headers["origin"]) if "origin" in headers else None
        if self.local and not hosts:
            if host not in LOCAL:
                return 403, "host", "this playground answers to localhost only; GRADIO_SERVER_NAME and PLAYGROUND_HOSTS open it to others"
            if origin is not None and origin not in LOCAL:
                return 403, "origin", "another site may not use this playground"
        elif headers.get("host") and not host:
            return 400, "host", "this is not a host name"
        elif hosts and not reading and host not in hosts and host not in LOCAL:
            return 403, "host", "this server does not answer to that host name"
        foreign = origin is not None and origin != host and origin not in hosts
        if foreign or (not reading and headers.get("sec-fetch-site") in CROSS):
            return 403, "origin", "another site may not use this playground"
        if reading or (method == "OPTIONS" and origin is not None):
            return None
        files = uploads.MOST.get(scope["path"])
        if method != "POST" or (files is None and scope["path"].rstrip("/") not in POSTS):
            return 405, "method", "this address takes no messages"
        length = headers.get("content-length", "0")
        most = MOST_SENT if scope["path"] == ADMIN else files or MOST_BYTES
        if length.isdecimal() and int(length[:20]) <= most:
            return None
        return (413, "file", f"a file sent here holds at most {amount(files)}") if files else (413, "message", TOO_LONG)


def _refusal(status: int, field: str, message: str) -> JSONResponse:
    return JSONResponse({"error": {"field": field, "message": message}}, status)


def _limited(receive: Receive, scope: Scope) -> Receive:
    """A body that is longer than it may be, or a message that comes too slowly once it is read, is cut off: the reader sees a client that left."""
    files = uploads.MOST.get(scope["path"])
    left = MOST_BYTES if files is None else files + OVER
    end, more = None, True

    async def limited() -> MutableMapping[str, Any]:
        nonlocal left, end, more
        if end is None and files is None:
            end = asyncio.get_running_loop().time() + SECONDS
        try:
            async with asyncio.timeout_at(end if more else None):
                message = await receive()
        except TimeoutError:
            left = -1
        if left < 0:
            return {"type": "http.disconnect"}
        left -= len(message.get("body", b""))
        more = message.get("more_body", False)
        return message if left >= 0 else {"type": "http.disconnect"}
    return limited
