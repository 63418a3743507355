"""What this machine offers, and the settings about it from the environment. Each error names its variable and what is allowed."""

import ctypes
import os
import re
import sys
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import torch

from playground.types import Refused

M_TRIM_THRESHOLD, M_MMAP_THRESHOLD, M_ARENA_MAX = -1, -3, -8
ARENAS = 4          # of malloc, shared by all threads: each keeps the most that one of its threads ever needed
CPU = "/proc/cpuinfo"
SPACE_DISK = Path("/data")          # a Hugging Face Space's persistent disk, where it has one


@dataclass(frozen=True)
class Machine:
    """What runs train with."""

    device: str         # "cpu", "cuda", "cuda:1", "mps"
    cores: int          # that this process may use
    workers: int        # how many runs train at once
    precision: str = "float32"      # of runs on images: "float32" or "bfloat16"
    fixed: int = 0                  # torch threads of runs on images, when PLAYGROUND_THREADS sets them

    @property
    def threads(self) -> int:
        """The most torch threads of one run."""
        return self.fixed or max(1, self.cores // self.workers)

    @property
    def tries(self) -> bool:
        """Whether a run's number of threads is chosen by timing: all that it may have, or one."""
        return not self.fixed and self.threads > 1 and self.device == "cpu"


def machine(env: Mapping[str, str] = os.environ) -> Machine:
    """PLAYGROUND_DEVICE, PLAYGROUND_WORKERS, PLAYGROUND_PRECISION and PLAYGROUND_THREADS, checked. Refused names the variable."""
    chosen = device(env)
    return Machine(chosen, cores(), workers(env), precision(chosen, env), threads(env))


def device(env: Mapping[str, str] = os.environ) -> str:
    """The device that runs train on: PLAYGROUND_DEVICE, or the best there is."""
    available = {"cpu": True, "cuda": torch.cuda.is_available(), "mps": torch.backends.mps.is_available()}
    value = env.get("PLAYGROUND_DEVICE", "auto").strip().lower() or "auto"
    if value == "auto":
        return next(name for name in ("cuda", "mps", "cpu") if available[name])
    allowed = ", ".join(["auto", *(name for name, is_there in available.items() if is_there)])
    if not re.fullmatch(r"cpu|mps|cuda(:\d{1,2})?", value) or not available[value.split(":")[0]]:
        raise Refused("PLAYGROUND_DEVICE", f"PLAYGROUND_DEVICE must be one of {allowed}; it is {value[:40]!r}")
    if value.startswith("cuda:") and int(value[5:]) >= torch.cuda.device_count():
        raise Refused("PLAYGROUND_DEVICE", f"PLAYGROUND_DEVICE: there are {torch.cuda.device_count()} CUDA devices, counted from 0; it is {value!r}")
    return value


def workers(env: Mapping[str, str] = os.environ) -> int:
    """How many runs train at once: PLAYGROUND_WORKERS, 1 by default."""
    value, most = env.get("PLAYGROUND_WORKERS", "").strip() or "1", max(cores(), 4)
    if not value.isdecimal() or not 1 <= int(value[:6]) <= most:
        raise Refused("PLAYGROUND_WORKERS", f"PLAYGROUND_WORKERS must be a whole number between 1 and {most}; it is {value[:40]!r}")
    return int(value)


def threads(env: Mapping[str, str] = os.environ) -> int:
    """Torch threads of every run on images: PLAYGROUND_THREADS; 0 for "auto", which times them."""
    value, most = env.get("PLAYGROUND_THREADS", "auto").strip().lower() or "auto", cores()
    if value == "auto":
        return 0
    if not value.isdecimal() or not 1 <= int(value[:6]) <= most:
        raise Refused("PLAYGROUND_THREADS", f"PLAYGROUND_THREADS must be auto or a whole number between 1 and {most}; it is {value[:40]!r}")
    return int(value)


def precision(device: str, env: Mapping[str, str] = os.environ) -> str:
    """What networks for images compute in: PLAYGROUND_PRECISION, or bfloat16 on a CPU that has instructions for it."""
    value = env.get("PLAYGROUND_PRECISION", "auto").strip().lower() or "auto"
    if value not in ("auto", "float32", "bfloat16"):
        raise Refused("PLAYGROUND_PRECISION", f"PLAYGROUND_PRECISION must be one of auto, float32, bfloat16; it is {value[:40]!r}")
    if value != "auto":
        return value
    able = re.search(r"^flags\b.*\b(avx512_bf16|amx_bf16)\b", _read(CPU), re.MULTILINE)
    return "bfloat16" if device == "cpu" and able else "float32"


def chosen_root(env: Mapping[str, str] = os.environ) -> Path:
    """Where runs are kept: PLAYGROUND_DATA; a Space's persistent disk where there is one; else ./data. It may not exist yet."""
    value = env.get("PLAYGROUND_DATA", "").strip()
    usual = Path("data")
    if env.get("SPACE_ID"):                             # whose repository may be read-only
        usual = SPACE_DISK if os.access(SPACE_DISK, os.W_OK) else usual if os.access(".", os.W_OK) else Path(tempfile.gettempdir(), "playground")
    return Path(value).expanduser() if value else usual


def root(env: Mapping[str, str] = os.environ) -> Path:
    """The folder of `chosen_root`, made when absent. Refused("PLAYGROUND_DATA", ...) when it cannot be written."""
    folder = chosen_root(env)
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise Refused("PLAYGROUND_DATA", f"PLAYGROUND_DATA must be a folder that can be written; {folder}: {error.strerror}") from None
    if not os.access(folder, os.W_OK | os.X_OK):
        raise Refused("PLAYGROUND_DATA", f"PLAYGROUND_DATA must be a folder that can be written; {folder} cannot")
    return folder.resolve()


def folder(env: Mapping[str, str] = os.environ) -> Path | None:
    """PLAYGROUND_FOLDER, a folder of one's own pictures to train on; None when it is not set."""
    value = env.get("PLAYGROUND_FOLDER", "").strip()
    if not value:
        return None
    found = Path(value).expanduser()
    if not found.is_dir() or not os.access(found, os.R_OK | os.X_OK):
        raise Refused("PLAYGROUND_FOLDER", f"PLAYGROUND_FOLDER must be a folder of pictures that can be read; it is {value[:80]!r}")
    return found.resolve()


def cores() -> int:
    """How many processors this process may use; a container's quota counts."""
    found = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    quota = _read("/sys/fs/cgroup/cpu.max").split()
    if len(quota) == 2 and quota[0].isdecimal():
        found = min(found, max(1, int(quota[0]) // int(quota[1])))
    return found


def use_threads(n: int) -> None:
    """Set the torch threads of the calling thread, independently of other threads.

    The number that a thread sets is its own, but also becomes the default of threads that have not computed yet, even if they had set another before.
    Reading the number counts as computing.
    """
    torch.get_num_threads()
    torch.set_num_threads(n)


def free_memory(device: str = "cpu") -> int:
    """Bytes still available on `device`; a container's limit counts."""
    if device.startswith("cuda"):
        return torch.cuda.mem_get_info(device)[0]
    available = re.search(r"MemAvailable:\s+(\d+) kB", _read("/proc/meminfo"))
    if available:
        free = int(available[1]) * 1024
    elif hasattr(os, "sysconf") and "SC_PHYS_PAGES" in os.sysconf_names:
        free = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE") // 2
    else:
        free = 4 << 30
    limit, used = _read("/sys/fs/cgroup/memory.max").strip(), _read("/sys/fs/cgroup/memory.current").strip()
    if limit.isdecimal() and used.isdecimal():
        free = min(free, max(0, int(limit) - int(used)))
    return free


def tune_malloc() -> bool:
    """Keep large freed blocks in the process rather than return them and fault them in again at every step (up to 1.5 times faster);
    in arenas that all threads share, else every run would leave some 50 MB behind.

    Call once, before training. Returns whether it was done: only glibc has it.
    """
    if not sys.platform.startswith("linux"):
        return False
    libc = ctypes.CDLL(None)
    if not hasattr(libc, "gnu_get_libc_version"):
        return False
    wanted = {M_MMAP_THRESHOLD: 1 << 30, M_TRIM_THRESHOLD: 2**31 - 1, M_ARENA_MAX: ARENAS}
    accepted = [libc.mallopt(name, value) for name, value in wanted.items()]
    return all(accepted)


def _read(path: str) -> str:
    """The text of a small system file; "" where there is none."""
    try:
        return Path(path).read_text()
    except OSError:
        return ""
