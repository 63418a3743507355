"""A run's append-only list of events."""

import json
import logging
import math
import os
import threading
from pathlib import Path
from typing import Any, BinaryIO

import orjson

from playground.types import Event

log = logging.getLogger(__name__)
BLOCK = 1 << 16


class Journal:
    """One JSON object per line. One process appends, any number of readers read from a cursor; neither waits for the other."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._file: BinaryIO | None = None
        self._lock = threading.Lock()

    def append(self, event: Event, sync: bool = False) -> None:
        """Write one event, NaN and infinities as null; with `sync` it is on disk on return.

        OSError when the disk refuses; the journal is then as it was before.
        """
        line = _line(event)
        with self._lock:
            if self._file is None:
                self._file = _open_repaired(self.path)
            before = self._file.seek(0, os.SEEK_END)
            try:
                rest = memoryview(line)
                while rest:                             # an unbuffered write may take a part and refuse the rest
                    rest = rest[self._file.write(rest):]
                if sync:
                    os.fsync(self._file.fileno())
            except OSError:
                self._file.truncate(before)
                raise

    def read(self, cursor: int = 0) -> tuple[list[Event], int]:
        """The events after byte `cursor`, and the cursor to go on from. An unfinished last line is left for the next call."""
        try:
            with self.path.open("rb") as file:
                file.seek(cursor)
                data = file.read()
        except FileNotFoundError:
            return [], cursor
        complete = data[:data.rfind(b"\n") + 1]
        return lines(complete, self.path), cursor + len(complete)

    def close(self) -> None:
        """Close the file that `append` opened; another `append` opens it again."""
        with self._lock:
            if self._file is not None:
                self._file.close()
                self._file = None


def lines(data: bytes, path: Path | str = "a journal") -> list[Event]:
    """The events of complete lines; a damaged line is logged and left out. `path`: the name for the log."""
    events = []
    for line in data.splitlines():
        try:
            event = orjson.loads(line)
        except ValueError:                              # a damaged line costs itself, not the run
            log.warning("%s holds a line that is not JSON; passed over", path)
            continue
        if isinstance(event, dict):
            events.append(event)
    return events


def _open_repaired(path: Path) -> BinaryIO:
    """Open for append, after cutting off a last line that a kill left unfinished."""
    path.parent.mkdir(parents=True, exist_ok=True)
    file = path.open("a+b", buffering=0)
    size = end = file.seek(0, os.SEEK_END)
    while end > 0:
        start = max(0, end - BLOCK)
        file.seek(start)
        at = file.read(end - start).rfind(b"\n")
        if at >= 0:
            end = start + at + 1
            break
        end = start
    if end < size:
        file.truncate(end)
    return file


def _line(event: Event) -> bytes:
    try:
        text = json.dumps(event, allow_nan=False, separators=(",", ":"))
    except ValueError:                                  # rare, so only then is every number checked
        text = json.dumps(_finite(event), separators=(",", ":"))
    return text.encode() + b"\n"


def _finite(value: Any) -> Any:
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if isinstance(value, dict):
        return {key: _finite(v) for key, v in value.items()}
    if isinstance(value, (list, tuple)):
        return [_finite(v) for v in value]
    return value
