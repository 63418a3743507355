"""Figures from a run's columns: what is drawn, what is left out, what hostile text and numbers do to it."""

import re

import numpy as np
import pytest

from playground.render import figures
from playground.render.figures import PLOTS, FigureData

SCALARS = {"energy/real": {"help": "energy of data", "unit": "energy", "symbol": "U(x)", "healthy": None, "line": None},
           "balance/k": {"help": "", "unit": "gain", "symbol": "k", "healthy": None, "line": 0.3},
           "balance/ratio": {"help": "should settle at γ", "unit": "ratio", "symbol": "", "healthy": None, "line": "gamma"}}


def story(n=500, **changes):
    step = np.arange(1, n + 1, dtype=float)
    rows = {"step": step, **{name: np.sin(step / 30) + 2 + i for i, name in enumerate(
        ("loss/d", "loss/g", "grad/d", "grad/g", "energy/real", "energy/fake", "balance/k", "balance/ratio"))}}
    given = dict(title="BEGAN on a ring", rows=rows, measures={"step": step[::50], "modes/found": step[::50] % 8}, scalars=SCALARS,
                 tunes=[{"step": 100, "knob": "gamma", "from": 0.5, "to": 0.7}], knobs={"gamma": 0.5},
                 named={"gamma": ("diversity ratio", "γ"), "lr_g": ("learning rate of G", "η_G")})
    return FigureData(**{**given, **changes})


def test_every_registered_figure_draws_and_is_valid_json_without_nan():
    found = figures.figures(story())
    assert list(found) == list(PLOTS)
    for figure in found.values():
        assert len(figure.data) > 0
        assert "NaN" not in figure.to_json()


def test_metrics_of_different_units_never_share_an_axis():
    figure = figures.figures(story())["history"]
    axes = {trace.name: trace.yaxis for trace in figure.data}
    by_axis = {}
    for name, axis in axes.items():
        by_axis.setdefault(axis, []).append(name)
    assert ["D", "G"] in by_axis.values()
    assert axes["k"] != axes["balance ratio: should settle at γ"]


def test_titles_axes_and_lines_are_in_words():
    best = SCALARS | {"modes/found": {"help": "modes that are found", "unit": "modes", "symbol": "", "line": 7.9, "best": [7.9, 0.3]}}
    found = figures.figures(story(scalars=best))
    layout, quality = found["history"].layout, found["quality"].layout
    said = [a.text for a in layout.annotations]
    assert {"What each player minimises", "Energies: D's reconstruction errors", "Should settle at γ"} <= set(said)
    assert {"Diversity ratio γ = 0.7", "Diversity ratio γ → 0.7"} <= set(said), "what the line is, and what was turned where"
    assert "Best possible (real vs real) 7.9 ± 0.3" in [a.text for a in quality.annotations]
    assert {shape.y0 for shape in quality.shapes if shape.type == "rect"} == {7.9 - 0.3}
    assert {layout[axis].title.text for axis in layout if axis.startswith("yaxis")} >= {"Energy", "Ratio"}
    assert [layout[axis].title.text for axis in layout if axis.startswith("xaxis") and layout[axis].title.text] == ["Training step"]
    assert not [text for figure in found.values() for text in re.findall(r"[a-z]+/[a-z]+", str([t.name for t in figure.data]))]


def test_reference_lines_come_from_the_declaration_and_follow_the_knob():
    found = figures.figures(story())
    lines = {(*trace.x, *trace.y) for trace in found["history"].data if trace.line.dash == "dash"}
    assert lines == {(0, 500, 0.3, 0.3), (0, 100, 500, 0.5, 0.7, 0.7)}
    assert any(shape.x0 == shape.x1 == 100 for shape in found["history"].layout.shapes), "where it was turned"
    aim = next(trace for trace in found["phase"].data if trace.name == "Diversity ratio γ = 0.7: what the ratio is steered to")
    assert aim.y[1] == pytest.approx(0.7 * aim.x[1])


def test_a_symbol_has_its_subscript_and_a_knob_that_is_not_known_goes_by_its_name():
    tunes = [{"step": 10, "knob": "lr_g", "from": 1e-3, "to": 1e-4}, {"step": 20, "knob": "odd_<b>", "from": "a", "to": "<i>"}]
    said = {a.text for a in figures.figures(story(tunes=tunes))["history"].layout.annotations}
    assert {"Learning rate of G η<sub>G</sub> → 0.0001", "Odd &lt;b&gt; → &lt;i&gt;"} <= said


def test_what_lacks_its_metrics_is_left_out_and_an_empty_story_draws_nothing():
    rows = {k: v for k, v in story().rows.items() if k not in ("energy/real", "grad/g")}
    assert set(figures.figures(story(rows=rows))) == {"history", "quality"}
    assert figures.figures(FigureData("none", {"step": np.empty(0)})) == {}
    assert "no history" in figures.page(FigureData("none", {"step": np.empty(0)}))


@pytest.mark.parametrize("values", [np.full(500, np.nan), np.full(500, np.inf), np.full(500, 1e38), np.zeros(500)])
def test_hostile_numbers_do_not_break_a_figure(values):
    rows = {**story().rows, "energy/real": values}
    for figure in figures.figures(story(rows=rows)).values():
        assert not re.search(r"\b(NaN|Infinity)\b", figure.to_json())


def test_a_long_line_keeps_every_spike_and_every_gap():
    step, value = np.arange(20_000.0), np.zeros(20_000)
    value[[777, 12_345]], value[5_000] = [50, -60], np.nan
    x, y = figures.extremes(step, value)
    assert len(x) <= figures.MOST_POINTS + 4
    assert (np.diff(x) > 0).all()
    assert np.nanmax(y) == 50
    assert np.nanmin(y) == -60
    assert np.isnan(y[x == 5_000]).all()
    assert 5_000 in x
    assert figures.extremes(step[:10], value[:10])[0].tolist() == step[:10].tolist()


def test_smoothing_passes_over_gaps():
    assert figures.smoothed(np.array([np.nan, 1, np.nan, 1])).tolist()[1::2] == [1, 1]


def test_the_page_is_whole_loads_nothing_and_escapes_text():
    page = figures.page(story(title="<script>alert(1)</script>"))
    assert "<script>alert(1)" not in page
    assert not re.search(r"<(script|link|img)[^>]+(src|href)\s*=", page)
    assert page.count("Plotly.newPlot(") == len(PLOTS)


def test_plotly_is_loaded_only_when_something_is_drawn():
    import subprocess
    import sys
    code = "import sys, playground.render.figures; sys.exit('plotly' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
