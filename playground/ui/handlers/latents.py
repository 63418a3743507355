"""What a page asks of the studio: messages in form, and whose they are."""

import asyncio
import base64
import binascii
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextvars import copy_context
from typing import Any

import numpy as np
from starlette.requests import Request
from starlette.responses import Response
from torch import Tensor

from playground.artifacts.metadata import MOST_NAMED, MOST_NAMES, named
from playground.explorer.explorer import Direction
from playground.explorer.generator import Place, TrainedGenerator
from playground.explorer.inversion_jobs import Inversions
from playground.explorer.latents.directions import KINDS
from playground.render import animation
from playground.render.decoder.readers import WAITING
from playground.types import Refused, is_id
from playground.ui.handlers.services import Services
from playground.ui.requests.identity import current_user
from playground.ui.requests.message_checks import Check, choice, model_id, number, optional, run_id, take, text, title, whole, yes_or_no
from playground.ui.requests.uploads import MOST
from playground.validate import shown

Answer = dict[str, Any]
SEED = whole(0, 2 ** 31 - 1)
CLASS = optional(whole(0, MOST_NAMES - 1))
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
    """A check that a value is a list of `low` to `high` latents."""
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
    """The id of a search for a latent."""
    if not is_id(value):
        raise Refused(name, f"a job's id is 32 hex digits, got {shown(value)}")
    return value


class LatentHandlers:
    """Each message names its source: {"run": id}, at rest, or {"model": id}; and where its variant is `Conditional` the class of all samples, "y"."""

    def __init__(self, services: Services) -> None:
        self.services, self.studio, self.inversions = services, services.studio, Inversions()

    def functions(self) -> list[Callable[[Any], Answer]]:
        """The functions that the page calls."""
        return [self.samples, self.strip, self.corners, self.sum, self.pad, self.directions, self.name_direction, self.move,
                self.walk, self.traversals, self.sorting, self.encodings, self.nearest, self.invert, self.job]

    def samples(self, message: Any) -> Answer:
        """Draws of one seed, `radius` times as long as drawn."""
        of, fields = self._source_and_fields(message, in_turn=True, seed=SEED, n=whole(1, 64), radius=optional(number(0, 2), 1.0))
        return self.studio.samples(of, **fields)

    def strip(self, message: Any) -> Answer:
        """`n` samples on the way from `a` to `b`, straight and round."""
        of, fields = self._source_and_fields(message, a=place, b=place, mode=MODE, n=optional(whole(3, 120), 9))
        return self.studio.strip(of, **fields)

    def corners(self, message: Any) -> Answer:
        """n x n samples between four places."""
        of, fields = self._source_and_fields(message, places=places(4, 4), n=optional(whole(3, 12), 8), mode=MODE)
        return self.studio.corners(of, **fields)

    def sum(self, message: Any) -> Answer:
        """a - b + c, after the three."""
        of, fields = self._source_and_fields(message, a=place, b=place, c=place)
        return self.studio.sum(of, **fields)

    def pad(self, message: Any) -> Answer:
        """The 3 x 3 about `at`, in the plane through `centre`; `page`, of the page's own choice, has only its latest question answered."""
        of, fields = self._source_and_fields(message, centre=place, u=direction, v=direction, at=at, step=optional(number(0, 2), 0.25),
                                               page=optional(text, ""))
        return self.studio.pad(of, **fields)

    def directions(self, message: Any) -> Answer:
        """Those along which most changes, of G's first layer or of what D sees, and those that a model's owner named."""
        of, fields = self._source_and_fields(message, kind=choice(*KINDS))
        return {"directions": self.studio.directions(of, **fields), "named": [{"name": name, "z": z} for name, z in of.named.items()]}

    def name_direction(self, message: Any) -> Answer:
        """Keep a mix of directions with one's own model, under a name; without weights the name is taken away."""
        fields = take(message, model=model_id, name=title, weights=weights, y=CLASS)
        model, name = self.services.access.own_model(fields["model"]).id, fields["name"]
        of = self.services.networks.model_source(model).of_one_class(fields["y"])
        named("name", name)
        kept = {other: z for other, z in of.named.items() if other != name}
        if fields["weights"]:
            kept[name] = self.studio.direction(of, fields["weights"])
        if len(kept) > MOST_NAMED:
            raise Refused("name", f"{MOST_NAMED} directions are named already: remove one first")
        self.services.gallery.kept.amend(model, directions=kept)
        return {"named": [{"name": name, "z": z} for name, z in kept.items()]}

    def move(self, message: Any) -> Answer:
        """A place, and where `weights` lead from there."""
        of, fields = self._source_and_fields(message, place=place, weights=weights)
        return self.studio.move(of, **fields)

    def walk(self, message: Any) -> Answer:
        """A file of the way through all places, `n` frames a leg."""
        of, fields = self._source_and_fields(message, places=places(2, 8), n=optional(whole(2, 60), 20), mode=MODE, loop=optional(yes_or_no, False),
                                format=choice(*animation.FORMATS), scale=optional(whole(1, 8), 4))
        return self.studio.walk(of, **fields)

    def traversals(self, message: Any) -> Answer:
        """`n` samples of a place along each continuous code, all else unchanged."""
        of, fields = self._source_and_fields(message, place=place, n=optional(whole(3, 21), 9))
        return self.studio.traversals(of, **fields)

    def sorting(self, message: Any) -> Answer:
        """How its categories and the classes of held-out samples meet."""
        return self.studio.sorting(self._source_and_fields(message, in_turn=True)[0])

    def encodings(self, message: Any) -> Answer:
        """Where E puts held-out samples, and draws of the prior beside them."""
        return self.studio.encodings(self._source_and_fields(message, in_turn=True)[0])

    def nearest(self, message: Any) -> Answer:
        """The training samples that a sample is nearest to."""
        of, fields = self._source_and_fields(message, place=place, k=optional(whole(1, 8), 4))
        return self.studio.nearest(of, **fields)

    def invert(self, message: Any) -> Answer:
        """Begin to look for the latent that a sample could come from."""
        _ = current_user.get().owner                         # refused to nobody
        of, fields = self._source_and_fields(message, target=target, restarts=optional(whole(1, 16), 8), steps=optional(whole(10, 1000), 300))
        wanted = self._target(of, fields.pop("target"))
        return {"job": self.inversions.begin(of, of.normalised(wanted), **fields)}

    def job(self, message: Any) -> Answer:
        """How far it is, and the best so far."""
        return self.inversions.result(take(message, job=job_id)["job"])

    def _target(self, of: TrainedGenerator, told: int | str) -> Tensor:
        if isinstance(told, str):
            return self.studio.targets.get(current_user.get().names, told, of.gan.shape)
        held = of.training_data().held
        if told >= len(held):
            raise Refused("target", f"target: there are {len(held)} held-out samples, counted from 0")
        return held[told]

    def _source_and_fields(self, message: Any, in_turn: bool = False, **checks: Check) -> tuple[TrainedGenerator, dict[str, Any]]:
        """`in_turn`: without "y" samples are of all classes in turn, not of the first."""
        fields = take(message, run=optional(run_id), model=optional(model_id), y=CLASS, **checks)
        run, model, y = fields.pop("run"), fields.pop("model"), fields.pop("y")
        if (run is None) == (model is None):
            raise Refused("run", "name one whose latents these are: a run, or a model")
        of = self.services.networks.source(run) if run else self.services.networks.model_source(model)
        return of.of_class(y) if in_turn else of.of_one_class(y), fields


class LatentFiles:
    """Routes."""

    def __init__(self, services: Services) -> None:
        self.services = services
        self._decoding = ThreadPoolExecutor(WAITING.most + 4, "decoding")   # who waits there holds no thread of the page's; the others refuse

    def made(self, request: Request) -> Response:
        """A walk's file. Its name has 32 hex digits that nobody can guess, and is the same for ever."""
        key, _, ending = request.path_params["name"].partition(".")
        if not is_id(key) or ending not in animation.KINDS:
            raise Refused("name", "there is no such file")
        return Response(self.services.studio.walk_file(key), media_type=animation.KINDS[ending],
                        headers={"Cache-Control": "private, max-age=31536000, immutable", "X-Content-Type-Options": "nosniff",
                                 "Content-Disposition": f'inline; filename="walk-{key[:8]}.{ending}"'})

    async def upload(self, request: Request) -> dict[str, Any]:
        """POST /play/upload/picture: one picture, kept for a while for who sends it. Refused("file", ...) when it is none."""
        owner = current_user.get().owner
        path = await self.services.uploads.received(request, MOST[request.url.path])
        try:
            act = copy_context().run, self.services.studio.targets.put, owner, path
            return {"upload": await asyncio.get_running_loop().run_in_executor(self._decoding, *act)}
        finally:
            path.unlink(missing_ok=True)
