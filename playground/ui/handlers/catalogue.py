"""All there is to choose from, as JSON: variants and their declarations, data, presets, this machine."""

import re
from dataclasses import asdict, replace
from functools import cache
from itertools import combinations
from typing import Any

import latex2mathml.converter

import models
from models.kit import dirac, mix, mixed_terms
from models.kit.capabilities import capabilities, needs, plain
from models.kit.gan import GAN
from models.kit.knobs import declared as knobs_of
from models.kit.knobs import describe
from models.kit.relative import LINES, Relative
from playground import data
from playground.config.settings import notice
from playground.engine.engine import Engine
from playground.evaluation import suite
from playground.guidance.variant_notes import advice, warning
from playground.render import plotly_script
from playground.specs import pairs, presets
from playground.types import Status
from playground.ui.handlers.services import Services
from playground.ui.requests.identity import People, current_user

BUDGETS = [500, 1000, 2000, 5000, 10_000, 20_000, 50_000]
NUMBERED = re.compile(r"&#x([0-9A-Fa-f]+);")
PREVIEW = 60            # points that stand for a data set in its picture


class Catalogue:
    """The page's menu. All but the machine's state and the recorded run is worked out once."""

    def __init__(self, engine: Engine, services: Services, people: People) -> None:
        self.engine, self.services, self.people = engine, services, people
        self.notice = notice(engine.runs.root)
        variants(), datasets(), pairs.suggested()       # now: the first visitor would wait for it beside the warm-up

    def answer(self) -> dict[str, Any]:
        """The whole catalogue, as JSON."""
        machine = self.engine.machine
        busy = sum(run.status is Status.RUNNING for run in self.engine.live())
        return {**variants(), "data": datasets(), "budgets": BUDGETS, "recorded": self.services.runs.recorded, "first": presets.FIRST,
                "races": [race.json() for race in pairs.suggested()],
                "plotly": f"/play/plotly/{plotly_script.VERSION}.js",
                "measures": {name: vars(scalar) for name, scalar in suite.MEASURES.items()},
                "point": {name: vars(scalar) for name, scalar in dirac.SCALARS.items()},
                "me": self._me(), "limits": self._limits(), "notice": self.notice,
                "machine": {"cores": machine.cores, "device": machine.device, "workers": machine.workers, "busy": busy}}

    def _me(self) -> dict[str, Any]:
        person, oauth = current_user.get(), self.people.access.oauth
        return {"name": person.shown, "signed_in": bool(person.shown), "admin": person.admin, "may_train": person.may_train,
                "sign_in": "/login/huggingface" if oauth and not person.shown else None, "sign_out": "/logout" if person.shown else None}

    def _limits(self) -> dict[str, Any]:
        limits = self.engine.limits
        return {"running": min(limits.running, self.engine.machine.workers), "queued": limits.queued, "steps": limits.steps,
                "seconds": limits.seconds, "bytes": limits.each}


@cache
def variants() -> dict[str, list[dict[str, Any]]]:
    """Every variant, family by family, as it declares itself; their knobs are places in "declared", their metrics in "metrics", the lines of
    their formulas in "lines", and what these gain in "gains", for most variants share most. "mixed": the metrics of what may be mixed in."""
    pools: dict[str, list[Any]] = {"declared": [], "metrics": [], "lines": [], "gains": []}
    variants = [_variant(id, cls, **pools) for id, cls in models.ZOO.items()]
    return {"variants": sorted(variants, key=lambda v: (v["family"], v["paper"]["year"], v["title"])), **pools,
            "mixed": {name: vars(scalar) for name, scalar in mix.SCALARS.items()}}


def _variant(id: str, cls: type[GAN], declared: list[Any], metrics: list[Any], lines: list[Any], gains: list[Any]) -> dict[str, Any]:
    paper, known, warns = cls.paper, advice(id), {d: warning(id, d) for d in data.DATASETS}
    knobs = {kind: [_placed(declared, k) for k in describe(cls.Knobs, kind == "points")] for kind in ("points", "images")}
    settings: list[dict[str, Any]] = []
    named = {d: {name: _placed(settings, _setting(id, cls, d, name)) for name in presets.names(id, d)} for d in data.DATASETS}
    return {"id": id, "title": cls.title, "family": cls.family, "summary": cls.summary,
            "formula": _lines(lines, cls.formula), "forms": _forms(cls, lines), "mixes": _placed(gains, _mixes(cls, lines)),
            "paper": {"title": paper.title, "authors": paper.authors, "year": paper.year, "url": f"https://arxiv.org/abs/{paper.arxiv}"},
            "needs": list(needs(cls)), "capabilities": capabilities(cls), "larger_is": cls.larger_is, "paper_range": cls.paper_range,
            "scalars": {name: _placed(metrics, vars(scalar)) for name, scalar in cls.all_scalars().items() if name not in mix.SCALARS},
            "good": known.good, "bad": known.bad, "warns": {d: text for d, text in warns.items() if text},
            "knobs": knobs, "defaults": asdict(cls.Knobs()), "settings": settings, "presets": named}


def _lines(pool: list[Any], formula: tuple[str, ...]) -> list[int]:
    return [_placed(pool, mathml(line)) for line in formula]


def _forms(cls: type[GAN], pool: list[Any]) -> list[dict[str, Any]]:
    """How the formula reads where knobs are such: {"when": {knob: value, or true for any but 0}, "lines"}; the last that holds counts."""
    wraps = [("relative", how) for how in LINES] if plain(cls) and isinstance(cls.relative, Relative) else []
    conditions = list(dict.fromkeys([*((form.knob, form.value) for form in cls.forms), *wraps]))
    needed, forms = knobs_of(cls.Knobs), []
    for n in range(1, len(conditions) + 1):
        for some in combinations(conditions, n):
            when = dict(some)
            barred = [need for name in when for need in needed[name].metadata["needs"] if when.get(need.knob, *need.values[:1]) not in need.values]
            if len(when) < n or barred:
                continue                                # no run can have these
            knobs = replace(cls.Knobs(), **{name: 1 if value is True else value for name, value in some})
            forms.append({"when": when, "lines": _lines(pool, cls.formula_of(knobs))})
    return forms


def _mixes(cls: type[GAN], pool: list[Any]) -> list[dict[str, Any]]:
    """What a variant's formula gains by what is mixed in, as `mixed_terms.declarations`, with the place of its line."""
    told = mixed_terms.declarations(cls.critic_letter) if plain(cls) else []
    return [{"knob": t["knob"], "value": t["value"], "player": t["player"], "line": _placed(pool, mathml(t["latex"]))} for t in told]


def _setting(id: str, cls: type[GAN], data_id: str, name: str) -> dict[str, Any]:
    """A preset as what differs from the knobs' defaults; size 0 is the data set's own."""
    found, defaults, sizes = presets.preset(id, data_id, name), asdict(cls.Knobs()), data.get(data_id).sizes
    return {"knobs": {k: v for k, v in found["knobs"].items() if v != defaults[k]}, "steps": found["steps"],
            "size": 0 if found["size"] in sizes[:1] else found["size"]}


def _placed(pool: list[Any], item: Any) -> int:
    """Where `item` stands in `pool`, put there if it is new: what many share is told once."""
    if item not in pool:
        pool.append(item)
    return pool.index(item)


@cache
def mathml(latex: str) -> str:
    """LaTeX, of a variant's own file, as MathML that browsers draw themselves. Characters stand as they are: as numbers they are longer."""
    return NUMBERED.sub(lambda found: char if (char := chr(int(found[1], 16))) not in "<>&" else found[0], latex2mathml.converter.convert(latex))


def datasets() -> list[dict[str, Any]]:
    """Every data set. A thumbnail is named, not made; what is still to be downloaded or prepared has none, and `samples` may be null."""
    return [_dataset(given) for given in data.DATASETS.values()]


def _dataset(given: data.Dataset) -> dict[str, Any]:
    points = given.kind == "points"
    modes = data.load(given.id).modes if points else None
    return {"id": given.id, "title": given.title, "kind": given.kind, "group": given.group, "needs": given.needs, "sizes": list(given.sizes),
            "provides": list(data.domain(given.id).provides), "classes": list(given.classes), "single": given.single,
            "licence": given.licence, "help": given.help, "samples": data.samples(given.id), "options": describe(given.Options, points),
            "modes": None if modes is None else len(modes), "thumb": None if points or not given.ready() else f"/play/thumb/{given.id}.webp",
            "points": preview(given.id) if points else []}


@cache
def preview(id: str) -> list[list[float]]:
    """Some points of a data set, rounded: [[x, y], ...]."""
    return [[round(v, 3) for v in p] for p in data.load(id).train[:PREVIEW].tolist()]
