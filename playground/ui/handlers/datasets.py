"""A person's own pictures, as a page asks for them: a list, a name, an end; pictures that come in, how far their reading is, and how a set looks."""

from collections.abc import Callable
from typing import Any

import numpy as np
from PIL import Image
from starlette.requests import Request
from starlette.responses import Response

from playground import data
from playground.config.file_handles import out_of_handles
from playground.config.limits.memory_cache import LRUCache
from playground.data.registry import HELD_OUT
from playground.data.sources.uploaded import ID
from playground.data.thumbnails import sheet
from playground.render.encode import webp
from playground.store.sets import SIDE, TILE, PictureSet
from playground.types import Refused
from playground.ui.handlers.services import Services
from playground.ui.requests.identity import current_user
from playground.ui.requests.message_checks import MISSING, choice, optional, set_id, take, title
from playground.ui.requests.uploads import MOST

Answer = dict[str, Any]
COLUMNS, ROWS = 8, 3
MEMORY = 8 << 20        # bytes of pictures of sets


class DatasetHandlers:
    """Where they are asked for."""

    def __init__(self, services: Services) -> None:
        self.services = services

    def functions(self) -> list[Callable[[Any], Answer]]:
        """The functions that the page calls."""
        return [self.sets, self.name_set, self.drop_set]

    def sets(self, message: Any) -> Answer:
        """All of one's own, newest first; of `job`, what has become of files that were sent."""
        fields, job = take(message, job=optional(set_id)), None
        if fields["job"]:
            found = self.services.intake.job(fields["job"])
            self.services.access.holds_set(found.owner)
            error = found.error and {"field": found.error.field, "message": str(found.error)}
            job = {"read": found.read, "set": found.result and told(found.result), "error": error}
        return {"sets": [told(one) for one in self.services.sets.all() if one.owner in current_user.get().names], "job": job}

    def name_set(self, message: Any) -> Answer:
        """Another name, of at most 80 characters, or another note on the licence."""
        fields = take(message, set=set_id, name=optional(title), licence=optional(title))
        found = self.services.access.own_set(fields.pop("set"))
        changes = {field: value for field, value in fields.items() if value is not None}
        return {"set": told(self.services.sets.amend(found.id, **changes))}

    def drop_set(self, message: Any) -> Answer:
        """For good. Refused("set", ...) while a run trains on it, waits or is paused; those that have ended stay, and cannot go on."""
        found = self.services.access.own_set(take(message, set=set_id)["set"])
        if any(run.spec.data == ID and run.spec.options["set"] == found.id for run in self.services.engine.live()):
            raise Refused("set", "a run on these pictures is under way: stop it first")
        self.services.sets.drop(found.id)
        data.forget(ID, {"set": found.id})
        return {"dropped": found.id}


def told(one: PictureSet) -> Answer:
    """What a page says of a set."""
    address = f"/play/sets/{one.id}"
    return {"id": one.id, "name": one.name, "n": one.n, "train": round(one.n * (1 - HELD_OUT)), "licence": one.licence, "fit": one.fit,
            "skipped": one.skipped, "left": one.left, "bytes": one.bytes, "created": one.created, "preview": f"{address}/preview.webp",
            "thumb": f"{address}/thumb.webp"}


class SetFiles:
    """Routes. `{set}` is an id."""

    def __init__(self, services: Services) -> None:
        self.services = services
        self._shown: LRUCache[bytes] = LRUCache(MEMORY)

    async def upload(self, request: Request) -> dict[str, Any]:
        """POST /play/upload/images?name=&licence=&fit=crop|pad: a zip, or a form of files. A job, whose end `sets` tells.

        Refused: "file", "disk" or "owner", and the field that is wrong.
        """
        fields, owner = request.query_params, current_user.get().owner
        name, licence = (optional(title, "")(field, fields.get(field, MISSING)) for field in ("name", "licence"))
        fit = optional(choice("crop", "pad"), "crop")("fit", fields.get("fit", MISSING))
        self.services.intake.admit()
        path = await self.services.uploads.received(request, MOST[request.url.path])
        self.services.engine.quota.note_address(owner)                  # room is looked for in the reader's own thread
        return {"job": self.services.intake.begin(path, request.headers.get("content-type", ""), owner, name or "Pictures", licence, fit)}

    def preview(self, request: Request) -> Response:
        """GET /play/sets/{set}/preview.webp: a sheet of pictures."""
        return self._picture(request, COLUMNS * ROWS, _grid)

    def thumb(self, request: Request) -> Response:
        """GET /play/sets/{set}/thumb.webp: four pictures."""
        return self._picture(request, 4, sheet)

    def _picture(self, request: Request, n: int, draw: Any) -> Response:
        found = self.services.access.own_set(set_id("set", request.path_params["set"]))
        body = self._shown.get_or_make((found.id, n), lambda: draw(self._some(found, n)))
        return Response(body, media_type="image/webp", headers={"Cache-Control": "private, max-age=86400"})

    def _some(self, found: PictureSet, n: int) -> np.ndarray:
        """(n, SIDE, SIDE, 3), evenly from the first to the last."""
        try:
            whole = np.memmap(self.services.sets.pictures(found.id), np.uint8, "r", shape=(found.n, TILE))
        except OSError as gone:
            if out_of_handles(gone):
                raise
            raise Refused("set", "there are no such pictures any more") from gone
        return whole[np.linspace(0, found.n - 1, n).astype(int)].reshape(-1, 3, SIDE, SIDE).transpose(0, 2, 3, 1)


def _grid(x: np.ndarray) -> bytes:
    sheet = x.reshape(ROWS, COLUMNS, SIDE, SIDE, 3).transpose(0, 2, 1, 3, 4).reshape(ROWS * SIDE, COLUMNS * SIDE, 3)
    return webp(Image.fromarray(sheet), quality=85)
