"""What samples are drawn from: latents and, where a variant is told them, classes."""

from dataclasses import dataclass

import torch
from torch import Tensor


@dataclass(frozen=True)
class Code:
    """What n samples are drawn from: latents `z`, (n, z_dim), and of a `Conditional` variant their classes `y`, int64 (n,); None for others."""

    z: Tensor
    y: Tensor | None = None

    @staticmethod
    def of(value: "Code | Tensor") -> "Code":
        """A code as it is; a tensor of latents as a code without classes."""
        return value if isinstance(value, Code) else Code(value)

    def __len__(self) -> int:
        return len(self.z)

    def __getitem__(self, part: slice) -> "Code":
        return Code(self.z[part], None if self.y is None else self.y[part])

    def split(self, n: int) -> list["Code"]:
        """In parts of `n` samples; the last may have fewer."""
        return [self[at:at + n] for at in range(0, len(self), n)]

    def to(self, device: torch.device | str) -> "Code":
        """On `device`."""
        return Code(self.z.to(device), None if self.y is None else self.y.to(device))

    def joined(self, other: "Code") -> "Code":
        """These, and then those of `other`."""
        return Code(torch.cat([self.z, other.z]), None if self.y is None else torch.cat([self.y, other.y]))
