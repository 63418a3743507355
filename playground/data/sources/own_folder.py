"""A folder of the server's owner as a data set: all pictures below it, cropped square about the middle."""

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
from playground.data.decoded import squared
from playground.data.registry import DATASETS, Data, dataset
from playground.data.sources.packs import split
from playground.data.sources.prepared import is_prepared, prepared
from playground.render.decoder.readers import Reader
from playground.types import Refused

log = logging.getLogger(__name__)
SUFFIXES = (".png", ".jpg", ".jpeg", ".webp", ".bmp", ".gif", ".tif", ".tiff")
LEAST, MOST, LOST = 100, 20_000, 50      # different pictures; files; pictures that crash a decoding process, until the rest is given up


def offer(folder: Path | None) -> None:
    """Register `folder` as the data set "folder"; None removes that set. It is listed once, when first needed."""
    DATASETS.pop("folder", None)
    if folder is None:
        return

    @cache
    def found() -> tuple[list[Path], str]:
        files = list(itertools.islice(pictures(folder), MOST))
        return files, fingerprint(folder, files)

    def name(size: int) -> str:
        return f"folder-{size}-{found()[1]}"

    @dataset(id="folder", title="Own folder", kind="images", sizes=(32, 64, 16), channels=3, needs="folder", ready=lambda: is_prepared(name(32)),
             licence="its owner's", credit="its owner", help=f"the pictures of this server's own folder, at most {MOST:,}, cut square")
    def own(size: int) -> Data:
        return prepared(name(size), lambda: read_all(found()[0], size), replaces=f"folder-{size}-*")


def pictures(folder: Path) -> Iterator[Path]:
    """Files with a picture's suffix, in order of path; without hidden ones and linked folders."""
    for here, folders, names in os.walk(folder):
        folders[:] = sorted(f for f in folders if not f.startswith("."))
        yield from (Path(here) / name for name in sorted(names) if name.lower().endswith(SUFFIXES) and not name.startswith("."))


def fingerprint(folder: Path, files: list[Path]) -> str:
    """A fingerprint of the files, 16 hex digits, which changes with any name, size or modification time."""
    seen = hashlib.sha256(str(folder).encode())
    for path in files:
        about = path.lstat()
        seen.update(f"{path}\0{about.st_size}\0{about.st_mtime_ns}\0".encode(errors="surrogateescape"))
    return seen.hexdigest()[:16]


def read_all(files: list[Path], size: int) -> Data:
    """The pictures that can be read, split. Refused("data", ...) for fewer than LEAST different ones."""
    with Reader("server", kind=1) as reader:
        read = [square(reader, path, size) for path in files]
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


def square(reader: Reader, path: Path, size: int) -> Tensor | None:
    """A picture as `decoded.squared`, uint8 (3, size, size); None when it cannot be read. Refused("data", ...) when the folder is given up."""
    try:
        return squared(reader, path, size)
    except Refused as refused:
        if refused.field == "server":
            raise Refused("data", str(refused)) from refused
        if reader.lost >= LOST:
            log.error("of the folder's pictures %s is the last of %d that could not be decoded: %s", path, LOST, refused)
            many = f"{LOST} pictures of the server's folder could not be decoded"
            raise Refused("data", f"{many}: {refused}. The server's log names the last") from None
        log.info("%s is left out: %s", path, refused)
        return None
