"""A run's past up to a step: the valid part of its journal and its files, for a fork to begin with."""

import contextlib
import shutil
from bisect import bisect_right
from pathlib import Path

import orjson

from playground.store.disk import ASIDE, share, sync_folder, write_aside
from playground.types import Event

PICTURES = ("frames", "looks")
OWN = ("status", "fork", "rewind", "yield")          # events that concern one run alone


def events_until(events: list[Event], step: int) -> list[Event]:
    """The events that are valid up to `step`, as if the run had gone there without a rewind: nothing that a rewind made void, nothing later."""
    valid: list[Event] = []
    for event in events:
        if "rewind" in event:
            valid = [cut for e in valid if (cut := _upto(e, event["rewind"]) or _lasting(e))]
        elif not any(kind in event for kind in OWN):
            valid.append(event)
    return [cut for event in valid if (cut := _upto(event, step))]


def _lasting(event: Event) -> Event | None:
    """A tune outlives a rewind, and so does a change of threads: it is made again at its step."""
    return event if "tune" in event or "threads" in event else None


def _upto(event: Event, step: int) -> Event | None:
    """The part of an event that is valid when the run has gone to `step` only; None when there is none."""
    if "rows" in event:
        n = bisect_right(event["rows"]["step"], step)
        if n == len(event["rows"]["step"]):
            return event
        return {**event, "rows": {name: column[:n] for name, column in event["rows"].items()}} if n else None
    at = next((event[key] for key in ("step", "frame", "look") if key in event), 0)
    if at > step:
        return None
    return {**event, "known": min(event["known"], step)} if "known" in event else event


def copy_past(source: Path, target: Path, events: list[Event], step: int) -> None:
    """Give the new run folder `target` a journal of `events`, and the pictures that the run in `source` had made by `step`.

    Files that never change are shared by both folders where the disk can do that; either may be deleted. On disk on return.
    """
    for folder in PICTURES:
        (target / folder).mkdir()
        for path in _files(source / folder):
            if path.stem.isdecimal() and int(path.stem) <= step:
                share(path, target / folder / path.name)
            elif not path.suffix and not path.stem.isdecimal():
                with contextlib.suppress(FileNotFoundError):
                    shutil.copyfile(path, target / folder / path.name)        # a list that grows
    write_aside(target / "events.jsonl", b"".join(orjson.dumps(event) + b"\n" for event in events), sync=True)
    for folder in PICTURES:
        sync_folder(target / folder)


def past_bytes(source: Path, step: int) -> int:
    """About how many bytes `copy_past` would give."""
    found = [path for folder in PICTURES for path in _files(source / folder) if path.stem.isdecimal() and int(path.stem) <= step]
    total = 0
    for path in (*found, source / "events.jsonl"):
        with contextlib.suppress(FileNotFoundError):            # thinned out meanwhile
            total += path.stat().st_size
    return total


def _files(folder: Path) -> list[Path]:
    return [path for path in folder.iterdir() if not path.name.startswith(ASIDE)] if folder.is_dir() else []
