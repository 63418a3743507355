"""Maximum mean discrepancy with Gaussian kernels."""

import torch
from torch import Tensor

WIDTHS = (0.1, 0.3, 1.0)
LEAST = -80.0           # the exponential of less is a subnormal float32, ten times as slow
ROWS = 64               # at once, so that they stay in a core's cache


def mmd(a: Tensor, b: Tensor, widths: tuple[float, ...] = WIDTHS) -> float:
    """Unbiased squared MMD of (n, d) and (m, d), the kernel being the mean of exp(-|x - y|² / 2w²) over the widths (Gretton et al., 2012, eq. 3).

    At most 2, no units; 0 for equal distributions, on average: it may fall below 0. Narrow widths see a cloud that is too wide, wide ones a
    missing mode. NaN when a number is missing.
    """
    def kernel(x: Tensor, y: Tensor) -> Tensor:
        """The sum over all pairs."""
        total = x.new_zeros(())
        for part in x.split(ROWS):
            square = torch.addmm(part.square().sum(1)[:, None] + y.square().sum(1), part, y.T, alpha=-2).clamp_(min=0)
            total += sum(square.mul(-0.5 / w ** 2).clamp_(min=LEAST).exp_().sum() for w in widths)
        return total / len(widths)

    a, b = a.float().flatten(1), b.float().flatten(1)

    def within(x: Tensor) -> Tensor:
        return (kernel(x, x) - len(x)) / (len(x) * (len(x) - 1))      # without the pairs of a sample with itself

    return (within(a) + within(b) - 2 * kernel(a, b) / (len(a) * len(b))).item()
