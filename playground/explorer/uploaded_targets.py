"""Uploaded pictures whose latents are searched for: in memory, a few per person."""

from pathlib import Path

from torch import Tensor

from models.kit.batch import Shape
from playground.config.limits.memory_cache import LRUCache
from playground.data import decoded
from playground.data.resize import grey, resized
from playground.types import Refused, new_id

SIDE, EACH, ALL = 128, 8, 200       # pixels; pictures per person and in all, the last used


class UploadedTargets:
    """The uploaded pictures. Threads may share it."""

    def __init__(self) -> None:
        self._kept: LRUCache[tuple[str, Tensor]] = LRUCache(ALL, lambda _: 1)

    def put(self, owner: str, file: Path) -> str:
        """Decode and keep a picture; returns its id. Waits and raises Refused as `decoded.square` does."""
        return self.keep(owner, decoded.square(file, SIDE))

    def keep(self, owner: str, picture: Tensor) -> str:
        """Keep a picture, uint8 (3, SIDE, SIDE); returns its id."""
        id = new_id()
        self._kept.put(id, (owner, picture))
        for old in [key for key, (holder, _) in self._kept.items() if holder == owner][:-EACH]:
            self._kept.drop(old)
        return id

    def get(self, names: tuple[str, ...], id: str, shape: Shape) -> Tensor:
        """A picture in the format of `shape`, uint8 (C, S, S), if its owner is one of `names`. Refused("target", ...) when there is none."""
        owner, picture = self._kept.get(id) or ("", None)
        if picture is None or owner not in names:
            raise Refused("target", "this picture is not kept any more: send it again")
        if shape.is_points:
            raise Refused("target", "points are made here, and no pictures: choose a held-out point")
        tensor = resized(picture[None], shape.size)
        return (grey(tensor) if shape.channels == 1 else tensor)[0]
