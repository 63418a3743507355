"""What the gallery's models are trained with: `recipes` of the variants' cards. To train on: `python -m playground.tools.train_gallery`."""

from models import ZOO, card, get
from models.kit import card as cards
from models.kit.knobs import Common, check
from playground import data
from playground.specs.presets import preset


class Recipe(cards.Recipe):
    """One model that a card asks for, with its name, its knobs and its size."""

    @property
    def slug(self) -> str:
        """The model's name: variant, data and, for images, size."""
        return "-".join([self.variant, self.data, *([str(self.size)] if self.size else [])])

    def knobs(self, step: int = 0) -> Common:
        """All of them, at a step. BadKnob names one that is unknown or out of its range."""
        changed = preset(self.variant, self.data, "quick")["knobs"] | self.changes
        for at, changes in sorted(self.later.items()):
            changed |= changes if step >= at else {}
        return check(get(self.variant).Knobs, changed)

    def pixels(self) -> int:
        """The size that data are loaded in; 0 for points."""
        return data.check_size(data.get(self.data), self.size)


RECIPES: dict[str, Recipe] = {recipe.slug: recipe for variant in ZOO for recipe in (Recipe(**vars(entry)) for entry in card(variant).recipes)}
