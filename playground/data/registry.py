"""Data sets by id. A data set is one function, marked with `@dataset`, that builds its tensors."""

import difflib
import math
import threading
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, NamedTuple

from torch import Tensor

from models.kit.batch import POINTS, Shape
from playground.data.images import grey
from playground.data.options import AT_BATCH, GREY, ColourOptions, ImageOptions, PointOptions, checked
from playground.types import Refused

HELD_OUT = 0.2      # share of every set that is never trained on
SPLIT_SEED = 20170331
KEPT = 1 << 30      # bytes of tensors that stay in memory; those asked for last stay longest


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


class Known(NamedTuple):
    """What is known of a set that people bring, before it is loaded: pictures to train on, and what its owner says of its licence."""

    samples: int
    licence: str


@dataclass(frozen=True)
class Dataset:
    id: str
    title: str
    kind: str                       # "points" or "images"
    help: str
    licence: str
    credit: str
    build: Callable[..., Data]      # (size, and the options of its own by name)
    sizes: tuple[int, ...] = ()     # pixels that it can be had in; the first is the default
    channels: int = 2
    samples: int | None = None      # to train on, all options as they are by default; None: known once it is loaded
    needs: str = ""                 # "network" to be had at all, the server's own "folder", or "pictures" that people send
    ready: Callable[[], bool] = lambda: True        # whether it can be loaded without a download and within a second or so
    extended: type | None = None    # options of its own, where it has more than its kind
    known: Callable[[dict[str, Any]], Known | None] = lambda options: None      # by its options; Refused("data", ...) for what is gone

    @property
    def Options(self) -> type:
        """A frozen dataclass of knobs."""
        return self.extended or (PointOptions if self.kind == "points" else ColourOptions if self.channels == 3 else ImageOptions)

    @property
    def group(self) -> str:
        """Where the page lists it."""
        usual = "Points" if self.kind == "points" else "Pictures"
        return {"network": "Downloads", "folder": "Your own", "pictures": "Your own"}.get(self.needs, usual)


DATASETS: dict[str, Dataset] = {}
_loaded: OrderedDict[tuple, Data] = OrderedDict()
_making: dict[tuple, threading.Lock] = {}
_lock = threading.Lock()


def dataset(**about: Any) -> Callable[[Callable[..., Data]], Callable[..., Data]]:
    """Register the function below as the builder of the data set that `about` describes. ValueError when its id is taken."""
    def register(build: Callable[..., Data]) -> Callable[..., Data]:
        if about["id"] in DATASETS:
            raise ValueError(f"there are two data sets called {about['id']!r}")
        DATASETS[about["id"]] = Dataset(build=build, **about)
        return build
    return register


def get(name: Any) -> Dataset:
    """Raises Refused("data") with the near misses."""
    if isinstance(name, str) and name in DATASETS:
        return DATASETS[name]
    near = difflib.get_close_matches(str(name)[:40], DATASETS, n=3)
    known = f"did you mean {', '.join(near)}?" if near else f"there are {', '.join(DATASETS)}"
    raise Refused("data", f"there is no data set {str(name)[:40]!r}; {known}")


def check_size(found: Dataset, size: Any) -> int:
    """The size to use; 0 or nothing means the default. Raises Refused("size")."""
    allowed = found.sizes or (0,)
    if size in (None, 0) and not isinstance(size, bool):
        return allowed[0]
    if isinstance(size, bool) or not isinstance(size, int) or size not in allowed:
        raise Refused("size", f"size must be {' or '.join(str(s) for s in allowed)} for {found.title}")
    return size


def check_options(found: Dataset, options: Any) -> dict[str, Any]:
    """All of its options, those that are not named as they are by default. Refused names the option and what it may be."""
    return checked(found.title, found.Options, {} if options is None else options)


def shape(name: str, size: int = 0, options: dict[str, Any] | None = None) -> Shape:
    """What one sample is; nothing is built. Refused as `load`."""
    found = get(name)
    size, chosen = check_size(found, size), check_options(found, options)
    return POINTS if found.kind == "points" else Shape(1 if chosen.get("colour") == GREY else found.channels, size)


def samples(name: str, options: dict[str, Any] | None = None) -> int | None:
    """How many there are to train on; None when only loading will tell, and that would need a download or a long time."""
    found = get(name)
    own, usual = (_own(check_options(found, given)) for given in (options, None))
    if found.samples is not None and own == usual:
        return found.samples
    if known := found.known(own):
        return known.samples
    return len(load(name, 0, options).train) if found.ready() else None


def licence(name: str, options: dict[str, Any] | None = None) -> str:
    """What may be done with these data; of a person's own, what they say, "" when that is nothing or the set is gone."""
    found = get(name)
    try:
        known = found.known(_own(check_options(found, options)))
    except Refused:
        return ""
    return known.licence if known else found.licence


def forget(name: str, options: dict[str, Any]) -> None:
    """Let go of what is in memory of a set, at every size, with these of its options."""
    with _lock:
        for key in [key for key in _loaded if key[0] == name and options.items() <= dict(key[3:]).items()]:
            del _loaded[key]


def load(name: str, size: int = 0, options: dict[str, Any] | None = None) -> Data:
    """The set's tensors, built once for all who ask; others that are being built, or downloaded, hold nobody up.

    Noise and flips are not in them: `Batches` makes those. Refused for an unknown set, size or option, and when a download fails.
    """
    found = get(name)
    size, chosen = check_size(found, size), check_options(found, options)
    own, greyed = _own(chosen), chosen.get("colour") == GREY
    key = (name, size, greyed, *own.items())
    with _lock:
        lock = _making.setdefault(key, threading.Lock())
    with lock:
        try:
            with _lock:
                if key in _loaded:
                    _loaded.move_to_end(key)
                    return _loaded[key]
            data = _greyed(load(name, size, own)) if greyed else found.build(size, **own)
            with _lock:
                _loaded[key] = data
                while len(_loaded) > 1 and sum(map(weight, _loaded.values())) > KEPT:
                    _loaded.popitem(last=False)
            return data
        finally:
            with _lock:
                _making.pop(key, None)                  # people may draw any number of sets


def weight(data: Data) -> int:
    """Bytes of a set's samples."""
    return sum(part.numel() * part.element_size() for part in (data.train, data.held))


def batch_bytes(name: str, size: int, options: dict[str, Any]) -> int:
    """What a run's own copy of the training set takes, in the order that batches are gathered from; 0 where that cannot be known yet."""
    one = shape(name, size, options)
    return 0 if one.is_points else (samples(name, options) or 0) * math.prod(one.dims)


def _own(options: dict[str, Any]) -> dict[str, Any]:
    """Those that a set's own builder reads."""
    return {name: value for name, value in options.items() if name not in AT_BATCH and name != "colour"}


def _greyed(data: Data) -> Data:
    return data._replace(train=grey(data.train), held=grey(data.held), shape=Shape(1, data.shape.size))
