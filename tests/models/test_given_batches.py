"""What variants are given: labels, or two domains, where they ask for them; and nothing else, where they do not."""

from collections.abc import Iterator

import pytest
import torch
from probes import PROBES, Conditional, in_zoo, sets

import models
from models.kit.batch import Domain, Plain, Shape
from models.kit.gan import Latent
from playground import data
from playground.inspection.step_trace import StepTrace
from playground.specs.check import check
from playground.specs.cost import bytes_needed, counted
from playground.training.build import domain_of, gan_of, trainer_of
from playground.training.trainer import Trainer
from playground.training.transfer import misfit
from playground.types import Refused, Spec
from playground.worker.thread_count import timed

SMALL = {"width_g": 8, "width_d": 8, "batch": 8}
ASKED = {"conditional": ("digits", 16), "few_labels": ("digits", 16), "translation": ("two", 0)}
VARIANTS = tuple(models.ZOO)


@pytest.fixture(autouse=True)
def probes(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    in_zoo(monkeypatch)
    with sets():
        yield


def spec(variant: str, of: str = "", size: int | None = None, **options: object) -> Spec:
    known, pixels = ASKED.get(variant, ("digits", 16))
    return check({"variant": variant, "data": of or known, "size": pixels if size is None else size, "knobs": SMALL, "seed": 5, "options": options})


def trainer(asked: Spec, loaded: data.Data | None = None, kind: type[Trainer] = Trainer) -> Trainer:
    return trainer_of(asked, loaded or data.load(asked.data, asked.size, asked.options), kind)


def rows(made: Trainer, steps: int) -> dict[str, list]:
    for _ in range(steps):
        made.advance()
    return made.flush()


def same(a: Trainer, b: Trainer) -> bool:
    one, two = a.state()[0], b.state()[0]
    return one.keys() == two.keys() and all(torch.equal(one[name], two[name]) for name in one)


@pytest.mark.parametrize("variant", PROBES)
def test_a_variant_that_asks_for_more_trains_and_resumes_to_the_last_bit(variant: str) -> None:
    asked = spec(variant)
    straight, first = trainer(asked), trainer(asked)
    whole, began = rows(straight, 6), rows(first, 3)
    second = trainer(asked)
    second.load(*first.state())
    assert {name: began[name] + column for name, column in rows(second, 3).items()} == whole
    assert same(second, straight)
    assert all(torch.tensor(column).isfinite().all() for column in whole.values())
    assert len(set(whole["loss/d"])) == 6


def test_labels_reach_who_asks_for_them_in_the_order_of_the_samples() -> None:
    seen = []

    class Watching(Conditional):
        def judged(self, x, y):
            seen.append((x, y))
            return super().judged(x, y)

    digits, asked = data.load("digits", 16), spec("conditional")
    models.ZOO["conditional"] = Watching            # taken back with the fixture's
    rows(trainer(asked), 1)
    x, y = seen[0]
    order = torch.randperm(len(digits.train), generator=torch.Generator().manual_seed(5))[:8]
    assert torch.equal(y, digits.labels[order])
    assert torch.allclose(x, digits.train[order] / 127.5 - 1, atol=1e-6)


def test_few_labels_are_known_and_the_rest_is_drawn_as_with_all() -> None:
    asked = spec("few_labels")
    batches = trainer(asked).batches
    found = torch.cat([next(batches).known for _ in range(25)])
    assert len(found.flatten(1).unique(dim=0)) == 100
    assert torch.equal(next(trainer(asked).batches).x, next(trainer(spec("conditional")).batches).x)


class Poison:
    """Breaks whatever it is used for."""

    def __getattribute__(self, name: str) -> None:
        raise AssertionError(f"{name} of what no variant may see was asked for")


@pytest.mark.parametrize("variant", [id for id in VARIANTS if models.get(id).batch is Plain])
def test_labels_never_reach_a_variant_that_asks_for_samples_alone(variant: str) -> None:
    asked, loaded = spec(variant), data.load("digits", 16)
    poisoned = loaded._replace(**dict.fromkeys(("labels", "held_labels", "attributes", "held_attributes", "other", "held_other"), Poison()))
    clean, other = trainer(asked, loaded), trainer(asked, poisoned)
    assert rows(clean, 3) == rows(other, 3)
    assert same(clean, other)
    assert clean.gan.domain == Domain(loaded.shape)                 # nor do the names of classes
    assert clean.batches.state().keys() == {"order", "position"}    # as checkpoints have had them from the first


@pytest.mark.parametrize(("variant", "of", "words"), [
    ("conditional", "swiss_roll", "Conditional needs labels; Swiss roll has none"),
    ("few_labels", "toon_heads", "FewLabels needs labels; Toon heads has none"),
    ("translation", "digits", "Translation needs a second domain; Digits has none")])
def test_a_variant_on_data_that_lack_what_it_needs_is_refused_by_both_names(variant: str, of: str, words: str) -> None:
    with pytest.raises(Refused) as refused:
        check({"variant": variant, "data": of})
    assert (refused.value.field, str(refused.value)) == ("data", words)
    with pytest.raises(ValueError, match="this domain has none"):
        domain_of(Spec(variant, of, {}))
    with pytest.raises(ValueError, match="this domain has none"):
        PROBES[variant](Domain(Shape(2)), PROBES[variant].Knobs(), None)


@pytest.mark.parametrize("variant", PROBES)
def test_estimates_and_trials_take_the_variant_s_own_batches(variant: str) -> None:
    asked, steps = spec(variant), iter([False] * 4)
    count = counted(asked)
    assert count.flops > 0
    assert count.weights == sum(t.numel() * t.element_size() for t in gan_of(asked).state_dict().values())
    assert bytes_needed(asked) > count.weights
    assert len(timed(asked, 1, lambda: next(steps, True))) == 3


def test_slow_motion_shows_the_first_of_a_batch() -> None:
    """A variant that scores samples alone, though it is given labels."""
    class Watched(Latent):
        batch, title, scalars = Conditional.batch, "Watched", Conditional.scalars
        formula, parts = ("L_D", "L_G"), ()

        def step(self, batches):
            yield from models.get("gan").step(self, (Plain(batch[0]) for batch in batches))

    models.ZOO["conditional"] = Watched
    Watched.Knobs = models.get("gan").Knobs
    trace = trainer(spec("conditional"), kind=StepTrace)
    trace.advance()
    assert trace.x.shape == (8, 1, 16, 16)


def test_a_fork_between_one_order_and_two_is_refused_in_words() -> None:
    two, one = gan_of(spec("translation")), gan_of(spec("gan", "two", 0))
    assert misfit(one, two) == "Translation draws its data in another way than GAN"
    assert not misfit(one, one)
