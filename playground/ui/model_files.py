"""A model's files, by its id, and models that come as files."""

from typing import Any

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import FileResponse, Response

from playground.gallery import README
from playground.store.models import FILE
from playground.ui.checks import MISSING, model_id, optional, title
from playground.ui.library import Library
from playground.ui.models import ModelDesk
from playground.ui.people import present
from playground.ui.uploads import MOST


class ModelFiles:
    """Routes. `{model}` is an id, as a list of models has it."""

    def __init__(self, library: Library) -> None:
        self.library, self.desk = library, ModelDesk(library)

    def grid(self, request: Request) -> Response:
        entry = self._entry(request)
        lasting = "v" in request.query_params           # names the file
        return FileResponse(entry.grid, media_type="image/webp", headers={"Cache-Control": "private, max-age=86400" if lasting else "no-store"})

    def file(self, request: Request) -> Response:
        entry = self._entry(request)
        name = f"{entry.about.variant}-{entry.about.data.replace(':', '-')}-{entry.hash[:8]}-{FILE}"
        return Response(entry.read(), media_type="application/octet-stream", headers=_to_keep(name))

    def card(self, request: Request) -> Response:
        entry = self._entry(request)
        return Response(entry.card(), media_type="text/markdown; charset=utf-8", headers=_to_keep(README))

    async def upload(self, request: Request) -> dict[str, Any]:
        """POST /play/upload/model?name=: the file as it is, kept for who sends it. Refused("file", ...) and others when it is no model."""
        name, owner = optional(title, "")("name", request.query_params.get("name", MISSING)), present.get().owner
        path = await self.library.uploads.received(request, MOST[request.url.path])
        try:
            return await run_in_threadpool(self.desk.taken, path, name, owner)
        finally:
            path.unlink(missing_ok=True)

    def _entry(self, request: Request) -> Any:
        return self.library.given_model(model_id("model", request.path_params["model"]))


def _to_keep(name: str) -> dict[str, str]:
    return {"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "no-store", "X-Content-Type-Options": "nosniff"}
