"""A small classifier of digits that ships with the playground; quality is measured in its features."""

import hashlib
import json
from dataclasses import dataclass
from functools import cache
from typing import Any

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from playground.config.paths import ASSETS

FOLDER = ASSETS / "extractors"
SIZE, FEATURES, CLASSES = 28, 64, 10
CHUNK = 125             # pictures at once: their activations stay in a core's cache


class Classifier(nn.Module):
    """(B, 1, 28, 28) in [-1, 1] -> ((B, 64) features, (B, 10) logits). The features are those before the last ReLU: none is always 0."""

    def __init__(self) -> None:
        super().__init__()
        self.body = nn.Sequential(
            nn.Conv2d(1, 16, 4, 2, 1, bias=False), nn.BatchNorm2d(16), nn.ReLU(),                           # 14
            nn.Conv2d(16, 32, 3, 1, 1, bias=False), nn.BatchNorm2d(32), nn.ReLU(), nn.MaxPool2d(2),         # 7
            nn.Conv2d(32, 64, 3, 1, 1, bias=False), nn.BatchNorm2d(64), nn.ReLU(), nn.MaxPool2d(2),         # 3
            nn.Flatten(), nn.Dropout(0.3), nn.Linear(576, FEATURES))
        self.head = nn.Sequential(nn.ReLU(), nn.Dropout(0.3), nn.Linear(FEATURES, CLASSES))

    def forward(self, x: Tensor) -> tuple[Tensor, Tensor]:
        """(B, 1, 28, 28) -> ((B, 64) features, (B, 10) logits)."""
        features = self.body(x)
        return features, self.head(features)


@dataclass(frozen=True)
class Extractor:
    """A trained classifier. `name`: the first 12 hex digits of its file's sha256; `about`: its held-out accuracy, n and seed."""

    net: Classifier
    name: str
    about: dict[str, Any]

    @torch.no_grad()
    def __call__(self, x: Tensor) -> tuple[Tensor, Tensor]:
        """(n, C, H, W) in [-1, 1], on the CPU -> ((n, 64) features, (n, 10) logits). Colours become grey, other sizes 28 pixels."""
        x = x.float().mean(1, keepdim=True)
        if x.shape[-1] != SIZE:
            x = F.interpolate(x, (SIZE, SIZE), mode="bilinear", align_corners=False, antialias=x.shape[-1] > SIZE)
        features, logits = zip(*(self.net(part.contiguous(memory_format=torch.channels_last)) for part in x.split(CHUNK)), strict=True)
        return torch.cat(features), torch.cat(logits)


@cache
def load(name: str = "digits") -> Extractor:
    """The extractor in assets/extractors/<name>.safetensors. FileNotFoundError when there is none."""
    return read((FOLDER / f"{name}.safetensors").read_bytes())


def read(raw: bytes) -> Extractor:
    """The extractor in a file's bytes. SafetensorError, KeyError or RuntimeError for another file."""
    from safetensors.torch import load as tensors_of

    net = Classifier()
    net.load_state_dict(tensors_of(raw))
    header = json.loads(raw[8:8 + int.from_bytes(raw[:8], "little")])
    net = net.to(memory_format=torch.channels_last).eval().requires_grad_(False)
    return Extractor(net, hashlib.sha256(raw).hexdigest()[:12], json.loads(header["__metadata__"]["about"]))
