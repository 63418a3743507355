"""What stands before every request: a playground on localhost answers its own pages only, and no request is large."""

from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

from starlette.datastructures import Headers
from starlette.responses import JSONResponse

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]

LOCAL = ("localhost", "127.0.0.1", "::1")
POSTS = ("/gradio_api/component_server",)         # the page's only way to send: no uploads, no events, no recordings
MOST_BYTES = 64 * 1024
READS = ("GET", "HEAD")


def hostname(address: str) -> str:
    """The host of a Host or Origin header: "http://[::1]:80" -> "::1"."""
    rest = address.split("://", 1)[-1].split("/", 1)[0].lower()
    return rest[1:].split("]", 1)[0] if rest.startswith("[") else rest.rsplit(":", 1)[0] if rest.count(":") == 1 else rest


class Guard:
    """ASGI middleware. With `local`, only requests that were meant for this machine pass.

    A hostile site can point its own name at 127.0.0.1 (DNS rebinding) and then read what it likes: its Host, or its Origin,
    gives it away. Without `local` (a Space, a server with a name) that is the proxy's to judge.
    """

    def __init__(self, app: Any, local: bool) -> None:
        self.app, self.local = app, local

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
        await self.app(scope, _counted(receive), send)

    def _refused(self, scope: Scope) -> tuple[int, str, str] | None:
        headers, method = Headers(scope=scope), scope["method"]
        if self.local:
            if hostname(headers.get("host", "")) not in LOCAL:
                return 403, "host", "this playground answers to localhost only; GRADIO_SERVER_NAME opens it to others"
            if "origin" in headers and hostname(headers["origin"]) not in LOCAL:
                return 403, "origin", "another site may not use this playground"
        if method in READS or (method == "OPTIONS" and "origin" in headers):
            return None
        if method != "POST" or scope["path"].rstrip("/") not in POSTS:
            return 405, "method", "nothing is sent here"
        length = headers.get("content-length", "0")
        if not length.isdecimal() or int(length[:20]) > MOST_BYTES:
            return 413, "message", f"a message holds at most {MOST_BYTES // 1024} kB"
        return None


def _counted(receive: Receive) -> Receive:
    """A body that says no length is cut off at the same size: the reader sees a client that left."""
    left = MOST_BYTES

    async def counted() -> MutableMapping[str, Any]:
        nonlocal left
        message = await receive()
        left -= len(message.get("body", b""))
        return message if left >= 0 else {"type": "http.disconnect"}
    return counted
