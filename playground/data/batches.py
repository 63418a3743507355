"""Batches by index from tensors that already lie on the device."""

from collections.abc import Iterator

import torch
from torch import Tensor

from models.kit.batch import Batch, Domain, SemiLabelled, moved
from playground.data.registry import Data
from playground.types import Refused

SAMPLES = ("train", "other")        # fields of Data that are samples; the others say something of them
PREFIXES = ("", "other_")           # of the first and the second order's names in a checkpoint
ORDER = 1 << 31                     # beyond all seeds, within the 32 bits that count: a generator of orders never draws what a run's own does


class Batches:
    """Endless batches of a kind: each epoch in a new random order from the run's own generator, without the incomplete last batch.

    Samples are float32; uint8 images are scaled to [-1, 1], in channels_last memory; points are unchanged. `flip` mirrors half of the images, both of
    a pair together; `noise` adds Gaussian noise with that σ, unclipped: both are drawn from the same generator, batch by batch, and only when they
    are on. Of the data only the fields that the kind names are read. With `own_order` all this comes from a generator of their own instead, which
    is part of their position: whoever draws as many of them gets the same ones, whatever else is drawn meanwhile.
    """

    def __init__(self, data: Data, kind: type[Batch], batch: int, generator: torch.Generator, device: str = "cpu", *, known: int | None = None,
                 seed: int = 0, noise: float = 0.0, flip: bool = False, own_order: bool = False) -> None:
        """`known`: how many labels SemiLabelled batches tell, None for all; `seed` chooses which, by a generator of its own; no other is read
        but for `own_order`.

        Refused("batch", ...) for a batch of more samples than there are, Refused("labels", ...) for more known labels. ValueError for data without
        a field that the kind names.
        """
        self.own = torch.Generator(device).manual_seed(ORDER + seed) if own_order else None
        self.kind, self.batch, self.generator = kind, batch, self.own or generator
        self.orders, self.drawn = [], 0         # samples since this object was made, of the first order
        for fields in kind.orders:
            columns = {name: getattr(data, name) for name in fields}
            if any(column is None for column in columns.values()):
                raise ValueError(f"{kind.__name__} batches need {' and '.join(fields)}: these data have not all of them")
            if kind is SemiLabelled and "labels" in columns:
                columns = with_known_labels(columns, known, seed)
            if "attributes" in columns:
                columns["attributes"] = columns["attributes"].float()
            size = min(batch, len(columns["labels"])) if kind is SemiLabelled and "labels" in columns else batch
            self.orders.append(RandomOrder(columns, size, self.generator, device, noise, flip))

    def __iter__(self) -> Iterator[Batch]:
        return self

    def __next__(self) -> Batch:
        self.drawn += self.batch
        return self.kind(*(part for order in self.orders for part in order.draw()))

    def state(self) -> dict[str, Tensor]:
        """The position: of each random order this epoch's, and the index of the next batch's first sample in it."""
        own = {"generator": self.own.get_state()} if self.own else {}
        return own | {prefix + name: tensor for prefix, order in zip(PREFIXES, self.orders, strict=False) for name, tensor in order.state().items()}

    def load(self, state: dict[str, Tensor]) -> None:
        """Continue where `state` was taken; the caller restores the generator. ValueError when it belongs to another training set, KeyError when it
        belongs to another kind of batches."""
        for prefix, order in zip(PREFIXES, self.orders, strict=False):
            order.load(state[f"{prefix}order"], state[f"{prefix}position"])
        if self.own:
            self.own.set_state(state["generator"].cpu())


class RandomOrder:
    """Columns of a data set that are gathered by one random order: `columns` by their names in `Data`, all of the same length."""

    def __init__(self, columns: dict[str, Tensor], batch: int, generator: torch.Generator, device: str, noise: float, flip: bool) -> None:
        self.n = len(next(iter(columns.values())))
        if not 1 <= batch <= self.n:
            raise Refused("batch", f"batch must lie between 1 and {self.n}, the size of the training set")
        if any(len(column) != self.n for column in columns.values()):
            raise ValueError(f"{' and '.join(columns)} must be of the same length: {', '.join(str(len(column)) for column in columns.values())}")
        self.samples = [name for name in columns if name in SAMPLES]
        self.images = [name for name in self.samples if columns[name].dtype == torch.uint8]
        if self.images:                         # gathered batches are then in channels_last order
            columns = columns | {name: columns[name].permute(0, 2, 3, 1).contiguous() for name in self.images}
        self.columns = {name: column.to(device) for name, column in columns.items()}
        self.batch, self.generator, self.device, self.noise, self.flip = batch, generator, device, noise, flip and bool(self.images)
        self.order: Tensor | None = None        # drawn when first needed
        self.position = 0

    def draw(self) -> list[Tensor]:
        """The next batch, column by column."""
        if self.order is None or self.position + self.batch > self.n:
            self.order, self.position = torch.randperm(self.n, generator=self.generator, device=self.device), 0
        index = self.order[self.position:self.position + self.batch]
        self.position += self.batch
        parts = {name: column.index_select(0, index) for name, column in self.columns.items()}
        for name in self.images:
            parts[name] = torch.add(-1.0, parts[name].permute(0, 3, 1, 2), alpha=1 / 127.5)      # one pass: cast, multiply and add
        if self.flip:
            mirrored = torch.rand(self.batch, 1, 1, 1, generator=self.generator, device=self.device) < 0.5
            parts |= {name: torch.where(mirrored, parts[name].flip(3), parts[name]) for name in self.images}
        if self.noise:
            for name in self.samples:
                parts[name] = parts[name] + self.noise * torch.randn(parts[name].shape, generator=self.generator, device=self.device)
        return list(parts.values())

    def state(self) -> dict[str, Tensor]:
        """Its own position, as `Batches.state`."""
        order = torch.empty(0, dtype=torch.int64) if self.order is None else self.order
        return {"order": order, "position": torch.tensor(self.position)}

    def load(self, order: Tensor, position: Tensor) -> None:
        """Continue at this position of this order. ValueError when it has another number of samples."""
        if len(order) not in (0, self.n):
            raise ValueError(f"the saved order has {len(order)} samples, the training set {self.n}")
        self.order, self.position = (order.to(self.device) if len(order) else None), int(position)


class ExampleBatches:
    """The same example of a batch again and again, for measuring how long steps take."""

    def __init__(self, kind: type[Batch], batch: int, domain: Domain, device: str = "cpu") -> None:
        self.example = moved(kind.example(batch, domain), device)

    def __iter__(self) -> Iterator[Batch]:
        return self

    def __next__(self) -> Batch:
        return self.example

    def state(self) -> dict[str, Tensor]:
        """Nothing: it has no position."""
        return {}

    def load(self, state: dict[str, Tensor]) -> None:
        """Does nothing: it has no position."""


def with_known_labels(columns: dict[str, Tensor], known: int | None, seed: int) -> dict[str, Tensor]:
    """Of all columns the rows of `known` random samples; None: of all.

    Refused("labels", ...) for a number out of range."""
    if known is None:
        return columns
    n = len(columns["labels"])
    if not 1 <= known <= n:
        raise Refused("labels", f"labels must lie between 1 and {n}, the size of the training set")
    chosen = torch.randperm(n, generator=torch.Generator().manual_seed(seed))[:known]
    return {name: column[chosen] for name, column in columns.items()}
