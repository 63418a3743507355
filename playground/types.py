"""The words that every module shares: runs, their status and events, refusals. Imports the standard library only."""

import secrets
from dataclasses import asdict, dataclass, field, replace
from enum import StrEnum
from typing import Any

Event = dict[str, Any]
"""One line of a run's journal. Kinds, told apart by their key:

{"rows": {"step": [..], "<metric>": [..]}, "elapsed": s, "images": n}   metrics of consecutive steps, a gap is null; seconds of training and
                                                           samples drawn from the data by the last of them (older journals lack `images`)
{"measure": {"<metric>": v}, "step": n}                    a number taken now and then, with a frame; not part of exact resumption
{"measure": {...}, "step": n, "known": m}                  of step n too, but known only at step m: frames from m on were made after it
{"quality": {"floors": {"<metric>": v}, "deviations": {...}, "draws": d, "extractor": "...", "n": n, "seed": s}}   what measures are compared with
{"frame": n}                                               frames/<n> exists now
{"look": n}                                                looks/<n> exists now
{"tune": {"<knob>": [before, after]}, "step": n}           acts on step n + 1; on disk before it acts
{"threads": t, "step": n}                                  torch threads from step n + 1 on, where they are not the Spec's; on disk before
{"phase": "...", "step": n}                                the steps after n are in this phase of the game; "play" unless logged otherwise
{"alarm": {"kind": "...", "says": "...", ...}, "step": n}  something went wrong, see `playground.worker.alarms`
{"fork": {"run": "<id>", "variant": "..."}, "step": n, "elapsed": s}    the lines before this one are that run's, which was of that variant
{"rewind": n}                                              resumed at step n: rows, measures, frames, looks and alarms beyond n are void
{"yield": n}                                               its worker went to another run after step n: nothing is void when it resumes
{"status": "...", "note": "..."}                           the run's status changed
"""


class Refused(ValueError):
    """Raised for input that cannot be used. `field` names the wrong field; the message says what is allowed."""

    def __init__(self, field: str, message: str) -> None:
        super().__init__(message)
        self.field = field


class Status(StrEnum):
    """How a run stands."""

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
        """Whether it is over: neither queued nor running nor paused."""
        return self not in (Status.QUEUED, Status.RUNNING, Status.PAUSED)

    @property
    def resumable(self) -> bool:
        """Whether an ended run may go on from its last checkpoint."""
        return self in (Status.STOPPED, Status.INTERRUPTED, Status.FAILED)


@dataclass(frozen=True)
class Spec:
    """Everything that decides a run, beside its tunes: a run is a function of its Spec and its tune log. Plain JSON."""

    variant: str                                     # an id in models.ZOO
    data: str                                        # an id in playground.data.DATASETS
    knobs: dict[str, Any] = field(default_factory=dict)      # complete once checked
    size: int = 0                                    # pixels; 0 for points
    preset: str = ""                                 # where the knobs came from, "" when changed by hand
    seed: int = 0
    steps: int = 2000                                # the budget
    threads: int = 1                                 # torch threads at its first step; 0 until they are chosen before it
    device: str = "cpu"
    options: dict[str, Any] = field(default_factory=dict)    # of the data; complete once checked
    precision: str = "float32"                       # or "bfloat16", for images: what networks compute in; weights and losses stay float32
    seconds: float = 0.0                             # another budget, of seconds of training; 0: none
    images: int = 0                                  # and one of samples drawn from the data; 0: none
    shared_order: bool = False                       # batches have a generator of their own: other variants of this seed see the same ones in turn

    def json(self) -> dict[str, Any]:
        """As a JSON object."""
        return asdict(self)


@dataclass(frozen=True)
class Run:
    """What `run.json` holds."""

    id: str
    spec: Spec
    owner: str = "local"
    status: Status = Status.QUEUED
    created: float = 0.0                             # seconds since the epoch; runs are ordered by it and the id
    note: str = ""                                   # why it ended, in words
    name: str = ""                                   # that a person gave it
    pinned: bool = False                             # never cleaned away
    published: bool = False                          # listed for everybody, and free to download
    parent: str = ""                                 # the run that it was forked from; may have been deleted
    forked: int = 0                                  # the parent's step at which it began
    address: str = ""                                # a mark of the network address it was started from, see `store.addresses`
    race: str = ""                                   # the race that it is part of

    def json(self) -> dict[str, Any]:
        """As a JSON object."""
        return asdict(self)

    @staticmethod
    def from_json(raw: dict[str, Any]) -> "Run":
        """The Run of a `run.json`. KeyError, TypeError or ValueError when it is none."""
        return Run(**{**raw, "spec": Spec(**raw["spec"]), "status": Status(raw["status"])})

    @property
    def group(self) -> str:
        """What it queues and trains with: its race, or itself alone."""
        return self.race or self.id

    def with_status(self, status: Status, note: str = "") -> "Run":
        """The same run with another status and note."""
        return replace(self, status=status, note=note)


class Clock(StrEnum):
    """What is equal for all lanes of a race at any time."""

    STEPS = "steps"
    IMAGES = "images"
    SECONDS = "seconds"            # of training


@dataclass(frozen=True)
class Race:
    """What `races/<id>.json` holds: runs that train in turns on one worker, so that none is ahead by the clock."""

    id: str
    owner: str
    clock: Clock
    budget: float                                    # by the clock
    lanes: tuple[tuple[str, ...], ...]               # of each lane its runs' ids, one for each seed
    created: float                                   # seconds since the epoch
    name: str = ""                                   # that a person gave it

    def json(self) -> dict[str, Any]:
        """As a JSON object."""
        return asdict(self)

    @staticmethod
    def from_json(raw: dict[str, Any]) -> "Race":
        """The Race of a record. KeyError, TypeError or ValueError when it is none."""
        return Race(**{**raw, "clock": Clock(raw["clock"]), "lanes": tuple(tuple(runs) for runs in raw["lanes"])})


def new_id() -> str:
    """128 random bits as 32 hex digits: whoever has the link may watch."""
    return secrets.token_hex(16)


def is_id(text: Any) -> bool:
    """Whether `text` is 32 lower-case hex digits."""
    return isinstance(text, str) and len(text) == 32 and all(c in "0123456789abcdef" for c in text)
