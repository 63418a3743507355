"""The vocabulary of the playground; the standard library only."""

import secrets
from dataclasses import asdict, dataclass, field, replace
from enum import StrEnum
from typing import Any

Event = dict[str, Any]
"""One line of a run's journal. Kinds, told apart by their key:

{"rows": {"step": [..], "<metric>": [..]}, "elapsed": s}   metrics of consecutive steps; a gap is null
{"measure": {"<metric>": v}, "step": n}                    a number taken now and then, with a frame; not part of exact resumption
{"measure": {...}, "step": n, "known": m}                  of step n too, but it took until step m: frames from m on were made after it was known
{"quality": {"floors": {"<metric>": v}, "extractor": "...", "n": n, "seed": s}}    what measures are compared with, once a run
{"frame": n}                                               frames/<n> exists now
{"look": n}                                                looks/<n> exists now
{"tune": {"<knob>": [before, after]}, "step": n}           acts on step n + 1; on disk before it acts
{"phase": "...", "step": n}                                the steps after n are in this phase of the game; "play" unless told otherwise
{"alarm": {"kind": "...", "says": "...", ...}, "step": n}  it went wrong, see `playground.alarms`
{"fork": {"run": "<id>", "variant": "..."}, "step": n, "elapsed": s}    what stands before this line is that run's, which was of that variant
{"rewind": n}                                              resumed at step n: rows, measures, frames, looks and alarms beyond n are void
{"status": "...", "note": "..."}                           the run's status changed
"""


class Refused(ValueError):
    """Input that cannot be used. `field` names what was wrong; the message says what is allowed."""

    def __init__(self, field: str, message: str) -> None:
        super().__init__(message)
        self.field = field


class Status(StrEnum):
    QUEUED = "queued"
    RUNNING = "running"
    PAUSED = "paused"
    FINISHED = "finished"          # reached its budget
    STOPPED = "stopped"            # by a person, before its budget
    INTERRUPTED = "interrupted"    # the server went away; can be resumed
    DIVERGED = "diverged"          # a loss or a gradient became NaN or infinite
    FAILED = "failed"              # an exception

    @property
    def ended(self) -> bool:
        return self not in (Status.QUEUED, Status.RUNNING, Status.PAUSED)

    @property
    def resumable(self) -> bool:
        return self in (Status.STOPPED, Status.INTERRUPTED, Status.FAILED)


@dataclass(frozen=True)
class Spec:
    """All that decides a run, beside its tunes: a run is a function of its Spec and its tune log. Plain JSON."""

    variant: str                                     # an id in models.ZOO
    data: str                                        # an id in playground.data.DATASETS
    knobs: dict[str, Any] = field(default_factory=dict)      # complete once checked
    size: int = 0                                    # pixels; 0 for points
    preset: str = ""                                 # where the knobs came from, "" when changed by hand
    seed: int = 0
    steps: int = 2000                                # the budget
    threads: int = 1                                 # torch threads, fixed at submit
    device: str = "cpu"
    options: dict[str, Any] = field(default_factory=dict)    # of the data; complete once checked
    precision: str = "float32"                       # or "bfloat16": what networks compute in, images alone; weights and losses stay float32

    def json(self) -> dict[str, Any]:
        return asdict(self)


@dataclass(frozen=True)
class Run:
    """What `run.json` holds."""

    id: str
    spec: Spec
    owner: str = "local"
    status: Status = Status.QUEUED
    created: float = 0.0                             # seconds since the epoch, for people; order is by it and the id
    note: str = ""                                   # why it ended, in words
    name: str = ""                                   # a person's own for it
    pinned: bool = False                             # never cleaned away
    published: bool = False                          # listed for everybody, who may download it
    parent: str = ""                                 # the run that it was forked from, which may be gone
    forked: int = 0                                  # the step of that run at which it began

    def json(self) -> dict[str, Any]:
        return asdict(self)

    @staticmethod
    def from_json(raw: dict[str, Any]) -> "Run":
        return Run(**{**raw, "spec": Spec(**raw["spec"]), "status": Status(raw["status"])})

    def now(self, status: Status, note: str = "") -> "Run":
        return replace(self, status=status, note=note)


def new_id() -> str:
    """128 random bits as 32 hex digits: who has the link may watch."""
    return secrets.token_hex(16)


def is_id(text: Any) -> bool:
    return isinstance(text, str) and len(text) == 32 and all(c in "0123456789abcdef" for c in text)
