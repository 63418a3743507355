"""The image sets that people train on: `sets/<id>/` holds the pictures at 64 pixels, and the set's record."""

import json
import logging
import os
import shutil
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any

from playground.config.file_handles import out_of_handles
from playground.store.disk import ASIDE, sync_folder, write_aside
from playground.types import Refused, is_id, new_id

log = logging.getLogger(__name__)
PICTURES, RECORD = "images.bin", "set.json"
SIDE = 64
TILE = 3 * SIDE * SIDE          # bytes of one picture: uint8, channels first


@dataclass(frozen=True)
class PictureSet:
    """What `set.json` holds."""

    id: str
    owner: str
    n: int                                           # how many pictures, all different
    name: str
    licence: str = ""                                # as its owner gave it
    fit: str = "crop"                                # or "pad": how the pictures became square
    skipped: list[dict[str, str]] = field(default_factory=list)      # {"what", "why"}: the first pictures that were left out
    left: int = 0                                    # how many were left out, in all
    created: float = 0.0                             # seconds since the epoch

    @property
    def bytes(self) -> int:
        """Bytes of the pictures."""
        return self.n * TILE


class Sets:
    """Threads, and several objects for one root, may share it. Methods that take an id raise Refused("set", ...) when there is no such set."""

    def __init__(self, root: Path) -> None:
        self.root, self._lock = root / "sets", threading.Lock()
        self._read: dict[str, tuple[int, PictureSet]] = {}      # id -> (when set.json was written, its content)

    @contextmanager
    def draft(self) -> Iterator[Path]:
        """An empty folder to put PICTURES into and give to `create`; otherwise it is removed. Refused("disk", ...) when the disk refuses."""
        folder = self.root / f"{ASIDE}{new_id()}"
        try:
            folder.mkdir(parents=True)
            yield folder
        except OSError as error:
            if out_of_handles(error):
                raise
            raise Refused("disk", f"these pictures cannot be kept: {error.strerror or error}") from error
        finally:
            shutil.rmtree(folder, ignore_errors=True)

    def create(self, draft: Path, owner: str, n: int, name: str, **about: Any) -> PictureSet:
        """Make a set of a draft with `n` pictures; on return it is complete and on disk."""
        record = PictureSet(new_id(), owner, n, name, created=time.time(), **about)
        with (draft / PICTURES).open("rb+") as file:
            os.fsync(file.fileno())
        write_aside(draft / RECORD, _json(record), sync=True)
        draft.replace(self.root / record.id)
        sync_folder(self.root)
        return record

    def get(self, id: str) -> PictureSet:
        """The record of a set. Refused("set", ...) also when it is damaged."""
        path = self.folder(id) / RECORD
        try:
            written = path.stat().st_mtime_ns
            if self._read.get(id, (0,))[0] != written:
                self._read[id] = written, PictureSet(**json.loads(path.read_bytes()))
            return self._read[id][1]
        except FileNotFoundError:
            raise Refused("set", "there are no such pictures any more: their owner has dropped them") from None
        except (ValueError, TypeError, OSError) as error:
            if out_of_handles(error):
                raise
            log.warning("pictures %s cannot be read: %s", id, error)
            raise Refused("set", "the record of these pictures is damaged") from error

    def pictures(self, id: str) -> Path:
        """The file of pictures: (n, 3, SIDE, SIDE), uint8, nothing else. Refused("set", ...) when its length differs."""
        found, path = self.get(id), self.folder(id) / PICTURES
        if not path.is_file() or path.stat().st_size != found.bytes:
            raise Refused("set", "the file of these pictures is damaged: send them again")
        return path

    def all(self) -> list[PictureSet]:
        """Every readable set, newest first."""
        found = []
        for folder in self.root.iterdir() if self.root.is_dir() else ():
            if is_id(folder.name):
                try:
                    found.append(self.get(folder.name))
                except Refused as damaged:              # `get` has logged it; one damaged set does not hide the others
                    log.info("pictures %s left out: %s", folder.name, damaged)
        return sorted(found, key=lambda record: (record.created, record.id), reverse=True)

    def amend(self, id: str, **changes: Any) -> PictureSet:
        """Change a set's name or licence. Refused("disk", ...) when the disk refuses."""
        with self._lock:
            changed, path = replace(self.get(id), **changes), self.folder(id) / RECORD
            try:
                write_aside(path, _json(changed), sync=True)
                self._read[id] = path.stat().st_mtime_ns, changed       # file times are coarse: two writes may have the same time
            except OSError as error:
                if out_of_handles(error):
                    raise
                raise Refused("disk", f"this cannot be kept: {error.strerror or error}") from error
        return changed

    def drop(self, id: str) -> None:
        """Remove a set for good."""
        gone = self.root / f"{ASIDE}{id}"
        self.folder(self.get(id).id).replace(gone)      # gone at once for every reader; deleting its files may take time
        self._read.pop(id, None)
        shutil.rmtree(gone, onerror=lambda _, path, error: log.warning("%s stays: %s", path, error[1]))

    def bytes_by_owner(self) -> Counter[str]:
        """Bytes, by owner."""
        total: Counter[str] = Counter()
        for record in self.all():
            total[record.owner] += record.bytes
        return total

    def in_trash(self) -> dict[str, tuple[str, int]]:
        """Always empty: `drop` is for good."""
        return {}

    def empty(self, seconds: float, *ids: str) -> None:
        """Does nothing: there is no trash."""

    def sweep(self) -> None:
        """Remove what a killed process left unfinished; only before anything writes here."""
        for draft in self.root.glob(f"{ASIDE}*"):
            shutil.rmtree(draft, ignore_errors=True)

    def folder(self, id: str) -> Path:
        """A set's folder. Refused("set", ...) unless `id` is well formed, so that no other path can be named."""
        if not is_id(id):
            raise Refused("set", "a set's id is 32 hex digits")
        return self.root / id


def _json(record: PictureSet) -> bytes:
    return json.dumps(asdict(record), indent=1).encode()
