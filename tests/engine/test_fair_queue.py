"""A fair queue: addresses in turn, within them owners, within those first come."""

from random import Random

import pytest

from playground.engine.fair_queue import Entry, FairQueue


def queue(*waiting: str) -> FairQueue:
    """Of "owner@address" in order of arrival; ids are "owner@address 0", "... 1"."""
    turns = FairQueue()
    for n, who in enumerate(waiting):
        turns.add(entry(who, n))
    return turns


def entry(who: str, n: int = 0) -> Entry:
    owner, address = who.split("@")
    return Entry(f"{who} {n}", owner, address)


def names(ids: tuple[str, ...]) -> list[str]:
    return [id.split()[0] for id in ids]


def test_addresses_come_in_turn_whatever_their_owners_are_called():
    turns = queue(*(f"cookie{n}@crowd" for n in range(5)), "me@home", "you@office")
    assert names(turns.order()) == ["cookie0@crowd", "me@home", "you@office", *(f"cookie{n}@crowd" for n in range(1, 5))]


def test_owners_of_one_address_come_in_turn_and_each_one_s_in_order():
    turns = queue("a@x", "a@x", "a@x", "b@x", "c@x", "b@x")
    assert turns.order() == ("a@x 0", "b@x 3", "c@x 4", "a@x 1", "b@x 5", "a@x 2")


def test_who_has_least_being_served_comes_first():
    turns = queue("a@x", "b@x", "c@y")
    assert names(turns.order([entry("a@x", 9)])) == ["c@y", "b@x", "a@x"]
    assert names(turns.order([entry("c@y", 9)])) == ["a@x", "c@y", "b@x"]


def test_a_turn_that_ends_goes_to_the_end_of_the_line():
    turns = queue("a@x", "a@x", "b@x")
    assert turns.take("a@x 0") == "a@x 0"
    turns.add(entry("me@home", 7))
    assert turns.order(back=[entry("a@x")]) == ("me@home 7", "b@x 2", "a@x 1", "a@x 0")
    turns.served(entry("a@x"))
    turns.add(entry("a@x"))
    assert turns.order() == ("me@home 7", "b@x 2", "a@x 1", "a@x 0")


def test_new_names_cannot_keep_one_who_waits_waiting():
    """Somebody of the same address comes with a new name for every turn."""
    turns, served = queue("a@x", "patient@x", "patient@x"), []
    for n in range(10):
        served.append(turns.take(turns.order()[0]))
        turns.add(entry(f"new{n}@x"))
    assert served[:2] == ["a@x 0", "patient@x 1"]
    assert "patient@x 2" in served[:5]


def test_new_addresses_cannot_either():
    turns, served = queue("a@x", "patient@y", "patient@y"), []
    for n in range(10):
        served.append(turns.take(turns.order()[0]))
        turns.add(entry(f"a@new{n}"))
    assert served[:2] == ["a@x 0", "patient@y 1"]
    assert "patient@y 2" in served[:5]


@pytest.mark.parametrize("seed", range(20))
def test_the_order_that_is_told_is_the_order_in_which_they_go(seed):
    chance, turns = Random(seed), FairQueue()
    for n in range(30):
        turns.add(entry(f"{chance.choice('abcd')}@{chance.choice('xyz')}", n))
    for id in chance.sample(turns.order(), 5):
        turns.remove(id)
    told, busy = turns.order(), []
    for id in told:
        assert turns.order(busy)[0] == id
        busy.append(entry(*id.split()[:1], int(id.split()[1])))
        turns.take(id)
    assert len(turns) == 0
    assert turns._since == {}           # nothing is kept of who has gone


def test_what_waits_is_there_once():
    turns = queue("a@x")
    turns.add(entry("a@x"))
    assert len(turns) == 1
    assert "a@x 0" in turns
    turns.remove("a@x 0")
    turns.remove("a@x 0")
    assert "a@x 0" not in turns
