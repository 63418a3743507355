"""What a sample is like that G learned from, and whether it is a copy."""

from collections.abc import Callable
from typing import Any

import orjson
import torch
from torch import Tensor

from playground.answers import Answers
from playground.data import Data
from playground.latents import codes, nearest
from playground.source import Source

HELD = 256          # held-out samples that say what a usual distance is


class Likeness:
    """For one thread. Keeps D's codes of the training samples of the source that was asked about last: tens of megabytes."""

    def __init__(self, answers: Answers) -> None:
        self.answers, self._of = answers, ""
        self._codes: list[Tensor] = []

    def told(self, of: Source, learned: Data, z: Tensor, k: int) -> dict[str, Any]:
        """The k training samples nearest to that of a latent (d,), in the numbers of a sample ("pixels") and in D's code of it ("code").
        `ratio`: the distance of the nearest over what is usual for a held-out sample; far below 1 is a copy."""
        x, held, parts = of.samples(z[None]), of.rows(learned.held[:HELD]), of.training(learned.train)
        if self._of != of.key:
            self._of, self._codes = of.key, [coded(of, part) for part in parts()]
        return {"pixels": self._seen(of, learned.train, k, [of.data, of.size, of.options], x.flatten(1), held.flatten(1),
                                     lambda: (part.flatten(1) for part in parts())),
                "code": self._seen(of, learned.train, k, [of.key], coded(of, x).float(), coded(of, held).float(),
                                   lambda: (part.float() for part in self._codes))}

    def _seen(self, of: Source, train: Tensor, k: int, space: list[Any], one: Tensor, held: Tensor, rows: nearest.Rows) -> dict[str, Any]:
        """`one` (1, h), `held` (n, h), and all training samples, in one space, which has a name."""
        near, usual = nearest.nearest(one[0], rows, k), self._usual(space, lambda: nearest.usual(held, rows))
        there = torch.stack([train[i] if i < len(train) else train[i - len(train)].flip(-1) for i in near.indices.tolist()])
        return {**of.seen(of.rows(there), len(there)), "distances": [round(d, 4) for d in near.distances.tolist()],
                "ratio": round(near.distances[0].item() / max(usual, 1e-9), 4)}

    def _usual(self, space: list[Any], make: Callable[[], float]) -> float:
        key = Answers.key("usual", *space)
        found = self.answers.get(key)
        if found is None:
            self.answers.put(key, found := orjson.dumps(make()))
        return orjson.loads(found)


def coded(of: Source, x: Tensor) -> Tensor:
    """D's code of (n, *dims): (n, h), as float16 for there may be many."""
    with torch.inference_mode():
        return codes.code(of.gan.D, x).clamp(-6e4, 6e4).half()
