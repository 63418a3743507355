"""Formulas of lanes under each other: each line as its terms, and which of these are not in every lane."""

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

import models
from models.kit.knobs import BadKnob, check
from playground.comparison.lanes import Lane

OPEN, CLOSE, CLAUSE = "([{", ")]}", r",\ "
COMMAND = re.compile(r"\\(?:[a-zA-Z]+|.)")
LOSS = re.compile(r"L_(\w)")


class Term(NamedTuple):
    """A part of a sum: its sign ("", "+" or "-"; a clause has r",\\ "), its LaTeX, and whether some lane has no such term in this line."""

    sign: str
    latex: str
    differs: bool = False


class Line(NamedTuple):
    """A line of a formula: the player whose loss it is, "" for another; what stands on its left, with its "="; the terms on its right."""

    of: str
    left: str
    terms: tuple[Term, ...]


def formulas(lanes: Sequence[Lane]) -> list[list[Line]]:
    """Of each lane, of its knobs as they were asked for: its lines, with the terms marked that are not in all lanes. No lines of a lane that is
    gone, or whose variant is not known any more."""
    read = [[parsed(line) for line in _lines(lane)] for lane in lanes]
    there = [{line.left: {_bare(term) for term in line.terms} for line in lines} for lines in read if lines]

    def marked(line: Line) -> Line:
        in_all = set.intersection(*(terms.get(line.left, set()) for terms in there))
        return line._replace(terms=tuple(term._replace(differs=_bare(term) not in in_all) for term in line.terms))
    return [[marked(line) for line in lines] for lines in read]


def _lines(lane: Lane) -> tuple[str, ...]:
    if lane.spec is None or lane.spec.variant not in models.ZOO:
        return ()
    cls = models.ZOO[lane.spec.variant]
    try:
        return cls.formula_of(check(cls.Knobs, lane.spec.knobs))
    except BadKnob:
        return cls.formula


def parsed(line: str) -> Line:
    """A line of LaTeX in parts. What has no "=" is one term."""
    left, equals, right = line.partition("=")
    if not equals:
        return Line("", "", (Term("", line.strip()),))
    of = LOSS.fullmatch(left.strip())
    return Line(of[1] if of else "", f"{left.strip()} =", tuple(terms(right)))


def terms(latex: str) -> Iterator[Term]:
    """The terms of a sum, split where a plus or a minus stands outside of all brackets and bars; a clause behind it is one, too."""
    sign, begun, depth, bars, at = "", 0, 0, False, 0
    while at < len(latex):
        command = COMMAND.match(latex, at)
        here = latex[at]
        step = command.end() - at if command else 1
        outside = depth == 0 and not bars
        if not command:
            depth += (here in OPEN) - (here in CLOSE)
            bars ^= here == "|" and depth == 0          # within brackets it may also be that of a condition
        clause = outside and latex.startswith(CLAUSE, at)
        if clause or (outside and here in "+-" and not latex[:at].rstrip().endswith(("_", "^"))):
            if latex[begun:at].strip():
                yield Term(sign, latex[begun:at].strip())
            elif sign:
                yield Term(sign, "")
            sign, step = (CLAUSE, len(CLAUSE)) if clause else (here, 1)
            begun = at + step
        at += step
    if latex[begun:].strip():
        yield Term(sign, latex[begun:].strip())


def _bare(term: Term) -> str:
    """What two terms that mean the same have in common: no spaces, no plus at the beginning."""
    return (term.sign if term.sign != "+" else "") + re.sub(r"\\[,;! ]|\s", "", term.latex)
