"""Every kind of batches: what is gathered, worked out by hand; and goes on, from a file, to the last bit."""

import io

import pytest
import torch
from probes import KINDS, everything

from models.kit.batch import Domain, Labelled, MultiDomain, Paired, Plain, SemiLabelled, Shape, TwoDomain, lacking, needed
from playground.data import Batches
from playground.types import Refused

POINTS, PICTURES = everything(points=True), everything(points=False)


def seeded(seed: int = 0) -> torch.Generator:
    return torch.Generator().manual_seed(seed)


def test_what_belongs_together_is_gathered_by_one_order() -> None:
    """24 points, the i-th at (i, i + 1/2): label 1 from 12 on, attributes are the bits of i, and the other of a pair lies across 0."""
    for kind in KINDS:
        batches, order = Batches(POINTS, kind, 10, seeded(5)), torch.randperm(24, generator=seeded(5))
        for at in (order[:10], order[10:20]):
            samples, *more = next(batches)
            assert samples[:, 0].tolist() == at.tolist()
            if kind is Labelled:
                assert more[0].tolist() == [int(i >= 12) for i in at]
            if kind is MultiDomain:
                assert more[0].dtype is torch.float32
                assert more[0].tolist() == [[i & 1, i >> 1 & 1, i >> 2 & 1] for i in at.tolist()]
            if kind is Paired:
                assert torch.equal(more[0], -samples)


def test_two_domains_have_an_order_each_and_epochs_of_their_own() -> None:
    """24 samples beside 15: in batches of 7 three and two an epoch. The first domain's order is drawn first."""
    data, rng = POINTS._replace(other=POINTS.other[:15]), seeded(2)
    batches = Batches(data, TwoDomain, 7, rng)
    drawn = seeded(2)
    a, b = torch.randperm(24, generator=drawn), torch.randperm(15, generator=drawn)
    for i in range(2):
        batch = next(batches)
        assert batch.a[:, 0].tolist() == a[7 * i:7 * i + 7].tolist()
        assert (-batch.b[:, 0]).tolist() == b[7 * i:7 * i + 7].tolist()
    third = next(batches)
    assert third.a[:, 0].tolist() == a[14:21].tolist()
    assert (-third.b[:, 0]).tolist() == torch.randperm(15, generator=drawn)[:7].tolist()


def test_a_few_labels_are_known_always_the_same_of_the_seed_and_the_others_are_drawn_as_ever() -> None:
    def drawn(seed: int, known: int | None = 6) -> list[SemiLabelled]:
        batches = Batches(POINTS, SemiLabelled, 8, seeded(1), known=known, seed=seed)
        return [next(batches) for _ in range(6)]

    def labels(batches: list[SemiLabelled]) -> dict[int, int]:
        return {int(x): int(y) for batch in batches for x, y in zip(batch.known[:, 0], batch.y, strict=True)}

    found = drawn(3)
    assert sorted(labels(found)) == sorted(torch.randperm(24, generator=seeded(3))[:6].tolist())
    assert all(y == (i >= 12) for i, y in labels(found).items())
    assert [len(batch.known) for batch in found] == [6] * 6, "all of them, for they are fewer than a batch"
    assert [len(batch.known) for batch in drawn(3, 20)] == [8] * 6
    assert labels(drawn(3)) == labels(found) != labels(drawn(4))
    assert labels(drawn(3, None)).keys() == set(range(24))
    first, plain = drawn(4), Batches(POINTS, Plain, 8, seeded(1))
    assert torch.equal(found[0].x, next(plain).x)
    assert all(torch.equal(a.x, b.x) for a, b in zip(found, first, strict=True)), "whichever are known"
    for wrong in (0, 25):
        with pytest.raises(Refused, match="between 1 and 24") as refused:
            Batches(POINTS, SemiLabelled, 8, seeded(), known=wrong)
        assert refused.value.field == "labels"


@pytest.mark.parametrize("kind", [kind for kind in KINDS if kind not in (SemiLabelled, Paired, TwoDomain)])       # a second order draws numbers, too
def test_samples_are_drawn_as_without_anything_beside_them(kind: type) -> None:
    """Labels and attributes take nothing of the run's numbers."""
    plain, other = (Batches(PICTURES, each, 7, seeded(4), noise=0.1, flip=True) for each in (Plain, kind))
    for _ in range(7):
        assert torch.equal(next(plain).x, next(other)[0])
    assert torch.equal(plain.generator.get_state(), other.generator.get_state())


def test_both_of_a_pair_are_mirrored_together_and_have_noise_of_their_own() -> None:
    """A picture beside its negative: scaled to [-1, 1], each is minus the other."""
    batches = Batches(PICTURES, Paired, 24, seeded(), flip=True)
    a, b = next(batches)
    assert torch.allclose(a, -b, atol=1e-6)
    falling = a[:, 0, 0, 0] > a[:, 0, 0, 3]
    assert 4 < falling.sum() < 20
    a, b = next(Batches(PICTURES, Paired, 24, seeded(), noise=0.2))
    assert (a + b).std() == pytest.approx(0.2 * 2 ** 0.5, rel=0.2)      # independent: variances add up


@pytest.mark.parametrize("before", [0, 1, 4, 9])
@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_goes_on_from_a_saved_file(kind: type, before: int) -> None:
    data = PICTURES._replace(other=PICTURES.other[:15]) if kind is TwoDomain else PICTURES
    made = dict(known=5, seed=2, noise=0.1, flip=True)
    first = Batches(data, kind, 5, seeded(7), **made)
    for _ in range(before):
        next(first)
    file = io.BytesIO()
    torch.save({**first.state(), "generator": first.generator.get_state()}, file)
    expected = [next(first) for _ in range(9)]
    file.seek(0)
    saved = torch.load(file, weights_only=True)
    assert saved.keys() == {"order", "position", "generator"} | ({"other_order", "other_position"} if kind in (TwoDomain, SemiLabelled) else set())
    second = Batches(data, kind, 5, seeded(99), **made)
    next(second)
    second.generator.set_state(saved.pop("generator"))
    second.load(saved)
    for batch in expected:
        assert all(torch.equal(a, b) for a, b in zip(batch, next(second), strict=True))


def test_a_position_of_other_data_or_batches_is_refused() -> None:
    one, two = Batches(POINTS, Plain, 4, seeded()), Batches(POINTS, TwoDomain, 4, seeded())
    with pytest.raises(KeyError, match="other_order"):
        two.load(one.state())
    next(two)
    with pytest.raises(ValueError, match="24 samples, the training set 15"):
        Batches(POINTS._replace(other=POINTS.other[:15]), TwoDomain, 4, seeded()).load(two.state())


def test_data_that_lack_a_field_are_refused_by_its_name() -> None:
    for kind, field in ((Labelled, "labels"), (Paired, "other"), (TwoDomain, "other"), (MultiDomain, "attributes")):
        with pytest.raises(ValueError, match=f"{kind.__name__} batches need .*{field}"):
            Batches(POINTS._replace(**{field: None}), kind, 4, seeded())
    with pytest.raises(ValueError, match="same length: 24, 15"):
        Batches(POINTS._replace(other=POINTS.other[:15]), Paired, 4, seeded())
    with pytest.raises(Refused, match="between 1 and 15"):
        Batches(POINTS._replace(other=POINTS.other[:15]), TwoDomain, 16, seeded())


def test_examples_have_the_shapes_and_kinds_of_real_batches() -> None:
    for data in (POINTS, PICTURES):
        for kind in KINDS:
            real, example = next(Batches(data, kind, 6, seeded())), kind.example(6, data.domain)
            assert [(part.shape, part.dtype) for part in example] == [(part.shape, part.dtype) for part in real]
            assert all(torch.equal(a, b) for a, b in zip(example, kind.example(6, data.domain), strict=True))
            assert len(kind._fields) == sum(map(len, kind.orders))
            assert example[0].abs().max() <= 1


def test_what_is_lacking_in_words() -> None:
    whole, bare, two = POINTS.domain, Domain(Shape(2)), Domain(Shape(2), other=Shape(2))
    assert whole.provides == ("samples that differ", "labels", "attributes", "a second domain", "pairs")
    assert (bare.provides, two.provides) == (("samples that differ",), ("samples that differ", "a second domain"))
    assert Domain(Shape(1, 16)).provides == ("images", "samples that differ")
    assert Domain(Shape(2, single=True)).provides == ()
    assert [lacking(kind.needs, whole) for kind in KINDS] == [""] * 6
    assert [lacking(kind.needs, bare) for kind in KINDS] == ["", "labels", "labels", "pairs", "a second domain", "attributes"]
    assert [kind.__name__ for kind in KINDS if not lacking(kind.needs, two)] == ["Plain", "TwoDomain"]
    assert needed(Plain, whole) == bare
    assert needed(Labelled, whole) == Domain(Shape(2), ("low", "high"))
    assert needed(TwoDomain, whole) == two
    assert needed(Paired, whole) == two._replace(paired=True)
    assert needed(MultiDomain, whole).attributes == ("odd", "second", "fourth")
    with pytest.raises(ValueError, match="Labelled batches need labels; this domain has none"):
        needed(Labelled, bare)
