"""Batches by index from tensors that already lie on the device."""

from collections.abc import Iterator

import torch
from torch import Tensor

from models.kit.batch import Plain
from playground.types import Refused


class Batches:
    """Endless float32 batches: each epoch in a new random order from the run's own generator, without the incomplete last batch.

    uint8 images are scaled to [-1, 1], in channels_last memory; points are unchanged. `flip` mirrors half of the images, `noise` adds Gaussian
    noise with that σ, unclipped: both are drawn from the same generator, batch by batch, and only when they are on.
    """

    def __init__(self, train: Tensor, batch: int, generator: torch.Generator, device: str = "cpu", noise: float = 0.0, flip: bool = False) -> None:
        if not 1 <= batch <= len(train):
            raise Refused("batch", f"batch must lie between 1 and {len(train)}, the size of the training set")
        self.images = train.dtype == torch.uint8
        train = train.permute(0, 2, 3, 1).contiguous() if self.images else train      # gathered batches are then in channels_last order
        self.noise, self.flip = noise, flip and self.images
        self.train, self.batch, self.generator, self.device = train.to(device), batch, generator, device
        self.order: Tensor | None = None        # drawn when first needed
        self.position = 0

    def __iter__(self) -> Iterator[Plain]:
        return self

    def __next__(self) -> Plain:
        if self.order is None or self.position + self.batch > len(self.train):
            self.order, self.position = torch.randperm(len(self.train), generator=self.generator, device=self.device), 0
        x = self.train.index_select(0, self.order[self.position:self.position + self.batch])
        self.position += self.batch
        if self.images:
            x = torch.add(-1.0, x.permute(0, 3, 1, 2), alpha=1 / 127.5)      # one pass: cast, multiply and add
        if self.flip:
            mirrored = torch.rand(self.batch, 1, 1, 1, generator=self.generator, device=self.device) < 0.5
            x = torch.where(mirrored, x.flip(3), x)
        if self.noise:
            x = x + self.noise * torch.randn(x.shape, generator=self.generator, device=self.device)
        return Plain(x)

    def state(self) -> dict[str, Tensor]:
        """The position: this epoch's order, and the index of the next batch's first sample in it."""
        order = torch.empty(0, dtype=torch.int64) if self.order is None else self.order
        return {"order": order, "position": torch.tensor(self.position)}

    def load(self, state: dict[str, Tensor]) -> None:
        """Continue where `state` was taken; the caller restores the generator. ValueError when it belongs to another training set."""
        if len(state["order"]) not in (0, len(self.train)):
            raise ValueError(f"the saved order has {len(state['order'])} samples, the training set {len(self.train)}")
        self.order = state["order"].to(self.device) if len(state["order"]) else None
        self.position = int(state["position"])
