"""What is said of runs side by side: what differs between them, and how they stand."""

from collections.abc import Callable
from typing import Any

from playground.comparison.description import described
from playground.comparison.measures import BETTER
from playground.comparison.scoreboard import scoreboard
from playground.config.limits.pool import Pool
from playground.config.limits.shares import Shares
from playground.types import Refused
from playground.ui.handlers.comparison.reading import lane_of, run_ids
from playground.ui.handlers.comparison.typeset import typeset
from playground.ui.handlers.services import Services
from playground.ui.requests.identity import current_user
from playground.ui.requests.message_checks import choice, number, optional, race_id, take

Answer = dict[str, Any]
FAR = 1e9                   # beyond all measures


class ComparisonHandlers:
    """Whoever has a run's id may watch it, and compare it. Networks are built in threads of their own; journals are read once for all watchers."""

    def __init__(self, services: Services) -> None:
        self.services = services
        self._workers = Pool("comparisons", 2, Shares("comparisons", most=24, each=6, address=12, kept=6))

    def functions(self) -> list[Callable[[Any], Answer]]:
        """The functions that the page calls."""
        return [self.lanes, self.scoreboard]

    def lanes(self, message: Any) -> Answer:
        """What lanes are, cost, share and do not share."""
        race, runs = self._asked(message)
        lanes = [lane_of(self.services.runs, ids) for ids in runs]
        found = self._workers.run(lambda: described(lanes))
        mine = [bool(lane.entrants) and all(self.services.access.mine(entrant.run) for entrant in lane.entrants) for lane in lanes]
        return {**found, "race": race, "lanes": [{**lane, "mine": own} for lane, own in zip(found["lanes"], mine, strict=True)],
                "formulas": [typeset(lines) for lines in found["formulas"]]}

    def _asked(self, message: Any) -> tuple[Answer | None, list[list[str]]]:
        """What is told of the race that is asked for, or None, and the runs of each lane."""
        fields = take(message, race=optional(race_id), runs=optional(run_ids()))
        if (fields["race"] is None) == (fields["runs"] is None):
            raise Refused("runs", "either a race or runs are looked at side by side")
        if fields["runs"]:
            return None, fields["runs"]
        race = self.services.engine.races.get(fields["race"])
        told = {"id": race.id, "clock": race.clock.value, "budget": race.budget, "name": race.name, "mine": current_user.get().holds(race.owner)}
        return told, [[*lane] for lane in race.lanes]

    def scoreboard(self, message: Any) -> Answer:
        """How lanes stand by a measure, and how soon each reaches a target."""
        fields = take(message, lanes=run_ids(), measure=choice(*BETTER), target=optional(number(-FAR, FAR)))
        lanes = [lane_of(self.services.runs, ids) for ids in fields["lanes"]]
        return self._workers.run(lambda: scoreboard(lanes, fields["measure"], fields["target"]))
