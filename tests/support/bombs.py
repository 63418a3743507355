"""Pictures that cost far more to decode than they weigh."""

import io
import re
import struct
import zlib
from functools import cache

from PIL import Image

EXIF = b"Exif\0\0"
EMPTY = b"MM\0*\0\0\0\x08" + bytes(6)       # EXIF that says nothing
LARGE = 5000            # pixels of a side: as many as are taken at all


def chunk(kind: bytes, body: bytes) -> bytes:
    """One of a PNG's."""
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))


def png_with(*chunks: bytes) -> bytes:
    """A PNG of 16 x 16 with more chunks after its header."""
    out = io.BytesIO()
    Image.new("RGB", (16, 16), "teal").save(out, "PNG")
    whole = out.getvalue()
    return b"".join([whole[:33], *chunks, whole[33:]])


def exif_png(size: int = 3_000_000) -> bytes:
    """Its EXIF begins with its own mark so often that it is `size` bytes long: readers that cut one off at a time copy the rest each time."""
    return png_with(chunk(b"eXIf", EXIF * (size // len(EXIF))))


def profile_png(size: int = 3_000_000, keyword: bytes = b"Raw profile type exif", kind: bytes = b"zTXt") -> bytes:
    """The same as a text in hexadecimal, packed, as old programs write it."""
    text = b"\nexif\n%8d\n" % size + (EXIF * (size // len(EXIF))).hex().encode()
    before = {b"zTXt": b"\0\0", b"iTXt": b"\0\1\0\0\0", b"tEXt": b"\0"}[kind]
    return png_with(chunk(kind, keyword + before + (text if kind == b"tEXt" else zlib.compress(text))))


@cache
def scans_jpeg(scans: int = 1000, side: int = LARGE) -> bytes:
    """A progressive JPEG whose last scan, of a few bytes, comes again and again: each is gone through block by block."""
    out = io.BytesIO()
    Image.new("L", (side, side)).save(out, "JPEG", progressive=True)
    whole = out.getvalue()
    last = [found.start() for found in re.finditer(rb"\xff\xda", whole)][-1]
    return whole[:last] + whole[last:-2] * scans + whole[-2:]


@cache
def large_png(n: int = 0) -> bytes:
    """25 million pixels of RGBA, all alike, in 110 kB."""
    row = b"\0" + bytes((n % 256, 20, 30, 200)) * LARGE
    packer = zlib.compressobj(9)
    body = b"".join([*(packer.compress(row) for _ in range(LARGE)), packer.flush()])
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", struct.pack(">2I5B", LARGE, LARGE, 8, 6, 0, 0, 0)) + chunk(b"IDAT", body) + chunk(b"IEND", b"")


def segment(mark: int, body: bytes) -> bytes:
    """One of a JPEG's."""
    return struct.pack(">BBH", 0xFF, mark, len(body) + 2) + body


def exif_jpeg(size: int) -> bytes:
    """EXIF of so many bytes, in as many segments as that takes."""
    out = io.BytesIO()
    Image.new("RGB", (16, 16), "teal").save(out, "JPEG")
    whole, most = out.getvalue(), 0xFFFF - 2 - len(EXIF)
    said = EMPTY.ljust(size, b"\0")
    parts = [segment(0xE1, EXIF + said[at:at + most]) for at in range(0, size, most)]
    return whole[:2] + b"".join(parts) + whole[2:]


def exif_webp(size: int) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (16, 16), "teal").save(out, "WEBP", exif=EMPTY.ljust(size, b"\0"))
    return out.getvalue()
