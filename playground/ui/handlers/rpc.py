"""The functions a page may call. Each takes one JSON object and answers one; every refusal names its field."""

import logging
import secrets
from collections.abc import Callable
from dataclasses import asdict
from typing import Any

import models
from models.kit.knobs import BadKnob
from playground.config.file_handles import BUSY, out_of_handles
from playground.config.limits.pool import Pool
from playground.config.limits.rates import Pace, Rate
from playground.config.limits.shares import Shares
from playground.engine.engine import Engine
from playground.requester import requester
from playground.specs.check import check
from playground.specs.cost import estimate
from playground.specs.presets import complete
from playground.types import Refused, Spec
from playground.ui.handlers.catalogue import Catalogue
from playground.ui.handlers.comparison.functions import ComparisonHandlers
from playground.ui.handlers.datasets import DatasetHandlers
from playground.ui.handlers.huggingface import HubHandlers
from playground.ui.handlers.inspection import InspectionHandlers
from playground.ui.handlers.latents import LatentHandlers
from playground.ui.handlers.models import ModelHandlers
from playground.ui.handlers.races import RaceHandlers
from playground.ui.handlers.runs import ForkHandlers, RunHandlers
from playground.ui.handlers.services import Services
from playground.ui.requests import message_checks
from playground.ui.requests.identity import People, current_user
from playground.ui.requests.message_checks import choice, optional, plain, run_id, take, whole
from playground.validate import checked_tune

log = logging.getLogger(__name__)
Answer = dict[str, Any]
MOST = 2 ** 53          # what a browser can count to
TUNES = Pace(30, 10), Pace(120, 40)         # of one person, and of one network


def answered(act: Callable[[Any], Answer]) -> Callable[[Any], Answer]:
    """`act` as a page sees it."""
    def safe(message: Any = None) -> Answer:
        try:
            return act(message)
        except Exception as error:
            return failure(error, act.__name__)
    safe.__name__, safe.__doc__ = act.__name__, act.__doc__
    return safe


def failure(error: Exception, act: str) -> Answer:
    """Whatever goes wrong is one sentence; a fault of ours goes to the log, under a name that the page is told."""
    if isinstance(error, (Refused, BadKnob)):
        return {"error": {"field": error.field, "message": str(error)}}
    if out_of_handles(error):
        log.warning("no file handle is left: %s is refused", act)
        return {"error": {"field": "server", "message": BUSY}}
    name = secrets.token_hex(4)
    log.error("fault %s in %s", name, act, exc_info=error)
    return {"error": {"field": "server", "message": f"something broke here; it is in the server's log as {name}"}}


class PageFunctions:
    """Values in, engine or store, values out. Nothing here waits for another call; the engine's runs belong to nobody's session."""

    def __init__(self, engine: Engine, services: Services, people: People) -> None:
        self.models, self.hub, self.own = ModelHandlers(services), HubHandlers(services), DatasetHandlers(services)
        self.engine, self.services, self.listed, self.shelf = engine, services, Catalogue(engine, services, people), RunHandlers(services)
        self.tunes, self.estimates = Rate("tunes", *TUNES), Pool("estimates", 2, Shares("estimates", most=24, each=6, address=12, kept=6))
        self.insight, self.forks, self.studio = InspectionHandlers(services), ForkHandlers(services), LatentHandlers(services)
        self.races, self.comparison = RaceHandlers(services), ComparisonHandlers(services)

    def functions(self) -> list[Callable[[Any], Answer]]:
        """What the page calls through Gradio, by name, each safe."""
        parts = (self.models, self.hub, self.own, self.shelf, self.insight, self.forks, self.races, self.comparison, self.studio)
        own = (self.catalogue, self.estimate, self.start, self.act, self.extend, self.tune, self.live)
        return [answered(f) for f in (*own, *(f for part in parts for f in part.functions()))]

    def catalogue(self, message: Any) -> Answer:
        """All there is to choose from, and what the page begins with."""
        take(message)
        return self.listed.answer()

    def estimate(self, message: Any) -> Answer:
        """Seconds and bytes that a run would take, before anything is allocated."""
        fields = take(message, spec=message_checks.spec)
        spec = self.engine.fitted(self._allowed(fields["spec"]))
        return asdict(self.estimates.run(lambda: estimate(spec)))

    def start(self, message: Any) -> Answer:
        """Queue a new run; `replace` stops one of one's own first."""
        fields = take(message, spec=message_checks.spec, replace=optional(run_id))
        owner = current_user.get().owner
        if fields["replace"]:
            self.services.access.own(fields["replace"])
        return {"run": self.engine.submit(self._allowed(fields["spec"]), owner, fields["replace"]).id}

    def _allowed(self, spec: dict[str, Any]) -> Spec:
        """Checked, and on data that who asks may train on."""
        found = check(complete(spec))
        self.services.access.trains_on(found.data, found.options)
        return found

    def act(self, message: Any) -> Answer:
        """Pause, resume, stop, or do `n` steps and pause again."""
        fields = take(message, run=run_id, do=choice("pause", "resume", "stop", "step"), n=optional(whole(1, 10_000), 1))
        id = self.services.access.own(fields["run"]).id
        if fields["do"] == "step":
            self.engine.advance(id, fields["n"])
        else:
            {"pause": self.engine.pause, "resume": self.engine.resume, "stop": self.engine.stop}[fields["do"]](id)
        return {"status": self.engine.run(id).status.value}

    def extend(self, message: Any) -> Answer:
        """A finished run of one's own trains on, to `steps` in all."""
        fields = take(message, run=run_id, steps=whole(1, MOST))
        run = self.services.access.own(fields["run"])
        self.services.access.trains_on(run.spec.data, run.spec.options)
        return {"status": self.engine.extend(run.id, fields["steps"]).status.value}

    def tune(self, message: Any) -> Answer:
        """Other values for live knobs, from the next step on."""
        fields = take(message, run=run_id, knobs=plain)
        run = self.services.access.own(fields["run"])
        if not run.status.ended:
            checked_tune(models.get(run.spec.variant).Knobs, run.spec.knobs, fields["knobs"])     # what is wrong is told and not counted
            self.tunes.take(requester.get())
        return {"step": self.engine.tune(run.id, fields["knobs"])}

    def live(self, message: Any) -> Answer:
        """One's own runs that are queued, training or paused."""
        take(message)
        return {"runs": [{"id": run.id, "variant": run.spec.variant, "data": run.spec.data, "status": run.status.value,
                          "step": self.services.runs.history(run.id).step, "budget": run.spec.steps}
                         for run in self.engine.live() if current_user.get().owns(run)]}
