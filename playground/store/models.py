"""The models that people keep: `models/<id>/` holds a model's file, its grid and what is known of it."""

import json
import logging
import os
import shutil
import threading
import time
from collections import Counter
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any

from playground.store.disk import ASIDE, sync_folder, write_aside
from playground.types import Refused, is_id, new_id

log = logging.getLogger(__name__)
FILE, GRID, RECORD = "model.safetensors", "grid.webp", "model.json"
GONE = "this model is gone for good"


@dataclass(frozen=True)
class Kept:
    """What `model.json` holds."""

    id: str
    owner: str
    hash: str                                        # SHA-256 of the file, hex
    bytes: int                                       # of the file and the grid
    about: dict[str, Any]                            # what the file says of itself
    name: str = ""                                   # a person's own for it
    published: bool = False                          # listed for everybody, who may download it
    created: float = 0.0                             # seconds since the epoch
    directions: dict[str, str] = field(default_factory=dict)     # through its latents, by the name that its owner gave them


class Models:
    """Threads may share it. What takes an id raises Refused("model", ...) when there is no such model."""

    def __init__(self, root: Path) -> None:
        self.root, self.trash = root / "models", root / "trash-models"
        self._read: dict[str, tuple[int, Kept]] = {}        # id -> (when model.json was written, what it says)
        self._lock, self._newest = threading.Lock(), 0.0
        for draft in self.root.glob(f"{ASIDE}*"):       # what a killed process was about to keep
            shutil.rmtree(draft, ignore_errors=True)

    def create(self, owner: str, file: bytes, grid: bytes, hash: str, about: dict[str, Any], name: str = "", published: bool = False,
               directions: dict[str, str] | None = None) -> Kept:
        """Keep a model: whole and on disk on return, or not at all. Refused("disk", ...) when the disk has no room for it."""
        self._newest = max(time.time(), self._newest + 0.001)           # a clock that is set back changes no order
        kept = Kept(new_id(), owner, hash, len(file) + len(grid), about, name, published, self._newest, directions or {})
        draft = self.root / f"{ASIDE}{kept.id}"
        try:
            draft.mkdir(parents=True)
            for part, data in ((FILE, file), (GRID, grid), (RECORD, _json(kept))):
                write_aside(draft / part, data, sync=True)
            draft.replace(self.root / kept.id)
            sync_folder(self.root)
        except OSError as error:
            raise Refused("disk", f"the model cannot be kept: {error.strerror or error}") from error
        finally:
            shutil.rmtree(draft, ignore_errors=True)
        return kept

    def get(self, id: str) -> Kept:
        path = self.folder(id) / RECORD
        try:
            with self._lock:
                written = path.stat().st_mtime_ns
                if self._read.get(id, (0,))[0] != written:
                    self._read[id] = written, Kept(**json.loads(path.read_bytes()))
                    self._newest = max(self._newest, self._read[id][1].created)
                return self._read[id][1]
        except FileNotFoundError:
            raise Refused("model", "there is no such model") from None
        except (ValueError, TypeError, OSError) as error:
            log.warning("model %s cannot be read: %s", id, error)
            raise Refused("model", "this model's record is damaged") from error

    def all(self) -> list[Kept]:
        """Every one that can be read, newest first."""
        found = []
        for folder in self.root.iterdir() if self.root.is_dir() else ():
            if is_id(folder.name):
                try:
                    found.append(self.get(folder.name))
                except Refused as damaged:              # said in the log by `get`; one damaged model does not hide the others
                    log.info("model %s left out: %s", folder.name, damaged)
        return sorted(found, key=lambda kept: (kept.created, kept.id), reverse=True)

    def amend(self, id: str, **changes: Any) -> Kept:
        """Another name, published or not, other directions. Refused("disk", ...) when the disk refuses."""
        changed = replace(self.get(id), **changes)
        path = self.folder(id) / RECORD
        try:
            with self._lock:
                write_aside(path, _json(changed), sync=True)
                self._read[id] = path.stat().st_mtime_ns, changed
        except OSError as error:
            raise Refused("disk", f"this cannot be kept: {error.strerror or error}") from error
        return changed

    def discard(self, id: str) -> None:
        """Throw a model away: `restore` brings it back until `empty`."""
        folder = self.folder(self.get(id).id)
        self.trash.mkdir(exist_ok=True)
        os.utime(folder)                                # when it was thrown away
        folder.replace(self.trash / id)
        self._read.pop(id, None)

    def restore(self, id: str) -> Kept:
        try:
            (self.trash / self.folder(id).name).replace(self.folder(id))
        except OSError:
            raise Refused("model", GONE) from None
        return self.get(id)

    def discarded(self, id: str) -> Kept:
        """What a model in the trash was."""
        try:
            return Kept(**json.loads((self.trash / self.folder(id).name / RECORD).read_bytes()))
        except (OSError, ValueError, TypeError):
            raise Refused("model", GONE) from None

    def empty(self, seconds: float) -> None:
        """Remove for good what was thrown away so long ago."""
        for folder in self.trash.iterdir() if self.trash.is_dir() else ():
            if abs(time.time() - folder.stat().st_mtime) >= seconds:     # abs: a clock that was set back
                shutil.rmtree(folder, onerror=lambda _, path, error: log.warning("%s stays in the trash: %s", path, error[1]))

    def held(self) -> Counter[str]:
        """Bytes of each owner's models."""
        held: Counter[str] = Counter()
        for kept in self.all():
            held[kept.owner] += kept.bytes
        return held

    def folder(self, id: str) -> Path:
        """Refused("model", ...) unless `id` is one of ours, so that no other path can be named."""
        if not is_id(id):
            raise Refused("model", "there is no such model")
        return self.root / id


def _json(kept: Kept) -> bytes:
    return json.dumps(asdict(kept), indent=1).encode()
