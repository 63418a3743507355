"""File operations that the stores share: write a file completely or not at all, thin a series evenly, lock a folder for one process."""

import os
import shutil
import socket
from collections.abc import Callable
from pathlib import Path
from typing import BinaryIO

from playground.config.file_handles import out_of_handles
from playground.types import Refused

try:
    import fcntl
except ImportError:                                     # Windows has no flock; there the folder is not locked
    fcntl = None

ASIDE = ".tmp-"


def write_aside(path: Path, data: bytes, sync: bool = False, ready: Callable[[], None] | None = None) -> None:
    """Put `data` at `path` so that a reader, or a crash, finds the old file or the new one, never a part.

    `sync`: the file survives a power cut too. `ready` is called just before the file is replaced (a disk may delay a write for long); if it raises,
    nothing is replaced. OSError when the disk refuses. In both cases the old file stays and no part is left.
    """
    part = path.with_name(ASIDE + path.name)
    try:
        with part.open("wb") as file:
            file.write(data)
            file.flush()
            if sync:
                os.fsync(file.fileno())
        if ready:
            ready()
        part.replace(path)
    except BaseException:
        part.unlink(missing_ok=True)
        raise
    if sync:
        sync_folder(path.parent)


def sync_folder(folder: Path) -> None:
    """Make renames in `folder` survive a power cut."""
    if os.name != "posix":
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def share(path: Path, target: Path) -> bool:
    """Link `path` under a second name, or copy it where the disk has no links. Returns False when it is gone."""
    try:
        try:
            os.link(path, target)
        except FileNotFoundError:
            raise
        except OSError:
            shutil.copyfile(path, target)
    except FileNotFoundError:
        return False
    return True


def sweep(folder: Path) -> None:
    """Remove the partial files that a killed writer left. Only the folder's one writer may call it."""
    for part in folder.glob(f"{ASIDE}*"):
        part.unlink(missing_ok=True)


def size(folder: Path) -> int:
    """Bytes of all files in a folder; files that vanish meanwhile count 0. OSError when no file handle is left to look with."""
    total = 0
    try:
        with os.scandir(folder) as found:
            for entry in found:
                total += size(Path(entry.path)) if entry.is_dir(follow_symlinks=False) else _entry_size(entry)
    except OSError as error:
        if out_of_handles(error):
            raise
    return total


def _entry_size(entry: os.DirEntry) -> int:
    try:
        return entry.stat(follow_symlinks=False).st_size
    except OSError:
        return 0


def numbered(folder: Path, suffix: str) -> list[int]:
    """The n of every file `<n><suffix>` in `folder`, ascending; none when there is no folder."""
    if not folder.is_dir():
        return []
    names = (name.removesuffix(suffix) for name in os.listdir(folder) if name.endswith(suffix))
    return sorted(int(name) for name in names if name.isdecimal())


def thinned(steps: list[int], most: int) -> list[int]:
    """The `steps` (ascending) that stay: the first in each block of 2^k steps, with the smallest k that leaves at most `most` (at least 1)."""
    kept, block = steps, 1
    while len(kept) > max(1, most):
        block *= 2
        kept = [s for i, s in enumerate(steps) if i == 0 or s // block != steps[i - 1] // block]
    return kept


class Lock:
    """The lock on a data root, held by the one process that uses it; the system releases it when that process dies, however it dies."""

    def __init__(self, root: Path) -> None:
        root.mkdir(parents=True, exist_ok=True)
        self.path = root / "lock"
        self._file: BinaryIO = self.path.open("a+b")
        if fcntl is None:
            return
        try:
            fcntl.flock(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            self._file.seek(0)
            holder = self._file.read(200).decode(errors="replace").strip() or "another process"
            self._file.close()
            raise Refused("PLAYGROUND_DATA", f"{root} is in use by {holder}; stop it, or set PLAYGROUND_DATA to another folder") from None
        self._file.truncate(0)
        self._file.write(f"process {os.getpid()} on {socket.gethostname()}\n".encode())
        self._file.flush()

    def release(self) -> None:
        """Another process may use the root from here on."""
        self._file.close()
