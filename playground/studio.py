"""What can be done with the latents of a source, as answers for a page. Training goes on beside it: each worker here has one torch thread."""

import math
import threading
from collections import OrderedDict
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import orjson
import torch
from torch import Tensor

from playground import reel
from playground.answers import Answers
from playground.latents import codes, directions, paths, plane
from playground.latents.directions import KINDS
from playground.likeness import Likeness
from playground.machine import use_threads
from playground.source import Place, Source, packed
from playground.store.cache import Cache
from playground.targets import Targets
from playground.texts import shown
from playground.types import Refused

Answer = dict[str, Any]
Direction = int | str | tuple[str, Place]       # a drawn one's seed, one by name, or the way to a place
SHOWN, PAGES, WAITING = 10, 1000, 12            # directions; pages whose pads are known; questions that may wait
SIDE, REACH = 21, 2.0                           # of the lattice in a pad on points
PIXELS, AROUND = 30_000_000, 500                # of a walk in all; points around one on points


class Studio:
    """Quick questions have one worker, slow ones another. What was answered is kept, by weights and question."""

    def __init__(self, cache: Cache | None) -> None:
        self.answers = Answers(cache)
        self._quick, self._slow = (ThreadPoolExecutor(1, f"studio-{name}", initializer=use_threads, initargs=(1,)) for name in ("quick", "slow"))
        self._lock, self._waiting, self._turn = threading.Lock(), 0, 0
        self._pads: OrderedDict[str, int] = OrderedDict()
        self._likeness, self.targets = Likeness(self.answers), Targets()

    def samples(self, of: Source, seed: int, n: int, radius: float) -> Answer:
        """`n` draws, `radius` times as long as drawn."""
        def make() -> Answer:
            return of.shown(paths.shortened(paths.draw(of.prior, n, of.dim, seed), radius, of.prior))
        return self._kept(of, ["samples", seed, n, radius], make)

    def strip(self, of: Source, a: Place, b: Place, mode: paths.Mode, n: int) -> Answer:
        """From `a` to `b`, straight and round; one of the two alone unless `mode` is "auto"."""
        first, last, ways = of.latent("a", a), of.latent("b", b), ("lerp", "slerp") if mode == "auto" else (mode,)

        def make() -> Answer:
            made = {way: of.shown(paths.path(first, last, n, way, of.prior), n) for way in ways}
            return {**made, "default": paths.chosen("auto", of.prior), "n": n}
        return self._kept(of, ["strip", a, b, mode, n], make)

    def corners(self, of: Source, places: list[Place], mode: paths.Mode, n: int) -> Answer:
        """Between four places, top left, top right, bottom left, bottom right: a square of n x n."""
        four = of.latents("places", places)
        return self._kept(of, ["corners", places, mode, n], lambda: of.shown(paths.corners(four, n, mode, of.prior), n))

    def sum(self, of: Source, a: Place, b: Place, c: Place) -> Answer:
        """a, b, c and a - b + c."""
        parts = [of.latent(name, place) for name, place in (("a", a), ("b", b), ("c", c))]
        return self._kept(of, ["sum", a, b, c], lambda: of.shown(torch.stack([*parts, plane.arithmetic(*parts, of.prior)]), 4))

    def pad(self, of: Source, centre: Place, u: Direction, v: Direction, at: tuple[float, float], step: float, page: str) -> Answer:
        """The 3 x 3 around `at` in the plane through `centre`, in typical lengths of a latent along `u` and `v`. Of one page's questions that
        wait only the latest is answered; the others are told that they are {"late": true}."""
        z = of.latent("centre", centre)
        first = _named("u", plane.unit, self._direction(of, "u", u, z))
        second = _named("v", plane.across, first, self._direction(of, "v", v, z))
        with self._lock:
            self._turn = turn = self._turn + 1
            if page:
                self._pads[page] = turn
                self._pads.move_to_end(page)
                while len(self._pads) > PAGES:
                    self._pads.popitem(last=False)

        def make() -> Answer:
            if page and self._pads.get(page, turn) != turn:
                return {"late": True}
            made = plane.places(z, first, second, plane.neighbours(at, step), of.prior)
            told = {**of.shown(made, 3), "z": packed(made[4:5])}
            if not of.gan.shape.is_points:
                return told
            cells = plane.places(z, first, second, plane.lattice(-REACH, REACH, SIDE), of.prior)
            return {**told, "plane": {"side": SIDE, "reach": REACH, **of.seen(of.samples(cells))}}
        return self._wait(self._quick, make)

    def directions(self, of: Source, kind: str) -> list[Answer]:
        """The strongest, of G's first layer ("layer") or of what D sees in its samples ("features"): name, share explained, unit vector."""
        def make() -> Answer:
            if kind == "layer":
                found = directions.of_layer(directions.first_layer(of.gan.G, of.dim), SHOWN)
            else:
                z = paths.draw(of.prior, max(512, directions.FEW * of.dim), of.dim, 0)
                found = directions.of_features(lambda part: codes.code(of.gan.D, of.samples(part)), z, SHOWN)
            return {"directions": [{"name": f"{kind} {i + 1}", "explained": round(share, 4), "z": packed(z)}
                                   for i, (z, share) in enumerate(zip(found.z, found.explained.tolist(), strict=True))]}
        return self._kept(of, ["directions", kind], make, self._slow)["directions"]

    def move(self, of: Source, place: Place, weights: dict[str, float]) -> Answer:
        """`place`, and where so many typical lengths along directions lead from there."""
        z, along = of.latent("place", place), self._along(of, weights)

        def make() -> Answer:
            return of.shown(torch.stack([z, plane.mixed(z, along, torch.tensor(list(weights.values())), of.prior)]), 2)
        return self._kept(of, ["move", place, packed(along), list(weights.values())], make)

    def direction(self, of: Source, weights: dict[str, float]) -> str:
        """A mix of directions as one of length 1, packed. Refused("weights", ...) when it leads nowhere."""
        return packed(_named("weights", plane.unit, torch.tensor(list(weights.values())) @ self._along(of, weights)))

    def walk(self, of: Source, places: list[Place], n: int, mode: paths.Mode, loop: bool, format: str, scale: int) -> Answer:
        """Through all places as a file: `made` gives it. Refused("scale", ...) for too many pixels in all."""
        way = paths.walk(of.latents("places", places), n, mode, of.prior, loop=loop)
        side = scale * (reel.SIDE if of.gan.shape.is_points else of.gan.shape.size)
        if len(way) * side ** 2 > PIXELS:
            most = math.isqrt(PIXELS // len(way)) * scale // side
            raise Refused("scale", f"{len(way)} frames of {side} pixels are too many in one file: make them at most {most} times as large" if most
                          else f"{len(way)} frames of {side} pixels are too many in one file: take fewer frames")
        key = Answers.key(of.key, "walk", places, n, mode, loop, format, scale)

        def make() -> bytes:
            made = of.samples(way)
            if of.gan.shape.is_points:
                frames = reel.of_points(made, of.samples(paths.draw(of.prior, AROUND, of.dim, 0)), scale)
            else:
                frames = reel.of_images(made, scale)
            return reel.FORMATS[format](frames, n)
        body = self._body(key, make, self._slow)
        return {"file": f"/play/made/{key}.{format}", "frames": len(way), "bytes": len(body)}

    def made(self, key: str) -> bytes:
        """A walk's file. Refused("name", ...) once it is forgotten."""
        found = self.answers.get(key)
        if found is None:
            raise Refused("name", "this file is not kept any more: make it again")
        return found

    def nearest(self, of: Source, place: Place, k: int) -> Answer:
        """The training samples nearest to one of G's; see `playground.likeness`."""
        z, learned = of.latent("place", place), of.learned()
        return self._kept(of, ["nearest", place, k], lambda: self._likeness.told(of, learned, z, k), self._slow)

    def _direction(self, of: Source, name: str, told: Direction, centre: Tensor) -> Tensor:
        if isinstance(told, int):
            return paths.draw("normal", 1, of.dim, told)[0]
        return of.latent(name, told[1]) - centre if isinstance(told, tuple) else self._by_name(of, name, told)

    def _along(self, of: Source, weights: dict[str, float]) -> Tensor:
        """(k, d)."""
        return torch.stack([self._by_name(of, "weights", name) for name in weights]) if weights else torch.zeros(0, of.dim)

    def _by_name(self, of: Source, field: str, name: str) -> Tensor:
        kind, known = name.split(" ")[0], of.named
        if kind in KINDS:
            known = {direction["name"]: direction["z"] for direction in self.directions(of, kind)}
        if name not in known:
            raise Refused(field, f'there is no direction {shown(name)} here; there are "layer 1", "features 1" and so on, and named ones')
        return of.latent(field, known[name])

    def _kept(self, of: Source, question: list[Any], make: Callable[[], Answer], worker: ThreadPoolExecutor | None = None) -> Answer:
        return orjson.loads(self._body(Answers.key(of.key, *question), lambda: orjson.dumps(make()), worker or self._quick))

    def _body(self, key: str, make: Callable[[], bytes], worker: ThreadPoolExecutor) -> bytes:
        def once() -> bytes:                    # who asked the same before may have had it made by then
            found = self.answers.get(key)
            if found is None:
                self.answers.put(key, found := make())
            return found

        found = self.answers.get(key)
        return self._wait(worker, once) if found is None else found

    def _wait(self, worker: ThreadPoolExecutor, make: Callable[[], Any]) -> Any:
        with self._lock:
            if self._waiting >= WAITING:
                raise Refused("server", "many people ask for pictures just now: try again in a moment")
            self._waiting += 1
        try:
            return worker.submit(make).result()
        finally:
            with self._lock:
                self._waiting -= 1


def _named(name: str, make: Callable[..., Tensor], *parts: Tensor) -> Tensor:
    try:
        return make(*parts)
    except ValueError as error:
        raise Refused(name, str(error)) from None
