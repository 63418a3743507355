"""Checks a picture's container before it is decoded: rejects JPEGs with too many scans, and too much EXIF.

Sources: ITU-T T.81 (JPEG), annex B; PNG, third edition, 11.3; the WebP container specification.
"""

import re
import zlib
from collections.abc import Iterator

from playground.render.decoder.wire import EXIF, KEYWORD, LARGE, MOST_EXIF, MOST_SCANS, MOST_TEXT, PIXELS, SCANS, Unfit

PNG, JPEG = b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff"
MARKER = re.compile(rb"\xff+([^\x00\xff\xd0-\xd7])", re.DOTALL)     # except those within a scan: an escaped FF, and restarts
STANDALONE = (0x01, 0xD8)                       # markers without a segment
EOI, SOS, APP1 = 0xD9, 0xDA, 0xE1
HEX = (b"Raw profile type exif", b"Raw profile type APP1")          # keywords of PNG texts that hold EXIF in hexadecimal


def check(file: bytes) -> None:
    """Raises Unfit for more than MOST_SCANS scans, more than MOST_EXIF bytes of EXIF, or a WebP canvas of more than PIXELS; checks nothing else."""
    exif = 0
    if file.startswith(JPEG):
        exif = jpeg(file)
    elif file.startswith(PNG):
        exif = sum(_exif_of_png(kind, body) for kind, body in chunks(file, 8, "big", 12))
    elif file.startswith(b"RIFF") and file[8:12] == b"WEBP":
        for kind, body in chunks(file, 12, "little", 8):
            if kind == b"EXIF":
                exif += len(body)
            elif kind == b"VP8X" and len(body) >= 10:               # its decoder allocates the canvas before it reports the size
                w, h = (int.from_bytes(body[at:at + 3], "little") + 1 for at in (4, 7))
                if w * h > PIXELS:
                    raise Unfit(LARGE, w, h)
    if exif > MOST_EXIF:
        raise Unfit(EXIF, exif)


def jpeg(file: bytes) -> int:
    """Bytes of EXIF in a JPEG. Raises Unfit(SCANS) for too many scans, however damaged the rest is."""
    at, scans, exif = 2, 0, 0
    while (found := MARKER.search(file, at)) and found[1][0] != EOI:
        mark, at = found[1][0], found.end()
        if mark in STANDALONE:
            continue
        length = int.from_bytes(file[at:at + 2], "big")
        if mark == APP1 and file[at + 2:at + 6] == b"Exif":
            exif += max(0, length - 8)
        if mark == SOS:
            scans += 1
        at += max(2, length)
    if scans > MOST_SCANS:
        raise Unfit(SCANS, scans)
    return exif


def chunks(file: bytes, at: int, order: str, around: int) -> Iterator[tuple[bytes, memoryview]]:
    """(kind, body) of a PNG's or a RIFF's chunks from `at` on; `around`: bytes of a chunk besides its body. RIFF chunks begin at even offsets."""
    whole, riff = memoryview(file), order == "little"
    while at + 8 <= len(file):
        first, second = bytes(whole[at:at + 4]), bytes(whole[at + 4:at + 8])
        kind, size = (first, second) if riff else (second, first)
        size = int.from_bytes(size, order)
        yield kind, whole[at + 8:at + 8 + size]
        if kind == b"IEND":
            break
        at += around + size + (size % 2 if riff else 0)


def text(file: bytes) -> bytes:
    """The text under KEYWORD in a PNG, b"" without one or with one that is too long. Such a text is ASCII and not compressed."""
    for kind, body in chunks(file, 8, "big", 12) if file.startswith(PNG) else ():
        if kind == b"tEXt" and len(body) <= len(KEYWORD) + 1 + MOST_TEXT:
            keyword, _, found = bytes(body).partition(b"\0")
            if keyword == KEYWORD and found.isascii():
                return found
    return b""


def _exif_of_png(kind: bytes, body: memoryview) -> int:
    """Bytes of EXIF in a PNG chunk; a compressed one is unpacked only until it is too large."""
    if kind == b"eXIf":
        return len(body)
    if kind not in (b"tEXt", b"zTXt", b"iTXt"):
        return 0
    keyword, _, rest = bytes(body).partition(b"\0")
    if keyword not in HEX:
        return 0
    packed = kind == b"zTXt" or (kind == b"iTXt" and rest[:1] == b"\1")
    text = rest[1:] if kind == b"zTXt" else rest if kind == b"tEXt" else b"".join(rest[2:].split(b"\0", 2)[2:])
    if packed:
        try:
            text = zlib.decompressobj().decompress(text, 4 * MOST_EXIF)
        except zlib.error:                      # the decoder will reject it
            return 0
    return len(text) // 2
