"""The pictures that ship with the playground. Licences and credits: assets/data/NOTICE.md."""

from collections.abc import Callable
from dataclasses import dataclass

import torch

from models.kit.batch import Shape
from models.kit.knobs import knob
from playground.data.options import ColourOptions
from playground.data.registry import Data, dataset
from playground.data.sources.packs import read, split

FLUENT = dict(kind="images", sizes=(32, 64, 16), channels=3, licence="MIT", credit="Microsoft Fluent Emoji")
GROUPS = {"animals": "Animals & Nature", "food": "Food & Drink", "people": "People & Body", "smileys": "Smileys & Emotion", "objects": "Objects",
          "travel": "Travel & Places", "activities": "Activities", "symbols": "Symbols", "flags": "Flags"}


HAIR = ("#009bbd", "#28150a", "#603015", "#603a14", "#611c17", "#612616", "#83623b", "#91cb15", "#a78961", "#bd1700", "#cab188")
ATTRIBUTES = ("glasses", "beard", "hat")    # of pixel faces, as their pack names them


@dataclass(frozen=True)
class EmojiOptions(ColourOptions):
    """Options of the emoji set: its group, besides those of colour pictures."""

    group: str = knob("animals", choices=tuple(GROUPS), help="342 people to 85 activities, and 8 flags; all groups at once hardly repeat a shape")


@dataset(id="digits", title="Digits", kind="images", sizes=(28, 16, 32), channels=1, samples=8000, help="10,000 handwritten digits",
         licence="CC BY-SA 3.0", credit="MNIST, LeCun, Cortes & Burges", classes=tuple("0123456789"))
def digits(size: int) -> Data:
    """MNIST digits, (N, 1, size, size), labelled 0 to 9."""
    x, about = read("mnist10k_28", "L")
    return split(x, torch.arange(10).repeat_interleave(torch.tensor(about["counts"])), Shape(1, size))


@dataset(id="pixel_faces", title="Pixel faces", kind="images", sizes=(16, 32), channels=3, samples=8000,
         help="10,000 pixel-art faces: hair, skin, glasses, beards, hats", licence="CC0 1.0", credit="DiceBear Pixel Art by Florian Körner",
         classes=HAIR, attributes=ATTRIBUTES)
def pixel_faces(size: int) -> Data:
    """Faces, (N, 3, size, size), labelled by the colour of their hair, with ATTRIBUTES."""
    x, about = read("pixel_faces16", "RGB")
    hair, *others = ([row[about["columns"].index(name)] for row in about["attrs"]] for name in ("hair", *ATTRIBUTES))
    return split(x, torch.tensor([HAIR.index(colour) for colour in hair]), Shape(3, size), torch.tensor(others, dtype=torch.uint8).T)


@dataset(id="toon_heads", title="Toon heads", kind="images", sizes=(32, 64, 16), channels=3, samples=2400,
         help="3,000 cartoon portraits: faces, hair and clothes in flat colours", licence="CC BY 4.0",
         credit="Toon Head by Johan Melin, through DiceBear")
def toon_heads(size: int) -> Data:
    """Portraits, (N, 3, size, size), without labels."""
    return split(read("toon_head64", "RGB")[0], None, Shape(3, size))


@dataset(id="open_peeps", title="Open Peeps", kind="images", sizes=(32, 64, 16), channels=3, samples=2373,
         help="2,966 drawn people, black lines on white", licence="CC0 1.0", credit="Open Peeps by Pablo Stanley, through DiceBear")
def open_peeps(size: int) -> Data:
    """Drawn people, (N, 3, size, size), without labels."""
    return split(read("open_peeps64", "RGB")[0], None, Shape(3, size))


def fluent(size: int, wanted: Callable[[str, str], bool]) -> Data:
    """The emoji whose group and subgroup are `wanted`."""
    x, about = read("fluent64", "RGB")
    return split(x[[wanted(*named) for named in zip(about["group"], about["sub"], strict=True)]], None, Shape(3, size))


@dataset(id="smileys", title="Smileys", samples=94, help="117 round faces, most of them yellow: a small set, soon memorised", **FLUENT)
def smileys(size: int) -> Data:
    """The emoji of faces alone, (N, 3, size, size), without labels."""
    return fluent(size, lambda group, sub: group == GROUPS["smileys"] and sub.startswith("face-"))


@dataset(id="emoji", title="Emoji", samples=126, extended=EmojiOptions,
         help="one group of 1,594 emoji: few pictures of unlike things, hard for small GANs", **FLUENT)
def emoji(size: int, group: str) -> Data:
    """The emoji of one of GROUPS, (N, 3, size, size), without labels."""
    return fluent(size, lambda found, _: found == GROUPS[group])
