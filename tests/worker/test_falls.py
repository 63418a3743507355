"""Samples that collapse are told once a fall, and an end with nothing to see says so."""

import pytest

from playground.worker.alarms import IN_A_ROW, YOUNG, Falls


def looks(*spreads, modes=None):
    """Falls' alarms, one look at each spread (against data's of 1) and number of modes, at steps 10, 20, ...
    after the first that count: [(step, term, well)]."""
    falls = Falls([{"measure": {"sample/real": 1.0}, "step": 0}])
    found = []
    for i, spread in enumerate(spreads):
        alarm = falls.check({"sample/std": spread} | ({} if modes is None else {"modes/found": modes[i]}), YOUNG + 10 * (i + 1))
        found += [(alarm["step"] - YOUNG, alarm["alarm"]["term"], alarm["alarm"]["well"] - YOUNG)] if alarm else []
    return found


def test_a_fall_of_spread_is_told_once_and_again_only_after_it_was_well():
    assert IN_A_ROW == 2
    assert looks(0.1, 0.2, 0.1) == []                   # it has never been well
    assert looks(0.6, 0.6, 0.4, 0.2, 0.25, 0.1, 0.1) == [(50, "sample/std", 20)]
    assert looks(0.6, 0.4, 0.2, 0.2) == []              # well for a moment
    assert looks(0.6, 0.6, 0.2, 0.4, 0.2, 0.4) == []    # low for a moment
    assert looks(0.6, 0.6, 0.1, 0.1, 0.4, 0.1, 0.1) == [(40, "sample/std", 20)]
    assert looks(0.6, 0.6, 0.1, 0.1, 0.7, 0.7, 0.1, 0.1) == [(40, "sample/std", 20), (80, "sample/std", 60)]
    assert looks(0.51, 0.51, 0.31, 0.31) == []


def test_what_young_nets_draw_is_neither_well_nor_a_fall():
    """BEGAN's first samples of digits differ half as much as digits do, and then hardly at all before it learns strokes."""
    falls = Falls([{"measure": {"sample/real": 1.0}, "step": 0}])
    for i, spread in enumerate((0.6, 0.6, 0.6, 0.2, 0.2, 0.2)):
        assert falls.check({"sample/std": spread}, i * YOUNG // 3) is None


def test_a_fall_of_modes_is_told_when_half_of_the_best_are_lost():
    same = [1.0] * 10
    assert looks(*same[:5], modes=[2, 3, 1, 1, 1]) == []                    # never four
    assert looks(*same[:7], modes=[3, 8, 8, 5, 4, 4, 4]) == [(60, "modes/found", 40)]
    assert looks(*same[:9], modes=[8, 8, 4, 4, 3, 2, 1, 1, 1]) == [(40, "modes/found", 20)]
    assert looks(*same, modes=[8, 8, 3, 3, 5, 6, 6, 2, 2, 2]) == [(40, "modes/found", 20), (90, "modes/found", 70)]


def test_spread_and_modes_that_fall_together_are_one_alarm():
    assert looks(1.0, 1.0, 0.2, 0.2, 0.2, 0.2, modes=[8, 8, 8, 1, 1, 1]) == [(40, "sample/std", 20)]
    assert looks(1.0, 1.0, 1.0, 0.2, 0.2, 0.2, modes=[8, 8, 1, 1, 1, 1]) == [(40, "modes/found", 20)]


@pytest.mark.parametrize(("name", "values", "says"), [
    ("quality/classes", [3, 9, 10, 9, 2, 1, 1], "The classes found fell from 10 to 1."),
    ("quality/recall", [0.1, 0.5, 0.9, 0.8, 0.3, 0.2, 0.1], "The share of real digits that lie among the fakes fell from 0.9 to 0.2.")])
def test_classes_and_recall_that_fall_are_a_collapse_though_the_spread_is_kept(name, values, says):
    """Digits all of one class differ as much as all digits do."""
    def told(values):
        falls = Falls([{"measure": {"sample/real": 1.0}, "step": 0}])
        return [alarm for i, v in enumerate(values) for found in ({"sample/std": 1.0}, {name: v}) if (alarm := falls.check(found, YOUNG + i))]

    assert told(values) == [{"alarm": {"kind": "collapse", "term": name, "says": says, "well": YOUNG + 3}, "step": YOUNG + 5}]
    assert told([*values[:4], float("nan"), None, *values[2:4]]) == []


def test_an_end_with_nothing_to_see_says_so():
    falls = Falls([{"measure": {"sample/real": 1.0}, "step": 0}, {"measure": {"sample/std": 0.9, "modes/found": 0}, "step": 900}])
    assert falls.end(900)["alarm"]["says"] == "Not one mode of the data is found."
    assert falls.end(YOUNG - 1) is None
    assert Falls([{"measure": {"sample/real": 1.0}, "step": 0}, {"measure": {"sample/std": 0.9, "modes/found": 5}, "step": 900}]).end(900) is None
    flat = Falls([{"measure": {"sample/real": 1.0}, "step": 0}, {"measure": {"sample/std": 0.1}, "step": 900}])
    says = "The samples differ 10% as much as the data."
    assert flat.end(900) == {"alarm": {"kind": "lost", "term": "sample/std", "says": says, "well": 0}, "step": 900}
    fallen = [{"measure": {"sample/std": std}, "step": YOUNG + i} for i, std in enumerate((0.9, 0.9, 0.1, 0.1))]
    assert Falls([{"measure": {"sample/real": 1.0}, "step": 0}, *fallen]).end(900)["alarm"]["kind"] == "collapse"
