"""Data sets are what their files say, and nothing held out is trained on."""

import gzip
import io
import json
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest
import torch
from PIL import Image
from training import plain

from models.kit.batch import POINTS, Domain, Shape
from playground import data
from playground.data.resize import resized
from playground.data.sources import packs
from playground.data.sources.embedded import GROUPS
from playground.types import Refused

HERE = [name for name, found in data.DATASETS.items() if not found.needs]
PICTURES = [name for name in HERE if data.get(name).kind == "images"]
NATIVE = {"digits": 28, "pixel_faces": 16}          # the others' sheets have 64
TOTAL = {"digits": 10_000, "pixel_faces": 10_000, "toon_heads": 3000, "open_peeps": 2966, "smileys": 117, "emoji": 158}


def said(pack: str) -> dict:
    return json.loads(gzip.decompress((packs.FOLDER / f"{pack}.json.gz").read_bytes()))


@pytest.mark.parametrize(("pack", "mode"), [
    ("mnist10k_28", "L"), ("pixel_faces16", "RGB"), ("toon_head64", "RGB"), ("open_peeps64", "RGB"), ("fluent64", "RGB")])
def test_a_pack_decodes_to_what_its_json_says(pack, mode):
    x, about = packs.read(pack, mode)
    assert about == said(pack)
    assert (x.shape, x.dtype) == ((about["n"], len(mode), about["h"], about["w"]), torch.uint8)
    with Image.open(next(p for p in packs.FOLDER.glob(f"{pack}.*") if p.suffix != ".gz")) as sheet:
        for i in (0, 137, about["n"] - 1):              # row by row
            left, top = i % about["cols"] * about["w"], i // about["cols"] * about["h"]
            tile = sheet.crop((left, top, left + about["w"], top + about["h"])).convert(mode)
            assert x[i].permute(1, 2, 0).numpy().tobytes() == tile.tobytes()
    assert not (x == x[:, :, :1, :1]).all((1, 2, 3)).any(), "a tile is blank"


def test_every_set_says_what_it_is():
    notice = (packs.FOLDER / "NOTICE.md").read_text()
    for name, found in data.DATASETS.items():
        assert found.id == name
        assert all((found.title, found.licence, found.credit, found.help))
        assert data.shape(name) == (Shape(found.channels, found.sizes[0]) if found.kind == "images" else POINTS._replace(single=name == "dirac"))
        assert found.kind == "points" or found.licence in notice, name
    for name in HERE:
        assert data.load(name).shape == data.shape(name)
        assert len(data.load(name).train) == data.get(name).samples == data.samples(name)


@pytest.mark.parametrize(("name", "size"), [(name, size) for name in PICTURES for size in data.get(name).sizes])
def test_images_are_split_without_a_leak(name, size):
    found = data.load(name, size)
    assert found.shape == Shape(data.get(name).channels, size)
    for part in (found.train, found.held):
        assert part.shape[1:] == found.shape.dims
        assert (part.dtype, part.is_contiguous()) == (torch.uint8, True)
    pictures = [x.tobytes() for x in torch.cat([found.train, found.held]).numpy()]
    assert len(pictures) == TOTAL[name]
    assert len(found.held) == round(TOTAL[name] * 0.2)
    assert len(set(pictures)) == len(pictures) or size < NATIVE.get(name, 64)       # once smaller, two may have become alike
    if found.labels is None:
        return
    assert (len(found.labels), len(found.held_labels)) == (len(found.train), len(found.held))
    train, held = torch.bincount(found.labels), torch.bincount(found.held_labels)
    assert (held - 0.2 * (train + held)).abs().max() <= 0.5                 # of every class, to the nearest picture
    assert len(found.labels[:500].unique()) == len(found.labels.unique())   # shuffled, though the sheet may be sorted


def test_equal_pictures_are_dropped_before_the_split():
    x = torch.arange(30, dtype=torch.uint8).reshape(30, 1, 1, 1).expand(-1, 3, 4, 4)
    found = packs.split(torch.cat([x, x[:10]]), torch.arange(3).repeat_interleave(torch.tensor([15, 15, 10])), Shape(3, 4))
    assert sorted(torch.cat([found.train, found.held])[:, 0, 0, 0].tolist()) == list(range(30))
    assert 2 not in torch.cat([found.labels, found.held_labels])            # the first of each stays, with its label
    assert (len(found.train), len(found.held)) == (24, 6)


def test_labels_of_digits_line_up():
    found = data.load("digits")
    assert (torch.bincount(found.labels) + torch.bincount(found.held_labels)).tolist() == said("mnist10k_28")["counts"]
    means = torch.stack([found.train[found.labels == k].float().mean(0).flatten() for k in range(10)])
    right = torch.cdist(found.held.float().flatten(1), means).argmin(1) == found.held_labels
    assert right.float().mean() > 0.7


def test_labels_of_faces_are_the_colour_of_their_hair():
    found, about = data.load("pixel_faces"), said("pixel_faces16")
    colours = sorted({row[about["columns"].index("hair")] for row in about["attrs"]})
    rgb = torch.tensor([[int(c[i:i + 2], 16) for i in (1, 3, 5)] for c in colours])
    there = [found.held.int() - rgb[(found.held_labels + k) % 11][:, :, None, None] for k in (0, 1)]
    own, other = [(x.abs().sum(1) <= 12).any((1, 2)).float().mean() for x in there]
    assert own > 0.7 > 0.3 > other


def test_large_faces_are_the_small_ones_doubled():
    small, large = data.load("pixel_faces", 16), data.load("pixel_faces", 32)
    assert all(torch.equal(large.held[:, :, i::2, j::2], small.held) for i in (0, 1) for j in (0, 1))
    assert torch.equal(large.labels, small.labels)


def test_large_digits_have_a_margin_and_small_ones_are_the_same_digits():
    small, found, large = (data.load("digits", size) for size in (16, 28, 32))
    assert torch.equal(large.held[:, :, 2:-2, 2:-2], found.held)
    assert large.held.sum() == found.held.sum()         # nothing but black around it
    assert torch.equal(small.labels, found.labels)
    again = torch.nn.functional.interpolate(small.held[:200].float(), 28, mode="bilinear")
    there, elsewhere = ((again - found.held[i:i + 200].float()).abs().mean() for i in (0, 200))
    assert there < 0.4 * elsewhere


@pytest.mark.parametrize("name", ["toon_heads", "open_peeps", "smileys", "emoji"])
def test_drawings_made_smaller_are_means_of_blocks(name):
    """So every size has the same pictures held out, none rings, and none bleeds into its neighbour on the sheet."""
    large = data.load(name, 64)
    for size, times in ((32, 2), (16, 4)):
        blocks = large.held.reshape(-1, 3, size, times, size, times).float().mean((3, 5))
        assert (data.load(name, size).held - blocks).abs().max() <= 0.5 + 1e-3


def test_smileys_are_faces_and_a_group_of_emoji_is_that_group():
    sheet, about = packs.read("fluent64", "RGB")
    named = list(zip([picture.tobytes() for picture in sheet.numpy()], about["group"], about["sub"], strict=True))

    def pictures(found: data.Data) -> set[bytes]:
        return {picture.tobytes() for picture in torch.cat([found.train, found.held]).numpy()}
    faces = {picture for picture, group, sub in named if group == "Smileys & Emotion" and sub.startswith("face-")}
    assert pictures(data.load("smileys", 64)) == faces
    for short, full in GROUPS.items():
        assert pictures(data.load("emoji", 64, {"group": short})) == {picture for picture, group, _ in named if group == full}
    assert set(GROUPS.values()) == set(about["group"])
    assert data.samples("emoji", {"group": "flags"}) == 6


def test_pictures_of_odd_steps_are_refused_by_the_code_that_asks():
    with pytest.raises(ValueError, match="28 pixels cannot be had at 48"):
        resized(torch.zeros(1, 1, 28, 28, dtype=torch.uint8), 48)


@pytest.mark.parametrize(("name", "size"), [*(("digits", wrong) for wrong in (64, 28.0, True, False, "", "28")), ("pixel_faces", 64), ("ring8", 7)])
def test_a_size_that_is_not_offered_is_refused_by_name(name, size):
    with pytest.raises(Refused, match=data.get(name).title) as refused:
        data.load(name, size)
    assert refused.value.field == "size"
    assert all(str(allowed) in str(refused.value) for allowed in data.get(name).sizes or (0,))


@pytest.mark.parametrize(("asked", "near"), [
    ("digit", "digits"), ("ring", "ring8"), ("pixelfaces", "pixel_faces"), ("zzz", "moons"), (None, "digits"), (["digits"], "digits")])
def test_an_unknown_set_names_near_misses(asked, near):
    with pytest.raises(Refused, match=near) as refused:
        data.load(asked)
    assert refused.value.field == "data"
    with pytest.raises(Refused, match=r"^.{,320}$"):
        data.get("x" * 10_000)


@pytest.fixture
def greys() -> Iterator[list[int]]:
    """A set of one's own, and the sizes that it was built in."""
    built: list[int] = []

    @data.dataset(id="greys", title="Greys", kind="images", sizes=(8, 16), channels=3, help="greys", licence="CC0 1.0", credit="a test")
    def build(size: int) -> data.Data:
        built.append(size)
        time.sleep(0.05)                                # time for others to ask
        x = torch.arange(60, dtype=torch.uint8).reshape(-1, 1, 1, 1).expand(-1, 3, size, size).contiguous()
        return data.Data(x[:48], x[48:], Domain(Shape(3, size)))
    yield built
    del data.DATASETS["greys"]


def test_a_set_of_ones_own_is_found_and_built_once(greys):
    assert list(data.DATASETS)[-1] == "greys"
    with ThreadPoolExecutor(4) as threads:
        loaded = list(threads.map(lambda _: data.load("greys", 16), range(8)))
    assert greys == [16]
    assert all(found is loaded[0] for found in loaded)
    assert next(plain(data.load("greys").train, 4, torch.Generator())).x.shape == (4, 3, 8, 8)
    with Image.open(io.BytesIO(data.thumbnail("greys"))) as picture:
        assert picture.size == (64, 64)


@pytest.mark.parametrize("name", HERE)
def test_thumbnails_show_training_pictures(name):
    made = data.thumbnail(name)
    if data.get(name).kind == "points":
        assert made is None
        return
    with Image.open(io.BytesIO(made)) as picture:
        assert (picture.format, picture.size) == ("WEBP", (64, 64))
        shown = torch.frombuffer(bytearray(picture.convert("RGB").tobytes()), dtype=torch.uint8).reshape(64, 64, 3).permute(2, 0, 1)
    first = data.load(name).train[0].expand(3, -1, -1)
    times, edge = 32 // first.shape[-1], 32 % first.shape[-1] // 2
    middle = slice(edge, 32 - edge, times)
    assert torch.equal(shown[:, middle, middle], first)
    assert len(made) < 8000


def test_every_sample_is_shown_once_an_epoch_and_none_is_left_out_for_ever():
    """How batches are drawn and resumed is tests/data/test_batches.py's."""
    x = torch.arange(12.0)[:, None].expand(-1, 2)
    for batch, shown in ((1, 12), (3, 12), (5, 10), (12, 12)):
        source = plain(x, batch, torch.Generator().manual_seed(0))
        epochs = [torch.cat([next(source).x for _ in range(12 // batch)])[:, 0].tolist() for _ in range(40)]
        assert all(len(epoch) == len(set(epoch)) == shown for epoch in epochs)
        assert set().union(*epochs) == set(range(12))
        assert len(set(map(tuple, epochs))) == 40       # each in a new order


def test_torchvision_works_beside_any_torch_and_start_up_does_without():
    """In a process of its own: this one may have declared what torchvision lacks."""
    script = """
import sys
import playground.engine.engine, playground.engine.warmup, playground.ui.handlers.rpc, playground.ui.handlers.services, playground.ui.http.routes
assert "torchvision" not in sys.modules, "start-up pays for torchvision"
import importlib, torch
from playground.data.sources import torchvision_compat as vision
importlib.reload(vision)
from torchvision import models
x = torch.rand(3, 40, 30)
assert vision.transforms.Compose([vision.transforms.Resize((28, 28)), vision.transforms.Grayscale()])(x).shape == (1, 28, 28)
assert vision.utils.make_grid([x, x]).shape == (3, 44, 66)
assert vision.datasets.FakeData(2, (3, 8, 8))[0][0].size == (8, 8) and vision.datasets.MNIST
assert models.resnet18(weights=None).eval()(torch.rand(1, 3, 64, 64)).shape == (1, 1000)
"""
    done = subprocess.run([sys.executable, "-c", script], cwd=packs.FOLDER.parents[1], capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stderr
