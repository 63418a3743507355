"""Answers are kept in memory and on disk, and neither is needed."""

from playground.explorer.result_cache import ResultCache
from playground.store.cache import Cache


def test_a_question_has_one_key_and_another_question_another():
    asked = ["model", "strip", 1, {"z": "AAAA"}, ["a", 0.5]]
    assert ResultCache.key(*asked) == ResultCache.key(*asked)
    assert len({ResultCache.key(*asked), ResultCache.key(*asked[1:]), ResultCache.key(*asked[:-1], ["a", 0.25]),
        ResultCache.key("model", "strip")}) == 4
    assert len(ResultCache.key("a")) == 32


def test_memory_is_bounded_and_what_was_asked_for_last_stays():
    kept = ResultCache(None, memory=100)
    for name in "abc":
        kept.put(name, name.encode() * 40)
        kept.get("a")
    assert [kept.get(name) is not None for name in "abc"] == [True, False, True]
    kept.put("a", b"x" * 90)
    assert [kept.get(name) is not None for name in "abc"] == [True, False, False]
    kept.put("big", b"y" * 500)                         # the last is kept, however large
    assert kept.get("big") == b"y" * 500
    assert kept.get("a") is None


def test_another_process_finds_what_is_on_disk_and_a_closed_cache_costs_nothing_but_that(tmp_path):
    cache = Cache(tmp_path)
    ResultCache(cache).put("a", b"1")
    again = ResultCache(cache)
    assert again.get("a") == b"1"
    cache.close()
    again.put("b", b"2")
    assert [again.get("a"), again.get("b"), ResultCache(cache).get("a")] == [b"1", b"2", None]
