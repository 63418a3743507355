"""Runs as a list shows them, and what a person may do with one from there: name it, keep it, publish it, throw it away."""

import hashlib
import json
import threading
import time
from collections.abc import Callable
from typing import Any, NamedTuple

from playground.keeper import UNDO
from playground.presets import RECORDED
from playground.store.facts import Facts
from playground.types import Run
from playground.ui.checks import choice, optional, run_id, take, text, title, yes_or_no
from playground.ui.library import Library
from playground.ui.people import Person, present

Answer = dict[str, Any]
FRESH = 0.5             # seconds that one look at all runs serves everybody
SCORES = ("quality/fd", "modes/found", "distance/energy", "quality/sw")         # the first that a run has


class Entry(NamedTuple):
    run: Run
    stamp: str          # changes with the facts
    facts: Facts


class Shelf:
    """The functions of the tabs Runs and Gallery."""

    def __init__(self, library: Library) -> None:
        self.library, self.engine = library, library.engine
        self._lock, self._seen, self._at = threading.Lock(), [], -FRESH

    def functions(self) -> list[Callable[[Any], Answer]]:
        return [self.runs, self.rename, self.keep, self.delete, self.restore]

    def runs(self, message: Any) -> Answer:
        """"mine": all of one's own, or everybody's for an admin; "gallery": those that have ended with a picture, one's own and published ones."""
        asked = take(message, scope=choice("mine", "gallery"), known=optional(text, ""))
        person, gallery = present.get(), asked["scope"] == "gallery"
        found = [entry for entry in self.entries() if (_in_gallery(entry, person) if gallery else person.owns(entry.run))]
        if gallery and self.library.recorded:
            found.append(self._entry(self.library.run(RECORDED)))
        cards = [self.card(entry, person) for entry in found]
        version = hashlib.sha256(json.dumps([[entry.stamp for entry in found], cards]).encode()).hexdigest()[:16]
        mine = sum(entry.facts.bytes for entry in self.entries() if entry.run.owner in person.names)
        return {"version": version, "runs": None if version == asked["known"] else cards,
                "disk": {"used": mine + self.engine.keeper.others(person.names), "most": self.engine.limits.each, "free": self.engine.keeper.free()}}

    def rename(self, message: Any) -> Answer:
        """A name of at most 80 characters; none to take it away."""
        asked = take(message, run=run_id, name=title)
        return self._changed(self.library.own(asked["run"]).id, name=asked["name"])

    def keep(self, message: Any) -> Answer:
        """`pinned`: never cleaned away; `published`: listed for everybody."""
        asked = take(message, run=run_id, pinned=optional(yes_or_no), published=optional(yes_or_no))
        id = self.library.own(asked.pop("run")).id
        return self._changed(id, **{name: value for name, value in asked.items() if value is not None})

    def delete(self, message: Any) -> Answer:
        """Stop it if it trains, and throw it away; `undo`: the seconds in which it can be brought back."""
        asked = take(message, run=run_id)
        self.engine.discard(self.library.own(asked["run"]).id)
        self._at = -FRESH
        return {"undo": UNDO}

    def restore(self, message: Any) -> Answer:
        """Bring back what was thrown away."""
        asked = take(message, run=run_id)
        present.get().own(self.engine.runs.discarded(asked["run"]))
        self.engine.restore(asked["run"])
        return self._changed(asked["run"])

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
                "score": score and {"name": score, "value": facts.measures[score], "floor": facts.floors.get(score)}}

    def _entry(self, run: Run) -> Entry:
        index = self.library.index(run.id)
        return Entry(run, *index.of(run.id))

    def _changed(self, id: str, **changes: Any) -> Answer:
        run = self.engine.amend(id, **changes) if changes else self.engine.run(id)
        self._at = -FRESH
        return {"run": self.card(self._entry(run), present.get())}


def _in_gallery(entry: Entry, person: Person) -> bool:
    return entry.run.status.ended and entry.facts.frame is not None and (entry.run.published or person.owns(entry.run))
