"""How often something may be done, by person and by network address."""

import pytest

from playground.config.limits.rates import FORGET, Pace, Rate
from playground.requester import Requester
from playground.types import Refused

ADA, BOB, EVE = Requester("cookie:ada", "10.0.0.1"), Requester("cookie:bob", "10.0.0.1"), Requester("cookie:eve", "10.0.0.2")


class Clock:
    now = 100.0

    def __call__(self) -> float:
        return self.now


def taken(rate: Rate, requester: Requester, tries: int) -> int:
    """How many of so many tries at one moment are taken."""
    done = 0
    for _ in range(tries):
        try:
            rate.take(requester)
            done += 1
        except Refused:
            pass
    return done


def test_a_few_at_once_then_so_many_a_second_for_a_person_and_for_a_network():
    clock = Clock()
    rate = Rate("tunes", Pace(5, 2), Pace(8, 4), clock)
    assert [taken(rate, one, 20) for one in (ADA, BOB, EVE)] == [5, 3, 5]
    clock.now += 1
    assert [taken(rate, one, 20) for one in (ADA, BOB, EVE)] == [2, 2, 2]
    clock.now += 60
    assert [taken(rate, one, 20) for one in (ADA, BOB, EVE)] == [5, 3, 5]


def test_a_person_who_is_refused_loses_nothing_by_it():
    clock = Clock()
    rate = Rate("tunes", Pace(1, 10), Pace(1, 10), clock)
    assert taken(rate, ADA, 1000) == 1
    clock.now += 0.1
    assert taken(rate, ADA, 1) == 1


def test_new_cookies_do_not_make_it_faster_nor_the_table_longer():
    clock = Clock()
    rate = Rate("tunes", Pace(5, 2), Pace(8, 4), clock)
    assert sum(taken(rate, Requester(f"cookie:{n}", "10.0.0.1"), 1) for n in range(5000)) == 8
    assert len(rate._free) == 9
    for n in range(3 * FORGET):
        clock.now += 0.01
        taken(rate, Requester(f"cookie:{n}", f"10.0.{n // 250}.{n % 250}"), 1)
    assert len(rate._free) <= FORGET + 2


def test_the_refusal_says_how_many_there_may_be():
    rate = Rate("tunes", Pace(1, 2), Pace(9, 9), Clock())
    rate.take(ADA)
    with pytest.raises(Refused, match="too many tunes at once; one person may send 2 a second: wait a moment") as refused:
        rate.take(ADA)
    assert refused.value.field == "server"
