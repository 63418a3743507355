"""Races: where they are asked for."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from playground.config.limits.pool import Pool
from playground.config.limits.shares import Shares
from playground.specs.check import check
from playground.specs.presets import complete
from playground.types import Clock
from playground.ui.handlers.services import Services
from playground.ui.requests.identity import current_user
from playground.ui.requests.message_checks import choice, given, number, optional, options, plain, several, take, text, whole
from playground.validate import MOST_SEED

Answer = dict[str, Any]


class RaceHandlers:
    """The functions that begin races. What is asked of one run of a race goes through the functions for runs."""

    def __init__(self, services: Services) -> None:
        self.services, self.engine = services, services.engine
        self._worker = Pool("races", 1, Shares("races", most=12, each=2, address=6, kept=4))

    def functions(self) -> list[Callable[[Any], Answer]]:
        """The functions that the page calls."""
        return [self.race]

    def race(self, message: Any) -> Answer:
        """Queue a race of 2 to 8 lanes, each with 1 to 5 seeds, on the same data; `budget` by `clock`, of each run."""
        fields = take(message, clock=choice(*Clock), budget=number(1, 1e9), data=text, size=given, options=optional(options, {}),
                      seeds=several("whole numbers", 1, 5, whole(0, MOST_SEED)), lanes=several("lanes", 2, 8, lane))
        shared = {name: fields[name] for name in ("data", "size", "options")}
        owner = current_user.get().owner

        def start() -> Answer:
            specs = [check(complete({**lane, **shared, "seed": fields["seeds"][0], "steps": None})) for lane in fields["lanes"]]
            self.services.access.trains_on(specs[0].data, specs[0].options)
            lanes = [[replace(spec, seed=seed) for seed in fields["seeds"]] for spec in specs]
            made = self.engine.race(lanes, owner, Clock(fields["clock"]), fields["budget"])
            return {"race": made.id, "runs": [[*runs] for runs in made.lanes]}
        return self._worker.run(start)


def lane(name: str, value: Any) -> dict[str, Any]:
    """One lane as a page asks for it: a variant, the preset that it begins with, and knobs that differ from that."""
    return take(value, variant=text, preset=optional(text, "quick"), knobs=optional(plain, {}))
