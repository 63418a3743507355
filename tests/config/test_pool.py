"""Work in turn: nobody waits for all that another one sent, and what is kept is not pushed out by who asks for much."""

import os
import sys
import threading
import time
from collections.abc import Iterator
from concurrent.futures import Future
from contextlib import contextmanager

import pytest

from playground.config.limits.memory_cache import LRUCache
from playground.config.limits.pool import NICE, Pool
from playground.config.limits.shares import Shares
from playground.requester import Requester, requester
from playground.types import Refused

ADA, BOB, EVE = Requester("cookie:ada", "10.0.0.1"), Requester("cookie:bob", "10.0.0.1"), Requester("cookie:eve", "10.0.0.2")


@contextmanager
def as_(who: Requester) -> Iterator[None]:
    token = requester.set(who)
    try:
        yield
    finally:
        requester.reset(token)


def pool(workers: int, running: int = 0) -> Pool:
    return Pool("tests", workers, Shares("things", most=100, each=50, address=90, kept=5), running)


def sent(to: Pool, who: Requester, act) -> Future:
    with as_(who):
        return to.submit(act)


def settled(work: list[Future]) -> int:
    """How many are worked on, once no more begin."""
    before, now = -1, sum(done.running() for done in work)
    while before != now:
        time.sleep(0.3)
        before, now = now, sum(done.running() for done in work)
    return now


def test_turns_go_by_address_then_by_owner_then_by_arrival():
    one, opened, order = pool(1), threading.Event(), []
    first = sent(one, ADA, opened.wait)
    work = [(ADA, "a1"), (ADA, "a2"), (ADA, "a3"), (BOB, "b1"), (BOB, "b2"), (EVE, "e1"), (EVE, "e2")]
    waiting = [sent(one, who, lambda name=name: order.append(name)) for who, name in work]
    opened.set()
    for done in (first, *waiting):
        done.result(10)
    assert order == ["a1", "e1", "b1", "e2", "a2", "b2", "a3"]
    assert len(one.shares) == 0


def test_of_two_workers_one_is_free_for_another_address_whatever_the_first_one_sends():
    two, opened = pool(2), threading.Event()
    slow = [sent(two, Requester(f"cookie:{n}", "10.0.0.1"), opened.wait) for n in range(20)]
    time.sleep(0.1)
    assert sent(two, EVE, lambda: "answered").result(10) == "answered"
    assert sum(done.running() for done in slow) == 1
    opened.set()
    for done in slow:
        done.result(10)
    assert sent(two, ADA, lambda: 1).result(10) == 1
    assert two._busy in (0, 1)


def test_the_last_workers_are_for_addresses_that_have_none():
    few, opened = Pool("tests", 6, Shares("things", most=100, each=50, address=90, kept=5), running=3, kept=2), threading.Event()
    slow = [sent(few, Requester(f"cookie:{n}", f"10.0.0.{n % 3}"), lambda: opened.wait(20)) for n in range(18)]
    assert settled(slow) == 4                           # three addresses could have nine
    late = [sent(few, Requester("cookie:max", "10.0.1.1"), lambda: opened.wait(20)) for _ in range(2)]
    assert sent(few, Requester("cookie:zoe", "10.0.1.2"), lambda: "answered").result(10) == "answered"
    assert settled(late) == 1                           # of the last ones an address has one
    opened.set()
    for done in (*slow, *late):
        assert done.result(10)
    assert len(few.shares) == 0


def test_what_breaks_or_is_taken_back_gives_its_place_back_and_harms_nothing_else():
    one, opened = pool(1), threading.Event()
    first = sent(one, ADA, opened.wait)
    broken, gone, last = sent(one, ADA, lambda: 1 // 0), sent(one, ADA, lambda: 1), sent(one, ADA, lambda: 2)
    assert gone.cancel()
    assert len(one.shares) == 3
    opened.set()
    assert (first.result(10), last.result(10)) == (True, 2)
    with pytest.raises(ZeroDivisionError):
        broken.result(10)
    assert len(one.shares) == 0


def test_work_is_done_in_the_name_of_who_asked_and_too_much_is_refused():
    one = Pool("tests", 1, Shares("things", most=4, each=2, address=3, kept=1))
    assert sent(one, EVE, requester.get).result(10) == EVE
    opened = threading.Event()
    held = [sent(one, ADA, opened.wait) for _ in range(2)]
    with pytest.raises(Refused, match="one person may have"):
        sent(one, ADA, opened.wait)
    opened.set()
    for done in held:
        done.result(10)


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux can be told of one thread")
def test_work_that_has_time_stands_back_and_nothing_else_does():
    def priority() -> int:
        return os.getpriority(os.PRIO_PROCESS, threading.get_native_id())

    shares = Shares("things", most=9, each=2, address=3)
    assert Pool("patient", 1, shares, patient=True).run(priority) - Pool("quick", 1, shares).run(priority) in (NICE, 19 - priority())


def test_who_has_most_gives_first_and_of_it_what_was_used_longest_ago():
    held: LRUCache[bytes] = LRUCache(1000)
    with as_(EVE):
        held.put("eve's", bytes(100))
    with as_(ADA):
        for n in range(50):
            held.put(n, bytes(100))
            assert held.get(0)                          # used all the time
    assert held.bytes <= 1000
    assert held.get("eve's")
    assert {n for n in range(50) if held.get(n)} == {0, *range(42, 50)}
    held.drop(0)
    assert held.get(0) is None
    with as_(BOB):
        held.put("more than all", bytes(5000))
    assert (len(held), len(held.get("more than all"))) == (1, 5000)     # who asked for it last has it


def test_what_is_everybody_s_goes_in_the_order_of_use():
    held: LRUCache[int] = LRUCache(3, lambda _: 1, fair=False)
    for n, visitor in enumerate((EVE, ADA, ADA)):
        with as_(visitor):
            held.put(n, n)
    with as_(ADA):
        assert held.get(0) == 0
        held.put(3, 3)
    assert {n for n, _ in held.items()} == {0, 2, 3}


def test_what_grows_is_weighed_again():
    held: LRUCache[list] = LRUCache(100, grows=True)
    old = [0] * 10
    held.put("old", old)
    old.extend([0] * 200)
    held.put("new", [0])
    assert (held.get("old"), held.get("new"), held.bytes) == (None, [0], 1)


def test_one_is_made_once_for_all_who_ask_and_others_do_not_wait():
    kept: LRUCache[bytes] = LRUCache(1000)
    opened, made, said = threading.Event(), [], []

    def make() -> bytes:
        made.append(1)
        opened.wait(10)
        return b"slow"

    threads = [threading.Thread(target=lambda: said.append(kept.get_or_make("slow", make))) for _ in range(8)]
    for thread in threads:
        thread.start()
    began = time.monotonic()
    assert kept.get_or_make("quick", lambda: b"quick") == b"quick"
    assert time.monotonic() - began < 1
    opened.set()
    for thread in threads:
        thread.join()
    assert (said, len(made)) == ([b"slow"] * 8, 1)


def test_what_cannot_be_made_is_tried_again_by_the_next_and_a_want_of_places_is_nobody_else_s():
    kept: LRUCache[bytes] = LRUCache(1000)
    with pytest.raises(ZeroDivisionError):
        kept.get_or_make("odd", lambda: 1 // 0)
    assert kept.get_or_make("odd", lambda: b"now") == b"now"
    asked, said = threading.Event(), []

    def full() -> bytes:
        asked.set()
        time.sleep(0.2)
        raise Refused("server", "no place for you")

    def first() -> None:
        with pytest.raises(Refused):
            kept.get_or_make("wanted", full)

    one = threading.Thread(target=first)
    one.start()
    asked.wait()
    other = threading.Thread(target=lambda: said.append(kept.get_or_make("wanted", lambda: b"made")))
    other.start()
    one.join()
    other.join()
    assert said == [b"made"]
