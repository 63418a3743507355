"""What programs call by name, as gradio_client does: /models, /sample, /interpolate.

Gradio declares and documents them. Its queue, which keeps for ever what nobody fetches and fetches what a message points to, is never asked:
the two addresses that a client uses are answered here, by the same functions as the page's.
"""

import asyncio
import inspect
import json
import secrets
from collections import OrderedDict
from collections.abc import AsyncIterator, Callable
from functools import cached_property
from typing import Any, NamedTuple

import orjson
from starlette.concurrency import run_in_threadpool
from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse, Response, StreamingResponse

from playground.texts import shown
from playground.types import Refused
from playground.ui.checks import take, text, whole
from playground.ui.library import Library
from playground.ui.models import ModelDesk
from playground.ui.people import present
from playground.ui.server import failure
from playground.ui.studio import StudioDesk

Answer = dict[str, Any]
JOIN, DATA = "/gradio_api/queue/join", "/gradio_api/queue/data"
AT_ONCE, WAITING, KEPT = 2, 16, 64      # calls that are worked on; with those that wait; with answers that nobody has fetched


class Calls:
    """The functions, as Gradio documents them: by their names, types and descriptions."""

    def __init__(self, library: Library) -> None:
        self.library = library

    @cached_property
    def studio(self) -> StudioDesk:
        return StudioDesk(self.library)

    def functions(self) -> list[Callable[..., Answer]]:
        """By number, as Gradio counts them."""
        return [self.models, self.sample, self.interpolate]

    def models(self) -> Answer:
        """The models that may be used here: {"version", "models": [{"id", "variant", "data", "dims", "z_dim", "prior", "quality", ...}]}."""
        return ModelDesk(self.library).models({})

    def sample(self, model: str, n: int = 16, seed: int = 0, radius: float = 1.0) -> Answer:
        """Draws of a model, by its id: n of them, 1 to 64, of one seed; radius, 0 to 2, is the length of latents, 1 as they are drawn. {"image": a
        WebP as data URI, "columns", "size" and "gap" in pixels} or {"points": [[x, y]]}; with "z", base64 of little-endian float32, and "norms"."""
        return self.studio.samples({"model": model, "n": n, "seed": seed, "radius": radius})

    def interpolate(self, model: str, a: int | Answer = 0, b: int | Answer = 1, n: int = 9, mode: str = "auto") -> Answer:
        """The way through a model's latents from a to b, each a seed or {"z": base64 of one latent}: n samples, 3 to 120; mode is slerp, lerp, or
        auto, as the prior asks for. As /sample answers, with the "mode" that was used."""
        told = self.studio.strip({"model": model, "a": a, "b": b, "n": n, "mode": mode})
        used = told["default"] if mode == "auto" else mode
        return {**told[used], "mode": used}


class Call(NamedTuple):
    session: tuple[Any, ...]        # of whom: nobody else fetches its answer
    task: asyncio.Task[bytes]


class Endpoints:
    """Two routes, for one event loop: a call comes, and its answer is fetched."""

    def __init__(self, library: Library) -> None:
        self.functions, self._calls = Calls(library).functions(), OrderedDict[str, Call]()
        self._turn = asyncio.Semaphore(AT_ONCE)

    async def join(self, request: Request) -> Response:
        """POST /gradio_api/queue/join {"fn_index", "data": [its arguments in order], "session_hash"}: {"event_id"}. 503 while too many wait."""
        try:
            number, arguments, session = asked(json.loads(await request.body()), len(self.functions))
        except Refused as bad:
            return refused(bad, 400)
        except (ValueError, RecursionError, ClientDisconnect):
            return refused(Refused("message", "this is nothing that a program would ask for"), 400)
        if sum(not call.task.done() for call in self._calls.values()) >= WAITING:
            return refused(Refused("server", "many programs ask just now: try again in a moment"), 503)
        id = secrets.token_hex(16)
        self._calls[id] = Call((present.get().names, session), asyncio.create_task(self._answer(id, self.functions[number], arguments)))
        for old in [old for old, call in self._calls.items() if call.task.done()][:max(0, len(self._calls) - KEPT)]:
            del self._calls[old]
        return JSONResponse({"event_id": id})

    async def data(self, request: Request) -> Response:
        """GET /gradio_api/queue/data?session_hash=: the answers of one session's calls, as they come, each told once; then it ends."""
        session = present.get().names, request.query_params.get("session_hash", "")
        if not self._waiting(session):
            return refused(Refused("name", "there is nothing here"), 404)
        return StreamingResponse(self._answers(session), media_type="text/event-stream", headers={"Cache-Control": "no-store"})

    async def _answers(self, session: tuple[Any, ...]) -> AsyncIterator[bytes]:
        while waiting := self._waiting(session):
            done, _ = await asyncio.wait(waiting.values(), return_when=asyncio.FIRST_COMPLETED)
            for id in [id for id, task in waiting.items() if task in done and self._calls.pop(id, None)]:
                yield waiting[id].result()
        yield said({"msg": "close_stream"})

    async def _answer(self, id: str, function: Callable[..., Answer], arguments: list[Any]) -> bytes:
        async with self._turn:
            return await run_in_threadpool(completed, id, function, arguments)

    def _waiting(self, session: tuple[Any, ...]) -> dict[str, asyncio.Task[bytes]]:
        return {id: call.task for id, call in self._calls.items() if call.session == session}


def asked(message: Any, count: int) -> tuple[int, list[Any], str]:
    """(the number of one of `count` functions, its arguments, a session) of a call. Refused names what is wrong."""
    if not isinstance(message, dict):
        raise Refused("message", f"expected an object, got {shown(message)}")
    known = {name: message[name] for name in ("fn_index", "data", "session_hash") if name in message}       # clients send more
    found = take(known, fn_index=whole(0, count - 1), data=listed, session_hash=text)
    return found["fn_index"], found["data"], found["session_hash"]


def listed(name: str, value: Any) -> list[Any]:
    if not isinstance(value, list):
        raise Refused(name, f"{name} must be a list of arguments, got {shown(value)}")
    return value


def completed(id: str, function: Callable[..., Answer], arguments: list[Any]) -> bytes:
    """What a client is told of a call: what the function answers, or why it does not."""
    done = {"msg": "process_completed", "event_id": id}
    try:
        return said({**done, "success": True, "output": {"data": [function(*fitted(function, arguments))], "is_generating": False}})
    except Exception as error:
        return said({**done, "success": False, "output": {"error": failure(error, function.__name__)["error"]["message"]}})


def fitted(function: Callable[..., Answer], arguments: list[Any]) -> list[Any]:
    """Refused("data", ...) unless a function takes so many."""
    taken = inspect.signature(function)
    try:
        taken.bind(*arguments)
    except TypeError:
        raise Refused("data", f"{function.__name__} takes {', '.join(map(str, taken.parameters.values())) or 'nothing'}") from None
    return arguments


def said(message: Answer) -> bytes:
    return b"data: " + orjson.dumps(message) + b"\n\n"


def refused(why: Refused, status: int) -> Response:
    return JSONResponse({"error": {"field": why.field, "message": str(why)}}, status)
