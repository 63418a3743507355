"""Signing in with the Hub, where it does not work: in words, in a bounded time."""

import asyncio
import logging
from typing import Any

from starlette.responses import HTMLResponse, Response

log = logging.getLogger(__name__)
PATIENCE = 15.0         # seconds for the Hub
PAGE = """<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>Sign in · GAN Playground</title></head><body style="font: 16px/1.5 system-ui, sans-serif; max-width: 32em; margin: 15vh auto; padding: 0 1em">
<h1>Signing in does not work just now</h1><p role="alert">The Hugging Face Hub could not be reached, or did not say who you are.
Nothing of yours is lost: try again in a moment.</p><p><a href="/login/huggingface">Try again</a> · <a href="/">Back to the playground</a></p>
</body></html>"""


def hub_unreachable(error: BaseException) -> Response:
    """A page that says so; the log has the error's name alone."""
    log.warning("signing in did not work: %s", type(error).__name__)
    return HTMLResponse(PAGE, 502, {"Cache-Control": "no-store"})


class SignInFallback:
    """ASGI: whatever goes wrong, or takes too long, on the way to the Hub is one page and one line in the log."""

    def __init__(self, app: Any) -> None:
        self.app = app

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        """Pass the request on; answer with a page when that fails or takes too long."""
        answering = False

        async def watched_send(message: Any) -> None:
            nonlocal answering
            answering = True
            await send(message)

        try:
            async with asyncio.timeout(PATIENCE):
                await self.app(scope, receive, watched_send)
        except Exception as error:
            if answering:
                raise
            await hub_unreachable(error)(scope, receive, send)
