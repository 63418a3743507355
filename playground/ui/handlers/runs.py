"""Runs as a page lists them, and what a person may do with one from there: name it, keep it, publish it, throw it away, fork it."""

import hashlib
import json
import threading
import time
from collections.abc import Callable
from typing import Any, NamedTuple

from playground.config.limits.pool import Pool
from playground.config.limits.shares import Shares
from playground.engine.retention import UNDO
from playground.specs.presets import RECORDED
from playground.store.run_summaries import RunSummary
from playground.types import Refused, Run
from playground.ui.handlers.services import Services
from playground.ui.requests.identity import Person, current_user
from playground.ui.requests.message_checks import choice, optional, plain, run_id, take, text, title, whole, yes_or_no

Answer = dict[str, Any]
FRESH = 0.5             # seconds that one look at all runs serves everybody
SCORES = ("quality/fd", "modes/found", "distance/energy", "quality/sw")         # the first that a run has
MOST = 2 ** 53


class Entry(NamedTuple):
    """A run and what a list shows of it."""

    run: Run
    stamp: str          # changes with the facts
    facts: RunSummary


class RunHandlers:
    """The functions of the tabs Runs and Gallery."""

    def __init__(self, services: Services) -> None:
        self.services, self.engine = services, services.engine
        self._lock, self._seen, self._at = threading.Lock(), [], -FRESH

    def functions(self) -> list[Callable[[Any], Answer]]:
        """The functions that the page calls."""
        return [self.runs, self.rename, self.keep, self.delete, self.restore]

    def runs(self, message: Any) -> Answer:
        """"mine": all of one's own, or everybody's for an admin; "gallery": those that have ended with a picture, one's own and published ones."""
        fields = take(message, scope=choice("mine", "gallery"), known=optional(text, ""))
        person, gallery = current_user.get(), fields["scope"] == "gallery"
        found = [entry for entry in self.entries() if (_in_gallery(entry, person) if gallery else person.owns(entry.run))]
        if gallery and self.services.runs.recorded:
            found.append(self._entry(self.services.runs.run(RECORDED)))
        cards = [self.card(entry, person) for entry in found]
        version = hashlib.sha256(json.dumps([[entry.stamp for entry in found], cards]).encode()).hexdigest()[:16]
        mine = sum(entry.facts.bytes for entry in self.entries() if entry.run.owner in person.names)
        return {"version": version, "runs": None if version == fields["known"] else cards,
                "disk": {"used": mine + self.engine.usage.others(person.names), "most": self.engine.limits.each, "free": self.engine.usage.free()}}

    def rename(self, message: Any) -> Answer:
        """A name of at most 80 characters; none to take it away."""
        fields = take(message, run=run_id, name=title)
        return self._changed(self.services.access.own(fields["run"]).id, name=fields["name"])

    def keep(self, message: Any) -> Answer:
        """`pinned`: never cleaned away; `published`: listed for everybody."""
        fields = take(message, run=run_id, pinned=optional(yes_or_no), published=optional(yes_or_no))
        run = self.services.access.own(fields.pop("run"))
        id = run.id
        if fields["pinned"] and not run.pinned:
            self.engine.quota.may_stay(run.owner, self.engine.index.of(id)[1].bytes)
        return self._changed(id, **{name: value for name, value in fields.items() if value is not None})

    def delete(self, message: Any) -> Answer:
        """Stop it if it trains, and throw it away; `undo`: the seconds in which it can be brought back."""
        fields = take(message, run=run_id)
        self.engine.discard(self.services.access.own(fields["run"]).id)
        self._at = -FRESH
        return {"undo": UNDO}

    def restore(self, message: Any) -> Answer:
        """Bring back what was thrown away."""
        fields = take(message, run=run_id)
        current_user.get().own(self.engine.runs.discarded(fields["run"]))
        self.engine.restore(fields["run"])
        return self._changed(fields["run"])

    def entries(self) -> list[Entry]:
        """All runs, newest first; one look serves all who ask at about the same time."""
        with self._lock:
            if time.monotonic() - self._at > FRESH:
                self._seen, self._at = [self._entry(run) for run in self.engine.all()], time.monotonic()
            return self._seen

    def card(self, entry: Entry, person: Person) -> Answer:
        """What one line of the list says."""
        run, facts, recorded = entry.run, entry.facts, entry.run.id == RECORDED
        score = next((name for name in SCORES if name in facts.measures), None)
        steps = self.engine.runs.checkpoints(run.id).steps() if run.status.resumable and not recorded else []
        return {"id": run.id, "name": run.name, "variant": run.spec.variant, "data": run.spec.data, "size": run.spec.size, "status": run.status.value,
                "note": run.note, "step": facts.step, "budget": run.spec.steps, "created": run.created, "elapsed": round(facts.elapsed, 1),
                "bytes": facts.bytes, "frame": facts.frame,
                "thumb": None if facts.frame is None else f"/play/runs/{run.id}/thumb.webp?v={facts.frame}-{entry.stamp}",
                "mine": not recorded and person.owns(run), "pinned": run.pinned, "published": run.published, "recorded": recorded,
                "resumable": run.status.resumable and not recorded, "kept": steps[-1] if steps else None,
                "owner": run.owner.removeprefix("hf:") if run.owner.startswith("hf:") else "",
                "score": score and {"name": score, "value": facts.measures[score], "floor": facts.floors.get(score),
                                    "deviation": facts.deviations.get(score)}}

    def _entry(self, run: Run) -> Entry:
        index = self.services.runs.index(run.id)
        return Entry(run, *index.of(run.id))

    def _changed(self, id: str, **changes: Any) -> Answer:
        run = self.engine.amend(id, **changes) if changes else self.engine.run(id)
        self._at = -FRESH
        return {"run": self.card(self._entry(run), current_user.get())}


def _in_gallery(entry: Entry, person: Person) -> bool:
    return entry.run.status.ended and entry.facts.frame is not None and (entry.run.published or person.owns(entry.run))


class ForkHandlers:
    """Where they are asked for."""

    def __init__(self, services: Services) -> None:
        self.services, self.engine = services, services.engine
        self._worker = Pool("forks", 1, Shares("forks", most=12, each=2, address=6, kept=4))

    def functions(self) -> list[Callable[[Any], Answer]]:
        """The functions that the page calls."""
        return [self.fork, self.checkpoints]

    def fork(self, message: Any) -> Answer:
        """A run of one's own that goes on from the newest checkpoint at or before `step` (null: from now), with other knobs or as another variant."""
        fields = take(message, run=run_id, step=optional(whole(0, MOST)), knobs=optional(plain, {}), variant=optional(text),
                     steps=optional(whole(1, MOST)))
        run, owner, step = self._given(fields["run"]), current_user.get().owner, fields["step"]
        self.services.access.trains_on(run.spec.data, run.spec.options)
        if step is None and not current_user.get().owns(run):        # somebody else's run is not held up for a checkpoint
            step = MOST
        made = self._worker.run(lambda: self.engine.fork(run.id, owner, step, fields["knobs"], fields["variant"], fields["steps"]))
        return {"run": made.run.id, "step": made.step, "fresh": made.fresh}

    def checkpoints(self, message: Any) -> Answer:
        """The steps that a fork can begin from."""
        fields = take(message, run=run_id)
        return {"steps": self.engine.runs.checkpoints(self._given(fields["run"]).id).steps()}

    def _given(self, id: str) -> Run:
        if id == RECORDED:
            raise Refused("run", "the recorded run has kept no checkpoints; train one live to fork it")
        return self.services.access.given(id)
