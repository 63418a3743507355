"""A run's journal as numbers in memory: read once, and then only what is new."""

import threading
from bisect import bisect_right
from collections import deque
from typing import Any

import numpy as np

from playground.store.journal import Journal
from playground.types import Event

Buckets = dict[str, list]
WINDOW = 10.0           # seconds of training over which the rate is taken
DIGITS = 4


class Column:
    """An array that grows by doubling. `n`: how many numbers it begins with, which are 0 (steps) or NaN."""

    def __init__(self, kind: type, n: int = 0) -> None:
        self._data, self.n = np.full(max(1024, 2 * n), 0 if kind is np.int64 else np.nan, kind), n

    def extend(self, values: Any) -> None:
        """Append numbers."""
        end = self.n + len(values)
        if end > len(self._data):
            grown = np.empty(2 * end, self._data.dtype)
            grown[:self.n] = self.values
            self._data = grown
        self._data[self.n:end] = values
        self.n = end

    def cut(self, n: int) -> None:
        """Keep the first `n` numbers."""
        self.n = min(self.n, n)

    @property
    def bytes(self) -> int:
        """Bytes in memory."""
        return self._data.nbytes

    @property
    def values(self) -> np.ndarray:
        """The numbers, (n,)."""
        return self._data[:self.n]


class History:
    """Everything a page may ask about a run. Threads may share it; `refresh` reads only what is new in the journal."""

    def __init__(self, journal: Journal) -> None:
        self.journal, self.cursor, self.lock = journal, 0, threading.RLock()
        self.steps, self.columns = Column(np.int64), {}
        self.epoch = 0                                  # + 1 at every rewind: whoever holds rows must clear them
        self.tunes: list[dict[str, Any]] = []           # {"step", "knob", "from", "to"}, in the order they were made
        self.threads: list[dict[str, int]] = []         # {"step", "threads"}: torch threads of the steps after it, where others than the Spec's
        self.measures: list[dict[str, Any]] = []        # {"step", "<metric>": v, ...}, as they became known
        self.quality: dict[str, Any] | None = None      # what measures are compared with; a rewind does not change it
        self.measured_frame = -1                        # the last frame whose measures are all here
        self._known: list[int] = []                     # the step by which each measure was known
        self.frames: list[int] = []                     # steps of all frames; thinned ones may be gone from the disk
        self.snapshots: list[int] = []                      # steps of all snapshots of D, likewise
        self.phases: list[dict[str, Any]] = []          # {"step", "phase"}: the phase of the steps after it; "play" before the first
        self.alarms: list[dict[str, Any]] = []          # {"step", "kind", "says", ...}, see `playground.worker.alarms`
        self.forked = 0                                 # up to this step the rows are the parent's
        self.status, self.note, self.elapsed = "queued", "", 0.0
        self._flushed, self._at = Column(np.int64), Column(np.float64)      # the last step of each flush, and its seconds of training
        self._images = Column(np.float64)               # images drawn from the data by then; NaN where the journal does not say
        self._pace: deque[tuple[float, int]] = deque(maxlen=256)        # (elapsed, step) of the last flushes

    @property
    def step(self) -> int:
        """The last step with a row; 0 before the first."""
        return int(self.steps.values[-1]) if self.steps.n else 0

    @property
    def bytes(self) -> int:
        """About how many bytes this takes: the rows, and some 300 for each other event. Takes no lock."""
        events = sum(map(len, (self.tunes, self.threads, self.measures, self._known, self.frames, self.snapshots, self.phases, self.alarms)))
        return sum(column.bytes for column in (self.steps, self._flushed, self._at, self._images, *list(self.columns.values()))) + 300 * events

    @property
    def rate(self) -> float:
        """Steps per second, over the last ten seconds of training; 0 when not known."""
        if len(self._pace) < 2:
            return 0.0
        end, last = self._pace[-1]
        start, first = next((p for p in self._pace if p[0] >= end - WINDOW and p[1] < last), self._pace[0])
        return (last - first) / (end - start) if end > start else 0.0

    def refresh(self) -> "History":
        """Read what is new in the journal. Returns itself."""
        with self.lock:
            events, self.cursor = self.journal.read(self.cursor)
            for event in events:
                self._take(event)
        return self

    def _take(self, event: Event) -> None:
        if "rows" in event:
            self._rows(event["rows"])
            self.elapsed = float(event.get("elapsed") or self.elapsed)
            self._pace.append((self.elapsed, self.step))
            self._flushed.extend([self.step])
            self._at.extend([self.elapsed])
            self._images.extend([event.get("images") or np.nan])
        elif "measure" in event:
            self.measures.append({"step": event["step"], **event["measure"]})
            self._known.append(event.get("known", event["step"]))
            self.measured_frame = self.measured_frame if "known" in event else event["step"]
        elif "quality" in event:
            self.quality = event["quality"]
        elif "frame" in event:
            self.frames.append(event["frame"])
        elif "look" in event:
            self.snapshots.append(event["look"])
        elif "tune" in event:
            self.tunes += [{"step": event["step"], "knob": k, "from": a, "to": b} for k, (a, b) in event["tune"].items()]
        elif "threads" in event:
            self.threads.append({"step": event["step"], "threads": event["threads"]})
        elif "phase" in event:
            if event["phase"] != (self.phases[-1]["phase"] if self.phases else "play"):
                self.phases.append({"step": event["step"], "phase": event["phase"]})
        elif "alarm" in event:
            self.alarms.append({"step": event["step"], **event["alarm"]})
        elif "fork" in event:
            self.forked = event["step"]
        elif "rewind" in event:
            self._rewind(event["rewind"])
        elif "status" in event:
            self.status, self.note = event["status"], event.get("note", "")

    def _rows(self, rows: dict[str, list]) -> None:
        before = self.steps.n
        self.steps.extend(rows["step"])
        for name in rows:
            if name != "step" and name not in self.columns:
                self.columns[name] = Column(np.float32, before)
        for name, column in self.columns.items():
            values = rows.get(name)
            column.extend([np.nan] * (self.steps.n - before) if values is None else np.array(values, np.float32))    # None becomes NaN

    def _rewind(self, step: int) -> None:
        n = int(np.searchsorted(self.steps.values, step, "right"))
        flushes = int(np.searchsorted(self._flushed.values, step, "right"))
        for column in (self.steps, *self.columns.values()):
            column.cut(n)
        for column in (self._flushed, self._at, self._images):
            column.cut(flushes)
        left = [(m, min(known, step)) for m, known in zip(self.measures, self._known, strict=True) if m["step"] <= step]
        self.measures, self._known, self.measured_frame = [m for m, _ in left], [known for _, known in left], min(self.measured_frame, step)
        self.frames, self.snapshots = ([n for n in kind if n <= step] for kind in (self.frames, self.snapshots))
        self.phases, self.alarms = ([e for e in kind if e["step"] <= step] for kind in (self.phases, self.alarms))
        self._pace.clear()
        self.epoch += 1

    def since(self, step: int = -1, buckets: int = 300) -> Buckets | None:
        """The rows after `step` in at most `buckets` buckets: {"step": [last step of each], "<metric>": [[mean], [least], [greatest]]}.

        Four significant digits; null where a bucket has no finite number. None when there are no such rows.
        """
        with self.lock:
            start = int(np.searchsorted(self.steps.values, step, "right"))
            n = self.steps.n - start
            if n == 0:
                return None
            edges = np.linspace(0, n, min(buckets, n) + 1).astype(np.int64)
            result: Buckets = {"step": self.steps.values[start:][edges[1:] - 1].tolist()}
            for name, column in self.columns.items():
                result[name] = _bucketed(column.values[start:], edges)
            return result

    def seconds(self, steps: list[int]) -> list[float]:
        """How long the run had trained by each of `steps`, in seconds; between two flushes as if they had been evenly fast."""
        with self.lock:
            found = np.interp(steps, np.append(0, self._flushed.values), np.append(0.0, self._at.values))
        return [round(v, 3) for v in found.tolist()]

    def images(self) -> tuple[np.ndarray, np.ndarray]:
        """The steps at which the journal says how many images had been drawn from the data, and these numbers: (n,) each; older ones do not."""
        with self.lock:
            known = np.isfinite(self._images.values)
            return self._flushed.values[known], self._images.values[known]

    def measured(self, step: int = -1, most: int = 300) -> list[dict[str, Any]]:
        """The measures that became known after the frame of `step`, in the order of their own steps, to four significant digits. Those of each kind
        are evenly thinned to about `most`; the last one always stays."""
        with self.lock:
            found = self.measures[bisect_right(self._known, step):]
        kinds: dict[frozenset, list[dict[str, Any]]] = {}
        for m in found:
            kinds.setdefault(frozenset(m), []).append(m)
        left = [m for kind in kinds.values() for m in kind[::-1][::-(-len(kind) // most)]]
        return [{k: v if k == "step" else short(v) for k, v in m.items()} for m in sorted(left, key=lambda m: m["step"])]

    def floors(self) -> dict[str, Any] | None:
        """`quality` to four significant digits; None while it is not known."""
        with self.lock:
            kinds = [kind for kind in ("floors", "deviations") if kind in (self.quality or {})]         # older journals have no deviations
            return self.quality and self.quality | {kind: {name: short(v) for name, v in self.quality[kind].items()} for kind in kinds}

    def exact(self) -> dict[str, list]:
        """Every row as it was logged: {"step": [...], "<metric>": [...]}; NaN where a row has no such metric."""
        with self.lock:
            return {"step": self.steps.values.tolist(), **{name: column.values.tolist() for name, column in self.columns.items()}}


def _bucketed(values: np.ndarray, edges: np.ndarray) -> list[list[float | None]]:
    starts = edges[:-1]
    with np.errstate(invalid="ignore"):                 # 0 / 0, in a bucket without a number, is meant to be NaN; so is what is not finite in a sum
        sums = np.add.reduceat(values.astype(np.float64), starts)
        if np.isfinite(sums).all():                     # no gap: ten times as fast
            mid, low, high = sums / np.diff(edges), np.minimum.reduceat(values, starts), np.maximum.reduceat(values, starts)
        else:
            finite = np.isfinite(values)
            counts = np.add.reduceat(finite, starts, dtype=np.int64)
            mid = np.add.reduceat(np.where(finite, values, 0), starts, dtype=np.float64) / counts
            low, high = np.fmin.reduceat(values, starts), np.fmax.reduceat(values, starts)
    return [[short(v) for v in part.tolist()] for part in (mid, low, high)]


def short(value: float | None) -> float | None:
    """A number to four significant digits; None for what is not finite."""
    if value is None or value != value or value in (float("inf"), float("-inf")):
        return None
    return float(f"{value:.{DIGITS}g}")
