"""Log lines of one kind are thinned, so that nobody fills a disk with complaints, and nothing is lost without a word."""

import logging
import time

import pytest

from playground.config.log_thinning import ALL, FEW, KINDS, Short, Thinned


class Kept(logging.Handler):
    def __init__(self) -> None:
        super().__init__()
        self.lines: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.lines.append(self.format(record))


@pytest.fixture
def log():
    """A logger of its own, its handler, and a clock that is set by hand."""
    made, kept, now = logging.Logger("visitors", logging.INFO), Kept(), [0.0]
    kept.setFormatter(Short("%(message)s"))
    kept.filtering = Thinned(kept, clock=lambda: now[0])
    kept.addFilter(kept.filtering)
    made.addHandler(kept)
    yield made, kept, now
    kept.filtering.flush()


def test_the_first_few_of_a_kind_are_written_and_the_others_counted(log):
    made, kept, now = log
    for n in range(10_000):
        made.warning("a request to %s cannot be read: %d", f"/x/{n}", n)
    made.error("something else")
    assert len(kept.lines) == FEW + 1
    now[0] = 61
    made.warning("a request to %s cannot be read: %d", "/later", 1)
    assert kept.lines[FEW + 1:] == ["repeated 9995 times: a request to /x/... cannot be read: ...", "a request to /later cannot be read: 1"]


def test_a_text_that_is_filled_in_already_is_one_kind_and_another_logger_is_another(log):
    made, kept, _ = log
    for n in range(100):
        made.warning(f"run {n:032x} took {n} s")
    assert len(kept.lines) == FEW


def test_faults_in_two_places_are_two_kinds(log):
    made, kept, _ = log

    def fault(n: int) -> None:
        try:
            (lambda: 1 // 0)() if n % 2 else int("x")
        except (ZeroDivisionError, ValueError):
            made.exception("fault %s", n)

    for n in range(100):
        fault(n)
    assert sum("ZeroDivisionError" in line for line in kept.lines) == FEW
    assert sum("ValueError" in line for line in kept.lines) == FEW


def test_kinds_that_are_made_up_have_a_bound_too(log):
    made, kept, now = log
    letters = "abcdefghij"
    for n in range(5000):
        made.warning("".join(letters[int(digit)] for digit in str(n)))
    assert len(kept.lines) <= ALL
    now[0] = 61
    made.warning("later")
    assert len(kept.lines) <= ALL + KINDS + 2


def test_what_was_held_back_is_told_when_the_minute_is_over_though_nothing_follows():
    made, kept = logging.Logger("visitors"), Kept()
    kept.addFilter(Thinned(kept, few=2, window=0.3))
    made.addHandler(kept)
    for _ in range(10):
        made.warning("again")
    time.sleep(0.8)
    assert kept.lines == ["again", "again", "repeated 8 times: again"]


def test_a_line_that_says_too_much_is_cut(log):
    made, kept, _ = log
    made.warning("x" * 1_000_000)
    assert len(kept.lines[0]) < 20_000
