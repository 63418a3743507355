"""Begins a race: several runs that share data, seeds and the order of their batches, and train in turns on one worker."""

import math
import time
from collections.abc import Callable, Sequence
from dataclasses import replace

from playground.config.machine import free_memory
from playground.engine.quota import Quota
from playground.engine.run_table import RunTable
from playground.specs import cost
from playground.types import Clock, Race, Refused, Run, Spec, new_id
from playground.units import amount
from playground.validate import number, whole

LANES, SEEDS = (2, 8), (1, 5)       # how many of each
BUDGETS = {Clock.STEPS: 1_000_000, Clock.IMAGES: 10 ** 9, Clock.SECONDS: 10 ** 6}       # at most


class RaceStarts:
    """Threads may share it."""

    def __init__(self, table: RunTable, quota: Quota, enter: Callable[..., list[Run]], admit: Callable[[str, str], None],
                 untried: Callable[[Spec], Spec]) -> None:
        """`enter` queues all runs or none; `admit(owner, address)` refuses when nothing may start; `untried` leaves a Spec's threads open."""
        self.table, self.quota, self.enter, self.admit, self.untried = table, quota, enter, admit, untried

    def start(self, lanes: Sequence[Sequence[Spec]], owner: str, clock: Clock, budget: float) -> Race:
        """Queue a race of checked and fitted Specs, as Engine.race."""
        lanes = [[self.budgeted(spec, clock, budget) for spec in lane] for lane in checked(lanes)]
        needed = 0
        for spec in (spec for lane in lanes for spec in lane):
            self.quota.allow(spec, owner)
            needed += cost.bytes_needed(spec)
        free = free_memory(lanes[0][0].device)
        if needed > cost.FREE_PART * free:
            raise Refused("lanes", f"these lanes need about {amount(needed)} together, more than half of the {amount(free)} that are free here: "
                                   "take fewer lanes or seeds, or smaller networks")
        address, id = self.quota.address_mark(), new_id()
        runs = [[self.table.runs.new(self.untried(spec), owner, address=address, race=id) for spec in lane] for lane in lanes]
        race = Race(id, owner, clock, budget, tuple(tuple(run.id for run in lane) for lane in runs), time.time())
        every = [run for lane in runs for run in lane]

        def keep() -> None:
            self.table.races.save(race)                 # first: a run whose race is unknown would have no clock
            try:
                for run in every:
                    self.table.runs.keep(run)
            except BaseException:
                for run in every:
                    self.table.runs.withdraw(run.id)
                self.table.races.remove(id)
                raise
        self.enter(every, lambda: self.admit(owner, address), keep)
        return race

    def budgeted(self, spec: Spec, clock: Clock, budget: float) -> Spec:
        """A lane's Spec: batches in an order of their own, and the budget; Refused("budget", ...) when it is out of range."""
        most = self.quota.limits.steps
        spec = replace(spec, shared_order=True)
        if clock is Clock.SECONDS:
            return replace(spec, steps=most, seconds=number("budget", budget, 1, min(self.quota.limits.seconds or math.inf, BUDGETS[clock])))
        if clock is Clock.STEPS:
            return replace(spec, steps=whole("budget", budget, 1, min(most, BUDGETS[clock])))
        return replace(spec, steps=most, images=whole("budget", budget, 1, BUDGETS[clock]))

    def clock(self, id: str) -> Clock:
        """A race's clock. Refused("race", ...) when there is no such race."""
        return self.table.races.get(id).clock

    def resumable(self, run: Run) -> list[Run]:
        """The runs that go on when this one, which has ended, is resumed: of a race all that can, in the order of its lanes."""
        if not run.race:
            return [run]
        there = {one.id: one for one in self.table.all() if one.race == run.race and one.status.resumable}
        return [there[id] for lane in self.table.races.get(run.race).lanes for id in lane if id in there]


def checked(lanes: Sequence[Sequence[Spec]]) -> Sequence[Sequence[Spec]]:
    """Refused("lanes" or "seeds", ...) for too few or too many, for lanes on different data, and for runs of a lane that differ in more than their
    seeds."""
    whole("lanes", len(lanes), *LANES)
    shared = lanes[0][0] if lanes[0] else None
    for lane in lanes:
        whole("seeds", len(lane), *SEEDS)
        if any((spec.data, spec.size, spec.options) != (shared.data, shared.size, shared.options) for spec in lane):
            raise Refused("lanes", "all lanes of a race train on the same data, of one size and with the same options")
        if [spec.seed for spec in lane] != [spec.seed for spec in lanes[0]] or len({spec.seed for spec in lane}) < len(lane):
            raise Refused("seeds", "every lane has the same seeds, each once")
        if any(replace(spec, seed=0) != replace(lane[0], seed=0) for spec in lane):
            raise Refused("lanes", "the runs of one lane differ in their seeds alone")
    return lanes
