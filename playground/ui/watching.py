"""What every watcher asks, once or twice a second: news of a run, and its newest picture.

Training waits while Python answers. So what one was told is told to the next who asks the same, by the event loop itself, as long as the run and
its files are as they were; all else is made in a thread.
"""

import json
import os
from collections import OrderedDict
from collections.abc import Callable, Hashable
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import orjson
from starlette.concurrency import run_in_threadpool
from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse, Response

from playground import export
from playground.store.frames import Frames
from playground.store.history import History
from playground.types import Refused, Status
from playground.ui import polling
from playground.ui.checks import run_id
from playground.ui.library import Library
from playground.ui.people import present
from playground.ui.server import failure

FOR_EVER = "public, max-age=31536000, immutable"
MOST = 200              # answers that are kept: pictures of some 12 kB, news of 2 kB
Stamp = tuple[int, int, int]


class Remembered:
    """The `most` values used last, each good while what it hangs on is as it was. For one event loop alone: it takes no lock and reads no file."""

    def __init__(self, most: int) -> None:
        self.most, self._made = most, OrderedDict[Hashable, tuple[list[Any], Any]]()

    async def get(self, key: Hashable, hangs_on: list[Any], make: Callable[[], Any]) -> Any:
        """What `make` once made, or makes now, in a thread; kept unless it hangs on nothing, or on something that is not there.

        `hangs_on` was looked at before: a value may be newer than it says, never older.
        """
        known, value = self._made.get(key, (None, None))
        if known != hangs_on:
            value = await run_in_threadpool(make)
            if not hangs_on or None in hangs_on:
                return value
        self._made[key] = hangs_on, value
        self._made.move_to_end(key)
        if len(self._made) > self.most:
            self._made.popitem(last=False)
        return value


class Picture(NamedTuple):
    body: bytes
    kind: str
    lasting: bool           # another one can never be had at this address
    packed: bool = False    # the body is gzip


class Watching:
    """Three routes. Who may ask what, and in which words it is refused, is `polling`'s and `library`'s to say: memory only spares the way there."""

    def __init__(self, library: Library) -> None:
        self.library, self._kept = library, Remembered(MOST)

    async def poll(self, request: Request) -> Response:
        """POST /play/poll, with what the page has."""
        try:
            message = json.loads(await request.body())
        except (ValueError, RecursionError, ClientDisconnect):          # the last: too much was sent
            return JSONResponse({"error": {"field": "message", "message": "this is nothing that the page would ask for"}}, 400)
        try:
            body = await self._kept.get(*self._same(message), lambda: orjson.dumps(polling.poll(self.library, message)))
        except Exception as error:
            body = json.dumps(failure(error, "poll")).encode()
        return Response(body, media_type="application/json")

    def _same(self, message: Any) -> tuple[Hashable, list[Any]]:
        """What two messages have in common when their answers are the same, and what these hang on: known of runs that train or pause."""
        asked = polling.asked(message)
        run = self.library.engine.glance(asked["run"])
        if run is None or run.status is Status.QUEUED:          # what can be resumed, and a place in the queue, stand elsewhere
            return None, []
        runs = self.library.engine.runs
        files = [runs.journal(run.id).path, *([runs.folder(run.parent) / "run.json"] if run.parent else [])]
        return (present.get().owns(run), *asked.values()), [run, *map(stamp, files)]

    async def frame(self, request: Request) -> Response:
        """GET /play/runs/{id}/frames/{step}, with ?e=<epoch> for one that may be kept for ever."""
        return await self._shown(request, self.library.frames, lambda history: history.frames)

    async def look(self, request: Request) -> Response:
        """GET /play/runs/{id}/looks/{step}, the same way."""
        return await self._shown(request, self.library.looks, lambda history: history.looks)

    async def _shown(self, request: Request, store: Callable[[str], Frames], made: Callable[[History], list[int]]) -> Response:
        step, epoch = request.path_params["step"], request.query_params.get("e")
        try:
            id = run_id("run", request.path_params["id"])
            if not step.isascii() or not step.isdecimal() or len(step) > 15:
                raise Refused("step", "a frame is named by its step")
            files = store(id)
            hangs_on = self._stamp(files, int(step))
            picture = await self._kept.get((files.folder, step, epoch), hangs_on, lambda: self._picture(id, files, made, int(step), epoch))
        except Refused as refused:
            return refusal(refused)
        if picture is None:
            return Response(status_code=204, headers={"Cache-Control": "no-store"})
        headers = {"Cache-Control": FOR_EVER if picture.lasting else "no-store"} | ({"Content-Encoding": "gzip"} if picture.packed else {})
        return Response(picture.body, media_type=picture.kind, headers=headers)

    def _picture(self, id: str, store: Frames, made: Callable[[History], list[int]], step: int, epoch: str | None) -> Picture | None:
        """None for one that was thinned out: a page may still know of it."""
        self.library.run(id)
        try:
            path = store.path(step)
            body = export.int16(fakes(path)) if path.suffix == ".npz" else path.read_bytes()
        except (Refused, FileNotFoundError):
            if step not in made(self.library.history(id)):
                raise Refused("frame", f"there is no frame of step {step}") from None
            return None
        lasting = epoch == str(self.library.history(id).epoch)          # after a rewind the same step has another picture
        return Picture(body, "image/webp" if path.suffix == ".webp" else "application/octet-stream", lasting, path.suffix == ".look")

    def _stamp(self, store: Frames, step: int) -> list[Stamp | None]:
        """What a picture hangs on: its file, which goes with the run."""
        try:
            return [stamp(store.path(step))]
        except Refused:
            return []


def stamp(path: Path) -> Stamp | None:
    """Another one after every write; None where there is no file."""
    try:
        found = os.stat(path)
    except OSError:
        return None
    return found.st_ino, found.st_mtime_ns, found.st_size


def fakes(path: Path) -> np.ndarray:
    """The points of a stored frame, (n, 2)."""
    with np.load(path, allow_pickle=False) as file:
        return file["fakes"]


def refusal(refused: Refused) -> Response:
    """What cannot be had is a 404 in words; a run that still trains a 409, somebody else's a 403."""
    busy = refused.field == "run" and "first" in str(refused)
    status = 403 if refused.field == "owner" else 409 if busy else 404
    return JSONResponse({"error": {"field": refused.field, "message": str(refused)}}, status)
