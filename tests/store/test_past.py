"""What of a journal still counts up to a step."""

import os

import pytest

from playground.store.disk import share
from playground.store.journal import Journal
from playground.store.past import copy_past, events_until


def rows(*steps):
    return {"rows": {"step": list(steps), "loss/d": [s / 10 for s in steps]}, "elapsed": steps[-1] / 100}


def test_it_ends_at_the_step():
    measure, tune = {"measure": {"a": 1}, "step": 3}, {"tune": {"x": [1, 2]}, "step": 5}
    events = [{"frame": 0}, rows(1, 2, 3), measure, rows(4, 5, 6), {"frame": 6}, {"look": 7}, tune, {**tune, "step": 6}]
    assert events_until(events, 5) == [{"frame": 0}, rows(1, 2, 3), measure, {**rows(4, 5), "elapsed": 0.06}, tune]
    assert events_until(events, 0) == [{"frame": 0}]


def test_what_a_rewind_made_void_is_left_out_but_for_tunes():
    alarm, tune = {"alarm": {"kind": "collapse", "says": "."}, "step": 4}, {"tune": {"x": [1, 2]}, "step": 4}
    events = [rows(1, 2, 3, 4), {"frame": 4}, alarm, tune, {"rewind": 2}, rows(3), {"rewind": 1}, rows(2, 3), {"frame": 3}]
    assert events_until(events, 9) == [{**rows(1), "elapsed": 0.04}, tune, rows(2, 3), {"frame": 3}]
    assert events_until(events, 3)[1:] == [rows(2, 3), {"frame": 3}]


def test_what_became_known_later_is_known_there():
    late = {"measure": {"quality/fd": 1.0}, "step": 3, "known": 9}
    assert events_until([late], 5) == [{**late, "known": 5}]
    assert events_until([late], 2) == []
    assert events_until([late, {"rewind": 4}], 9) == [{**late, "known": 4}]


def test_what_is_of_one_run_alone_stays_with_it():
    quality = {"quality": {"floors": {"a": 1.0}}}
    assert events_until([{"status": "queued"}, {"fork": {"run": "x", "variant": "gan"}, "step": 3, "elapsed": 1.0}, quality], 9) == [quality]


@pytest.mark.parametrize("links", [True, False])
def test_files_up_to_the_step_are_taken_along(tmp_path, monkeypatch, links):
    def refused(*_: object) -> None:
        raise OSError(1, "no links here")

    if not links:
        monkeypatch.setattr(os, "link", refused)
    there, here = tmp_path / "there", tmp_path / "here"
    here.mkdir()
    for folder, name in (("frames", "3.npz"), ("frames", "12.npz"), ("looks", "4.look"), ("frames", ".tmp-5.npz")):
        (there / folder).mkdir(parents=True, exist_ok=True)
        (there / folder / name).write_bytes(name.encode())
    (there / "frames" / "marked").write_text("3\n12\n")
    copy_past(there, here, [{"frame": 3}, rows(1, 2)], 10)
    assert sorted(p.relative_to(here).as_posix() for p in here.rglob("*.*")) == ["events.jsonl", "frames/3.npz", "looks/4.look"]
    assert (here / "frames" / "3.npz").read_bytes() == b"3.npz"
    assert ((here / "frames" / "3.npz").stat().st_nlink == 2) == links
    with (there / "frames" / "marked").open("a") as file:
        file.write("99\n")
    assert (here / "frames" / "marked").read_text() == "3\n12\n"
    assert Journal(here / "events.jsonl").read()[0] == [{"frame": 3}, rows(1, 2)]
    assert not share(there / "gone", here / "gone")
