"""Where the threads that train compute: each thread of a run on a core of its own.

The threads of one run wait for each other some hundred times a step, and spin meanwhile: oneDNN's barriers in bfloat16 always, OpenMP's for
milliseconds. Two threads on one core then spin for as long as the kernel lets them, while the one they wait for cannot run; so they are kept on
different cores (by their kernel ids), beside other programs, too. Where those leave little of any core, OpenMP's waits are made short as well.
A run's number of threads decides its bits: it changes only when its worker says so (`resize`).
"""

import contextlib
import logging
import os
import threading
import time
from collections.abc import Iterator

import torch

from playground.config.cpu.openmp_waits import ShortWaits
from playground.config.cpu.procfs import Proc
from playground.config.cpu.team import Team, Use
from playground.config.machine import use_threads

log = logging.getLogger(__name__)
LACK = 0.35             # of a core that training is short of: with more its threads count as crowded
QUEUED = 0.55           # of the time that a thread which trains waits for its core: with more OpenMP's waits are made short
EASE = 0.2              # of a core: with less than this missing,
CALM = 2                # at so many measurements in a row, they no longer do
NOISY = 0.5             # of a core that others use: with more another core is sought
LEAST = 0.4             # seconds between two measurements: the kernel counts in hundredths, and shorter spans say nothing
AWAKE = 0.05            # of the time: a run that computes for less is paused, and needs no core


class Cores:
    """The cores of this process; any thread may call. Where threads cannot be pinned, `why` has the reason and every method does nothing."""

    def __init__(self, proc: Proc | None = None) -> None:
        self.proc, self.why = proc or Proc(), reason()
        self.use: Use | None = None                     # at the last measurement
        self.crowded, self.queued = False, 0.0          # the part of the time that a thread which trains waits for its core
        self._allowed = frozenset() if self.why else frozenset(os.sched_getaffinity(0))
        self._lock, self._teams, self._waits = threading.RLock(), dict[int, Team](), ShortWaits(self.unpin)
        self._calm, self._unrelated = 0, set[int]()       # measurements in a row without lack; threads known to belong to no team
        self._ended = 0.0                               # seconds of processor time since the last measurement, of teams that have ended
        self._last = self._clock()

    @contextlib.contextmanager
    def trains(self, threads: int, device: str = "cpu") -> Iterator[None]:
        """The calling thread trains with so many torch threads within the block. Its OpenMP helpers are found by name, which is the caller's."""
        use_threads(threads)
        me = threading.get_native_id()
        team = Team(me, threads, f"train-{me}"[:15])
        if self.why or device != "cpu" or not self.proc.rename(me, team.name):
            yield
            return
        with self._lock:
            self._wake(team)
            self._teams[me] = team
            self.crowded |= self._lack(self.use.others + self.use.stolen if self.use else 0.0) > LACK
            self._place()
        try:
            yield
        finally:
            with self._lock:
                self._ended += sum(self._find(team).values())
                del self._teams[me]
                self._free(team)
                if not self._teams:
                    self._waits.off()

    def resize(self, threads: int) -> None:
        """Let the calling thread, which trains, go on with so many torch threads."""
        use_threads(threads)
        with self._lock:
            team = self._teams.get(threading.get_native_id())
            if team:
                self._free(team)
                team.size = threads
                self._wake(team)
                self._place()

    def size(self, thread: int) -> int:
        """With how many torch threads the thread of this kernel id trains; 0 when it does not, or that is not known."""
        team = self._teams.get(thread)
        return team.size if team else 0

    def unpin(self) -> None:
        """Let the calling thread compute anywhere: it was started by a thread that trains, and belongs to no team."""
        if not self.why:
            self.proc.rename(threading.get_native_id(), "python")
            self._put(threading.get_native_id(), self._allowed)

    def measure(self) -> Use | None:
        """Measure how busy the cores are, and move threads where that is better. None where nothing can be measured; the last result when it is
        called again too soon."""
        with self._lock:
            if self.why or time.monotonic() - self._last[0] < LEAST:
                return self.use
            if os.getpid() not in self._teams:
                self._allowed = frozenset(os.sched_getaffinity(os.getpid()))
            self._measure()
            self._place()
            if not self.crowded:
                self._waits.off()
            return self.use

    def _clock(self) -> tuple[float, dict, float, float]:
        return time.monotonic(), self.proc.cores(), time.process_time(), self.proc.children_seconds() if self.crowded else 0.0

    def _measure(self) -> None:
        (before, was, own_was, children_were), self._last = self._last, self._clock()
        now, is_, own, children = self._last
        passed = now - before
        mine = dict.fromkeys(self._allowed, 0.0)        # by core, of threads that train
        trained, self._ended, waits = self._ended, 0.0, 0.0
        for team in self._teams.values():
            ran = self._find(team)
            waited, team.waited = team.waited, sum(map(self.proc.waited_seconds, (team.thread, *team.helpers)))
            waits += max(0.0, team.waited - waited) if waited else 0.0
            team.awake = ran[team.thread] > AWAKE * min(passed, now - team.began)
            trained += sum(ran.values())
            for thread, core in zip([team.thread, *team.helpers], team.cores, strict=False):
                mine[core] = mine.get(core, 0.0) + ran.get(thread, 0.0)
        spent = {core: (is_[core].used - was[core].used, is_[core].stolen - was[core].stolen) for core in self._allowed & is_.keys() & was.keys()}
        used, stolen = (sum(column) / passed for column in zip(*spent.values(), strict=True)) if spent else (0.0, 0.0)
        others = used - (own - own_was + (children - children_were if children_were else 0.0)) / passed
        beside = max(0.0, used + stolen - trained / passed)
        by = {core: max(0.0, sum(both) - mine[core]) / passed for core, both in spent.items()}
        self.queued = min(1.0, (waits / passed + stolen) / max(1, self._wanted()))
        self.use = Use(len(self._allowed), max(0.0, others), max(0.0, stolen), self._wanted(), beside, by)
        begun = any(team.began > before for team in self._teams.values())       # then its preparation is not part of the load
        lack = self._lack(self.use.others + self.use.stolen if begun else beside)
        self._calm = 0 if lack > EASE else self._calm + 1
        crowded = lack > LACK or (self.crowded and self._calm < CALM)
        if crowded != self.crowded:
            self.crowded = crowded
            self._last = self._clock()                  # with the children's time, which is only read when it matters

    def _wanted(self) -> int:
        return sum(team.size for team in self._teams.values() if team.awake)

    def _lack(self, taken: float) -> float:
        """How many cores the threads that train are short of when `taken` are in use."""
        return self._wanted() - len(self._allowed) + taken

    def _wake(self, team: Team) -> None:
        self._find(team)
        if team.size > 1:
            for _ in range(4):                          # creates the helpers, or wakes them
                torch.ones(team.size << 17).mul_(2)
        self._find(team)

    def _find(self, team: Team) -> dict[int, float]:
        """Find a team's helpers again: threads of its name that compute. Returns the seconds of processor time of each since the last call."""
        threads, python_threads = self.proc.threads(), {thread.native_id for thread in threading.enumerate()}
        self._unrelated &= set(threads)
        named = []
        for thread in threads:
            if thread not in python_threads and thread not in self._unrelated:
                name = self.proc.name(thread)
                if name == team.name:
                    named.append(thread)
                elif not name.startswith("train-"):
                    self._unrelated.add(thread)
        ran = {thread: self.proc.cpu_seconds(thread) for thread in (team.thread, *named)}
        since = {thread: seconds - team.ran.get(thread, 0.0) for thread, seconds in ran.items()}
        first = sorted(named, key=lambda thread: (-round(since[thread], 3), thread not in team.helpers))
        helpers, team.ran = first[:team.size - 1], ran
        if set(helpers) != set(team.helpers):
            team.helpers, team.cores = helpers, []
        return since

    def _place(self) -> None:
        if self.crowded and self.queued > QUEUED and any(team.size > 1 for team in self._teams.values() if team.awake):
            self._waits.on(len(self._allowed))
        taken: set[int] = set()
        for team in self._teams.values():
            alone = team.size == 1 and self.crowded         # it waits for nobody, and computes wherever there is room
            if alone or not team.awake or team.size > len(self._allowed):
                self._free(team)
                continue
            if not self._good(team, taken):
                team.cores = self._best(team.size, taken)
                for thread, core in zip([team.thread, *team.helpers], team.cores, strict=False):
                    self._put(thread, {core})
            taken |= set(team.cores)

    def _good(self, team: Team, taken: set[int]) -> bool:
        """Whether a team may keep its cores: they are its own while there are enough, and as quiet as others that are free."""
        by = self.use.by if self.use else {}
        if len(team.cores) != team.size or not self._allowed.issuperset(team.cores):
            return False
        free = self._allowed - taken - set(team.cores)
        shared = taken & set(team.cores)
        if shared:
            return not free
        return not any(by.get(core, 0.0) < NOISY / 2 for core in free) or all(by.get(core, 0.0) < NOISY for core in team.cores)

    def _best(self, n: int, taken: set[int]) -> list[int]:
        """The n quietest cores that are not `taken`, while there are such; among equals, those that share no hardware with a taken one."""
        found: list[int] = []
        by = self.use.by if self.use else {}
        for _ in range(n):
            busy = {sibling for core in (*taken, *found) for sibling in self.proc.siblings(core)}
            free = sorted(self._allowed - taken - set(found)) or sorted(self._allowed - set(found))
            found.append(min(free, key=lambda core: (round(4 * by.get(core, 0.0)), core in busy, core)))
        return found

    def _free(self, team: Team) -> None:
        if team.cores:
            for thread in (team.thread, *team.helpers):
                self._put(thread, self._allowed)
            team.cores = []

    def _put(self, thread: int, cores: frozenset[int] | set[int]) -> None:
        try:
            os.sched_setaffinity(thread, cores)
        except ProcessLookupError:
            pass                                        # it has just ended
        except OSError as error:
            self.why = f"the kernel refuses: {error.strerror}"
            log.warning("threads that train are not pinned any more: %s", self.why)


def reason() -> str:
    """Why threads cannot be pinned here; "" when they can."""
    if not hasattr(os, "sched_setaffinity"):
        return "only Linux pins threads by number"
    bound = next((name for name in ("OMP_PROC_BIND", "GOMP_CPU_AFFINITY", "OMP_PLACES", "KMP_AFFINITY") if os.environ.get(name)), "")
    return f"{bound} binds them already" if bound else ""


CORES = Cores()
