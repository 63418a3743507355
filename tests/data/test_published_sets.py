"""torchvision's data sets from a real web server on this machine, in their makers' formats: whole, or refused in words and nothing left behind."""

import io
import socket
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import published
import pytest
import torch
from PIL import Image
from published import Web, declare, serving
from running import EAGER, until

from playground import data
from playground.data import registry, thumbnails
from playground.data.sources import download_root, fetch, prepared, torchvision_compat
from playground.engine.engine import Engine
from playground.specs import cost
from playground.specs.check import check
from playground.types import Refused, Status
from playground.ui.handlers import catalogue

MADE = {"mnist": ("MNIST", published.mnist), "fashion_mnist": ("FashionMNIST", published.mnist), "kmnist": ("KMNIST", published.mnist),
        "cifar10": ("CIFAR10", published.cifar10), "svhn": ("SVHN", published.svhn)}
SMALL = {"width_g": 4, "width_d": 4, "batch": 8, "z_dim": 8}


@pytest.fixture
def kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A data folder of this test's own, and nothing in memory."""
    monkeypatch.setattr(download_root, "root", tmp_path)
    monkeypatch.setattr(registry, "_loaded", registry.in_memory())
    yield tmp_path
    thumbnails._drawn.cache_clear()


@pytest.fixture
def web(kept: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Web]:
    """A server that has MNIST."""
    files = published.mnist()
    with serving(files) as found:
        declare(monkeypatch, "MNIST", files, found.base)
        yield found


def forget() -> None:
    for key, _ in registry._loaded.items():
        registry._loaded.drop(key)


def left(folder: Path) -> list[str]:
    return sorted(p.relative_to(folder).as_posix() for p in folder.rglob("*") if p.is_file())


@pytest.mark.parametrize("id", MADE)
def test_a_set_is_downloaded_once_and_is_what_its_makers_published(id, kept, monkeypatch):
    name, make = MADE[id]
    files = make()
    with serving(files) as web:
        declare(monkeypatch, name, files, web.base)
        assert not data.get(id).ready()
        assert data.thumbnail(id) is None
        found = data.load(id)
        asked = list(web.asked)
    assert (len(found.train), len(found.held)) == (80, 20)
    assert found.shape == data.shape(id)
    assert torch.bincount(found.held_labels).tolist() == [2] * 10
    shape = (28, 28) if found.shape.channels == 1 else (3072,) if id == "cifar10" else (3, 32, 32)
    for seed, n in enumerate([10, 10, 10, 10, 10, 50] if id == "cifar10" else [80, 20]):
        x, y = published.numbered(n, shape, seed)
        for picture, label in zip(torch.from_numpy(x).reshape(-1, *found.shape.dims), y, strict=True):
            same = [(part == picture).all((1, 2, 3)).nonzero().flatten().tolist() for part in (found.train, found.held)]
            assert sum(map(len, same)) == 1
            assert (found.labels[same[0]] if same[0] else found.held_labels[same[1]]).item() == label

    assert len(asked) == len(set(asked))
    assert not [name for name in left(kept) if ".part" in name or "unpacked" in name]
    forget()
    again = data.load(id)                               # from disk: the server is gone
    assert torch.equal(again.train, found.train)
    assert torch.equal(again.held_labels, found.held_labels)
    assert data.load(id, 16).train.shape == (80, found.shape.channels, 16, 16)
    with Image.open(io.BytesIO(data.thumbnail(id))) as picture:
        assert picture.size == (64, 64)
    told = next(d for d in catalogue.datasets() if d["id"] == id)
    assert (told["group"], told["needs"], told["thumb"]) == ("Downloads", "network", f"/play/thumb/{id}.webp")


def test_files_that_a_person_put_there_are_used_when_they_are_whole(web, kept):
    folder = kept / "downloads" / "MNIST" / "raw"
    folder.mkdir(parents=True)
    for name, body in web.files.items():
        (folder / name).write_bytes(body)
    (folder / "t10k-labels-idx1-ubyte.gz").write_bytes(b"half a file")
    assert len(data.load("mnist").train) == 80
    assert web.asked == ["t10k-labels-idx1-ubyte.gz"]
    assert (folder / "t10k-labels-idx1-ubyte.gz").read_bytes() == web.files["t10k-labels-idx1-ubyte.gz"]


FAULTS = {"missing": "answers 404, Not Found", "cut": r"what came, [\d,]+ bytes, is not the file", "other": "is not the file that is expected",
          "silent": "timed out"}


@pytest.mark.parametrize("fault", FAULTS)
def test_what_fails_names_the_address_the_reason_and_the_manual_way(web, kept, monkeypatch, fault):
    monkeypatch.setattr(fetch, "PATIENCE", 0.2)
    web.fault = fault
    with pytest.raises(Refused, match=FAULTS[fault]) as refused:
        data.load("mnist")
    assert refused.value.field == "data"
    assert f"{web.base}/train-images-idx3-ubyte.gz" in str(refused.value)
    assert all(name in str(refused.value) for name in web.files)
    assert "downloads/MNIST/raw" in str(refused.value)
    assert "not whole" not in str(refused.value)
    assert str(kept) not in str(refused.value)
    assert left(kept) == []
    web.fault = ""
    assert len(data.load("mnist").train) == 80          # and the next one tries again


def test_a_connection_that_is_refused_says_so_and_what_is_there_is_kept(kept, monkeypatch):
    with socket.socket() as taken:                      # a port on which nobody listens
        taken.bind(("127.0.0.1", 0))
        declare(monkeypatch, "MNIST", published.mnist(), f"http://127.0.0.1:{taken.getsockname()[1]}")
        broken = kept / "downloads" / "MNIST" / "raw" / "train-images-idx3-ubyte.gz"
        broken.parent.mkdir(parents=True)
        broken.write_bytes(b"half a file")
        with pytest.raises(Refused, match=r"Connection refused.*lies there now is not whole"):
            data.load("mnist")
    assert left(kept) == ["downloads/MNIST/raw/train-images-idx3-ubyte.gz"]
    assert broken.read_bytes() == b"half a file"


def test_the_second_mirror_is_tried(web, monkeypatch):
    monkeypatch.setattr(torchvision_compat.datasets.MNIST, "mirrors", [f"{web.base}/gone/", f"{web.base}/"])
    assert len(data.load("mnist").train) == 80
    assert web.asked[:2] == ["gone/train-images-idx3-ubyte.gz", "train-images-idx3-ubyte.gz"]


def test_what_a_killed_process_left_is_written_over(web, kept):
    part = kept / "downloads" / "MNIST" / "raw" / ".part-train-images-idx3-ubyte.gz"
    unpacked = [kept / "downloads" / ".unpacked-mnist" / "MNIST" / "raw" / name.removesuffix(".gz") for name in web.files]
    for path in (part, *unpacked):
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(b"half a file, longer than nothing" * 1000)
    prepared.path("mnist").parent.mkdir(parents=True)
    prepared.path("mnist").write_bytes(b"\x10\0\0\0\0\0\0\0 not safetensors")
    assert data.load("mnist").train.shape == (80, 1, 28, 28)
    assert not part.exists()
    assert not unpacked[0].exists()
    forget()
    web.fault = "missing"
    assert len(data.load("mnist").train) == 80


def test_checks_and_estimates_download_nothing(web):
    asked = check({"variant": "gan", "data": "mnist", "options": {"noise": 0.1}, "knobs": {"batch": 512}})
    assert cost.estimate(asked).bytes > 56_000 * 784
    assert data.samples("mnist") == 56_000
    catalogue.datasets()
    assert web.asked == []


def test_while_one_downloads_nobody_else_waits_and_two_who_want_it_share_it(web):
    web.wait = 0.3
    sizes = [threading.Thread(target=data.load, args=("mnist", size)) for size in (28, 32, 28)]
    for thread in sizes:
        thread.start()
    time.sleep(0.05)
    start = time.monotonic()
    data.load("moons")
    check({"variant": "gan", "data": "mnist"})
    assert time.monotonic() - start < 0.25
    for thread in sizes:
        thread.join()
    assert len(web.asked) == 4                          # each file once


def test_a_run_whose_download_fails_ends_so_in_words_and_can_be_resumed(web, kept):
    engine = Engine(kept, workers=1, intervals=EAGER)
    try:
        web.fault = "missing"
        id = engine.submit(check({"variant": "lsgan", "data": "mnist", "size": 16, "knobs": SMALL, "steps": 3})).id
        failed = until(engine, id)
        assert failed.status is Status.FAILED
        assert failed.note.startswith("MNIST could not be downloaded. http://127.0.0.1")
        assert failed.note.endswith("Then resume this run.")
        web.fault = ""
        engine.resume(id)
        assert until(engine, id, Status.FINISHED).note == ""
    finally:
        engine.close()
