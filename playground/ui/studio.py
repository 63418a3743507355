"""What a page asks of the studio: messages in form, and whose they are."""

import base64
import binascii
from collections.abc import Callable
from typing import Any

import numpy as np
from torch import Tensor

from playground import reel
from playground.about import MOST_NAMED, named
from playground.inversions import Inversions
from playground.latents.directions import KINDS
from playground.source import Place, Source
from playground.studio import Direction
from playground.texts import shown
from playground.types import Refused, is_id
from playground.ui.checks import Check, choice, model_id, number, optional, run_id, take, text, title, whole, yes_or_no
from playground.ui.library import Library
from playground.ui.people import present

Answer = dict[str, Any]
SEED = whole(0, 2 ** 31 - 1)
MODE = optional(choice("auto", "slerp", "lerp"), "auto")
MOST_Z, FAR = 2732, 1000.0          # characters of a latent, and how far its numbers may lie from 0


def place(name: str, value: Any) -> Place:
    """A seed, {"seed": n}, or {"z": base64 of little-endian float32}."""
    if isinstance(value, dict) and value.keys() == {"seed"}:
        return SEED(name, value["seed"])
    if isinstance(value, dict) and value.keys() == {"z"}:
        return _numbers(name, value["z"])
    return SEED(name, value)


def _numbers(name: str, told: Any) -> str:
    try:
        numbers = np.frombuffer(base64.b64decode(told, validate=True), "<f4") if isinstance(told, str) and len(told) <= MOST_Z else np.zeros(0)
    except (ValueError, binascii.Error):
        numbers = np.zeros(0)
    if not len(numbers) or not (np.abs(numbers) <= FAR).all():
        raise Refused(name, f"{name}: z must be base64 of at most 512 little-endian float32 within {FAR:g}, got {shown(told)}")
    return told


def places(low: int, high: int) -> Check:
    def check(name: str, value: Any) -> list[Place]:
        if not isinstance(value, list) or not low <= len(value) <= high:
            count = f"{low}" if low == high else f"{low} to {high}"
            raise Refused(name, f"{name} must be {count} latents in a list, got {f'{len(value)}' if isinstance(value, list) else shown(value)}")
        return [place(name, part) for part in value]
    return check


def direction(name: str, value: Any) -> Direction:
    """The seed of one that is drawn, the place that it leads to, or its name."""
    if isinstance(value, str) and value.strip():
        return text(name, value)
    return ("to", place(name, value)) if isinstance(value, dict) else SEED(name, value)


def at(name: str, value: Any) -> tuple[float, float]:
    """Two numbers."""
    if not isinstance(value, list) or len(value) != 2:
        raise Refused(name, f"{name} must be two numbers in a list, got {shown(value)}")
    return tuple(number(-4, 4)(name, part) for part in value)


def weights(name: str, value: Any) -> dict[str, float]:
    """How far to go along directions, by their names."""
    if not isinstance(value, dict) or len(value) > 20 or any(len(key) > 80 for key in value):
        raise Refused(name, f"{name} must be an object of at most 20 names and numbers, got {shown(value)}")
    return {key: number(-4, 4)(name, part) for key, part in value.items()}


def target(name: str, value: Any) -> int | str:
    """{"index": the number of a held-out sample}, or {"upload": the id of a picture that was sent}."""
    if isinstance(value, dict) and value.keys() == {"index"}:
        return whole(0, 10 ** 6)(name, value["index"])
    if isinstance(value, dict) and value.keys() == {"upload"} and is_id(value["upload"]):
        return value["upload"]
    raise Refused(name, f'{name} must be {{"index": n}}, a held-out sample, or {{"upload": id}}, a picture that was sent; got {shown(value)}')


def job_id(name: str, value: Any) -> str:
    if not is_id(value):
        raise Refused(name, f"a job's id is 32 hex digits, got {shown(value)}")
    return value


class StudioDesk:
    """Each message names its source: {"run": id}, at rest, or {"model": id}."""

    def __init__(self, library: Library) -> None:
        self.library, self.studio, self.inversions = library, library.studio, Inversions()

    def functions(self) -> list[Callable[[Any], Answer]]:
        return [self.samples, self.strip, self.corners, self.sum, self.pad, self.directions, self.name_direction, self.move,
                self.walk, self.nearest, self.invert, self.job]

    def samples(self, message: Any) -> Answer:
        """Draws of one seed, `radius` times as long as drawn."""
        of, asked = self._asked(message, seed=SEED, n=whole(1, 64), radius=optional(number(0, 2), 1.0))
        return self.studio.samples(of, **asked)

    def strip(self, message: Any) -> Answer:
        """`n` samples on the way from `a` to `b`, straight and round."""
        of, asked = self._asked(message, a=place, b=place, mode=MODE, n=optional(whole(3, 120), 9))
        return self.studio.strip(of, **asked)

    def corners(self, message: Any) -> Answer:
        """n x n samples between four places."""
        of, asked = self._asked(message, places=places(4, 4), n=optional(whole(3, 12), 8), mode=MODE)
        return self.studio.corners(of, **asked)

    def sum(self, message: Any) -> Answer:
        """a - b + c, after the three."""
        of, asked = self._asked(message, a=place, b=place, c=place)
        return self.studio.sum(of, **asked)

    def pad(self, message: Any) -> Answer:
        """The 3 x 3 about `at`, in the plane through `centre`; `page`, of the page's own choice, has only its latest question answered."""
        of, asked = self._asked(message, centre=place, u=direction, v=direction, at=at, step=optional(number(0, 2), 0.25), page=optional(text, ""))
        return self.studio.pad(of, **asked)

    def directions(self, message: Any) -> Answer:
        """Those along which most changes, of G's first layer or of what D sees, and those that a model's owner named."""
        of, asked = self._asked(message, kind=choice(*KINDS))
        return {"directions": self.studio.directions(of, **asked), "named": [{"name": name, "z": z} for name, z in of.named.items()]}

    def name_direction(self, message: Any) -> Answer:
        """Keep a mix of directions with one's own model, under a name; without weights the name is taken away."""
        asked = take(message, model=model_id, name=title, weights=weights)
        model, name = self.library.own_model(asked["model"]).id, asked["name"]
        of = self.library.model_source(model)
        named("name", name)
        kept = {other: z for other, z in of.named.items() if other != name}
        if asked["weights"]:
            kept[name] = self.studio.direction(of, asked["weights"])
        if len(kept) > MOST_NAMED:
            raise Refused("name", f"{MOST_NAMED} directions have names already: take one away first")
        self.library.gallery.kept.amend(model, directions=kept)
        return {"named": [{"name": name, "z": z} for name, z in kept.items()]}

    def move(self, message: Any) -> Answer:
        """A place, and where `weights` lead from there."""
        of, asked = self._asked(message, place=place, weights=weights)
        return self.studio.move(of, **asked)

    def walk(self, message: Any) -> Answer:
        """A file of the way through all places, `n` frames a leg."""
        of, asked = self._asked(message, places=places(2, 8), n=optional(whole(2, 60), 20), mode=MODE, loop=optional(yes_or_no, False),
                                format=choice(*reel.FORMATS), scale=optional(whole(1, 8), 4))
        return self.studio.walk(of, **asked)

    def nearest(self, message: Any) -> Answer:
        """The training samples that a sample is nearest to."""
        of, asked = self._asked(message, place=place, k=optional(whole(1, 8), 4))
        return self.studio.nearest(of, **asked)

    def invert(self, message: Any) -> Answer:
        """Begin to look for the latent that a sample could come from."""
        owner = present.get().owner
        of, asked = self._asked(message, target=target, restarts=optional(whole(1, 16), 8), steps=optional(whole(10, 1000), 300))
        wanted = self._target(of, asked.pop("target"))
        return {"job": self.inversions.begin(owner, of, of.rows(wanted), **asked)}

    def job(self, message: Any) -> Answer:
        """How far it is, and the best so far."""
        return self.inversions.told(take(message, job=job_id)["job"])

    def _target(self, of: Source, told: int | str) -> Tensor:
        if isinstance(told, str):
            return self.studio.targets.get(present.get().names, told, of.gan.shape)
        held = of.learned().held
        if told >= len(held):
            raise Refused("target", f"target: there are {len(held)} held-out samples, counted from 0")
        return held[told]

    def _asked(self, message: Any, **fields: Check) -> tuple[Source, dict[str, Any]]:
        asked = take(message, run=optional(run_id), model=optional(model_id), **fields)
        run, model = asked.pop("run"), asked.pop("model")
        if (run is None) == (model is None):
            raise Refused("run", "name one whose latents these are: a run, or a model")
        return self.library.source(run) if run else self.library.model_source(model), asked
