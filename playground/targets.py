"""Pictures that people sent to have their latents found: in memory, a few of each person."""

import threading
from collections import OrderedDict
from pathlib import Path

from torch import Tensor

from models.kit.batch import Shape
from playground.data import decoding
from playground.data.images import grey, resized
from playground.types import Refused, new_id

SIDE, EACH, ALL = 128, 8, 200       # pixels; pictures of one person and of everybody: those sent last stay


class Targets:
    """Threads may share it."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._kept: OrderedDict[str, tuple[str, Tensor]] = OrderedDict()

    def put(self, owner: str, file: Path) -> str:
        """An id. Refused("file", ...) as `decoding.square`."""
        picture, id = decoding.square(file, SIDE), new_id()
        with self._lock:
            self._kept[id] = owner, picture
            own = [key for key, (whose, _) in self._kept.items() if whose == owner]
            for old in (*own[:-EACH], *list(self._kept)[:-ALL]):
                self._kept.pop(old, None)
        return id

    def get(self, names: tuple[str, ...], id: str, shape: Shape) -> Tensor:
        """As samples of `shape` are, uint8 (C, S, S), for who goes by one of `names`. Refused("target", ...) when there is none such."""
        owner, picture = self._kept.get(id, ("", None))
        if picture is None or owner not in names:
            raise Refused("target", "this picture is not kept any more: send it again")
        if shape.is_points:
            raise Refused("target", "points are made here, and no pictures: choose a held-out point")
        made = resized(picture[None], shape.size)
        return (grey(made) if shape.channels == 1 else made)[0]
