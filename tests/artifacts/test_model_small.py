"""Models in the small form: rounded, each network once, and read wherever the whole ones are; the two are not mixed."""

import json
import math
import struct

import pytest
import torch
from modelling import about, joined, packed, split, tensors
from safetensors.torch import load

import models
from models.kit.batch import Shape
from models.kit.capabilities import Coder, Encoder
from playground.artifacts import model_card, model_file
from playground.artifacts.gallery import Gallery
from playground.artifacts.model_file import examined, expected, pack, renamed, unpack
from playground.artifacts.model_forms import SMALL, WHOLE, tensors_of
from playground.artifacts.safetensors_header import HEAD, MOST_BYTES
from playground.explorer.explorer import Explorer
from playground.explorer.generator import TrainedGenerator
from playground.store.models import Models
from playground.types import Refused

DIGITS = Shape(1, 28)


def refused(file: bytes) -> str:
    """Why `file` is no model, by its head alone; whole it is refused in the same words."""
    with pytest.raises(Refused) as found:
        examined(file[:HEAD], len(file))
    with pytest.raises(Refused) as again:
        unpack(file)
    assert (str(again.value), again.value.field) == (str(found.value), found.value.field) == (str(found.value), "tensors")
    return str(found.value)


def retyped(form: str, name: str, dtype: str, file: bytes) -> bytes:
    """The file with one tensor, which comes last, of another kind."""
    header, body = split(file)
    told = {key: entry for key, entry in header.items() if key != name}
    whole = {key: body[slice(*entry["data_offsets"])] for key, entry in told.items() if key != "__metadata__"}
    numbers = load(file)[name].to({"F16": torch.float16, "F32": torch.float32}[dtype])
    parts, at = {**whole, name: numbers.numpy().tobytes()}, 0
    for key, part in parts.items():
        entry = header[key] if key != name else {"dtype": dtype, "shape": list(numbers.shape)}
        told[key], at = {**entry, "data_offsets": [at, at + len(part)]}, at + len(part)
    told["__metadata__"]["format"] = form
    return joined(told, b"".join(parts.values()))


@pytest.mark.parametrize("variant", models.ZOO)
def test_it_is_what_the_whole_one_is_but_for_rounding(variant, shape):
    of = about(variant, shape, seed=3, quality={"quality/sw": {"value": 0.25}}, name="mine")
    file = pack(of, tensors(of), SMALL)
    whole, small = unpack(pack(of, tensors(of))), unpack(file)
    assert (small.about, small.gan.training, small.gan.steps) == (of, False, 7)
    assert not any(p.requires_grad for p in small.gan.parameters())
    there, rounded = whole.gan.state_dict(), small.gan.state_dict()
    assert there.keys() - rounded.keys() == {name for name in there if any(name.startswith(f"{part}.") for part in of.variant_class.aside)}
    for name, tensor in rounded.items():
        assert tensor.dtype == there[name].dtype, name
        halved = there[name].is_floating_point() and there[name].dim() > 1
        assert torch.equal(tensor, there[name].half().to(tensor.dtype) if halved else there[name]), name
    assert set(load(file)) == {f"gan.{name}" for name in rounded}
    z, again = (made.gan.draw(5, torch.Generator().manual_seed(1)) for made in (whole, small))
    assert torch.equal(z.z, again.z)
    assert torch.allclose(whole.gan.sample(z), small.gan.sample(z), atol=0.02)
    assert model_card.grid(small)


def test_it_takes_a_third_of_the_bytes_and_is_the_same_each_time():
    of = about("gan", DIGITS, knobs={"width_g": 24, "width_d": 24})
    file = pack(of, tensors(of), SMALL)
    assert len(file) < 0.42 * len(pack(of, tensors(of)))
    assert file == pack(of, dict(reversed(tensors(of).items())), SMALL)
    assert tensors_of(unpack(file).gan, SMALL).keys() == load(file).keys()
    assert all(torch.equal(tensor, load(file)[name]) for name, tensor in tensors_of(unpack(file).gan, SMALL).items()), "rounded once"


def test_a_whole_file_is_as_it_was():
    """Its form is the one without a name; nothing in it is rounded or left out."""
    assert split(packed("sgan"))[0]["__metadata__"]["format"] == "gan-playground-1"
    assert {entry.dtype for entry in expected(about("sgan", DIGITS)).values()} == {"F32", "I64"}
    assert any(name.startswith("gan.C.") for name in expected(about("sgan", DIGITS)))
    read, made = load(packed("sgan", DIGITS)), unpack(packed("sgan", DIGITS)).gan
    for name, tensor in made.state_dict().items():
        assert torch.equal(tensor, read[f"averaged.0.{name[2:]}" if name.startswith("G.") else f"gan.{name}"]), name


@pytest.mark.parametrize("variant", ["gan", "sgan", "aae", "bigan"])
def test_the_forms_are_not_mixed(variant, monkeypatch):
    monkeypatch.setattr(model_file, "load", lambda file: pytest.fail("tensors were read"))
    files = {form: packed(variant, DIGITS, form) for form in (WHOLE, SMALL)}
    name = next(name for name, entry in expected(about(variant, DIGITS), SMALL).items() if name.startswith("gan.G.") and entry.dtype == "F16")
    row = next(name for name, entry in expected(about(variant, DIGITS), SMALL).items() if name.startswith("gan.G.") and len(entry.shape) == 1)
    assert f"{name} is F16" in refused(retyped(WHOLE, name, "F16", files[WHOLE]))
    said = refused(retyped(SMALL, name, "F32", files[SMALL]))
    assert f"{name} is F32" in said
    assert "in a file of the small form, it is F16" in said
    assert f"{row} is F16" in refused(retyped(SMALL, row, "F16", files[SMALL]))
    for of, other in ((WHOLE, SMALL), (SMALL, WHOLE)):
        header, body = split(files[of])
        header["__metadata__"]["format"] = other
        assert ("lacks averaged.0." if of == SMALL else "has a tensor 'averaged.0.") in refused(joined(header, body))
    for form in ("gan-playground-1-tiny", "gan-playground-2", ""):
        header, body = split(files[SMALL])
        header["__metadata__"]["format"] = form
        with pytest.raises(Refused, match="do not say gan-playground-1 or gan-playground-1-small"):
            unpack(joined(header, body))


@pytest.mark.parametrize("value", [float("nan"), float("inf"), -float("inf"), 65_520.0])
def test_what_float16_has_not_is_neither_written_nor_read(value):
    of, name = about(), "gan.D.0.weight"
    given, file = tensors(of), packed(form=SMALL)
    given[name].view(-1)[-1] = value
    with pytest.raises(Refused, match=name) as found:
        pack(of, given, SMALL)
    assert (found.value.field, "65,504" in str(found.value)) == ("tensors", True)
    header, body = split(file)
    at = header[name]["data_offsets"][1]
    bad = joined(header, body[:at - 2] + struct.pack("<H", 0x7E00 if math.isnan(value) else 0x7C00) + body[at:])
    examined(bad[:HEAD], len(bad))
    with pytest.raises(Refused, match=f"{name} holds numbers that are NaN or infinite"):
        unpack(bad)


def test_what_lacks_a_network_is_not_written():
    of = about()
    with pytest.raises(Refused, match="lacks averaged"):
        pack(of, {name: tensor for name, tensor in tensors(of).items() if not name.startswith("averaged")}, SMALL)


def test_what_it_takes_in_memory_counts():
    """40 MB of float16 would be 80 MB of weights: refused by the header, as what is whole."""
    wide = about("gan", Shape(3, 64), knobs={"width_g": 128, "width_d": 160})
    entries, at, told = expected(wide, SMALL), 0, {}
    for name, entry in sorted(entries.items(), key=lambda one: one[1].dtype == "F16"):
        size = torch.Size(entry.shape).numel() * {"F16": 2, "F32": 4, "I64": 8}[entry.dtype]
        told[name], at = {"dtype": entry.dtype, "shape": list(entry.shape), "data_offsets": [at, at + size]}, at + size
    assert MOST_BYTES / 2 < at < MOST_BYTES
    told["__metadata__"] = {"format": SMALL, "model": json.dumps(wide.json())}
    head = joined(told)
    with pytest.raises(Refused, match="once they are read; at most 64 MB"):
        examined(head, len(head) + at)


def test_it_is_kept_named_and_taken_along_as_it_came(tmp_path):
    there, file = Gallery(tmp_path / "none", Models(tmp_path)), packed("sgan", DIGITS, SMALL)
    made = there.keep("cookie:ada", file)
    assert made.read() == file
    assert there.model(made.id).about == about("sgan", DIGITS)
    assert there.model(made.id).bytes == sum(t.nbytes for t in unpack(file).gan.state_dict().values()) > 1.5 * len(split(file)[1])
    there.kept.amend(made.id, name="other")
    taken = there.get(made.id).read()
    assert (unpack(taken).about.name, split(taken)[0]["__metadata__"]["format"], split(taken)[1]) == ("other", SMALL, split(file)[1])
    assert renamed(taken, about("sgan", DIGITS)) == file


@pytest.mark.parametrize("variant", models.ZOO)
def test_every_tool_for_latents_takes_it(variant):
    """Nothing asks for what is laid aside."""
    model = unpack(packed(variant, DIGITS, SMALL))
    ask, of = Explorer(None), TrainedGenerator(model.hash, model.gan, "digits", 28).of_one_class(None)
    assert set(ask.nearest(of, 3, 2)) == {"pixels", "code"}
    assert ask.samples(of, 3, 4, 1.0)["image"]
    assert all(ask.directions(of, kind) for kind in ("layer", "features"))
    *_, found = of.inversions(of.samples(of.latents("a", [3]))[0], 1, 2)
    assert found.z.shape == (of.dim,)
    if issubclass(models.get(variant), Encoder):
        assert ask.encodings(of)["decoded"]
    if issubclass(models.get(variant), Coder):
        assert ask.traversals(of, 3, 3)["values"]
        assert ask.sorting(of)["counts"]


def test_only_what_stands_by_itself_is_laid_aside():
    """A network that another one is part of could not be."""
    for variant, cls in models.ZOO.items():
        gan = cls(about(variant, DIGITS).domain, about(variant, DIGITS).checked_knobs(), None)
        own = {id(p) for name in cls.aside for p in gan.get_submodule(name).parameters()}
        rest = {id(p) for name, p in gan.named_parameters(remove_duplicate=False) if not any(name.startswith(f"{part}.") for part in cls.aside)}
        assert not own & (rest | {id(p) for network in gan.averaged_networks() for p in network.parameters()})
