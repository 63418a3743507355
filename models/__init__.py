"""The zoo: one file per paper, and one card. `ZOO` maps an id (the file's name) to its class."""

import difflib
import importlib
import pkgutil
from functools import cache
from pathlib import Path

from models.kit import mix
from models.kit.capabilities import plain
from models.kit.card import Card, read
from models.kit.gan import GAN


@cache
def _found() -> dict[str, type[GAN]]:
    zoo = {}
    for info in pkgutil.iter_modules(__path__):
        if info.ispkg:
            continue
        module = importlib.import_module(f"{__name__}.{info.name}")
        variants = [v for v in vars(module).values() if isinstance(v, type) and issubclass(v, GAN) and v.__module__ == module.__name__]
        if len(variants) != 1:
            raise ImportError(f"models/{info.name}.py must define exactly one GAN, it defines {len(variants)}")
        zoo[info.name] = variants[0]
    for variant in zoo.values():
        if plain(variant):
            variant.Knobs = mix.offered(variant)
    return zoo


ZOO: dict[str, type[GAN]] = _found()
CARDS: dict[str, Card] = {}         # those that were read


def get(name: str) -> type[GAN]:
    """The variant with this id. Raises a KeyError that names similar ids."""
    if isinstance(name, str) and name in ZOO:
        return ZOO[name]
    near = difflib.get_close_matches(str(name), ZOO, n=3) or sorted(ZOO)
    raise KeyError(f"no variant {name!r}; did you mean {', '.join(near)}?")


def card(name: str) -> Card:
    """The card of the variant with this id, read once. Raises KeyError as `get`, and BadCard when it is missing or wrong."""
    if name not in CARDS:
        CARDS[name] = read(Path(__file__).parent / "cards", name, get(name).Knobs)
    return CARDS[name]
