"""The runs under a data root: `runs/<id>/` is the truth about each."""

import json
import logging
import os
import shutil
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from playground.config.file_handles import out_of_handles
from playground.store.checkpoints import Checkpoints
from playground.store.disk import ASIDE, size, sweep, sync_folder, write_aside
from playground.store.frames import Frames
from playground.store.journal import Journal
from playground.types import Refused, Run, Spec, is_id, new_id

log = logging.getLogger(__name__)


class Runs:
    """Methods that take an id raise Refused("run", ...) unless it is well formed. Threads may share it."""

    def __init__(self, root: Path) -> None:
        self.root, self.trash = root / "runs", root / "trash"
        self.root.mkdir(parents=True, exist_ok=True)
        self._read: dict[str, tuple[int, Run]] = {}         # id -> (when run.json was written, its content)
        self._lock, self._newest = threading.Lock(), 0.0
        self._trash_sizes: dict[str, tuple[str, int]] = {}      # id -> (owner, bytes) of what is in the trash

    def new(self, spec: Spec, owner: str = "local", parent: str = "", forked: int = 0, address: str = "", race: str = "") -> Run:
        """A run that is not on the disk yet."""
        with self._lock:
            self._newest = max(time.time(), self._newest + 0.001)       # a clock that is set back changes no order
            return Run(new_id(), spec, owner, created=self._newest, parent=parent, forked=forked, address=address, race=race)

    def keep(self, run: Run, draft: Path | None = None) -> None:
        """Put a new run on the disk, with everything in `draft` if there is one. Refused("disk", ...) when the disk has no room for it."""
        try:
            if draft:                                   # all of it is there at once, or nothing
                write_aside(draft / "run.json", record(run), sync=True)
                draft.replace(self.root / run.id)
                sync_folder(self.root)
            else:
                (self.root / run.id).mkdir()
                self.save(run)
        except OSError as error:
            shutil.rmtree(self.folder(run.id), ignore_errors=True)
            if out_of_handles(error):
                raise
            raise Refused("disk", f"no run can be kept: {error.strerror or error}") from error

    def withdraw(self, id: str) -> None:
        """Remove a run that has just been put on the disk, or was about to be, and that nobody knows of yet."""
        shutil.rmtree(self.folder(id), ignore_errors=True)
        self._read.pop(id, None)

    def create(self, spec: Spec, owner: str = "local") -> Run:
        """A new run, on the disk."""
        run = self.new(spec, owner)
        self.keep(run)
        return run

    @contextmanager
    def draft(self) -> Iterator[Path]:
        """An empty folder to fill and then give to `keep`; otherwise it is removed."""
        folder = self.root / f"{ASIDE}{new_id()}"
        try:
            folder.mkdir()
            yield folder
        except OSError as error:
            if out_of_handles(error):
                raise
            raise Refused("disk", f"no run can be kept: {error.strerror or error}") from error
        finally:
            shutil.rmtree(folder, ignore_errors=True)

    def save(self, run: Run) -> None:
        """Write `run.json`, completely or not at all; on disk on return. One run is saved from one thread at a time."""
        path = self.folder(run.id) / "run.json"
        write_aside(path, record(run), sync=True)       # without the lock: readers of other runs do not wait for this disk
        with self._lock:                                # file times are coarse: two writes may have the same time, and the later one counts
            self._read[run.id] = path.stat().st_mtime_ns, run

    def get(self, id: str) -> Run:
        """A run's record. Refused("run", ...) when there is none, or it cannot be read; OSError when no file handle is left to read it with."""
        path = self.folder(id) / "run.json"
        try:
            with self._lock:
                written = path.stat().st_mtime_ns
                if self._read.get(id, (0,))[0] != written:
                    self._read[id] = written, Run.from_json(json.loads(path.read_bytes()))
                    self._newest = max(self._newest, self._read[id][1].created)
                return self._read[id][1]
        except FileNotFoundError:
            raise Refused("run", "there is no such run") from None
        except (ValueError, KeyError, TypeError, OSError) as error:
            if out_of_handles(error):
                raise
            log.warning("run %s cannot be read: %s", id, error)
            raise Refused("run", "this run's record is damaged") from error

    def all(self) -> list[Run]:
        """Every readable run, newest first."""
        runs = []
        for folder in self.root.iterdir():
            if is_id(folder.name):
                try:
                    runs.append(self.get(folder.name))
                except Refused as damaged:              # `get` has logged it; one damaged run does not hide the others
                    log.info("run %s left out: %s", folder.name, damaged)
        return sorted(runs, key=lambda run: (run.created, run.id), reverse=True)

    def discard(self, id: str) -> None:
        """Move a run to the trash: `restore` brings it back until `empty`. Only for a run that nobody writes to."""
        self.trash.mkdir(exist_ok=True)
        folder = self.folder(id)
        os.utime(folder)                                # when it was thrown away
        folder.replace(self.trash / id)
        self._read.pop(id, None)

    def restore(self, id: str) -> Run:
        """Bring a run back from the trash. Refused("run", ...) when it is gone for good."""
        try:
            (self.trash / self.folder(id).name).replace(self.folder(id))
        except OSError:
            raise Refused("run", "this run is gone for good") from None
        return self.get(id)

    def discarded(self, id: str) -> Run:
        """The record of a run in the trash. Refused("run", ...) when there is none."""
        try:
            return Run.from_json(json.loads((self.trash / self.folder(id).name / "run.json").read_bytes()))
        except (OSError, ValueError, KeyError, TypeError) as error:
            if out_of_handles(error):
                raise
            raise Refused("run", "this run is gone for good") from None

    def in_trash(self) -> dict[str, tuple[str, int]]:
        """What is in the trash: id -> (owner, bytes), in the order in which it was discarded."""
        folders = sorted(self.trash.iterdir(), key=_changed) if self.trash.is_dir() else []
        self._trash_sizes = {folder.name: self._trash_sizes.get(folder.name) or self._owner_and_size(folder) for folder in folders}
        return self._trash_sizes

    def _owner_and_size(self, folder: Path) -> tuple[str, int]:
        try:
            return self.discarded(folder.name).owner, size(folder)
        except Refused:                                 # a damaged record: of nobody, and removed soon
            return "", size(folder)

    def empty(self, seconds: float, *ids: str) -> None:
        """Remove for good what was discarded at least `seconds` ago; only these `ids`, when any are given."""
        for folder in self.trash.iterdir() if self.trash.is_dir() else ():
            if (not ids or folder.name in ids) and abs(time.time() - folder.stat().st_mtime) >= seconds:     # abs: the clock may have been set back
                shutil.rmtree(folder, onerror=lambda _, path, error: log.warning("%s stays in the trash: %s", path, error[1]))

    def folder(self, id: str) -> Path:
        """A run's folder. Refused("run", ...) unless `id` is well formed, so that no other path can be named."""
        if not is_id(id):
            raise Refused("run", "a run's id is 32 hex digits")
        return self.root / id

    def journal(self, id: str) -> Journal:
        """A run's events."""
        return Journal(self.folder(id) / "events.jsonl")

    def frames(self, id: str) -> Frames:
        """A run's frames."""
        return Frames(self.folder(id) / "frames")

    def snapshots(self, id: str) -> Frames:
        """A run's critic snapshots."""
        return Frames(self.folder(id) / "looks")

    def checkpoints(self, id: str) -> Checkpoints:
        """A run's checkpoints."""
        return Checkpoints(self.folder(id) / "checkpoints")

    def sweep_unfinished(self) -> None:
        """Remove the folders of runs that a killed process had not finished creating; only before anything writes here."""
        for draft in self.root.glob(f"{ASIDE}*"):
            shutil.rmtree(draft, ignore_errors=True)
        for folder in self.root.iterdir():
            if is_id(folder.name) and not (folder / "run.json").exists():
                sweep(folder)
                with suppress(OSError):                 # not empty: left alone
                    folder.rmdir()

    def sweep(self, id: str) -> None:
        """Remove the partial files that a killed process left; only before the run has a writer."""
        folder = self.folder(id)
        for place in (folder, folder / "frames", folder / "looks", folder / "checkpoints"):
            sweep(place)


def _changed(folder: Path) -> float:
    """When a folder was discarded; 0 when it has just been removed."""
    try:
        return folder.stat().st_mtime
    except OSError:
        return 0.0


def record(run: Run) -> bytes:
    """The content of `run.json`."""
    return json.dumps(run.json(), indent=1).encode()
