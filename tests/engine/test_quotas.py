"""Who may hold how much, and who has to give when there is no room: nobody's names push out what others keep."""

import json
from collections import Counter

import pytest
from running import TURNS, allow, coming_from, misbehave, spec, until

from playground.config.settings import Limits
from playground.engine.engine import Engine
from playground.requester import Requester, requester
from playground.store.addresses import Addresses
from playground.types import Refused, Status


class Shelf:
    """Things beside the runs: {owner: bytes}, and what of them is in the trash."""

    def __init__(self, held: dict[str, int] | None = None) -> None:
        self.there, self.trash = Counter(held or {}), {}

    def bytes_by_owner(self):
        return self.there

    def in_trash(self):
        return self.trash

    def empty(self, seconds, *ids):
        if seconds == 0:
            self.trash = {id: what for id, what in self.trash.items() if id not in ids}


@pytest.fixture
def engine(tmp_path, monkeypatch):
    misbehave(monkeypatch)
    made = Engine(tmp_path, 1, TURNS, Limits(free=0))
    made.usage.other_stores.append(Shelf())
    yield made
    made.close()


def ended(engine: Engine, owner: str = "a", address: str = "192.0.2.1") -> str:
    token = requester.set(Requester(owner, address))
    try:
        id = engine.submit(spec(steps=5), owner).id
    finally:
        requester.reset(token)
    assert until(engine, id).status is Status.FINISHED
    return id


def weight(engine: Engine, *ids: str) -> int:
    return sum(engine.index.of(id)[1].bytes for id in ids)


def test_what_can_be_brought_back_counts_and_goes_before_any_run(engine):
    old, thrown = ended(engine), ended(engine)
    both = weight(engine, old, thrown)
    engine.discard(thrown)
    assert engine.usage.used(("a",)) == both
    assert engine.usage.used(("b",)) == 0
    allow(engine, each=both)
    engine.quota.room("b")
    assert (engine.runs.trash / thrown).exists()
    engine.quota.room("a")                             # one byte too many: the trash is emptied early
    assert not (engine.runs.trash / thrown).exists()
    assert [run.id for run in engine.all()] == [old]
    with pytest.raises(Refused, match="gone for good"):
        engine.restore(thrown)


def test_undo_over_quota_is_refused_and_nothing_is_lost(engine):
    thrown = ended(engine)
    weighs = weight(engine, thrown)
    engine.discard(thrown)
    kept = ended(engine)
    allow(engine, each=max(weighs, weight(engine, kept)) + 10)
    with pytest.raises(Refused, match=r"with this, what you keep here would hold .*; one person may hold .*: delete something else") as refused:
        engine.restore(thrown)
    assert refused.value.field == "disk"
    assert (engine.runs.trash / thrown).exists()
    assert [run.id for run in engine.all()] == [kept]
    engine.discard(kept)
    assert engine.restore(thrown).id == thrown          # as it says


def test_the_same_of_models(engine):
    """What is thrown away, replaced and brought back again does not come to more than one may hold."""
    shelf = engine.usage.other_stores[0]
    shelf.there["a"], shelf.trash = 15, {"x": ("a", 20), "y": ("b", 5)}
    allow(engine, each=40)
    engine.quota.room("a", 5)
    assert shelf.trash.keys() == {"x", "y"}
    assert engine.quota.bring_back("a", 20, lambda: "back") == "back"
    allow(engine, each=30)
    with pytest.raises(Refused, match="would hold"):
        engine.quota.bring_back("a", 20, lambda: "back")
    engine.quota.room("a", 15)
    assert shelf.trash.keys() == {"y"}
    with pytest.raises(Refused, match="what you keep here holds"):
        engine.quota.room("a", 16)


def test_a_fork_over_quota_is_refused_and_leaves_its_parent_alone(engine):
    parent = ended(engine)
    for limits in ({"each": weight(engine, parent) + 10}, {"each": 10}, {"whole": weight(engine, parent) + 10}, {"whole": 10}):
        allow(engine, **limits)
        with pytest.raises(Refused) as refused:
            engine.fork(parent, "a")
        assert refused.value.field == "disk"
        assert [run.id for run in engine.all()] == [parent]
    with pytest.raises(Refused, match="all that is kept"):
        engine.fork(parent, "somebody else")
    assert [run.id for run in engine.all()] == [parent]
    allow(engine)
    assert until(engine, engine.fork(parent, "a").run.id).status is Status.FINISHED


def test_a_fork_may_have_other_runs_of_its_owner_s_cleaned_away(engine):
    older, parent = ended(engine), ended(engine)
    allow(engine, each=weight(engine, older, parent) - 10, whole=None)
    fork = engine.fork(parent, "a").run.id
    assert {run.id for run in engine.all()} == {parent, fork}


def test_many_names_from_one_address_push_out_their_own_runs(engine):
    mine = [ended(engine, "me", "192.0.2.1") for _ in range(2)]
    crowd = [ended(engine, f"cookie{n}", "192.0.2.66") for n in range(4)]
    all_held = weight(engine, *mine, *crowd)
    allow(engine, whole=all_held)
    engine.quota.room("new")                           # who holds nothing has room; who holds most by address gives
    left = {run.id for run in engine.all()}
    assert {*mine} < left
    assert len(left) == 5
    allow(engine, whole=weight(engine, *left))
    engine.addresses.note("cookie9", engine.addresses.group("cookie1"))
    engine.quota.room("cookie9", 100_000)              # a new name of the same address: it is still theirs that go
    assert {*mine} < {run.id for run in engine.all()} < left


def test_of_two_addresses_beyond_their_share_the_one_that_holds_more_gives_first(engine):
    allow(engine, whole=60)
    live = Counter(some=40, most=50, me=1)
    assert engine.retention._next_to_lose(live, Counter(), Counter(), {*live}) == "most"
    assert engine.retention._next_to_lose(live, Counter(), Counter(), {"some", "me"}) == "some"
    assert engine.retention._next_to_lose(live, Counter(), Counter(), {"me"}) is None


def test_strangers_models_push_out_nobody_s_runs(engine):
    mine, shelf = ended(engine, "me"), engine.usage.other_stores[0]
    for n in range(50):
        engine.addresses.note(f"cookie{n}", "crowd")
        shelf.there[f"cookie{n}"] = 10 ** 6
    allow(engine, whole=45 * 10 ** 6)
    for owner in ("cookie3", "cookie77"):
        with pytest.raises(Refused, match="all that is kept here"):
            engine.quota.room(owner, 10 ** 6)
    assert [run.id for run in engine.all()] == [mine]


def test_what_is_never_cleaned_away_has_half_of_the_place_for_one_address(engine):
    shelf = engine.usage.other_stores[0]
    for n in range(4):
        engine.addresses.note(f"cookie{n}", "crowd")
        shelf.there[f"cookie{n}"] = 10
    allow(engine, whole=100)
    engine.quota.stay("cookie1", 10)
    with pytest.raises(Refused, match="from your network hold") as refused:
        engine.quota.stay("cookie1", 11)
    assert refused.value.field == "disk"
    engine.quota.stay("me", 50)
    pinned = ended(engine, "me")
    engine.amend(pinned, pinned=True)
    allow(engine, whole=2 * weight(engine, pinned) + 100)
    with pytest.raises(Refused, match="pinned runs"):
        engine.quota.may_stay("me", 51)


def test_an_address_is_known_again_and_cannot_be_read_back(tmp_path):
    first = Addresses(tmp_path)
    mark = first.mark("192.0.2.1")
    assert (first.mark("local"), len(mark)) == ("local", 5)
    first.note("cookie:1", mark)
    first.note("cookie:2", first.mark("192.0.2.2"))
    again = Addresses(tmp_path)
    assert again.mark("192.0.2.1") == mark != again.mark("192.0.2.2")
    assert again.group("cookie:1") == mark
    assert again.group("cookie:3") == "of cookie:3"
    assert "192.0.2" not in "".join(path.read_text("latin-1") for path in tmp_path.iterdir())
    assert (tmp_path / "address-key").stat().st_mode & 0o077 == 0
    (tmp_path / "address-key").unlink()
    assert Addresses(tmp_path).mark("192.0.2.1") != mark                # without its key nobody is known
    (tmp_path / "owners.json").write_text("[1")
    assert Addresses(tmp_path).group("cookie:1") == "of cookie:1"


def test_a_run_s_record_has_the_mark_alone_and_keeps_it(engine, tmp_path):
    with coming_from("198.51.100.7"):
        id = engine.submit(spec("slow", steps=1000), "a").id
    until(engine, id, Status.RUNNING)
    engine.stop(id)
    until(engine, id)
    mark = engine.addresses.mark("198.51.100.7")
    with coming_from("198.51.100.8"):
        engine.resume(id)
    assert engine.run(id).address == mark
    assert json.loads((tmp_path / "runs" / id / "run.json").read_text())["address"] == mark
    assert "198.51" not in (tmp_path / "runs" / id / "run.json").read_text()
