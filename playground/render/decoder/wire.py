"""The protocol between the server and a decoding process, over a socket: headers of fixed size, then as many bytes as they state or imply."""

import struct

HELLO = struct.Struct(">4s3H")      # MARK, and the version of Pillow: once, when the process is ready
REQUEST = struct.Struct(">IHBB")    # bytes of the file that follows; pixels of a side, 0 for its text; an index of FITS and of KINDS
ANSWER = struct.Struct(">BII")      # a code, and two numbers that go with it; after OK as many bytes follow as the first says: rows of RGB, or text
MARK = b"gan1"

FITS = ("crop", "pad")                              # cropped about the middle, or whole on white
SENT = ("PNG", "JPEG", "WEBP", "GIF", "BMP")        # Pillow has many more formats, some of which call other programs
KINDS = (SENT, (*SENT, "TIFF"))                     # for uploads; for the folder of the server's owner

OK, DAMAGED, LARGE, SCANS, EXIF, MEMORY = range(6)
PIXELS, MOST_SCANS, MOST_EXIF = 25_000_000, 100, 1 << 16        # of a picture; of a JPEG; bytes
BYTES = 100_000_000                                 # of a picture's file
KEYWORD, MOST_TEXT = b"gan-playground", 60_000      # of a PNG's text chunk that is ours, and bytes of its text
SECONDS, MEMORY_LIMIT = 2.0, 1 << 30                # CPU time for one picture; a process's address space in bytes


class Unfit(Exception):
    """A picture cannot be decoded: a code above, and its two numbers."""

    def __init__(self, code: int, a: int = 0, b: int = 0) -> None:
        super().__init__(code, a, b)
        self.code, self.numbers = code, (min(a, 0xFFFFFFFF), min(b, 0xFFFFFFFF))
