"""Sets that take long to build are built once and stored on disk as uint8."""

import errno
import logging
import os
from collections.abc import Callable
from pathlib import Path

from models.kit.batch import Domain, Shape
from playground.data.registry import Data
from playground.data.sources import download_root

log = logging.getLogger(__name__)
VERSION = 1         # of building and splitting; files of other versions are ignored


def path(name: str) -> Path:
    """The file that a prepared set is kept in."""
    return download_root.prepared() / f"{name}-v{VERSION}.safetensors"


def is_prepared(name: str) -> bool:
    """Whether a set has been prepared and kept."""
    return path(name).is_file()


def prepared(name: str, make: Callable[[], Data], replaces: str = "") -> Data:
    """A set of images, read from its file, or built by `make` and stored atomically. `replaces`: a glob pattern of files to delete then."""
    target = path(name)
    data = _read(target)
    if data is None:
        data = make()
        _write(target, data)
        for old in target.parent.glob(replaces) if replaces else ():
            if old != target:
                old.unlink(missing_ok=True)
    return data


def _read(target: Path) -> Data | None:
    """The set in a file; None when there is no such file, or it is damaged. OSError when the process has no free file handle."""
    from safetensors import SafetensorError
    from safetensors.torch import load_file

    try:
        parts = load_file(target)
        return Data(parts["train"], parts["held"], Domain(Shape(*parts["train"].shape[1:3])), parts.get("labels"), parts.get("held_labels"))
    except FileNotFoundError:
        if target.is_file():                            # safetensors raises the same without a free file handle
            raise OSError(errno.EMFILE, os.strerror(errno.EMFILE)) from None
        return None
    except (SafetensorError, KeyError) as damaged:
        log.warning("%s is made again, for it cannot be read: %s", target, damaged)
        return None


def _write(target: Path, data: Data) -> None:
    from safetensors.torch import save_file

    target.parent.mkdir(parents=True, exist_ok=True)
    temporary = target.with_name(f".part-{target.name}")
    named = {"train": data.train, "held": data.held, "labels": data.labels, "held_labels": data.held_labels}
    try:
        save_file({name: part for name, part in named.items() if part is not None}, temporary)
        with open(temporary, "rb+") as file:
            os.fsync(file.fileno())
        os.replace(temporary, target)
    finally:
        temporary.unlink(missing_ok=True)
