"""Batches: how they are drawn, and that a saved state is taken up exactly."""

import io

import pytest
import torch
from torch import Tensor
from torch._subclasses.fake_tensor import FakeTensorMode

from playground.data import Batches, load
from playground.types import Refused


def seeded(seed: int = 0) -> torch.Generator:
    return torch.Generator().manual_seed(seed)


def test_images_become_floats_in_channels_last() -> None:
    x = torch.arange(3 * 256, dtype=torch.int64).remainder(256).to(torch.uint8).view(1, 3, 16, 16)
    batch = next(Batches(x, 1, seeded())).x
    assert batch.dtype == torch.float32
    assert batch.is_contiguous(memory_format=torch.channels_last)
    assert torch.allclose(batch, x.double().div(127.5).sub(1).float(), rtol=0, atol=2e-7)
    assert batch[0, 0, 0, 0] == -1


def test_points_come_as_they_are_and_never_as_a_view_of_the_set() -> None:
    x = torch.randn(10, 2, generator=seeded())
    batch = next(Batches(x, 10, seeded(1))).x
    assert sorted(batch.tolist()) == sorted(x.tolist())
    batch.zero_()
    assert (x != 0).all()


def test_an_epoch_has_no_sample_twice_and_drops_what_is_left() -> None:
    x = torch.arange(22, dtype=torch.float32).view(11, 2)
    batches, order = Batches(x, 4, seeded(5)), seeded(5)
    for _ in range(3):
        epoch = torch.cat([next(batches).x for _ in range(2)])
        assert torch.equal(epoch, x[torch.randperm(11, generator=order)[:8]])


@pytest.mark.parametrize("batch", [0, -1, 12])
def test_a_batch_that_the_set_cannot_fill_is_refused(batch: int) -> None:
    with pytest.raises(Refused, match="between 1 and 11") as refused:
        Batches(torch.zeros(11, 2), batch, seeded())
    assert refused.value.field == "batch"
    assert len(next(Batches(torch.zeros(11, 2), 11, seeded())).x) == 11


@pytest.mark.parametrize("before", [0, 1, 3, 4, 5, 8, 11])
def test_saved_anywhere_in_an_epoch_the_same_batches_follow(before: int) -> None:
    """Four batches of 3 make an epoch of 13; the state goes through bytes, the new object starts from another generator's state."""
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


def test_the_generator_alone_decides() -> None:
    x = torch.arange(200, dtype=torch.float32).view(100, 2)

    def draw(global_seed: int, seed: int) -> list[Tensor]:
        torch.manual_seed(global_seed)
        before, batches = torch.get_rng_state(), Batches(x, 32, seeded(seed))
        drawn = [next(batches).x for _ in range(7)]
        assert torch.equal(torch.get_rng_state(), before)
        return drawn

    a, b, c = draw(1, 5), draw(2, 5), draw(1, 6)
    assert all(torch.equal(p, q) for p, q in zip(a, b, strict=True))
    assert not torch.equal(a[0], c[0])


@pytest.mark.parametrize("name", ["ring8", "digits"])
def test_a_batch_never_waits_for_the_device(name: str) -> None:
    """Fake tensors have no values: reading one (.item(), a branch, .numpy()) raises."""
    batches = Batches(load(name).train, 3000, seeded())
    with FakeTensorMode(allow_non_fake_inputs=True):
        assert {tuple(next(batches).x.shape) for _ in range(5)} == {(3000, *load(name).shape.dims)}
