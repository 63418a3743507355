"""A disk of a few megabytes, really full when it is filled. Root on Linux mounts one; nobody else can."""

import errno
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

import pytest


class Disk:
    def __init__(self, root: Path) -> None:
        self.root, self.filler = root, root / "filler"

    def fill(self, leave: int = 0) -> None:
        """Until there is no room for a byte; then give back about `leave` bytes."""
        with self.filler.open("ab", buffering=0) as file:
            for block in (1 << 16, 1 << 12, 1):
                with pytest.raises(OSError) as full:    # noqa: PT011
                    self._write(file, block)
                assert full.value.errno == errno.ENOSPC
            file.truncate(max(0, file.tell() - leave))

    def narrow(self, leave: int) -> None:
        """Until about `leave` bytes are free; it is never full on the way."""
        with self.filler.open("ab", buffering=0) as file:
            file.write(bytes(max(0, shutil.disk_usage(self.root).free - leave)))

    def _write(self, file: BinaryIO, block: int) -> None:
        while True:
            file.write(b"x" * block)

    def clear(self) -> None:
        self.filler.unlink()


@contextmanager
def small_disk(root: Path, megabytes: int = 4) -> Iterator[Disk]:
    root.mkdir()
    mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={megabytes}m", "playground-test", str(root)], capture_output=True, check=False)
    if mounted.returncode:
        pytest.skip("only root can mount a small disk")
    try:
        yield Disk(root)
    finally:
        subprocess.run(["umount", "--lazy", str(root)], check=True)
