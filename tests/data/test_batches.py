"""Batches, beside what test_data.py says of them: saved through a file, never waiting, never tied to the set or to a later batch."""

import io

import pytest
import torch
from torch._subclasses.fake_tensor import FakeTensorMode
from training import plain

from playground.data import load


def seeded(seed: int = 0) -> torch.Generator:
    return torch.Generator().manual_seed(seed)


def test_the_order_is_one_permutation_an_epoch() -> None:
    x = torch.arange(22, dtype=torch.float32).view(11, 2)
    batches, order = plain(x, 4, seeded(5)), seeded(5)
    for _ in range(3):
        epoch = torch.cat([next(batches).x for _ in range(2)])
        assert torch.equal(epoch, x[torch.randperm(11, generator=order)[:8]])


def test_a_batch_is_never_a_view_of_the_set() -> None:
    x = torch.randn(10, 2, generator=seeded())
    next(plain(x, 10, seeded(1))).x.zero_()
    assert (x != 0).all()


MADE = {"as they are": {}, "mirrored": {"flip": True}, "both": {"flip": True, "noise": 0.2}}


@pytest.mark.parametrize("made", MADE.values(), ids=list(MADE))
@pytest.mark.parametrize("before", [0, 1, 3, 4, 5, 8, 11])
def test_images_go_on_from_a_saved_file(before: int, made: dict) -> None:
    """Four batches of 3 make an epoch of 13; the new object starts from another generator's state."""
    x = torch.randint(0, 256, (13, 1, 4, 4), generator=seeded(), dtype=torch.uint8)
    first = plain(x, 3, seeded(7), **made)
    for _ in range(before):
        next(first)
    file = io.BytesIO()
    torch.save({**first.state(), "generator": first.generator.get_state()}, file)
    expected = [next(first).x for _ in range(10)]

    file.seek(0)
    saved = torch.load(file, weights_only=True)
    second = plain(x, 3, seeded(999), **made)
    next(second)
    second.generator.set_state(saved.pop("generator"))
    second.load(saved)
    assert all(torch.equal(a, next(second).x) for a in expected)


def test_a_state_is_not_moved_by_later_batches() -> None:
    batches = plain(torch.zeros(13, 2), 3, seeded())
    next(batches)
    state = batches.state()
    kept = {k: v.clone() for k, v in state.items()}
    for _ in range(9):
        next(batches)
    assert all(torch.equal(state[k], kept[k]) for k in kept)


def test_the_state_of_another_set_is_refused() -> None:
    other = plain(torch.zeros(13, 2), 3, seeded())
    next(other)
    with pytest.raises(ValueError, match="13"):
        plain(torch.zeros(11, 2), 3, seeded()).load(other.state())


def test_half_of_the_pictures_are_mirrored_anew_in_every_batch() -> None:
    x = torch.randint(0, 256, (600, 3, 4, 4), generator=seeded(), dtype=torch.uint8)
    straight, flipping = plain(x, 600, seeded(1)), plain(x, 600, seeded(1), flip=True)
    a, b = next(straight).x, next(flipping).x
    mirrored = (b == a.flip(3)).all((1, 2, 3))
    assert torch.equal(b, torch.where(mirrored.view(-1, 1, 1, 1), a.flip(3), a))
    assert 250 < mirrored.sum() < 350
    second = next(flipping).x
    assert not torch.equal((second == second.flip(3)).all((1, 2, 3)), mirrored)


@pytest.mark.parametrize("points", [True, False])
def test_noise_has_the_sigma_that_was_asked_for(points: bool) -> None:
    x = torch.randn(4000, 2, generator=seeded()) if points else torch.randint(0, 256, (200, 1, 8, 8), generator=seeded(), dtype=torch.uint8)
    clean, noisy = plain(x, len(x), seeded(1)), plain(x, len(x), seeded(1), noise=0.3)
    added = next(noisy).x - next(clean).x
    assert added.std().item() == pytest.approx(0.3, rel=0.03)
    assert added.mean().item() == pytest.approx(0, abs=0.02)
    assert added.flatten().unique().numel() > 0.9 * added.numel()


def test_nothing_is_drawn_for_what_is_off() -> None:
    """So a run without options is, bit for bit, what it was before there were any; points have no mirror."""
    x = torch.randn(40, 2, generator=seeded())
    bare, off, asked = plain(x, 8, seeded(1)), plain(x, 8, seeded(1), noise=0.0, flip=False), plain(x, 8, seeded(1), flip=True)
    for _ in range(7):
        first = next(bare).x
        assert torch.equal(first, next(off).x)
        assert torch.equal(first, next(asked).x)
    assert torch.equal(bare.generator.get_state(), off.generator.get_state())
    assert torch.equal(bare.generator.get_state(), asked.generator.get_state())


@pytest.mark.parametrize("made", MADE.values(), ids=list(MADE))
def test_pictures_stay_channels_last(made: dict) -> None:
    x = torch.zeros(20, 3, 8, 8, dtype=torch.uint8)
    assert next(plain(x, 8, seeded(), **made)).x.is_contiguous(memory_format=torch.channels_last)


@pytest.mark.parametrize("name", ["ring8", "digits"])
def test_a_batch_never_waits_for_the_device(name: str) -> None:
    """Fake tensors have no values: reading one (.item(), a branch, .numpy()) raises."""
    batches = plain(load(name).train, 3000, seeded(), noise=0.1, flip=True)
    with FakeTensorMode(allow_non_fake_inputs=True):
        assert {tuple(next(batches).x.shape) for _ in range(5)} == {(3000, *load(name).shape.dims)}
