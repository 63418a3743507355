"""Models as a page asks for them: a list, one with its card; a run's made one; named, published, thrown away."""

import hashlib
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

from playground import card
from playground.gallery import Entry, glance
from playground.keeper import UNDO
from playground.model import of_run
from playground.ui.checks import model_id, optional, run_id, take, text, title, yes_or_no
from playground.ui.library import Library
from playground.ui.people import present

Answer = dict[str, Any]


class ModelDesk:
    """Where they are asked for."""

    def __init__(self, library: Library) -> None:
        self.library = library

    def functions(self) -> list[Callable[[Any], Answer]]:
        return [self.models, self.model, self.publish, self.name_model, self.share_model, self.drop_model, self.bring_back]

    def models(self, message: Any) -> Answer:
        """Those that who asks may look at, newest first, and then what ships; null when all is as it was at `known`."""
        asked = take(message, known=optional(text, ""))
        cards = [told(entry) for entry in self.library.gallery.all() if self.library.sees(entry)]
        version = hashlib.sha256(json.dumps(cards).encode()).hexdigest()[:16]
        return {"version": version, "models": None if version == asked["known"] else cards}

    def model(self, message: Any) -> Answer:
        """One of them, with its card in Markdown."""
        entry = self.library.given_model(take(message, model=model_id)["model"])
        more = {name: getattr(entry.about, name) for name in ("knobs", "options", "seed", "versions")}
        return {**told(entry), **more, "text": entry.card(), "directions": list(entry.directions)}

    def publish(self, message: Any) -> Answer:
        """Keep a run's newest checkpoint as a model of its owner's; `public`: for everybody. Refused("run", ...) while the run trains."""
        asked = take(message, run=run_id, name=optional(title, ""), public=yes_or_no)
        run = self.library.own(asked["run"])
        file = of_run(run, self.library.saved(run.id), self.library.history(run.id), asked["name"] or run.name)
        return {"model": self.kept(run.owner, file, published=asked["public"])}

    def name_model(self, message: Any) -> Answer:
        """A name of at most 80 characters; none to take it away."""
        asked = take(message, model=model_id, name=title)
        return self._changed(asked["model"], name=asked["name"])

    def share_model(self, message: Any) -> Answer:
        """For everybody to see and to take, or for oneself."""
        asked = take(message, model=model_id, published=yes_or_no)
        return self._changed(asked["model"], published=asked["published"])

    def drop_model(self, message: Any) -> Answer:
        """Throw it away; `undo`: the seconds in which it can be brought back."""
        self.library.gallery.kept.discard(self.library.own_model(take(message, model=model_id)["model"]).id)
        return {"undo": UNDO}

    def bring_back(self, message: Any) -> Answer:
        """Bring back what was thrown away."""
        id, store = take(message, model=model_id)["model"], self.library.gallery.kept
        self.library.holds_model(store.discarded(id).owner)
        store.restore(id)
        return {"model": told(self.library.gallery.get(id))}

    def taken(self, path: Path, name: str, owner: str) -> Answer:
        """The model in a file from outside, kept for `owner` alone. Refused as `model.unpack`: by its head before more of it is read."""
        glance(path)
        return {"model": self.kept(owner, path.read_bytes(), name)}

    def kept(self, owner: str, file: bytes, name: str = "", published: bool = False) -> Answer:
        """The card of a model that is kept now. Refused("disk", ...) without room."""
        self.library.engine.keeper.room(owner, len(file))
        return told(self.library.gallery.keep(owner, file, name, published))

    def _changed(self, id: str, **changes: Any) -> Answer:
        self.library.gallery.kept.amend(self.library.own_model(id).id, **changes)
        return {"model": told(self.library.gallery.get(id))}


def told(entry: Entry) -> Answer:
    """What one line of the list says."""
    about, mine = entry.about, not entry.shipped and present.get().holds(entry.owner)
    return {"id": entry.id, "name": entry.name, "variant": about.variant, "data": about.data, "size": about.size, "dims": list(about.dims),
            "z_dim": about.z_dim, "prior": about.knobs["prior"], "step": about.step, "trained": about.trained, "quality": about.quality,
            "licence": card.licence_of(about), "bytes": entry.bytes, "grid": f"/play/models/{entry.id}/grid.webp?v={entry.hash[:12]}",
            "measured": about.measured, "mine": mine, "shipped": entry.shipped, "published": entry.published, "created": entry.created,
            "owner": entry.owner.removeprefix("hf:") if entry.owner.startswith("hf:") else ""}
