"""The runs under a data root: `runs/<id>/` is the truth about each."""

import json
import logging
import time
from pathlib import Path

from playground.store.checkpoints import Checkpoints
from playground.store.disk import sweep, write_aside
from playground.store.frames import Frames
from playground.store.journal import Journal
from playground.types import Refused, Run, Spec, is_id, new_id

log = logging.getLogger(__name__)


class Runs:
    def __init__(self, root: Path) -> None:
        self.root = root / "runs"
        self.root.mkdir(parents=True, exist_ok=True)

    def create(self, spec: Spec, owner: str = "local") -> Run:
        """Refused("disk", ...) when the disk has no room for it."""
        run = Run(new_id(), spec, owner, created=time.time())
        try:
            (self.root / run.id).mkdir()
            self.save(run)
        except OSError as error:
            raise Refused("disk", f"no run can be kept: {error.strerror or error}") from error
        return run

    def save(self, run: Run) -> None:
        """Write `run.json`, whole or not at all; on disk on return."""
        write_aside(self.folder(run.id) / "run.json", json.dumps(run.json(), indent=1).encode(), sync=True)

    def get(self, id: str) -> Run:
        """Refused("run", ...) when there is none, or its `run.json` cannot be read."""
        try:
            return Run.from_json(json.loads((self.folder(id) / "run.json").read_bytes()))
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

    def folder(self, id: str) -> Path:
        """Refused("run", ...) unless `id` is one of ours, so that no other path can be named."""
        if not is_id(id):
            raise Refused("run", "a run's id is 32 hex digits")
        return self.root / id

    def journal(self, id: str) -> Journal:
        return Journal(self.folder(id) / "events.jsonl")

    def frames(self, id: str) -> Frames:
        return Frames(self.folder(id) / "frames")

    def checkpoints(self, id: str) -> Checkpoints:
        return Checkpoints(self.folder(id) / "checkpoints")

    def sweep(self, id: str) -> None:
        """Remove parts of files that a killed process left; only before the run has a writer."""
        folder = self.folder(id)
        for place in (folder, folder / "frames", folder / "checkpoints"):
            sweep(place)
