"""Figures from a run's columns: what is drawn, what is left out, what hostile text and numbers do to it."""

import re

import numpy as np
import pytest

from playground import plots
from playground.plots import PLOTS, Story

SCALARS = {"energy/real": {"help": "energy of data", "unit": "energy", "symbol": "U(x)", "healthy": None, "line": None},
           "balance/k": {"help": "", "unit": "gain", "symbol": "k", "healthy": None, "line": 0.3},
           "balance/ratio": {"help": "heads for γ", "unit": "ratio", "symbol": "", "healthy": None, "line": "gamma"}}


def story(n=500, **changes):
    step = np.arange(1, n + 1, dtype=float)
    rows = {"step": step, **{name: np.sin(step / 30) + 2 + i for i, name in enumerate(
        ("loss/d", "loss/g", "grad/d", "grad/g", "energy/real", "energy/fake", "balance/k", "balance/ratio"))}}
    given = dict(title="BEGAN on a ring", rows=rows, measures={"step": step[::50], "modes/found": step[::50] % 8}, scalars=SCALARS,
                 tunes=[{"step": 100, "knob": "gamma", "from": 0.5, "to": 0.7}], knobs={"gamma": 0.7})
    return Story(**{**given, **changes})


def test_every_registered_figure_draws_and_is_valid_json_without_nan():
    found = plots.figures(story())
    assert list(found) == list(PLOTS)
    for figure in found.values():
        assert len(figure.data) > 0
        assert "NaN" not in figure.to_json()


def test_metrics_of_different_units_never_share_an_axis():
    figure = plots.figures(story())["history"]
    axes = {trace.name: trace.yaxis for trace in figure.data}
    by_axis = {}
    for name, axis in axes.items():
        by_axis.setdefault(axis, []).append(name)
    assert ["loss/d", "loss/g"] in by_axis.values()
    assert axes["k"] != axes["balance/ratio: heads for γ"]


def test_reference_lines_come_from_the_declaration_and_the_knob():
    shapes = plots.figures(story())["history"].layout.shapes
    assert {0.3, 0.7} <= {shape.y0 for shape in shapes}
    assert any(shape.x0 == 100 for shape in shapes)


def test_what_lacks_its_metrics_is_left_out_and_an_empty_story_draws_nothing():
    rows = {k: v for k, v in story().rows.items() if k not in ("energy/real", "grad/g")}
    assert set(plots.figures(story(rows=rows))) == {"history", "quality"}
    assert plots.figures(Story("none", {"step": np.empty(0)})) == {}
    assert "no history" in plots.page(Story("none", {"step": np.empty(0)}))


@pytest.mark.parametrize("values", [np.full(500, np.nan), np.full(500, np.inf), np.full(500, 1e38), np.zeros(500)])
def test_hostile_numbers_do_not_break_a_figure(values):
    rows = {**story().rows, "energy/real": values}
    for figure in plots.figures(story(rows=rows)).values():
        assert not re.search(r"\b(NaN|Infinity)\b", figure.to_json())


def test_a_long_line_keeps_every_spike_and_every_gap():
    step, value = np.arange(20_000.0), np.zeros(20_000)
    value[[777, 12_345]], value[5_000] = [50, -60], np.nan
    x, y = plots.extremes(step, value)
    assert len(x) <= plots.MOST + 4
    assert (np.diff(x) > 0).all()
    assert np.nanmax(y) == 50
    assert np.nanmin(y) == -60
    assert np.isnan(y[x == 5_000]).all()
    assert 5_000 in x
    assert plots.extremes(step[:10], value[:10])[0].tolist() == step[:10].tolist()


def test_smoothing_passes_over_gaps():
    assert plots.smoothed(np.array([np.nan, 1, np.nan, 1])).tolist()[1::2] == [1, 1]


def test_the_page_is_whole_loads_nothing_and_escapes_text():
    page = plots.page(story(title="<script>alert(1)</script>"))
    assert "<script>alert(1)" not in page
    assert not re.search(r"<(script|link|img)[^>]+(src|href)\s*=", page)
    assert page.count("Plotly.newPlot(") == len(PLOTS)


def test_plotly_is_loaded_only_when_something_is_drawn():
    import subprocess
    import sys
    code = "import sys, playground.plots; sys.exit('plotly' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
