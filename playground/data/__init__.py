"""What GANs learn from: points in the plane and embedded picture packs. No network is needed."""

from playground.data import points, packs  # noqa: F401, I001  (importing registers them, in the order that the page shows)
from playground.data.batches import Batches
from playground.data.packs import thumbnail
from playground.data.registry import DATASETS, Data, Dataset, check_size, dataset, get, load

__all__ = ["DATASETS", "Batches", "Data", "Dataset", "check_size", "dataset", "get", "load", "thumbnail"]
