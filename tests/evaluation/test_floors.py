"""What real data reach against real data is a mean over draws with its deviation: no lucky draw, and no run waits for it."""

import json
import re
import shutil
import statistics

import pytest
import torch

from bench.learns import TOLD, shown
from playground import data
from playground.artifacts import model_card
from playground.artifacts.gallery import GRID, README, Gallery
from playground.evaluation import features as extractor
from playground.evaluation import suite
from playground.evaluation.floors import DRAWS, FILE, SHIPPED, key, shipped, summarised
from playground.evaluation.suite import CLASSES, Quality
from playground.store.history import History
from playground.store.journal import Journal
from playground.store.models import Models
from playground.store.run_summaries import summary_fields
from playground.tools.draw_floors import cards, places
from playground.tools.gallery_recipes import RECIPES

RING = data.load("ring8")


@pytest.mark.parametrize(("name", "size", "measure"), [
    ("ring8", 0, "distance/energy"), ("ring8", 0, "modes/share"), ("pixel_faces", 16, "quality/sw"), ("digits", 28, "quality/fd")])
def test_what_ships_is_what_other_draws_give(name, size, measure):
    """Ten draws that were none of those that were kept."""
    against = suite.quality_of(name, size)
    best, found = against.best, [against.draw(1000 + i)[measure] for i in range(10)]
    assert best.draws >= 50
    assert statistics.fmean(found) == pytest.approx(best.mean[measure], abs=4 * best.deviation[measure] / 10 ** 0.5)
    assert statistics.stdev(found) < 3 * best.deviation[measure]


def test_the_floor_of_digits_is_no_lucky_draw():
    best = suite.quality_of("digits").best
    assert 0.2 < best.mean["quality/fd"] < 0.3
    assert 0.04 < best.deviation["quality/fd"] < 0.1


def test_all_data_that_ship_have_floors_at_every_size_for_as_many_samples_as_are_measured():
    for name, size in places():
        of, classifier = data.load(name, size), extractor.load().name if name == CLASSES else ""
        n = min(suite.POINTS if of.shape.is_points else suite.IMAGES, len(of.held), len(of.train))
        found = shipped(name, size, n, classifier)
        assert found is not None, key(name, size)
        assert found.draws >= SHIPPED, key(name, size)
        assert found.mean.keys() == found.deviation.keys(), key(name, size)
    assert json.loads(FILE.read_text()).keys() == {key(*place) for place in places()}


def test_every_card_that_ships_says_what_is_known_now(tmp_path):
    folder = FILE.parent / "gallery"
    there = Gallery(folder, Models(tmp_path)).shipped
    assert set(there) == set(RECIPES)
    for entry in there.values():
        assert entry.card() == model_card.card(entry.about, GRID), entry.id
        rows = re.findall(r"^\| `(\w+/\w+)` \| [^|]+ \| ([^|]*) \|", entry.card(), re.MULTILINE)
        best = json.loads(FILE.read_text())[key(entry.about.data, entry.about.size)]
        assert [name for name, _ in rows] == list(entry.about.quality)
        known = {name: f"{best['mean'][name]:.4g} ± {best['deviation'][name]:.2g}" for name in best["mean"]}
        assert dict(rows) == {name: known.get(name, "") for name, _ in rows}, entry.id


def test_only_cards_that_say_something_else_are_written_anew(tmp_path):
    shutil.copytree(FILE.parent / "gallery" / "gan-ring8", tmp_path / "gan-ring8")
    whole = (tmp_path / "gan-ring8" / README).read_text()
    assert cards(tmp_path) == []
    (tmp_path / "gan-ring8" / README).write_text(whole.replace(" ± ", " "))
    assert cards(tmp_path) == ["gan-ring8"]
    assert (tmp_path / "gan-ring8" / README).read_text() == whole


def test_the_bench_of_what_is_learned_prints_them_beneath_its_figures():
    made = [{"variant": "gan", "data": "digits", "seed": seed, "seconds": 120, "quality/fd": 3 + seed / 10} for seed in (2, 0, 1)]
    said = shown([{"speed": 50.0, "variant": "gan", "data": "digits"}, *made])
    assert "| digits: quality/fd | 15 s | 30 s | 60 s | 120 s |\n| --- | --- | --- | --- | --- |\n| GAN |  |  |  | 3, 3.1, 3.2 |\n" in said
    for name in ("ring8", "moons", "digits@28", "pixel_faces@16"):
        floor, measure = json.loads(FILE.read_text())[name], TOLD[name.split("@")[0]]
        assert f"| real against real | {floor['mean'][measure]:.4g} ± {floor['deviation'][measure]:.2g} over {floor['draws']} draws |" in said


def test_what_is_kept_counts_for_the_same_samples_and_features_alone():
    known = json.loads(FILE.read_text())
    assert {"digits@28", "pixel_faces@16", "ring8", "moons"} <= set(known)
    n, extractor = known["digits@28"]["n"], known["digits@28"]["extractor"]
    assert shipped("digits", 28, n, extractor).draws >= 50
    assert shipped("digits", 28, n - 1, extractor) is shipped("digits", 28, n, "another") is shipped("own", 28, n, extractor) is None


def test_where_it_ships_nothing_is_drawn_at_a_run_s_start(monkeypatch):
    monkeypatch.setattr(Quality, "draw", lambda self, i: pytest.fail("drawn"))
    known = summarised([{"sample/std": 1.0}, {"sample/std": 3.0}])
    assert Quality(RING, {}, ships=lambda n, extractor: known).best == ({"sample/std": 2.0}, {"sample/std": 2 ** 0.5}, 2)


def test_elsewhere_one_draw_is_made_and_others_beside_the_measures():
    few = RING._replace(train=RING.train[:300], held=RING.held[:100])
    against = Quality(few, {})
    first = against.best
    assert (first.draws, first.deviation, first.mean) == (1, {}, against.draw(0))
    for _ in range(DRAWS - 2):
        against.refine()
    assert against.best is first
    for _ in range(3):
        against.refine()
    draws = [against.draw(i)["distance/energy"] for i in range(DRAWS)]
    assert against.best.draws == DRAWS
    assert against.best.mean["distance/energy"] == pytest.approx(statistics.fmean(draws))
    assert against.best.deviation["distance/energy"] == pytest.approx(statistics.stdev(draws))
    assert statistics.stdev(draws) > 0


def test_a_draw_is_of_other_samples_and_always_the_same():
    against = suite.quality_of("ring8")
    assert against.draw(3) == against.draw(3) != against.draw(4)
    assert torch.equal(RING.train, against.train)


def test_a_journal_of_before_shows_its_single_number(tmp_path):
    journal = Journal(tmp_path / "events.jsonl")
    old = {"quality": {"floors": {"quality/fd": 0.1512345}, "extractor": "x", "n": 1000, "seed": 3}}
    journal.append(old)
    assert History(journal).refresh().floors() == {"floors": {"quality/fd": 0.1512}, "extractor": "x", "n": 1000, "seed": 3}
    assert (summary_fields([old])["floors"], summary_fields([old])["deviations"]) == ({"quality/fd": 0.1512345}, {})
    journal.append({"quality": old["quality"] | {"floors": {"quality/fd": 0.25}, "deviations": {"quality/fd": 0.0678912}, "draws": 30}})
    assert History(journal).refresh().floors()["deviations"] == {"quality/fd": 0.06789}
    journal.close()
