"""Batches by index from tensors that already lie on the device."""

from collections.abc import Iterator

import torch
from torch import Tensor

from models.kit.batch import Plain
from playground.types import Refused


class Batches:
    """Endless float32 batches: every epoch in a new order from the run's own generator, the incomplete last batch left out.

    uint8 images come as [-1, 1] in channels_last memory; points as they are. `flip` mirrors half of the images, `noise` adds Gaussian
    noise of that σ, unclipped: both are drawn from the same generator, batch by batch, and nothing is drawn for what is off.
    """

    def __init__(self, train: Tensor, batch: int, generator: torch.Generator, device: str = "cpu", noise: float = 0.0, flip: bool = False) -> None:
        if not 1 <= batch <= len(train):
            raise Refused("batch", f"batch must lie between 1 and {len(train)}, the size of the training set")
        self.images = train.dtype == torch.uint8
        train = train.permute(0, 2, 3, 1).contiguous() if self.images else train      # so that a gathered batch is channels_last already
        self.noise, self.flip = noise, flip and self.images
        self.train, self.batch, self.generator, self.device = train.to(device), batch, generator, device
        self.order: Tensor | None = None        # drawn when it is first needed
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
        """Where in which epoch's order the next batch lies."""
        order = torch.empty(0, dtype=torch.int64) if self.order is None else self.order
        return {"order": order, "position": torch.tensor(self.position)}

    def load(self, state: dict[str, Tensor]) -> None:
        """Go on where `state` was taken; the generator is the caller's to restore. ValueError when it belongs to another training set."""
        if len(state["order"]) not in (0, len(self.train)):
            raise ValueError(f"the saved order has {len(state['order'])} samples, the training set {len(self.train)}")
        self.order = state["order"].to(self.device) if len(state["order"]) else None
        self.position = int(state["position"])
