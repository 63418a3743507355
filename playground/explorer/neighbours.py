"""The training samples that are nearest to a generated one, and whether it is a copy."""

from collections.abc import Callable
from typing import Any

import orjson
import torch
from torch import Tensor

from playground.config.limits.memory_cache import LRUCache
from playground.data import Data
from playground.explorer.generator import TrainedGenerator
from playground.explorer.latents import nearest
from playground.explorer.result_cache import ResultCache

HELD = 256          # held-out samples from which the usual distance is estimated
MEMORY = 256 << 20  # bytes of cached codes; one generator takes tens of megabytes


class NeighbourSearch:
    """Caches D's codes of training samples, for the generators that were used last. Threads may share it."""

    def __init__(self, answers: ResultCache) -> None:
        self.answers = answers
        self._codes: LRUCache[list[Tensor]] = LRUCache(MEMORY, lambda parts: sum(part.nbytes for part in parts))

    def search(self, of: TrainedGenerator, data_set: Data, z: Tensor, k: int) -> dict[str, Any]:
        """The k training samples nearest to the sample of a latent (d,), by its numbers ("pixels") and by D's code of it ("code").
        `ratio`: the distance of the nearest over the usual one of a held-out sample; far below 1 means a copy."""
        x, held, parts = of.samples(z[None]), of.normalised(data_set.held[:HELD]), of.chunks(data_set.train)
        known = self._codes.get_or_make(of.key, lambda: [coded(of, part) for part in parts()])
        return {"pixels": self._nearest(of, data_set.train, k, [of.data, of.size, of.options], x.flatten(1), held.flatten(1),
                                        lambda: (part.flatten(1) for part in parts())),
                "code": self._nearest(of, data_set.train, k, [of.key], coded(of, x).float(), coded(of, held).float(),
                                      lambda: (part.float() for part in known))}

    def _nearest(self, of: TrainedGenerator, train: Tensor, k: int, space: list[Any], x: Tensor, held: Tensor, rows: nearest.Rows) -> dict[str, Any]:
        """The answer in one space, named by `space`: `x` (1, h), `held` (n, h) and `rows`, all training samples."""
        near, usual = nearest.nearest(x[0], rows, k), self._usual(space, lambda: nearest.usual(held, rows))
        found = torch.stack([train[i] if i < len(train) else train[i - len(train)].flip(-1) for i in near.indices.tolist()])
        return {**of.rendered(of.normalised(found), len(found)), "distances": [round(d, 4) for d in near.distances.tolist()],
                "ratio": round(near.distances[0].item() / max(usual, 1e-9), 4)}

    def _usual(self, space: list[Any], make: Callable[[], float]) -> float:
        key = ResultCache.key("usual", *space)
        cached = self.answers.get(key)
        if cached is None:
            self.answers.put(key, cached := orjson.dumps(make()))
        return orjson.loads(cached)


def coded(of: TrainedGenerator, x: Tensor) -> Tensor:
    """D's code of (n, *dims): (n, h), as float16 to save memory."""
    with torch.inference_mode():
        return of.features(x).clamp(-6e4, 6e4).half()
