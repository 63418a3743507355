"""What every watcher asks, once or twice a second: news of a run or of several, and its newest picture.

Training waits while Python answers. So an answer is kept, and the event loop itself gives it to the next who asks the same, as long as the run and
its files have not changed; all else is made in a thread.
"""

import gzip
import json
import os
from collections.abc import Awaitable, Callable, Hashable
from functools import partial
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import orjson
from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse, Response

from playground.artifacts import run_export
from playground.config.limits.memory_cache import LRUCache
from playground.store.frames import Frames
from playground.store.history import History
from playground.types import Refused, Status
from playground.ui.handlers import run_updates
from playground.ui.handlers.rpc import failure
from playground.ui.handlers.services import Services
from playground.ui.requests.identity import current_user
from playground.ui.requests.message_checks import run_id
from playground.ui.requests.threads import Threads

FOR_EVER = "public, max-age=31536000, immutable"
LONG = 32 << 10         # bytes of an answer that holds the event loop up too long while it is packed, 1 ms
MEMORY = 16 << 20       # bytes of answers that are kept: pictures of some 12 kB, news of 2 kB
Stamp = tuple[int, int, int]


class Wanted(NamedTuple):
    """A value that is asked for, see `AnswerCache.get`."""

    key: Hashable
    depends_on: list[Any]
    make: Callable[[], Any]


class AnswerCache:
    """Values of `most` bytes, those used last, each valid while what it depends on has not changed. It waits for no lock that is held long, and reads
    no file."""

    def __init__(self, most: int, threads: Threads, weigh: Callable[[Any], int] = len) -> None:
        self.threads = threads
        self._kept: LRUCache[tuple[list[Any], Any]] = LRUCache(most, lambda kept: weigh(kept[1]))

    async def get(self, key: Hashable, depends_on: list[Any], make: Callable[[], Any]) -> Any:
        """What `make` made before, or makes now, in a thread; kept unless it depends on nothing, or on something that does not exist.

        `depends_on` was read before `make` runs: a value may be newer than it says, never older.
        """
        return (await self.get_all([Wanted(key, depends_on, make)]))[0]

    async def get_all(self, wanted: list["Wanted"]) -> list[Any]:
        """The same of several: those that are not kept are made in one thread, one after the other."""
        found = [self._kept.get(w.key) or (None, None) for w in wanted]
        missing = [i for i, (w, (state, _)) in enumerate(zip(wanted, found, strict=True)) if state != w.depends_on]
        if missing:
            made = await self.threads.run(lambda: [wanted[i].make() for i in missing])
            for i, value in zip(missing, made, strict=True):
                found[i] = wanted[i].depends_on, value
                if wanted[i].depends_on and None not in wanted[i].depends_on:
                    self._kept.put(wanted[i].key, found[i])
        return [value for _, value in found]


class Picture(NamedTuple):
    """An answer with a picture, or with points."""

    body: bytes
    kind: str
    lasting: bool           # another one can never be had at this address
    gzipped: bool = False


class PollRoutes:
    """Four routes. Who may ask what, and how it is refused, `run_updates` and `Access` say: a kept answer only saves asking them again."""

    def __init__(self, services: Services, threads: Threads) -> None:
        self.services, self.threads, self._news = services, threads, AnswerCache(MEMORY, threads)
        self._pictures = AnswerCache(MEMORY, threads, lambda picture: len(picture.body) if picture else 1)

    async def poll(self, request: Request) -> Response:
        """POST /play/poll, with what the page has."""
        async def answer(message: Any) -> bytes:
            asked = run_updates.asked(message)
            return await self._news.get(*self._key(asked), lambda: orjson.dumps(run_updates.poll(self.services, asked)))
        return await _answered(request, "poll", answer)

    async def updates(self, request: Request) -> Response:
        """POST /play/updates: {"runs": [what `poll` is asked, ...]}; a run that cannot be had is said to be gone, beside the others' news."""
        def news(asked: dict[str, Any]) -> bytes:
            return orjson.dumps(run_updates.one_of(self.services, asked))

        async def answer(message: Any) -> bytes:
            wanted = [Wanted(*self._key(asked), partial(news, asked)) for asked in run_updates.asked_together(message)]
            return b'{"updates":[' + b",".join(await self._news.get_all(wanted)) + b"]}"
        found = await _answered(request, "updates", answer)
        return await self._packed(found) if "gzip" in request.headers.get("accept-encoding", "") else found

    async def _packed(self, answer: Response) -> Response:
        """The same in a quarter of the bytes; a long one is packed in a thread."""
        def pack() -> bytes:
            return gzip.compress(answer.body, 1, mtime=0)
        body = pack() if len(answer.body) < LONG else await self.threads.run(pack)
        return Response(body, answer.status_code, {"Content-Encoding": "gzip", "Vary": "Accept-Encoding"}, answer.media_type)

    def _key(self, request: dict[str, Any]) -> tuple[Hashable, list[Any]]:
        """(what messages with the same answer have in common, what the answer depends on: known of runs that train or pause.)"""
        run = self.services.engine.glance(request["run"])
        if run is None or run.status is Status.QUEUED:          # what can be resumed, and its place in the queue, are not in its files
            return None, []
        runs = self.services.engine.runs
        files = [runs.journal(run.id).path, *([runs.folder(run.parent) / "run.json"] if run.parent else [])]
        return (current_user.get().owns(run), *request.values()), [run, *map(file_stamp, files)]

    async def frame(self, request: Request) -> Response:
        """GET /play/runs/{id}/frames/{step}, with ?e=<epoch> for one that may be kept for ever."""
        return await self._answer(request, self.services.runs.frames, lambda history: history.frames)

    async def critic_snapshot(self, request: Request) -> Response:
        """GET /play/runs/{id}/looks/{step}, the same way."""
        return await self._answer(request, self.services.runs.snapshots, lambda history: history.snapshots)

    async def _answer(self, request: Request, store: Callable[[str], Frames], made: Callable[[History], list[int]]) -> Response:
        step, epoch = request.path_params["step"], request.query_params.get("e")
        try:
            id = run_id("run", request.path_params["id"])
            if not step.isascii() or not step.isdecimal() or len(step) > 15:
                raise Refused("step", "a frame is named by its step")
            files = store(id)
            depends_on = self._stamp(files, int(step))
            picture = await self._pictures.get((files.folder, step, epoch), depends_on, lambda: self._picture(id, files, made, int(step), epoch))
        except Refused as refused:
            return refusal(refused)
        if picture is None:
            return Response(status_code=204, headers={"Cache-Control": "no-store"})
        headers = {"Cache-Control": FOR_EVER if picture.lasting else "no-store"} | ({"Content-Encoding": "gzip"} if picture.gzipped else {})
        return Response(picture.body, media_type=picture.kind, headers=headers)

    def _picture(self, id: str, store: Frames, made: Callable[[History], list[int]], step: int, epoch: str | None) -> Picture | None:
        """None for one that was thinned out: a page may still know of it."""
        self.services.runs.run(id)
        try:
            path = store.path(step)
            body = run_export.int16(frame_points(path)) if path.suffix == ".npz" else path.read_bytes()
        except (Refused, FileNotFoundError):
            if step not in made(self.services.runs.history(id)):
                raise Refused("frame", f"there is no frame of step {step}") from None
            return None
        lasting = epoch == str(self.services.runs.history(id).epoch)          # after a rewind the same step has another picture
        return Picture(body, "image/webp" if path.suffix == ".webp" else "application/octet-stream", lasting, path.suffix == ".look")

    def _stamp(self, store: Frames, step: int) -> list[Stamp | None]:
        """What a picture depends on: its file, which is deleted with the run."""
        try:
            return [file_stamp(store.path(step))]
        except Refused:
            return []


async def _answered(request: Request, name: str, answer: Callable[[Any], Awaitable[bytes]]) -> Response:
    """What `answer` gives to the message that a request brings, or its refusal, as JSON."""
    try:
        message = json.loads(await request.body())
    except (ValueError, RecursionError, ClientDisconnect):          # the last: too much was sent
        return JSONResponse({"error": {"field": "message", "message": "this is not a valid request"}}, 400)
    try:
        body = await answer(message)
    except Exception as error:
        body = json.dumps(failure(error, name)).encode()
    return Response(body, media_type="application/json")


def file_stamp(path: Path) -> Stamp | None:
    """Inode, time and size, which change with every write; None where there is no file."""
    try:
        found = os.stat(path)
    except OSError:
        return None
    return found.st_ino, found.st_mtime_ns, found.st_size


def frame_points(path: Path) -> np.ndarray:
    """The points of a stored frame, (n, 2)."""
    with np.load(path, allow_pickle=False) as file:
        return file["fakes"]


def refusal(refused: Refused) -> Response:
    """What cannot be had is a 404 in words; a run that still trains a 409, somebody else's a 403, too much at once a 503."""
    busy = refused.field == "run" and "first" in str(refused)
    status = {"owner": 403, "server": 503}.get(refused.field, 409 if busy else 404)
    return JSONResponse({"error": {"field": refused.field, "message": str(refused)}}, status)
