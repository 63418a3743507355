"""The pictures that people keep to train on: `sets/<id>/` holds them at 64 pixels, and what is known of them."""

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
    n: int                                           # pictures, all different
    name: str
    licence: str = ""                                # what its owner says of it
    fit: str = "crop"                                # or "pad": how they became square
    skipped: list[dict[str, str]] = field(default_factory=list)      # {"what", "why"}: the first that were left out
    left: int = 0                                    # how many were, in all
    created: float = 0.0                             # seconds since the epoch

    @property
    def bytes(self) -> int:
        return self.n * TILE


class Sets:
    """Threads, and several objects for one root, may share it. What takes an id raises Refused("set", ...) when there is no such set."""

    def __init__(self, root: Path) -> None:
        self.root, self._lock = root / "sets", threading.Lock()
        self._read: dict[str, tuple[int, PictureSet]] = {}      # id -> (when set.json was written, what it says)

    @contextmanager
    def draft(self) -> Iterator[Path]:
        """An empty folder, to put PICTURES into and give to `create`; else it goes. Refused("disk", ...) when the disk refuses."""
        folder = self.root / f"{ASIDE}{new_id()}"
        try:
            folder.mkdir(parents=True)
            yield folder
        except OSError as error:
            raise Refused("disk", f"these pictures cannot be kept: {error.strerror or error}") from error
        finally:
            shutil.rmtree(folder, ignore_errors=True)

    def create(self, draft: Path, owner: str, n: int, name: str, **about: Any) -> PictureSet:
        """Whole and on disk on return, or not at all."""
        made = PictureSet(new_id(), owner, n, name, created=time.time(), **about)
        with (draft / PICTURES).open("rb+") as file:
            os.fsync(file.fileno())
        write_aside(draft / RECORD, _json(made), sync=True)
        draft.replace(self.root / made.id)
        sync_folder(self.root)
        return made

    def get(self, id: str) -> PictureSet:
        path = self.folder(id) / RECORD
        try:
            written = path.stat().st_mtime_ns
            if self._read.get(id, (0,))[0] != written:
                self._read[id] = written, PictureSet(**json.loads(path.read_bytes()))
            return self._read[id][1]
        except FileNotFoundError:
            raise Refused("set", "there are no such pictures any more: their owner has dropped them") from None
        except (ValueError, TypeError, OSError) as error:
            log.warning("pictures %s cannot be read: %s", id, error)
            raise Refused("set", "the record of these pictures is damaged") from error

    def pictures(self, id: str) -> Path:
        """(n, 3, SIDE, SIDE), uint8, nothing else. Refused when it is not as long as that."""
        found, path = self.get(id), self.folder(id) / PICTURES
        if not path.is_file() or path.stat().st_size != found.bytes:
            raise Refused("set", "the file of these pictures is damaged: send them again")
        return path

    def all(self) -> list[PictureSet]:
        """Every one that can be read, newest first."""
        found = []
        for folder in self.root.iterdir() if self.root.is_dir() else ():
            if is_id(folder.name):
                try:
                    found.append(self.get(folder.name))
                except Refused as damaged:              # said in the log by `get`; one damaged set does not hide the others
                    log.info("pictures %s left out: %s", folder.name, damaged)
        return sorted(found, key=lambda one: (one.created, one.id), reverse=True)

    def amend(self, id: str, **changes: Any) -> PictureSet:
        """Another name, another note. Refused("disk", ...) when the disk refuses."""
        with self._lock:
            changed, path = replace(self.get(id), **changes), self.folder(id) / RECORD
            try:
                write_aside(path, _json(changed), sync=True)
                self._read[id] = path.stat().st_mtime_ns, changed       # clocks of files are coarse: two writes may bear the same time
            except OSError as error:
                raise Refused("disk", f"this cannot be kept: {error.strerror or error}") from error
        return changed

    def drop(self, id: str) -> None:
        """Remove a set for good."""
        gone = self.root / f"{ASIDE}{id}"
        self.folder(self.get(id).id).replace(gone)      # at once for all who look; its files need not be quick
        self._read.pop(id, None)
        shutil.rmtree(gone, onerror=lambda _, path, error: log.warning("%s stays: %s", path, error[1]))

    def held(self) -> Counter[str]:
        """Bytes, by owner."""
        held: Counter[str] = Counter()
        for one in self.all():
            held[one.owner] += one.bytes
        return held

    def empty(self, seconds: float) -> None:
        """Nothing waits in a trash here: `drop` is for good."""

    def sweep(self) -> None:
        """Remove what a killed process left; only before there is a writer."""
        for draft in self.root.glob(f"{ASIDE}*"):
            shutil.rmtree(draft, ignore_errors=True)

    def folder(self, id: str) -> Path:
        """Refused unless `id` is one of ours, so that no other path can be named."""
        if not is_id(id):
            raise Refused("set", "a set's id is 32 hex digits")
        return self.root / id


def _json(made: PictureSet) -> bytes:
    return json.dumps(asdict(made), indent=1).encode()
