"""Places that are shared out: who takes more than a share is refused in words, and the last ones are a newcomer's."""

import threading
from contextlib import ExitStack

import pytest

from playground.config.limits.shares import Shares
from playground.requester import Requester
from playground.types import Refused

ADA, BOB, EVE = Requester("cookie:ada", "10.0.0.1"), Requester("cookie:bob", "10.0.0.1"), Requester("cookie:eve", "10.0.0.2")


def refused(shares: Shares, requester: Requester) -> str:
    with pytest.raises(Refused) as found:
        shares.place(requester)
    assert found.value.field == "server"
    return str(found.value)


def test_a_person_a_network_and_all_have_their_bounds_and_newcomers_the_last_places():
    shares = Shares("searches", most=5, each=2, address=3, kept=1)
    first = [shares.place(ADA), shares.place(ADA)]
    assert refused(shares, ADA) == "you have 2 searches under way, which is as many as one person may have: wait until one has ended"
    assert len(shares) == 2
    bobs = shares.place(BOB)
    assert "3 searches from your network are under way" in refused(shares, Requester("cookie:carl", ADA.address))
    eves = shares.place(EVE)
    assert "4 searches are under way" in refused(shares, EVE)           # the last place is not for who has one
    last = shares.place(Requester("cookie:zoe", "10.0.0.3"))
    assert "5 searches are under way" in refused(shares, Requester("cookie:max", "10.0.0.4"))
    for place in (*first, bobs, eves, last):
        place.leave()
    assert len(shares) == 0


def test_a_place_is_given_back_once_whatever_happened_in_it():
    shares = Shares("files", most=1, each=1, address=1)
    with pytest.raises(ZeroDivisionError), shares.place(ADA) as place:
        _ = 1 / 0
    place.leave()
    assert len(shares) == 0
    with shares.place(EVE):
        assert refused(shares, ADA)


def test_a_thousand_cookies_of_one_network_keep_nobody_from_another_out_and_nothing_is_remembered_of_them():
    shares = Shares("files", most=12, each=2, address=8, kept=2)
    with ExitStack() as held:
        got = 0
        for n in range(1000):
            try:
                held.enter_context(shares.place(Requester(f"cookie:{n}", "10.0.0.1")))
                got += 1
            except Refused:
                pass
        assert got == 8
        held.enter_context(shares.place(EVE))
    assert (len(shares), *map(len, (shares._owners, shares._addresses))) == (0, 0, 0)


def test_threads_share_it():
    shares, held, most = Shares("files", most=4, each=4, address=4), [], []

    def ask() -> None:
        for _ in range(2000):
            try:
                with shares.place(ADA):
                    held.append(1)
                    most.append(len(held))
                    held.pop()
            except Refused:
                pass

    threads = [threading.Thread(target=ask) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(shares) == 0
    assert max(most) <= 4


@pytest.mark.parametrize("bad", [{"each": 0}, {"each": 5}, {"address": 7}, {"kept": 3}, {"kept": -1}])
def test_bounds_that_make_no_sense_are_a_mistake(bad):
    with pytest.raises(ValueError, match="places"):
        Shares("files", **{"most": 6, "each": 2, "address": 4, "kept": 2} | bad)
