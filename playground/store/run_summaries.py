"""What lists show of a run: read from the two ends of its journal and from the sizes of its files, and cached."""

import json
import os
from contextlib import suppress
from dataclasses import asdict, dataclass, field
from pathlib import Path

from playground.store.cache import Cache
from playground.store.disk import size
from playground.store.journal import lines
from playground.store.runs import Runs
from playground.types import Event

HEAD, TAIL = 1 << 15, 1 << 16           # bytes of a journal's two ends: the first has the floors, the last the latest state


@dataclass(frozen=True)
class RunSummary:
    """What a list shows of a run."""

    step: int = 0
    elapsed: float = 0.0
    bytes: int = 0                      # all its files
    frame: int | None = None            # the step of the last one that is kept
    measures: dict[str, float] = field(default_factory=dict)        # the last of each
    floors: dict[str, float] = field(default_factory=dict)
    deviations: dict[str, float] = field(default_factory=dict)


class Index:
    """Summaries of runs by id. That of a run whose journal has not changed costs one `stat`; losing the cache costs only time."""

    def __init__(self, runs: Runs, cache: Cache | None = None) -> None:
        self.runs, self.cache = runs, cache
        self._known: dict[str, tuple[str, RunSummary]] = {}

    def of(self, id: str) -> tuple[str, RunSummary]:
        """(a stamp that changes with the summary, the summary). All zero for a run without a journal."""
        path = self.runs.journal(id).path
        try:
            found = path.stat()
        except OSError:
            return "", RunSummary()
        stamp = f"{found.st_size}.{found.st_mtime_ns}"
        known = self._known.get(id)
        if not known or known[0] != stamp:
            known = self._known[id] = stamp, self._cached(id, stamp) or self._computed(id, path, stamp)
        return known

    def forget(self, id: str) -> None:
        """Drop the summary of a run that was removed."""
        self._known.pop(id, None)

    def _cached(self, id: str, stamp: str) -> RunSummary | None:
        text = self.cache and self.cache.get(f"summary:{id}")
        with suppress(ValueError, TypeError, KeyError):
            stored = json.loads(text)
            return RunSummary(**stored["facts"]) if stored["stamp"] == stamp else None
        return None

    def _computed(self, id: str, path: Path, stamp: str) -> RunSummary:
        fields = summary_fields(head_and_tail(path))
        kept = [step for step in self.runs.frames(id).steps() if step <= fields["frame"]] if fields["frame"] is not None else []
        summary = RunSummary(**fields | {"frame": kept[-1] if kept else None, "bytes": size(self.runs.folder(id))})
        if self.cache:
            self.cache.set(f"summary:{id}", json.dumps({"stamp": stamp, "facts": asdict(summary)}))
        return summary


def head_and_tail(path: Path) -> list[Event]:
    """The events at the two ends of a journal; all of a short one. An unfinished last line is left out."""
    with path.open("rb") as file:
        data = file.read(HEAD + TAIL)
        if len(data) == HEAD + TAIL and file.seek(0, os.SEEK_END) > len(data):      # a shorter one may have grown meanwhile
            file.seek(-TAIL, os.SEEK_END)
            tail = file.read()
            data = data[:data.rfind(b"\n", 0, HEAD) + 1] + tail[tail.find(b"\n") + 1:]
    return lines(data[:data.rfind(b"\n") + 1])


def summary_fields(events: list[Event]) -> dict:
    """The fields of a RunSummary but for its size; of "frame" the step after which there is none. A rewind between the two ends is not seen."""
    step, elapsed, frame, measures, quality = 0, 0.0, None, {}, {}
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
            quality = event["quality"]
    return {"step": step, "elapsed": elapsed, "frame": frame, "measures": {k: v for k, v in measures.items() if v is not None},
            "floors": quality.get("floors", {}), "deviations": quality.get("deviations", {})}
