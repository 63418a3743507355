"""Iterates over the files in a zip or a form, within limits. Nothing is unpacked to the disk; file names are only displayed."""

import errno
import io
import stat
import struct
import zipfile
from collections.abc import Iterator
from pathlib import Path

from python_multipart.exceptions import FormParserError
from python_multipart.multipart import MultipartParser, parse_options_header

from playground.types import Refused

MB = 10 ** 6
ENTRIES, EACH, TOTAL, RATIO = 10_000, 25 * MB, 500 * MB, 100       # files; bytes of one and of all, unpacked; compression ratio
DIRECTORY = 8 * MB                      # bytes of a zip's central directory, which lists its files
BLOCK, NAME = 1 << 20, 80               # bytes read at once; characters of a name that are shown
ZIPS = (b"PK\x03\x04", b"PK\x05\x06")

Entry = tuple[str, bytes | str]         # a file's name for display, and its bytes, or the reason why it is skipped


def entries(path: Path, kind: str = "") -> Iterator[Entry]:
    """The files in an upload: a zip, or a form if `kind`, its Content-Type, says so. Refused("file", ...) for anything else."""
    media_type, options = parse_options_header(kind)
    with path.open("rb") as file:
        magic = file.read(4)
    if media_type == b"multipart/form-data" and options.get(b"boundary"):
        return in_form(path, options[b"boundary"])
    if magic in ZIPS:
        return in_zip(path)
    raise Refused("file", "send a zip of pictures, or pictures as the files of a form")


def in_zip(path: Path) -> Iterator[Entry]:
    """The files in a zip, without folders and hidden files. Refused("file", ...) for a damaged zip, and beyond the limits."""
    with CountedFile(path) as file:
        try:
            archive = zipfile.ZipFile(file)
        except Refused:
            raise
        except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError) as error:
            if isinstance(error, OSError) and error.errno not in (None, errno.EINVAL):          # a seek outside the file means a damaged zip;
                raise                                                                           # any other error is the disk's
            raise Refused("file", "this zip is damaged") from error
        file.counting = False
        wanted = [(info, _skip_reason(info)) for info in archive.infolist() if not info.is_dir() and not _hidden(info.filename)]
        total = sum(info.file_size for info, reason in wanted if not reason)
        if total > TOTAL:
            raise Refused("file", f"unpacked, this zip would be {total / MB:,.0f} MB; {TOTAL // MB} are taken")
        for info, reason in wanted:
            yield shown(info.filename), reason or _unpacked(archive, info)


class CountedFile(io.BufferedReader):
    """A zip's file. While `counting`, the entries of its central directory are counted before `zipfile` gets them, wherever they lie and whatever
    the records at the end of the file claim: `zipfile` reads the directory at once, and makes an object of each entry.
    """

    HEAD = struct.Struct("<4s24x3H12x")         # of an entry: its signature, and the lengths of the name, the extra field and the comment after it
    TAIL = 22 + 0xFFFF                          # reads for the end record, which are too short to hold many entries

    def __init__(self, path: Path) -> None:
        super().__init__(path.open("rb", buffering=0))
        self.counting = True

    def read(self, size: int | None = -1, /) -> bytes:
        """As `io.BufferedReader.read`. Refused("file", ...) for a central directory with too many entries or bytes."""
        if self.counting and size is not None and size > self.TAIL:
            self._count(size)
        return super().read(size)

    def _count(self, size: int) -> None:
        """Raises Refused("file", ...) when the next `size` bytes hold more than ENTRIES entries, or are too many."""
        if size > DIRECTORY:
            allowed = f"a zip may hold {ENTRIES:,} files, and their names {DIRECTORY // MB} MB"
            raise Refused("file", f"{allowed}; this one's list of them has {size / MB:,.0f} MB")
        start, directory, at, entries = self.tell(), super().read(size), 0, 0
        while at + self.HEAD.size <= len(directory):
            signature, *lengths = self.HEAD.unpack_from(directory, at)
            if signature != b"PK\x01\x02":
                break                                   # `zipfile` stops here too
            at, entries = at + self.HEAD.size + sum(lengths), entries + 1
            if entries > ENTRIES:
                raise Refused("file", f"a zip may hold {ENTRIES:,} files; this one holds more")
        self.seek(start)


def _skip_reason(info: zipfile.ZipInfo) -> str:
    """The reason why a zip's entry is skipped; "" for none."""
    if info.flag_bits & 1:
        return "it is encrypted"
    if stat.S_ISLNK(info.external_attr >> 16):
        return "it is a link"
    if info.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        return "its compression method is not supported"
    if info.file_size > EACH:
        return _large(info.file_size)
    if info.file_size > max(RATIO * info.compress_size, MB):
        return f"it would be more than {RATIO} times as large unpacked"
    return ""


def _unpacked(archive: zipfile.ZipFile, info: zipfile.ZipInfo) -> bytes | str:
    try:
        with archive.open(info) as file:
            return file.read(EACH)                      # never more than the entry's declared size
    except Exception:                                   # a damaged zip may raise anything
        return "it cannot be unpacked: the zip is damaged there"


def in_form(path: Path, boundary: bytes) -> Iterator[Entry]:
    """The files in a form. Refused("file", ...) for a damaged or incomplete form, and beyond the limits."""
    form = Form()
    try:
        parser = MultipartParser(boundary, form.callbacks())
        with path.open("rb") as file:
            while block := file.read(BLOCK):
                parser.write(block)
                yield from form.take_ready()
        parser.finalize()
    except FormParserError as error:
        raise Refused("file", "this form is damaged: not all of it has arrived, or it is none") from error
    if not form.ended:
        raise Refused("file", "this form has no end: not all of it has arrived")


class Form:
    """Collects the files that a form parser finds. The parser itself limits the number and the length of headers."""

    def __init__(self) -> None:
        self.ready: list[Entry] = []
        self.body, self.size, self.count, self.ended = bytearray(), 0, 0, False
        self.field, self.value, self.name = b"", b"", ""

    def callbacks(self) -> dict:
        """The callbacks that `MultipartParser` takes, by name."""
        return {"on_part_begin": self.begin, "on_header_field": self.header_field, "on_header_value": self.header_value,
                "on_header_end": self.end_header, "on_part_data": self.part, "on_part_end": self.end, "on_end": self.close}

    def take_ready(self) -> list[Entry]:
        """The files that are complete since the last call, in order."""
        ready, self.ready = self.ready, []
        return ready

    def begin(self) -> None:
        """Starts a part. Refused("file", ...) beyond ENTRIES parts."""
        self.body, self.size, self.field, self.value, self.name = bytearray(), 0, b"", b"", ""
        self.count += 1
        if self.count > ENTRIES:
            raise Refused("file", f"{ENTRIES:,} files are taken at once, and no more")

    def header_field(self, data: bytes, start: int, end: int) -> None:
        """Appends to the name of the current header; it may come in several pieces."""
        self.field += data[start:end]

    def header_value(self, data: bytes, start: int, end: int) -> None:
        """Appends to the value of the current header; it may come in several pieces."""
        self.value += data[start:end]

    def end_header(self) -> None:
        """Ends a header: takes the file's name from a Content-Disposition."""
        if self.field.lower() == b"content-disposition":
            self.name = parse_options_header(self.value)[1].get(b"filename", b"").decode(errors="replace")
        self.field, self.value = b"", b""

    def part(self, data: bytes, start: int, end: int) -> None:
        """Appends to the file, at most EACH bytes; what is larger is only counted."""
        self.size += end - start
        if self.name and self.size <= EACH:
            self.body += data[start:end]

    def end(self) -> None:
        """Ends a part: a file that has a name and is not hidden is ready, with its bytes or the reason why it is skipped."""
        if self.name and not _hidden(self.name):
            large, zipped = self.size > EACH, self.body[:4] in ZIPS
            reason = _large(self.size) if large else "it is a zip: send it alone" if zipped else ""
            self.ready.append((shown(self.name), reason or bytes(self.body)))
        self.body = bytearray()

    def close(self) -> None:
        """Notes that the form is complete."""
        self.ended = True


def shown(name: str) -> str:
    """The end of a file's name, for display: without characters that are invisible or change the direction of text."""
    return "".join(c for c in name if c.isprintable())[-NAME:] or "a file without a name"


def _large(size: int) -> str:
    return f"it has {size / MB:,.0f} MB; {EACH // MB} are taken"


def _hidden(name: str) -> bool:
    parts = name.replace("\\", "/").split("/")
    return "__MACOSX" in parts or parts[-1].startswith(".") or parts[-1].lower() in ("thumbs.db", "desktop.ini")
