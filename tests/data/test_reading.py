"""What is in a zip or a form comes out as it went in, its names only to be shown; what could harm is passed over or refused, in words."""

import stat
import struct
import time
import zipfile

import pytest
from picturing import crowded, form, painted, png, zipped

from playground.data import archives
from playground.data.archives import EACH, ENTRIES, MB, entries
from playground.types import Refused


def read(tmp_path, body: bytes, kind: str = "") -> dict[str, bytes | str]:
    path = tmp_path / "sent"
    path.write_bytes(body)
    return dict(entries(path, kind))


def entries_of(tmp_path, body: bytes) -> list[tuple[str, bytes | str]]:
    path = tmp_path / "sent"
    path.write_bytes(body)
    return list(entries(path))


def refused(tmp_path, body: bytes, kind: str = "") -> str:
    with pytest.raises(Refused) as found:
        read(tmp_path, body, kind)
    assert found.value.field == "file"
    return str(found.value)


FILES = {"a.png": png(painted(1)), "deep/down/b.png": png(painted(2)), "readme.txt": b"hello"}


def test_a_zip_and_a_form_give_what_is_in_them(tmp_path):
    assert read(tmp_path, zipped(FILES)) == FILES
    assert read(tmp_path, *form(FILES)) == FILES
    assert read(tmp_path, zipped(FILES, zipfile.ZIP_STORED)) == FILES


def test_a_form_in_pieces_of_any_size(tmp_path, monkeypatch):
    for size in (1, 7, 1000):
        monkeypatch.setattr(archives, "BLOCK", size)
        assert read(tmp_path, *form(FILES)) == FILES


def test_hidden_files_and_fields_without_a_file_are_passed_over(tmp_path):
    junk = {"__MACOSX/._a.png": b"x", ".DS_Store": b"x", "x/Thumbs.db": b"x", "a/": b""}
    assert read(tmp_path, zipped(junk | {"a.png": b"1"})) == {"a.png": b"1"}
    body, kind = form({"a.png": b"1"})
    assert read(tmp_path, b'--between\r\nContent-Disposition: form-data; name="note"\r\n\r\nhi\r\n' + body, kind) == {"a.png": b"1"}


@pytest.mark.parametrize("name", ["../../up.png", "/etc/passwd", "..\\..\\up.png", "C:\\x.png"])
def test_names_are_shown_and_nothing_is_ever_written(tmp_path, name):
    before = set(tmp_path.rglob("*"))
    assert read(tmp_path, zipped({name: b"x"})) == {name: b"x"}
    assert set(tmp_path.rglob("*")) - before == {tmp_path / "sent"}


def test_names_that_hide_or_turn_are_cleaned(tmp_path):
    names = read(tmp_path, zipped({"a\u202eb\u200b\nc.png": b"x", "\u202e": b"y", "x" * 300: b"z"}))
    assert list(names) == ["abc.png", "a file without a name", "x" * 80]


def altered(at: int, value: bytes) -> bytes:
    """A zip of one file, with bytes of its central directory changed."""
    body = bytearray(zipped({"a.png": b"x" * 100}))
    start = body.index(b"PK\x01\x02") + at
    body[start:start + len(value)] = value
    return bytes(body)


@pytest.mark.parametrize(("at", "value", "why"), [
    (8, b"\x01\x00", "encrypted"), (10, struct.pack("<H", 14), "compression method"), (38, struct.pack("<I", stat.S_IFLNK << 16), "link"),
    (24, struct.pack("<I", EACH + 1), "25 MB; 25 are taken"), (24, struct.pack("<I", 2 * MB), "100 times as large"), (16, b"\0\0\0\0", "damaged"),
    (42, struct.pack("<I", 2 ** 31), "damaged"),
])
def test_odd_entries_are_not_unpacked(tmp_path, at, value, why):
    assert why in read(tmp_path, altered(at, value))["a.png"]


def test_an_entry_gives_no_more_than_it_says(tmp_path):
    """A bomb that says it is small, and a thousandfold one that says what it is."""
    bomb = bytearray(zipped({"a.png": bytes(10 * MB)}))
    assert "100 times" in read(tmp_path, bytes(bomb))["a.png"]
    for mark, at in ((b"PK\x01\x02", 24), (b"PK\x03\x04", 22)):
        start = bomb.index(mark) + at
        bomb[start:start + 4] = struct.pack("<I", 100)
    found = read(tmp_path, bytes(bomb))["a.png"]
    assert "damaged" in found if isinstance(found, str) else len(found) <= 100


def test_what_is_too_much_in_all_is_refused(tmp_path, monkeypatch):
    assert "10,000 files; this one holds more" in refused(tmp_path, zipped(dict.fromkeys(map(str, range(ENTRIES + 1)), b"")))
    monkeypatch.setattr(archives, "TOTAL", 250)
    assert "are taken" in refused(tmp_path, zipped({"a": b"x" * 150, "b": b"y" * 150}))
    monkeypatch.setattr(archives, "ENTRIES", 2)
    assert "2 files" in refused(tmp_path, *form(FILES))


@pytest.mark.parametrize(("wide", "said"), [(False, 1), (False, 0), (True, 1), (True, None)])
@pytest.mark.parametrize(("entries", "why"), [(ENTRIES + 1, "this one holds more"), (3_000_000, "list of them has 141 MB")])
def test_a_zip_s_directory_is_counted_before_it_is_read(tmp_path, monkeypatch, entries, why, wide, said):
    """Whatever its records say of it: `zipfile` makes no object of any entry."""
    monkeypatch.setattr(zipfile, "ZipInfo", None)
    began = time.process_time()
    assert why in refused(tmp_path, crowded(entries, said=said, wide=wide))
    assert time.process_time() - began < 3


def test_a_directory_of_long_names_is_not_read_and_one_of_as_many_as_are_taken_is(tmp_path):
    assert "names 8 MB" in refused(tmp_path, crowded(1000, b"x" * 9000))
    assert len(entries_of(tmp_path, crowded(ENTRIES, b"x" * 200, wide=True))) == ENTRIES


def test_a_file_of_a_form_that_is_too_large_or_a_zip_is_skipped(tmp_path, monkeypatch):
    monkeypatch.setattr(archives, "EACH", MB)
    found = read(tmp_path, *form({"big": bytes(2 * MB), "in.zip": zipped(FILES), "a": b"1"}))
    assert found == {"big": "it has 2 MB; 1 are taken", "in.zip": "it is a zip: send it alone", "a": b"1"}


@pytest.mark.parametrize(("body", "kind", "why"), [
    (b"", "", "send a zip"), (b"hello", "application/zip", "send a zip"), (png(painted(1)), "image/png", "send a zip"),
    (zipped(FILES)[:60], "", "damaged"), (b"PK\x03\x04" + bytes(200), "", "damaged"), (form(FILES)[0], "multipart/form-data", "send a zip"),
    (form(FILES)[0], "multipart/form-data; boundary=other", "damaged"), (form(FILES)[0][:-20], form(FILES)[1], "no end"),
    (b"--between\r\n" + b"x" * 20_000 + b": 1\r\n\r\n1\r\n--between--\r\n", form(FILES)[1], "damaged"),
    (form({"x" * 100_000: b"1"})[0], form(FILES)[1], "damaged"),
])
def test_what_is_neither_is_refused(tmp_path, body, kind, why):
    assert why in refused(tmp_path, body, kind)
