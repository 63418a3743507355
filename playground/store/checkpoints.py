"""Checkpoints: all that exact resumption needs, as safetensors that survive a kill, a power cut and a flipped bit."""

import hashlib
import json
import logging
from collections.abc import Callable
from pathlib import Path
from typing import Any

from safetensors.torch import load, save
from torch import Tensor

from playground.store.disk import numbered, share, sync_folder, thinned, write_aside

log = logging.getLogger(__name__)
NEWEST = 2                  # checkpoints that always stay
OTHERS = 12                 # older ones that stay, for forks
FEW = 4                     # older ones that stay when checkpoints are big
MUCH = 256 << 20            # bytes of the older ones together, above which fewer stay
MARKED = 4                  # marked ones that stay besides
Saved = tuple[int, dict[str, Tensor], dict[str, Any]]


class Checkpoints:
    """`<step>.safetensors` with `<step>.sha256` beside it. The first, the newest and the marked ones stay, the others are thinned evenly."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def write(self, step: int, tensors: dict[str, Tensor], meta: dict[str, Any], ready: Callable[[], None] | None = None) -> Path:
        """Store a run's state after `step` steps; `meta` is JSON. On return it is on disk and complete. OSError when the disk refuses.

        A step that is already there and intact is not written again: a run's state is a function of its step. `ready` as in `write_aside`.
        """
        path = self.path(step)
        if self._intact(step) is not None:
            return path
        self.folder.mkdir(parents=True, exist_ok=True)
        arrays = {name: tensor.detach().cpu().contiguous() for name, tensor in tensors.items()}
        data = save(arrays, metadata={"meta": json.dumps({**meta, "step": step})})
        write_aside(path.with_suffix(".sha256"), hashlib.sha256(data).hexdigest().encode(), sync=True, ready=ready)
        write_aside(path, data, sync=True, ready=ready)     # last: a checkpoint without its checksum would count as damaged
        self._thin(len(data))
        return path

    def steps(self) -> list[int]:
        """The steps that have a checkpoint, ascending; damaged ones are included."""
        return numbered(self.folder, ".safetensors")

    def latest(self, upto: int | None = None) -> Saved | None:
        """(step, tensors, meta) of the newest intact checkpoint, of step `upto` at most; None without one. Damaged ones are passed over."""
        return self._first([s for s in reversed(self.steps()) if upto is None or s <= upto])

    def nearest(self, step: int) -> Saved | None:
        """The intact checkpoint nearest to a step, as `latest` returns it; None without one."""
        return self._first(self.around(step))

    def around(self, step: int) -> list[int]:
        """All steps, the nearest to `step` first; of two at the same distance the older first."""
        return sorted(self.steps(), key=lambda s: (abs(s - step), s))

    def link_into(self, step: int, folder: Path) -> bool:
        """Put a checkpoint into another run's folder as well. Returns False when it has just been thinned out."""
        path, checksum = self.path(step), self.path(step).with_suffix(".sha256")
        linked = share(checksum, folder / checksum.name) and share(path, folder / path.name)
        sync_folder(folder)
        return linked

    def mark(self, upto: int) -> None:
        """Spare the newest checkpoint of step `upto` at most from thinning, because somebody will want to go back to it."""
        found = [step for step in self.steps() if step <= upto]
        if found and found[-1] not in self._marked():
            with (self.folder / "marked").open("a") as file:
                file.write(f"{found[-1]}\n")

    def drop_after(self, step: int) -> None:
        """Delete the checkpoints after `step`, which a rewind made void."""
        for later in self.steps():
            if later > step:
                self._drop(later)

    def path(self, step: int) -> Path:
        """Where the checkpoint of a step lies, or would lie."""
        return self.folder / f"{int(step)}.safetensors"

    def _first(self, steps: list[int]) -> Saved | None:
        """The first intact checkpoint of `steps`."""
        for step in steps:
            data = self._intact(step)
            if data is not None:
                return step, load(data), read_meta(data)
            log.warning("%s is damaged; another one is taken", self.path(step))
        return None

    def _intact(self, step: int) -> bytes | None:
        """The file's bytes, when they match their checksum; else None."""
        path = self.path(step)
        try:
            data, checksum = path.read_bytes(), path.with_suffix(".sha256").read_text()
        except (FileNotFoundError, UnicodeDecodeError):
            return None
        return data if hashlib.sha256(data).hexdigest() == checksum.strip() else None

    def _thin(self, size: int) -> None:
        """Delete checkpoints beyond what should stay. `size`: bytes of one."""
        older, marked = self.steps()[:-NEWEST], self._marked()
        kept = {*marked, *thinned(older, min(OTHERS, max(FEW, MUCH // size)))}
        for step in older:
            if step not in kept:
                self._drop(step)

    def _marked(self) -> list[int]:
        """The newest marked steps."""
        path = self.folder / "marked"
        words = path.read_text().split() if path.is_file() else []
        return [int(word) for word in words if word.isdecimal()][-MARKED:]

    def _drop(self, step: int) -> None:
        self.path(step).unlink(missing_ok=True)
        self.path(step).with_suffix(".sha256").unlink(missing_ok=True)


def read_meta(data: bytes) -> dict[str, Any]:
    """A checkpoint's `meta` alone; the tensors are not read. ValueError or KeyError when it is none of ours."""
    header = json.loads(data[8:8 + int.from_bytes(data[:8], "little")])
    return json.loads(header["__metadata__"]["meta"])
