"""What a page may ask to see inside a run, asked of a real server."""

from collections.abc import Iterator

import pytest
from serving import Place, place

from playground.presets import RECORDED


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
