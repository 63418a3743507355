"""What programs call by name, as gradio_client does: /models, /sample, /interpolate.

Gradio declares and documents them. Its queue keeps what nobody fetches and downloads what a message points to, so it is never used: the two
addresses of its protocol that a client uses are answered here, by the same functions as the page's.
"""

import asyncio
import inspect
import json
import secrets
from collections.abc import AsyncIterator, Callable
from functools import cached_property
from typing import Any, NamedTuple

import orjson
from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse, Response, StreamingResponse

from playground.config.limits.memory_cache import LRUCache
from playground.config.limits.pool import Pool
from playground.config.limits.shares import Shares
from playground.types import Refused
from playground.ui.handlers.latents import LatentHandlers
from playground.ui.handlers.models import ModelHandlers
from playground.ui.handlers.rpc import failure
from playground.ui.handlers.services import Services
from playground.ui.http.functions import session_name
from playground.ui.http.gradio_protocol import CLOSED, completed, failed
from playground.ui.requests.identity import current_user
from playground.ui.requests.message_checks import take, whole
from playground.validate import shown

Answer = dict[str, Any]
AT_ONCE = 2             # calls that are worked on
KEPT = 64               # calls that are remembered, with those whose answers nobody has fetched
ALL = 32                # calls that are worked on or wait, in all
EACH = 12               # of one program
ADDRESS = 20            # of one network
NEWCOMERS = 8           # places for newcomers alone


class ClientFunctions:
    """The functions, as Gradio documents them: by their names, types and descriptions."""

    def __init__(self, services: Services) -> None:
        self.services = services

    @cached_property
    def studio(self) -> LatentHandlers:
        """What samples and interpolates; made when it is first needed."""
        return LatentHandlers(self.services)

    def functions(self) -> list[Callable[..., Answer]]:
        """In the order in which Gradio numbers them."""
        return [self.models, self.sample, self.interpolate]

    def models(self) -> Answer:
        """The models that may be used here: {"version", "models": [{"id", "variant", "data", "dims", "z_dim", "prior", "quality", ...}]}."""
        return ModelHandlers(self.services).models({})

    def sample(self, model: str, n: int = 16, seed: int = 0, radius: float = 1.0, y: int | None = None) -> Answer:
        """Draws of a model, by its id: n of them, 1 to 64, of one seed; radius, 0 to 2, is the length of latents, 1 as they are drawn; y is the class
        of all of them, a place in the model's "classes" where it has some, and without it they come in turn. {"image": a WebP as data URI,
        "columns", "size" and "gap" in pixels} or {"points": [[x, y]]}; with "z", base64 of little-endian float32, and "norms"."""
        return self.studio.samples({"model": model, "n": n, "seed": seed, "radius": radius, "y": y})

    def interpolate(self, model: str, a: int | Answer = 0, b: int | Answer = 1, n: int = 9, mode: str = "auto", y: int | None = None) -> Answer:
        """The way through a model's latents from a to b, each a seed or {"z": base64 of one latent}: n samples, 3 to 120; mode is slerp, lerp, or
        auto, as the prior asks for; y is the class all the way, as for /sample, the first one without it. As /sample answers, with the "mode" that
        was used."""
        strip = self.studio.strip({"model": model, "a": a, "b": b, "n": n, "mode": mode, "y": y})
        used = strip["default"] if mode == "auto" else mode
        return {**strip[used], "mode": used}


class PendingCall(NamedTuple):
    """A call whose answer nobody has fetched yet."""

    caller: tuple[Any, ...]         # owner names and session: nobody else fetches its answer
    result: asyncio.Future[bytes]


class QueueEndpoints:
    """Gradio's queue as a client sees it, two routes for one event loop: a call comes, and its answer is fetched."""

    def __init__(self, services: Services) -> None:
        self.functions, self._calls = ClientFunctions(services).functions(), LRUCache[PendingCall](KEPT, lambda _: 1)
        self._workers = Pool("programs", AT_ONCE, Shares("calls of programs", ALL, EACH, ADDRESS, NEWCOMERS))

    async def join(self, request: Request) -> Response:
        """POST /gradio_api/queue/join {"fn_index", "data": [its arguments in order], "session_hash"}: {"event_id"}. 503 while too many wait."""
        try:
            number, arguments, session = parsed_call(json.loads(await request.body()), len(self.functions))
        except Refused as refused:
            return refusal(refused, 400)
        except (ValueError, RecursionError, ClientDisconnect):
            return refusal(Refused("message", "this is not a valid call"), 400)
        id = secrets.token_hex(16)
        try:
            job = self._workers.submit(lambda: outcome(id, self.functions[number], arguments))
        except Refused as refused:
            return refusal(refused, 503)
        self._calls.put(id, PendingCall((current_user.get().names, session), asyncio.wrap_future(job)))
        return JSONResponse({"event_id": id})

    async def data(self, request: Request) -> Response:
        """GET /gradio_api/queue/data?session_hash=: the answers of one session's calls, as they come, each told once; then it ends."""
        caller = current_user.get().names, request.query_params.get("session_hash", "")
        if not self._pending(caller):
            return refusal(Refused("name", "there is no such address"), 404)
        return StreamingResponse(self._answers(caller), media_type="text/event-stream", headers={"Cache-Control": "no-store"})

    async def _answers(self, caller: tuple[Any, ...]) -> AsyncIterator[bytes]:
        while pending := self._pending(caller):
            done, _ = await asyncio.wait(pending.values(), return_when=asyncio.FIRST_COMPLETED)
            for id in [id for id, result in pending.items() if result in done and self._calls.drop(id)]:
                yield pending[id].result()
        yield event(CLOSED)

    def _pending(self, caller: tuple[Any, ...]) -> dict[str, asyncio.Future[bytes]]:
        return {id: call.result for id, call in self._calls.items() if call.caller == caller}


def parsed_call(message: Any, count: int) -> tuple[int, list[Any], str]:
    """(the number of one of `count` functions, its arguments, a session) of a call. Refused names what is wrong."""
    if not isinstance(message, dict):
        raise Refused("message", f"expected an object, got {shown(message)}")
    known = {name: message[name] for name in ("fn_index", "data", "session_hash") if name in message}       # clients send more
    call = take(known, fn_index=whole(0, count - 1), data=argument_list, session_hash=lambda _, value: session_name(value))
    return call["fn_index"], call["data"], call["session_hash"]


def argument_list(name: str, value: Any) -> list[Any]:
    """`value`, when it is a list. Refused otherwise."""
    if not isinstance(value, list):
        raise Refused(name, f"{name} must be a list of arguments, got {shown(value)}")
    return value


def outcome(id: str, function: Callable[..., Answer], arguments: list[Any]) -> bytes:
    """The event that ends a call: what the function answers, or why it does not."""
    try:
        return event(completed(id, function(*checked_arguments(function, arguments))))
    except Exception as error:
        return event(failed(id, failure(error, function.__name__)["error"]["message"]))


def checked_arguments(function: Callable[..., Answer], arguments: list[Any]) -> list[Any]:
    """`arguments`, when `function` takes so many. Refused("data", ...) otherwise."""
    signature = inspect.signature(function)
    try:
        signature.bind(*arguments)
    except TypeError:
        raise Refused("data", f"{function.__name__} takes {', '.join(map(str, signature.parameters.values())) or 'nothing'}") from None
    return arguments


def event(message: Answer) -> bytes:
    """One server-sent event."""
    return b"data: " + orjson.dumps(message) + b"\n\n"


def refusal(refused: Refused, status: int) -> Response:
    """Why a call is not taken, as JSON."""
    return JSONResponse({"error": {"field": refused.field, "message": str(refused)}}, status)
