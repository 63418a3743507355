"""A process that decodes pictures: `python -I -S child.py FOLDER BYTES SECONDS`, where Pillow lies in FOLDER and standard input is a socket.

It limits itself before it reads anything: memory to BYTES, open files, core dumps. CPU time is limited to SECONDS a picture: at their end the
kernel kills the process. It ends when the server's end of the socket is closed, so at the latest with the server.
"""

import os
import resource
import signal
import sys
from pathlib import Path

NICE = 2            # training and the page have priority
FILES = 32          # open files; none may be written


def main(pillow: str, memory: int, seconds: float) -> None:
    """Serves requests from standard input until it is closed. `pillow`: the folder that holds Pillow; `memory`: bytes; `seconds`: of a picture."""
    sys.path[:0] = [pillow, str(Path(__file__).parents[3])]
    import PIL

    from playground.render.decoder import squares, structure, wire

    limits = {resource.RLIMIT_CORE: 0, resource.RLIMIT_FSIZE: 0, resource.RLIMIT_NOFILE: FILES}
    if sys.platform == "linux":                         # macOS refuses this limit: there only the size of a picture bounds the memory
        limits[resource.RLIMIT_AS] = memory
    for kind_of_limit, limit in limits.items():
        hard = resource.getrlimit(kind_of_limit)[1]
        limit = limit if hard == resource.RLIM_INFINITY else min(limit, hard)
        resource.setrlimit(kind_of_limit, (limit, limit))
    os.nice(NICE)
    devnull = os.open(os.devnull, os.O_WRONLY)
    os.dup2(devnull, 2)                                 # decoders' warnings are discarded
    os.close(devnull)
    _send(wire.HELLO.pack(wire.MARK, *map(int, PIL.__version__.split(".")[:3])))
    while head := _received(wire.REQUEST.size):
        size, side, fit, kind = wire.REQUEST.unpack(head)
        file = _received(size)
        signal.setitimer(signal.ITIMER_PROF, seconds)
        try:
            structure.check(file)
            pixels = squares.square(file, side or 1, wire.FITS[fit], wire.KINDS[kind])      # its text counts only if it is a picture
            pixels = pixels if side else structure.text(file)
            answer = wire.OK, len(pixels), 0
        except wire.Unfit as unfit:
            pixels, answer = b"", (unfit.code, *unfit.numbers)
        _send(wire.ANSWER.pack(*answer) + pixels)
        signal.setitimer(signal.ITIMER_PROF, 0)


def _received(size: int) -> bytes:
    """`size` bytes from standard input; b"" when the other end is closed."""
    parts = bytearray(size)
    view, at = memoryview(parts), 0
    with open(0, "rb", buffering=0, closefd=False) as socket:
        while at < size:
            if not (n := socket.readinto(view[at:])):
                return b""
            at += n
    return bytes(parts)


def _send(data: bytes) -> None:
    while data:
        data = data[os.write(0, data):]


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]), float(sys.argv[3]))
