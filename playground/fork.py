"""A run that begins where another one was: with its weights, optimisers, generator, place in the data and whole past."""

import contextlib
import threading
from concurrent.futures import Future
from concurrent.futures import TimeoutError as TooLate
from dataclasses import asdict, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import models
from models.kit.knobs import declared
from playground.check import check, checked_knobs, whole
from playground.door import Command
from playground.fitting import carried, fitted
from playground.store import past
from playground.store.checkpoints import Checkpoints, Saved
from playground.types import Event, Refused, Run, Spec

if TYPE_CHECKING:
    from playground.engine import Engine

SAVE = 10.0             # seconds to wait for a checkpoint of this very step


class Fork(NamedTuple):
    """`step`: where it begins; `fresh`: what could not be taken over, in words."""

    run: Run
    step: int
    fresh: list[str]


class Forks:
    """Threads may share it; one fork is made at a time."""

    def __init__(self, engine: "Engine") -> None:
        self.engine, self._one = engine, threading.Lock()

    def make(self, id: str, owner: str, step: int | None, knobs: dict[str, Any] | None, variant: str | None, steps: int | None) -> Fork:
        """As `Engine.fork`."""
        engine, runs, parent = self.engine, self.engine.runs, self.engine.run(id)
        engine.keeper.admit(owner, engine.live())           # and again when it is made: this spares the work
        if step is None:
            self._save(id)
        with self._one:
            saved = runs.checkpoints(id).latest(step)
            if saved is None:
                raise Refused(*self._nowhere(id, step))
            plan = Plan(parent.spec, saved, runs.journal(id).read()[0], knobs or {}, variant, self._budget(parent.spec, saved[0], steps))
            engine.keeper.allow(plan.spec, owner)
            engine.run(id)                                  # it may have been cleaned away to make room
            with runs.draft() as folder:
                fresh = plan.fill(id, runs.folder(id), folder)
                return Fork(engine.adopt(plan.spec, owner, folder, id, plan.step), plan.step, fresh)

    def _save(self, id: str) -> None:
        """Have a run that a worker has keep a checkpoint of the step that it is at."""
        for active, io in self.engine.training():
            if active.run.id == id:
                answer: Future = Future()
                io.ask(Command("checkpoint", answer=answer))
                with contextlib.suppress(TooLate, Refused):     # a long step, or it has just ended: the newest there is
                    answer.result(SAVE)

    def _budget(self, old: Spec, step: int, steps: int | None) -> int:
        """The parent's, or as much again where that is used up."""
        most = self.engine.limits.steps
        if steps is not None:
            return whole("steps", steps, step + 1, most)
        return old.steps if step < old.steps else min(step + old.steps, max(most, step + 1))

    def _nowhere(self, id: str, step: int | None) -> tuple[str, str]:
        there = self.engine.runs.checkpoints(id).steps()
        if step is not None and there:
            return "step", f"a fork begins at a checkpoint, and the first of this run is of step {there[0]}"
        return "run", "this run has kept no checkpoint that a fork could begin at"


class Plan:
    """What becomes of a run's checkpoint, journal and knobs in a fork of it. Refused names what cannot be."""

    def __init__(self, old: Spec, saved: Saved, events: list[Event], given: dict[str, Any], variant: str | None, steps: int) -> None:
        """`given`: knobs that are to be others than the run has at that step; `events`: the run's journal."""
        self.old, self.saved, self.step, self.given = old, saved, saved[0], given
        self.variant = old.variant if variant is None else variant
        self.kind = knobs_of(self.variant)
        events = past.until(events, self.step)
        self.events = events if self.variant == old.variant else [e for event in events if (e := self._told(event))]
        self.now = {**old.knobs, **saved[2]["knobs"], **_after(e for e in events if e.get("step") == self.step)}
        wanted = asdict(self.kind()) | carried(self.variant, self.now)
        self.knobs = asdict(checked_knobs(self.kind, wanted | given))
        begun = asdict(self.kind()) | carried(self.variant, old.knobs)      # as its journal has them at step 0, and then at this one
        last = begun | _after(self.events)
        self.tune = {name: [last[name], value] for name, value in self.knobs.items() if last[name] != value}
        fixed = {name: self.knobs[name] for name, f in declared(self.kind).items() if not f.metadata["live"]}
        own = self.variant == old.variant and not self.tune
        asked = replace(old, variant=self.variant, knobs=begun | fixed, steps=steps, preset=old.preset if own else "")
        self.spec = replace(check(asked.json()), threads=old.threads, device=old.device, precision=old.precision)

    def fill(self, id: str, there: Path, here: Path) -> list[str]:
        """Put all that the fork begins with into its folder `here`; what could not be taken over, in words."""
        (_, tensors, meta), fresh, own = self.saved, [], Checkpoints(here / "checkpoints")
        own.folder.mkdir()
        same = self.variant == self.old.variant and self.spec.knobs == self.old.knobs       # but for tunes
        if not same:
            tensors, fresh = fitted(self.old, self.spec, self.saved)
            fresh = [*self._fresh_knobs(), *fresh]
        if not same or not Checkpoints(there / "checkpoints").lend(self.step, own.folder):
            own.write(self.step, tensors, meta if same else {**meta, "knobs": self.knobs})
        begins = {"fork": {"run": id, "variant": self.old.variant}, "step": self.step, "elapsed": float(meta.get("elapsed", 0.0))}
        tune = [{"tune": self.tune, "step": self.step}] if self.tune else []
        past.take_along(there, here, [*self.events, begins, *tune], self.step)
        return fresh

    def _fresh_knobs(self) -> list[str]:
        """Which knobs stand at their defaults because the run has none of that name, or at a value that is out of range here."""
        left = {name: value for name, value in self.knobs.items() if name not in self.given and self.now.get(name) != value}
        new = [f"{name} = {value}" for name, value in left.items() if name not in self.now]
        beyond = [f"{name} = {value}, for {self.now[name]} is out of range" for name, value in left.items() if name in self.now]
        told = [f"knobs of its own at their defaults: {', '.join(new)}"] if new else []
        return told + ([f"knobs at their defaults: {', '.join(beyond)}"] if beyond else [])

    def _told(self, event: Event) -> Event | None:
        """What of an event means the same in another variant: knobs that it has, numbers of one name and unit."""
        if "tune" in event:
            known = carried(self.variant, {name: after for name, (_, after) in event["tune"].items()})
            return {**event, "tune": {name: event["tune"][name] for name in known}} if known else None
        if "rows" in event:
            old, new = (models.get(v).all_scalars() for v in (self.old.variant, self.variant))
            same = {name for name in old.keys() & new.keys() if old[name].unit == new[name].unit} | {"step"}
            return {**event, "rows": {name: column for name, column in event["rows"].items() if name in same}}
        return event


def _after(events: Any) -> dict[str, Any]:
    """The knobs that were turned, as they then were."""
    return {name: after for event in events for name, (_, after) in event.get("tune", {}).items()}


def knobs_of(variant: Any) -> type:
    """Its knobs' declaration. Refused("variant", ...) when there is none of that name."""
    try:
        return models.get(variant).Knobs
    except KeyError as unknown:
        raise Refused("variant", unknown.args[0][:300]) from None
