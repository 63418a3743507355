"""The functions a page may call. Each takes one JSON object and answers one; every refusal names its field."""

import logging
import secrets
from collections.abc import Callable
from dataclasses import asdict
from typing import Any

from models.kit.knobs import BadKnob
from playground.check import check
from playground.engine import Engine
from playground.estimate import estimate
from playground.presets import preset
from playground.types import Refused, Spec
from playground.ui import checks
from playground.ui.catalogue import Catalogue
from playground.ui.checks import choice, optional, plain, run_id, take, whole
from playground.ui.forks import ForkDesk
from playground.ui.hubs import HubDesk
from playground.ui.insight import Insight
from playground.ui.library import Library
from playground.ui.models import ModelDesk
from playground.ui.people import People, present
from playground.ui.sets import SetDesk
from playground.ui.shelf import Shelf
from playground.ui.studio import StudioDesk

log = logging.getLogger(__name__)
Answer = dict[str, Any]


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
    name = secrets.token_hex(4)
    log.error("fault %s in %s", name, act, exc_info=error)
    return {"error": {"field": "server", "message": f"something broke here; it is in the server's log as {name}"}}


class Server:
    """Values in, engine or store, values out. Nothing here waits for another call; the engine's runs belong to nobody's session."""

    def __init__(self, engine: Engine, library: Library, people: People) -> None:
        self.models, self.hub, self.own = ModelDesk(library), HubDesk(library), SetDesk(library)
        self.engine, self.library, self.listed, self.shelf = engine, library, Catalogue(engine, library, people), Shelf(library)
        self.insight, self.forks, self.studio = Insight(library), ForkDesk(library), StudioDesk(library)

    def functions(self) -> list[Callable[[Any], Answer]]:
        """What the page calls through Gradio, by name, each safe."""
        own = (*self.models.functions(), *self.hub.functions(), *self.own.functions())
        own += (self.catalogue, self.estimate, self.start, self.act, self.tune, self.live)
        return [answered(f) for f in (*own, *self.shelf.functions(), *self.insight.functions(), *self.forks.functions(), *self.studio.functions())]

    def catalogue(self, message: Any) -> Answer:
        """All there is to choose from, and what the page begins with."""
        take(message)
        return self.listed.answer()

    def estimate(self, message: Any) -> Answer:
        """Seconds and bytes that a run would take, before anything is allocated."""
        asked = take(message, spec=checks.spec)
        return asdict(estimate(self.engine.fitted(self._allowed(asked["spec"]))))

    def start(self, message: Any) -> Answer:
        """Queue a new run; `replace` stops one of one's own first."""
        asked = take(message, spec=checks.spec, replace=optional(run_id))
        owner = present.get().owner
        if asked["replace"]:
            self.library.own(asked["replace"])
        return {"run": self.engine.submit(self._allowed(asked["spec"]), owner, asked["replace"]).id}

    def _allowed(self, spec: dict[str, Any]) -> Spec:
        """Checked, and on data that who asks may train on."""
        found = check(complete(spec))
        self.library.trains_on(found.data, found.options)
        return found

    def act(self, message: Any) -> Answer:
        """Pause, resume, stop, or do `n` steps and pause again."""
        asked = take(message, run=run_id, do=choice("pause", "resume", "stop", "step"), n=optional(whole(1, 10_000), 1))
        id = self.library.own(asked["run"]).id
        if asked["do"] == "step":
            self.engine.advance(id, asked["n"])
        else:
            {"pause": self.engine.pause, "resume": self.engine.resume, "stop": self.engine.stop}[asked["do"]](id)
        return {"status": self.engine.run(id).status.value}

    def tune(self, message: Any) -> Answer:
        """Other values for live knobs, from the next step on."""
        asked = take(message, run=run_id, knobs=plain)
        id = self.library.own(asked["run"]).id
        return {"step": self.engine.tune(id, asked["knobs"])}

    def live(self, message: Any) -> Answer:
        """One's own runs that are queued, training or paused."""
        take(message)
        return {"runs": [{"id": run.id, "variant": run.spec.variant, "data": run.spec.data, "status": run.status.value,
                          "step": self.library.history(run.id).step, "budget": run.spec.steps}
                         for run in self.engine.live() if present.get().owns(run)]}


def complete(spec: dict[str, Any]) -> dict[str, Any]:
    """A page's spec with its preset's knobs, size and budget where it names none; `preset` is kept only when the knobs are its own."""
    given = {name: value for name, value in spec.items() if value is not None}
    if not given["preset"]:
        return given
    known = preset(given["variant"], given["data"], given["preset"])
    whole_spec = {**known, **given, "knobs": {**known["knobs"], **given["knobs"]}}
    return {**whole_spec, "preset": given["preset"] if whole_spec["knobs"] == known["knobs"] else ""}
