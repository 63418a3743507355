"""How found categories fit known classes, on counts worked out by hand and on sets of which it is known."""

import math

import pytest
import torch

from playground.evaluation import metrics


def test_samples_are_counted_by_category_and_class() -> None:
    found = metrics.confusion(torch.tensor([0, 0, 2, 2, 2]), torch.tensor([1, 1, 0, 1, 0]), 3, 2)
    assert found.tolist() == [[0, 2], [0, 0], [2, 1]]
    assert metrics.assignment(found) == {0: 1, 2: 0}
    assert metrics.cluster_accuracy(found) == pytest.approx(4 / 5)


def test_the_best_assignment_is_not_each_row_s_largest() -> None:
    counts = torch.tensor([[10, 9], [9, 0]])
    assert metrics.assignment(counts) == {0: 1, 1: 0}
    assert metrics.cluster_accuracy(counts) == pytest.approx(18 / 28)


@pytest.mark.parametrize(("counts", "accuracy", "nmi"), [
    ([[0, 5], [5, 0]], 1.0, 1.0),                       # whatever they are called
    ([[5, 5], [5, 5]], 0.5, 0.0),
    ([[5, 5]], 0.5, 0.0),                               # one category for all
    ([[4, 0], [4, 0], [0, 4], [0, 4]], 0.5, 2 / 3),     # two for each class: information log 2, entropies log 4 and log 2
    ([[7]], 1.0, 0.0)])
def test_accuracy_and_information_of_counts(counts: list[list[int]], accuracy: float, nmi: float) -> None:
    table = torch.tensor(counts)
    assert metrics.cluster_accuracy(table) == pytest.approx(accuracy)
    assert metrics.normalised_information(table) == pytest.approx(nmi, abs=1e-12)
    assert metrics.normalised_information(table.T) == pytest.approx(nmi, abs=1e-12)


def test_categories_at_random_tell_nothing_and_names_do_not_matter() -> None:
    rng = torch.Generator().manual_seed(0)
    labels = torch.randint(10, (5000,), generator=rng)
    chance = metrics.confusion(torch.randint(10, (5000,), generator=rng), labels, 10, 10)
    assert metrics.cluster_accuracy(chance) < 0.16
    assert metrics.normalised_information(chance) < 0.02
    named = metrics.confusion(torch.randperm(10, generator=rng)[labels], labels, 10, 10)
    assert metrics.cluster_accuracy(named) == 1.0
    assert metrics.normalised_information(named) == pytest.approx(1.0)


def test_without_samples_there_is_no_share() -> None:
    none = torch.zeros(3, 3, dtype=torch.int64)
    assert math.isnan(metrics.cluster_accuracy(none))
    assert math.isnan(metrics.normalised_information(none))
