"""The interface between a run and whatever executes it."""

from concurrent.futures import Future
from dataclasses import dataclass
from typing import Any, Literal, NamedTuple, Protocol

from torch import Tensor

from playground.types import Event, Status

End = tuple[Status, str]    # how a run ended, and why, in words
CLOSED: End = (Status.INTERRUPTED, "The server stopped; resume to go on.")


@dataclass(frozen=True)
class Intervals:
    """Seconds: the least time between two of each, or the longest wait."""

    flush: float = 1.0
    points: float = 0.5
    images: float = 1.0
    snapshots_points: float = 0.5
    snapshots_images: float = 2.0
    checkpoint: float = 10.0
    share: float = 0.05     # of the time, at most, for frames, and as much each for snapshots and checkpoints
    quality: float = 0.05   # of the time, at most, for measures of quality, in another thread; 0 for none
    most: float | None = None       # the most seconds of training of a run
    patience: float = 5.0   # until a run that should stop is taken from its worker; three of its longest steps, when that is longer
    stall: float = 60.0     # without a step, until watchers see a message
    watch: float = 1.0      # between two rounds of the watchdog


DEFAULT_INTERVALS = Intervals()


class RunRevoked(Exception):
    """Raised by an Io whose run was taken from its worker: nothing that this worker does counts any more."""


class Command(NamedTuple):
    """A command for a run, obeyed between two steps. `value`: steps of "advance", {knob: value} of "tune", torch threads of
    "threads"."""

    kind: Literal["pause", "resume", "advance", "stop", "close", "tune", "threads", "checkpoint", "yield"]
    value: Any = None
    answer: Future | None = None        # of "tune": the step after which it acts; of "checkpoint": its step; of "yield": the steps of
    #                                     an "advance" that are still to be made, 0 for none


class Io(Protocol):
    """A run's only connection to the rest. Every method may raise OSError when a disk refuses."""

    def emit(self, event: Event, sync: bool = False) -> None:
        """Append an event to the journal, or note a status; `sync`: it is on the disk before this returns."""

    def log(self) -> list[Event]:
        """Every event so far."""

    def save(self, step: int, tensors: dict[str, Tensor], meta: dict[str, Any]) -> None:
        """Store a checkpoint of `step`: tensors by name, and what else resumption needs, as JSON."""

    def latest(self) -> tuple[int, dict[str, Tensor], dict[str, Any]] | None:
        """The newest intact checkpoint: (step, tensors, meta); None when there is none."""

    def frame(self, step: int, data: bytes, mark: bool = False) -> None:
        """Store a picture of the fixed latents at `step`, encoded; `mark`: never thinned out."""

    def snapshot(self, step: int, data: bytes, mark: bool = False) -> None:
        """Store a critic snapshot at `step`, encoded; `mark`: never thinned out."""

    def command(self, wait: float = 0.0) -> Command | None:
        """The next command; None when none comes within `wait` seconds."""

    def wanted(self) -> bool:
        """Whether somebody queues for this worker."""

