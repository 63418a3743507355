"""Models as a page asks for them: a list, one with its card; a run's made one; named, published, thrown away. Their files, and files that come in."""

import hashlib
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from playground.artifacts import model_card
from playground.artifacts.gallery import README, Entry, glance
from playground.artifacts.model_file import of_run
from playground.engine.retention import UNDO
from playground.store.models import FILE
from playground.ui.handlers.services import Services
from playground.ui.requests.identity import current_user
from playground.ui.requests.message_checks import MISSING, model_id, optional, run_id, take, text, title, yes_or_no
from playground.ui.requests.threads import Threads
from playground.ui.requests.uploads import MOST

Answer = dict[str, Any]


class ModelHandlers:
    """Where they are asked for."""

    def __init__(self, services: Services) -> None:
        self.services = services

    def functions(self) -> list[Callable[[Any], Answer]]:
        """The functions that the page calls."""
        return [self.models, self.model, self.publish, self.name_model, self.share_model, self.drop_model, self.bring_back]

    def models(self, message: Any) -> Answer:
        """Those that who asks may look at, newest first, and then what ships; null when all is as it was at `known`."""
        fields = take(message, known=optional(text, ""))
        cards = [told(entry) for entry in self.services.gallery.all() if self.services.access.sees(entry)]
        version = hashlib.sha256(json.dumps(cards).encode()).hexdigest()[:16]
        return {"version": version, "models": None if version == fields["known"] else cards}

    def model(self, message: Any) -> Answer:
        """One of them, with its card in Markdown."""
        entry = self.services.access.given_model(take(message, model=model_id)["model"])
        more = {name: getattr(entry.about, name) for name in ("knobs", "options", "seed", "versions")}
        return {**told(entry), **more, "text": entry.card(), "directions": list(entry.directions)}

    def publish(self, message: Any) -> Answer:
        """Keep a run's newest checkpoint as a model of its owner's; `public`: for everybody. Refused("run", ...) while the run trains."""
        fields = take(message, run=run_id, name=optional(title, ""), public=yes_or_no)
        run = self.services.access.own(fields["run"])
        runs, name = self.services.runs, fields["name"] or run.name
        file = self.services.gallery.building(lambda: of_run(run, runs.saved(run.id), runs.history(run.id), name))
        with self.services.engine.retention.sparing(run.id):
            return {"model": self.kept(run.owner, file, published=fields["public"])}

    def name_model(self, message: Any) -> Answer:
        """A name of at most 80 characters; none to take it away."""
        fields = take(message, model=model_id, name=title)
        return self._changed(fields["model"], name=fields["name"])

    def share_model(self, message: Any) -> Answer:
        """For everybody to see and to take, or for oneself."""
        fields = take(message, model=model_id, published=yes_or_no)
        return self._changed(fields["model"], published=fields["published"])

    def drop_model(self, message: Any) -> Answer:
        """Throw it away; `undo`: the seconds in which it can be brought back."""
        self.services.gallery.kept.discard(self.services.access.own_model(take(message, model=model_id)["model"]).id)
        return {"undo": UNDO}

    def bring_back(self, message: Any) -> Answer:
        """Bring back what was thrown away."""
        id, store = take(message, model=model_id)["model"], self.services.gallery.kept
        thrown = store.discarded(id)
        self.services.access.holds_model(thrown.owner)
        self.services.engine.quota.bring_back(thrown.owner, thrown.bytes, lambda: store.restore(id))
        return {"model": told(self.services.gallery.get(id))}

    def taken(self, path: Path, name: str, owner: str) -> Answer:
        """The model in a file from outside, kept for `owner` alone. Refused as `model.unpack`: by its head before more of it is read."""
        glance(path)
        return {"model": self.kept(owner, path.read_bytes(), name)}

    def kept(self, owner: str, file: bytes, name: str = "", published: bool = False) -> Answer:
        """The card of a model that is kept now. Refused("disk", ...) without room."""
        self.services.engine.quota.stay(owner, len(file))
        return told(self.services.gallery.keep(owner, file, name, published))

    def _changed(self, id: str, **changes: Any) -> Answer:
        self.services.gallery.kept.amend(self.services.access.own_model(id).id, **changes)
        return {"model": told(self.services.gallery.get(id))}


def told(entry: Entry) -> Answer:
    """What one line of the list says."""
    about, mine = entry.about, not entry.shipped and current_user.get().holds(entry.owner)
    return {"id": entry.id, "name": entry.name, "variant": about.variant, "data": about.data, "size": about.size, "dims": list(about.dims),
            "z_dim": about.z_dim, "classes": list(about.asked_classes), "prior": about.knobs["prior"], "step": about.step, "trained": about.trained,
            "quality": model_card.measured(about),
            "licence": model_card.licence_of(about), "bytes": entry.bytes, "grid": f"/play/models/{entry.id}/grid.webp?v={entry.hash[:12]}",
            "measured": about.measured, "mine": mine, "shipped": entry.shipped, "published": entry.published, "created": entry.created,
            "owner": entry.owner.removeprefix("hf:") if entry.owner.startswith("hf:") else ""}


class ModelFiles:
    """Routes. `{model}` is an id, as a list of models has it."""

    def __init__(self, services: Services, threads: Threads) -> None:
        self.services, self.threads, self.desk = services, threads, ModelHandlers(services)

    def grid(self, request: Request) -> Response:
        """GET /play/models/{model}/grid.webp: a sheet of samples."""
        entry = self._entry(request)
        lasting = "v" in request.query_params           # names the file
        kept = {"Cache-Control": "private, max-age=86400" if lasting else "no-store"}
        return Response(entry.grid.read_bytes(), media_type="image/webp", headers=kept)

    def file(self, request: Request) -> Response:
        """GET /play/models/{model}/model.safetensors: the model itself."""
        entry = self._entry(request)
        name = f"{entry.about.variant}-{entry.about.data.replace(':', '-')}-{entry.hash[:8]}-{FILE}"
        return Response(entry.read(), media_type="application/octet-stream", headers=_to_keep(name))

    def card(self, request: Request) -> Response:
        """GET /play/models/{model}/README.md: its card."""
        entry = self._entry(request)
        return Response(entry.card(), media_type="text/markdown; charset=utf-8", headers=_to_keep(README))

    async def upload(self, request: Request) -> dict[str, Any]:
        """POST /play/upload/model?name=: the file as it is, kept for who sends it. Refused("file", ...) and others when it is no model."""
        name, owner = optional(title, "")("name", request.query_params.get("name", MISSING)), current_user.get().owner
        path = await self.services.uploads.received(request, MOST[request.url.path])
        try:
            return await self.threads.run(lambda: self.desk.taken(path, name, owner))
        finally:
            path.unlink(missing_ok=True)

    def _entry(self, request: Request) -> Any:
        return self.services.access.given_model(model_id("model", request.path_params["model"]))


def _to_keep(name: str) -> dict[str, str]:
    return {"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "no-store", "X-Content-Type-Options": "nosniff"}
