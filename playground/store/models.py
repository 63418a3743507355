"""The models that people keep: `models/<id>/` holds a model's file, its grid and its record."""

import json
import logging
import os
import shutil
import threading
import time
from collections import Counter
from contextlib import suppress
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any

from playground.config.file_handles import out_of_handles
from playground.store.disk import ASIDE, sync_folder, write_aside
from playground.types import Refused, is_id, new_id

log = logging.getLogger(__name__)
FILE, GRID, RECORD = "model.safetensors", "grid.webp", "model.json"
GONE = "this model is gone for good"


@dataclass(frozen=True)
class ModelRecord:
    """What `model.json` holds."""

    id: str
    owner: str
    hash: str                                        # SHA-256 of the file, hex
    bytes: int                                       # of the file and the grid
    about: dict[str, Any]                            # the file's own metadata
    name: str = ""                                   # that a person gave it
    published: bool = False                          # listed for everybody, and free to download
    created: float = 0.0                             # seconds since the epoch
    directions: dict[str, str] = field(default_factory=dict)     # in its latent space, by the name that its owner gave them


class Models:
    """Threads may share it. Methods that take an id raise Refused("model", ...) when there is no such model."""

    def __init__(self, root: Path) -> None:
        self.root, self.trash = root / "models", root / "trash-models"
        self._read: dict[str, tuple[int, ModelRecord]] = {}        # id -> (when model.json was written, its content)
        self._lock, self._newest = threading.Lock(), 0.0
        self._amending = threading.Lock()               # from reading a record to its writing: of two changes at once, both stay
        for draft in self.root.glob(f"{ASIDE}*"):       # what a killed process left unfinished
            shutil.rmtree(draft, ignore_errors=True)

    def create(self, owner: str, file: bytes, grid: bytes, hash: str, about: dict[str, Any], name: str = "", published: bool = False,
               directions: dict[str, str] | None = None) -> ModelRecord:
        """Store a model: on return it is complete and on disk, or there is none. Refused("disk", ...) when the disk has no room for it."""
        self._newest = max(time.time(), self._newest + 0.001)           # a clock that is set back changes no order
        record = ModelRecord(new_id(), owner, hash, len(file) + len(grid), about, name, published, self._newest, directions or {})
        draft = self.root / f"{ASIDE}{record.id}"
        try:
            draft.mkdir(parents=True)
            for part, data in ((FILE, file), (GRID, grid), (RECORD, _json(record))):
                write_aside(draft / part, data, sync=True)
            draft.replace(self.root / record.id)
            sync_folder(self.root)
        except OSError as error:
            if out_of_handles(error):
                raise
            raise Refused("disk", f"the model cannot be kept: {error.strerror or error}") from error
        finally:
            shutil.rmtree(draft, ignore_errors=True)
        return record

    def get(self, id: str) -> ModelRecord:
        """The record of a model. Refused("model", ...) also when it is damaged."""
        path = self.folder(id) / RECORD
        try:
            written = path.stat().st_mtime_ns
            when, known = self._read.get(id, (0, None))
            if known is None or when != written:
                known = ModelRecord(**json.loads(path.read_bytes()))
                with self._lock:                        # an older version read meanwhile has an older time, and is read again
                    self._read[id] = written, known
                    self._newest = max(self._newest, known.created)
            return known
        except FileNotFoundError:
            raise Refused("model", "there is no such model") from None
        except (ValueError, TypeError, OSError) as error:
            if out_of_handles(error):
                raise
            log.warning("model %s cannot be read: %s", id, error)
            raise Refused("model", "this model's record is damaged") from error

    def all(self) -> list[ModelRecord]:
        """Every readable model, newest first."""
        found = []
        for folder in self.root.iterdir() if self.root.is_dir() else ():
            if is_id(folder.name):
                try:
                    found.append(self.get(folder.name))
                except Refused as damaged:              # `get` has logged it; one damaged model does not hide the others
                    log.info("model %s left out: %s", folder.name, damaged)
        return sorted(found, key=lambda record: (record.created, record.id), reverse=True)

    def amend(self, id: str, **changes: Any) -> ModelRecord:
        """Change a model's name, directions, or whether it is published. Refused("disk", ...) when the disk refuses."""
        path = self.folder(id) / RECORD
        with self._amending:
            changed = replace(self.get(id), **changes)
            try:
                write_aside(path, _json(changed), sync=True)
                with self._lock:
                    self._read[id] = path.stat().st_mtime_ns, changed
            except OSError as error:
                if out_of_handles(error):
                    raise
                raise Refused("disk", f"this cannot be kept: {error.strerror or error}") from error
        return changed

    def discard(self, id: str) -> None:
        """Move a model to the trash: `restore` brings it back until `empty`."""
        folder = self.folder(self.get(id).id)
        self.trash.mkdir(exist_ok=True)
        os.utime(folder)                                # when it was thrown away
        folder.replace(self.trash / id)
        self._read.pop(id, None)

    def restore(self, id: str) -> ModelRecord:
        """Bring a model back from the trash. Refused("model", ...) when it is gone for good."""
        try:
            (self.trash / self.folder(id).name).replace(self.folder(id))
        except OSError:
            raise Refused("model", GONE) from None
        return self.get(id)

    def discarded(self, id: str) -> ModelRecord:
        """The record of a model in the trash."""
        try:
            return ModelRecord(**json.loads((self.trash / self.folder(id).name / RECORD).read_bytes()))
        except (OSError, ValueError, TypeError) as error:
            if out_of_handles(error):
                raise
            raise Refused("model", GONE) from None

    def in_trash(self) -> dict[str, tuple[str, int]]:
        """What is in the trash: id -> (owner, bytes)."""
        found = {}
        for folder in self.trash.iterdir() if self.trash.is_dir() else ():
            with suppress(Refused):                     # just removed, or its record is damaged and it will be removed soon
                record = self.discarded(folder.name)
                found[record.id] = record.owner, record.bytes
        return found

    def empty(self, seconds: float, *ids: str) -> None:
        """Remove for good what was discarded at least `seconds` ago; only these `ids`, when any are given."""
        for folder in self.trash.iterdir() if self.trash.is_dir() else ():
            if (not ids or folder.name in ids) and abs(time.time() - folder.stat().st_mtime) >= seconds:     # abs: the clock may have been set back
                shutil.rmtree(folder, onerror=lambda _, path, error: log.warning("%s stays in the trash: %s", path, error[1]))

    def bytes_by_owner(self) -> Counter[str]:
        """Bytes of each owner's models."""
        total: Counter[str] = Counter()
        for record in self.all():
            total[record.owner] += record.bytes
        return total

    def folder(self, id: str) -> Path:
        """A model's folder. Refused("model", ...) unless `id` is well formed, so that no other path can be named."""
        if not is_id(id):
            raise Refused("model", "there is no such model")
        return self.root / id


def _json(record: ModelRecord) -> bytes:
    return json.dumps(asdict(record), indent=1).encode()
