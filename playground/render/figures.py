"""A run's history as Plotly figures, for static pages. The live charts are JavaScript."""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from itertools import pairwise
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from playground.render.chart_titles import GROUPS, UNITS

if TYPE_CHECKING:
    from plotly.graph_objects import Figure

Columns = dict[str, np.ndarray]
MOST_POINTS = 1500          # points of a line, beyond which it is reduced to the extremes of equal segments
INK, REAL, FAKE, HAND, RULE, PAPER = "#1b2530", "#1f5fa8", "#b4491b", "#7a3b90", "#dfdcd3", "#f7f6f2"
FONT = "system-ui, 'Segoe UI', Roboto, 'Helvetica Neue', Arial, sans-serif"
NAMED = 12                  # tunes that are labelled, the last ones


@dataclass(frozen=True)
class FigureData:
    """The data of a run's figures. Columns hold "step" and metrics, all of one length, with NaN for gaps.

    `scalars`: metric -> {"help", "unit", "symbol", "healthy", "line", "best": [mean, deviation] of real data};
    `tunes`: {"step", "knob", "from", "to"}; `knobs`: the Spec's; `named`: knob -> (its name in words, its symbol).
    """

    title: str
    rows: Columns
    measures: Columns = field(default_factory=dict)
    scalars: dict[str, dict[str, Any]] = field(default_factory=dict)
    tunes: list[dict[str, Any]] = field(default_factory=list)
    knobs: dict[str, Any] = field(default_factory=dict)
    named: dict[str, tuple[str, str]] = field(default_factory=dict)


class Plot(NamedTuple):
    """A registered figure; `needs` are the metrics without which it cannot be drawn."""

    title: str
    needs: tuple[str, ...]
    draw: Callable[[FigureData], "Figure"]


PLOTS: dict[str, Plot] = {}


def plot(title: str, *needs: str) -> Callable[[Callable[[FigureData], "Figure"]], Callable[[FigureData], "Figure"]]:
    """Decorates a function that draws a figure, and registers it under the function's name; `needs`: the metrics that it requires."""
    def register(draw: Callable[[FigureData], "Figure"]) -> Callable[[FigureData], "Figure"]:
        PLOTS[draw.__name__] = Plot(title, needs, draw)
        return draw
    return register


def figures(data: FigureData) -> dict[str, "Figure"]:
    """Every registered figure for which there are data, by name; none for an empty history."""
    has = {name for columns in (data.rows, data.measures) for name, values in columns.items() if np.isfinite(values).any()}
    return {name: p.draw(data) for name, p in PLOTS.items() if len(has - {"step"}) and has.issuperset(p.needs)}


def extremes(step: np.ndarray, value: np.ndarray, most: int = MOST_POINTS) -> tuple[np.ndarray, np.ndarray]:
    """Reduce a line to about `most` points: the first, lowest, highest and last of equal segments, in order, so that no spike is lost."""
    if len(step) <= most:
        return step, value
    edges = np.linspace(0, len(step), max(most // 4, 1) + 1).astype(int)
    selected: list[int] = []
    for a, b in pairwise(edges):
        part, finite = value[a:b], np.isfinite(value[a:b])
        inner = [a + int(np.nanargmin(part)), a + int(np.nanargmax(part))] if finite.any() else []
        selected += sorted({a, b - 1, *inner, *([] if finite.all() else [a + int(np.argmin(finite))])})         # with the first gap, if any
    return step[selected], value[selected]


def smoothed(value: np.ndarray, beta: float = 0.95) -> np.ndarray:
    """An exponential moving average that starts at the first number; gaps stay gaps."""
    mean, out = np.nan, np.full(len(value), np.nan)
    for i, v in enumerate(value):
        if np.isfinite(v):
            mean = v if np.isnan(mean) else beta * mean + (1 - beta) * v
            out[i] = mean
    return out


def _grouped(data: FigureData, names: list[str]) -> dict[tuple[str, str], list[str]]:
    """(group, unit) -> metrics. Metrics of one group and unit share a chart; others never share an axis."""
    groups: dict[tuple[str, str], list[str]] = {}
    for name in names:
        groups.setdefault((name.split("/")[0], data.scalars.get(name, {}).get("unit", "")), []).append(name)
    return groups


def metric_name(name: str) -> str:
    """The display name of a metric without a symbol."""
    kind, last = name.split("/", 1) if "/" in name else ("", name)
    return last.upper() if kind in ("loss", "grad") else f"{kind} {last}".strip()


def chart_title(group: str, names: list[str], data: FigureData) -> str:
    """The title of a chart: the group in words, or the help text of its single metric."""
    if len(names) == 1 and (help := data.scalars.get(names[0], {}).get("help")):
        return help[0].upper() + help[1:]
    return GROUPS.get(group, group.capitalize())


def _colour(name: str, i: int) -> str:
    return {"real": REAL, "fake": FAKE, "d": REAL, "g": FAKE}.get(name.split("/")[-1], (INK, REAL, FAKE)[i % 3])


def _styled(figure: "Figure", data: FigureData, height: int) -> "Figure":
    figure.update_layout(height=height, title=dict(text=escaped(data.title), x=0, font_size=16), font=dict(family=FONT, size=13, color=INK),
                         paper_bgcolor=PAPER, plot_bgcolor=PAPER, margin=dict(l=64, r=24, t=72, b=48), hovermode="x unified",
                         legend=dict(orientation="h", y=-0.12 * 400 / height, x=0))
    figure.update_xaxes(gridcolor=RULE, zeroline=False, title_standoff=6)
    figure.update_yaxes(gridcolor=RULE, zeroline=False)
    return figure


def escaped(text: str) -> str:
    """A text with HTML escaped, for Plotly interprets tags."""
    return str(text).replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def _knob(data: FigureData, name: str) -> str:
    """A knob's name in words, and its symbol."""
    words, symbol = data.named.get(name, (name.replace("_", " "), ""))
    return escaped(words[0].upper() + words[1:]) + (f" {_symbol(symbol)}" if symbol else "")


def _value(value: Any) -> str:
    return f"{value:g}" if isinstance(value, (int, float)) and not isinstance(value, bool) else escaped(value)


def _symbol(text: str) -> str:
    """A symbol with subscripts as Plotly's HTML."""
    return re.sub(r"_(\w+)", r"<sub>\1</sub>", escaped(text))


def _line(data: FigureData, name: str, end: float) -> tuple[list[float], list[float], str, str] | None:
    """A metric's reference line: steps, levels, label and colour; None without one. A knob's line follows its tunes."""
    scalar = data.scalars.get(name, {})
    line, best = scalar.get("line"), scalar.get("best")
    tunes = [tune for tune in data.tunes if isinstance(line, str) and tune["knob"] == line]
    value = tunes[-1]["to"] if tunes else data.knobs.get(line) if isinstance(line, str) else line
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        return None
    steps = [0.0, *(tune["step"] for tune in tunes), end]
    levels = [tunes[0]["from"] if tunes else value, *(tune["to"] for tune in tunes), value]
    if best:
        return steps, levels, f"Best possible (real vs real) {best[0]:.2g}" + (f" ± {best[1]:.2g}" if best[1] else ""), REAL
    return steps, levels, f"{_knob(data, line)} = {value:g}" if isinstance(line, str) else "", HAND


def _stack(data: FigureData, columns: Columns, log: bool = False, joined: bool = False) -> "Figure":
    """One chart for each group and unit, one above the other over the steps, with reference lines and tune marks. `joined`: lines cross gaps."""
    from plotly.graph_objects import Scatter
    from plotly.subplots import make_subplots

    groups = _grouped(data, [n for n in columns if n != "step" and np.isfinite(columns[n]).any()])
    titles = [escaped(chart_title(group, names, data)) for (group, _), names in groups.items()]
    figure = make_subplots(len(groups), 1, shared_xaxes=True, subplot_titles=titles, vertical_spacing=0.24 / max(len(groups), 1))
    for row, ((_, unit), names) in enumerate(groups.items(), 1):
        lines = {}
        for i, name in enumerate(names):
            scalar = data.scalars.get(name, {})
            x, y = extremes(columns["step"], columns[name])
            symbol = _symbol(scalar["symbol"]) if scalar.get("symbol") else escaped(metric_name(name))
            label = ": ".join(filter(None, (symbol, escaped(scalar.get("help", "")))))
            figure.add_trace(Scatter(x=x, y=y, name=label, mode="lines" if len(x) > 60 else "lines+markers", connectgaps=joined,
                                     line=dict(width=1.4, color=_colour(name, i))), row=row, col=1)
            if line := _line(data, name, columns["step"][-1]):
                lines[line[1][-1]] = line
            if (best := scalar.get("best")) and best[1]:
                figure.add_hrect(best[0] - best[1], best[0] + best[1], fillcolor=REAL, opacity=0.12, line_width=0, row=row, col=1)
        for level, (steps, levels, words, colour) in lines.items():
            figure.add_trace(Scatter(x=steps, y=levels, mode="lines", line=dict(dash="dash", width=1, color=colour, shape="hv"), name=words,
                                     showlegend=False, hoverinfo="skip"), row=row, col=1)
            if words:
                figure.add_annotation(x=1, y=level, xref="x domain", text=words, showarrow=False, xanchor="right", yanchor="bottom",
                                      font=dict(color=colour), row=row, col=1)
        figure.update_yaxes(title_text=escaped(UNITS.get(unit, unit)), **({"type": "log"} if log else {}), row=row, col=1)
    for tune in data.tunes[-100:]:
        figure.add_vline(tune["step"], line=dict(dash="dot", width=1, color=HAND))
    for tune in data.tunes[-NAMED:]:
        figure.add_annotation(x=tune["step"], y=1, xref="x", yref="y domain", text=f"{_knob(data, tune['knob'])} → {_value(tune['to'])}",
                              xanchor="left" if tune["step"] < columns["step"].max(initial=0) / 2 else "right", yanchor="top",
                              showarrow=False, textangle=-90, font=dict(size=10, color=HAND))
    figure.update_xaxes(title_text="Training step", row=len(groups), col=1)
    return _styled(figure, data, 120 + 200 * len(groups))


@plot("What was logged at every step")
def history(data: FigureData) -> "Figure":
    """Every logged metric over the steps, by group and unit."""
    return _stack(data, {n: v for n, v in data.rows.items() if not n.startswith("grad/")})


@plot("Lengths of the gradients", "grad/d", "grad/g")
def gradients(data: FigureData) -> "Figure":
    """Lengths of the players' gradients, on a logarithmic scale: two decades from the running median are unusual."""
    return _stack(data, {n: v for n, v in data.rows.items() if n == "step" or n.startswith("grad/")}, log=True)


@plot("Quality, measured now and then")
def quality(data: FigureData) -> "Figure":
    """Measures of quality over the steps: modes, spread, distances. Not all at the same steps."""
    return _stack(data, data.measures, joined=True)


@plot("Energy of fakes against energy of real data", "energy/real", "energy/fake")
def phase(data: FigureData) -> "Figure":
    """Energy of fakes over energy of real data, coloured by step; with the line of the target ratio, where there is one."""
    from plotly.graph_objects import Figure, Scatter

    real, fake = smoothed(data.rows["energy/real"]), smoothed(data.rows["energy/fake"])
    selected = np.unique(np.linspace(0, len(real) - 1, min(len(real), MOST_POINTS)).astype(int))
    figure = Figure(Scatter(x=real[selected], y=fake[selected], mode="markers+lines", name="smoothed over 20 steps", line=dict(width=0.8, color=RULE),
                            marker=dict(size=4, color=data.rows["step"][selected], colorscale="Cividis", colorbar=dict(title="Training step"))))
    if line := _line(data, "balance/ratio", data.rows["step"][-1]):
        (_, (*_, ratio), words, _), end = line, float(np.nanmax(real))
        figure.add_trace(Scatter(x=[0, end], y=[0, ratio * end], mode="lines", line=dict(dash="dash", color=HAND),
                                 name=f"{words or f'ratio = {ratio:g}'}: what the ratio is steered to"))
    figure.update_xaxes(title_text="Energy of real data")
    figure.update_yaxes(title_text="Energy of fakes")
    return _styled(figure, data, 560).update_layout(hovermode="closest")


def page(data: FigureData) -> str:
    """A self-contained HTML page of every figure for which there are data, with Plotly's script; nothing is loaded from elsewhere."""
    from plotly.io import to_html

    config = {"displaylogo": False, "responsive": True}
    parts = [f"<h2>{escaped(PLOTS[name].title)}</h2>" + to_html(figure, full_html=False, include_plotlyjs=i == 0, config=config)
             for i, (name, figure) in enumerate(figures(data).items())]
    style = f"body{{font-family:{FONT};background:{PAPER};color:{INK};max-width:1100px;margin:24px auto;padding:0 16px}}h2{{font-size:16px}}"
    return (f'<!doctype html><html lang="en"><head><meta charset="utf-8"><title>{escaped(data.title)}</title><style>{style}</style></head><body>'
            + ("".join(parts) or "<p>This run has no history yet.</p>") + "</body></html>")
