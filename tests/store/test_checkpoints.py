"""Checkpoints that survive a kill and a flipped bit."""

from itertools import pairwise

import pytest
import torch

from playground.store.checkpoints import FEW, MARKED, NEWEST, OTHERS, Checkpoints, read_meta
from playground.store.runs import Runs
from playground.types import Spec


def tensors(seed: int = 0) -> dict[str, torch.Tensor]:
    g = torch.Generator().manual_seed(seed)
    return {"a.weight": torch.randn(7, 3, generator=g), "order": torch.randperm(9, generator=g), "state": g.get_state(), "k": torch.tensor(0.3)}


def same(a, b) -> bool:
    return a.keys() == b.keys() and all(torch.equal(a[k], b[k]) and a[k].dtype == b[k].dtype for k in a)


def test_a_checkpoint_comes_back_bit_for_bit(tmp_path):
    checkpoints = Checkpoints(tmp_path / "c")
    assert checkpoints.latest() is None
    path = checkpoints.write(12, tensors(), {"knobs": {"γ": 0.5, "log": True}, "elapsed": 1.25})
    step, found, meta = checkpoints.latest()
    assert (step, same(found, tensors())) == (12, True)
    assert meta == {"knobs": {"γ": 0.5, "log": True}, "elapsed": 1.25, "step": 12} == read_meta(path.read_bytes())


def test_one_that_is_thinned_out_while_it_is_read_is_whole_all_the_same(tmp_path, monkeypatch):
    checkpoints, whole = Checkpoints(tmp_path), Checkpoints._intact

    def gone(self, step):
        data = whole(self, step)
        self._drop(step)
        return data

    checkpoints.write(10, tensors(), {"knobs": {}})
    monkeypatch.setattr(Checkpoints, "_intact", gone)
    step, found, meta = checkpoints.latest()
    assert (step, same(found, tensors()), meta) == (10, True, {"knobs": {}, "step": 10})


@pytest.mark.parametrize("harm", ["flip", "truncate", "empty", "no sum", "other sum", "binary sum"])
def test_a_damaged_newest_falls_back_and_can_be_written_again(tmp_path, harm):
    checkpoints = Checkpoints(tmp_path)
    checkpoints.write(10, tensors(1), {})
    path = checkpoints.write(20, tensors(2), {})
    data, beside = bytearray(path.read_bytes()), path.with_suffix(".sha256")
    if harm == "flip":
        data[-5] ^= 4
        path.write_bytes(data)
    elif harm in ("truncate", "empty"):
        path.write_bytes(data[:len(data) // 2 if harm == "truncate" else 0])
    elif harm == "no sum":
        beside.unlink()
    else:
        beside.write_bytes(b"0" * 64 if harm == "other sum" else b"\xff\xfe")
    step, found, _ = checkpoints.latest()
    assert (step, same(found, tensors(1))) == (10, True)
    checkpoints.write(20, tensors(2), {})
    assert same(checkpoints.latest()[1], tensors(2))


def test_the_two_newest_stay_and_older_ones_are_thinned(tmp_path):
    checkpoints = Checkpoints(tmp_path)
    for step in range(0, 1000, 10):
        checkpoints.write(step, {"x": torch.zeros(1)}, {})
        assert checkpoints.steps()[-2:] == [step - 10, step][-(step // 10 + 1):]
    steps = checkpoints.steps()
    assert len(steps) <= NEWEST + OTHERS
    assert steps[0] == 0
    assert max(b - a for a, b in pairwise(steps)) <= 2 * 1000 / OTHERS      # wherever one looks, one lies not far before
    assert len(list(tmp_path.iterdir())) == 2 * len(checkpoints.steps())


def test_big_ones_are_fewer(tmp_path, monkeypatch):
    monkeypatch.setattr("playground.store.checkpoints.MUCH", 5 * 4000)
    checkpoints = Checkpoints(tmp_path)
    for step in range(0, 1000, 10):
        checkpoints.write(step, {"x": torch.zeros(1000)}, {})
    assert len(checkpoints.steps()) <= NEWEST + FEW
    for step in range(1000, 2000, 10):
        checkpoints.write(step, {"x": torch.zeros(1)}, {})
    assert NEWEST + FEW < len(checkpoints.steps()) <= NEWEST + OTHERS


def test_one_is_lent_to_another_run_and_outlives_its_own(tmp_path):
    mine, other = Checkpoints(tmp_path / "a"), Checkpoints(tmp_path / "b")
    other.folder.mkdir()
    mine.write(10, tensors(1), {"n": 1})
    assert mine.link_into(10, other.folder)
    assert not mine.link_into(11, other.folder)
    mine.drop_after(0)
    step, found, meta = other.latest()
    assert (step, same(found, tensors(1)), meta) == (10, True, {"n": 1, "step": 10})


def test_the_nearest_is_taken_that_is_whole(tmp_path):
    checkpoints = Checkpoints(tmp_path)
    assert checkpoints.nearest(5) is None
    for step in (0, 10, 30):
        checkpoints.write(step, tensors(step), {})
    near = {step: checkpoints.nearest(step)[0] for step in (0, 4, 5, 6, 20, 21, 2 ** 53)}
    assert near == {0: 0, 4: 0, 5: 0, 6: 10, 20: 10, 21: 30, 2 ** 53: 30}           # of two as near the older
    assert same(checkpoints.nearest(6)[1], tensors(10))
    checkpoints.path(10).write_bytes(b"damaged")
    assert (checkpoints.nearest(14)[0], checkpoints.nearest(16)[0]) == (0, 30)


def test_parts_of_a_killed_writer_are_swept(tmp_path):
    runs = Runs(tmp_path)
    run = runs.create(Spec("gan", "ring8"))
    checkpoints = runs.checkpoints(run.id)
    checkpoints.write(1, tensors(), {})
    (checkpoints.folder / ".tmp-2.safetensors").write_bytes(b"x" * 1000)
    assert checkpoints.latest()[0] == 1
    runs.sweep(run.id)
    assert sorted(p.name for p in checkpoints.folder.iterdir()) == ["1.safetensors", "1.sha256"]


def test_one_that_is_marked_is_spared_when_they_are_thinned(tmp_path):
    checkpoints = Checkpoints(tmp_path)
    checkpoints.mark(5)                     # there is none yet
    for step in range(0, 1000, 10):
        checkpoints.write(step, {"x": torch.zeros(1)}, {})
        if step == 170:
            checkpoints.mark(168)
            checkpoints.mark(165)           # the same one
    assert 160 in checkpoints.steps()
    assert len(checkpoints.steps()) <= NEWEST + OTHERS + 1
    for upto in range(100, 1000, 100):      # the newest few marks count
        checkpoints.mark(upto)
    checkpoints.write(1000, {"x": torch.zeros(1)}, {})
    assert len(checkpoints.steps()) <= NEWEST + OTHERS + MARKED
