"""Safetensors files from anywhere: what stands in their header is checked before a byte of a tensor is touched.

The format: 8 bytes, the header's length n; n bytes of JSON, {name: {dtype, shape, data_offsets}, "__metadata__": {text: text}}; the tensors' bytes.
"""

import json
import math
import struct
from typing import Any, NamedTuple

from torch import Tensor

from playground.types import Refused
from playground.units import amount
from playground.validate import shown

MOST_HEADER, MOST_TENSORS, MOST_DIMS = 1 << 20, 2000, 8
MOST_BYTES = 64 * 10 ** 6           # of all tensors
HEAD = 8 + MOST_HEADER              # bytes that are enough to read any header
SIZES = {"BOOL": 1, "U8": 1, "I8": 1, "I16": 2, "U16": 2, "F16": 2, "BF16": 2, "I32": 4, "U32": 4, "F32": 4, "I64": 8, "U64": 8, "F64": 8}
NAMES = {"torch.bool": "BOOL", "torch.int64": "I64", "torch.float16": "F16", "torch.float32": "F32", "torch.float64": "F64"}     # what models have
META = "__metadata__"
KINDS = (                           # how other files begin, and what they are
    (b"\x89PNG", "a PNG picture"), (b"\xff\xd8\xff", "a JPEG picture"), (b"GIF8", "a GIF picture"), (b"\x1f\x8b", "a gzip archive"),
    (b"\x93NUMPY", "an array of NumPy's (.npy)"), (b"\x89HDF", "an HDF5 file, as Keras keeps weights"), (b"GGUF", "a GGUF file"),
    (b"version https://git-lfs", "a pointer of Git LFS, which stands for a file that was not downloaded"), (b"<", "a web page"),
)
PICKLE = "which can hold code that runs when it is opened, so it is never opened here"


class Entry(NamedTuple):
    """A tensor as the header has it."""

    dtype: str
    shape: tuple[int, ...]


class Header(NamedTuple):
    """What a safetensors file says it holds: its tensors by name, and its metadata."""

    tensors: dict[str, Entry]
    meta: dict[str, str]


def header(head: bytes, size: int) -> Header:
    """What a file of `size` bytes that begins with `head`, its first HEAD bytes, says it holds. Refused("file", ...) when that cannot be so."""
    if not size:
        raise Refused("file", "the file is empty")
    n = struct.unpack("<Q", head[:8])[0] if len(head) >= 8 else 0
    if not 2 <= n <= size - 8 or head[8:9] != b"{":
        raise Refused("file", f"this is {kind(head)}; a model is a .safetensors file that this playground, or one like it, has made")
    if n > MOST_HEADER:
        raise Refused("file", f"the file's header has {amount(n)}; at most 1 MB is read")
    parsed = _json(head[8:8 + n])
    meta = parsed.pop(META, {})
    if not isinstance(meta, dict) or not all(isinstance(text, str) for text in meta.values()):
        raise Refused("file", "the file's metadata must be names and texts")
    if not 1 <= len(parsed) <= MOST_TENSORS:
        raise Refused("file", f"the file holds {len(parsed):,} tensors; a model has 1 to {MOST_TENSORS:,}")
    found = {name: _entry(name, about) for name, about in parsed.items()}
    end = 0
    for start, stop, _ in sorted(found.values(), key=lambda f: f[:2]):
        if start != end:
            raise Refused("file", "the file's tensors overlap, or leave holes between them")
        end = stop
    if end != size - 8 - n:
        raise Refused("file", f"the file should have {end:,} bytes of tensors and has {size - 8 - n:,}: it is cut off, or something hangs on it")
    if end > MOST_BYTES:
        raise Refused("file", f"the file's tensors hold {amount(end)}; at most {amount(MOST_BYTES)} are read")
    return Header({name: entry for name, (_, _, entry) in found.items()}, meta)


def written(tensors: dict[str, Tensor], meta: dict[str, str]) -> bytes:
    """A safetensors file. The same tensors and texts give the same bytes, which the library's own writer does not promise."""
    header: dict[str, Any] = {META: meta}
    order = sorted(tensors, key=lambda name: (-tensors[name].element_size(), name))        # aligned
    parts: list[bytes] = []
    at = 0
    for name in order:
        body = tensors[name].detach().cpu().contiguous().numpy().tobytes()
        header[name] = {"dtype": NAMES[str(tensors[name].dtype)], "shape": list(tensors[name].shape), "data_offsets": [at, at + len(body)]}
        parts.append(body)
        at += len(body)
    return _joined(header, *parts)


def retold(file: bytes, meta: dict[str, str]) -> bytes:
    """A file that `header` has read, with other texts: its tensors are the same bytes."""
    n = struct.unpack("<Q", file[:8])[0]
    return _joined(json.loads(file[8:8 + n]) | {META: meta}, file[8 + n:])


def _joined(header: dict[str, Any], *bodies: bytes) -> bytes:
    text = json.dumps(header, separators=(",", ":"), ensure_ascii=False).encode()
    text += b" " * (-len(text) % 8)
    return b"".join([struct.pack("<Q", len(text)), text, *bodies])


def kind(head: bytes) -> str:
    """What a file that is no safetensors file is, by its content; its name is not asked."""
    if head[:2] in (b"\x80\x02", b"\x80\x03", b"\x80\x04", b"\x80\x05"):
        return f"a pickle, {PICKLE}"
    if head[:4] == b"PK\x03\x04":
        if b".pkl" in head:
            return f"a file of torch.save (.pt, .pth, .ckpt): a pickle in a zip, {PICKLE}"
        return "an archive of NumPy's (.npz)" if b".npy" in head else "a zip archive"
    return next((name for begins, name in KINDS if head.startswith(begins)), "not a safetensors file")


def _json(text: bytes) -> dict[str, Any]:
    """The header's JSON; every name once."""
    def once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        if len(dict(pairs)) != len(pairs):
            raise ValueError("a name stands twice")
        return dict(pairs)

    try:
        parsed = json.loads(text.decode(), object_pairs_hook=once)
    except (ValueError, RecursionError):
        raise Refused("file", "the file's header cannot be read: it is damaged, or it is no safetensors file") from None
    if not isinstance(parsed, dict):
        raise Refused("file", "the file's header must be an object")
    return parsed


def _entry(name: str, about: Any) -> tuple[int, int, Entry]:
    """(start, stop, dtype and shape) of a tensor."""
    entry = about if isinstance(about, dict) else {}
    dtype, shape, place = entry.get("dtype"), entry.get("shape"), entry.get("data_offsets")
    if not isinstance(dtype, str) or dtype not in SIZES:
        raise Refused("file", f"tensor {shown(name)} is of a kind that no model here has: {shown(dtype)}")
    if not _whole(shape) or len(shape) > MOST_DIMS or not all(0 < n <= MOST_BYTES for n in shape):
        raise Refused("file", f"tensor {shown(name)} must have at most {MOST_DIMS} dimensions, none of them empty")
    if not _whole(place) or len(place) != 2 or place[1] - place[0] != math.prod(shape) * SIZES[dtype]:
        raise Refused("file", f"tensor {shown(name)} does not lie where its shape says")
    return place[0], place[1], Entry(dtype, tuple(shape))


def _whole(values: Any) -> bool:
    """Whether it is a list of whole numbers from 0 on."""
    return isinstance(values, list) and all(isinstance(v, int) and not isinstance(v, bool) and 0 <= v < 2 ** 53 for v in values)
