"""What the gallery's models are trained with: data, not code. To train on after a change: `python -m playground.tools.train_gallery`."""

from dataclasses import dataclass, field
from typing import Any

from models import ZOO, get
from models.kit.knobs import Common, check
from playground import data
from playground.specs.presets import BEGAN_FACES, preset


@dataclass(frozen=True)
class Recipe:
    """One model: the quick preset of a variant on a data set, with `changes` of its knobs, and of live ones `later`, from these steps on."""

    variant: str
    data: str
    changes: dict[str, Any] = field(default_factory=dict)
    later: dict[int, dict[str, Any]] = field(default_factory=dict)
    size: int = 0               # pixels; 0: the data set's own
    seed: int = 0
    every: int = 500            # steps between two measures
    patience: int = 4           # measures without a better one, after which it goes on from the best with half its rates
    halvings: int = 4           # of the rates; another `patience` later it has ended

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


RING = dict(batch=256, ema=0.998)
CRITIC = dict(width_g=48, width_d=48, hidden_d=64, lr_g=1e-3, lr_d=1e-3, ema=0.9995)
NORMED = CRITIC | dict(spectral=True)           # without it D learns the 8,000 digits by heart once it sees them as wholes
REDRAWN = dict(width_g=48, width_d=24, hidden_d=96, spectral=True, z_dim=32, lr_g=1e-3, lr_d=1e-3, ema=0.9995)
COLOUR = dict(width_g=24, width_d=16, hidden_d=64, spectral=True, ema=0.999)
SLOW = {name: value for name, value in BEGAN_FACES.items() if name != "steps"} | dict(
    width_g=32, width_d=16, batch=64, lr_g=4e-4, lr_d=2e-4, gamma=1.2, lambda_k=2e-3, k0=0.0, z="shared", ema=0.999)
PICTURES = (("pixel_faces", 32), ("toon_heads", 0), ("smileys", 0))

RECIPES: dict[str, Recipe] = {recipe.slug: recipe for recipe in (
    Recipe("gan", "digits", NORMED),
    Recipe("lsgan", "digits", NORMED),
    Recipe("ls_gan", "digits", NORMED | dict(gp=0.0)),                  # two ways to keep D Lipschitz are one too many
    Recipe("wgan", "digits", NORMED | dict(lr_g=2e-3, clip=0.1)),         # its clip alone leaves a critic too weak to tell
    Recipe("wgan_gp", "digits", CRITIC | dict(hidden_d=0, n_critic=2)),
    Recipe("ebgan", "digits", REDRAWN),
    Recipe("ebgan_pt", "digits", REDRAWN),
    Recipe("magan", "digits", REDRAWN | dict(epoch_len=250)),           # whole epochs between two measures, as `go_back` wants
    Recipe("began", "digits", dict(hidden_d=96, code=20, halve_lr=800)),        # few numbers: its D reconstructs digits and little else
    *(Recipe(variant, "ring8", RING | (dict(epoch_len=250) if variant == "magan" else {}), every=250, patience=8) for variant in ZOO),
    *(Recipe("began", name, SLOW, size=size) for name, size in PICTURES),
    *(Recipe("ebgan", name, COLOUR, size=size) for name, size in PICTURES),
    Recipe("ebgan", "toon_heads", COLOUR | dict(width_g=16, width_d=12, hidden_d=56, code=48), size=64),
)}
