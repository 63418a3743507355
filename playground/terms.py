"""What a step's stages are called and which numbers stand under which formula: read from a variant's own declarations."""

import math
import re
from typing import Any

import torch
from torch import Tensor

from models.kit.gan import GAN
from models.kit.knobs import declared

GREEK = {"α": "alpha", "β": "beta", "γ": "gamma", "Δ": "Delta", "η": "eta", "λ": "lambda", "σ": "sigma", "τ": "tau"}
TIME = re.compile(r"\\left|\\right|_t(?![A-Za-z])|_\{t\+1\}")
CALLED = {"RMSprop": "RMSProp"}
Term = dict[str, Any]


def term(symbol: str, name: str, value: float | None, was: float | None = None) -> Term:
    """One number of a stage; null where it is not finite."""
    return {"symbol": symbol, "name": name, "value": _finite(value), "was": _finite(was)}


def mentions(formula: str, symbol: str) -> bool:
    """Whether a LaTeX line has a symbol that is written plainly: "γ", "λ_k", "U(G(z))". The time's index does not count: m_t is m."""
    line = re.sub(r"(\\[,;! ]|\s)+", " ", TIME.sub("", formula))
    wanted = "".join(f"\\{GREEK[c]}" if c in GREEK else c for c in TIME.sub("", symbol))
    return bool(wanted) and re.search(rf"(?<![A-Za-z\\_]){re.escape(wanted)}(?![A-Za-z_])", line) is not None


def hinged(formula: str) -> str:
    """The part of a LaTeX line that is a hinge, "(m - U)_+"; "" without one."""
    end = formula.find(")_+")
    for begin in range(end, -1, -1):
        part = formula[begin:end + 1]
        if part.count("(") == part.count(")"):
            return f"{part}_+"
    return ""


class Terms:
    """Of one GAN as it trains."""

    def __init__(self, gan: GAN) -> None:
        self.gan, self.scalars = gan, gan.all_scalars()
        self.unit = next((kind for kind in ("energy", "score") if f"{kind}/real" in self.scalars), "score")
        fakes = gan.larger_is == "fake"
        self.scoring = f"D's {self.unit} of each: {'low' if fakes else 'high'} for what it takes for real."
        self.again = f"The same x and the same fakes, through the D that has just moved. What is real should have gone {'down' if fakes else 'up'}."
        self.downhill = f"to where D's {self.unit} of them is {'lower' if fakes else 'higher'}"
        self.under = {name for name in self.scalars if name.startswith(("loss/", "grad/"))}       # what stands under a loss already

    def formula(self, player: str) -> str:
        """The line of a player's loss, "" when none is declared."""
        return next((line for line in self.gan.formula if line.startswith(f"L_{player}")), "")

    def scores(self, now: dict[str, float], was: dict[str, float] | None = None) -> list[Term]:
        """Mean scores of x and of the fakes."""
        shown = {"real": ("D(x)", "mean of the real x"), "fake": ("D(G(z))", "mean of the fakes")}
        symbols = {of: getattr(self.scalars.get(f"{self.unit}/{of}"), "symbol", "") for of in now}
        return [term(symbols[of] or shown[of][0], shown[of][1], value, was and was[of]) for of, value in now.items()]

    def losing(self, player: str, together: list[str], times: int) -> str:
        others = [other for other in together if other != player]
        told = f"The loss moves {player} alone" + (f", from the same point as {' and '.join(others)}." if others else ".")
        return told + (f" This is the last of {times} in this step." if times > 1 else "")

    def moving(self, player: str, optimiser: torch.optim.Optimizer, times: int) -> str:
        name = CALLED.get(type(optimiser).__name__, type(optimiser).__name__)
        told = f"{times} steps of {name}, each on fresh samples." if times > 1 else f"One step of {name} down the gradient."
        return told + (f" The same z become other fakes, {self.downhill}." if player == "G" else " Its weights change; the fakes do not.")

    def of_loss(self, player: str, row: dict[str, float], before: dict[str, Tensor]) -> list[Term]:
        """What a player's formula names: numbers that the step logged, each under one loss alone, and knobs."""
        line = self.formula(player)
        logged = [name for name, scalar in self.scalars.items() if name in row and name not in self.under and mentions(line, scalar.symbol)]
        self.under |= set(logged)
        return self._named(logged, line, row, before)

    def hinge(self, player: str, row: dict[str, float], before: dict[str, Tensor]) -> dict[str, Any] | None:
        """The stage before a player's loss that has a hinge; None without one, and where the step had none."""
        part, own = hinged(self.formula(player)), [name for name in self.scalars if name.startswith("hinge/") and name in row]
        if not part or not own:
            return None
        within = [name for name, scalar in self.scalars.items() if name in row and name not in own and mentions(part, scalar.symbol)]
        self.under |= {name for name in own if not self.scalars[name].symbol}
        says = "The loss counts only what is short of its margin, by as much as is missing. What is beyond has no say."
        return {"id": "hinge", "title": "Hinge", "says": says,
                "formula": part, "terms": self._named([*own, *within], part, row, before)}

    def _named(self, logged: list[str], line: str, row: dict[str, float], before: dict[str, Tensor]) -> list[Term]:
        """Numbers that the step logged, and the knobs that a line names besides."""
        found = [term(self.scalars[name].symbol or name, self.scalars[name].help, self._used(name, row, before)) for name in logged]
        return found + self._knobs(line, {self.scalars[name].symbol for name in logged})

    def state(self, row: dict[str, float], before: dict[str, Tensor]) -> dict[str, Any]:
        """The last stage: what the controller changed, and all else that was logged."""
        lines = [line for line in self.gan.formula if not line.startswith("L_")]
        now = dict(self.gan.named_buffers(recurse=False))
        buffers = {name: self._buffer(name, now) for name in self.scalars}
        changed = [name for name, buffer in buffers.items() if buffer and not torch.equal(now[buffer], before[buffer])]
        kept = [name for name, buffer in buffers.items() if buffer and name not in changed]
        terms = [term(self.scalars[name].symbol or name, self.scalars[name].help, now[buffers[name]].item(), before[buffers[name]].item())
                 for name in changed + kept]
        rest = [name for name in self.scalars if name in row and name not in self.under and not buffers[name]]
        terms += [term(self.scalars[name].symbol or name, self.scalars[name].help, row[name]) for name in rest]
        controlled = changed or kept
        says = "The controller moves for the next step." if changed else "The controller stays where it is." if controlled else \
            "No controller here: what the step logs beside its losses." if terms else "No controller here, and nothing else is logged."
        known = {shown["symbol"] for shown in terms}
        return {"id": "state", "title": "The controller" if controlled else "The record", "says": says,
                "formula": r",\quad ".join(lines), "terms": terms + [t for line in lines for t in self._knobs(line, known)]}

    def _used(self, name: str, row: dict[str, float], before: dict[str, Tensor]) -> float:
        """A number as the loss had it: a controller's may have been logged once it had moved."""
        now = dict(self.gan.named_buffers(recurse=False))
        buffer = self._buffer(name, now)
        return before[buffer].item() if buffer and row[name] == now[buffer].item() else row[name]

    def _buffer(self, scalar: str, buffers: dict[str, Tensor]) -> str:
        """The state that a scalar shows: the buffer of its name. "" when there is none."""
        return next((name for name in (scalar.split("/")[1], scalar.replace("/", "_")) if name in buffers), "")

    def _knobs(self, line: str, known: set[str]) -> list[Term]:
        found = [(f.metadata["symbol"], f.metadata["help"], getattr(self.gan.knobs, name)) for name, f in declared(self.gan.Knobs).items()]
        return [term(symbol, help, value) for symbol, help, value in found
                if isinstance(value, (int, float)) and symbol not in known and mentions(line, symbol)]


def _finite(value: float | None) -> float | None:
    return value if value is not None and math.isfinite(value) else None
