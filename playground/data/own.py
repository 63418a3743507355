"""A folder of the server's owner as a data set: pictures anywhere below it, cut square about their middle."""

import hashlib
import itertools
import logging
import os
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import torch
from torch import Tensor

from models.kit.batch import Shape
from playground.data.packs import split
from playground.data.prepared import prepared, there
from playground.data.registry import DATASETS, Data, dataset
from playground.types import Refused

log = logging.getLogger(__name__)
SUFFIXES = (".png", ".jpg", ".jpeg", ".webp", ".bmp", ".gif", ".tif", ".tiff")
LEAST, MOST = 100, 20_000


def offer(folder: Path | None) -> None:
    """Register it as "folder"; without one there is no such set. It is looked through once, when it is first needed."""
    DATASETS.pop("folder", None)
    if folder is None:
        return

    @cache
    def found() -> tuple[list[Path], str]:
        files = list(itertools.islice(pictures(folder), MOST))
        return files, mark(folder, files)

    def name(size: int) -> str:
        return f"folder-{size}-{found()[1]}"

    @dataset(id="folder", title="Own folder", kind="images", sizes=(32, 64, 16), channels=3, needs="folder", ready=lambda: there(name(32)),
             licence="its owner's", credit="its owner", help=f"the pictures of this server's own folder, at most {MOST:,}, cut square")
    def own(size: int) -> Data:
        return prepared(name(size), lambda: made(found()[0], size), replaces=f"folder-{size}-*")


def pictures(folder: Path) -> Iterator[Path]:
    """Files that are named as pictures are, in order of their paths; nothing hidden, and no folder that is a link."""
    for here, folders, names in os.walk(folder):
        folders[:] = sorted(f for f in folders if not f.startswith("."))
        yield from (Path(here) / name for name in sorted(names) if name.lower().endswith(SUFFIXES) and not name.startswith("."))


def mark(folder: Path, files: list[Path]) -> str:
    """16 hex digits that change with any file's name, size or time."""
    seen = hashlib.sha256(str(folder).encode())
    for path in files:
        about = path.lstat()
        seen.update(f"{path}\0{about.st_size}\0{about.st_mtime_ns}\0".encode(errors="surrogateescape"))
    return seen.hexdigest()[:16]


def made(files: list[Path], size: int) -> Data:
    """All that can be read. Refused("data", ...) when that is fewer than LEAST different ones."""
    read = [square(path, size) for path in files]
    kept = [picture for picture in read if picture is not None]
    skipped = len(read) - len(kept)
    if skipped:
        log.warning("%d of the folder's %d pictures cannot be read and are left out", skipped, len(read))
    data = split(torch.stack(kept), None, Shape(3, size)) if kept else None
    different = len(data.train) + len(data.held) if data else 0
    if different < LEAST:
        unread = f", {skipped} cannot be read" if skipped else ""
        raise Refused("data", f"the folder that PLAYGROUND_FOLDER names has {different} different pictures{unread}; at least {LEAST} are needed")
    return data


def square(path: Path, size: int) -> Tensor | None:
    """uint8 (3, size, size), as `decoding.square`; None when it cannot be read."""
    from playground.data import decoding  # with Pillow, when it is needed

    try:
        return decoding.square(path, size, formats=(*decoding.FORMATS, "TIFF"))
    except Refused as refused:
        log.info("%s is left out: %s", path, refused)
        return None
