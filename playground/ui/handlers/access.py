"""Rights: what who asks may look at, take away, change or train on. Nobody else decides that."""

from typing import Any

from playground.artifacts.gallery import Entry, Gallery
from playground.data.sources.uploaded import ID as OWN
from playground.specs.presets import RECORDED
from playground.store.sets import PictureSet, Sets
from playground.types import Refused, Run
from playground.ui.handlers.run_reader import RunReader
from playground.ui.requests.identity import current_user

NOT_YOURS = "these are somebody else's pictures: train on your own"


class Access:
    """Rights of `current_user`. Threads may share it."""

    def __init__(self, runs: RunReader, gallery: Gallery, sets: Sets) -> None:
        self.runs, self.gallery, self.sets = runs, gallery, sets

    def own(self, id: str) -> Run:
        """A run that who asks may steer. Refused: "run" for the recorded one, "owner" for somebody else's."""
        if id == RECORDED:
            raise Refused("run", "the recorded run has ended; train one live to steer it")
        return current_user.get().own(self.runs.run(id))

    def mine(self, run: Run) -> bool:
        """Whether who asks may steer a run."""
        return run.id != RECORDED and current_user.get().owns(run)

    def given(self, id: str) -> Run:
        """A run that who asks may take away: one's own, a published one, the recorded one. Refused("owner", ...) otherwise."""
        run = self.runs.run(id)
        if not (run.published or id == RECORDED or current_user.get().owns(run)):
            raise Refused("owner", "this run is somebody else's, who has not published it: it can be watched, not downloaded")
        return run

    def sees(self, model: Entry) -> bool:
        """Whether who asks may look at a model, and take it: one that ships, a published one, one's own."""
        return model.published or current_user.get().holds(model.owner)

    def given_model(self, id: str) -> Entry:
        """Such a model. Refused: "model" when there is none, "owner" for somebody else's."""
        found = self.gallery.get(id)
        if not found.published:
            current_user.get().must_hold(found.owner, "this model is somebody else's, who has not published it")
        return found

    def own_model(self, id: str) -> Entry:
        """A model that who asks may change. Refused: "model" for one that ships, "owner" for somebody else's."""
        found = self.gallery.get(id)
        if found.shipped:
            raise Refused("model", "this model ships with the playground: it cannot be changed")
        self.holds_model(found.owner)
        return found

    def holds_model(self, owner: str) -> None:
        """Refused("owner", ...) unless who asks has what is `owner`'s."""
        current_user.get().must_hold(owner, "this is somebody else's model: look at it, or save one of your own")

    def own_set(self, id: str) -> PictureSet:
        """Pictures of who asks. Refused: "set" when there are none, "owner" for somebody else's."""
        found = self.sets.get(id)
        self.holds_set(found.owner)
        return found

    def holds_set(self, owner: str) -> None:
        """Refused("owner", ...) unless who asks has what is `owner`'s."""
        current_user.get().must_hold(owner, NOT_YOURS)

    def may_use(self, name: str, options: dict[str, Any]) -> bool:
        """Whether these data are not pictures of somebody else's. Of what is gone, others have to tell."""
        try:
            return name != OWN or current_user.get().holds(self.sets.get(options.get("set")).owner)
        except Refused:
            return True

    def trains_on(self, name: str, options: dict[str, Any]) -> None:
        """Refused("owner", ...) unless who asks may use these data."""
        if not self.may_use(name, options):
            raise Refused("owner", NOT_YOURS)
