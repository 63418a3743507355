"""What a run and its executor say to each other."""

from concurrent.futures import Future
from dataclasses import dataclass
from typing import Any, Literal, NamedTuple, Protocol

from torch import Tensor

from playground.types import Event, Status

End = tuple[Status, str]    # how a run ended, and why, in words
CLOSED: End = (Status.INTERRUPTED, "The server stopped; resume to go on.")


@dataclass(frozen=True)
class Pace:
    """Seconds: the least between two of each, or the most that is waited."""

    flush: float = 1.0
    points: float = 0.5
    images: float = 1.0
    looks_points: float = 0.5
    looks_images: float = 2.0
    checkpoint: float = 10.0
    share: float = 0.05     # of the time, at most, for frames, as much for looks and for checkpoints; they come less often when they take long
    quality: float = 0.05   # of the time, at most, for measures of quality, which another thread makes; 0 for none
    most: float | None = None       # seconds of training that a run may have in all
    patience: float = 5.0   # until a run that was asked to stop is let go of; three of its longest steps, when that is more
    stall: float = 60.0     # without a step, until a watcher is told
    watch: float = 1.0      # between two looks at the workers


PACE = Pace()


class LetGo(Exception):
    """Raised by an Io whose run was taken from its worker: nothing that it does counts any more."""


class Command(NamedTuple):
    """What a person asks of a run; looked at between two steps. `value`: steps of "advance", {knob: value} of "tune"."""

    kind: Literal["pause", "resume", "advance", "stop", "close", "tune", "checkpoint"]
    value: Any = None
    answer: Future | None = None        # of "tune": the step after which it acts; of "checkpoint": the one that is on disk


class Io(Protocol):
    """A run's only door to the world. Every method may raise OSError when a disk refuses."""

    def emit(self, event: Event, sync: bool = False) -> None: ...
    def log(self) -> list[Event]: ...                                                       # every event so far
    def save(self, step: int, tensors: dict[str, Tensor], meta: dict[str, Any]) -> None: ...
    def latest(self) -> tuple[int, dict[str, Tensor], dict[str, Any]] | None: ...           # the newest that is whole
    def frame(self, step: int, data: bytes, mark: bool = False) -> None: ...
    def look(self, step: int, data: bytes, mark: bool = False) -> None: ...
    def command(self, wait: float = 0.0) -> Command | None: ...                             # the next one, None after `wait` seconds
    def wanted(self) -> bool: ...                                                           # somebody queues for this worker
