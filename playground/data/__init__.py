"""The data sets: points in the plane, picture packs that ship, downloads, the server's own folder, and uploads."""

from pathlib import Path  # noqa: I001  (importing what follows registers the sets, in the order that the page shows)

from playground.data.sources import points, drawn, embedded, downloads, uploaded, own_folder, download_root  # noqa: F401
from playground.data.batches import Batches, ExampleBatches
from playground.data.options import at_batch
from playground.data.registry import (DATASETS, Data, Dataset, batch_bytes, check_options, check_size, dataset, domain, forget, get, licence, load,
                                      samples, shape)
from playground.data.thumbnails import thumbnail

__all__ = ["DATASETS", "Batches", "Data", "Dataset", "ExampleBatches", "at_batch", "batch_bytes", "check_options", "check_size", "configure",
           "dataset", "domain", "forget", "get", "licence", "load", "samples", "shape", "thumbnail"]


def configure(root: Path, folder: Path | None = None) -> None:
    """Set where downloads are kept and a folder of pictures to offer. To be called once, before the first run; the default root is ./data."""
    download_root.root = root
    own_folder.offer(folder)
