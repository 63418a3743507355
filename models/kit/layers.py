"""Layers that compute the same as torch's, with the same weights under the same names, but faster on channels_last pictures."""

import torch
from torch import Tensor, nn
from torch.nn import functional as F

LAST = torch.channels_last


class Float32(nn.Module):
    """The end of a network: energies, scores and samples are float32, whatever the precision inside."""

    def forward(self, x: Tensor) -> Tensor:
        """Any shape and precision -> the same in float32."""
        return x.float()


class Grid(nn.Unflatten):
    """(B, channels size^2) -> (B, channels, size, size). In channels_last memory, so that later layers need not convert."""

    def __init__(self, channels: int, size: int) -> None:
        super().__init__(1, (channels, size, size))

    def forward(self, x: Tensor) -> Tensor:
        """(B, channels size^2) -> (B, channels, size, size), channels last in memory."""
        return super().forward(x).contiguous(memory_format=LAST)


class Flat(nn.Flatten):
    """(B, ...) -> (B, n). A picture's gradient gets the memory order of the picture."""

    def forward(self, x: Tensor) -> Tensor:
        """(B, ...) -> (B, n), in the order of the dimensions, whatever the order in memory."""
        if x.requires_grad and x.ndim == 4 and x.is_contiguous(memory_format=LAST):
            x.register_hook(lambda gradient: gradient.contiguous(memory_format=LAST))
        return super().forward(x)


class Double(nn.ConvTranspose2d):
    """A transposed convolution, 4x4 with a stride of 2: twice the size. Its bias is added separately: oneDNN is slow with a bias's gradient."""

    def __init__(self, channels: int, out: int, *, bias: bool = True) -> None:
        super().__init__(channels, out, 4, 2, 1, bias=bias)

    def forward(self, x: Tensor) -> Tensor:
        """(B, channels, s, s) -> (B, out, 2 s, 2 s)."""
        return _added(F.conv_transpose2d(x, self.weight, None, 2, 1), self.bias)


class UpConv(nn.Conv2d):
    """Nearest upsampling by 2, then a 3x3 convolution, as one transposed convolution: the same function of the same weights at 4/9 of the cost.

    After upsampling, two of the kernel's three rows meet the same input row: w1 | w2 + w3, or w1 + w2 | w3; columns likewise. Flipped,
    those four sums are the transposed kernel.
    """

    def __init__(self, channels: int, out: int) -> None:
        super().__init__(channels, out, 3, padding=1)

    def forward(self, x: Tensor) -> Tensor:
        """(B, channels, s, s) -> (B, out, 2 s, 2 s)."""
        w = self.weight.flip(2, 3).transpose(0, 1)
        w = F.pad(w, (0, 0, 0, 1)) + F.pad(w, (0, 0, 1, 0))
        w = F.pad(w, (0, 1)) + F.pad(w, (1, 0))
        return _added(F.conv_transpose2d(x, w, None, 2, 1), self.bias)


def _added(x: Tensor, bias: Tensor | None) -> Tensor:
    """Add a bias in place, in x's precision: mixed precision is slow."""
    return x if bias is None else x.add_(bias.to(x.dtype).view(-1, 1, 1))
