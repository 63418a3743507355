"""A comparison as one HTML file that opens without a server: charts, pictures along the steps, the scoreboard, what differs."""

import base64
import json
from collections.abc import Callable, Iterable, Sequence
from typing import Any

from playground.comparison.description import described
from playground.comparison.export.charts import about, chart, metrics_of
from playground.comparison.export.film import SIDES, UNITS
from playground.comparison.export.tiles import Layout, Pictures, Shown, sheet
from playground.comparison.formulas import Line
from playground.comparison.lanes import Lane, named
from playground.comparison.measures import BETTER, BRIEF
from playground.comparison.scoreboard import scoreboard
from playground.render.encode import webp
from playground.render.figures import FONT, INK, PAPER, escaped
from playground.render.lane_pens import PENS

MOMENTS = 24            # pictures of all lanes in the file
CHARTS = 24             # metrics that are drawn, measures first
STYLE = f"""body{{font-family:{FONT};background:{PAPER};color:{INK};max-width:1100px;margin:24px auto;padding:0 16px;line-height:1.45}}
h1{{font-size:22px}}h2{{font-size:16px;margin-top:32px}}h3{{font-size:14px;margin:24px 0 0}}table{{border-collapse:collapse;font-size:14px}}
th,td{{text-align:left;padding:4px 14px 4px 0;border-bottom:1px solid #dfdcd3;vertical-align:top}}img{{max-width:100%}}
.pen{{margin-right:18px;white-space:nowrap}}
.differs{{color:#7a3b90}}.lane{{border-left:5px solid;padding-left:8px}}.scroll{{overflow-x:auto}}input{{width:100%;max-width:640px}}"""
SCRIPT = """const [told,at,seen]=["moments","at","seen"].map((id)=>document.getElementById(id));const all=JSON.parse(told.textContent);
at.oninput=()=>{seen.src=all[at.value].picture;seen.alt=all[at.value].says};at.oninput();"""


def page(lanes: Sequence[Lane], shown: Sequence[Shown], typeset: Callable[[list[Line]], list[dict[str, Any]]]) -> str:
    """The whole page; it loads nothing. `shown`: the lanes whose pictures there are; `typeset`: lines of a formula as MathML."""
    told = described(lanes)
    names = [lane["title"] for lane in told["lanes"]]
    metrics = metrics_of(lanes)
    parts = [f"<h1>{escaped(named(names))}</h1>", *_pictures(shown), *_scores(lanes, names, metrics), *_sentences(told),
             *_differences(told, names), *_formulas([typeset(lines) for lines in told["formulas"]], names), *_charts(lanes, names, metrics)]
    return (f'<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>'
            f'{escaped(", ".join(names))}</title><style>{STYLE}</style></head><body>{"".join(parts)}</body></html>')


def _pictures(shown: Sequence[Shown]) -> Iterable[str]:
    if not shown:
        return
    layout = Layout.of(shown, SIDES["mp4"])
    each = [Pictures(lane, layout.side, "step") for lane in shown]
    end = max(one.end for one in each)
    told = []
    for moment in sorted({round(end * i / (MOMENTS - 1)) for i in range(MOMENTS)}) if end else []:
        says = UNITS["step"].format(moment)
        picture = webp(sheet(layout, shown, [one.at_moment(moment) for one in each], says), 84)
        told.append({"picture": f"data:image/webp;base64,{base64.b64encode(picture).decode()}", "says": f"Samples of all lanes at {says}"})
    if told:
        yield (f'<h2>Samples of fixed z along the steps</h2><p><label>Step <input id="at" type="range" min="0" max="{len(told) - 1}" '
               f'value="{len(told) - 1}"></label></p><img id="seen" alt=""><script type="application/json" id="moments">{json.dumps(told)}</script>'
               f"<script>{SCRIPT}</script>")


def _table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A table of texts; the first of a row is its name."""
    cells = "".join(f'<tr><th scope="row">{row[0]}</th>{"".join(f"<td>{cell}</td>" for cell in row[1:])}</tr>' for row in rows)
    return f'<div class="scroll"><table><tr>{"".join(f"<th>{escaped(text)}</th>" for text in head)}</tr>{cells}</table></div>'


def _name(i: int, name: str) -> str:
    return f'<span class="lane" style="border-color:{PENS[i % len(PENS)].colour}">{escaped(name)}</span>'


def _pen(i: int, name: str) -> str:
    """A lane's name behind a piece of its line."""
    colour, dash = PENS[i % len(PENS)]
    pattern = "" if dash == "solid" else f' stroke-dasharray="{dash.replace("px", "")}"'
    return (f'<span class="pen"><svg width="40" height="8"><path d="M0 4H40" stroke="{colour}" stroke-width="2"{pattern}/></svg> '
            f'{escaped(name)}</span> ')


def _scores(lanes: Sequence[Lane], names: Sequence[str], metrics: Sequence[str]) -> Iterable[str]:
    measure = next((name for name in (*BRIEF, *metrics) if name in metrics and name in BETTER), None)
    if measure is None:
        return
    board = scoreboard(lanes, measure)
    at = board["at"]
    clocks = {"at_steps": ("step", "{:,.0f} steps"), "at_images": ("images", "{:,.0f} images"), "at_seconds": ("seconds", "{:,.1f} s")}
    yield f"<h2>{escaped(board['measure']['help'])}</h2>"
    head = ["", *(text.format(at[clock]) if at[clock] is not None else "not reached by all" for clock, text in clocks.values()), "seeds"]
    yield _table(head, ([_name(row["lane"], names[row["lane"]]), *(_value(row[key]) for key in clocks), str(row["n"] + row["lost"])]
                        for row in board["rows"]))
    where: dict[str, list[str]] = {}
    for key, text in board["verdicts"].items():
        where.setdefault(text, []).append(key.removeprefix("at_"))
    for text, clocks_of in where.items():
        yield f"<p>At equal {named(clocks_of)}: {escaped(text)}.</p>"
    yield f"<p>{escaped(board['caution'])}</p>" if board["caution"] else ""


def _value(value: dict[str, Any] | None) -> str:
    if value is None:
        return "–"
    return f"{value['mean']:.3g}" + (f" ({value['low']:.3g} to {value['high']:.3g})" if value["low"] is not None else "")


def _sentences(told: dict[str, Any]) -> Iterable[str]:
    for title, sentences in (("What is equal", told["equal"]), ("What is not equal", told["unequal"])):
        if sentences:
            yield f"<h2>{title}</h2><ul>{''.join(f'<li>{escaped(text)}</li>' for text in sentences)}</ul>"


def _differences(told: dict[str, Any], names: Sequence[str]) -> Iterable[str]:
    if told["differences"]:
        yield "<h2>What differs</h2>"
        yield _table(["", *names], ([escaped(row["label"]), *map(escaped, row["values"])] for row in told["differences"]))


def _formulas(lines: Sequence[list[dict[str, Any]]], names: Sequence[str]) -> Iterable[str]:
    if any(lines):
        yield "<h2>Formulas, with the terms that differ</h2>"
        yield _table(["", ""], ([_name(i, names[i]), "<br>".join(line["mathml"] for line in of)] for i, of in enumerate(lines) if of))


def _charts(lanes: Sequence[Lane], names: Sequence[str], metrics: Sequence[str]) -> Iterable[str]:
    from plotly.io import to_html

    if metrics:
        yield f"<h2>Charts</h2><p>{''.join(_pen(i, name) for i, name in enumerate(names))}</p>"
        yield "<p>Lines are means over seeds, bands reach from the least to the greatest of them.</p>"
    config = {"displaylogo": False, "responsive": True}
    for i, metric in enumerate(metrics[:CHARTS]):
        scalar = about(metric, lanes)
        yield f"<h3>{escaped(scalar.help[0].upper() + scalar.help[1:] if scalar else metric)}</h3>"
        yield to_html(chart(lanes, metric), full_html=False, include_plotlyjs=i == 0, config=config)
