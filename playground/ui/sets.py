"""A person's own pictures, as a page asks for them: a list, a name, an end; and how far the reading of what was sent is."""

from collections.abc import Callable
from typing import Any

from playground import data
from playground.data.registry import HELD_OUT
from playground.data.uploaded import ID
from playground.store.sets import PictureSet
from playground.types import Refused
from playground.ui.checks import optional, set_id, take, title
from playground.ui.library import Library
from playground.ui.people import present

Answer = dict[str, Any]


class SetDesk:
    """Where they are asked for."""

    def __init__(self, library: Library) -> None:
        self.library = library

    def functions(self) -> list[Callable[[Any], Answer]]:
        return [self.sets, self.name_set, self.drop_set]

    def sets(self, message: Any) -> Answer:
        """All of one's own, newest first; of `job`, what has become of files that were sent."""
        asked, job = take(message, job=optional(set_id)), None
        if asked["job"]:
            found = self.library.intake.job(asked["job"])
            self.library.holds_set(found.owner)
            wrong = found.wrong and {"field": found.wrong.field, "message": str(found.wrong)}
            job = {"read": found.read, "set": found.made and told(found.made), "error": wrong}
        return {"sets": [told(one) for one in self.library.sets.all() if one.owner in present.get().names], "job": job}

    def name_set(self, message: Any) -> Answer:
        """Another name, of at most 80 characters, or another note on the licence."""
        asked = take(message, set=set_id, name=optional(title), licence=optional(title))
        found = self.library.own_set(asked.pop("set"))
        changes = {field: value for field, value in asked.items() if value is not None}
        return {"set": told(self.library.sets.amend(found.id, **changes))}

    def drop_set(self, message: Any) -> Answer:
        """For good. Refused("set", ...) while a run trains on it, waits or is paused; those that have ended stay, and cannot go on."""
        found = self.library.own_set(take(message, set=set_id)["set"])
        if any(run.spec.data == ID and run.spec.options["set"] == found.id for run in self.library.engine.live()):
            raise Refused("set", "a run on these pictures is under way: stop it first")
        self.library.sets.drop(found.id)
        data.forget(ID, {"set": found.id})
        return {"dropped": found.id}


def told(one: PictureSet) -> Answer:
    """What a page says of a set."""
    address = f"/play/sets/{one.id}"
    return {"id": one.id, "name": one.name, "n": one.n, "train": round(one.n * (1 - HELD_OUT)), "licence": one.licence, "fit": one.fit,
            "skipped": one.skipped, "left": one.left, "bytes": one.bytes, "created": one.created, "preview": f"{address}/preview.webp",
            "thumb": f"{address}/thumb.webp"}
