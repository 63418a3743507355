"""The kernel distance between two sets of features."""

from torch import Tensor


def kernel_distance(a: Tensor, b: Tensor) -> float:
    """Unbiased squared MMD with the kernel (x·y / d + 1)³ over all pairs of (n, d) and (m, d) (Bińkowski et al., 2018, arXiv:1801.01401).

    0 for equal distributions, on average: it may fall below 0. Standardise the features first, or its scale says nothing. NaN when a number
    is missing.
    """
    a, b = a.double(), b.double()

    def kernel(x: Tensor, y: Tensor) -> Tensor:
        return (x @ y.T / x.shape[1]).add_(1).pow_(3)

    def within(x: Tensor) -> Tensor:
        k = kernel(x, x)
        return (k.sum() - k.diagonal().sum()) / (len(x) * (len(x) - 1))

    return (within(a) + within(b) - 2 * kernel(a, b).mean()).item()
