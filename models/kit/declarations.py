"""What a variant declares about itself: its paper, its metrics, and how its formula depends on knobs."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, NamedTuple

from torch import Tensor

from models.kit.knobs import Common

Bound = float | tuple[str, float | dict[str, float]]


@dataclass(frozen=True)
class Paper:
    """The paper of a variant; `arxiv` is the id alone."""

    title: str
    authors: str
    year: int
    arxiv: str


@dataclass(frozen=True)
class Scalar:
    """The meaning of a metric. Metrics of one group (the part before `/`) and one unit share a chart.

    `healthy` is the range of a good run. A bound is a number, or (name, factor): a multiple of a knob, of another metric of its chart, or of
    "median", its own median so far; for a knob with choices, (name, {choice: number}). `line` is a reference: a number, or the name of a knob.
    """

    help: str
    unit: str
    symbol: str = ""
    healthy: tuple[Bound, Bound] | None = None
    line: float | str | None = None


class Form(NamedTuple):
    """A change of the formula where `knob` has `value` (True: any but 0): `old` in its lines is replaced by `new`; empty lines are dropped."""

    knob: str
    value: str | bool
    old: str
    new: str

    def applies(self, knobs: Common) -> bool:
        """Whether the change applies with these knobs."""
        current = getattr(knobs, self.knob)
        return bool(current) if self.value is True else current == self.value


class Part(NamedTuple):
    """A part of a formula whose value slow motion shows; its symbol is plain text, as "log σ(D(x))".

    `of` is the name of a metric that the step logs, or (gan, scores of x, scores of the fakes) -> numbers, whose mean is the part's value.
    """

    symbol: str
    help: str
    of: str | Callable[[Any, Tensor, Tensor], Tensor | float]
