"""Models as files: they come back as they were, and whatever else is given for one is refused in words before anything is made of it."""

import io
import json
import os
import pickle
import resource
import struct
import zipfile

import numpy as np
import pytest
import torch
from modelling import about, joined, packed, retold, split, tensors
from safetensors.torch import load

import models
from models.kit.batch import POINTS, Shape
from playground.artifacts import model_file, safetensors_header
from playground.artifacts.model_file import examined, pack, unpack
from playground.artifacts.safetensors_header import HEAD, MOST_BYTES, MOST_HEADER
from playground.types import Refused


def refused(file: bytes) -> Refused:
    """Why `file` is no model; by its head alone, then whole."""
    with pytest.raises(Refused) as found:
        examined(file[:HEAD], len(file))
    with pytest.raises(Refused) as again:
        unpack(file)
    assert (str(again.value), again.value.field) == (str(found.value), found.value.field)
    assert 10 < len(str(found.value)) < 500
    return found.value


@pytest.mark.parametrize("variant", models.ZOO)
def test_a_model_comes_back_from_its_file_alone(variant, shape):
    of = about(variant, shape, seed=3, knobs={"ema": 0.9}, quality={"quality/sw": {"value": 0.25, "floor": 0.125}}, name="mine")
    given = tensors(of)
    made = unpack(pack(of, given))
    assert made.about == of
    assert (made.gan.training, made.gan.steps, any(p.requires_grad for p in made.gan.parameters())) == (False, 7, False)
    shown = {name: i for i, net in enumerate(made.gan.averaged_networks()) for name, child in made.gan.named_children() if child is net}
    for name, tensor in made.gan.state_dict().items():
        network, _, rest = name.partition(".")
        place = shown.get(network)
        wanted = given[f"gan.{name}" if place is None else f"averaged.{place}.{rest}"]
        assert torch.equal(tensor, wanted), name
    z = made.gan.noise(5)
    assert made.gan.sample(z).shape == (5, *shape.dims)
    assert torch.equal(unpack(pack(of, given)).gan.noise(5), z)


@pytest.mark.parametrize("knobs", [{"spectral": True}, {"body": "paper"}, {"critic": "denoise"}])
def test_other_networks_come_back_too(knobs, shape):
    of = about("began", shape, knobs=knobs)
    assert unpack(pack(of, tensors(of))).about.knobs["z_dim"] == 4


def test_the_same_model_gives_the_same_bytes_which_others_can_read():
    of = about("began", Shape(3, 32))
    file = pack(of, tensors(of))
    assert file == pack(of, dict(reversed(tensors(of).items())))
    assert unpack(file).hash == unpack(file).hash != unpack(packed("began", Shape(3, 32), step=8)).hash
    read = load(file)
    assert set(read) == {name for name in tensors(of) if name.startswith(("gan.", "averaged."))}
    assert torch.equal(read["gan.G.0.weight"], tensors(of)["gan.G.0.weight"])
    n = struct.unpack("<Q", file[:8])[0]
    assert n % 8 == 0


def test_what_would_not_be_read_is_not_written(monkeypatch):
    of = about()
    for bad in ({"trained": "yesterday"}, {"step": -1}, {"name": "a\nb"}):
        with pytest.raises(Refused) as found:
            pack(type(of)(**{**vars(of), **bad}), tensors(of))
        assert found.value.field == next(iter(bad))
    with pytest.raises(Refused, match="lacks averaged"):
        pack(of, {name: tensor for name, tensor in tensors(of).items() if not name.startswith("averaged")})
    monkeypatch.setattr(model_file, "MOST_BYTES", 100)
    with pytest.raises(Refused, match="hold"):
        pack(of, tensors(of))


class Canary:
    def __init__(self, path: str) -> None:
        self.path = path

    def __reduce__(self):
        return os.mkdir, (self.path,)


def others(canary: str) -> dict[str, bytes]:
    """Files of other kinds, and what they are called in the refusal."""
    npz, zipped, png = io.BytesIO(), io.BytesIO(), b"\x89PNG\r\n\x1a\n" + bytes(100)
    np.savez(npz, a=np.zeros(3))
    with zipfile.ZipFile(zipped, "w") as archive:
        archive.writestr("model.safetensors", packed())
    pt, legacy, npy = io.BytesIO(), io.BytesIO(), io.BytesIO()
    torch.save({"a": Canary(canary)}, pt)
    torch.save({"a": Canary(canary)}, legacy, _use_new_zipfile_serialization=False)
    np.save(npy, np.zeros(3))
    return {"a pickle, which can hold code": pickle.dumps(Canary(canary)), "torch.save": pt.getvalue(), "a pickle": legacy.getvalue(),
            ".npz": npz.getvalue(), ".npy": npy.getvalue(), "zip archive": zipped.getvalue(), "PNG": png, "JPEG": b"\xff\xd8\xff\xe0" + bytes(50),
            "GIF": b"GIF89a" + bytes(50), "gzip": b"\x1f\x8b\x08" + bytes(50), "HDF5": b"\x89HDF\r\n\x1a\n" + bytes(50), "GGUF": b"GGUF" + bytes(50),
            "Git LFS": b"version https://git-lfs.github.com/spec/v1\n", "web page": b"<!doctype html><p>not found", "empty": b"",
            "not a safetensors file": os.urandom(200)[:7] + b"\x7f" + bytes(100)}


def test_other_files_are_called_what_they_are_and_nothing_in_them_runs(tmp_path):
    canary = tmp_path / "canary"
    for said, file in others(str(canary)).items():
        found = refused(file)
        assert (found.field, said in str(found)) == ("file", True), (said, found)
    assert not canary.exists()
    for protocol in range(2, 6):
        assert "pickle" in str(refused(pickle.dumps({"a": 1}, protocol)))


ONE = {"dtype": "F32", "shape": [2], "data_offsets": [0, 8]}
HEADERS = {
    "cannot be read": [b'{"', b"{}}", b'{"a":' + b"[" * 200_000, b'{"a": {"dtype"', b'{"\xff": 1}', b'{"a":1,"a":1}', b'{"a": ' + b"9" * 5000 + b"}"],
    "0 tensors": [b"{}", {"__metadata__": {}}],
    "2,001 tensors": [{f"t{i}": {"dtype": "F32", "shape": [1], "data_offsets": [4 * i, 4 * i + 4]} for i in range(2001)}],
    "names and texts": [{"__metadata__": {"a": 1}, "a": ONE}, {"__metadata__": ["a"], "a": ONE}, {"__metadata__": "a", "a": ONE}],
    "of a kind": [{"a": {**ONE, "dtype": dtype}} for dtype in ("F7", 7, None, [], "f32")] + [{"a": 7}, {"a": None}, {"a": []}],
    "dimensions": [{"a": {**ONE, "shape": shape}} for shape in ([0, 2 ** 62], [2, 0], [-1, -2], [1] * 9, [True, 2], [2.0], "2", None, [2 ** 63])],
    "does not lie": [{"a": {**ONE, "shape": shape}} for shape in ([3], [1], [2, 2], [10 ** 6, 10 ** 6])]
                    + [{"a": {**ONE, "data_offsets": at}} for at in ([8, 0], [-8, 0], [0], [0, 8, 16], None, [0.0, 8.0], [0, 2 ** 64], "08")],
    "holes": [{"a": ONE, "b": {**ONE, "data_offsets": at}} for at in ([4, 12], [0, 8], [16, 24])] + [{"a": {**ONE, "data_offsets": [8, 16]}}],
    "should have": [{"a": ONE, "b": {**ONE, "data_offsets": [8, 16]}}],
}


@pytest.mark.parametrize("said", HEADERS)
def test_headers_that_lie(said, monkeypatch):
    monkeypatch.setattr(model_file, "load", lambda file: pytest.fail("tensors were read"))
    for header in HEADERS[said]:
        found = refused(joined(header, bytes(8)))
        assert found.field == "file"
        assert said in str(found), header


def test_lengths_that_lie():
    file = packed()
    for n in (0, 1, 2 ** 63, 2 ** 64 - 1, len(file) - 7, 200 << 20):
        assert refused(struct.pack("<Q", n) + file[8:]).field == "file"
    for cut in (*range(1, 12), 100, len(file) // 2, len(file) - 1):
        assert refused(file[:cut]).field == "file"
    assert "should have" in str(refused(file + b"\0"))


def test_a_header_is_read_up_to_a_megabyte_and_tensors_up_to_their_cap():
    bloated = {f"t{i}": {"dtype": "F32", "shape": [1], "data_offsets": [4 * i, 4 * i + 4]} for i in range(20_000)}
    assert "at most 1 MB" in str(refused(joined(bloated, bytes(80_000))))
    assert "at most 1 MB" in str(refused(joined({"__metadata__": {"x": "y" * MOST_HEADER}, "a": ONE}, bytes(8))))
    n = MOST_BYTES // 4 + 1
    head = joined({"a": {"dtype": "F32", "shape": [n], "data_offsets": [0, 4 * n]}})
    with pytest.raises(Refused, match="at most 64 MB"):
        safetensors_header.header(head, len(head) + 4 * n)


def test_another_s_safetensors_file_is_no_model():
    header, body = split(packed())
    for meta in ({}, {"format": "pt"}, {"format": "gan-playground-2", "model": "{}"}, {"model": "{}"}, {"format": "gan-playground-1"}):
        assert "no model of this playground" in str(refused(joined({**header, "__metadata__": meta}, body)))
    for text in ("", "{", "[" * 100_000, "null", "[]", "7"):
        found = refused(joined({**header, "__metadata__": {"format": "gan-playground-1", "model": text}}, body))
        assert found.field == "model"


def test_tensors_must_be_those_of_the_variant(monkeypatch):
    monkeypatch.setattr(model_file, "load", lambda file: pytest.fail("tensors were read"))
    of, file = about(), packed()
    (first, *_), (header, body) = sorted(split(file)[0].keys() - {"__metadata__"}), split(file)
    renamed = {("../../x" if name == first else name): entry for name, entry in header.items()}
    reshaped = {**header, "gan.D.0.weight": {**header["gan.D.0.weight"], "shape": [2, 4]}}
    recast = {**header, "gan.D.0.weight": {**header["gan.D.0.weight"], "dtype": "I32"}}
    for changed, words in ((renamed, first), (reshaped, "F32 [2, 4]"), (recast, "I32 [4, 2]")):
        found = refused(joined(changed, body))
        assert (found.field, words in str(found)) == ("tensors", True), found
    extra = safetensors_header.written({**{k: v for k, v in tensors(of).items() if k.startswith(("gan.", "averaged."))}, "gan.more": torch.ones(1)},
                               header["__metadata__"])
    assert "has not" in str(refused(extra))
    for changes in ({"variant": "began"}, {"knobs": about(knobs={"width_d": 256}).knobs}, {"dims": [3, 64, 64], "size": 64}):
        if "variant" in changes:
            changes["knobs"] = about("began").knobs
        assert refused(retold(file, **changes)).field == "tensors"


def test_the_widest_network_is_refused_without_being_made():
    """840 MB of weights are promised by a file of 20 kB."""
    widest = about("ebgan", Shape(3, 64), knobs={"width_g": 256, "width_d": 256, "code": 512})
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    assert refused(retold(packed(), variant="ebgan", knobs=widest.knobs, dims=[3, 64, 64], size=64)).field == "tensors"
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 100_000       # kB


@pytest.mark.parametrize("value", [float("nan"), float("inf"), -float("inf")])
@pytest.mark.parametrize("name", ["gan.G.body.0.weight", "averaged.0.body.0.bias", "gan.lr_scale"])
def test_numbers_that_are_none_are_refused(name, value):
    of = about()
    given = tensors(of)
    given[name].view(-1)[-1] = value
    file = pack(of, given)
    with pytest.raises(Refused, match="NaN or infinite") as found:
        unpack(file)
    assert name in str(found.value)
    assert json.loads(split(file)[0]["__metadata__"]["model"])["variant"] == "gan"


def test_points_and_pictures_are_what_dims_say():
    assert unpack(packed(shape=POINTS)).gan.shape.is_points
    assert unpack(packed(shape=Shape(3, 16), data="never:heard-of")).gan.shape == Shape(3, 16)
