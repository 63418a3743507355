"""Batches, beside what test_data.py says of them: saved through a file, never waiting, never tied to the set or to a later batch."""

import io

import pytest
import torch
from torch._subclasses.fake_tensor import FakeTensorMode

from playground.data import Batches, load


def seeded(seed: int = 0) -> torch.Generator:
    return torch.Generator().manual_seed(seed)


def test_the_order_is_one_permutation_an_epoch() -> None:
    x = torch.arange(22, dtype=torch.float32).view(11, 2)
    batches, order = Batches(x, 4, seeded(5)), seeded(5)
    for _ in range(3):
        epoch = torch.cat([next(batches).x for _ in range(2)])
        assert torch.equal(epoch, x[torch.randperm(11, generator=order)[:8]])


def test_a_batch_is_never_a_view_of_the_set() -> None:
    x = torch.randn(10, 2, generator=seeded())
    next(Batches(x, 10, seeded(1))).x.zero_()
    assert (x != 0).all()


@pytest.mark.parametrize("before", [0, 1, 3, 4, 5, 8, 11])
def test_images_go_on_from_a_saved_file(before: int) -> None:
    """Four batches of 3 make an epoch of 13; the new object starts from another generator's state."""
    x = torch.randint(0, 256, (13, 1, 4, 4), generator=seeded(), dtype=torch.uint8)
    first = Batches(x, 3, seeded(7))
    for _ in range(before):
        next(first)
    file = io.BytesIO()
    torch.save({**first.state(), "generator": first.generator.get_state()}, file)
    expected = [next(first).x for _ in range(10)]

    file.seek(0)
    saved = torch.load(file, weights_only=True)
    second = Batches(x, 3, seeded(999))
    next(second)
    second.generator.set_state(saved.pop("generator"))
    second.load(saved)
    assert all(torch.equal(a, next(second).x) for a in expected)


def test_a_state_is_not_moved_by_later_batches() -> None:
    batches = Batches(torch.zeros(13, 2), 3, seeded())
    next(batches)
    state = batches.state()
    kept = {k: v.clone() for k, v in state.items()}
    for _ in range(9):
        next(batches)
    assert all(torch.equal(state[k], kept[k]) for k in kept)


def test_the_state_of_another_set_is_refused() -> None:
    other = Batches(torch.zeros(13, 2), 3, seeded())
    next(other)
    with pytest.raises(ValueError, match="13"):
        Batches(torch.zeros(11, 2), 3, seeded()).load(other.state())


@pytest.mark.parametrize("name", ["ring8", "digits"])
def test_a_batch_never_waits_for_the_device(name: str) -> None:
    """Fake tensors have no values: reading one (.item(), a branch, .numpy()) raises."""
    batches = Batches(load(name).train, 3000, seeded())
    with FakeTensorMode(allow_non_fake_inputs=True):
        assert {tuple(next(batches).x.shape) for _ in range(5)} == {(3000, *load(name).shape.dims)}
