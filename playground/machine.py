"""What this machine offers, and the settings that are read from the environment. Each error names its variable and what is allowed."""

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
ARENAS = 4          # that threads share: each keeps what its greediest thread once needed
CPU = "/proc/cpuinfo"
SPACE_DISK = Path("/data")          # a Hugging Face Space's persistent disk, where it has one


@dataclass(frozen=True)
class Machine:
    device: str         # "cpu", "cuda", "cuda:1", "mps"
    cores: int          # those that this process may use
    workers: int        # runs that train at once
    precision: str = "float32"      # of runs on images: "float32" or "bfloat16"

    @property
    def threads(self) -> int:
        """Torch threads for each run."""
        return max(1, self.cores // self.workers)


def machine(env: Mapping[str, str] = os.environ) -> Machine:
    """PLAYGROUND_DEVICE, PLAYGROUND_WORKERS and PLAYGROUND_PRECISION, checked. Refused names the variable."""
    chosen = device(env)
    return Machine(chosen, cores(), workers(env), precision(chosen, env))


def device(env: Mapping[str, str] = os.environ) -> str:
    """What runs train on: PLAYGROUND_DEVICE, or the best there is."""
    here = {"cpu": True, "cuda": torch.cuda.is_available(), "mps": torch.backends.mps.is_available()}
    asked = env.get("PLAYGROUND_DEVICE", "auto").strip().lower() or "auto"
    if asked == "auto":
        return next(name for name in ("cuda", "mps", "cpu") if here[name])
    allowed = ", ".join(["auto", *(name for name, there in here.items() if there)])
    if not re.fullmatch(r"cpu|mps|cuda(:\d{1,2})?", asked) or not here[asked.split(":")[0]]:
        raise Refused("PLAYGROUND_DEVICE", f"PLAYGROUND_DEVICE must be one of {allowed}; it is {asked[:40]!r}")
    if asked.startswith("cuda:") and int(asked[5:]) >= torch.cuda.device_count():
        raise Refused("PLAYGROUND_DEVICE", f"PLAYGROUND_DEVICE: there are {torch.cuda.device_count()} CUDA devices, counted from 0; it is {asked!r}")
    return asked


def workers(env: Mapping[str, str] = os.environ) -> int:
    """How many runs train at once: PLAYGROUND_WORKERS, 1 unless said otherwise."""
    asked, most = env.get("PLAYGROUND_WORKERS", "").strip() or "1", max(cores(), 4)
    if not asked.isdecimal() or not 1 <= int(asked[:6]) <= most:
        raise Refused("PLAYGROUND_WORKERS", f"PLAYGROUND_WORKERS must be a whole number between 1 and {most}; it is {asked[:40]!r}")
    return int(asked)


def precision(device: str, env: Mapping[str, str] = os.environ) -> str:
    """What networks for images compute in: PLAYGROUND_PRECISION, or bfloat16 on a CPU that has instructions for it."""
    asked = env.get("PLAYGROUND_PRECISION", "auto").strip().lower() or "auto"
    if asked not in ("auto", "float32", "bfloat16"):
        raise Refused("PLAYGROUND_PRECISION", f"PLAYGROUND_PRECISION must be one of auto, float32, bfloat16; it is {asked[:40]!r}")
    if asked != "auto":
        return asked
    able = re.search(r"^flags\b.*\b(avx512_bf16|amx_bf16)\b", _read(CPU), re.MULTILINE)
    return "bfloat16" if device == "cpu" and able else "float32"


def chosen_root(env: Mapping[str, str] = os.environ) -> Path:
    """Where runs are kept: PLAYGROUND_DATA; a Space's persistent disk where there is one; else ./data. It may be absent."""
    asked = env.get("PLAYGROUND_DATA", "").strip()
    usual = Path("data")
    if env.get("SPACE_ID"):                             # whose repository may be read-only
        usual = SPACE_DISK if os.access(SPACE_DISK, os.W_OK) else usual if os.access(".", os.W_OK) else Path(tempfile.gettempdir(), "playground")
    return Path(asked).expanduser() if asked else usual


def root(env: Mapping[str, str] = os.environ) -> Path:
    """That folder, made when absent. Refused("PLAYGROUND_DATA", ...) when nothing can be written there."""
    folder = chosen_root(env)
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise Refused("PLAYGROUND_DATA", f"PLAYGROUND_DATA must be a folder that can be written; {folder}: {error.strerror}") from None
    if not os.access(folder, os.W_OK | os.X_OK):
        raise Refused("PLAYGROUND_DATA", f"PLAYGROUND_DATA must be a folder that can be written; {folder} cannot")
    return folder.resolve()


def folder(env: Mapping[str, str] = os.environ) -> Path | None:
    """PLAYGROUND_FOLDER, pictures of one's own to train on; None when it is not set."""
    asked = env.get("PLAYGROUND_FOLDER", "").strip()
    if not asked:
        return None
    found = Path(asked).expanduser()
    if not found.is_dir() or not os.access(found, os.R_OK | os.X_OK):
        raise Refused("PLAYGROUND_FOLDER", f"PLAYGROUND_FOLDER must be a folder of pictures that can be read; it is {asked[:80]!r}")
    return found.resolve()


def cores() -> int:
    """The processors that this process may use; a container's quota counts."""
    found = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    quota = _read("/sys/fs/cgroup/cpu.max").split()
    if len(quota) == 2 and quota[0].isdecimal():
        found = min(found, max(1, int(quota[0]) // int(quota[1])))
    return found


def use_threads(n: int) -> None:
    """Torch threads of the calling thread, whatever others ask for.

    What a thread asks for is its own, but also what others get that have not computed yet, even if they had asked for something else before.
    Reading the number counts as computing.
    """
    torch.get_num_threads()
    torch.set_num_threads(n)


def free_memory(device: str = "cpu") -> int:
    """Bytes that can still be had on `device`; a container's limit counts."""
    if device.startswith("cuda"):
        return torch.cuda.mem_get_info(device)[0]
    said = re.search(r"MemAvailable:\s+(\d+) kB", _read("/proc/meminfo"))
    if said:
        free = int(said[1]) * 1024
    elif hasattr(os, "sysconf") and "SC_PHYS_PAGES" in os.sysconf_names:
        free = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE") // 2
    else:
        free = 4 << 30
    limit, used = _read("/sys/fs/cgroup/memory.max").strip(), _read("/sys/fs/cgroup/memory.current").strip()
    if limit.isdecimal() and used.isdecimal():
        free = min(free, max(0, int(limit) - int(used)))
    return free


def tune_malloc() -> bool:
    """Keep large freed blocks in the process rather than give them back and fault them in again at every step (up to 1.5 times faster);
    for all threads together, else every run would leave some 50 MB more behind.

    Call once, before training. Whether it was done: only glibc has it.
    """
    if not sys.platform.startswith("linux"):
        return False
    libc = ctypes.CDLL(None)
    if not hasattr(libc, "gnu_get_libc_version"):
        return False
    wanted = {M_MMAP_THRESHOLD: 1 << 30, M_TRIM_THRESHOLD: 2**31 - 1, M_ARENA_MAX: ARENAS}
    done = [libc.mallopt(name, value) for name, value in wanted.items()]
    return all(done)


def _read(path: str) -> str:
    """A small system file's text; nothing where there is none."""
    try:
        return Path(path).read_text()
    except OSError:
        return ""
