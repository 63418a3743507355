"""What the playground leans on in Gradio's code, each hook with its reason; gradio_protocol.py has what it leans on in messages and addresses.

Gradio is made for apps that trust their visitors, and for functions that its own queue runs; this server does neither. Each hook has a test that
bears its name in tests/ui/http/test_gradio_contract.py, so that an upgrade of Gradio which takes it away fails there.
"""

from collections.abc import Callable, Sequence
from typing import Any

import gradio as gr
from gradio.route_utils import CustomCORSMiddleware
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from playground.ui.http.functions import PageFunctions
from playground.ui.http.gradio_protocol import API, UNUSED

Function = Callable[..., dict[str, Any]]
QUEUE_SLEEP = 0.25      # seconds
QUEUE_SLEEPS = ("sleep_when_free", "progress_update_sleep_when_free")
ROOT = "play"           # the id of the element that the page's script fills


class Page(gr.Blocks):
    """Gradio's page with ours in it. `functions`: the page's; `script`: the tag that loads it; `oauth`: whether people can sign in here.

    Gradio adds the routes of signing in where it finds a button of its own; ours is in our page, so what Gradio asks, `expects_oauth`, says it.
    """

    oauth = False
    functions: PageFunctions
    script: str

    @property
    def expects_oauth(self) -> bool:
        """Whether Gradio adds the routes of signing in."""
        return self.oauth


def declare(functions: Sequence[Function], named: Sequence[Function]) -> None:
    """Within a page: an empty column for the page's script, and functions that /config and /info tell of, and that our own routes answer.

    Gradio's HTML component, where clients look for the page's functions in /config, draws nothing: it would make programs of texts, which the page's
    policy forbids. Gradio numbers `named` from 0 in this order, and clients call them by number.
    """
    for function in named:
        gr.api(function, api_name=function.__name__)
    gr.HTML(visible=False, server_functions=functions)
    gr.Column(elem_id=ROOT)


def slow_down_queue(blocks: gr.Blocks) -> None:
    """Gradio's queue looks for work 1,000 times a second, which costs 6% of a core; it never has any here."""
    for name in QUEUE_SLEEPS:
        setattr(blocks._queue, name, QUEUE_SLEEP)


def not_found(request: Request) -> Response:
    """What stands in for Gradio's routes that are not used here."""
    return JSONResponse({"error": {"field": "name", "message": "there is no such address"}}, 404)


def mount(blocks: Page, css: str, middleware: Sequence[Middleware], handlers: dict[Any, Any]) -> Starlette:
    """Gradio's app, at its root another one's. `app_kwargs` makes its own app: routes that win over Gradio's, middleware before them and after the
    session of who signed in, handlers of errors that Gradio's routes let out."""
    app = Starlette()
    gr.mount_gradio_app(
        app, blocks, "/", ssr_mode=False, mcp_server=False, pwa=False, show_error=False, enable_monitoring=False, run_history=False,
        max_file_size="1kb", footer_links=[], theme=gr.themes.Base(font=("system-ui", "sans-serif"), font_mono=("monospace",)), css=css,
        head=blocks.script, app_kwargs={"routes": [Route(f"{API}/{path}", not_found) for path in UNUSED], "middleware": list(middleware),
                                        "openapi_url": None, "exception_handlers": handlers})
    remove_cors(gradio_app(app))
    return app


def gradio_app(app: Starlette) -> gr.routes.App:
    """Gradio's own app within what `mount` makes."""
    return app.routes[-1].app


def remove_cors(app: gr.routes.App) -> None:
    """Where the server has a name, Gradio allows every site's pages to read here with the visitor's cookies. The page asks its own server alone."""
    app.user_middleware = [one for one in app.user_middleware if one.cls is not CustomCORSMiddleware]
    app.middleware_stack = app.build_middleware_stack()
