"""The files in a zip, or in a form of many files, one after the other: counted, bounded, never unpacked to the disk, their names only shown."""

import stat
import zipfile
from collections.abc import Iterator
from pathlib import Path

from python_multipart.exceptions import FormParserError
from python_multipart.multipart import MultipartParser, parse_options_header

from playground.types import Refused

MB = 10 ** 6
ENTRIES, EACH, TOTAL, RATIO = 10_000, 25 * MB, 500 * MB, 100       # files; bytes of one and of all, unpacked; unpacked over packed
BLOCK, NAME = 1 << 20, 80               # bytes read at once; characters of a name that are shown
ZIPS = (b"PK\x03\x04", b"PK\x05\x06")

Entry = tuple[str, bytes | str]         # a file's name, as it may be shown, and what is in it, or why that is not looked at


def entries(path: Path, kind: str = "") -> Iterator[Entry]:
    """Of what somebody sent: a zip, or, when its Content-Type `kind` says so, a form. Refused("file", ...) for all else, and beyond the bounds."""
    named, options = parse_options_header(kind)
    with path.open("rb") as file:
        begins = file.read(4)
    if named == b"multipart/form-data" and options.get(b"boundary"):
        return in_form(path, options[b"boundary"])
    if begins in ZIPS:
        return in_zip(path)
    raise Refused("file", "send a zip of pictures, or pictures as the files of a form")


def in_zip(path: Path) -> Iterator[Entry]:
    """Folders, and what is hidden in them, are passed over."""
    try:
        archive = zipfile.ZipFile(path)
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError) as error:
        raise Refused("file", "this zip is damaged") from error
    with archive:
        found = archive.infolist()
        if len(found) > ENTRIES:
            raise Refused("file", f"a zip may hold {ENTRIES:,} files; this one holds {len(found):,}")
        wanted = [(info, _odd(info)) for info in found if not info.is_dir() and not _hidden(info.filename)]
        whole = sum(info.file_size for info, odd in wanted if not odd)
        if whole > TOTAL:
            raise Refused("file", f"unpacked, this zip would be {whole / MB:,.0f} MB; {TOTAL // MB} are taken")
        for info, odd in wanted:
            yield shown(info.filename), odd or _unpacked(archive, info)


def _odd(info: zipfile.ZipInfo) -> str:
    """Why a zip's entry is not unpacked; "" when it is."""
    if info.flag_bits & 1:
        return "it is encrypted"
    if stat.S_ISLNK(info.external_attr >> 16):
        return "it is a link"
    if info.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        return "it is packed in a way that is not read here"
    if info.file_size > EACH:
        return _large(info.file_size)
    if info.file_size > max(RATIO * info.compress_size, MB):
        return f"it would be more than {RATIO} times as large unpacked"
    return ""


def _unpacked(archive: zipfile.ZipFile, info: zipfile.ZipInfo) -> bytes | str:
    try:
        with archive.open(info) as file:
            return file.read(EACH)                      # never more than the entry says of itself
    except Exception:                                   # a damaged zip raises whatever it likes
        return "it cannot be unpacked: the zip is damaged there"


def in_form(path: Path, boundary: bytes) -> Iterator[Entry]:
    """The parts of a form that have a file's name."""
    form = Form()
    try:
        parser = MultipartParser(boundary, form.callbacks())
        with path.open("rb") as file:
            while block := file.read(BLOCK):
                parser.write(block)
                yield from form.taken()
        parser.finalize()
    except FormParserError as error:
        raise Refused("file", "this form is damaged: not all of it has arrived, or it is none") from error
    if not form.ended:
        raise Refused("file", "this form has no end: not all of it has arrived")


class Form:
    """Gathers what a parser of forms finds; headers that are too long, or too many, the parser refuses itself."""

    def __init__(self) -> None:
        self.ready: list[Entry] = []
        self.body, self.size, self.count, self.ended = bytearray(), 0, 0, False
        self.field, self.value, self.name = b"", b"", ""

    def callbacks(self) -> dict:
        return {"on_part_begin": self.begin, "on_header_field": self.header, "on_header_value": self.said, "on_header_end": self.told,
                "on_part_data": self.part, "on_part_end": self.end, "on_end": self.close}

    def taken(self) -> list[Entry]:
        ready, self.ready = self.ready, []
        return ready

    def begin(self) -> None:
        self.body, self.size, self.field, self.value, self.name = bytearray(), 0, b"", b"", ""
        self.count += 1
        if self.count > ENTRIES:
            raise Refused("file", f"{ENTRIES:,} files are taken at once, and no more")

    def header(self, data: bytes, start: int, end: int) -> None:
        self.field += data[start:end]

    def said(self, data: bytes, start: int, end: int) -> None:
        self.value += data[start:end]

    def told(self) -> None:
        if self.field.lower() == b"content-disposition":
            self.name = parse_options_header(self.value)[1].get(b"filename", b"").decode(errors="replace")
        self.field, self.value = b"", b""

    def part(self, data: bytes, start: int, end: int) -> None:
        self.size += end - start
        if self.name and self.size <= EACH:
            self.body += data[start:end]

    def end(self) -> None:
        if self.name and not _hidden(self.name):
            large, zipped = self.size > EACH, self.body[:4] in ZIPS
            why = _large(self.size) if large else "it is a zip: send it alone" if zipped else ""
            self.ready.append((shown(self.name), why or bytes(self.body)))
        self.body = bytearray()

    def close(self) -> None:
        self.ended = True


def shown(name: str) -> str:
    """The end of a file's name, without what cannot be seen or turns what stands beside it."""
    return "".join(c for c in name if c.isprintable())[-NAME:] or "a file without a name"


def _large(size: int) -> str:
    return f"it has {size / MB:,.0f} MB; {EACH // MB} are taken"


def _hidden(name: str) -> bool:
    parts = name.replace("\\", "/").split("/")
    return "__MACOSX" in parts or parts[-1].startswith(".") or parts[-1].lower() in ("thumbs.db", "desktop.ini")
