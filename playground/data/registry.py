"""Data sets by id. A data set is one function, marked with `@dataset`, that builds its tensors."""

import difflib
import math
import threading
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, NamedTuple

from torch import Tensor

from models.kit.batch import POINTS, Batch, Domain, Plain, Shape
from playground.config.limits.memory_cache import LRUCache
from playground.data.options import AT_BATCH, GREY, ColourOptions, ImageOptions, PointOptions, checked
from playground.data.resize import grey
from playground.types import Refused

HELD_OUT = 0.2      # share of every set that is never trained on
SPLIT_SEED = 20170331
KEPT = 1 << 30      # bytes of tensors that stay in memory, those used last


class Data(NamedTuple):
    """The samples of a set. Images: uint8 (N, C, H, W), contiguous; points: float32 (N, 2). `held` was never trained on.

    What the domain provides beside them: `labels`, int64 (N,), places in `domain.classes`; `attributes`, uint8 (N, A) of 0 and 1, a column for each
    of `domain.attributes`; `other`, samples of the second domain, (M, ...), with M = N for pairs. `modes` (K, 2) and `sigma` describe mixtures of
    Gaussians in the plane.
    """

    train: Tensor
    held: Tensor
    domain: Domain
    labels: Tensor | None = None
    held_labels: Tensor | None = None
    modes: Tensor | None = None
    sigma: float = 0.0
    attributes: Tensor | None = None
    held_attributes: Tensor | None = None
    other: Tensor | None = None
    held_other: Tensor | None = None

    @property
    def shape(self) -> Shape:
        """The shape of a sample, of the first domain where there are two."""
        return self.domain.shape


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
    classes: tuple[str, ...] = ()       # the names of its labels
    attributes: tuple[str, ...] = ()    # the names of what its samples may have or lack
    other: int = 0                      # channels of the samples of its second domain, which have the same size; 0: it has none
    paired: bool = False                # whether the samples of its two domains belong together
    single: bool = False                # whether all its samples are one point

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


def domain(name: str, size: int = 0, options: dict[str, Any] | None = None) -> Domain:
    """What the set provides, without building it. Refused as `load`."""
    found = get(name)
    size, greyed = check_size(found, size), check_options(found, options).get("colour") == GREY
    points = POINTS._replace(single=found.single)
    first, other = (points if found.kind == "points" else Shape(1 if greyed else channels, size) for channels in (found.channels, found.other))
    return Domain(first, found.classes, found.attributes, other if found.other else None, found.paired)


def shape(name: str, size: int = 0, options: dict[str, Any] | None = None) -> Shape:
    """The shape of a sample, without building the set. Refused as `load`."""
    return domain(name, size, options).shape


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

    Without noise and flips, which `Batches` adds. Refused for an unknown set, size or option, and when a download fails. ValueError for a set that
    does not provide what it declares.
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
                data = data._replace(domain=domain(name, size, options))
                _check_provided(name, data)
                _loaded.put(key, data)
            return data
        finally:
            with _lock:
                _building.pop(key, None)                # else it would grow with every set that people draw


def data_bytes(data: Data) -> int:
    """Bytes of a set's samples."""
    return sum(part.numel() * part.element_size() for part in (data.train, data.held, data.other, data.held_other) if part is not None)


def batch_bytes(name: str, size: int, options: dict[str, Any], kind: type[Batch] = Plain) -> int:
    """Bytes of a run's own copy of the training set, from which batches of this kind are gathered; 0 where that is not known yet."""
    given = domain(name, size, options)
    shapes = {"train": given.shape, "other": given.other}
    copied = [shapes[field] for order in kind.orders for field in order if field in shapes]
    return sum((samples(name, options) or 0) * math.prod(one.dims) for one in copied if not one.is_points)


def in_memory() -> LRUCache[Data]:
    """An empty cache of sets."""
    return LRUCache(KEPT, data_bytes, fair=False)


_loaded = in_memory()


def _own(options: dict[str, Any]) -> dict[str, Any]:
    """The options that a set's builder takes."""
    return {name: value for name, value in options.items() if name not in AT_BATCH and name != "colour"}


def _grey(data: Data) -> Data:
    parts = {name: getattr(data, name) for name in ("train", "held", "other", "held_other")}
    return data._replace(**{name: grey(part) for name, part in parts.items() if part is not None and part.shape[1] == 3})


def _check_provided(name: str, data: Data) -> None:
    """Raises ValueError when a set's tensors are not what its domain says."""
    given, classes = data.domain, len(data.domain.classes)
    dims = {"train": given.shape.dims, "labels": () if classes else None, "attributes": (len(given.attributes),) if given.attributes else None,
            "other": given.other.dims if given.other else None}
    for part, wanted in dims.items():
        for field in (part, "held" if part == "train" else f"held_{part}"):
            tensor = getattr(data, field)
            found = None if tensor is None else tuple(tensor.shape[1:])
            if found != wanted:
                raise ValueError(f"{name} declares {field} of {wanted} each, and its builder makes {found}")
    if classes and not 0 <= int(data.labels.min()) <= int(data.labels.max()) < classes:
        raise ValueError(f"{name} declares {classes} classes, and its labels are {int(data.labels.min())} to {int(data.labels.max())}")
