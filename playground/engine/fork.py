"""Forks: runs that begin where another run was, with its weights, optimisers, generator, position in the data and whole past."""

import threading
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any, NamedTuple

import models
from models.kit import mix
from models.kit.knobs import declared
from playground.engine.quota import Quota
from playground.engine.run_table import RunTable
from playground.specs.check import check
from playground.store import past
from playground.store.checkpoints import Checkpoints, Saved
from playground.training.transfer import carried, fitted
from playground.types import Event, Refused, Run, Spec
from playground.validate import checked_knobs, whole


class Fork(NamedTuple):
    """A new fork. `step`: where it begins; `fresh`: what could not be taken over, in words."""

    run: Run
    step: int
    fresh: list[str]


class Forks:
    """Threads may share it; one fork is made at a time."""

    def __init__(self, table: RunTable, quota: Quota, sparing: Callable[[str], AbstractContextManager], checkpoint: Callable[[str], None],
                 adopt: Callable[[Spec, str, Path, str, int], Run]) -> None:
        """`sparing(id)`: protects a run from being cleaned away; `checkpoint(id)`: makes a run that trains store a checkpoint of its present step;
        `adopt(spec, owner, folder, parent, step)`: queues the run that lies in a folder."""
        self.table, self.quota, self.sparing, self.checkpoint, self.adopt = table, quota, sparing, checkpoint, adopt
        self._lock = threading.Lock()

    def make(self, id: str, owner: str, step: int | None, knobs: dict[str, Any] | None, variant: str | None, steps: int | None) -> Fork:
        """As `Engine.fork`."""
        with self.sparing(id):                          # its parent must not be deleted to make room for it
            return self._build(id, owner, step, knobs, variant, steps)

    def _build(self, id: str, owner: str, step: int | None, knobs: dict[str, Any] | None, variant: str | None, steps: int | None) -> Fork:
        table, runs, parent = self.table, self.table.runs, self.table.run(id)
        self.quota.admit(owner, self.quota.address_mark(), table.leads())            # checked again when it is queued: this saves the work
        if step is None:
            self.checkpoint(id)
        with self._lock:
            saved = runs.checkpoints(id).latest(step)
            if saved is None:
                raise Refused(*self._no_checkpoint(id, step))
            plan = Plan(parent.spec, saved, runs.journal(id).read()[0], knobs or {}, variant, self._budget(parent.spec, saved[0], steps))
            self.quota.allow(plan.spec, owner, plan.start_bytes(runs.folder(id)))
            table.run(id)                                   # its owner may have deleted it meanwhile
            with runs.draft() as folder:
                fresh = plan.fill(id, runs.folder(id), folder)
                return Fork(self.adopt(plan.spec, owner, folder, id, plan.step), plan.step, fresh)

    def _budget(self, old: Spec, step: int, steps: int | None) -> int:
        """The parent's budget, or as much again where that is used up."""
        most = self.quota.limits.steps
        if steps is not None:
            return whole("steps", steps, step + 1, most)
        return old.steps if step < old.steps else min(step + old.steps, max(most, step + 1))

    def _no_checkpoint(self, id: str, step: int | None) -> tuple[str, str]:
        there = self.table.runs.checkpoints(id).steps()
        if step is not None and there:
            return "step", f"a fork begins at a checkpoint, and the first of this run is of step {there[0]}"
        return "run", "this run has kept no checkpoint that a fork could begin at"


class Plan:
    """What a run's checkpoint, journal and knobs become in a fork of it. Refused names what is impossible."""

    def __init__(self, old: Spec, saved: Saved, events: list[Event], changes: dict[str, Any], variant: str | None, steps: int) -> None:
        """`changes`: knobs that differ from the run's at that step; `events`: the run's journal."""
        self.old, self.saved, self.step, self.changes = old, saved, saved[0], changes
        self.variant = old.variant if variant is None else variant
        self.kind = knobs_of(self.variant)
        events = past.events_until(events, self.step)
        self.events = events if self.variant == old.variant else [e for event in events if (e := self._translated(event))]
        self.now = {**old.knobs, **saved[2]["knobs"], **_tuned(e for e in events if e.get("step") == self.step)}
        wanted = asdict(self.kind()) | carried(self.variant, self.now)
        self.knobs = asdict(checked_knobs(self.kind, wanted | changes))
        begun = asdict(self.kind()) | carried(self.variant, old.knobs)      # as its journal has them at step 0, and then at this one
        last = begun | _tuned(self.events)
        self.tune = {name: [last[name], value] for name, value in self.knobs.items() if last[name] != value}
        fixed = {name: self.knobs[name] for name, f in declared(self.kind).items() if not f.metadata["live"]}
        own = self.variant == old.variant and not self.tune
        requested = replace(old, variant=self.variant, knobs=begun | fixed, steps=steps, preset=old.preset if own else "")
        self.spec = replace(check(requested.json()), threads=old.threads, device=old.device, precision=old.precision)

    def fill(self, id: str, source: Path, target: Path) -> list[str]:
        """Put everything that the fork begins with into its folder `target`. Returns what could not be taken over, in words."""
        (_, tensors, meta), fresh, own = self.saved, [], Checkpoints(target / "checkpoints")
        own.folder.mkdir()
        old_knobs = asdict(self.kind()) | self.old.knobs     # a knob newer than the run has its default: as before it
        same = self.variant == self.old.variant and self.spec.knobs == mix.told(old_knobs)                  # apart from tunes
        if not same:
            tensors, fresh = fitted(self.old, self.spec, self.saved)
            fresh = [*self._fresh_knobs(), *fresh]
        if not same or not Checkpoints(source / "checkpoints").link_into(self.step, own.folder):
            own.write(self.step, tensors, meta if same else {**meta, "knobs": mix.told(self.knobs)})
        begins = {"fork": {"run": id, "variant": self.old.variant}, "step": self.step, "elapsed": float(meta.get("elapsed", 0.0))}
        tune = [{"tune": self.tune, "step": self.step}] if self.tune else []
        past.copy_past(source, target, [*self.events, begins, *tune], self.step)
        return fresh

    def start_bytes(self, source: Path) -> int:
        """About how many bytes the fork begins with; `source`: the folder of its parent."""
        state = sum(tensor.numel() * tensor.element_size() for tensor in self.saved[1].values())
        return state + past.past_bytes(source, self.step)

    def _fresh_knobs(self) -> list[str]:
        """Which knobs are at their defaults because the run has none of that name, or a value that is out of range here."""
        left = {name: value for name, value in mix.told(self.knobs).items() if name not in self.changes and self.now.get(name) != value}
        new = [f"{name} = {value}" for name, value in left.items() if name not in self.now]
        out_of_range = [f"{name} = {value}, for {self.now[name]} is out of range" for name, value in left.items() if name in self.now]
        messages = [f"knobs of its own at their defaults: {', '.join(new)}"] if new else []
        return messages + ([f"knobs at their defaults: {', '.join(out_of_range)}"] if out_of_range else [])

    def _translated(self, event: Event) -> Event | None:
        """The part of an event that means the same in another variant: knobs that it has, numbers of the same name and unit; None when there is
        none."""
        if "tune" in event:
            known = carried(self.variant, {name: after for name, (_, after) in event["tune"].items()})
            return {**event, "tune": {name: event["tune"][name] for name in known}} if known else None
        if "rows" in event:
            old, new = (models.get(v).all_scalars() for v in (self.old.variant, self.variant))
            same = {name for name in old.keys() & new.keys() if old[name].unit == new[name].unit} | {"step"}
            return {**event, "rows": {name: column for name, column in event["rows"].items() if name in same}}
        return event


def _tuned(events: Any) -> dict[str, Any]:
    """The knobs that were tuned, with their last values."""
    return {name: after for event in events for name, (_, after) in event.get("tune", {}).items()}


def knobs_of(variant: Any) -> type:
    """The class of a variant's knobs. Refused("variant", ...) when there is no such variant."""
    try:
        return models.get(variant).Knobs
    except KeyError as unknown:
        raise Refused("variant", unknown.args[0][:300]) from None
