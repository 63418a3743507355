"""Pictures that come in to be trained on, and how a set of them looks."""

from typing import Any

import numpy as np
from PIL import Image
from starlette.requests import Request
from starlette.responses import Response

from playground.data.thumbnails import sheet
from playground.pictures import webp
from playground.store.sets import SIDE, TILE, PictureSet
from playground.types import Refused
from playground.ui.checks import MISSING, choice, optional, set_id, title
from playground.ui.library import Kept, Library
from playground.ui.people import present
from playground.ui.uploads import MOST

COLUMNS, ROWS = 8, 3


class SetFiles:
    """Routes. `{set}` is an id."""

    def __init__(self, library: Library) -> None:
        self.library = library
        self._shown: Kept[bytes] = Kept(200)

    async def upload(self, request: Request) -> dict[str, Any]:
        """POST /play/upload/images?name=&licence=&fit=crop|pad: a zip, or a form of files. A job, whose end `sets` tells.

        Refused: "file", "disk" or "owner", and the field that is wrong.
        """
        asked, owner = request.query_params, present.get().owner
        name, licence = (optional(title, "")(field, asked.get(field, MISSING)) for field in ("name", "licence"))
        fit = optional(choice("crop", "pad"), "crop")("fit", asked.get("fit", MISSING))
        self.library.intake.admit()
        path = await self.library.uploads.received(request, MOST[request.url.path])
        return {"job": self.library.intake.begin(path, request.headers.get("content-type", ""), owner, name or "Pictures", licence, fit)}

    def preview(self, request: Request) -> Response:
        return self._picture(request, COLUMNS * ROWS, _grid)

    def thumb(self, request: Request) -> Response:
        return self._picture(request, 4, sheet)

    def _picture(self, request: Request, n: int, draw: Any) -> Response:
        found = self.library.own_set(set_id("set", request.path_params["set"]))
        body = self._shown.get((found.id, n), lambda: draw(self._some(found, n)))
        return Response(body, media_type="image/webp", headers={"Cache-Control": "private, max-age=86400"})

    def _some(self, found: PictureSet, n: int) -> np.ndarray:
        """(n, SIDE, SIDE, 3), evenly from the first to the last."""
        try:
            whole = np.memmap(self.library.sets.pictures(found.id), np.uint8, "r", shape=(found.n, TILE))
        except OSError as gone:
            raise Refused("set", "there are no such pictures any more") from gone
        return whole[np.linspace(0, found.n - 1, n).astype(int)].reshape(-1, 3, SIDE, SIDE).transpose(0, 2, 3, 1)


def _grid(x: np.ndarray) -> bytes:
    sheet = x.reshape(ROWS, COLUMNS, SIDE, SIDE, 3).transpose(0, 2, 1, 3, 4).reshape(ROWS * SIDE, COLUMNS * SIDE, 3)
    return webp(Image.fromarray(sheet), quality=85)
