"""A snapshot of D at a step, as one file that is written once and served unchanged.

gzip of: n as four bytes, little-endian | n bytes of JSON, padded with spaces so that 4 + n is a multiple of 8 | arrays one after another,
each from a multiple of 4. The JSON names every array under "arrays": {"kind", "shape", "at"}, "at" counted from the end of the JSON. uint8
arrays are stored as differences to the previous byte, modulo 256: smooth pictures then take half the space.
"""

import gzip
import json
import struct
from typing import Any

import numpy as np
import torch
from torch import Tensor

from models.kit.capabilities import scored, scored_fakes, told_labels
from models.kit.code import Code
from models.kit.gan import Latent
from playground.data import Data

BINS, SAMPLED = 40, 256         # of a histogram; samples of each kind in it
STEADY = 0.5                    # the share of a range that stays from one snapshot to the next, so that colours do not flicker
MORE_SEED = 11
HEAVIER = 2                     # gzip's level: a snapshot's time counts more than its size


def pack(header: dict[str, Any], arrays: dict[str, np.ndarray]) -> bytes:
    """The bytes of a snapshot file; `unpack` reads them."""
    parts, places, at = [], {}, 0
    for name, array in arrays.items():
        body = (np.diff(array.ravel(), prepend=array.dtype.type(0)) if array.dtype == np.uint8 else np.ascontiguousarray(array)).tobytes()
        places[name] = {"kind": str(array.dtype), "shape": list(array.shape), "at": at}
        parts.append(body + bytes(-len(body) % 4))
        at += len(parts[-1])
    text = json.dumps({**header, "arrays": places}, allow_nan=False, separators=(",", ":")).encode()
    text += b" " * (-(4 + len(text)) % 8)
    return gzip.compress(struct.pack("<I", len(text)) + text + b"".join(parts), HEAVIER, mtime=0)


def unpack(file: bytes) -> tuple[dict[str, Any], dict[str, np.ndarray]]:
    """(header, arrays) of a snapshot file."""
    raw = gzip.decompress(file)
    end = 4 + struct.unpack_from("<I", raw)[0]
    header = json.loads(raw[4:end])
    arrays = {}
    for name, a in header.pop("arrays").items():
        flat = np.frombuffer(raw, a["kind"], int(np.prod(a["shape"])), end + a["at"])
        arrays[name] = (flat.cumsum(dtype=np.uint8) if a["kind"] == "uint8" else flat).reshape(a["shape"])
    return header, arrays


class Range:
    """The range of a colour scale or an axis: two percentiles of the values, smoothed over snapshots."""

    def __init__(self, low: float, high: float) -> None:
        self.percent, self.limits = torch.tensor([low, high]) / 100, None

    def update(self, values: Tensor) -> tuple[float, float]:
        """Take these values into account; returns (low, high) with high above low. `values` are on the scale of the display."""
        now = torch.quantile(values.flatten(), self.percent)
        self.limits = now if self.limits is None else STEADY * self.limits + (1 - STEADY) * now
        low, high = self.limits.tolist()
        return low, max(high, low + 1e-6 * max(1.0, abs(low)))


class CriticSnapshot:
    """The base class: histograms on one axis of the scores of real samples and held-out ones, always the same, and of fakes.

    Energies are on a logarithmic scale, scores of both signs on a linear one.
    """

    kind = ""

    def __init__(self, gan: Latent, data: Data, code: Code) -> None:
        """`code`: that of frames; more is drawn where it is of fewer than SAMPLED."""
        self.device = code.z.device
        more = gan.draw(max(0, SAMPLED - len(code)), torch.Generator(self.device).manual_seed(MORE_SEED))
        self.code, self.log, self.axis = code.joined(more)[:SAMPLED], gan.positive, Range(0.5, 99.5)
        self.real, self.held = (self.samples(part).to(self.device) for part in (data.train, data.held))
        labels = (data.labels, data.held_labels) if told_labels(gan) else (None, None)
        self.real_y, self.held_y = (None if part is None else part[:SAMPLED].to(self.device) for part in labels)

    def samples(self, part: Tensor) -> Tensor:
        """The first SAMPLED of a split as D sees them: float32, pictures in [-1, 1]."""
        x = part[:SAMPLED]
        return x if x.is_floating_point() else x.float() / 127.5 - 1

    def capture(self, view: Latent) -> bytes | None:
        """The snapshot file of a trainer's view; None when a score is not finite."""
        with torch.no_grad():
            fakes = view.sample(self.code)
            scores = {"real": scored(view, self.real, self.real_y), "held": scored(view, self.held, self.held_y),
                      "fake": scored_fakes(view, fakes, self.code)}
            n = min(len(self.real), len(fakes))
            levels = [(level, float(level.value)) for level in view.levels_now(self.real[:n], fakes[:n], scores["real"][:n])]
        if not all(s.isfinite().all() for s in scores.values()):
            return None
        header = {"kind": self.kind, "step": view.steps, "scale": "log" if self.log else "linear", "rising": view.larger_is == "fake",
                  "unit": view.unit_now(), "hist": self.histogram({name: s.cpu() for name, s in scores.items()}),
                  "levels": [{"name": at.name, "symbol": at.symbol, "value": value, "past": at.past} for at, value in levels]}
        extra, arrays = self.details(view, fakes, scores["fake"])
        return pack(header | extra, arrays)

    def details(self, view: Latent, fakes: Tensor, scores: Tensor) -> tuple[dict[str, Any], dict[str, np.ndarray]]:
        """What is particular to this kind of data: (header, arrays)."""
        raise NotImplementedError

    def scaled(self, values: Tensor) -> Tensor:
        """Scores on the scale of the display: logarithmic for energies."""
        return values.clamp_min(1e-8).log() if self.log else values

    def unscaled(self, limits: tuple[float, float]) -> list[float]:
        """The ends of a range on the scale of the display, converted back to scores."""
        return [float(np.exp(limit)) if self.log else limit for limit in limits]

    def histogram(self, scores: dict[str, Tensor]) -> dict[str, Any]:
        """Counts of each kind of score in BINS bins over one range, and mean scores, as JSON."""
        scaled = {name: self.scaled(s) for name, s in scores.items()}
        low, high = self.axis.update(torch.cat(list(scaled.values())))
        counts = {name: torch.histc(s.clamp(low, high), BINS, low, high).int().tolist() for name, s in scaled.items()}
        return {"scale": "log" if self.log else "linear", "range": self.unscaled((low, high)), "bins": BINS, **counts,
                "mean": {name: s.mean().item() for name, s in scores.items()}}
