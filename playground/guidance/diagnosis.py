"""Advice about a run in words: rules that are data, applied to its journal and its newest critic snapshot."""

import gzip
import json
import math
import operator
import struct
from dataclasses import dataclass
from itertools import takewhile
from typing import Any

import numpy as np

import models
from models.kit.knobs import declared
from playground.config.file_handles import out_of_handles
from playground.config.limits.memory_cache import LRUCache
from playground.store.frames import Frames
from playground.store.history import History, short
from playground.types import Refused, Run, Spec

MOST, KEPT = 3, 64          # pieces of advice at a time; runs whose advice is cached
LEAST = 50                  # steps that a mean is over, at least
SIGNS = {"<": operator.lt, ">": operator.gt}
RUN = {"run/step": "steps made", "run/done": "share of the budget", "scores/apart": "distance of real and held-out scores, as a share of the axis"}


@dataclass(frozen=True)
class If:
    """One condition. `name` is a metric (its mean over the last steps, from the share `start` on), a measure (its last value), a knob (its value
    now) or a key of RUN. `than` is a number or another such name, multiplied by `times`; a metric's mean is over the share `against` of the steps.
    Steps are counted from the last tune, or the fork: those before it had other settings.
    A `quiet` condition selects the kind or age of run that a rule is for, and does not appear in the advice.
    """

    name: str
    sign: str
    than: float | str
    times: float = 1.0
    start: float = 0.9
    against: tuple[float, float] = (0.9, 1.0)
    quiet: bool = False


@dataclass(frozen=True)
class Remedy:
    """A change of knobs. `knobs`: name -> new value, or (factor, name of a knob or metric). Offered where the variant has all of them."""

    label: str
    kind: str                           # "tune" or "fork"
    knobs: dict[str, Any]


@dataclass(frozen=True)
class Rule:
    """Advice that is given where all conditions hold; never for a variant that does not log what a condition needs. `says`: what is observed and
    what it means; "{}" in it is replaced by how many times as large the first of `ratio` is as the second. Of rules with one id only the first is
    given; one that is `alone` is given only when no other rule applies.
    """

    id: str
    says: str
    when: tuple[If, ...]
    remedies: tuple[Remedy, ...] = ()
    alone: bool = False
    ratio: tuple[str, str] | None = None


class RuleInputs:
    """The values of one run, as it is now, that conditions are evaluated on."""

    def __init__(self, spec: Spec, history: History, hist: dict[str, Any] | None) -> None:
        """`hist` is the histogram of the newest critic snapshot, None without one."""
        self.spec, self.history = spec, history
        cls = models.get(spec.variant)
        self.declared, self.scalars = declared(cls.Knobs), cls.all_scalars()
        self.knobs = spec.knobs | {tune["knob"]: tune["to"] for tune in history.tunes}
        self.start_step = max([history.forked, *(tune["step"] for tune in history.tunes)])
        self.measures = {name: value for m in history.measures for name, value in m.items() if value is not None}
        self.run = {"run/step": float(history.step), "run/done": history.step / spec.steps, "scores/apart": score_gap(hist) if hist else None}

    def value(self, name: str, start: float = 0.9, end: float = 1.0) -> Any:
        """The value of a metric, measure, knob or key of RUN; None where it is unknown or not finite. `start` and `end` bound a metric's mean."""
        if name in self.run:
            return self.run[name]
        if name in self.history.columns:
            return self._mean(name, start, end)
        found = self.measures.get(name, self.knobs.get(name))
        return None if isinstance(found, float) and not math.isfinite(found) else found

    def _mean(self, name: str, start: float, end: float) -> float | None:
        start_step, steps, made = self.start_step, self.history.steps.values, self.history.step - self.start_step
        if start_step and made < LEAST:
            return None
        left = np.searchsorted(steps, start_step + max(0, min(start * made, end * made - LEAST)), "right")
        values = self.history.columns[name].values[left:np.searchsorted(steps, start_step + end * made, "right")]
        values = values[np.isfinite(values)]
        return float(values.mean(dtype=np.float64)) if len(values) else None

    def called(self, name: str) -> str:
        """The symbol of a knob or metric; a knob whose symbol a metric has too is called by its name."""
        if name in self.declared:
            symbol = self.declared[name].metadata["symbol"]
            return name if symbol in ("", *(scalar.symbol for scalar in self.scalars.values())) else symbol
        scalar = self.scalars.get(name)
        return RUN.get(name) or (scalar and scalar.symbol) or name


def score_gap(hist: dict[str, Any]) -> float:
    """The distance between D's mean scores of training samples and of held-out ones, as a share of the histogram's axis."""
    log, (low, high) = hist["scale"] == "log", hist["range"]
    real, held, low, high = (math.log(max(v, 1e-8)) if log else v for v in (hist["mean"]["real"], hist["mean"]["held"], low, high))
    return abs(real - held) / max(high - low, 1e-6)


def advise(rules: tuple[Rule, ...], spec: Spec, history: History, hist: dict[str, Any] | None, live: bool = True) -> list[dict[str, Any]]:
    """At most MOST of the rules that apply, in their order, as JSON. A run that is not `live` cannot be tuned: it is forked instead.

    No remedy changes a knob in the opposite direction to a remedy before it.
    """
    inputs, directions = RuleInputs(spec, history, hist), {}
    lost = inputs.value("modes/found") == 0          # then no rule that is `alone`: all of them are praise
    advice: list[dict[str, Any]] = []
    for rule in rules:
        texts = list(takewhile(bool, (_holds(inputs, condition) for condition in rule.when)))
        if len(texts) == len(rule.when) and not (rule.alone and (advice or lost)) and rule.id not in (other["id"] for other in advice):
            shown = [text for text, condition in zip(texts, rule.when, strict=True) if not condition.quiet]
            changes = filter(None, (_remedy(inputs, remedy, live) for remedy in rule.remedies))
            remedies = [change for change in changes if _consistent(change["knobs"], inputs, directions)]
            says = rule.says.format(_times(inputs, *rule.ratio)) if rule.ratio else rule.says
            advice.append({"id": rule.id, "says": says, "rule": " and ".join(shown), "remedies": remedies})
    return advice[:MOST]


def _consistent(knobs: dict[str, Any], inputs: RuleInputs, directions: dict[str, bool]) -> bool:
    """Whether no knob changes against `directions` (True: up); if so, these changes are added to it."""
    numbers = {name: value for name, value in knobs.items() if not isinstance(value, str)}
    found = {name: value > inputs.knobs.get(name, value) for name, value in numbers.items()}
    consistent = all(directions.get(name, up) == up for name, up in found.items())
    if consistent:
        directions |= found
    return consistent


def _times(inputs: RuleInputs, of: str, than: str) -> str:
    """How many times as large `of` is as `than`, in words. Rounded to a whole number below 10, then to two digits, so that the text is stable."""
    times = inputs.value(of) / inputs.value(than)
    return "twice" if round(times) <= 2 else f"{float(f'{times:.2g}') if times >= 10 else round(times):,.0f} times"


def _holds(inputs: RuleInputs, condition: If) -> str:
    """The condition in words with its numbers, or its name if it is quiet; "" when it does not hold, or its values are unknown."""
    name, than = condition.name, condition.than
    value = inputs.value(name, condition.start)
    if condition.sign == "is":
        return f"{inputs.called(name)} = {than}" if value == than else ""
    other = inputs.value(than, *condition.against) if isinstance(than, str) else than
    if value is None or other is None or not SIGNS[condition.sign](value, condition.times * other):
        return ""
    if condition.quiet:
        return name
    limit = plain(condition.times * other)
    if isinstance(than, str):
        part = " of {:.0%} to {:.0%} of the steps".format(*condition.against) if condition.against[1] < 1 else ""
        limit = f"{'' if condition.times == 1 else f'{condition.times:g} × '}{inputs.called(than)}{part}, {limit}"
    span = f", the mean of the last {1 - condition.start:.0%} of the steps" if name in inputs.history.columns else ""
    return f"{inputs.called(name)} {condition.sign} {limit} (it is {plain(value)}{span})"


def plain(value: float) -> str:
    """Three significant digits, without an exponent below 10⁷."""
    return f"{value:,.0f}" if 1000 <= abs(value) < 1e7 else f"{value:.3g}"


def _remedy(inputs: RuleInputs, remedy: Remedy, live: bool) -> dict[str, Any] | None:
    """A remedy with the knobs' new values; None where the variant lacks a knob, or a knob has that value already."""
    known, knobs = inputs.declared, {}
    for name, wanted in remedy.knobs.items():
        if name not in known:
            return None
        if isinstance(wanted, tuple):
            times, of = wanted
            basis = inputs.value(of)
            if basis is None:
                return None
            wanted = _in_range(known[name].metadata, times * basis, whole=isinstance(known[name].default, int))
        if wanted == inputs.knobs.get(name):
            return None
        knobs[name] = wanted
    tuned = remedy.kind == "tune" and live
    return {"label": remedy.label, "kind": "tune" if tuned else "fork", "knobs": knobs}


def _in_range(meta: Any, value: float, whole: bool) -> float:
    """A knob's value, clamped to its range and rounded."""
    value = min(max(value, meta["low"]), meta["high"])
    return round(value) if whole else short(value)


class Advisor:
    """Caches advice, which is computed once for each state of a journal. Threads may share it."""

    def __init__(self, rules: tuple[Rule, ...]) -> None:
        self.rules = rules
        self._advice: LRUCache[tuple[tuple, list[dict[str, Any]]]] = LRUCache(KEPT, lambda _: 1, fair=False)

    def advice(self, run: Run, history: History, snapshots: Frames) -> list[dict[str, Any]]:
        """As `advise` with these rules; `snapshots` are the run's critic snapshots."""
        with history.lock:
            stamp = (history.epoch, history.cursor, run.status.ended)
            known = self._advice.get(run.id)
            if known and known[0] == stamp:
                return known[1]
            hist = histogram(snapshots, history.snapshots[-1]) if history.snapshots else None
            advice = advise(self.rules, run.spec, history, hist, live=not run.status.ended)
        self._advice.put(run.id, (stamp, advice))
        return advice


def histogram(snapshots: Frames, step: int) -> dict[str, Any] | None:
    """The histogram of a stored critic snapshot; only its header is read. None when the snapshot was deleted or is damaged."""
    try:
        with gzip.open(snapshots.path(step)) as file:
            return json.loads(file.read(struct.unpack("<I", file.read(4))[0]))["hist"]
    except (Refused, OSError, EOFError, ValueError, KeyError, struct.error) as error:
        if out_of_handles(error):
            raise
        return None
