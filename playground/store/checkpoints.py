"""All that exact resumption needs, as safetensors that survive a kill, a power cut and a flipped bit."""

import hashlib
import json
import logging
from collections.abc import Callable
from pathlib import Path
from typing import Any

from safetensors import SafetensorError, safe_open
from safetensors.torch import load, save
from torch import Tensor

from playground.store.disk import numbered, share, sync_folder, thinned, write_aside

log = logging.getLogger(__name__)
NEWEST, OTHERS, FEW = 2, 12, 4      # that stay: the newest, and others for forks; of big ones fewer
MUCH = 256 << 20                    # bytes of the others together, beyond which there are fewer
MARKED = 4                          # that are spared beside them
Saved = tuple[int, dict[str, Tensor], dict[str, Any]]


class Checkpoints:
    """`<step>.safetensors` with `<step>.sha256` beside it. The first, the two newest and the marked ones stay, others are thinned evenly."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def write(self, step: int, tensors: dict[str, Tensor], meta: dict[str, Any], ready: Callable[[], None] | None = None) -> Path:
        """Keep a run's state after `step` steps; `meta` is JSON. It is on disk, and whole, on return; OSError when the disk refuses.

        A step that is there and whole already is not written again: a run's state is a function of its step. `ready` as `write_aside` says.
        """
        path = self.path(step)
        if self._whole(step) is not None:
            return path
        self.folder.mkdir(parents=True, exist_ok=True)
        whole = {name: tensor.detach().cpu().contiguous() for name, tensor in tensors.items()}
        data = save(whole, metadata={"meta": json.dumps({**meta, "step": step})})
        write_aside(path.with_suffix(".sha256"), hashlib.sha256(data).hexdigest().encode(), sync=True, ready=ready)
        write_aside(path, data, sync=True, ready=ready)     # last: a checkpoint without its sum would be taken for damaged
        self._thin(len(data))
        return path

    def steps(self) -> list[int]:
        return numbered(self.folder, ".safetensors")

    def latest(self, upto: int | None = None) -> Saved | None:
        """(step, tensors, meta) of the newest checkpoint that is whole, of step `upto` at most; damaged ones are passed over. None without one."""
        return self._first([s for s in reversed(self.steps()) if upto is None or s <= upto])

    def nearest(self, step: int) -> Saved | None:
        """The same, of the one that is whole and nearest to a step."""
        return self._first(self.around(step))

    def around(self, step: int) -> list[int]:
        """All steps, those near to one first, of two as near the older."""
        return sorted(self.steps(), key=lambda s: (abs(s - step), s))

    def lend(self, step: int, folder: Path) -> bool:
        """Put a checkpoint into another run's folder too. False when it has just been thinned out."""
        path, beside = self.path(step), self.path(step).with_suffix(".sha256")
        lent = share(beside, folder / beside.name) and share(path, folder / path.name)
        sync_folder(folder)
        return lent

    def mark(self, upto: int) -> None:
        """Spare the newest of step `upto` at most when they are thinned: somebody will want to go back to it."""
        found = [step for step in self.steps() if step <= upto]
        if found and found[-1] not in self._marked():
            with (self.folder / "marked").open("a") as file:
                file.write(f"{found[-1]}\n")

    def drop_after(self, step: int) -> None:
        """Forget what a rewind made void."""
        for later in self.steps():
            if later > step:
                self._drop(later)

    def path(self, step: int) -> Path:
        return self.folder / f"{int(step)}.safetensors"

    def _first(self, steps: list[int]) -> Saved | None:
        """The first that is whole."""
        for step in steps:
            data = self._whole(step)
            if data is not None:
                return step, load(data), read_meta(self.path(step))
            log.warning("%s is damaged; another one is taken", self.path(step))
        return None

    def _whole(self, step: int) -> bytes | None:
        """The file's bytes when they are the ones that were written."""
        path = self.path(step)
        try:
            data, said = path.read_bytes(), path.with_suffix(".sha256").read_text()
        except (FileNotFoundError, UnicodeDecodeError):
            return None
        return data if hashlib.sha256(data).hexdigest() == said.strip() else None

    def _thin(self, size: int) -> None:
        """`size`: bytes of one."""
        older, marked = self.steps()[:-NEWEST], self._marked()
        kept = {*marked, *thinned(older, min(OTHERS, max(FEW, MUCH // size)))}
        for step in older:
            if step not in kept:
                self._drop(step)

    def _marked(self) -> list[int]:
        """The newest marks."""
        path = self.folder / "marked"
        words = path.read_text().split() if path.is_file() else []
        return [int(word) for word in words if word.isdecimal()][-MARKED:]

    def _drop(self, step: int) -> None:
        self.path(step).unlink(missing_ok=True)
        self.path(step).with_suffix(".sha256").unlink(missing_ok=True)


def read_meta(path: Path) -> dict[str, Any]:
    """A checkpoint's meta alone; the tensors are not read. SafetensorError when it is not one of ours."""
    with safe_open(path, framework="pt") as file:
        text = (file.metadata() or {}).get("meta")
    if text is None:
        raise SafetensorError(f"{path.name} carries no meta")
    return json.loads(text)
