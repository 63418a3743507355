"""Data sets by id. A data set is one function, marked with `@dataset`, that builds its tensors."""

import difflib
import threading
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, NamedTuple

from torch import Tensor

from models.kit.batch import Shape
from playground.types import Refused

HELD_OUT = 0.2      # share of every set that is never trained on
SPLIT_SEED = 20170331


class Data(NamedTuple):
    """Samples of one set. Images: uint8 (N, C, H, W), contiguous; points: float32 (N, 2). `held` was never trained on.

    `modes` (K, 2) and `sigma` describe mixtures of Gaussians in the plane.
    """

    train: Tensor
    held: Tensor
    shape: Shape
    labels: Tensor | None = None
    held_labels: Tensor | None = None
    modes: Tensor | None = None
    sigma: float = 0.0


@dataclass(frozen=True)
class Dataset:
    id: str
    title: str
    kind: str                       # "points" or "images"
    help: str
    licence: str
    credit: str
    build: Callable[[int], Data]
    sizes: tuple[int, ...] = ()     # pixels that it can be had in; the first is the default
    channels: int = 2


DATASETS: dict[str, Dataset] = {}
_loaded: dict[tuple[str, int], Data] = {}
_lock = threading.RLock()


def dataset(**about: Any) -> Callable[[Callable[[int], Data]], Callable[[int], Data]]:
    """Register the function below as the builder of the data set that `about` describes. ValueError when its id is taken."""
    def register(build: Callable[[int], Data]) -> Callable[[int], Data]:
        if about["id"] in DATASETS:
            raise ValueError(f"there are two data sets called {about['id']!r}")
        DATASETS[about["id"]] = Dataset(build=build, **about)
        return build
    return register


def get(name: Any) -> Dataset:
    """Raises Refused("data") with the near misses."""
    if isinstance(name, str) and name in DATASETS:
        return DATASETS[name]
    near = difflib.get_close_matches(str(name)[:40], DATASETS, n=3) or list(DATASETS)
    raise Refused("data", f"there is no data set {str(name)[:40]!r}; did you mean {', '.join(near)}?")


def check_size(found: Dataset, size: Any) -> int:
    """The size to use; 0 or nothing means the default. Raises Refused("size")."""
    allowed = found.sizes or (0,)
    if size in (None, 0) and not isinstance(size, bool):
        return allowed[0]
    if isinstance(size, bool) or not isinstance(size, int) or size not in allowed:
        raise Refused("size", f"size must be {' or '.join(str(s) for s in allowed)} for {found.title}")
    return size


def load(name: str, size: int = 0) -> Data:
    """The set's tensors, built once per process. Raises Refused for an unknown set or size."""
    found = get(name)
    key = (name, check_size(found, size))
    with _lock:
        if key not in _loaded:
            _loaded[key] = found.build(key[1])
        return _loaded[key]
