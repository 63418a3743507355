"""Thins log lines of one kind: the first few of a minute are written, the others counted. So no visitor can fill a disk with log lines."""

import logging
import re
import threading
import time
from collections.abc import Callable
from typing import Any

FEW, ALL = 5, 200                   # lines of one kind, and of all kinds, that are written within WINDOW
WINDOW = 60.0                       # seconds
KINDS = 500                         # kinds that are distinguished
LONG = 16_000                       # characters of one line
VARIES = re.compile(r"\b[0-9a-f]{8,}\b|\d+|'[^']*'|\"[^\"]*\"")


class Thinned(logging.Filter):
    """A handler's filter. When the minute is over, what it held back is written as one line per kind, "repeated n times"."""

    def __init__(self, handler: logging.Handler, few: int = FEW, most: int = ALL, window: float = WINDOW,
                 clock: Callable[[], float] = time.monotonic) -> None:
        super().__init__()
        self.handler, self.few, self.most, self.window, self.clock = handler, few, most, window, clock
        self._lock, self._since, self._passed = threading.Lock(), clock(), 0
        self._seen: dict[Any, int] = {}
        self._held: dict[Any, tuple[logging.LogRecord, int]] = {}
        self._timer: threading.Timer | None = None

    def filter(self, record: logging.LogRecord) -> bool:
        """Whether the record is written now."""
        if getattr(record, "thinned", False):
            return True
        summaries: list[logging.LogRecord] = []
        with self._lock:
            if self.clock() >= self._since + self.window:
                summaries = self._begin()
            kind = kind_of(record)
            if kind not in self._seen and len(self._seen) >= KINDS:
                kind = None
            self._seen[kind] = self._seen.get(kind, 0) + 1
            passes = self._seen[kind] <= self.few and self._passed < self.most
            self._passed += passes
            if not passes:
                first, count = self._held.get(kind, (record, 0))
                self._held[kind] = first, count + 1
                if self._timer is None:
                    self._timer = threading.Timer(max(0.0, self._since + self.window - self.clock()), self.flush)
                    self._timer.daemon = True
                    self._timer.start()
        self._write(summaries)
        return passes

    def flush(self) -> None:
        """Write what was held back, and begin another minute."""
        with self._lock:
            summaries = self._begin()
        self._write(summaries)

    def _begin(self) -> list[logging.LogRecord]:
        if self._timer:
            self._timer.cancel()
        summaries = [repeated(first, count) for first, count in self._held.values()]
        self._seen, self._held, self._passed, self._timer, self._since = {}, {}, 0, None, self.clock()
        return summaries

    def _write(self, summaries: list[logging.LogRecord]) -> None:
        for record in summaries:
            self.handler.handle(record)


def kind_of(record: logging.LogRecord) -> Any:
    """A key that records share when they differ only in their values; for errors it includes where they were raised."""
    where = None
    if record.exc_info and record.exc_info[0]:
        trace = record.exc_info[2]
        while trace and trace.tb_next:
            trace = trace.tb_next
        where = record.exc_info[0], trace and (trace.tb_frame.f_code.co_filename, trace.tb_lineno)
    template = record.msg if isinstance(record.msg, str) else type(record.msg).__name__
    return record.name, record.levelno, VARIES.sub("#", template[:200]), where


def repeated(first: logging.LogRecord, count: int) -> logging.LogRecord:
    """The line that stands for `count` records like `first`."""
    text = VARIES.sub("...", first.getMessage()[:200].splitlines()[0] if first.getMessage() else "")
    record = logging.LogRecord(first.name, first.levelno, first.pathname, first.lineno, "repeated %d times: %s", (count, text), None)
    record.thinned = True
    return record


class Short(logging.Formatter):
    """Cuts the middle out of a line that is too long."""

    def format(self, record: logging.LogRecord) -> str:
        """The text of a record, at most about LONG characters."""
        text = super().format(record)
        return text if len(text) <= LONG else f"{text[:LONG // 2]}\n... {len(text) - LONG} characters ...\n{text[-LONG // 2:]}"
