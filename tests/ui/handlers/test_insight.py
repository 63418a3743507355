"""What a page may ask to see inside a run, asked of a real server."""

import base64
from collections.abc import Iterator

import pytest
from serving import Place, place

from playground.specs.presets import RECORDED


@pytest.fixture(scope="module")
def there(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Place]:
    with place(tmp_path_factory.mktemp("insight")) as found:
        yield found


def test_slow_motion_of_runs_that_rest_and_of_one_that_trains(there):
    done, pictures = (there.call["slow"]({"run": id}) for id in (there.done, there.pictures))
    assert (done["step"], pictures["step"]) == (41, 4)
    assert ("cloud" in done["stages"][0], "cloud" in pictures["stages"][0]) == (True, False)
    paused = there.call["slow"]({"run": there.paused})
    assert paused["step"] == 6
    there.call["act"]({"run": there.paused, "do": "resume"})
    assert there.call["slow"]({"run": there.paused})["step"] >= 6
    there.call["act"]({"run": there.paused, "do": "pause"})


def test_a_run_without_networks_is_refused_in_words(there):
    assert "checkpoint" in there.call["slow"]({"run": RECORDED})["error"]["message"]
    assert there.call["slow"]({"run": "0" * 32})["error"]["field"] == "run"


TILES = [{"of": "real", "index": 0}, {"of": "fake", "index": 5}, {"of": "noise", "index": 0}]


def test_a_slice_through_three_pictures(there):
    told = there.call["slice"]({"run": there.pictures, "tiles": TILES})
    assert (told["step"], told["side"], len(base64.b64decode(told["score"]))) == (3, 24, 24 * 24)
    assert there.call["slice"]({"run": there.pictures, "tiles": TILES[::-1], "side": 8})["values"] == pytest.approx(told["values"][::-1])
    assert there.call["slice"]({"run": there.done, "tiles": TILES})["error"]["field"] == "run"


def test_an_older_step_is_answered_by_the_checkpoint_that_is_nearest(there):
    assert there.engine.runs.checkpoints(there.pictures).steps() == [0, 3]
    slices = {step: there.call["slice"]({"run": there.pictures, "tiles": TILES, "step": step}) for step in (0, 1, 2, None)}
    assert {step: told["step"] for step, told in slices.items()} == {0: 0, 1: 0, 2: 3, None: 3}
    assert slices[0] == slices[1] != slices[2] == slices[None]
    assert [there.call["slow"]({"run": there.pictures, "step": step})["step"] for step in (0, 1, 2, 2 ** 40)] == [1, 1, 4, 4]


LAST = [{"of": "noise", "index": 1}, {"of": "real", "index": 6}, {"of": "real", "index": True}, {"of": "real"}, "real",
        {"of": "real", "index": 1, "more": 1}, {"of": ["real"], "index": 1}, {"of": "real", "index": [1]}]


@pytest.mark.parametrize("tiles", [TILES[:2], [*TILES, TILES[0]], [TILES[0], *TILES[:2]], *([*TILES[:2], last] for last in LAST)])
def test_other_pictures_are_refused(there, tiles):
    error = there.call["slice"]({"run": there.pictures, "tiles": tiles})["error"]
    assert error["field"] == "tiles"
    assert "three different pictures" in error["message"]


def test_advice_comes_with_a_poll(there):
    assert there.call["poll"]({"run": there.paused})["advice"] == []
    journal = there.engine.runs.journal(there.paused)
    steps = list(range(there.call["poll"]({"run": there.paused})["step"] + 1, 100_000, 400))
    journal.append({"rows": {"step": steps, "acc/real": [1.0] * len(steps), "acc/fake": [1.0] * len(steps)}, "elapsed": 1.0})
    journal.close()
    said = there.call["poll"]({"run": there.paused})["advice"]
    assert [(one["id"], one["remedies"][0]["kind"], list(one["remedies"][0]["knobs"])) for one in said] == [("won", "tune", ["lr_d"])]
    assert "acc/fake > 0.97 (it is 1, " in said[0]["rule"]
