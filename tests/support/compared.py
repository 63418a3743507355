"""Made records of runs that are compared: real journals with the numbers that a test is about."""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import torch

from playground.comparison.export.tiles import Shown
from playground.comparison.lanes import Entrant, Lane
from playground.render import encode
from playground.specs.check import check
from playground.store.frames import Frames
from playground.store.history import History
from playground.store.journal import Journal
from playground.types import Run, Status, new_id

FD = "quality/fd"
QUALITY = {"floors": {FD: 0.25}, "deviations": {FD: 0.07}, "draws": 50, "extractor": "digits-1", "n": 1000, "seed": 0}


def entrant(folder: Path, values: dict[int, float], *, seed: int = 0, measure: str = FD, variant: str = "gan", data: str = "digits",
            steps: int = 1000, pace: float = 0.01, images: int | None = None, status: Status = Status.FINISHED,
            quality: dict[str, Any] | None = QUALITY, tunes: Sequence[tuple[int, str, Any, Any]] = (), spec: dict[str, Any] | None = None,
            **knobs: Any) -> Entrant:
    """A run whose journal tells of a measure at steps, `pace` seconds a step, with as many `images` a step (None: it does not say)."""
    id = new_id()
    journal = Journal(folder / id / "events.jsonl")
    if quality:
        journal.append({"quality": quality})
    for step, value in values.items():
        told = {} if images is None else {"images": step * images}
        if step:
            journal.append({"rows": {"step": [step], "loss/d": [1.0]}, "elapsed": round(step * pace, 3), **told})
        journal.append({"measure": {measure: value}, "step": step})
    for step, knob, before, after in tunes:
        journal.append({"tune": {knob: [before, after]}, "step": step})
    journal.close()
    asked = check({"variant": variant, "data": data, "seed": seed, "steps": steps, "knobs": knobs, **(spec or {})})
    return Entrant(Run(id, asked, status=status), History(journal).refresh())


def lane(folder: Path, ends: Sequence[float], at: Callable[[float], dict[int, float]] = lambda end: {100: end + 1, 1000: end}, **how: Any) -> Lane:
    """A lane whose seeds, 1, 2, ..., end with these values of the measure."""
    return Lane(tuple(entrant(folder, at(end), seed=i, **how) for i, end in enumerate(ends, 1)))


def shown(folder: Path, lanes: Sequence[Lane], steps: tuple[int, ...] = (0, 500, 1000)) -> list[Shown]:
    """Pictures whose grey says their step: 64 tiles of digits, or points."""
    found = []
    for i, one in enumerate(lanes):
        frames, points = Frames(folder / f"frames{i}"), one.spec.data == "ring8"
        for step in steps:
            grey = torch.full((64, 1, 28, 28), step / 500 - 1)
            frames.put(step, encode.cloud(torch.randn(512, 2)) if points else encode.webp(encode.tiled(grey, 8)))
        found.append(Shown(f"Lane {i}", one.entrants[0], frames, np.zeros((10, 2)) if points else None))
    return found
