"""Pictures that a person has sent, as a data set: one id for all, and which set it is as an option."""

from dataclasses import dataclass
from typing import Any

import numpy as np
import torch

from models.kit.batch import Shape
from models.kit.knobs import knob
from playground.data import place
from playground.data.options import ColourOptions
from playground.data.packs import split
from playground.data.registry import HELD_OUT, Data, Known, dataset
from playground.store.sets import SIDE, Sets
from playground.types import Refused

ID, LEAST = "own", 40           # LEAST: different pictures; fewer are known by heart at once


@dataclass(frozen=True)
class OwnOptions(ColourOptions):
    set: str = knob("", 0, 32, help="which of one's own sets of pictures")


def known(options: dict[str, Any]) -> Known | None:
    """What is known of a set; None where none is named. Refused("data", ...) when it is gone."""
    try:
        found = Sets(place.root).get(options["set"]) if options["set"] else None
    except Refused as gone:
        raise Refused("data", str(gone)) from gone
    return found and Known(round(found.n * (1 - HELD_OUT)), found.licence)


@dataset(id=ID, title="Your own images", kind="images", sizes=(32, 64, 16), channels=3, needs="pictures", ready=lambda: False, extended=OwnOptions,
         known=known, help="a zip, or many files, of your own", licence="its owner's", credit="its owner")
def own(size: int, set: str) -> Data:
    if not set:
        raise Refused("data", "these are a person's own pictures: send some, or choose a set of yours")
    try:
        path = Sets(place.root).pictures(set)
        pixels = np.fromfile(path, np.uint8).reshape(-1, 3, SIDE, SIDE)
    except Refused as gone:
        raise Refused("data", f"{gone}. A run on them cannot go on; what it made stays") from gone
    return split(torch.from_numpy(pixels), None, Shape(3, size))
