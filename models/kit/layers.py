"""Layers that compute what torch's own do, of the same weights under the same names, faster on channels_last pictures."""

import torch
from torch import Tensor, nn
from torch.nn import functional as F

LAST = torch.channels_last


class Float32(nn.Module):
    """Ends a network: whatever precision was used inside, energies, scores and samples are float32."""

    def forward(self, x: Tensor) -> Tensor:
        return x.float()


class Grid(nn.Unflatten):
    """(B, channels size^2) -> (B, channels, size, size). In memory the channels come last, so that no layer after it works on mixed orders."""

    def __init__(self, channels: int, size: int) -> None:
        super().__init__(1, (channels, size, size))

    def forward(self, x: Tensor) -> Tensor:
        return super().forward(x).contiguous(memory_format=LAST)


class Flat(nn.Flatten):
    """(B, ...) -> (B, n). A picture's gradient comes back in the order in memory that the picture had."""

    def forward(self, x: Tensor) -> Tensor:
        if x.requires_grad and x.ndim == 4 and x.is_contiguous(memory_format=LAST):
            x.register_hook(lambda gradient: gradient.contiguous(memory_format=LAST))
        return super().forward(x)


class Double(nn.ConvTranspose2d):
    """A transposed convolution, 4x4 with a stride of 2: twice the size. Its bias is added apart: oneDNN takes long over a bias's gradient."""

    def __init__(self, channels: int, out: int, *, bias: bool = True) -> None:
        super().__init__(channels, out, 4, 2, 1, bias=bias)

    def forward(self, x: Tensor) -> Tensor:
        return _added(F.conv_transpose2d(x, self.weight, None, 2, 1), self.bias)


class UpConv(nn.Conv2d):
    """Nearest upsampling by 2, then a 3x3 convolution, as one transposed convolution: the same function of the same weights at 4/9 of the cost.

    A pixel's row sees the kernel's three rows as two, one of them twice: w1 | w2 + w3, or w1 + w2 | w3; columns likewise. Turned round,
    those four sums are the transposed kernel.
    """

    def __init__(self, channels: int, out: int) -> None:
        super().__init__(channels, out, 3, padding=1)

    def forward(self, x: Tensor) -> Tensor:
        w = self.weight.flip(2, 3).transpose(0, 1)
        w = F.pad(w, (0, 0, 0, 1)) + F.pad(w, (0, 0, 1, 0))
        w = F.pad(w, (0, 1)) + F.pad(w, (1, 0))
        return _added(F.conv_transpose2d(x, w, None, 2, 1), self.bias)


def _added(x: Tensor, bias: Tensor | None) -> Tensor:
    """In place, and in x's precision: mixed ones are slow."""
    return x if bias is None else x.add_(bias.to(x.dtype).view(-1, 1, 1))
