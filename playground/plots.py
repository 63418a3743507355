"""A run's history as Plotly figures, for pages that are looked at standing still. The live charts are the page's own."""

from collections.abc import Callable
from dataclasses import dataclass, field
from itertools import pairwise
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

if TYPE_CHECKING:
    from plotly.graph_objects import Figure

Columns = dict[str, np.ndarray]
MOST = 1500                 # points a line, after which it is cut to the extremes of equal stretches
INK, REAL, FAKE, HAND, RULE, PAPER = "#1b2530", "#1f5fa8", "#b4491b", "#7a3b90", "#dfdcd3", "#f7f6f2"
FONT = "system-ui, 'Segoe UI', Roboto, 'Helvetica Neue', Arial, sans-serif"


@dataclass(frozen=True)
class Story:
    """What a figure is drawn from. Columns hold "step" and metrics of one length, NaN for gaps.

    `scalars`: metric -> {"help", "unit", "symbol", "healthy", "line"}; `tunes`: {"step", "knob", "from", "to"}; `knobs`: those of the Spec.
    """

    title: str
    rows: Columns
    measures: Columns = field(default_factory=dict)
    scalars: dict[str, dict[str, Any]] = field(default_factory=dict)
    tunes: list[dict[str, Any]] = field(default_factory=list)
    knobs: dict[str, Any] = field(default_factory=dict)


class Plot(NamedTuple):
    title: str
    needs: tuple[str, ...]              # metrics without which there is nothing to draw
    draw: Callable[[Story], "Figure"]


PLOTS: dict[str, Plot] = {}


def plot(title: str, *needs: str) -> Callable[[Callable[[Story], "Figure"]], Callable[[Story], "Figure"]]:
    """Register a figure under its function's name; it is offered for every story that has the metrics it needs."""
    def register(draw: Callable[[Story], "Figure"]) -> Callable[[Story], "Figure"]:
        PLOTS[draw.__name__] = Plot(title, needs, draw)
        return draw
    return register


def figures(story: Story) -> dict[str, "Figure"]:
    """Every registered figure that this story can fill, by name; none for an empty history."""
    has = {name for columns in (story.rows, story.measures) for name, values in columns.items() if np.isfinite(values).any()}
    return {name: p.draw(story) for name, p in PLOTS.items() if len(has - {"step"}) and has.issuperset(p.needs)}


def extremes(step: np.ndarray, value: np.ndarray, most: int = MOST) -> tuple[np.ndarray, np.ndarray]:
    """Cut a line to about `most` points: the first, lowest, highest and last of equal stretches, in order, so that no spike is lost."""
    if len(step) <= most:
        return step, value
    edges = np.linspace(0, len(step), max(most // 4, 1) + 1).astype(int)
    kept: list[int] = []
    for a, b in pairwise(edges):
        part = value[a:b]
        finite = np.isfinite(part)
        inner = [a + int(np.nanargmin(part)), a + int(np.nanargmax(part))] if finite.any() else []
        gaps = [] if finite.all() else [a + int(np.argmin(finite))]
        kept += sorted({a, b - 1, *inner, *gaps})
    return step[kept], value[kept]


def smoothed(value: np.ndarray, beta: float = 0.95) -> np.ndarray:
    """A running mean that starts at the first number; gaps stay gaps."""
    mean, out = np.nan, np.full(len(value), np.nan)
    for i, v in enumerate(value):
        if np.isfinite(v):
            mean = v if np.isnan(mean) else beta * mean + (1 - beta) * v
            out[i] = mean
    return out


def _grouped(story: Story, names: list[str]) -> dict[tuple[str, str], list[str]]:
    """(group, unit) -> its metrics: those of one group and one unit share a chart, others never share an axis."""
    groups: dict[tuple[str, str], list[str]] = {}
    for name in names:
        groups.setdefault((name.split("/")[0], story.scalars.get(name, {}).get("unit", "")), []).append(name)
    return groups


def _colour(name: str, i: int) -> str:
    return {"real": REAL, "fake": FAKE, "d": REAL, "g": FAKE}.get(name.split("/")[-1], (INK, REAL, FAKE)[i % 3])


def _styled(figure: "Figure", story: Story, height: int) -> "Figure":
    figure.update_layout(height=height, title=dict(text=_text(story.title), x=0, font_size=16), font=dict(family=FONT, size=13, color=INK),
                         paper_bgcolor=PAPER, plot_bgcolor=PAPER, margin=dict(l=64, r=24, t=72, b=48), hovermode="x unified",
                         legend=dict(orientation="h", y=-0.12 * 400 / height, x=0))
    figure.update_xaxes(gridcolor=RULE, zeroline=False, title_standoff=6)
    figure.update_yaxes(gridcolor=RULE, zeroline=False)
    return figure


def _text(text: str) -> str:
    """Plotly reads tags in its texts: what comes from outside must not carry any."""
    return str(text).replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def _stack(story: Story, columns: Columns, log: bool = False, joined: bool = False) -> "Figure":
    """One chart for each group and unit, one above the other over the steps, with reference lines and tune marks. `joined`: lines cross gaps."""
    from plotly.graph_objects import Scatter
    from plotly.subplots import make_subplots

    groups = _grouped(story, [n for n in columns if n != "step" and np.isfinite(columns[n]).any()])
    titles = [_text(f"{group} ({unit})" if unit else group) for group, unit in groups]
    figure = make_subplots(len(groups), 1, shared_xaxes=True, subplot_titles=titles, vertical_spacing=0.24 / max(len(groups), 1))
    for row, names in enumerate(groups.values(), 1):
        lines = {}
        for i, name in enumerate(names):
            about = story.scalars.get(name, {})
            x, y = extremes(columns["step"], columns[name])
            label = ": ".join(filter(None, (about.get("symbol") or name, about.get("help"))))
            figure.add_trace(Scatter(x=x, y=y, name=_text(label), mode="lines" if len(x) > 60 else "lines+markers", connectgaps=joined,
                                     line=dict(width=1.4, color=_colour(name, i))), row=row, col=1)
            line = about.get("line")
            lines[name] = story.knobs.get(line) if isinstance(line, str) else line
        for level in {v for v in lines.values() if isinstance(v, (int, float)) and not isinstance(v, bool)}:
            figure.add_hline(level, line=dict(dash="dash", width=1, color=HAND), row=row, col=1)
        if log:
            figure.update_yaxes(type="log", row=row, col=1)
    for tune in story.tunes[-100:]:
        figure.add_vline(tune["step"], line=dict(dash="dot", width=1, color=HAND))
    figure.update_xaxes(title_text="step", row=len(groups), col=1)
    return _styled(figure, story, 120 + 200 * len(groups))


@plot("History")
def history(story: Story) -> "Figure":
    """Every logged metric over the steps, by group and unit."""
    return _stack(story, {n: v for n, v in story.rows.items() if not n.startswith("grad/")})


@plot("Gradients", "grad/d", "grad/g")
def gradients(story: Story) -> "Figure":
    """Lengths of the players' gradients, on a logarithmic scale: two decades from the running median are worth a look."""
    return _stack(story, {n: v for n, v in story.rows.items() if n == "step" or n.startswith("grad/")}, log=True)


@plot("Quality")
def quality(story: Story) -> "Figure":
    """What was measured now and then: modes, spread, distances. Not all of it at the same steps."""
    return _stack(story, story.measures, joined=True)


@plot("Energies, one against the other", "energy/real", "energy/fake")
def phase(story: Story) -> "Figure":
    """Energy of fakes over energy of real data, coloured by step; where the run declares a ratio to steer to, its line."""
    from plotly.graph_objects import Figure, Scatter

    real, fake = smoothed(story.rows["energy/real"]), smoothed(story.rows["energy/fake"])
    kept = np.unique(np.linspace(0, len(real) - 1, min(len(real), MOST)).astype(int))
    figure = Figure(Scatter(x=real[kept], y=fake[kept], mode="markers+lines", name="smoothed over 20 steps", line=dict(width=0.8, color=RULE),
                            marker=dict(size=4, color=story.rows["step"][kept], colorscale="Cividis", colorbar=dict(title="step"))))
    target = story.scalars.get("balance/ratio", {}).get("line")
    ratio = story.knobs.get(target) if isinstance(target, str) else target
    if isinstance(ratio, (int, float)):
        end = float(np.nanmax(real))
        figure.add_trace(Scatter(x=[0, end], y=[0, ratio * end], mode="lines", name=f"ratio {ratio:g}", line=dict(dash="dash", color=HAND)))
    figure.update_xaxes(title_text="energy of real data")
    figure.update_yaxes(title_text="energy of fakes")
    return _styled(figure, story, 560).update_layout(hovermode="closest")


def page(story: Story) -> str:
    """A whole HTML page of every figure that fits; Plotly's script is inside it, nothing is loaded from elsewhere."""
    from plotly.io import to_html

    config = {"displaylogo": False, "responsive": True}
    parts = [f"<h2>{_text(PLOTS[name].title)}</h2>" + to_html(figure, full_html=False, include_plotlyjs=i == 0, config=config)
             for i, (name, figure) in enumerate(figures(story).items())]
    style = f"body{{font-family:{FONT};background:{PAPER};color:{INK};max-width:1100px;margin:24px auto;padding:0 16px}}h2{{font-size:16px}}"
    return (f'<!doctype html><html lang="en"><head><meta charset="utf-8"><title>{_text(story.title)}</title><style>{style}</style></head><body>'
            + ("".join(parts) or "<p>This run has no history yet.</p>") + "</body></html>")
