"""What a list says of a run: read from the two ends of its journal and from the sizes of its files, and remembered."""

import json
import os
from contextlib import suppress
from dataclasses import asdict, dataclass, field
from pathlib import Path

from playground.store.cache import Cache
from playground.store.journal import lines
from playground.store.runs import Runs
from playground.types import Event

HEAD, TAIL = 1 << 15, 1 << 16           # bytes of a journal's two ends: the first tells the floors, the last how it stands


@dataclass(frozen=True)
class Facts:
    step: int = 0
    elapsed: float = 0.0
    bytes: int = 0                      # all its files
    frame: int | None = None            # the last one's step
    measures: dict[str, float] = field(default_factory=dict)        # the last of each
    floors: dict[str, float] = field(default_factory=dict)


class Index:
    """Facts of runs by id. Reading those of a run whose journal has not changed costs one look at it; losing the cache costs time alone."""

    def __init__(self, runs: Runs, cache: Cache | None = None) -> None:
        self.runs, self.cache = runs, cache
        self._known: dict[str, tuple[str, Facts]] = {}

    def of(self, id: str) -> tuple[str, Facts]:
        """(what changes with them, the facts). All zero for a run without a journal."""
        path = self.runs.journal(id).path
        try:
            found = path.stat()
        except OSError:
            return "", Facts()
        stamp = f"{found.st_size}.{found.st_mtime_ns}"
        known = self._known.get(id)
        if not known or known[0] != stamp:
            known = self._known[id] = stamp, self._kept(id, stamp) or self._made(id, path, stamp)
        return known

    def forget(self, id: str) -> None:
        self._known.pop(id, None)

    def _kept(self, id: str, stamp: str) -> Facts | None:
        text = self.cache and self.cache.get(f"facts:{id}")
        with suppress(ValueError, TypeError, KeyError):
            said = json.loads(text)
            return Facts(**said["facts"]) if said["stamp"] == stamp else None
        return None

    def _made(self, id: str, path: Path, stamp: str) -> Facts:
        facts = Facts(**{**told(ends(path)), "bytes": size(self.runs.folder(id))})
        if self.cache:
            self.cache.set(f"facts:{id}", json.dumps({"stamp": stamp, "facts": asdict(facts)}))
        return facts


def ends(path: Path) -> list[Event]:
    """The events at the two ends of a journal; all of a short one. A last line without its end is not there yet."""
    with path.open("rb") as file:
        data = file.read(HEAD + TAIL)
        if file.seek(0, os.SEEK_END) > len(data):
            file.seek(-TAIL, os.SEEK_END)
            tail = file.read()
            data = data[:data.rfind(b"\n", 0, HEAD) + 1] + tail[tail.find(b"\n") + 1:]
    return lines(data[:data.rfind(b"\n") + 1])


def told(events: list[Event]) -> dict:
    """Facts but for the size. A rewind that lies between the two ends is not seen; what follows it is."""
    step, elapsed, frame, measures, floors = 0, 0.0, None, {}, {}
    for event in events:
        if "rows" in event:
            step, elapsed = event["rows"]["step"][-1], event.get("elapsed") or elapsed
        elif "measure" in event:
            measures |= event["measure"]
        elif "frame" in event:
            frame = event["frame"]
        elif "rewind" in event:
            step, frame = event["rewind"], None if frame is None else min(frame, event["rewind"])
        elif "quality" in event:
            floors = event["quality"].get("floors", {})
    return {"step": step, "elapsed": elapsed, "frame": frame, "measures": {k: v for k, v in measures.items() if v is not None}, "floors": floors}


def size(folder: Path) -> int:
    """Bytes of all files in it."""
    total = 0
    with suppress(OSError), os.scandir(folder) as found:
        for entry in found:
            with suppress(OSError):
                total += size(Path(entry.path)) if entry.is_dir(follow_symlinks=False) else entry.stat(follow_symlinks=False).st_size
    return total
