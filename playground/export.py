"""A run as files for people: samples as PNG, metrics as CSV, charts as a page; its networks, read from a checkpoint."""

import io
from typing import TYPE_CHECKING, Any

import numpy as np
import torch
from PIL import Image, ImageDraw
from torch import Tensor

import models
from models.kit.batch import Shape
from models.kit.gan import Latent
from models.kit.knobs import check
from playground import data, pictures, plots, quality
from playground.types import Refused, Run, Spec, Status

if TYPE_CHECKING:
    from playground.store.checkpoints import Checkpoints, Saved
    from playground.store.history import History

SIDE, EXTENT, INK, PAPER, REAL, FAKE = 960, 3.2, "#1b2530", "#f7f6f2", "#1f5fa8", "#b4491b"
RISKY = ("=", "+", "-", "@", "\t", "\r")            # a text cell that begins so is a formula to a spreadsheet


def shape_of(spec: Spec) -> Shape:
    """What one sample of a run is."""
    return data.shape(spec.data, spec.size, spec.options)


def at_rest(run: Run) -> None:
    """Refused("run", ...) while a run queues or trains: its weights are about to change."""
    if run.status in (Status.QUEUED, Status.RUNNING):
        raise Refused("run", f"this run is {run.status}: pause or stop it first, then its weights can be read")


def newest(run: Run, checkpoints: "Checkpoints") -> "Saved":
    """A run's newest whole checkpoint. Refused("run", ...) while it trains, or when there is none."""
    at_rest(run)
    saved = checkpoints.latest()
    if saved is None:
        raise Refused("run", "this run has no checkpoint: its weights are not kept")
    return saved


def averaged(spec: Spec, saved: "Saved") -> Latent:
    """The run's GAN with its averaged weights in the networks that are shown; eval mode, on the CPU, no gradients."""
    _, tensors, meta = saved
    cls = models.get(spec.variant)
    gan = cls(shape_of(spec), check(cls.Knobs, meta["knobs"]), None)
    if not isinstance(gan, Latent):
        raise Refused("run", f"{cls.title} has no latents")
    gan.load_state_dict(_part(tensors, "gan."))
    for i, network in enumerate(gan.shown()):
        network.load_state_dict(_part(tensors, f"averaged.{i}."))
    gan.generator, gan.steps = torch.Generator().manual_seed(spec.seed), meta["step"]
    return gan.eval().requires_grad_(False)


def samples(gan: Latent, z: Tensor) -> Tensor:
    """(n, z_dim) -> (n, *dims)."""
    with torch.inference_mode():
        return gan.sample(z)


def grid_png(gan: Latent, seed: int, n: int = 64) -> bytes:
    """n samples of the latents that a run of this seed is watched by, native pixels, nothing lost."""
    return _png(pictures.tiled(samples(gan, gan.noise(n, torch.Generator().manual_seed(seed)))))


def cloud_png(fakes: np.ndarray, real: np.ndarray) -> bytes:
    """Real data as filled circles, fakes as rings, the plane from -3.2 to 3.2. Both (n, 2)."""
    picture = Image.new("RGB", (SIDE, SIDE), PAPER)
    pen = ImageDraw.Draw(picture)
    for points, radius, style in ((real, 3, dict(fill=REAL)), (fakes, 4, dict(outline=FAKE, width=2))):
        for x, y in np.nan_to_num(points.astype(np.float64)).clip(-99, 99):
            at = (SIDE / 2 * (1 + x / EXTENT), SIDE / 2 * (1 - y / EXTENT))
            pen.ellipse([at[0] - radius, at[1] - radius, at[0] + radius, at[1] + radius], **style)
    return _png(picture)


def metrics_csv(history: "History") -> str:
    """Every row as it was logged; what was measured now and then stands in the rows of its steps. Gaps are empty cells."""
    import pandas

    table = pandas.DataFrame(history.exact()).set_index("step")
    measures = pandas.DataFrame(history.measured(most=10 ** 9) or {"step": []}).groupby("step").last()
    table = table.join(measures, how="outer") if len(measures) else table
    table = table.rename(columns=safe_cell).map(safe_cell).reset_index()
    return table.to_csv(index=False, float_format="%.6g", lineterminator="\n")


def safe_cell(value: Any) -> Any:
    """Numbers as they are; a text that a spreadsheet would run gets an apostrophe before it."""
    return f"'{value}" if isinstance(value, str) and value.startswith(RISKY) else value


def charts_html(run: Run, history: "History") -> str:
    """Every figure that fits the run, in one page that loads nothing."""
    cls, spec = models.get(run.spec.variant), run.spec
    floors = (history.floors() or {}).get("floors", {})
    measures = {name: vars(scalar) | {"line": floors.get(name, scalar.line)} for name, scalar in quality.MEASURES.items()}
    scalars = {name: vars(scalar) for name, scalar in cls.all_scalars().items()} | measures
    title = f"{cls.title} on {data.get(spec.data).title}, seed {spec.seed}, {history.step:,} of {spec.steps:,} steps"
    return plots.page(plots.Story(title, _columns(history.exact()), _rows(history.measured(most=10 ** 9)), scalars, history.tunes, spec.knobs))


def int16(points: np.ndarray) -> bytes:
    """(n, 2) -> little-endian int16 pairs, coordinate * 4096; what lies beyond +-7.99 is put at that edge, what is no number at 0."""
    scaled = np.nan_to_num(np.asarray(points, np.float64), posinf=8, neginf=-8) * 4096
    return scaled.round().clip(-32768, 32767).astype("<i2").tobytes()


def _part(tensors: dict[str, Tensor], prefix: str) -> dict[str, Tensor]:
    return {name.removeprefix(prefix): tensor for name, tensor in tensors.items() if name.startswith(prefix)}


def _columns(rows: dict[str, list]) -> plots.Columns:
    return {name: np.array(values, np.float64) for name, values in rows.items()}


def _rows(measures: list[dict[str, Any]]) -> plots.Columns:
    names = sorted({name for m in measures for name in m})
    return _columns({name: [np.nan if m.get(name) is None else m[name] for m in measures] for name in names})


def _png(picture: Image.Image) -> bytes:
    file = io.BytesIO()
    picture.save(file, "PNG", optimize=True)
    return file.getvalue()


