"""Finds a run by its id, the recorded one among them, and keeps what was read of it."""

import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable
from dataclasses import replace
from pathlib import Path
from typing import Any, Generic, TypeVar

from models.kit.gan import Latent
from playground import export
from playground.advisor import Advisor
from playground.data.uploaded import ID as OWN
from playground.engine import Engine
from playground.gallery import Entry, Gallery
from playground.intake import Intake
from playground.presets import RECORDED
from playground.rules import RULES
from playground.source import Source
from playground.store.checkpoints import Saved
from playground.store.facts import Index
from playground.store.frames import Frames
from playground.store.history import History
from playground.store.models import Models
from playground.store.runs import Runs
from playground.store.sets import PictureSet, Sets
from playground.studio import Studio
from playground.types import Refused, Run
from playground.ui.people import present
from playground.ui.uploads import Uploads

V = TypeVar("V")
NOT_YOURS = "these are somebody else's pictures: train on your own"


class Kept(Generic[V]):
    """The `most` values used last, each made once; making one holds up only those who ask for the same one."""

    def __init__(self, most: int) -> None:
        self.most, self._lock = most, threading.Lock()
        self._values: OrderedDict[Hashable, tuple[threading.Lock, list[V]]] = OrderedDict()

    def get(self, key: Hashable, make: Callable[[], V]) -> V:
        with self._lock:
            lock, held = self._values.setdefault(key, (threading.Lock(), []))
            self._values.move_to_end(key)
            while len(self._values) > self.most:
                self._values.popitem(last=False)
        with lock:
            if not held:
                held.append(make())
            return held[0]


class Library:
    """All runs that may be looked at: the engine's, and the recorded one, which nobody steers. Threads may share it."""

    def __init__(self, engine: Engine, assets: Path) -> None:
        folder = assets / "recorded"
        self.engine, self._shelf = engine, Runs(folder) if (folder / "runs" / RECORDED / "run.json").is_file() else None
        self._shelf_index = self._shelf and Index(self._shelf)
        self._histories: Kept[History] = Kept(64)
        self._sources: Kept[Source] = Kept(8)
        self._advisor = Advisor(RULES)
        self.studio = Studio(engine.index.cache)
        root = engine.runs.root.parent
        self.uploads, self.gallery = Uploads(root / "uploads", engine.limits.free), Gallery(assets / "gallery", Models(root))
        self.sets = Sets(root)
        self.sets.sweep()
        self.intake = Intake(self.sets, engine.keeper.room)
        engine.keeper.beside += [self.gallery.kept, self.sets]

    @property
    def recorded(self) -> str | None:
        return RECORDED if self._shelf else None

    def store(self, id: str) -> Runs:
        return self._shelf if self._shelf and id == RECORDED else self.engine.runs

    def run(self, id: str) -> Run:
        """Refused("run", ...) when there is none."""
        return self._shelf.get(id) if self._shelf and id == RECORDED else self.engine.run(id)

    def own(self, id: str) -> Run:
        """A run that who asks may steer. Refused: "run" for the recorded one, "owner" for somebody else's."""
        if id == RECORDED:
            raise Refused("run", "the recorded run is over; train one live to steer it")
        return present.get().own(self.run(id))

    def mine(self, id: str) -> bool:
        return id != RECORDED and present.get().owns(self.run(id))

    def given(self, id: str) -> Run:
        """A run that who asks may take away: one's own, a published one, the recorded one. Refused("owner", ...) otherwise."""
        run = self.run(id)
        if not (run.published or id == RECORDED or present.get().owns(run)):
            raise Refused("owner", "this run is somebody else's, who has not published it: it can be watched, not taken away")
        return run

    def sees(self, model: Entry) -> bool:
        """Whether who asks may look at a model, and take it: one that ships, a published one, one's own."""
        return model.published or present.get().holds(model.owner)

    def given_model(self, id: str) -> Entry:
        """Such a model. Refused: "model" when there is none, "owner" for somebody else's."""
        found = self.gallery.get(id)
        if not found.published:
            present.get().must_hold(found.owner, "this model is somebody else's, who has not published it")
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
        present.get().must_hold(owner, "this is somebody else's model: look at it, or keep one of your own")

    def own_set(self, id: str) -> PictureSet:
        """Pictures of who asks. Refused: "set" when there are none, "owner" for somebody else's."""
        found = self.sets.get(id)
        self.holds_set(found.owner)
        return found

    def holds_set(self, owner: str) -> None:
        """Refused("owner", ...) unless who asks has what is `owner`'s."""
        present.get().must_hold(owner, NOT_YOURS)

    def may_use(self, name: str, options: dict[str, Any]) -> bool:
        """Whether these data are not pictures of somebody else's. Of what is gone, others have to tell."""
        try:
            return name != OWN or present.get().holds(self.sets.get(options.get("set")).owner)
        except Refused:
            return True

    def trains_on(self, name: str, options: dict[str, Any]) -> None:
        """Refused("owner", ...) unless who asks may use these data."""
        if not self.may_use(name, options):
            raise Refused("owner", NOT_YOURS)

    def index(self, id: str) -> Index:
        return self._shelf_index if self._shelf_index and id == RECORDED else self.engine.index

    def history(self, id: str) -> History:
        """Up to date; one object for all who ask, so that a journal is read once."""
        return self._histories.get(id, lambda: History(self.store(id).journal(id))).refresh()

    def advice(self, run: Run, history: History) -> list[dict[str, Any]]:
        """What stands out about a run, in words; see `playground.advisor`."""
        return self._advisor.of(run, history, self.looks(run.id))

    def frames(self, id: str) -> Frames:
        return self.store(id).frames(id)

    def looks(self, id: str) -> Frames:
        return self.store(id).looks(id)

    def saved(self, id: str) -> Saved:
        """The newest whole checkpoint. Refused("run", ...) while the run trains, or when there is none."""
        return export.newest(self.run(id), self.store(id).checkpoints(id))

    def network(self, id: str) -> Latent:
        """A run's GAN at its newest checkpoint, averaged; read once. Refused as `saved`."""
        return self.source(id).gan

    def model_source(self, id: str) -> Source:
        """A model that who asks may look at. Refused as `given_model`, and "model" when it is damaged."""
        entry, found = self.given_model(id), self.gallery.model(id)
        about = found.about
        return self._fair(Source(found.hash, found.gan, about.data, about.size, about.options, entry.directions))

    def source(self, id: str) -> Source:
        """That network, with its data, for whatever is done with latents. Refused as `saved`."""
        run, checkpoints = self.run(id), self.store(id).checkpoints(id)
        export.at_rest(run)
        key = ":".join([id, *(f"{step}:{checkpoints.path(step).stat().st_mtime_ns}" for step in checkpoints.steps()[-1:])])
        spec = run.spec
        return self._fair(self._sources.get(key, lambda: Source(key, export.averaged(spec, self.saved(id)), spec.data, spec.size, spec.options)))

    def _fair(self, of: Source) -> Source:
        """A network that others' pictures cannot be had through: it does not know on which it was trained."""
        return of if self.may_use(of.data, of.options) else replace(of, options={})
