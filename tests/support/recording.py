"""Makes the short journals in tests/recorded that the advisor is tried on, in minutes: PYTHONPATH=. python tests/support/recording.py [NAME ...]

A journal is one that training wrote, with fewer rows; beside it stand the Spec and the histogram of the last look.
"""

import gzip
import json
import sys
import tempfile
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

import numpy as np
import torch
from running import AtStep

from models import get
from playground.guidance.diagnosis import histogram
from playground.specs.check import check
from playground.specs.presets import preset
from playground.store.frames import Frames
from playground.store.history import History, short
from playground.types import Spec
from playground.validate import checked_knobs
from playground.worker.protocol import Intervals
from playground.worker.turns import run

FOLDER = Path(__file__).parents[1] / "recorded"
ROWS = 160
PACE = Intervals(flush=1.0, points=0.5, images=1.0, snapshots_points=2.0, snapshots_images=2.0, checkpoint=1000.0, quality=0.0)
NARROW = {"width_g": 64, "width_d": 64}
TINY = {"width_g": 16, "width_d": 16}
STILL = {"lr_g": 1e-5}

# name -> (variant, data, steps, what differs from the quick preset)
CASES: dict[str, tuple[str, str, int, dict[str, Any]]] = {
    "began": ("began", "ring8", 2500, {}),
    "began_alone": ("began", "ring8", 1200, {"gamma": 0.5, "batch": 64, **NARROW}),
    "began_full": ("began", "ring8", 150, {"gamma": 4.0, "lambda_k": 0.1, "lr_g": 3e-3, "lr_d": 3e-4, "batch": 64, **NARROW}),
    "gan": ("gan", "ring8", 1000, NARROW),
    "gan_won": ("gan", "ring8", 1000, {"lr_d": 1e-2, **STILL, **NARROW}),
    "gan_minimax": ("gan", "digits", 200, {"g_loss": "minimax", "batch": 32, "width_g": 8, "width_d": 8, "lr_d": 2e-3, **STILL}),
    "gan_collapsed": ("gan", "ring8", 800, {"lr_g": 2e-2, "skip": False, "z_dim": 2, **NARROW}),
    "gan_memory": ("gan", "smileys", 500, {"batch": 32, "width_g": 8, "width_d": 48, "lr_d": 2e-3, "ema": 0.9}),
    "lsgan": ("lsgan", "ring8", 800, NARROW),
    "lsgan_won": ("lsgan", "ring8", 1000, {"lr_d": 1e-2, **STILL, **NARROW}),
    "ls_gan": ("ls_gan", "ring8", 800, NARROW),
    "ls_gan_idle": ("ls_gan", "ring8", 800, {"tau": 0.01, "gp": 0.0, "lr_d": 1e-2, **STILL, **NARROW}),
    "ebgan": ("ebgan", "ring8", 1000, NARROW),
    "ebgan_idle": ("ebgan", "ring8", 600, {"margin": 0.003, **STILL, **NARROW}),
    "ebgan_memory": ("ebgan", "smileys", 400, {"batch": 32, "width_g": 8, "width_d": 32, "code": 256, "lr_d": 2e-3, "ema": 0.9}),
    "ebgan_pt": ("ebgan_pt", "ring8", 800, NARROW),
    "ebgan_pt_parallel": ("ebgan_pt", "ring8", 500, {"pt": 0.0, "lr_g": 3e-3, "lr_d": 3e-4, "margin": 0.1, "skip": False, "z_dim": 2, **NARROW}),
    "magan": ("magan", "ring8", 2000, {"epoch_len": 300, **NARROW}),
    "magan_quick": ("magan", "ring8", 2000, NARROW),
    "magan_shrinks": ("magan", "ring8", 2000, {"epoch_len": 50, "lr_g": 5e-3, **NARROW}),
    "wgan": ("wgan", "ring8", 1000, NARROW),
    "wgan_vanished": ("wgan", "ring8", 600, {"clip": 1e-3, **NARROW}),
    "wgan_unclipped": ("wgan", "ring8", 1200, {"clip": 0.5, **NARROW}),
    "wgan_corners": ("wgan", "ring8", 400, {"clip": 0.1, "lr_d": 5e-3, "n_critic": 3, "optimiser": "Adam", **STILL, **TINY}),
    "wgan_gp": ("wgan_gp", "ring8", 1000, NARROW),
    "wgan_gp_steep": ("wgan_gp", "ring8", 800, {"gp": 0.1, "lr_d": 1e-2, **NARROW}),
    "wgan_gp_flat": ("wgan_gp", "ring8", 600, {"lr_d": 1e-5, "lr_g": 1e-3, **NARROW}),
}


def make(name: str) -> int:
    """Train a case and keep it; the bytes that it takes."""
    variant, data, steps, knobs = CASES[name]
    known = preset(variant, data, "quick")
    spec = check({"variant": variant, "data": data, "size": 16 if known["size"] else 0, "steps": steps, "seed": 1, "knobs": known["knobs"] | knobs})
    with tempfile.TemporaryDirectory() as folder:
        io = AtStep(Path(folder))
        print(name, *run(spec, io, PACE))
        events, history = io.log(), History(io.journal).refresh()
        look = next(hist for step in reversed(history.snapshots) if (hist := histogram(Frames(Path(folder) / "looks"), step)))
    rows = history.exact()
    at = np.unique(np.linspace(0, len(rows["step"]) - 1, ROWS).astype(int))
    kept = {column: [values[i] if column == "step" else short(values[i]) for i in at] for column, values in rows.items()}
    lines = [{"spec": spec.json()}, {"hist": look}, {"rows": kept, "elapsed": history.elapsed}]
    lines += [{**e, "measure": {k: short(v) for k, v in e["measure"].items()}} for e in events if "measure" in e]
    path = FOLDER / f"{name}.jsonl.gz"
    path.write_bytes(gzip.compress("".join(json.dumps(line) + "\n" for line in lines).encode(), mtime=0))
    return path.stat().st_size


def read(name: str, upto: int | None = None) -> tuple[Spec, History, dict[str, Any]]:
    """(spec, history, histogram of the last look) of a record; as it was at step `upto`."""
    lines = [json.loads(line) for line in gzip.decompress((FOLDER / f"{name}.jsonl.gz").read_bytes()).splitlines()]
    history = History(None)
    for event in lines[2:]:
        history._take(event)
    if upto is not None:
        history._rewind(upto)
    spec = Spec(**lines[0]["spec"])
    knobs = asdict(checked_knobs(get(spec.variant).Knobs, spec.knobs))          # one that is younger than the record has its default
    return replace(spec, knobs=knobs), history, lines[1]["hist"]


if __name__ == "__main__":
    torch.set_num_threads(1)
    FOLDER.mkdir(exist_ok=True)
    for name in sys.argv[1:] or CASES:
        print(name, make(name), "bytes")
