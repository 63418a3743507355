"""The page: one component of our own inside Gradio, and how it is launched."""

import logging
import os
from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from playground.config.file_handles import BUSY, Room, out_of_handles
from playground.ui.http.functions import PageFunctions
from playground.ui.http.gradio_hooks import Page, declare, mount, slow_down_queue
from playground.ui.http.gradio_protocol import CALL, SIGN_IN
from playground.ui.http.request_guard import LOCAL, Receive, RequestGuard, Scope, Send
from playground.ui.http.server import Server, serve
from playground.ui.http.sign_in import SignInFallback, hub_unreachable
from playground.ui.requests.identity import People
from playground.ui.requests.threads import Threads

log = logging.getLogger(__name__)
TITLE = "GAN Playground"
UNREADABLE = (OSError, LookupError, TypeError, ValueError, AttributeError)      # what Gradio lets out when a request is not as it expects
CSS = """
footer { display: none !important; }
.gradio-container, .gradio-container > .main, .gradio-container > .main > .wrap, #play {
  padding: 0 !important; margin: 0 !important; max-width: none !important; border: 0 !important; background: none !important;
}
"""


class Served(NamedTuple):
    """A running server and its address."""

    server: Server
    url: str


def build(functions: list[Callable[[Any], dict[str, Any]]], version: str, named: Sequence[Callable[..., dict[str, Any]]] = (),
          threads: Threads | None = None) -> Page:
    """An empty column; the page's own script fills it and calls `functions`. `version` changes with the script.

    `named`: what programs may call; declared and documented here, answered by `QueueEndpoints`. `threads`: that answer, the routes' own as a rule.
    """
    with Page(title=TITLE, analytics_enabled=False, fill_width=True) as blocks:
        declare(functions, named)
    blocks.script = f'<script type="module" src="/play/static/{version}/boot.js"></script>'
    blocks.functions = PageFunctions(functions, threads or Threads())
    slow_down_queue(blocks)
    return blocks


def unreadable(request: Request, error: Exception) -> Response:
    """Gradio takes names, and what a message is wrapped in, as they come. A fault on our own routes is ours: the log tells all of it."""
    path = request.url.path[:200]
    if path.startswith(SIGN_IN):
        return hub_unreachable(error)
    if out_of_handles(error):
        log.warning("no file handle is left: a request to %a is refused", path)
        return JSONResponse({"error": {"field": "server", "message": BUSY}}, 503)
    if path.startswith("/play/"):
        log.error("a fault at %a", path, exc_info=error)
        return JSONResponse({"error": {"field": "server", "message": "something broke here; it is in the server's log"}}, 500)
    log.warning("a request to %a cannot be read: %s", path, type(error).__name__)
    field = "message" if request.method == "POST" else "name"
    return JSONResponse({"error": {"field": field, "message": "this is not a valid request"}}, 400)


HANDLERS: dict[Any, Any] = dict.fromkeys(UNREADABLE, unreadable)


class PlaygroundRoutes:
    """ASGI middleware: our own addresses never reach Gradio's stack, which costs several times what they do; failures of signing in end in words."""

    def __init__(self, app: Any, routes: list[Route]) -> None:
        self.gradio, self.playground = app, Starlette(routes=routes, exception_handlers=HANDLERS)
        self.sign_in = SignInFallback(app)
        self.paths = {route.path for route in routes}           # some of which stand in for Gradio's own

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Send the request to our routes, to signing in, or to Gradio."""
        app, path = self.gradio, scope["path"] if scope["type"] == "http" else ""
        if path.startswith(SIGN_IN):
            app = self.sign_in
        elif path.startswith("/play/") or path in self.paths:
            app = self.playground
        await app(scope, receive, send)


def launch(blocks: Page, routes: list[Route], people: People, room: Room) -> Served:
    """Serve until `Served.server.close()`. On localhost unless this is a Space or GRADIO_SERVER_NAME says otherwise; GRADIO_SERVER_PORT is obeyed."""
    host = os.environ.get("GRADIO_SERVER_NAME") or ("0.0.0.0" if os.environ.get("SPACE_ID") else "127.0.0.1")
    if host not in LOCAL and not people.access.hosts:
        log.warning("others can reach this server, and it answers to any name: PLAYGROUND_HOSTS should say by which names it goes")
    return Served(*serve(mounted(blocks, routes, people, host in LOCAL), host, people.access, room))


def mounted(blocks: Page, routes: list[Route], people: People, local: bool) -> Starlette:
    """Gradio's app with our guard before it, and our addresses beside its own."""
    routes = [*routes, *(Route(path, blocks.functions.call, methods=["POST"]) for path in (CALL, f"{CALL}/"))]
    blocks.oauth = people.access.oauth
    stack = [Middleware(RequestGuard, local=local, people=people), Middleware(PlaygroundRoutes, routes=routes)]
    return mount(blocks, CSS, stack, HANDLERS)
