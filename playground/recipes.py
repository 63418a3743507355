"""What the gallery's models are trained with: data, not code. To change one, edit it here; to train on, run `python -m playground.train_gallery`."""

from dataclasses import asdict, dataclass, field
from typing import Any

from models import ZOO, get
from models.kit.knobs import check
from playground import data
from playground.presets import preset


@dataclass(frozen=True)
class Recipe:
    """One model: the quick preset of a variant on a data set, with `changes` of its knobs."""

    variant: str
    data: str
    changes: dict[str, Any] = field(default_factory=dict)
    size: int = 0               # pixels; 0: the data set's own
    seed: int = 0
    every: int = 1000           # steps between two measures
    patience: int = 25          # measures without a better one, after which it goes on from the best with half its rates
    halvings: int = 4           # of the rates; another `patience` later it has ended

    @property
    def slug(self) -> str:
        return "-".join([self.variant, self.data, *([str(self.size)] if self.size else [])])

    def knobs(self) -> dict[str, Any]:
        """All of them. BadKnob names one that is unknown or out of its range."""
        return asdict(check(get(self.variant).Knobs, preset(self.variant, self.data, "quick")["knobs"] | self.changes))

    def pixels(self) -> int:
        """The size that data are loaded in; 0 for points."""
        return data.check_size(data.get(self.data), self.size)


RING = dict(changes=dict(batch=256, ema=0.998), every=250, patience=16)
CRITIC = dict(width_g=48, width_d=48, lr_g=1e-3, lr_d=1e-3, ema=0.9995)
REDRAWN = dict(width_g=56, width_d=24, z_dim=32, lr_g=1e-3, lr_d=1e-3, ema=0.9995)
COLOUR = dict(width_g=24, width_d=20, lr_g=1e-3, lr_d=1e-3, ema=0.999)
PICTURES = (("pixel_faces", 32), ("toon_heads", 0), ("smileys", 0))

RECIPES: dict[str, Recipe] = {recipe.slug: recipe for recipe in (
    Recipe("gan", "digits", CRITIC),
    Recipe("lsgan", "digits", CRITIC),
    Recipe("ls_gan", "digits", CRITIC),
    Recipe("wgan", "digits", CRITIC),
    Recipe("wgan_gp", "digits", CRITIC),
    Recipe("ebgan", "digits", REDRAWN),
    Recipe("ebgan_pt", "digits", REDRAWN),
    Recipe("magan", "digits", REDRAWN),
    Recipe("began", "digits", REDRAWN | dict(lr_g=5e-4, lr_d=5e-4, ema=0.999, batch=128)),
    *(Recipe(variant, "ring8", **RING) for variant in ZOO),
    *(Recipe(variant, name, COLOUR, size) for variant in ("began", "ebgan") for name, size in PICTURES),
    Recipe("ebgan", "toon_heads", COLOUR | dict(width_g=16, width_d=12, code=48), size=64),
)}
