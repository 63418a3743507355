"""The races under a data root: `races/<id>.json` says which runs belong together, and how. The runs themselves are ordinary ones."""

import json
import logging
import threading
from collections.abc import Collection
from pathlib import Path

from playground.config.file_handles import out_of_handles
from playground.store.disk import sweep, write_aside
from playground.types import Race, Refused, is_id

log = logging.getLogger(__name__)


class Races:
    """Threads may share it. Methods that take an id raise Refused("race", ...) when there is no such race."""

    def __init__(self, root: Path) -> None:
        self.root = root / "races"
        self._lock = threading.Lock()
        self._read: dict[str, tuple[int, Race]] = {}         # id -> (when its record was written, its content)
        if self.root.is_dir():
            sweep(self.root)

    def save(self, race: Race) -> None:
        """Write a race's record, completely or not at all; on disk on return. Refused("disk", ...) when the disk has no room for it."""
        try:
            self.root.mkdir(parents=True, exist_ok=True)
            write_aside(self._path(race.id), json.dumps(race.json(), indent=1).encode(), sync=True)
        except OSError as error:
            if out_of_handles(error):
                raise
            raise Refused("disk", f"no race can be kept: {error.strerror or error}") from error

    def get(self, id: str) -> Race:
        """A race's record. Refused, too, when it cannot be read; OSError when no file handle is left to read it with."""
        path = self._path(id)
        try:
            with self._lock:
                written = path.stat().st_mtime_ns
                if self._read.get(id, (0,))[0] != written:
                    self._read[id] = written, Race.from_json(json.loads(path.read_bytes()))
                return self._read[id][1]
        except FileNotFoundError:
            raise Refused("race", "there is no such race") from None
        except (ValueError, KeyError, TypeError, OSError) as error:
            if out_of_handles(error):
                raise
            log.warning("race %s cannot be read: %s", id, error)
            raise Refused("race", "this race's record is damaged") from error

    def all(self) -> list[Race]:
        """Every readable race, the newest first."""
        races = []
        for path in self.root.glob("*.json") if self.root.is_dir() else ():
            if is_id(path.stem):
                try:
                    races.append(self.get(path.stem))
                except Refused as damaged:              # `get` has logged it
                    log.info("race %s left out: %s", path.stem, damaged)
        return sorted(races, key=lambda race: (race.created, race.id), reverse=True)

    def sweep(self, there: Collection[str], before: float) -> None:
        """Remove the records of races none of whose runs is `there`, made `before` that time."""
        for race in self.all():
            if race.created < before and not any(id in there for lane in race.lanes for id in lane):
                self.remove(race.id)

    def remove(self, id: str) -> None:
        """Remove a race's record; its runs stay."""
        self._path(id).unlink(missing_ok=True)
        self._read.pop(id, None)

    def _path(self, id: str) -> Path:
        """Refused("race", ...) unless `id` is well formed, so that no other path can be named."""
        if not is_id(id):
            raise Refused("race", "a race's id is 32 hex digits")
        return self.root / f"{id}.json"
