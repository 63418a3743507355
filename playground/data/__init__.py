"""What GANs learn from: points in the plane, picture packs that ship, and, for who has them, downloads and a folder of one's own."""

from pathlib import Path  # noqa: I001  (importing what follows registers the sets, in the order that the page shows)

from playground.data import points, drawn, embedded, downloads, uploaded, own, place  # noqa: F401
from playground.data.batches import Batches
from playground.data.options import at_batch
from playground.data.registry import (DATASETS, Data, Dataset, batch_bytes, check_options, check_size, dataset, forget, get, licence, load, samples,
                                      shape)
from playground.data.thumbnails import thumbnail

__all__ = ["DATASETS", "Batches", "Data", "Dataset", "at_batch", "batch_bytes", "check_options", "check_size", "dataset", "forget", "get", "licence",
           "load", "samples", "settle", "shape", "thumbnail"]


def settle(root: Path, folder: Path | None = None) -> None:
    """Where downloads are kept, and a folder of pictures to offer: once, before the first run. Until then downloads go to ./data."""
    place.root = root
    own.offer(folder)
