"""The sliced Wasserstein distance of patches: whether pictures are as sharp as others, and drawn with the same strokes."""

from functools import cache

import torch
from torch import Tensor
from torch.nn import functional as F

from playground.evaluation.metrics.sliced import slices, slices_distance

SIZE, EACH, SEED = 7, 4, 20180406      # pixels of a patch's side; patches of a picture at every level; of their places


@cache
def _places(n: int, height: int, width: int) -> tuple[Tensor, Tensor]:
    """(n, 4) rows and columns of patches' corners."""
    generator = torch.Generator().manual_seed(SEED)
    rows, columns = (torch.randint(side - SIZE + 1, (n, EACH), generator=generator) for side in (height, width))
    return rows, columns


def pyramid(x: Tensor) -> list[Tensor]:
    """(n, C, H, W) -> a Laplacian pyramid (Burt & Adelson, 1983): what each halving loses, then what remains; no level under 14 pixels. Its filter
    is the mean of four pixels, a tenth of the cost of theirs."""
    levels = []
    while min(x.shape[2:]) >= 4 * SIZE and not (x.shape[2] % 2 or x.shape[3] % 2):
        low = F.avg_pool2d(x, 2)
        levels.append(x - F.interpolate(low, scale_factor=2, mode="bilinear", align_corners=False))
        x = low
    return [*levels, x]


def patches(x: Tensor) -> list[Tensor]:
    """(n, C, H, W) of at least 7 pixels -> for each level of the pyramid 4 n patches projected onto 64 directions, sorted: (4 n, 64)."""
    found = []
    for level in pyramid(x.float()):
        rows, columns = _places(len(x), *level.shape[2:])
        each = torch.arange(len(x)).unsqueeze(1)
        found.append(slices(level.unfold(2, SIZE, 1).unfold(3, SIZE, 1)[each, :, rows, columns].flatten(0, 1)))
    return found


def patches_distance(a: list[Tensor], b: list[Tensor]) -> float:
    """The mean over levels of the sliced Wasserstein distance of two sets' patches (Karras et al., 2018, arXiv:1710.10196, section 5), in the
    units of a pixel; there patches are standardised, and the sets' own contrasts are lost. ValueError when the sets differ in size."""
    return sum(slices_distance(one, other) for one, other in zip(a, b, strict=True)) / len(a)
