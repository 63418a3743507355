"""The texts, formulas and numbers of a step's stages, derived from a variant's own declarations."""

import math
import re
from typing import Any

import torch
from torch import Tensor

from models.kit import mix
from models.kit.gan import GAN
from models.kit.knobs import declared

GREEK = {"α": "alpha", "β": "beta", "γ": "gamma", "Δ": "Delta", "δ": "delta", "η": "eta", "λ": "lambda", "μ": "mu", "ν": "nu", "σ": "sigma",
         "τ": "tau", "∇": "nabla"}
TIME = re.compile(r"\\left|\\right|_t(?![A-Za-z])|_\{t\+1\}")
SCORED = {"samples": ("of each", "The same x and the same fakes"), "codes": ("of x's codes and of the latents z", "The same x and z"),
          "pairs": ("of each with its code", "The same pairs")}
OPTIMISER_NAMES = {"RMSprop": "RMSProp"}
Term = dict[str, Any]
Row, State, Scores = dict[str, float], dict[str, Tensor], tuple[Tensor, Tensor]         # logged scalars; buffers; scores of x and of fakes, (B,)


def term(symbol: str, name: str, value: float | None, was: float | None = None) -> Term:
    """One number of a stage as JSON, with its value before (`was`); None where it is not finite."""
    return {"symbol": symbol, "name": name, "value": _finite(value), "was": _finite(was)}


def bare(formula: str) -> str:
    """A LaTeX line in the form that symbols are searched in: without time indices, text, braces and spacing commands; `log` without backslash."""
    line = re.sub(r"\\text\{[^}]*\}", " ", TIME.sub("", formula)).replace("\\log", "log").replace("{", "").replace("}", "")
    return re.sub(r"(\\[,;! ]|\s)+", " ", line)


def without(line: str, symbol: str) -> str:
    """A `bare` line with every occurrence of a symbol, written as "γ", "λ_k" or "U(G(z))", replaced by a placeholder."""
    wanted = "".join(f"\\{GREEK[c]}" if c in GREEK else c for c in TIME.sub("", symbol))
    return re.sub(rf"(?<![A-Za-z\\_]){re.escape(wanted)}(?![A-Za-z_])", "□", line) if wanted else line


def mentions(formula: str, symbol: str) -> bool:
    """Whether a symbol, in plain text, occurs in a LaTeX line. Time indices are ignored: m_t is m."""
    line = bare(formula)
    return without(line, symbol) != line


def hinge_of(formula: str) -> str:
    """The part of a LaTeX line that is a hinge, "(m - U)_+"; "" without one."""
    end = formula.find(")_+")
    for begin in range(end, -1, -1):
        part = formula[begin:end + 1]
        if part.count("(") == part.count(")"):
            return f"{part}_+"
    return ""


class Terms:
    """The texts and numbers of one GAN's next training step."""

    def __init__(self, gan: GAN) -> None:
        self.gan, self.scalars, self.lines = gan, gan.all_scalars(), ()
        real, fake = gan.pair or GAN.pair                   # without a pair of its own a variant charts no means, and slow motion still tells them
        self.unit, self.means = real.split("/")[0], {real: 0, fake: 1}
        fakes = gan.larger_is == "fake"
        scored, same = SCORED[gan.judges]
        self.score_text = f"D's {self.unit} {scored}: {'low' if fakes else 'high'} for what it takes for real. The numbers are means over the batch."
        self.again_text = (f"{same}, through the D that has just moved. "
                           f"What is real should have gone {'down' if fakes else 'up'}.")
        self.downhill_text = f"to where D's {self.unit} of them is {'lower' if fakes else 'higher'}"
        self.shown = {name for name in self.scalars if name.startswith(("loss/", "grad/"))} | set(self.means)      # scalars that other stages show

    def start(self) -> None:
        """Take the formula of the step that comes next."""
        self.lines = self.gan.formula_now()

    def formula(self, player: str) -> str:
        """The LaTeX line of a player's loss, "" when none is declared."""
        return next((line for line in self.lines if line.startswith(f"L_{player}")), "")

    def scores(self, now: Scores, was: Scores | None = None) -> list[Term]:
        """The mean scores of x and of the fakes, with those before (`was`)."""
        plain = (("D(x)", "mean of the real x"), ("D(G(z))", "mean of the fakes"))
        return [term(getattr(self.scalars.get(name), "symbol", "") or plain[i][0], plain[i][1], now[i].mean().item(), was and was[i].mean().item())
                for name, i in self.means.items()]

    def loss_text(self, player: str, together: list[str]) -> str:
        """The text of a player's loss stage; `together`: all players of this yield."""
        others = [other for other in together if other != player]
        text = f"The loss moves {player} alone" + (f", from the same point as {' and '.join(others)}." if others else ".")
        n = self.gan.knobs.batch
        k = mix.kept(self.gan, n) if player == "G" else n
        return f"{text} Beneath the formula stand means over {'the batch' if k == n else f'the {k} fakes that count, and as many real samples'}."

    def update_text(self, player: str, optimiser: torch.optim.Optimizer) -> str:
        """The text of a player's update stage."""
        name = OPTIMISER_NAMES.get(type(optimiser).__name__, type(optimiser).__name__)
        text = f"One step of {name} down the gradient."
        role = self.gan.roles[player]
        if role == "generator":
            return text + " The same z become other fakes" + (f", {self.downhill_text}." if self.gan.judges != "codes" else ".")
        return text + (" The same x have other codes; the fakes do not change." if role == "encoder" else " Its weights change; the fakes do not.")

    def loss_terms(self, player: str, row: Row, before: State, scores: Scores) -> list[Term]:
        """The numbers in a player's formula: parts that the step logged, or that follow from `scores`, those of the loss; and knobs."""
        scores = mix.scores_for(self.gan, player, *scores)
        return self._named(self.formula(player), row, before, scores)

    def hinge(self, player: str, row: Row, before: State) -> dict[str, Any] | None:
        """The stage of the hinge in a player's loss, which comes before the loss; None without one."""
        part, own = hinge_of(self.formula(player)), [name for name in self.scalars if name.startswith("hinge/") and name in row]
        if not part or not own:
            return None
        inside = [name for name, scalar in self.scalars.items() if name in row and name not in {*own, *self.means} and mentions(part, scalar.symbol)]
        self.shown |= set(own)
        says = ("The loss counts only what is short of its margin, by as much as is missing. What is beyond has no say. "
                "The number is the mean of max(0, ·) over the batch, each sample for itself: not max(0, ·) of a mean.")
        known = {self.scalars[name].symbol for name in inside}
        terms = [self._scalar(name, part, self._used(name, row, before)) for name in [*own, *inside]]
        return {"id": "hinge", "title": "Hinge", "says": says, "formula": part, "terms": terms + self._knobs(part, known)}

    def _named(self, line: str, row: Row, before: State, scores: Scores) -> list[Term]:
        """The largest parts of the line that have numbers, not their own parts; then the knobs in the line."""
        found: dict[str, Term] = {}
        for part in self.gan.parts_now():
            if isinstance(part.of, str):
                found |= {part.symbol: term(part.symbol, part.help, row[part.of])} if part.of in row else {}
            elif mentions(line, part.symbol):
                found[part.symbol] = term(part.symbol, part.help, float(torch.as_tensor(part.of(self.gan, *scores)).mean()))
        for name, scalar in self.scalars.items():
            if scalar.symbol and (name in row or name in self.means) and not name.startswith(("loss/", "grad/")):
                value = scores[self.means[name]].mean().item() if name in self.means else self._used(name, row, before)
                found[scalar.symbol] = self._scalar(name, line, value)
        taken, rest = [], bare(line)
        for symbol in sorted(found, key=len, reverse=True):
            left = without(rest, symbol)
            taken += [symbol] * (left != rest or (len(symbol) == 1 and mentions(line, symbol)))
            rest = left
        logged = {part.symbol: part.of for part in self.gan.parts_now() if isinstance(part.of, str)}
        self.shown |= {logged[symbol] for symbol in taken if symbol in logged} | {n for n, s in self.scalars.items() if s.symbol in taken}
        return [found[symbol] for symbol in found if symbol in taken] + self._knobs(line, set(taken))

    def state(self, row: Row, before: State, scores: Scores) -> dict[str, Any]:
        """The last stage: what the controller changed, and everything else that was logged."""
        line = r",\quad ".join(line for line in self.lines if not line.startswith("L_"))
        now = dict(self.gan.named_buffers(recurse=False))
        buffers = {name: self._buffer(name, now) for name in self.scalars}
        buffers = {name: buffer for name, buffer in buffers.items() if buffer and row.get(name, now[buffer].item()) in (now[buffer], before[buffer])}
        changed = [name for name, buffer in buffers.items() if not torch.equal(now[buffer], before[buffer])]
        kept = [name for name in buffers if name not in changed]
        terms = [self._scalar(name, line, now[buffers[name]].item(), before[buffers[name]].item()) for name in changed + kept]
        known = {shown["symbol"] for shown in terms}
        terms += [found for found in self._named(line, row, before, scores) if found["symbol"] not in known]
        rest = [name for name in self.scalars if name in row and name not in self.shown and name not in buffers]
        terms += [self._scalar(name, line, row[name]) for name in rest]
        controlled = changed or kept
        says = "The controller moves for the next step." if changed else "The controller stays where it is." if controlled else \
            "No controller here: what the step logs beside its losses." if terms else "No controller here, and nothing else is logged."
        return {"id": "state", "title": "The controller" if controlled else "The record", "says": says, "formula": line, "terms": terms}

    def _scalar(self, name: str, line: str, value: float, was: float | None = None) -> Term:
        """A logged number under its symbol, with a time index where the line has it."""
        symbol = self.scalars[name].symbol or name
        return term(symbol if symbol.replace(" ", "") in line.replace(" ", "") else TIME.sub("", symbol), self.scalars[name].help, value, was)

    def _used(self, name: str, row: Row, before: State) -> float:
        """A logged number as the loss used it: a controller's may have been logged after its update."""
        now = dict(self.gan.named_buffers(recurse=False))
        buffer = self._buffer(name, now)
        return before[buffer].item() if buffer and row[name] == now[buffer].item() else row[name]

    def _buffer(self, scalar: str, buffers: State) -> str:
        """The buffer that a scalar shows, which has its name; "" when there is none."""
        return next((name for name in (scalar.split("/")[1], scalar.replace("/", "_")) if name in buffers), "")

    def _knobs(self, line: str, known: set[str]) -> list[Term]:
        found = [(f.metadata["symbol"], f.metadata["help"], getattr(self.gan.knobs, name)) for name, f in declared(self.gan.Knobs).items()]
        return [term(symbol, help, value) for symbol, help, value in found
                if isinstance(value, (int, float)) and symbol not in known and mentions(line, symbol)]


def _finite(value: float | None) -> float | None:
    return value if value is not None and math.isfinite(value) else None
