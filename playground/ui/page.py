"""The page: one component of our own inside Gradio, and how it is launched. The only file, beside app.py, that knows Gradio."""

import logging
import os
from collections.abc import Callable, Sequence
from functools import wraps
from typing import Any, NamedTuple

import gradio as gr
import orjson
from gradio.route_utils import CustomCORSMiddleware
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from playground.ui.guard import LOCAL, Guard, Receive, Scope, Send
from playground.ui.people import People

log = logging.getLogger(__name__)
TITLE = "GAN Playground"
SYSTEM = ("system-ui", "sans-serif")            # fonts of the reader's machine: nothing is loaded from elsewhere
UNUSED = ("proxy={name:path}", "file={name:path}", "file/{name:path}", "stream/{name:path}", "queue/{name:path}", "call/{name:path}",
          "heartbeat/{name:path}", "upload_progress", "deep_link")          # of Gradio's: streams that never end, files, other hosts
STUMBLES = (OSError, LookupError, TypeError, ValueError, AttributeError)
REST = 0.25     # seconds between two looks of Gradio's queue for work: it has none here, and its own 1,000 looks a second cost 6% of a core
BARE = """
footer { display: none !important; }
.gradio-container, .gradio-container > .main, .gradio-container > .main > .wrap, #play, #play .html-container {
  padding: 0 !important; margin: 0 !important; max-width: none !important; border: 0 !important; background: none !important;
}
"""


class Served(NamedTuple):
    blocks: gr.Blocks
    url: str


class Page(gr.Blocks):
    """`oauth`: people can sign in here. Gradio looks for its own button to know that; ours is in our page."""

    oauth = False

    @property
    def expects_oauth(self) -> bool:
        return self.oauth


def build(functions: list[Callable[[Any], dict[str, Any]]], version: str, named: Sequence[Callable[..., dict[str, Any]]] = ()) -> Page:
    """A static <div>; the page's own script fills it and calls `functions`. `version` changes with the script.

    `named`: what programs may call; declared and documented here, answered by `endpoints`.
    """
    with Page(title=TITLE, analytics_enabled=False, fill_width=True) as blocks:
        for function in named:
            gr.api(function, api_name=function.__name__)
        gr.HTML(html_template='<div class="play" aria-busy="true"></div>', apply_default_css=False, padding=False, elem_id="play",
                server_functions=[as_json(f) for f in functions],
                js_on_load=f'import("/play/static/main.js?v={version}").then(m => m.mount(element, server))')
    blocks._queue.sleep_when_free = blocks._queue.progress_update_sleep_when_free = REST
    return blocks


def as_json(function: Callable[[Any], dict[str, Any]]) -> Callable[[Any], Response]:
    """Its answer written in the worker thread: left to the web framework, every number would be walked again between two requests. NaN is null."""
    @wraps(function)
    def answer(data: Any = None) -> Response:
        return Response(orjson.dumps(function(data)), media_type="application/json")
    del answer.__wrapped__          # Gradio looks at the signature that is called
    return answer


def nothing(request: Request) -> Response:
    return JSONResponse({"error": {"field": "name", "message": "there is nothing here"}}, 404)


def stumbled(request: Request, error: Exception) -> Response:
    """Gradio takes names, and what a message is wrapped in, as they come. A fault on our own routes is ours: the log tells all of it."""
    path = request.url.path[:200]
    if path.startswith("/play/"):
        log.error("a fault at %s", path, exc_info=error)
        return JSONResponse({"error": {"field": "server", "message": "something broke here; it is in the server's log"}}, 500)
    log.warning("a request to %s cannot be read: %s", path, type(error).__name__)
    field = "message" if request.method == "POST" else "name"
    return JSONResponse({"error": {"field": field, "message": "this is nothing that the page would ask for"}}, 400)


class Ours:
    """ASGI middleware: our own addresses never reach Gradio's stack, which costs several times what they do."""

    def __init__(self, app: Any, routes: list[Route]) -> None:
        self.app, self.ours = app, Starlette(routes=routes, exception_handlers=dict.fromkeys(STUMBLES, stumbled))
        self.paths = {route.path for route in routes}           # some of which stand in for Gradio's own

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        ours = scope["type"] == "http" and (scope["path"].startswith("/play/") or scope["path"] in self.paths)
        await (self.ours if ours else self.app)(scope, receive, send)


def launch(blocks: Page, routes: list[Route], people: People) -> Served:
    """Serve until `blocks.close()`. On localhost unless this is a Space or GRADIO_SERVER_NAME says otherwise; GRADIO_SERVER_PORT is obeyed."""
    host = os.environ.get("GRADIO_SERVER_NAME") or ("0.0.0.0" if os.environ.get("SPACE_ID") else "127.0.0.1")
    stand, blocks.oauth = [Middleware(Guard, local=host in LOCAL, people=people), Middleware(Ours, routes=routes)], people.door.oauth
    app, url, _ = blocks.launch(
        server_name=host, prevent_thread_lock=True, quiet=True, share=False, inbrowser=False, ssr_mode=False, mcp_server=False, pwa=False,
        show_error=False, enable_monitoring=False, run_history=False, strict_cors=True, max_file_size="1kb", footer_links=[],
        theme=gr.themes.Base(font=SYSTEM, font_mono=("monospace",)), css=BARE,
        app_kwargs={"routes": [Route(f"/gradio_api/{path}", nothing) for path in UNUSED], "middleware": stand, "openapi_url": None,
                    "exception_handlers": dict.fromkeys(STUMBLES, stumbled)})       # there before the port opens, and before Gradio's own
    keep_to_itself(app)
    return Served(blocks, url)


def keep_to_itself(app: Starlette) -> None:
    """Where the server has a name, Gradio allows every site's pages to read here with the visitor's cookies. Ours asks its own server alone."""
    app.user_middleware = [made for made in app.user_middleware if made.cls is not CustomCORSMiddleware]
    app.middleware_stack = app.build_middleware_stack()
