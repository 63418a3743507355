"""The threads of a run, and what the cores of this process do."""

import time
from dataclasses import dataclass, field
from typing import NamedTuple


class Use(NamedTuple):
    """What the cores of this process did between two measurements; 1.0 is one core all the time."""

    cores: int                  # that this process may use
    others: float               # by other programs
    stolen: float               # by other machines on the host of this one
    wanted: int                 # threads that train, without those of paused runs
    beside: float               # by everything but the threads that train: also this process's own that serve the page
    by: dict[int, float]        # by core: by everything but the threads that train on it


@dataclass
class Team:
    """The threads of one run, by their kernel ids."""

    thread: int
    size: int
    name: str
    helpers: list[int] = field(default_factory=list)        # OpenMP's, that compute with `thread`
    ran: dict[int, float] = field(default_factory=dict)     # seconds of processor time of each at the last measurement,
    waited: float = 0.0         # and those that all of them had waited for a core
    cores: list[int] = field(default_factory=list)          # one for each thread; none while they are not pinned
    awake: bool = True
    began: float = field(default_factory=time.monotonic)
