"""A variant is two files, its module and its card: what a card may say, how it is refused, and that a copied variant is accepted as it is."""

import os
import re
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest

import models
from models import CARDS, ZOO, card
from models.kit.card import Card, Notes, Recipe, read
from models.kit.gan import LatentKnobs
from models.kit.knobs import knob
from models.kit.tables import SHARED, BadCard

ROOT = Path(__file__).parents[2]
FOLDER = ROOT / "models" / "cards"
GENERAL = """
[ring]
batch = 32
steps = 500
lr_g = 1e-3
[wide]
base = "ring"
width_g = 64
[circle]
base = "round"
[round]
base = "circle"
[lost]
base = "nowhere"
[energetic]
margin = 1.0
"""
WHOLE = """
[notes]
good = "rings"
bad = "faces"
warns = { grid25 = "It fails." }
[sets.mine]
base = "wide"
lr_g = 1e-2
[presets.points.quick]
base = "mine"
steps = 700
size = 16
[presets.any.paper]
[tests]
short = { base = "wide" }
learns = { n_d = 2 }
learns_on_points = { skip = false }
[[recipes]]
data = "digits"
changes = { base = "mine", lr_d = 1e-3 }
later = { 400 = { lr_g = 1e-4 } }
every = 250
"""


def test_each_variant_has_a_card_and_each_card_a_variant():
    assert {path.name for path in FOLDER.iterdir()} == {SHARED} | {f"{variant}.toml" for variant in ZOO}
    for variant in ZOO:
        assert isinstance(card(variant), Card)
        assert card(variant) is card(variant)
    with pytest.raises(KeyError, match="did you mean wgan_gp"):
        card("wgan_pg")


def test_each_set_is_the_base_of_something():
    texts = {path: path.read_text() for path in FOLDER.iterdir()}
    assert all(text.count("\n") <= 250 and max(map(len, text.splitlines())) <= 150 for text in texts.values())
    used = {name for text in texts.values() for name in re.findall(r'base = "(\w+)"', text)}
    assert set(re.findall(r"^\[(\w+)\]", texts[FOLDER / SHARED], re.MULTILINE)) <= used
    for text in texts.values():
        assert set(re.findall(r"^\[sets\.(\w+)\]", text, re.MULTILINE)) <= set(re.findall(r'base = "(\w+)"', text))


def written(folder: Path, text: str) -> Path:
    """models/cards in `folder`, with the card gan.toml."""
    cards = folder / "models" / "cards"
    cards.mkdir(parents=True)
    (cards / SHARED).write_text(GENERAL)
    (cards / "gan.toml").write_text(text)
    return cards


def test_a_card_is_read_as_it_stands_over_its_bases(tmp_path):
    mine = dict(batch=32, lr_g=1e-2, width_g=64)
    assert read(written(tmp_path, WHOLE), "gan", ZOO["gan"].Knobs) == Card(
        Notes("rings", "faces", {"grid25": "It fails."}),
        {"points": {"quick": dict(mine, steps=700, size=16)}, "any": {"paper": {}}},
        (Recipe("gan", "digits", dict(mine, lr_d=1e-3), {400: dict(lr_g=1e-4)}, every=250),),
        short=dict(batch=32, lr_g=1e-3, width_g=64), learns=dict(n_d=2), learns_on_points=dict(skip=False))
    assert read(written(tmp_path / "empty", ""), "gan", ZOO["gan"].Knobs) == Card()


@pytest.mark.parametrize(("text", "says"), [
    ("[note]", "the card: there is no key 'note'; there are notes, presets, recipes, tests, sets"),
    ("presets = 7", "presets: must be a table"), ("[presets]\nany = 7", "presets.any: must be a table"),
    ("[presets.any]\nquick = 'fast'", "presets.any.quick: must be a table"),
    ("[presets.any.quick]\ngama = 1", "presets.any.quick: there is no knob 'gama'; there are lr_g, lr_d, batch, "),
    ("[presets.any.quick]\nlr_g = 1", "presets.any.quick: lr_g must lie between 1e-05 and 0.1"),
    ("[presets.any.quick]\nspectral = 1", "presets.any.quick: spectral must be true or false"),
    ("[presets.any.quick]\nsteps = 1.5", "presets.any.quick.steps: must be a whole number between 1 and 1,000,000"),
    ("[presets.any.quick]\nsteps = true", "presets.any.quick.steps: must be a whole number between 1 and 1,000,000"),
    ("[presets.any.quick]\nsize = 4", "presets.any.quick.size: must be a whole number between 8 and 256"),
    ("[presets.any.quick]\nbase = 'rings'", "presets.any.quick: there is no set 'rings' for its base; there are ring, wide, "),
    ("[presets.any.quick]\nbase = ['ring']", "presets.any.quick: there is no set ['ring'] for its base; there are ring, "),
    ("[presets.any.quick]\nbase = 'lost'", "the set lost: there is no set 'nowhere' for its base; there are ring, "),
    ("[presets.any.quick]\nbase = 'circle'", "the set round: the set circle is a base of itself"),
    ("[presets.any.quick]\nbase = 'energetic'", "presets.any.quick: there is no knob 'margin'; there are lr_g, "),
    ("[sets]\nring = { batch = 16 }", "sets.ring: shared.toml has a set of this name; choose another"),
    ("[sets]\nmine = 7\n[presets.any.quick]\nbase = 'mine'", "the set mine: must be a table"),
    ("[notes]\ngood = 'rings'", "notes.bad: must be a text that is not empty"),
    ("[notes]\ngood = ' '\nbad = 'faces'", "notes.good: must be a text that is not empty"),
    ("[notes]\nbest = 'rings'", "notes: there is no key 'best'; there are good, bad, warns"),
    ("[notes]\ngood = 'a'\nbad = 'b'\nwarns = { any = 7 }", "notes.warns.any: must be a text that is not empty"),
    ("[tests]\nlearn = {}", "tests: there is no key 'learn'; there are short, learns, learns_on_points"),
    ("[tests]\nlearns = { steps = 100 }", "tests.learns: there is no knob 'steps'; there are lr_g, "),
    ("[tests]\nshort = { batch = 1 }", "tests.short: batch must lie between 4 and 1024"),
    ("recipes = 7", "recipes: must be a list: each stands under [[recipes]]"), ("recipes = [7]", "recipes[0]: must be a table"),
    ("[[recipes]]\nsize = 16", "recipes[0].data: must be a text that is not empty"),
    ("[[recipes]]\ndata = 'digits'\n[[recipes]]\nvariant = 'gan'", "recipes[1]: there is no key 'variant'; there are data, changes, later, size, "),
    ("[[recipes]]\ndata = 'digits'\nevery = 0", "recipes[0].every: must be a whole number between 1 and 100,000"),
    ("[[recipes]]\ndata = 'digits'\nchanges = { steps = 9 }", "recipes[0].changes: there is no knob 'steps'; there are "),
    ("[[recipes]]\ndata = 'digits'\nlater = { soon = {} }", "recipes[0].later: 'soon' must be a step: a whole number of at least 0"),
    ("[[recipes]]\ndata = 'digits'\nlater = { 9 = { lr_g = 1 } }", "recipes[0].later.9: lr_g must lie between 1e-05 and 0.1")])
def test_what_is_wrong_is_named_by_file_key_and_what_is_allowed(tmp_path, text, says):
    with pytest.raises(BadCard) as found:
        read(written(tmp_path, text), "gan", ZOO["gan"].Knobs)
    assert str(found.value).startswith(f"models/cards/gan.toml: {says}")


def test_a_card_that_is_missing_or_no_toml_is_named(tmp_path, monkeypatch):
    cards = written(tmp_path, "[notes")
    with pytest.raises(BadCard, match=r"^models/cards/gan\.toml: .*\(at (line 1|end of)"):
        read(cards, "gan", ZOO["gan"].Knobs)
    (cards / "gan.toml").write_bytes(b"\xff")
    with pytest.raises(BadCard, match=r"^models/cards/gan\.toml: .* decode"):
        read(cards, "gan", ZOO["gan"].Knobs)
    monkeypatch.setitem(ZOO, "cardless", ZOO["gan"])
    with pytest.raises(BadCard, match=r"^models/cards/cardless\.toml is missing: every variant has a card$"):
        models.card("cardless")
    assert "cardless" not in CARDS


def test_the_card_that_the_readme_shows_is_one(tmp_path):
    @dataclass(frozen=True)
    class Knobs(LatentKnobs):
        weight: float = knob(1.0, 0.0, 10.0, help="how much it counts")

    (block,) = re.findall(r"```toml\n(.*?)```", (ROOT / "models" / "README.md").read_text(), re.DOTALL)
    cards = written(tmp_path, block)
    shutil.copy(FOLDER / SHARED, cards)
    assert read(cards, "gan", Knobs).presets["points"]["quick"]["weight"] == 2.0


TWIN = "lsgan_twin"
WHERE = ("specs/test_presets.py", "specs/test_check.py", "guidance/test_advice.py", "models/test_cards.py", "models/test_zoo.py",
         "models/test_kit.py", "models/test_bands.py", "models/test_byhand.py", "inspection/test_look.py", "inspection/test_slow_sums.py",
         "ui/handlers/test_catalogue.py", "artifacts/test_shipped.py", "tools/test_train_gallery.py", "test_glossary.py", "test_house.py")
OF_ALL = ("each_variant_has_a_card", "each_set", "cards_name_only_places", "readme_tells_of", "levels_have", "near_misses", "choice_of_every_knob",
          "families", "every_recipe_has", "gallery_is_whole", "declarations_say", "variants_import", "files_are_short", "no_reason")
SLOW = ("resume", "every_size", "never_waits")          # of one variant more than a second


def test_a_variant_that_is_copied_with_its_card_is_accepted_and_nothing_else_changes(tmp_path):
    """The tests of whatever is in the zoo, on a copy of this checkout in which LSGAN has a twin; without models that would ship."""
    for name in ("models", "playground", "tests"):
        shutil.copytree(ROOT / name, tmp_path / name, ignore=shutil.ignore_patterns("__pycache__", "vendor", "recorded"))
    for name in ("assets", "app.py", "pyproject.toml"):
        (tmp_path / name).symlink_to(ROOT / name)
    (tmp_path / "tests" / "recorded").symlink_to(ROOT / "tests" / "recorded")
    shutil.copy(ROOT / "models" / "lsgan.py", tmp_path / "models" / f"{TWIN}.py")
    (tmp_path / "models" / "cards" / f"{TWIN}.toml").write_text((FOLDER / "lsgan.toml").read_text().split("[[recipes]]")[0])
    env = {name: value for name, value in os.environ.items() if not name.startswith(("PYTEST_", "PYTHONPATH"))}
    command = [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", "--basetemp", str(tmp_path / "temp"), "-k",
               f"({TWIN} or {' or '.join(OF_ALL)}) and not ({' or '.join(SLOW)})", *(f"tests/{file}" for file in WHERE)]
    made = subprocess.run(command, cwd=tmp_path, env=env, capture_output=True, text=True, timeout=280)
    assert made.returncode == 0, made.stdout[-4000:] + made.stderr[-2000:]
    assert int(re.search(r"(\d+) passed", made.stdout)[1]) > 60
