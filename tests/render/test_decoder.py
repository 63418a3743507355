"""Pictures are decoded in processes that can be killed: what they may cost, what becomes of one that hangs, dies, lies or takes too much."""

import os
import threading
import time
from pathlib import Path

import bombs
import pytest
from picturing import painted, png

from playground.data import decoded
from playground.render.decoder import own_pillow, process, readers, structure, wire
from playground.render.decoder.process import Lost, Process
from playground.render.decoder.readers import FairLock, Reader
from playground.types import Refused

SIDE = 32
FINE = png(painted(1))

REFUSED = {
    "scans": (bombs.scans_jpeg(101, 64), wire.SCANS), "exif": (bombs.exif_png(), wire.EXIF), "exif.jpg": (bombs.exif_jpeg(66_000), wire.EXIF),
    "exif.webp": (bombs.exif_webp(66_000), wire.EXIF), "APP1": (bombs.profile_png(keyword=b"Raw profile type APP1"), wire.EXIF),
    **{kind.decode(): (bombs.profile_png(kind=kind), wire.EXIF) for kind in (b"tEXt", b"zTXt", b"iTXt")},
    "in parts": (bombs.png_with(*[bombs.chunk(b"eXIf", bytes(33_000))] * 2), wire.EXIF),
    "canvas": (b"RIFF\0\0\0\0WEBPVP8X\x0a\0\0\0\0\0\0\0\xff\x3f\0\xff\x3f\0", wire.LARGE),
}
TAKEN = {"scans": bombs.scans_jpeg(90, 64), "exif": bombs.png_with(bombs.chunk(b"eXIf", bombs.EMPTY.ljust(60_000, b"\0"))),
         "exif.jpg": bombs.exif_jpeg(65_000), "exif.webp": bombs.exif_webp(65_000)}


@pytest.fixture
def one():
    made = Process(own_pillow.ready())
    yield made
    made.close()


@pytest.mark.parametrize("name", REFUSED)
def test_what_the_container_tells_is_refused_before_anything_is_decoded(name):
    body, code = REFUSED[name]
    began = time.process_time()
    with pytest.raises(wire.Unfit) as unfit:
        structure.check(body)
    assert unfit.value.code == code
    assert time.process_time() - began < 0.5


@pytest.mark.parametrize("name", TAKEN)
def test_what_is_just_within_the_bounds_is_decoded(one, name):
    structure.check(TAKEN[name])
    assert len(one.square(TAKEN[name], SIDE)) == 3 * SIDE * SIDE


@pytest.mark.parametrize(("name", "words"), [("scans", "at most 100 scans; this one has 1"), ("exif", "at most 64 kB"), ("zTXt", "at most 64 kB"),
                                              ("canvas", "this one has 16384 x 16384")])
def test_a_refusal_costs_little_and_the_process_goes_on(one, name, words):
    began = time.monotonic()
    with pytest.raises(Refused, match=words) as refused:
        one.square(REFUSED[name][0], SIDE)
    assert (refused.value.field, one.closed) == ("file", False)
    assert one.square(FINE, SIDE) == one.square(FINE, SIDE)
    assert time.monotonic() - began < 5


def test_a_picture_that_takes_too_long_is_given_up_after_its_seconds_of_a_processor():
    """95 scans of 25 million pixels: few enough by their number. The fastest machine takes longer than a quarter of the two seconds that it may."""
    assert wire.SECONDS == 2
    one, bomb, before = Process(own_pillow.ready(), seconds=0.5), bombs.scans_jpeg(95), os.times()
    with pytest.raises(Lost, match=r"longer than 0\.5 seconds"):
        one.square(bomb, SIDE)
    spent = os.times()
    assert one.closed
    used = spent.children_user + spent.children_system - before.children_user - before.children_system
    assert used < 1.1                                       # with its start
    assert used > 0.45 or spent.elapsed - before.elapsed > process.PATIENCE     # by the clock, on a machine that has other things to do
    assert spent.user + spent.system - before.user - before.system < 0.5


def test_memory_is_limited_and_all_of_it_comes_back(monkeypatch):
    monkeypatch.setattr(process, "PATIENCE", 60.0)             # time is none of this test's business
    small = Process(own_pillow.ready(), memory=200 << 20, seconds=30)
    with pytest.raises(Refused, match="more than 1024 MB of memory"):
        small.square(bombs.large_png(), SIDE)
    assert small.closed
    large = Process(own_pillow.ready(), seconds=30)
    assert len(large.square(bombs.large_png(), SIDE)) == 3 * SIDE * SIDE
    about = dict(line.split(":") for line in Path(f"/proc/{large.running.pid}/status").read_text().splitlines())
    assert int(about["VmRSS"].split()[0]) < 64 << 10           # kB
    large.close()


def test_it_has_a_pillow_of_its_own_and_nothing_of_the_server_s(one, monkeypatch):
    assert one.version == tuple(map(int, own_pillow.VERSION.split("."))) >= (13, 0, 0)
    monkeypatch.setenv("PLAYGROUND_ADMIN_KEY", "a key of the server's")
    with Reader("ada") as reader:
        reader.square(FINE, SIDE)
        pid = reader._process.running.pid
        assert b"PLAYGROUND" not in Path(f"/proc/{pid}/environ").read_bytes()
        maps = Path(f"/proc/{pid}/maps").read_text()
        assert "numpy" not in maps
        assert "torch" not in maps
        assert not os.access(f"/proc/{pid}/fd/3", os.F_OK)      # standard input, output and errors are all that it has
    assert not Path(f"/proc/{pid}").exists()


ODD = {
    "hangs": ("import time; time.sleep(60)", Lost, "longer than"), "dies": ("import os; os.kill(os.getpid(), 9)", Lost, "broke down"),
    "leaves": ("raise SystemExit(0)", Lost, "broke down"), "says little": ("os.write(0, b'\\0' * 20); raise SystemExit(0)", Lost, "broke down"),
    "says odd things": ("os.write(0, b'\\xff' * 9)", Refused, "no whole"), "sends code": ("os.write(0, b'cos\\nsystem\\n')", Refused, "no whole"),
    "says for ever": ("[os.write(0, b'\\1' * 9) for _ in range(10 ** 7)]", Refused, "no whole"),
}


@pytest.mark.parametrize("name", ODD)
def test_a_process_that_a_picture_took_over_gets_nowhere(tmp_path, monkeypatch, name):
    act, kind, words = ODD[name]
    hello = f"import os; os.write(0, {wire.HELLO.pack(wire.MARK, 13, 0, 0)!r}); os.read(0, {wire.REQUEST.size}); os.read(0, {len(FINE)})"
    child = tmp_path / "child.py"
    child.write_text(f"{hello}\n{act}\nos.read(0, 1)")
    monkeypatch.setattr(process, "CHILD", child)
    monkeypatch.setattr(process, "PATIENCE", 1.0)
    odd, began = Process(tmp_path), time.monotonic()
    with pytest.raises(kind, match=words):
        odd.square(FINE, SIDE)
    odd.close()
    assert odd.running.returncode is not None
    assert time.monotonic() - began < 8


@pytest.mark.parametrize("program", ["raise SystemExit('no')", "import os; os.write(0, bytes(10)); os.read(0, 1)"])
def test_a_process_that_does_not_start_is_told_of(tmp_path, monkeypatch, program):
    child = tmp_path / "child.py"
    child.write_text(program)
    monkeypatch.setattr(process, "CHILD", child)
    with pytest.raises(Refused, match="pictures cannot be decoded here") as refused:
        Process(tmp_path)
    assert refused.value.field == "server"


def test_a_reader_goes_on_with_another_process(monkeypatch):
    monkeypatch.setattr(readers, "PICTURES", 2)
    with Reader("ada") as reader:
        first = reader.square(FINE, SIDE)
        pids = {reader._process.running.pid}
        reader._process.running.kill()
        with pytest.raises(Lost):
            reader.square(FINE, SIDE)
        for _ in range(4):
            assert reader.square(FINE, SIDE) == first
            pids.add(reader._process.running.pid)
        assert (len(pids), reader.lost) == (3, 1)


def test_people_take_turns_by_their_address():
    lane, order, threads = FairLock(), [], []

    def wait(whose: str) -> None:
        with lane.turn(whose):
            order.append(whose)

    with lane.turn("modest"):
        pass
    with lane.turn("greedy"):
        for whose in ("greedy", "greedy", "greedy", "modest", "modest", "late"):
            threads.append(threading.Thread(target=wait, args=(whose,)))
            threads[-1].start()
            while len(lane._waiting) < len(threads):
                time.sleep(0.001)
    for thread in threads:
        thread.join()
    assert order == ["late", "modest", "greedy", "modest", "greedy", "greedy"]


def test_pillow_is_installed_where_it_is_missing_whole_and_once(tmp_path, monkeypatch):
    """With a pip that only makes the folder; outside a virtual environment it lies among the caches."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    monkeypatch.setattr(own_pillow.sys, "prefix", own_pillow.sys.base_prefix)
    pip = tmp_path / "pip"
    pip.write_text(f'#!/bin/sh\necho "$@" >> {tmp_path}/asked\nwhile [ "$1" != --target ]; do shift; done; mkdir -p "$2/PIL"\n')
    pip.chmod(0o755)
    monkeypatch.setattr(own_pillow.sys, "executable", str(pip))
    found = own_pillow.ready()
    assert found == own_pillow.ready() == own_pillow.folder()
    assert found.is_relative_to(tmp_path / "gan-playground")
    assert [path.name for path in found.iterdir()] == ["PIL"]
    assert list(found.parent.iterdir()) == [found]
    asked, = (tmp_path / "asked").read_text().splitlines()
    assert "--no-deps" in asked
    assert asked.endswith(f"-r {own_pillow.WANTED}")


def test_where_pillow_cannot_be_installed_it_is_said_and_tried_again_later(tmp_path, monkeypatch):
    (tmp_path / "x").write_bytes(FINE)
    monkeypatch.setattr(own_pillow, "folder", lambda: tmp_path / "there")
    monkeypatch.setattr(own_pillow.sys, "executable", "/bin/false")
    with pytest.raises(Refused, match=r"\./start installs it") as refused:
        decoded.square(tmp_path / "x", SIDE)
    assert refused.value.field == "server"
    with pytest.raises(Refused, match="tried again"):
        own_pillow.ready()
    assert list(tmp_path.iterdir()) == [tmp_path / "x"]
    monkeypatch.setattr(own_pillow, "_failed", -own_pillow.AGAIN)
