"""File handles: as many as the system allows, divided between connections and everything else, and waited for when none are left."""

import errno
import logging
import time
from collections.abc import Callable
from typing import NamedTuple, TypeVar

try:
    import resource
except ImportError:                                     # Windows has no such limit
    resource = None

log = logging.getLogger(__name__)
T = TypeVar("T")
NONE_LEFT = (errno.EMFILE, errno.ENFILE)    # for this process; for the machine
PLENTY = 1 << 16                            # where the system sets no limit
FILES = 512                                 # handles kept for files, pipes and databases
BURST = 32                                  # connections that are accepted in one go, before any is counted
MOST, EACH = 1000, 200                      # connections in all, and of one address, where there are enough handles
AGAIN = 0.1                                 # seconds between two tries
BUSY = "this server has too many files and connections open at the moment: try again soon"


class Room(NamedTuple):
    """How many connections there may be: in all, and of one address."""

    most: int
    each: int


def raise_limit() -> int:
    """Raise this process's limit of file handles as far as the system allows. Returns the limit."""
    if resource is None:
        return PLENTY
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = PLENTY if hard == resource.RLIM_INFINITY else hard
    if soft == resource.RLIM_INFINITY or soft >= wanted:
        return PLENTY if soft == resource.RLIM_INFINITY else soft
    try:
        resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))
    except (ValueError, OSError) as error:              # macOS gives less than it says
        log.warning("the limit of open files stays at %d: %s", soft, error)
        return soft
    return wanted


def room(handles: int) -> Room:
    """The numbers of connections that leave enough handles for everything else: half of them where there are few."""
    most = max(8, min(MOST, handles - min(FILES, handles // 2) - BURST))
    return Room(most, max(4, min(EACH, most // 4)))


def out_of_handles(error: BaseException) -> bool:
    """Whether something failed only because no file handle was left. Readers of files let such an error pass: nothing is damaged."""
    return isinstance(error, OSError) and error.errno in NONE_LEFT


def wait_for_handle(act: Callable[[], T], check: Callable[[], None] = lambda: None, most: float = float("inf")) -> T:
    """Returns what `act` returns; calls it again, for up to `most` seconds, while no file handle is left for it. So it must be repeatable.

    `check` is called before each further try, and may raise.
    """
    end, warned = time.monotonic() + most, False
    while True:
        try:
            return act()
        except OSError as error:
            if not out_of_handles(error) or time.monotonic() >= end:
                raise
        if not warned:
            log.warning("no file handle is left: a run, or who asked, waits for one")
            warned = True
        time.sleep(AGAIN)
        check()
