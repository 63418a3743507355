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

from playground.store.checkpoints import Checkpoints
from playground.store.disk import ASIDE, sweep, sync_folder, write_aside
from playground.store.frames import Frames
from playground.store.journal import Journal
from playground.types import Refused, Run, Spec, is_id, new_id

log = logging.getLogger(__name__)


class Runs:
    """Threads may share it."""

    def __init__(self, root: Path) -> None:
        self.root, self.trash = root / "runs", root / "trash"
        self.root.mkdir(parents=True, exist_ok=True)
        self._read: dict[str, tuple[int, Run]] = {}         # id -> (when run.json was written, what it says)
        self._lock, self._newest = threading.Lock(), 0.0

    def create(self, spec: Spec, owner: str = "local", draft: Path | None = None, parent: str = "", forked: int = 0) -> Run:
        """A new run; with all that lies in a `draft`. Refused("disk", ...) when the disk has no room for it."""
        self._newest = max(time.time(), self._newest + 0.001)           # a clock that is set back changes no order
        run = Run(new_id(), spec, owner, created=self._newest, parent=parent, forked=forked)
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
            raise Refused("disk", f"no run can be kept: {error.strerror or error}") from error
        return run

    @contextmanager
    def draft(self) -> Iterator[Path]:
        """An empty folder to be filled and then given to `create`; else it goes."""
        folder = self.root / f"{ASIDE}{new_id()}"
        try:
            folder.mkdir()
            yield folder
        except OSError as error:
            raise Refused("disk", f"no run can be kept: {error.strerror or error}") from error
        finally:
            shutil.rmtree(folder, ignore_errors=True)

    def save(self, run: Run) -> None:
        """Write `run.json`, whole or not at all; on disk on return."""
        path = self.folder(run.id) / "run.json"
        with self._lock:                                # clocks of files are coarse: two writes may bear the same time
            write_aside(path, record(run), sync=True)
            self._read[run.id] = path.stat().st_mtime_ns, run

    def get(self, id: str) -> Run:
        """Refused("run", ...) when there is none, or its `run.json` cannot be read."""
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
            log.warning("run %s cannot be read: %s", id, error)
            raise Refused("run", "this run's record is damaged") from error

    def all(self) -> list[Run]:
        """Every readable run, newest first."""
        runs = []
        for folder in self.root.iterdir():
            if is_id(folder.name):
                try:
                    runs.append(self.get(folder.name))
                except Refused as damaged:              # said in the log by `get`; one damaged run does not hide the others
                    log.info("run %s left out: %s", folder.name, damaged)
        return sorted(runs, key=lambda run: (run.created, run.id), reverse=True)

    def discard(self, id: str) -> None:
        """Throw a run away: `restore` brings it back until `empty`. Only one that nobody writes to."""
        self.trash.mkdir(exist_ok=True)
        folder = self.folder(id)
        os.utime(folder)                                # when it was thrown away
        folder.replace(self.trash / id)
        self._read.pop(id, None)

    def restore(self, id: str) -> Run:
        """Refused("run", ...) when it is gone for good."""
        try:
            (self.trash / self.folder(id).name).replace(self.folder(id))
        except OSError:
            raise Refused("run", "this run is gone for good") from None
        return self.get(id)

    def discarded(self, id: str) -> Run:
        """What a run in the trash was. Refused("run", ...) when there is none."""
        try:
            return Run.from_json(json.loads((self.trash / self.folder(id).name / "run.json").read_bytes()))
        except (OSError, ValueError, KeyError, TypeError):
            raise Refused("run", "this run is gone for good") from None

    def empty(self, seconds: float, *ids: str) -> None:
        """Remove for good what was thrown away so long ago; of `ids` alone, when some are named."""
        for folder in self.trash.iterdir() if self.trash.is_dir() else ():
            if (not ids or folder.name in ids) and abs(time.time() - folder.stat().st_mtime) >= seconds:     # abs: a clock that was set back
                shutil.rmtree(folder, onerror=lambda _, path, error: log.warning("%s stays in the trash: %s", path, error[1]))

    def folder(self, id: str) -> Path:
        """Refused("run", ...) unless `id` is one of ours, so that no other path can be named."""
        if not is_id(id):
            raise Refused("run", "a run's id is 32 hex digits")
        return self.root / id

    def journal(self, id: str) -> Journal:
        return Journal(self.folder(id) / "events.jsonl")

    def frames(self, id: str) -> Frames:
        return Frames(self.folder(id) / "frames")

    def looks(self, id: str) -> Frames:
        return Frames(self.folder(id) / "looks")

    def checkpoints(self, id: str) -> Checkpoints:
        return Checkpoints(self.folder(id) / "checkpoints")

    def sweep_unborn(self) -> None:
        """Remove folders of runs that a killed process was about to make; only before there is a writer."""
        for draft in self.root.glob(f"{ASIDE}*"):
            shutil.rmtree(draft, ignore_errors=True)
        for folder in self.root.iterdir():
            if is_id(folder.name) and not (folder / "run.json").exists():
                sweep(folder)
                with suppress(OSError):                 # something is in it: not ours to judge
                    folder.rmdir()

    def sweep(self, id: str) -> None:
        """Remove parts of files that a killed process left; only before the run has a writer."""
        folder = self.folder(id)
        for place in (folder, folder / "frames", folder / "looks", folder / "checkpoints"):
            sweep(place)


def record(run: Run) -> bytes:
    """`run.json`."""
    return json.dumps(run.json(), indent=1).encode()
