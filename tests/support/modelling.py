"""Small models for tests, whole and broken."""

import json
import struct
from dataclasses import asdict
from typing import Any

import torch
from torch import Tensor

import models
from models.kit.batch import POINTS, Shape
from models.kit.knobs import check
from playground.artifacts.metadata import About
from playground.artifacts.model_file import pack
from playground.artifacts.model_forms import WHOLE
from playground.data import domain

SMALL = {"width_g": 4, "width_d": 4, "z_dim": 4, "code": 4}


def about(variant: str = "gan", shape: Shape = POINTS, data: str = "", **changes: Any) -> About:
    cls = models.get(variant)
    small = {k: v for k, v in SMALL.items() if k in asdict(cls.Knobs())}
    knobs = asdict(check(cls.Knobs, small | changes.pop("knobs", {})))
    data = data or ("ring8" if shape.is_points else "digits")
    if "labels" in cls.batch.needs:
        changes.setdefault("classes", domain(data).classes)
    return About(variant, data, shape.dims, knobs, changes.pop("step", 7), shape.size, **changes)


def tensors(of: About, seed: int = 1) -> dict[str, Tensor]:
    """As a checkpoint has them; the average is not what it is an average of."""
    gan = of.variant_class(of.domain, of.checked_knobs(), torch.Generator().manual_seed(seed))
    state = {f"gan.{name}": tensor for name, tensor in gan.state_dict().items()}
    mean = {f"averaged.{i}.{name}": 0.5 * tensor if tensor.is_floating_point() else tensor
            for i, network in enumerate(gan.averaged_networks()) for name, tensor in network.state_dict().items()}
    return state | mean | {"optimiser.G.0.exp_avg": torch.ones(3), "generator": torch.zeros(5, dtype=torch.uint8)}


def packed(variant: str = "gan", shape: Shape = POINTS, form: str = WHOLE, **changes: Any) -> bytes:
    of = about(variant, shape, **changes)
    return pack(of, tensors(of), form)


def split(file: bytes) -> tuple[dict[str, Any], bytes]:
    """(the header, the tensors' bytes) of a safetensors file."""
    n = struct.unpack("<Q", file[:8])[0]
    return json.loads(file[8:8 + n]), file[8 + n:]


def joined(header: Any, body: bytes = b"") -> bytes:
    text = header if isinstance(header, bytes) else json.dumps(header).encode()
    return struct.pack("<Q", len(text)) + text + body


def retold(file: bytes, **changes: Any) -> bytes:
    """The same file with other fields in what it says of its model; None takes one away."""
    header, body = split(file)
    said = {**json.loads(header["__metadata__"]["model"]), **changes}
    header["__metadata__"]["model"] = json.dumps({name: value for name, value in said.items() if value is not None})
    return joined(header, body)
