"""A run's past up to a step: what still counts of its journal and its files, for another run to begin with."""

import contextlib
import shutil
from bisect import bisect_right
from pathlib import Path

import orjson

from playground.store.disk import ASIDE, share, sync_folder, write_aside
from playground.types import Event

PICTURES = ("frames", "looks")
OWN = ("status", "fork", "rewind")          # told of one run alone


def until(events: list[Event], step: int) -> list[Event]:
    """The events that hold up to `step`, as if the run had gone there in one go: nothing that a rewind made void, nothing beyond."""
    held: list[Event] = []
    for event in events:
        if "rewind" in event:
            held = [cut for e in held if (cut := _upto(e, event["rewind"]) or _lasting(e))]
        elif not any(kind in event for kind in OWN):
            held.append(event)
    return [cut for event in held if (cut := _upto(event, step))]


def _lasting(event: Event) -> Event | None:
    """A tune is made again at its step, however often a run goes back."""
    return event if "tune" in event else None


def _upto(event: Event, step: int) -> Event | None:
    """What of an event holds when the run has gone to `step` only."""
    if "rows" in event:
        n = bisect_right(event["rows"]["step"], step)
        if n == len(event["rows"]["step"]):
            return event
        return {**event, "rows": {name: column[:n] for name, column in event["rows"].items()}} if n else None
    at = next((event[key] for key in ("step", "frame", "look") if key in event), 0)
    if at > step:
        return None
    return {**event, "known": min(event["known"], step)} if "known" in event else event


def take_along(there: Path, here: Path, events: list[Event], step: int) -> None:
    """Give the new run folder `here` a journal of `events` and the pictures that the run in `there` had made by `step`.

    Files that never change are shared by both folders where the disk can do that; either may be deleted. On disk on return.
    """
    for folder in PICTURES:
        (here / folder).mkdir()
        for path in _files(there / folder):
            if path.stem.isdecimal() and int(path.stem) <= step:
                share(path, here / folder / path.name)
            elif not path.suffix and not path.stem.isdecimal():
                with contextlib.suppress(FileNotFoundError):
                    shutil.copyfile(path, here / folder / path.name)        # a list that grows
    write_aside(here / "events.jsonl", b"".join(orjson.dumps(event) + b"\n" for event in events), sync=True)
    for folder in PICTURES:
        sync_folder(here / folder)


def _files(folder: Path) -> list[Path]:
    return [path for path in folder.iterdir() if not path.name.startswith(ASIDE)] if folder.is_dir() else []
