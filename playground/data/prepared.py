"""Data that take long to make are made once and kept as uint8 on disk."""

import logging
import os
from collections.abc import Callable
from pathlib import Path

from models.kit.batch import Shape
from playground.data import place
from playground.data.registry import Data

log = logging.getLogger(__name__)
VERSION = 1         # of how sets are made and split; files of other versions are not read


def path(name: str) -> Path:
    return place.prepared() / f"{name}-v{VERSION}.safetensors"


def there(name: str) -> bool:
    return path(name).is_file()


def prepared(name: str, make: Callable[[], Data], replaces: str = "") -> Data:
    """Images, from their file where there is one, else made and kept, whole or not at all. `replaces`: a pattern of files that this one outdates."""
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
    """None when there is no such file, or it is damaged: then it is made again."""
    from safetensors import SafetensorError
    from safetensors.torch import load_file

    try:
        parts = load_file(target)
        return Data(parts["train"], parts["held"], Shape(*parts["train"].shape[1:3]), parts.get("labels"), parts.get("held_labels"))
    except FileNotFoundError:
        return None
    except (SafetensorError, KeyError) as damaged:
        log.warning("%s is made again, for it cannot be read: %s", target, damaged)
        return None


def _write(target: Path, data: Data) -> None:
    from safetensors.torch import save_file

    target.parent.mkdir(parents=True, exist_ok=True)
    aside = target.with_name(f".part-{target.name}")
    named = {"train": data.train, "held": data.held, "labels": data.labels, "held_labels": data.held_labels}
    try:
        save_file({name: part for name, part in named.items() if part is not None}, aside)
        with open(aside, "rb+") as file:
            os.fsync(file.fileno())
        os.replace(aside, target)
    finally:
        aside.unlink(missing_ok=True)
