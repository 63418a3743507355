"""How long OpenMP's threads spin while they wait for each other: switched for the whole process while it computes."""

import threading
from collections.abc import Callable

import torch

PART = 1 << 15          # numbers up to which torch uses one thread
PATIENCE = 5.0          # seconds


class ShortWaits:
    """While on, a thread that waits falls asleep at once; else it spins for some milliseconds first.

    GNU's OpenMP, which torch ships on Linux, spins only briefly while it manages more threads than there are cores (its manual, under
    GOMP_SPINCOUNT). So an extra thread holds one more than that, asleep. Other OpenMP libraries ignore it.
    """

    def __init__(self, begin: Callable[[], None]) -> None:
        """`begin` is called first in the extra thread."""
        self.begin = begin
        self._stop: threading.Event | None = None
        self._thread: threading.Thread | None = None

    @property
    def is_on(self) -> bool:
        """Whether waits are short."""
        return self._thread is not None

    def on(self, cores: int) -> None:
        """Make waits short; `cores`: that this process may use."""
        if self._thread:
            return
        ready, self._stop = threading.Event(), threading.Event()
        self._thread = threading.Thread(target=self._hold, args=(cores + 1, ready, self._stop), name="short waits", daemon=True)
        self._thread.start()
        ready.wait(PATIENCE)

    def off(self) -> None:
        """Let threads spin again."""
        if self._thread:
            self._stop.set()
            self._thread.join(PATIENCE)
            self._thread = None

    def _hold(self, threads: int, ready: threading.Event, stop: threading.Event) -> None:
        self.begin()
        usual = torch.get_num_threads()                 # the default of threads that set no number
        torch.set_num_threads(threads)
        try:
            torch.ones(threads * PART).mul_(2)
        finally:
            torch.set_num_threads(usual)
            ready.set()
        stop.wait()                                     # the OpenMP threads end with this one
