"""Files that people send: streamed to the disk and counted as they come, few at a time, from those who are known."""

import asyncio
import secrets
import shutil
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

from starlette.concurrency import run_in_threadpool
from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse, Response

from playground.config.file_handles import out_of_handles
from playground.config.limits.shares import Shares
from playground.requester import requester
from playground.types import Refused
from playground.ui.requests.identity import current_user
from playground.units import amount

MB = 10 ** 6
MOST = {"/play/upload/model": 64 * MB, "/play/upload/picture": 10 * MB, "/play/upload/images": 500 * MB, "/play/upload/card": 4 * MB}
"""Bytes that each address takes."""
ALL, EACH, ADDRESS, NEW = 16, 2, 6, 4       # files that come in at once: in all, of one person, of one network, for newcomers alone
IDLE, WHOLE = 20.0, 900.0       # seconds without a byte, and in all, after which a sender is let go of
BLOCK = 1 << 20                 # bytes that are gathered before they are written


class Uploads:
    """For one event loop. Files lie under `folder` until whoever asked for them removes them; what a dead process left goes at the start."""

    def __init__(self, folder: Path, free: float = 0) -> None:
        """`free`: bytes of the disk that are left alone."""
        self.folder, self.free, self._senders = folder, free, Shares("files", ALL, EACH, ADDRESS, NEW)
        shutil.rmtree(folder, ignore_errors=True)

    async def received(self, request: Request, most: int) -> Path:
        """The body of `request` as a file, which is the caller's to remove.

        Refused: "owner" from who is not known, "server" beside too many others, "file" when it holds nothing or more than `most` bytes or comes too
        slowly, "disk" without room. No part of a refused one stays. ClientDisconnect when the sender leaves.
        """
        _ = current_user.get().owner
        with self._senders.place(requester.get()):
            return await self._received(request, most)

    async def _received(self, request: Request, most: int) -> Path:
        path = self.folder / secrets.token_hex(16)
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            if shutil.disk_usage(self.folder).free < self.free + most:
                raise Refused("disk", f"there is no room for a file of {amount(most)}: delete some runs first")
            await _write(request, path, most)
        except BaseException as error:
            path.unlink(missing_ok=True)
            if isinstance(error, TimeoutError):             # an OSError too, since Python 3.11
                raise Refused("file", "the file comes too slowly: it was given up") from None
            if isinstance(error, OSError) and not out_of_handles(error):
                raise Refused("disk", f"the file cannot be kept: {error.strerror or error}") from error
            raise
        return path


async def _write(request: Request, path: Path, most: int) -> None:
    """The disk is written to in a thread, a block at a time; TimeoutError as IDLE and WHOLE say."""
    clock, size, block = asyncio.get_running_loop().time, 0, bytearray()
    end = clock() + WHOLE
    with path.open("xb") as file:
        async with asyncio.timeout(IDLE) as patience:
            async for part in request.stream():
                size += len(part)
                if size > most:
                    raise Refused("file", f"a file sent here holds at most {amount(most)}")
                block += part
                if len(block) >= BLOCK:
                    await run_in_threadpool(file.write, bytes(block))
                    block.clear()
                patience.reschedule(min(clock() + IDLE, end))
        await run_in_threadpool(file.write, bytes(block))
    if not size:
        raise Refused("file", "nothing was sent")


def answering(act: Callable[[Request], Awaitable[dict[str, Any]]]) -> Callable[[Request], Awaitable[Response]]:
    """A route that takes a file: `act`'s answer as JSON, or its refusal."""
    async def safe(request: Request) -> Response:
        try:
            return JSONResponse(await act(request), headers={"Cache-Control": "no-store"})
        except Refused as refused:
            status = {"owner": 403, "server": 503}.get(refused.field, 400)
            return JSONResponse({"error": {"field": refused.field, "message": str(refused)}}, status)
        except ClientDisconnect:
            return Response(status_code=400)
    return safe
