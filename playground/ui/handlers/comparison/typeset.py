"""Formulas with marked terms as MathML, which browsers draw themselves."""

from typing import Any

from playground.comparison.formulas import CLAUSE, Line, Term
from playground.ui.handlers.catalogue import mathml

OPEN, END, ROW = "<mrow>", "</math>", "</mrow>"
MARK = ' class="differs"'


def typeset(lines: list[Line]) -> list[dict[str, Any]]:
    """A lane's lines: {"of": the player whose loss it is, or "", "mathml", "differs": whether a term of it is marked}. What is marked has the class
    "differs": a sign, and the row of its term behind it; both stand in the formula's own row."""
    return [{"of": line.of, "mathml": _math(line), "differs": any(term.differs for term in line.terms)} for line in lines]


def _math(line: Line) -> str:
    whole = mathml(line.left or "x")
    head = whole[:whole.index(OPEN) + len(OPEN)]
    return head + (_inside(line.left) if line.left else "") + "".join(map(_term, line.terms)) + ROW + END


def _term(term: Term) -> str:
    mark = MARK if term.differs else ""
    if term.sign == CLAUSE:
        return _inside(CLAUSE) + f"<mrow{mark}>{_inside(term.latex)}</mrow>"
    sign = {"+": "+", "-": "&#x2212;"}.get(term.sign, "")
    return (f"<mo{mark}>{sign}</mo>" if sign else "") + (f"<mrow{mark}>{_inside(term.latex)}</mrow>" if term.latex else "")


def _inside(latex: str) -> str:
    """What stands in the row of a formula."""
    whole = mathml(latex)
    return whole[whole.index(OPEN) + len(OPEN):whole.rindex(ROW + END)]
