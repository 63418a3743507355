"""Lanes' numbers over each other: a line and a band for each lane, by steps, images or seconds."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

import models
from models.kit.declarations import Scalar
from playground.comparison.clocks import CLOCKS, Series, images, series
from playground.comparison.lanes import Entrant, Lane, titles
from playground.comparison.measures import floor
from playground.evaluation.suite import MEASURES
from playground.render.chart_titles import UNITS
from playground.render.figures import FONT, INK, PAPER, REAL, RULE, escaped, extremes
from playground.render.lane_pens import PENS, faint

if TYPE_CHECKING:
    from plotly.graph_objects import Figure

POINTS = 300            # of a lane's line over its seeds
AXES = {"step": "Training step", "images": "Images drawn from the data", "seconds": "Seconds of training"}


class Line(NamedTuple):
    """A lane's metric by one clock: the mean over its seeds, and the least and the greatest of them; (n,) each."""

    x: np.ndarray
    mean: np.ndarray
    low: np.ndarray
    high: np.ndarray


def metrics_of(lanes: Sequence[Lane]) -> list[str]:
    """What may lie on one axis: measures, which mean the same for all; and what is logged at each step where all lanes are of one variant."""
    entrants = [entrant for lane in lanes for entrant in lane.entrants]
    measured = {name for entrant in entrants for measure in entrant.history.measures for name in measure}
    alike = len({entrant.run.spec.variant for entrant in entrants}) == 1
    logged = {name for entrant in entrants for name in entrant.history.columns} - set(MEASURES)
    return [name for name in MEASURES if name in measured] + (sorted(logged) if alike else [])


def line(lane: Lane, metric: str, clock: str) -> Line | None:
    """Of the part that all seeds of a lane have; None where they have none."""
    found = [taken for entrant in lane.entrants if len((taken := _taken(entrant, metric)).values)]
    if not found:
        return None
    if len(found) == 1:
        x, values = extremes(found[0].clocks[clock], found[0].values)
        return Line(x, values, values, values)
    first, last = max(one.clocks[clock][0] for one in found), min(one.clocks[clock][-1] for one in found)
    x = np.linspace(first, max(first, last), min(POINTS, max(len(one.values) for one in found)))
    values = np.stack([np.interp(x, one.clocks[clock], one.values) for one in found])
    return Line(x, values.mean(0), values.min(0), values.max(0))


def _taken(entrant: Entrant, metric: str) -> Series:
    """A metric of a run, measured or logged."""
    history = entrant.history
    if metric not in history.columns:
        return series(entrant, metric)
    with history.lock:
        values, steps = history.columns[metric].values, history.steps.values
        known = np.isfinite(values)
        steps, values = extremes(steps[known], values[known].astype(np.float64))
    return Series(values, {"step": steps, "images": images(entrant, steps), "seconds": np.array(history.seconds(steps.tolist()))})


def chart(lanes: Sequence[Lane], metric: str) -> "Figure":
    """One metric of all lanes; buttons choose the clock."""
    from plotly.graph_objects import Figure, Scatter

    names, figure, xs = titles(lanes), Figure(), {clock: [] for clock in CLOCKS}
    for i, lane in enumerate(lanes):
        lines = {clock: line(lane, metric, clock) for clock in CLOCKS}
        if lines["step"] is None:
            continue
        pen, seeds, of = PENS[i % len(PENS)], len(lane.entrants), lines["step"]
        if seeds > 1:
            figure.add_trace(Scatter(x=[*of.x, *of.x[::-1]], y=[*of.high, *of.low[::-1]], fill="toself", fillcolor=faint(pen.colour), line_width=0,
                                     hoverinfo="skip", showlegend=False, legendgroup=str(i)))
        figure.add_trace(Scatter(x=of.x, y=of.mean, name=escaped(names[i]), legendgroup=str(i), mode="lines" if len(of.x) > 60 else "lines+markers",
                                 line=dict(color=pen.colour, dash=pen.dash, width=2), marker=dict(size=4)))
        for clock, told in lines.items():
            xs[clock] += ([[*told.x, *told.x[::-1]]] if seeds > 1 else []) + [told.x]
    best = floor(metric, lanes) if metric in MEASURES else None
    if best:
        figure.add_hline(best["mean"], line=dict(dash="dash", width=1, color=REAL), annotation_text="real data against real data",
                         annotation_font_color=REAL)
    return _styled(figure, unit_of(metric, lanes), xs)


def about(metric: str, lanes: Sequence[Lane]) -> Scalar | None:
    """What a metric means."""
    known = [MEASURES, *(models.ZOO[lane.spec.variant].all_scalars() for lane in lanes if lane.spec and lane.spec.variant in models.ZOO)]
    return next((scalars[metric] for scalars in known if metric in scalars), None)


def unit_of(metric: str, lanes: Sequence[Lane]) -> str:
    """What its axis is called."""
    scalar = about(metric, lanes)
    return UNITS.get(scalar.unit, scalar.unit) if scalar else "Value"


def _styled(figure: "Figure", unit: str, xs: dict[str, list]) -> "Figure":
    buttons = [dict(label=clock.capitalize(), method="update", args=[{"x": xs[clock]}, {"xaxis.title.text": title}]) for clock, title in AXES.items()]
    figure.update_layout(height=380, font=dict(family=FONT, size=13, color=INK), paper_bgcolor=PAPER, plot_bgcolor=PAPER,
                         margin=dict(l=64, r=24, t=52, b=48), hovermode="x unified", showlegend=False,
                         updatemenus=[dict(type="buttons", direction="right", x=0, xanchor="left", y=1.02, yanchor="bottom", buttons=buttons)])
    figure.update_xaxes(gridcolor=RULE, zeroline=False, title=dict(text=AXES["step"], font_size=13))
    figure.update_yaxes(gridcolor=RULE, zeroline=False, title=dict(text=escaped(unit), font_size=13))
    return figure
