"""Processors, processes and threads as Linux reports them in /proc, as numbers; empty elsewhere, and where a file is hidden."""

import contextlib
import os
from collections import defaultdict
from pathlib import Path
from typing import NamedTuple

TICKS = os.sysconf("SC_CLK_TCK") if hasattr(os, "sysconf") else 100         # of /proc/stat, a second


class Time(NamedTuple):
    """Seconds of one core since the machine started."""

    used: float             # by programs and the kernel
    stolen: float           # by the host of this virtual machine, for others


class Proc:
    """Reads /proc and /sys; `root` and `system` are other folders in tests."""

    def __init__(self, root: Path = Path("/proc"), system: Path = Path("/sys/devices/system/cpu")) -> None:
        self.root, self.system = root, system

    def cores(self) -> dict[int, Time]:
        """The times of every core that is online; {} where nothing is reported."""
        try:
            lines = (self.root / "stat").read_text().splitlines()
        except OSError:
            return {}
        found = {}
        for name, *fields in (line.split() for line in lines if line.startswith("cpu")):
            if name[3:].isdecimal():
                user, nice, system, _, _, irq, softirq, stolen = (int(ticks) / TICKS for ticks in (fields + ["0"] * 8)[:8])
                found[int(name[3:])] = Time(user + nice + system + irq + softirq, stolen)
        return found

    def threads(self) -> list[int]:
        """The kernel ids of this process's threads; [] where nothing is reported."""
        try:
            return [int(name) for name in os.listdir(self.root / "self" / "task")]
        except OSError:
            return []

    def name(self, thread: int) -> str:
        """The kernel's name for a thread of this process; "" when it has ended. A new thread has the name of the one that started it."""
        try:
            return (self.root / "self" / "task" / str(thread) / "comm").read_text().strip()
        except OSError:
            return ""

    def rename(self, thread: int, name: str) -> bool:
        """Give a thread a name of at most 15 characters. Returns False where that is not possible."""
        try:
            (self.root / "self" / "task" / str(thread) / "comm").write_text(name)
        except OSError:
            return False
        return self.name(thread) == name

    def cpu_seconds(self, thread: int) -> float:
        """Seconds of processor time that a thread of this process has had; 0.0 when it has ended, or nothing is reported."""
        task = self.root / "self" / "task" / str(thread)
        with contextlib.suppress(OSError, IndexError):          # some kernels are built without it
            return int((task / "schedstat").read_text().split()[0]) / 1e9
        with contextlib.suppress(OSError):
            return _spent((task / "stat").read_text())[1]
        return 0.0

    def waited_seconds(self, thread: int) -> float:
        """Seconds that a thread of this process could have computed and had no core; 0.0 when it has ended, or nothing is reported."""
        with contextlib.suppress(OSError, IndexError):
            return int((self.root / "self" / "task" / str(thread) / "schedstat").read_text().split()[1]) / 1e9
        return 0.0

    def siblings(self, core: int) -> set[int]:
        """The cores that share hardware with this one, including itself."""
        try:
            text = (self.system / f"cpu{core}" / "topology" / "thread_siblings_list").read_text()
        except OSError:
            return {core}
        spans = [part.split("-") for part in text.strip().split(",")]
        return {n for first, *last in spans for n in range(int(first), int((last or [first])[0]) + 1)}

    def children_seconds(self) -> float:
        """Seconds of processor time that this process's descendants have had, ended ones included."""
        children, spent = defaultdict(list), {}
        for folder in self.root.iterdir() if self.root.is_dir() else ():
            if folder.name.isdecimal():
                with contextlib.suppress(OSError):              # it has just ended
                    parent, spent[int(folder.name)] = _spent((folder / "stat").read_text())
                    children[parent].append(int(folder.name))
        ended, left = os.times(), list(children[os.getpid()])
        total = ended.children_user + ended.children_system
        while left:
            child = left.pop()
            total += spent[child]
            left += children[child]
        return total


def _spent(stat: str) -> tuple[int, float]:
    """(parent, seconds of processor time) in a process's or thread's "stat"."""
    fields = stat.rsplit(")", 1)[1].split()
    return int(fields[1]), (int(fields[11]) + int(fields[12])) / TICKS
