"""Answers questions about the latents of a trained generator, as JSON. Each worker here has one torch thread, for training goes on meanwhile."""

import math
import threading
from collections.abc import Callable
from typing import Any

import orjson
import torch
from torch import Tensor

from playground.config.limits.memory_cache import LRUCache
from playground.config.limits.pool import Pool
from playground.config.limits.shares import Shares
from playground.explorer import coded, encodings
from playground.explorer.generator import Place, TrainedGenerator, packed
from playground.explorer.latents import directions, paths, plane
from playground.explorer.latents.directions import KINDS
from playground.explorer.neighbours import NeighbourSearch
from playground.explorer.result_cache import ResultCache
from playground.explorer.uploaded_targets import UploadedTargets
from playground.render import animation
from playground.requester import requester
from playground.store.cache import Cache
from playground.types import Refused
from playground.validate import shown

Answer = dict[str, Any]
Direction = int | str | tuple[str, Place]       # a seed to draw it from, a name, or the place that it leads to
SHOWN, PAGES = 10, 1000                         # directions; pages whose last pad request is remembered
SIDE, REACH = 21, 2.0                           # of the lattice in a pad on points
PIXELS, AROUND = 30_000_000, 500                # of a walk in all; other points drawn in a walk on points


class Explorer:
    """Quick and slow questions have separate workers. Answers are cached by weights and question."""

    def __init__(self, cache: Cache | None) -> None:
        self.answers = ResultCache(cache)
        self._quick = Pool("studio-quick", 2, Shares("questions about latents", most=24, each=8, address=16, kept=6))
        self._slow = Pool("studio-slow", 2, Shares("long questions about latents", most=12, each=3, address=6, kept=4), patient=True)
        self._lock, self._turn = threading.Lock(), 0
        self._pads: LRUCache[int] = LRUCache(PAGES, lambda _: 1)
        self._neighbours, self.targets = NeighbourSearch(self.answers), UploadedTargets()

    def samples(self, of: TrainedGenerator, seed: int, n: int, radius: float) -> Answer:
        """`n` samples of latents drawn from the prior and scaled by `radius`."""
        def make() -> Answer:
            return of.rendered_latents(paths.scaled(paths.draw(of.prior, n, of.dim, seed), radius, of.prior))
        return self._cached(of, ["samples", seed, n, radius], make)

    def strip(self, of: TrainedGenerator, a: Place, b: Place, mode: paths.Mode, n: int) -> Answer:
        """`n` samples from `a` to `b`, linear and spherical (`mode` "auto"), or one of the two."""
        first, last, modes = of.latent("a", a), of.latent("b", b), ("lerp", "slerp") if mode == "auto" else (mode,)

        def make() -> Answer:
            strips = {kind: of.rendered_latents(paths.path(first, last, n, kind, of.prior), n) for kind in modes}
            return {**strips, "default": paths.resolved("auto", of.prior), "n": n}
        return self._cached(of, ["strip", a, b, mode, n], make)

    def corners(self, of: TrainedGenerator, places: list[Place], mode: paths.Mode, n: int) -> Answer:
        """A square of n x n samples between four corners: top left, top right, bottom left, bottom right."""
        four = of.latents("places", places)
        return self._cached(of, ["corners", places, mode, n], lambda: of.rendered_latents(paths.corners(four, n, mode, of.prior), n))

    def sum(self, of: TrainedGenerator, a: Place, b: Place, c: Place) -> Answer:
        """Samples of a, b, c and a - b + c."""
        parts = [of.latent(name, place) for name, place in (("a", a), ("b", b), ("c", c))]
        return self._cached(of, ["sum", a, b, c], lambda: of.rendered_latents(torch.stack([*parts, plane.arithmetic(*parts, of.prior)]), 4))

    def pad(self, of: TrainedGenerator, centre: Place, u: Direction, v: Direction, at: tuple[float, float], step: float, page: str) -> Answer:
        """3 x 3 samples around `at` in the plane through `centre`; `at` and `step` are in typical lengths of a latent along `u` and `v`. Of the
        requests of one page that wait only the latest is computed; the answer to the others is {"late": true}."""
        z = of.latent("centre", centre)
        first = _refusing("u", plane.unit, self._direction(of, "u", u, z))
        second = _refusing("v", plane.across, first, self._direction(of, "v", v, z))
        page_key = requester.get(), page
        with self._lock:
            self._turn = turn = self._turn + 1
        if page:
            self._pads.put(page_key, turn)

        def make() -> Answer:
            if page and (self._pads.get(page_key) or 0) > turn:
                return {"late": True}
            latents = plane.places(z, first, second, plane.neighbours(at, step), of.prior)
            answer = {**of.rendered_latents(latents, 3), "z": packed(latents[4:5])}
            if not of.gan.shape.is_points:
                return answer
            cells = plane.places(z, first, second, plane.lattice(-REACH, REACH, SIDE), of.prior)
            return {**answer, "plane": {"side": SIDE, "reach": REACH, **of.rendered(of.samples(cells))}}
        return self._quick.run(make)

    def directions(self, of: TrainedGenerator, kind: str) -> list[Answer]:
        """The strongest directions of G's first layer ("layer") or of D's features of samples ("features"): name, share explained, unit vector."""
        def make() -> Answer:
            if kind == "layer":
                found = directions.of_layer(directions.first_layer(of.gan.G, of.dim), SHOWN)
            else:
                z = paths.draw(of.prior, max(512, directions.FEW * of.dim), of.dim, 0)
                found = directions.of_features(lambda part: of.features(of.samples(part)), z, SHOWN)
            return {"directions": [{"name": f"{kind} {i + 1}", "explained": round(share, 4), "z": packed(z)}
                                   for i, (z, share) in enumerate(zip(found.z, found.explained.tolist(), strict=True))]}
        return self._cached(of, ["directions", kind], make, self._slow)["directions"]

    def move(self, of: TrainedGenerator, place: Place, weights: dict[str, float]) -> Answer:
        """Samples of `place`, and of `place` moved by `weights`: direction -> typical lengths."""
        z, along = of.latent("place", place), self._along(of, weights)

        def make() -> Answer:
            return of.rendered_latents(torch.stack([z, plane.moved(z, along, torch.tensor(list(weights.values())), of.prior)]), 2)
        return self._cached(of, ["move", place, packed(along), list(weights.values())], make)

    def direction(self, of: TrainedGenerator, weights: dict[str, float]) -> str:
        """The weighted sum of directions, scaled to length 1 and packed. Refused("weights", ...) when it is 0."""
        return packed(_refusing("weights", plane.unit, torch.tensor(list(weights.values())) @ self._along(of, weights)))

    def walk(self, of: TrainedGenerator, places: list[Place], n: int, mode: paths.Mode, loop: bool, format: str, scale: int) -> Answer:
        """An animation through all places as a file, which `walk_file` returns. Refused("scale", ...) for too many pixels in all."""
        latents = paths.walk(of.latents("places", places), n, mode, of.prior, loop=loop)
        side = scale * (animation.SIDE if of.gan.shape.is_points else of.gan.shape.size)
        if len(latents) * side ** 2 > PIXELS:
            most = math.isqrt(PIXELS // len(latents)) * scale // side
            raise Refused("scale", f"{len(latents)} frames of {side} pixels are too many in one file: make them at most {most} times as large" if most
                          else f"{len(latents)} frames of {side} pixels are too many in one file: take fewer frames")
        key = ResultCache.key(of.key, "walk", places, n, mode, loop, format, scale)

        def make() -> bytes:
            samples = of.samples(latents)
            if of.gan.shape.is_points:
                frames = animation.of_points(samples, of.samples(paths.draw(of.prior, AROUND, of.dim, 0)), scale)
            else:
                frames = animation.of_images(samples, scale)
            return animation.FORMATS[format](frames, n)
        body = self._body(key, make, self._slow)
        return {"file": f"/play/made/{key}.{format}", "frames": len(latents), "bytes": len(body)}

    def walk_file(self, key: str) -> bytes:
        """The bytes of a walk's file. Refused("name", ...) once it is no longer cached."""
        found = self.answers.get(key)
        if found is None:
            raise Refused("name", "this file is not kept any more: make it again")
        return found

    def traversals(self, of: TrainedGenerator, place: Place, n: int) -> Answer:
        """Samples of `place` along each of its continuous codes; see `playground.explorer.coded`."""
        z = of.latent("place", place)
        return self._cached(of, ["traversals", place, n], lambda: coded.traversals(of, z, n))

    def sorting(self, of: TrainedGenerator) -> Answer:
        """What its categories hold of the classes of its data; see `playground.explorer.coded`."""
        return self._cached(of, ["sorting"], lambda: coded.sorting(of), self._slow)

    def encodings(self, of: TrainedGenerator) -> Answer:
        """Where its encoder puts held-out samples; see `playground.explorer.encodings`."""
        return self._cached(of, ["encodings"], lambda: encodings.encodings(of), self._slow)

    def nearest(self, of: TrainedGenerator, place: Place, k: int) -> Answer:
        """The `k` training samples nearest to the sample of `place`; see `playground.explorer.neighbours`."""
        z, data = of.latent("place", place), of.training_data()
        return self._cached(of, ["nearest", place, k], lambda: self._neighbours.search(of, data, z, k), self._slow)

    def _direction(self, of: TrainedGenerator, name: str, direction: Direction, centre: Tensor) -> Tensor:
        if isinstance(direction, int):
            return paths.draw("normal", 1, of.dim, direction)[0]
        return of.latent(name, direction[1]) - centre if isinstance(direction, tuple) else self._by_name(of, name, direction)

    def _along(self, of: TrainedGenerator, weights: dict[str, float]) -> Tensor:
        """The directions named in `weights`, (k, d)."""
        return torch.stack([self._by_name(of, "weights", name) for name in weights]) if weights else torch.zeros(0, of.dim)

    def _by_name(self, of: TrainedGenerator, field: str, name: str) -> Tensor:
        kind, known = name.split(" ")[0], of.named
        if kind in KINDS:
            known = {direction["name"]: direction["z"] for direction in self.directions(of, kind)}
        if name not in known:
            raise Refused(field, f'there is no direction {shown(name)} here; there are "layer 1", "features 1" and so on, and named ones')
        return of.latent(field, known[name])

    def _cached(self, of: TrainedGenerator, question: list[Any], make: Callable[[], Answer], worker: Pool | None = None) -> Answer:
        return orjson.loads(self._body(ResultCache.key(of.key, *question), lambda: orjson.dumps(make()), worker or self._quick))

    def _body(self, key: str, make: Callable[[], bytes], worker: Pool) -> bytes:
        def compute() -> bytes:                     # another request may have computed it by then
            found = self.answers.get(key)
            if found is None:
                self.answers.put(key, found := make())
            return found

        found = self.answers.get(key)
        return worker.run(compute) if found is None else found


def _refusing(name: str, make: Callable[..., Tensor], *parts: Tensor) -> Tensor:
    try:
        return make(*parts)
    except ValueError as error:
        raise Refused(name, str(error)) from None
