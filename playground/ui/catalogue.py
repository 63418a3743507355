"""All there is to choose from, as JSON: variants and their declarations, data, presets, this machine."""

from functools import cache
from typing import Any

import latex2mathml.converter

import models
from models.kit.gan import GAN
from models.kit.knobs import describe
from playground import data, presets
from playground.engine import Engine
from playground.types import Status
from playground.ui.library import Library

BUDGETS = [500, 1000, 2000, 5000, 10_000, 20_000, 50_000]
PREVIEW = 60            # points that stand for a data set in its picture


class Catalogue:
    """The page's menu. All but the machine's state and the recorded run is worked out once."""

    def __init__(self, engine: Engine, library: Library) -> None:
        self.engine, self.library = engine, library

    def answer(self) -> dict[str, Any]:
        machine = self.engine.machine
        busy = sum(run.status is Status.RUNNING for run in self.engine.live())
        return {"variants": variants(), "data": datasets(), "budgets": BUDGETS, "recorded": self.library.recorded, "first": presets.FIRST,
                "machine": {"cores": machine.cores, "device": machine.device, "workers": machine.workers, "busy": busy}}


@cache
def variants() -> list[dict[str, Any]]:
    """Every variant, family by family, as it declares itself."""
    return sorted((_variant(id, cls) for id, cls in models.ZOO.items()), key=lambda v: (v["family"], v["paper"]["year"], v["title"]))


def _variant(id: str, cls: type[GAN]) -> dict[str, Any]:
    paper, presets_of = cls.paper, {d: {name: presets.preset(id, d, name) for name in presets.names(id, d)} for d in data.DATASETS}
    return {"id": id, "title": cls.title, "family": cls.family, "sentence": cls.sentence, "formula": [mathml(line) for line in cls.formula],
            "paper": {"title": paper.title, "authors": paper.authors, "year": paper.year, "url": f"https://arxiv.org/abs/{paper.arxiv}"},
            "larger_is": cls.larger_is, "scalars": {name: vars(scalar) for name, scalar in cls.all_scalars().items()}, "beyond": cls.beyond,
            "knobs": {kind: describe(cls.Knobs, kind == "points") for kind in ("points", "images")}, "presets": presets_of}


@cache
def mathml(latex: str) -> str:
    """LaTeX, of a variant's own file, as MathML that browsers draw themselves."""
    return latex2mathml.converter.convert(latex)


@cache
def datasets() -> list[dict[str, Any]]:
    return [_dataset(given) for given in data.DATASETS.values()]


def _dataset(given: data.Dataset) -> dict[str, Any]:
    points = given.kind == "points"
    return {"id": given.id, "title": given.title, "kind": given.kind, "sizes": list(given.sizes), "licence": given.licence, "help": given.help,
            "thumb": None if points else f"/play/thumb/{given.id}.webp",
            "points": [[round(v, 3) for v in p] for p in data.load(given.id).train[:PREVIEW].tolist()] if points else []}
