"""The studio's files: walks that were made, and pictures that come in."""

from typing import Any

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response

from playground import reel
from playground.types import Refused, is_id
from playground.ui.library import Library
from playground.ui.people import present
from playground.ui.uploads import MOST


class StudioFiles:
    """Routes."""

    def __init__(self, library: Library) -> None:
        self.library = library

    def made(self, request: Request) -> Response:
        """A walk's file. Its name has 32 hex digits that nobody can guess, and is the same for ever."""
        key, _, ending = request.path_params["name"].partition(".")
        if not is_id(key) or ending not in reel.KINDS:
            raise Refused("name", "there is no such file")
        return Response(self.library.studio.made(key), media_type=reel.KINDS[ending],
                        headers={"Cache-Control": "private, max-age=31536000, immutable", "X-Content-Type-Options": "nosniff",
                                 "Content-Disposition": f'inline; filename="walk-{key[:8]}.{ending}"'})

    async def upload(self, request: Request) -> dict[str, Any]:
        """POST /play/upload/picture: one picture, kept for a while for who sends it. Refused("file", ...) when it is none."""
        owner = present.get().owner
        path = await self.library.uploads.received(request, MOST[request.url.path])
        try:
            return {"upload": await run_in_threadpool(self.library.studio.targets.put, owner, path)}
        finally:
            path.unlink(missing_ok=True)
