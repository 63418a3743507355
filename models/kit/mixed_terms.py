r"""How what is mixed in changes a formula: declarations, of which the page and slow motion make the formula of the knobs.

A term is added to the line of a player's loss, before the clauses behind it (`,\ |w| \le c`); a clause, which begins as one, comes last; without a
player it is a line of its own. `D(` stands for the critic by whatever letter a variant has for it.
"""

from collections.abc import Callable
from typing import Any, NamedTuple

from torch import Tensor

from models.kit.declarations import Part
from models.kit.knobs import Common, declared
from models.kit.relative import PARTS, Relative

CLAUSE = r",\ "


class Term(NamedTuple):
    """What a knob adds to the formula where it has `value`; None: any but its default. `part`: its number in slow motion, or None."""

    knob: str
    value: str | None
    player: str
    latex: str
    part: Part | None = None

    def applies(self, knobs: Common) -> bool:
        """Whether these knobs have it."""
        now = getattr(knobs, self.knob, None)
        return now is not None and (now == self.value if self.value is not None else now != declared(type(knobs))[self.knob].default)

    def by(self, letter: str) -> "Term":
        """The same with a variant's letter for its critic."""
        plain = letter.replace(r"\mu", "μ")
        return self._replace(latex=self.latex.replace("D(", f"{letter}("),
                             part=self.part and self.part._replace(symbol=self.part.symbol.replace("D(", f"{plain}(")))


def _regulariser(kind: str, latex: str, symbol: str, help: str, of: str | Callable[[Any, Tensor, Tensor], Tensor] = "mix/penalty") -> Term:
    return Term("regulariser", kind, "D", rf"+ \lambda_r\, {latex}", Part(symbol, help, of))


TERMS = (
    Term("regulariser", "clip", "D", r",\ |w| \le \lambda_r"),
    _regulariser("1-centred GP", r"(|\nabla_v D(v)| - 1)^2", "(|∇_v D(v)| - 1)^2",
                 "mean squared distance of the slopes from 1, between real and fake"),
    Term("regulariser", "1-centred GP", "", r"v = \epsilon x + (1 - \epsilon) g"),
    _regulariser("0-centred GP", r"|\nabla_v D(v)|^2", "|∇_v D(v)|^2", "mean squared slope between real and fake"),
    Term("regulariser", "0-centred GP", "", r"v = \epsilon x + (1 - \epsilon) g"),
    _regulariser("R1", r"|\nabla_x D(x)|^2 / 2", "|∇_x D(x)|^2 / 2", "half the mean squared slope at real data"),
    _regulariser("R2", r"|\nabla_g D(g)|^2 / 2", "|∇_g D(g)|^2 / 2", "half the mean squared slope at fakes"),
    _regulariser("DRAGAN", r"(|\nabla_v D(v)| - 1)^2", "(|∇_v D(v)| - 1)^2", "mean squared distance of the slopes from 1, around real data"),
    Term("regulariser", "DRAGAN", "", r"v = x + \delta"),
    _regulariser("LeCam", r"(D(x) - a_g)^2", "(D(x) - a_g)^2", "mean squared distance of real data's scores from the average of fakes'",
                 lambda gan, real, fake: (real - gan.lecam[1]).square()),
    _regulariser("LeCam", r"(D(g) - a_x)^2", "(D(g) - a_x)^2", "mean squared distance of the fakes' scores from the average of real data's",
                 lambda gan, real, fake: (fake - gan.lecam[0]).square()),
    Term("topk", None, "G", r",\ z \in \text{top } \lceil \nu_k B \rceil"),
    Term("augment", None, "", r"D(\cdot) \to D(T(\cdot))"),
    Term("ada", None, "", r"p_a \to p_a + \operatorname{sign}(r - r_0)\, B / 10^5"),
)


def terms(letter: str, knobs: Common) -> list[Term]:
    """Those that apply with these knobs."""
    return [term.by(letter) for term in TERMS if term.applies(knobs)]


def formula(lines: tuple[str, ...], letter: str, wrap: Relative | str, knobs: Common) -> tuple[str, ...]:
    """A variant's lines with all that these knobs mix in."""
    if isinstance(wrap, Relative) and getattr(knobs, "relative", "none") != "none":
        lines = wrap.lines(lines, knobs)
    for term in terms(letter, knobs):
        if not term.player:
            lines = (*lines, term.latex)
            continue
        lines = tuple(_joined(line, term.latex) if line.startswith(f"L_{term.player} =") else line for line in lines)
    return lines


def _joined(line: str, latex: str) -> str:
    if latex.startswith(CLAUSE):
        return line + latex
    loss, clause, rest = line.partition(CLAUSE)
    return f"{loss} {latex}{clause}{rest}"


def parts(letter: str, knobs: Common) -> tuple[Part, ...]:
    """The numbers of all that these knobs mix in, for slow motion."""
    return (*PARTS.get(getattr(knobs, "relative", ""), ()), *(term.part for term in terms(letter, knobs) if term.part))


def declarations(letter: str) -> list[dict[str, Any]]:
    """All terms as JSON, their lines as LaTeX: {"knob", "value", "player", "latex"}."""
    return [{"knob": term.knob, "value": term.value, "player": term.player, "latex": term.latex} for term in (t.by(letter) for t in TERMS)]
