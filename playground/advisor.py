"""What stands out about a run, in words: rules that are data, judged on what its journal and its newest look say."""

import gzip
import json
import math
import operator
import struct
import threading
from collections import OrderedDict
from dataclasses import dataclass
from itertools import takewhile
from typing import Any

import numpy as np

import models
from models.kit.knobs import declared
from playground.store.frames import Frames
from playground.store.history import History, short
from playground.types import Refused, Run, Spec

MOST, KEPT = 3, 64          # pieces of advice at a time; runs whose advice is remembered
LEAST = 50                  # steps that a mean is taken over at least
SIGNS = {"<": operator.lt, ">": operator.gt}
RUN = {"run/step": "steps made", "run/done": "share of the budget", "look/apart": "distance of real and held-out scores, as a share of the axis"}


@dataclass(frozen=True)
class If:
    """One condition. `name` is a metric (its mean over the last steps, from `start` of all so far), a measure (the last), a knob as it is now,
    or one of RUN. `than` is a number, or the name of another, `times` as much; of a metric, its mean over the part `against` of the steps.
    Steps count from the last tune, or the fork: what came before is of another setting.
    One that is `quiet` only says what kind of run is meant, or not yet, and is not told.
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
    """`knobs`: what they become, (value) or (times, name of a knob or metric). It is offered where the variant has all of them."""

    label: str
    kind: str                           # "tune" or "fork"
    knobs: dict[str, Any]


@dataclass(frozen=True)
class Rule:
    """It speaks where all conditions hold; a variant that does not log what one needs is none of its business. `says`: what is seen, and what
    it means. Of rules with one id the first speaks; one that is `alone` speaks when no other does.
    """

    id: str
    says: str
    when: tuple[If, ...]
    remedies: tuple[Remedy, ...] = ()
    alone: bool = False


class Facts:
    """What conditions ask for, of one run as it is now."""

    def __init__(self, spec: Spec, history: History, hist: dict[str, Any] | None) -> None:
        """`hist` is the histogram of the newest look, None without one."""
        self.spec, self.history = spec, history
        cls = models.get(spec.variant)
        self.declared, self.scalars = declared(cls.Knobs), cls.all_scalars()
        self.knobs = spec.knobs | {tune["knob"]: tune["to"] for tune in history.tunes}
        self.begun = max([history.forked, *(tune["step"] for tune in history.tunes)])
        self.measures = {name: value for m in history.measures for name, value in m.items() if value is not None}
        self.run = {"run/step": float(history.step), "run/done": history.step / spec.steps, "look/apart": apart(hist) if hist else None}

    def value(self, name: str, start: float = 0.9, end: float = 1.0) -> Any:
        """None where it is not known, or no number."""
        if name in self.run:
            return self.run[name]
        if name in self.history.columns:
            return self._mean(name, start, end)
        found = self.measures.get(name, self.knobs.get(name))
        return None if isinstance(found, float) and not math.isfinite(found) else found

    def _mean(self, name: str, start: float, end: float) -> float | None:
        begun, steps, made = self.begun, self.history.steps.values, self.history.step - self.begun
        if begun and made < LEAST:
            return None
        left = np.searchsorted(steps, begun + max(0, min(start * made, end * made - LEAST)), "right")
        values = self.history.columns[name].values[left:np.searchsorted(steps, begun + end * made, "right")]
        values = values[np.isfinite(values)]
        return float(values.mean(dtype=np.float64)) if len(values) else None

    def called(self, name: str) -> str:
        """As formulas have it; a knob that shares its letter with a number has its name."""
        if name in self.declared:
            symbol = self.declared[name].metadata["symbol"]
            return name if symbol in ("", *(scalar.symbol for scalar in self.scalars.values())) else symbol
        scalar = self.scalars.get(name)
        return RUN.get(name) or (scalar and scalar.symbol) or name


def apart(hist: dict[str, Any]) -> float:
    """How far the mean scores of real samples that D trains on and of held-out ones lie apart, as a share of the histogram's axis."""
    log, (low, high) = hist["scale"] == "log", hist["range"]
    real, held, low, high = (math.log(max(v, 1e-8)) if log else v for v in (hist["mean"]["real"], hist["mean"]["held"], low, high))
    return abs(real - held) / max(high - low, 1e-6)


def advise(rules: tuple[Rule, ...], spec: Spec, history: History, hist: dict[str, Any] | None, live: bool = True) -> list[dict[str, Any]]:
    """At most MOST of the rules that hold, in their order. A run that is not `live` cannot be tuned: it is forked instead."""
    facts = Facts(spec, history, hist)
    said: list[dict[str, Any]] = []
    for rule in rules:
        words = list(takewhile(bool, (_holds(facts, condition) for condition in rule.when)))
        if len(words) == len(rule.when) and not (rule.alone and said) and rule.id not in (other["id"] for other in said):
            loud = [text for text, condition in zip(words, rule.when, strict=True) if not condition.quiet]
            said.append({"id": rule.id, "says": rule.says, "rule": " and ".join(loud),
                         "remedies": [told for remedy in rule.remedies if (told := _offered(facts, remedy, live))]})
    return said[:MOST]


def _holds(facts: Facts, condition: If) -> str:
    """The condition in words with its numbers, of a quiet one its name; "" when it does not hold, or cannot be told."""
    name, than = condition.name, condition.than
    value = facts.value(name, condition.start)
    if condition.sign == "is":
        return f"{facts.called(name)} = {than}" if value == than else ""
    other = facts.value(than, *condition.against) if isinstance(than, str) else than
    if value is None or other is None or not SIGNS[condition.sign](value, condition.times * other):
        return ""
    if condition.quiet:
        return name
    limit = plain(condition.times * other)
    if isinstance(than, str):
        part = " of {:.0%} to {:.0%} of the steps".format(*condition.against) if condition.against[1] < 1 else ""
        limit = f"{'' if condition.times == 1 else f'{condition.times:g} × '}{facts.called(than)}{part}, {limit}"
    span = f", the mean of the last {1 - condition.start:.0%} of the steps" if name in facts.history.columns else ""
    return f"{facts.called(name)} {condition.sign} {limit} (it is {plain(value)}{span})"


def plain(value: float) -> str:
    """Three digits, without an exponent where that can be."""
    return f"{value:,.0f}" if 1000 <= abs(value) < 1e7 else f"{value:.3g}"


def _offered(facts: Facts, remedy: Remedy, live: bool) -> dict[str, Any] | None:
    """A remedy with its values; None where a knob is missing or stands there already."""
    known, knobs = facts.declared, {}
    for name, wanted in remedy.knobs.items():
        if name not in known:
            return None
        if isinstance(wanted, tuple):
            times, of = wanted
            basis = facts.value(of)
            if basis is None:
                return None
            wanted = _fitted(known[name].metadata, times * basis, whole=isinstance(known[name].default, int))
        if wanted == facts.knobs.get(name):
            return None
        knobs[name] = wanted
    tuned = remedy.kind == "tune" and live
    return {"label": remedy.label, "kind": "tune" if tuned else "fork", "knobs": knobs}


def _fitted(meta: Any, value: float, whole: bool) -> float:
    """Within the knob's range."""
    value = min(max(value, meta["low"]), meta["high"])
    return round(value) if whole else short(value)


class Advisor:
    """Advice for every watcher, worked out once for each state of a journal. Threads may share it."""

    def __init__(self, rules: tuple[Rule, ...]) -> None:
        self.rules, self._lock = rules, threading.Lock()
        self._given: OrderedDict[str, tuple[tuple, list[dict[str, Any]]]] = OrderedDict()

    def of(self, run: Run, history: History, looks: Frames) -> list[dict[str, Any]]:
        """As `advise` with these rules; `looks` are the run's."""
        with history.lock:
            stamp = (history.epoch, history.cursor, run.status.ended)
            with self._lock:
                known = self._given.get(run.id)
            if known and known[0] == stamp:
                return known[1]
            hist = histogram(looks, history.looks[-1]) if history.looks else None
            given = advise(self.rules, run.spec, history, hist, live=not run.status.ended)
        with self._lock:
            self._given[run.id] = stamp, given
            self._given.move_to_end(run.id)
            while len(self._given) > KEPT:
                self._given.popitem(last=False)
        return given


def histogram(looks: Frames, step: int) -> dict[str, Any] | None:
    """That of a stored look, whose arrays are not read. None when it has been thinned out, or is damaged."""
    try:
        with gzip.open(looks.path(step)) as file:
            return json.loads(file.read(struct.unpack("<I", file.read(4))[0]))["hist"]
    except (Refused, OSError, EOFError, ValueError, KeyError, struct.error):
        return None
