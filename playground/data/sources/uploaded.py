"""Uploaded pictures as a data set: one id for all of them; an option names the set."""

from dataclasses import dataclass
from typing import Any

import numpy as np
import torch

from models.kit.batch import Shape
from models.kit.knobs import knob
from playground.data.options import ColourOptions
from playground.data.registry import HELD_OUT, Data, SetInfo, dataset
from playground.data.sources import download_root
from playground.data.sources.packs import split
from playground.store.sets import SIDE, Sets
from playground.types import Refused

ID, LEAST = "own", 40           # LEAST: different pictures; fewer are memorised at once


@dataclass(frozen=True)
class OwnOptions(ColourOptions):
    """Options of people's own pictures: the id of the set, besides those of colour pictures."""

    set: str = knob("", 0, 32, help="which of one's own sets of pictures")


def set_info(options: dict[str, Any]) -> SetInfo | None:
    """The size and licence of a set; None where none is named. Refused("data", ...) when it is gone."""
    try:
        found = Sets(download_root.root).get(options["set"]) if options["set"] else None
    except Refused as gone:
        raise Refused("data", str(gone)) from gone
    return found and SetInfo(round(found.n * (1 - HELD_OUT)), found.licence)


@dataset(id=ID, title="Your own images", kind="images", sizes=(32, 64, 16), channels=3, needs="pictures", ready=lambda: False, extended=OwnOptions,
         info=set_info, help="a zip, or many files, of your own", licence="its owner's", credit="its owner")
def own(size: int, set: str) -> Data:
    """A person's pictures, (N, 3, size, size), without labels. Refused("data", ...) when no set is named, or it is gone."""
    if not set:
        raise Refused("data", "these are a person's own pictures: send some, or choose a set of yours")
    try:
        path = Sets(download_root.root).pictures(set)
        pixels = np.fromfile(path, np.uint8).reshape(-1, 3, SIDE, SIDE)
    except Refused as gone:
        raise Refused("data", f"{gone}. A run on them cannot go on; what it made stays") from gone
    return split(torch.from_numpy(pixels), None, Shape(3, size))
