"""The server's side of a decoding process: sends one picture after the other, and kills the process when one takes too long."""

import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

from playground.render.decoder import wire
from playground.types import Refused

CHILD = Path(__file__).with_name("child.py")
START, PATIENCE = 30.0, 5.0         # seconds of wall time, generous for a busy machine: to start, and for one picture
KEPT = ("LD_LIBRARY_PATH", "SYSTEMROOT", "TZ")      # environment variables that are passed on: no keys, no tokens


class Lost(Refused):
    """The decoding process was killed, or crashed, on a picture."""


class Process:
    """A decoding process. For one thread at a time, and for the pictures of one person only, so that nobody's data meet another's."""

    def __init__(self, pillow: Path, memory: int = wire.MEMORY_LIMIT, seconds: float | None = None) -> None:
        """`pillow`: the folder of Pillow; `memory`: the limit in bytes; `seconds`: the CPU time for a picture, by default `wire.SECONDS`.

        Refused("server", ...) when the process does not start.
        """
        self.version, self.pictures, self.seconds = (0, 0, 0), 0, wire.SECONDS if seconds is None else seconds
        ours, theirs = socket.socketpair()
        try:
            with theirs:
                env = {name: os.environ[name] for name in KEPT if name in os.environ}
                command = [sys.executable, "-I", "-S", str(CHILD), str(pillow), str(memory), str(self.seconds)]
                self.running = subprocess.Popen(command, stdin=theirs, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, env=env, cwd="/",
                                                start_new_session=True)
        except OSError as error:
            ours.close()
            raise Refused("server", f"pictures cannot be decoded now: {error.strerror or error}") from error
        self._socket = ours
        try:
            mark, *version = wire.HELLO.unpack(self._received(wire.HELLO.size, time.monotonic() + START))
        except (OSError, EOFError) as error:
            self.close()
            last_line = (self.running.stderr.read() or b"").decode(errors="replace").strip().splitlines()[-1:]
            raise Refused("server", "pictures cannot be decoded here: the process for that does not start") from RuntimeError(last_line or error)
        finally:
            self.running.stderr.close()
        if mark != wire.MARK:
            self.close()
            raise Refused("server", "pictures cannot be decoded here: another program answers in place of the process for that")
        self.version = tuple(version)

    def square(self, file: bytes, side: int, fit: str = "crop", kind: int = 0) -> bytes:
        """side * side * 3 bytes, RGB. Refused("file", ...) for an undecodable picture; Lost when the process ends on it, and is then closed."""
        return self._asked(file, side, fit, kind)

    def text(self, file: bytes) -> bytes:
        """The text that a PNG of ours carries, b"" of others. Refused and Lost as `square`."""
        return self._asked(file, 0, wire.FITS[0], 0)

    def _asked(self, file: bytes, side: int, fit: str, kind: int) -> bytes:
        end = time.monotonic() + PATIENCE
        self.pictures += 1
        try:
            self._socket.settimeout(PATIENCE)
            self._socket.sendall(wire.REQUEST.pack(len(file), side, wire.FITS.index(fit), kind))
            self._socket.sendall(file)
            code, a, b = wire.ANSWER.unpack(self._received(wire.ANSWER.size, end))
            if code == wire.OK:
                return self._received(3 * side * side if side else min(a, wire.MOST_TEXT), end)
        except TimeoutError:
            self.close()
            raise Lost("file", self._loss_message(None)) from None
        except (OSError, EOFError):
            self.close()
            raise Lost("file", self._loss_message(self.running.returncode)) from None
        if code == wire.MEMORY:                 # the memory that it still holds would be missing for the next picture
            self.close()
        raise Refused("file", message_of(code, a, b))

    def close(self) -> None:
        """Kill the process and wait until it has ended."""
        self._socket.close()
        if self.running.poll() is None:
            try:                                # it may be ending by itself: its exit code is worth knowing
                self.running.wait(0.2)
            except subprocess.TimeoutExpired:
                self.running.kill()
        self.running.wait()

    @property
    def closed(self) -> bool:
        """Whether the process was closed, or lost."""
        return self._socket.fileno() == -1

    def _loss_message(self, code: int | None) -> str:
        if code in (None, -signal.SIGPROF, -signal.SIGALRM):
            return f"decoding it takes longer than {self.seconds:g} seconds"
        return "its decoder broke down on it"

    def _received(self, size: int, end: float) -> bytes:
        parts = bytearray(size)
        view, at = memoryview(parts), 0
        while at < size:
            self._socket.settimeout(max(1e-3, end - time.monotonic()))
            if not (n := self._socket.recv_into(view[at:])):
                raise EOFError
            at += n
        return bytes(parts)


def message_of(code: int, a: int, b: int) -> str:
    """The message for an answer code; never a text from the process."""
    if code == wire.LARGE:
        return f"a picture has at most {wire.PIXELS // 10 ** 6} million pixels; this one has {a} x {b}"
    if code == wire.SCANS:
        return f"a progressive JPEG has at most {wire.MOST_SCANS} scans; this one has {a:,}"
    if code == wire.EXIF:
        return f"a picture's EXIF has at most {wire.MOST_EXIF >> 10} kB; this one's has more"
    if code == wire.MEMORY:
        return f"decoding it takes more than {wire.MEMORY_LIMIT >> 20} MB of memory"
    return "this is no whole picture of a kind that is read here: PNG, JPEG, WebP, GIF or BMP"
