"""The shape of samples, and batches of them."""

from typing import NamedTuple

from torch import Tensor


class Shape(NamedTuple):
    """The shape of a sample: points in the plane (`size` 0, `channels` 2) or square images."""

    channels: int
    size: int = 0

    @property
    def is_points(self) -> bool:
        """Whether samples are points in the plane, not images."""
        return self.size == 0

    @property
    def dims(self) -> tuple[int, ...]:
        """Shape of one sample's tensor: (2,) or (channels, size, size)."""
        return (self.channels,) if self.is_points else (self.channels, self.size, self.size)


POINTS = Shape(2)


class Plain(NamedTuple):
    """Unlabelled samples, float32. Images: (B, C, H, W) in [-1, 1]; points: (B, 2)."""

    x: Tensor
