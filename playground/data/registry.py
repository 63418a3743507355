"""Data sets by id. A data set is one function, marked with `@dataset`, that builds its tensors."""

import difflib
import math
import threading
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, NamedTuple

from torch import Tensor

from models.kit.batch import POINTS, Shape
from playground.config.limits.memory_cache import LRUCache
from playground.data.options import AT_BATCH, GREY, ColourOptions, ImageOptions, PointOptions, checked
from playground.data.resize import grey
from playground.types import Refused

HELD_OUT = 0.2      # share of every set that is never trained on
SPLIT_SEED = 20170331
KEPT = 1 << 30      # bytes of tensors that stay in memory, those used last


class Data(NamedTuple):
    """The samples of a set. Images: uint8 (N, C, H, W), contiguous; points: float32 (N, 2). `held` was never trained on.

    `modes` (K, 2) and `sigma` describe mixtures of Gaussians in the plane.
    """

    train: Tensor
    held: Tensor
    shape: Shape
    labels: Tensor | None = None
    held_labels: Tensor | None = None
    modes: Tensor | None = None
    sigma: float = 0.0


class SetInfo(NamedTuple):
    """What is known of an uploaded set before it is loaded: the number of training pictures, and the licence that its owner states."""

    samples: int
    licence: str


@dataclass(frozen=True)
class Dataset:
    """A data set that can be chosen: how it is described to people, and `build`, which makes its tensors."""

    id: str
    title: str
    kind: str                       # "points" or "images"
    help: str
    licence: str
    credit: str
    build: Callable[..., Data]      # (size, **its own options)
    sizes: tuple[int, ...] = ()     # pixels; the first is the default
    channels: int = 2
    samples: int | None = None      # to train on, with default options; None: known once it is loaded
    needs: str = ""                 # "network" for a download, the server's own "folder", or "pictures" that people upload
    ready: Callable[[], bool] = lambda: True        # whether it can be loaded without a download and within a second or so
    extended: type | None = None    # its options, if it has more than its kind
    info: Callable[[dict[str, Any]], SetInfo | None] = lambda options: None      # of these options; Refused("data", ...) for a set that is gone

    @property
    def Options(self) -> type:
        """The class of its options: a frozen dataclass of knobs."""
        return self.extended or (PointOptions if self.kind == "points" else ColourOptions if self.channels == 3 else ImageOptions)

    @property
    def group(self) -> str:
        """The heading under which the page lists it."""
        usual = "Points" if self.kind == "points" else "Pictures"
        return {"network": "Downloads", "folder": "Your own", "pictures": "Your own"}.get(self.needs, usual)


DATASETS: dict[str, Dataset] = {}
_building: dict[tuple, threading.Lock] = {}
_lock = threading.Lock()            # of `_making`


def dataset(**about: Any) -> Callable[[Callable[..., Data]], Callable[..., Data]]:
    """Decorates the builder of the data set that `about` describes, and registers it. ValueError when its id is taken."""
    def register(build: Callable[..., Data]) -> Callable[..., Data]:
        if about["id"] in DATASETS:
            raise ValueError(f"there are two data sets called {about['id']!r}")
        DATASETS[about["id"]] = Dataset(build=build, **about)
        return build
    return register


def get(name: Any) -> Dataset:
    """The data set of this id. Raises Refused("data") with similar ids."""
    if isinstance(name, str) and name in DATASETS:
        return DATASETS[name]
    near = difflib.get_close_matches(str(name)[:40], DATASETS, n=3)
    known = f"did you mean {', '.join(near)}?" if near else f"there are {', '.join(DATASETS)}"
    raise Refused("data", f"there is no data set {str(name)[:40]!r}; {known}")


def check_size(found: Dataset, size: Any) -> int:
    """The size to use; 0 or None is the default. Raises Refused("size")."""
    allowed = found.sizes or (0,)
    if size in (None, 0) and not isinstance(size, bool):
        return allowed[0]
    if isinstance(size, bool) or not isinstance(size, int) or size not in allowed:
        raise Refused("size", f"size must be {' or '.join(str(s) for s in allowed)} for {found.title}")
    return size


def check_options(found: Dataset, options: Any) -> dict[str, Any]:
    """All of its options, completed with defaults. Refused names the option and its allowed values."""
    return checked(found.title, found.Options, {} if options is None else options)


def shape(name: str, size: int = 0, options: dict[str, Any] | None = None) -> Shape:
    """The shape of a sample, without building the set. Refused as `load`."""
    found = get(name)
    size, chosen = check_size(found, size), check_options(found, options)
    return POINTS if found.kind == "points" else Shape(1 if chosen.get("colour") == GREY else found.channels, size)


def samples(name: str, options: dict[str, Any] | None = None) -> int | None:
    """The number of training samples; None when only loading shows it, and that would need a download or a long time."""
    found = get(name)
    own, usual = (_own(check_options(found, given)) for given in (options, None))
    if found.samples is not None and own == usual:
        return found.samples
    if info := found.info(own):
        return info.samples
    return len(load(name, 0, options).train) if found.ready() else None


def licence(name: str, options: dict[str, Any] | None = None) -> str:
    """The licence of a data set; of an uploaded one as its owner states it, "" when they do not, or the set is gone."""
    found = get(name)
    try:
        info = found.info(_own(check_options(found, options)))
    except Refused:
        return ""
    return info.licence if info else found.licence


def forget(name: str, options: dict[str, Any]) -> None:
    """Drop a set from memory, at every size, where it has these options."""
    for key, _ in _loaded.items():
        if key[0] == name and options.items() <= dict(key[3:]).items():
            _loaded.drop(key)


def load(name: str, size: int = 0, options: dict[str, Any] | None = None) -> Data:
    """The set's tensors, built once and cached; building or downloading a set does not block others.

    Without noise and flips, which `Batches` adds. Refused for an unknown set, size or option, and when a download fails.
    """
    found = get(name)
    size, chosen = check_size(found, size), check_options(found, options)
    own, greyed = _own(chosen), chosen.get("colour") == GREY
    key = (name, size, greyed, *own.items())
    with _lock:
        lock = _building.setdefault(key, threading.Lock())
    with lock:
        try:
            data = _loaded.get(key)
            if data is None:
                data = _grey(load(name, size, own)) if greyed else found.build(size, **own)
                _loaded.put(key, data)
            return data
        finally:
            with _lock:
                _building.pop(key, None)                # else it would grow with every set that people draw


def data_bytes(data: Data) -> int:
    """Bytes of a set's samples."""
    return sum(part.numel() * part.element_size() for part in (data.train, data.held))


def batch_bytes(name: str, size: int, options: dict[str, Any]) -> int:
    """Bytes of a run's own copy of the training set, from which batches are gathered; 0 where that is not known yet."""
    one = shape(name, size, options)
    return 0 if one.is_points else (samples(name, options) or 0) * math.prod(one.dims)


def in_memory() -> LRUCache[Data]:
    """An empty cache of sets."""
    return LRUCache(KEPT, data_bytes, fair=False)


_loaded = in_memory()


def _own(options: dict[str, Any]) -> dict[str, Any]:
    """The options that a set's builder takes."""
    return {name: value for name, value in options.items() if name not in AT_BATCH and name != "colour"}


def _grey(data: Data) -> Data:
    return data._replace(train=grey(data.train), held=grey(data.held), shape=Shape(1, data.shape.size))
