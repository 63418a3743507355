"""A run as files for people: samples as PNG, metrics as CSV, charts as a page."""

import io
import json
from typing import TYPE_CHECKING, Any

import numpy as np
import torch
from PIL import Image, ImageDraw

import models
from models.kit.gan import Latent
from models.kit.knobs import declared
from models.kit.titles import title as knob_title
from playground import data
from playground.evaluation import suite
from playground.render import encode, figures
from playground.render.cells import safe_cell
from playground.render.scatter import scatter
from playground.training.build import COLUMNS, frame_code, samples
from playground.types import Run

if TYPE_CHECKING:
    from playground.store.history import History

SIDE = 960               # px of a picture of points
PAPER, REAL, FAKE = "#f7f6f2", "#1f5fa8", "#b4491b"


def grid_png(gan: Latent, seed: int) -> bytes:
    """The samples that a run of this seed is watched by, native pixels, nothing lost."""
    return _png(encode.tiled(samples(gan, frame_code(gan, torch.Generator().manual_seed(seed))), COLUMNS))


def cloud_png(fakes: np.ndarray, real: np.ndarray) -> bytes:
    """Real data as filled circles, fakes as rings, see `playground.render.scatter`. Both (n, 2)."""
    picture = Image.new("RGB", (SIDE, SIDE), PAPER)
    pen = ImageDraw.Draw(picture)
    scatter(pen, real, SIDE, 3, fill=REAL)
    scatter(pen, fakes, SIDE, 4, outline=FAKE, width=2)
    return _png(picture)


def metrics_csv(history: "History") -> str:
    """Every row as it was logged; what was measured now and then stands in the rows of its steps. Gaps are empty cells."""
    import pandas

    table = pandas.DataFrame(history.exact()).set_index("step")
    measures = pandas.DataFrame(history.measured(most=10 ** 9) or {"step": []}).groupby("step").last()
    table = table.join(measures, how="outer") if len(measures) else table
    table = table.rename(columns=safe_cell).map(safe_cell).reset_index()
    return table.to_csv(index=False, float_format="%.6g", lineterminator="\n")


def settings_json(run: Run, history: "History") -> str:
    """What a table of metrics leaves out: all that the run was asked for, what was turned while it trained and at which step, with how many
    threads it went on, where it comes from, and what real data reach."""
    details = {"run": run.id, "name": run.name, **run.spec.json(), "status": run.status.value, "note": run.note, "step": history.step,
            "parent": run.parent, "forked": run.forked, "tunes": history.tunes, "threads from": history.threads,
            "alarms": history.alarms, "compared with": history.floors()}
    return json.dumps(details, indent=2, ensure_ascii=False) + "\n"


def charts_html(run: Run, history: "History") -> str:
    """Every figure that fits the run, in one page that loads nothing."""
    cls, spec = models.get(run.spec.variant), run.spec
    details = history.floors() or {}
    floors, deviations = details.get("floors", {}), details.get("deviations", {})
    measures = {name: vars(scalar) | ({"line": floors[name], "best": [floors[name], deviations.get(name, 0.0)]} if name in floors else {})
                for name, scalar in suite.MEASURES.items()}
    scalars = {name: vars(scalar) for name, scalar in cls.all_scalars().items()} | measures
    title = f"{cls.title} on {data.get(spec.data).title}, seed {spec.seed}, {history.step:,} of {spec.steps:,} steps"
    named = {name: (knob_title(name), knob.metadata["symbol"]) for name, knob in declared(cls.Knobs).items()}
    rows, measured = _columns(history.exact()), _rows(history.measured(most=10 ** 9))
    return figures.page(figures.FigureData(title, rows, measured, scalars, history.tunes, spec.knobs, named))


def int16(points: np.ndarray) -> bytes:
    """(n, 2) -> little-endian int16 pairs, coordinate * 4096; what lies beyond +-7.99 is put at that edge, what is no number at 0."""
    scaled = np.nan_to_num(np.asarray(points, np.float64), posinf=8, neginf=-8) * 4096
    return scaled.round().clip(-32768, 32767).astype("<i2").tobytes()


def _columns(rows: dict[str, list]) -> figures.Columns:
    return {name: np.array(values, np.float64) for name, values in rows.items()}


def _rows(measures: list[dict[str, Any]]) -> figures.Columns:
    names = sorted({name for m in measures for name in m})
    return _columns({name: [np.nan if m.get(name) is None else m[name] for m in measures] for name in names})


def _png(picture: Image.Image) -> bytes:
    file = io.BytesIO()
    picture.save(file, "PNG", optimize=True)
    return file.getvalue()


