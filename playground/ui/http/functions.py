"""The page's functions as one route. Gradio's own would keep a session for every name that a client makes up."""

import json
import re
from collections.abc import Callable
from typing import Any

import orjson
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response

from playground.types import Refused
from playground.ui.requests.threads import Threads

SESSION = re.compile(r"[A-Za-z0-9_-]{1,64}")


class PageFunctions:
    """By name; each takes what a message brings and answers JSON."""

    def __init__(self, functions: list[Callable[[Any], dict[str, Any]]], threads: Threads) -> None:
        self.threads, self.named = threads, {function.__name__: function for function in functions}

    async def call(self, request: Request) -> Response:
        """POST {"fn_name", "data", "session_hash", "component_id"}; the answer is written in a worker thread, NaN as null."""
        try:
            function, message = self.parsed(json.loads(await request.body()))
        except Refused as refused:
            return refusal(refused, 404 if refused.field == "fn_name" else 400)
        except (ValueError, RecursionError, ClientDisconnect):
            return refusal(Refused("message", "this is not a valid request"), 400)
        try:
            return await self.threads.run(lambda: Response(orjson.dumps(function(message)), media_type="application/json"))
        except Refused as refused:
            return refusal(refused, 503)

    def parsed(self, message: Any) -> tuple[Callable[[Any], dict[str, Any]], Any]:
        """(the function, its message). Refused names what is wrong with what the message is wrapped in."""
        if not isinstance(message, dict) or "data" not in message:
            raise Refused("message", 'a message is an object with "fn_name", "data" and "session_hash"')
        session_name(message.get("session_hash"))
        name = message.get("fn_name")
        if not isinstance(name, str) or name not in self.named:
            raise Refused("fn_name", "there is no such function")
        return self.named[name], message["data"]


def session_name(value: Any) -> str:
    """A client's name for its tab: nothing follows from it, and nothing is kept under it for long."""
    if not isinstance(value, str) or not SESSION.fullmatch(value):
        raise Refused("session_hash", "session_hash must be 1 to 64 letters, digits, - or _")
    return value


def refusal(refused: Refused, status: int) -> Response:
    """Why a message is not taken, as JSON."""
    return Response(orjson.dumps({"error": {"field": refused.field, "message": str(refused)}}), status, media_type="application/json")
