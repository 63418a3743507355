"""A folder of pictures of one's own: found, cut square, prepared once; what cannot be read is counted, not fatal."""

import logging
import os
from pathlib import Path

import bombs
import pytest
import torch
from PIL import Image

from models.kit.batch import Shape
from playground import data
from playground.config import machine
from playground.data import registry, thumbnails
from playground.data.sources import download_root, own_folder
from playground.render.decoder import wire
from playground.render.decoder.readers import Reader
from playground.specs.check import check
from playground.types import Refused
from playground.ui.handlers import catalogue


@pytest.fixture
def kept(tmp_path, monkeypatch):
    """A data folder and an empty one for pictures; what was settled is unsettled afterwards."""
    monkeypatch.setattr(download_root, "root", tmp_path / "kept")
    monkeypatch.setattr(registry, "_loaded", registry.in_memory())
    (tmp_path / "pictures").mkdir()
    yield tmp_path
    own_folder.offer(None)
    thumbnails._drawn.cache_clear()


def paint(folder: Path, n: int, suffix: str = ".png", first: int = 0, step: int = 1) -> None:
    """n distinct pictures, 40 wide and 20 high: red left, green right, and between them a square of their number."""
    folder.mkdir(parents=True, exist_ok=True)
    for i in range(first, first + n * step, step):
        picture = Image.new("RGB", (40, 20), (255, 0, 0))
        picture.paste((0, 255, 0), (30, 0, 40, 20))
        picture.paste((0, i, 255), (10, 0, 30, 20))
        picture.save(folder / f"{i}{suffix}")


def settle(kept: Path) -> None:
    """As a start of the app does."""
    for key, _ in registry._loaded.items():
        registry._loaded.drop(key)
    data.configure(kept / "kept", kept / "pictures")


def test_there_is_none_unless_it_is_named(kept):
    data.configure(kept / "kept")
    with pytest.raises(Refused, match="no data set 'folder'"):
        data.get("folder")
    assert all(d["id"] != "folder" for d in catalogue.datasets())
    settle(kept)
    settle(kept)                                        # twice is no harm
    told = catalogue.datasets()[-1]
    assert (told["id"], told["group"], told["needs"], told["thumb"], told["samples"]) == ("folder", "Your own", "folder", None, None)


def test_pictures_are_cut_square_about_their_middle_and_split(kept):
    paint(kept / "pictures" / "deep" / "down", 100)
    paint(kept / "pictures" / "B", 20, ".JPG", first=100, step=6)          # JPEG does not tell 100 from 101
    settle(kept)
    found = data.load("folder", 16)
    assert (found.shape, len(found.train), len(found.held), found.labels) == (Shape(3, 16), 96, 24, None)
    x = torch.cat([found.train, found.held])
    assert (x[:, 0, :, 1:-1] < 40).all()                # no red: that was cut off; LANCZOS and JPEG leave a little at the edge
    assert (x[:, 2, :, 1:-1] > 200).all()
    numbers = sorted(x[:, 1, 8, 8].tolist())
    assert all(abs(a - b) <= 4 for a, b in zip(numbers, [*range(100), *range(100, 220, 6)], strict=True))
    assert data.load("folder", 64).shape == Shape(3, 64)
    assert data.load("folder", 16, {"colour": "grey"}).shape == Shape(1, 16)


def test_what_cannot_be_read_is_skipped_and_counted(kept, caplog):
    folder = kept / "pictures"
    paint(folder, 110)
    (folder / "0.png").write_bytes((folder / "0.png").read_bytes()[:60])
    (folder / "text.png").write_text("no picture")
    (folder / "empty.webp").touch()
    (folder / "notes.txt").write_text("not looked at")
    paint(folder / ".hidden", 5, first=200)
    os.symlink(folder / "gone.png", folder / "dangling.png")
    os.symlink(folder, folder / "circle")
    settle(kept)
    with caplog.at_level(logging.WARNING):
        found = data.load("folder", 16)
    assert len(found.train) + len(found.held) == 109
    assert "4 of the folder's 113 pictures cannot be read" in caplog.text


def test_bombs_in_the_folder_are_left_out_and_many_of_them_are_told(kept, caplog, monkeypatch):
    folder = kept / "pictures"
    monkeypatch.setattr(wire, "SECONDS", 0.5)           # a fast machine decodes the slow one within the two that it may
    paint(folder, 110)
    (folder / "exif.png").write_bytes(bombs.exif_png())
    (folder / "slow.jpg").write_bytes(bombs.scans_jpeg(95))
    os.mkfifo(folder / "endless.png")
    settle(kept)
    with caplog.at_level(logging.WARNING):
        assert sum(map(len, data.load("folder", 16)[:2])) == 110
    assert "3 of the folder's 113 pictures cannot be read" in caplog.text
    monkeypatch.setattr(own_folder, "LOST", 1)
    settle(kept)
    with pytest.raises(Refused, match=r"1 pictures of the server's folder could not be decoded: .* longer than 0\.5 seconds") as refused:
        data.load("folder", 32)
    assert refused.value.field == "data"
    assert str(kept) not in str(refused.value)


def test_too_few_are_refused_with_their_number(kept):
    paint(kept / "pictures", 60)
    paint(kept / "pictures" / "copies", 60)             # the same ones again
    (kept / "pictures" / "broken.png").write_text("")
    settle(kept)
    with pytest.raises(Refused, match=r"PLAYGROUND_FOLDER names has 60 different pictures, 1 cannot be read; at least 100") as refused:
        data.load("folder")
    assert refused.value.field == "data"
    assert str(kept) not in str(refused.value)
    own_folder.offer(kept)                                     # and none at all
    (kept / "pictures").rename(kept / ".pictures")
    with pytest.raises(Refused, match="0 different"):
        data.load("folder")


def test_it_is_prepared_once_and_anew_when_a_picture_changes(kept, monkeypatch):
    paint(kept / "pictures", 100)
    settle(kept)
    assert not data.get("folder").ready()
    assert data.thumbnail("folder") is None
    first = data.load("folder")
    assert data.get("folder").ready()
    assert data.samples("folder") == 80
    assert data.thumbnail("folder")[:4] == b"RIFF"
    read = []
    monkeypatch.setattr(own_folder, "square", lambda reader, path, size, square=own_folder.square: read.append(path) or square(reader, path, size))
    settle(kept)
    assert torch.equal(data.load("folder").train, first.train)
    assert not read
    paint(kept / "pictures", 1, first=150)
    settle(kept)
    assert len(data.load("folder").train) == 81
    assert len(read) == 101
    assert len(list((kept / "kept" / "prepared").glob("folder-32-*"))) == 1


def test_transparent_and_grey_and_turned_pictures(kept):
    folder = kept / "pictures"
    clear = Image.new("RGBA", (8, 8), (0, 0, 0, 0))
    clear.save(folder / "clear.png")
    Image.new("P", (8, 8), 0).save(folder / "palette.gif", transparency=0)
    Image.new("L", (8, 8), 77).save(folder / "grey.bmp")
    Image.new("CMYK", (8, 8), (0, 0, 0, 0)).save(folder / "cmyk.tif")
    turned = Image.new("RGB", (8, 8), "black")
    turned.paste("white", (0, 0, 8, 4))
    exif = Image.Exif()
    exif[0x0112] = 3                                    # upside down
    turned.save(folder / "turned.jpg", exif=exif, quality=100)
    with Reader("server", kind=1) as reader:
        made = {path.name: own_folder.square(reader, path, 8) for path in own_folder.pictures(folder)}
    assert all((made[name] == 255).all() for name in ("clear.png", "palette.gif", "cmyk.tif"))
    assert (made["grey.bmp"] == 77).all()
    assert (made["turned.jpg"][:, :3] < 20).all()
    assert (made["turned.jpg"][:, 5:] > 235).all()


def test_a_check_does_not_read_them(kept):
    paint(kept / "pictures", 3)
    settle(kept)
    assert check({"variant": "gan", "data": "folder", "size": 64, "knobs": {"batch": 1024}}).size == 64


def test_the_setting_is_checked_at_start(tmp_path):
    assert machine.folder({}) is machine.folder({"PLAYGROUND_FOLDER": "  "}) is None
    assert machine.folder({"PLAYGROUND_FOLDER": str(tmp_path)}) == tmp_path
    (tmp_path / "file").touch()
    for wrong in ("file", "nowhere"):
        with pytest.raises(Refused, match="PLAYGROUND_FOLDER must be a folder") as refused:
            machine.folder({"PLAYGROUND_FOLDER": str(tmp_path / wrong)})
        assert refused.value.field == "PLAYGROUND_FOLDER"
