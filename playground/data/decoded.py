"""Pictures of any format from outside as tensors: the first frame, upright, eight bits per channel, transparency on white.

They are decoded in processes of their own (`playground.render.decoder`), never here.
"""

from pathlib import Path
from typing import BinaryIO

import numpy as np
import torch
from torch import Tensor

from playground.config.file_handles import out_of_handles
from playground.render.decoder import readers, wire
from playground.render.decoder.readers import Reader
from playground.types import Refused


def square(file: Path | BinaryIO, side: int, fit: str = "crop") -> Tensor:
    """uint8 (3, side, side), cropped about the middle or, with `fit` "pad", whole on white. Smaller ones repeat pixels if the factor is whole.

    Refused("file", ...) for a file that is no picture, damaged, too large or too slow to decode; "server" when decoding is busy or unavailable.
    """
    return tensor(readers.square(read_file(file), side, fit), side)


def squared(reader: Reader, file: Path | BinaryIO | bytes, side: int, fit: str = "crop") -> Tensor:
    """As `square`, for one of many pictures, by the same `reader`."""
    return tensor(reader.square(file if isinstance(file, bytes) else read_file(file), side, fit), side)


def tensor(pixels: bytes, side: int) -> Tensor:
    """RGB bytes, row by row -> uint8 (3, side, side)."""
    return torch.from_numpy(np.frombuffer(pixels, np.uint8).reshape(side, side, 3).transpose(2, 0, 1).copy())


def read_file(file: Path | BinaryIO) -> bytes:
    """The bytes of a file, at most wire.BYTES + 1: longer ones are refused later. Refused("file", ...) when it cannot be read."""
    if not isinstance(file, Path):
        return file.read(wire.BYTES + 1)
    if not file.is_file():
        raise Refused("file", "this is no file")
    try:
        with file.open("rb") as opened:
            return opened.read(wire.BYTES + 1)
    except OSError as error:
        if out_of_handles(error):
            raise
        raise Refused("file", f"it cannot be read: {error.strerror or error}") from error
