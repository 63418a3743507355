"""How lanes that stand side by side are drawn in files: as on the page, where ui/live/styles/compare.css and compare/lane_style.js say it."""

from typing import NamedTuple


class Pen(NamedTuple):
    """A lane's colour, and its dash as SVG and Plotly have it."""

    colour: str
    dash: str


PENS = (Pen("#1b2530", "solid"), Pen("#df6815", "8px,4px"), Pen("#624bbc", "2px,3px"), Pen("#623f0a", "9px,3px,2px,3px"), Pen("#7581f5", "14px,4px"),
        Pen("#9a3b71", "4px,4px"), Pen("#a27b86", "9px,3px,2px,3px,2px,3px"), Pen("#4b1183", "1px,5px"))


def faint(colour: str) -> str:
    """The colour of a band around a line of this colour."""
    red, green, blue = (int(colour[at:at + 2], 16) for at in (1, 3, 5))
    return f"rgba({red},{green},{blue},0.15)"
