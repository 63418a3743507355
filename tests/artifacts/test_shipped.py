"""The models that ship: whole, small, and as good as they say."""

import pytest
import torch

from models import ZOO, card, get
from models.kit.knobs import check
from playground.artifacts import model_card
from playground.artifacts.gallery import FILE, GRID, README
from playground.artifacts.model_file import unpack
from playground.evaluation import suite
from playground.tools.gallery_recipes import RECIPES
from playground.tools.train_gallery import OUT, TOLD, fakes

MOST, IN_ALL = 4_000_000, 60_000_000        # bytes
SHIPPED = sorted(folder.name for folder in OUT.iterdir())


def test_every_recipe_has_its_model_and_all_are_small():
    assert set(SHIPPED) == set(RECIPES)
    assert {f"{variant}-digits" for variant in ZOO if card(variant).recipes} <= set(SHIPPED)
    assert {f"{variant}-{data}" for variant in ("began", "ebgan") for data in ("smileys", "pixel_faces-32", "toon_heads")} <= set(SHIPPED)
    assert {file.name for folder in OUT.iterdir() for file in folder.iterdir()} == {FILE, GRID, README}
    assert max((folder / FILE).stat().st_size for folder in OUT.iterdir()) <= MOST
    assert sum(file.stat().st_size for folder in OUT.iterdir() for file in folder.iterdir()) <= IN_ALL


@pytest.mark.parametrize("slug", SHIPPED)
def test_a_model_is_what_its_recipe_makes(slug):
    recipe, about = RECIPES[slug], unpack((OUT / slug / FILE).read_bytes()).about
    assert (about.variant, about.data, about.size, about.seed, about.name) == (recipe.variant, recipe.data, recipe.pixels(), recipe.seed, "")
    assert check(get(about.variant).Knobs, about.knobs) == recipe.knobs(about.step)
    assert about.step > 0
    assert about.licence or about.shape.is_points
    assert {name for name, told in about.quality.items() if "floor" in told}
    assert about.measured["seed"] == TOLD
    readme = (OUT / slug / README).read_text()
    assert readme == model_card.card(about, GRID)
    assert f"{about.step:,}" in readme
    assert readme.startswith("---\nlicense: ")


@pytest.mark.parametrize("slug", ["began-digits", "gan-ring8", "dcgan-digits"])
def test_a_model_is_as_good_as_it_says(slug):
    recipe, model = RECIPES[slug], unpack((OUT / slug / FILE).read_bytes())
    against, noise = suite.quality_of(recipe.data, recipe.pixels()), torch.Generator().manual_seed(TOLD)
    found = against.measure(fakes(model.gan, suite.code_of(model.gan, against, noise)))
    for name, told in model.about.quality.items():
        assert found[name] == pytest.approx(told["value"], rel=0.02, abs=0.01), name
