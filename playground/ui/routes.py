"""Plain routes beside Gradio's: the page's own files, thumbnails, frames, downloads, polls. A client names ids and steps, never a path."""

import hashlib
import mimetypes
from collections.abc import Callable
from pathlib import Path

import numpy as np
from PIL import Image
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from playground import data, export, model, thumbs
from playground.types import Refused, Run
from playground.ui import plotting
from playground.ui.checks import model_id, run_id
from playground.ui.endpoints import DATA, JOIN, Endpoints
from playground.ui.library import Kept, Library
from playground.ui.model_files import ModelFiles
from playground.ui.set_files import SetFiles
from playground.ui.studio_files import StudioFiles
from playground.ui.uploads import answering
from playground.ui.watching import FOR_EVER, Watching, fakes, refusal

LIVE = Path(__file__).parent / "live"
SERVED = (".js", ".css", ".svg", ".woff2", ".png", ".webp")
ASK = "no-cache"
REAL = 1000             # held-out points that a picture shows


class Live:
    """The page's own files: known by name when the server starts, so that nothing else can be asked for."""

    def __init__(self, folder: Path = LIVE) -> None:
        self.files = {p.relative_to(folder).as_posix(): p for p in sorted(folder.rglob("*")) if p.is_file() and p.suffix in SERVED}

    @property
    def version(self) -> str:
        """Changes with any of them."""
        return hashlib.sha256(b"".join(p.read_bytes() for p in self.files.values())).hexdigest()[:12]


def routes(library: Library, live: Live) -> list[Route]:
    """What the page asks for, beside Gradio's functions."""
    downloads, watching, models, latents, own = Downloads(library), Watching(library), ModelFiles(library), StudioFiles(library), SetFiles(library)
    table: dict[str, Callable[[Request], Response]] = {
        "/play/static/{name:path}": lambda request: static(request, live),
        "/play/thumb/{name}.webp": thumb,
        "/play/plotly/{version}.js": plotting.script,
        "/play/runs/{id}/real": downloads.real,
        "/play/runs/{id}/thumb.webp": downloads.thumb,
        "/play/runs/{id}/samples.png": downloads.samples,
        "/play/runs/{id}/metrics.csv": downloads.metrics,
        "/play/runs/{id}/charts.html": downloads.charts,
        "/play/runs/{id}/weights.safetensors": downloads.weights,
        "/play/models/{model}/real": downloads.learned,
        "/play/models/{model}/grid.webp": models.grid,
        "/play/models/{model}/model.safetensors": models.file,
        "/play/models/{model}/README.md": models.card,
        "/play/made/{name}": latents.made,
        "/play/sets/{set}/preview.webp": own.preview,
        "/play/sets/{set}/thumb.webp": own.thumb,
    }
    reads = [Route(path, refusing(answer), methods=["GET"]) for path, answer in table.items()]
    kinds = {"frames": watching.frame, "looks": watching.look}
    shown = [Route(f"/play/runs/{{id}}/{kind}/{{step}}", answer, methods=["GET"]) for kind, answer in kinds.items()]
    sent = {"/play/upload/model": models.upload, "/play/upload/picture": latents.upload, "/play/upload/images": own.upload}
    files = [Route(path, answering(take), methods=["POST"]) for path, take in sent.items()]
    programs = Endpoints(library)
    called = [Route(JOIN, programs.join, methods=["POST"]), Route(DATA, programs.data, methods=["GET"])]
    return [Route("/play/poll", watching.poll, methods=["POST"]), *called, *files, *shown, *reads]


def refusing(answer: Callable[[Request], Response]) -> Callable[[Request], Response]:
    """What cannot be had, in words."""
    def safe(request: Request) -> Response:
        try:
            return answer(request)
        except Refused as refused:
            return refusal(refused)
    return safe


def static(request: Request, live: Live) -> Response:
    path = live.files.get(request.path_params["name"])
    if path is None:
        raise Refused("name", "there is no such file")
    body = path.read_bytes()
    tag = f'"{hashlib.sha256(body).hexdigest()[:16]}"'
    headers = {"Cache-Control": ASK, "ETag": tag, "X-Content-Type-Options": "nosniff"}
    if request.headers.get("if-none-match") == tag:
        return Response(status_code=304, headers=headers)
    kind = "text/javascript" if path.suffix == ".js" else mimetypes.guess_type(path.name)[0]
    return Response(body, headers=headers, media_type=kind)


def thumb(request: Request) -> Response:
    found = data.get(request.path_params["name"])
    picture = data.thumbnail(found.id)
    if picture is None:
        why = "the page draws points itself" if found.kind == "points" else f"{found.title} is not here yet: the first run on it brings it"
        raise Refused("data", f"there is no thumbnail: {why}")
    return Response(picture, media_type="image/webp", headers={"Cache-Control": ASK if found.needs == "folder" else "public, max-age=86400"})


class Downloads:
    """A run's files, by its id."""

    def __init__(self, library: Library) -> None:
        self.library = library
        self._thumbs: Kept[bytes] = Kept(1000)

    def real(self, request: Request) -> Response:
        run = self.library.run(run_id("run", request.path_params["id"]))
        if data.get(run.spec.data).kind != "points":
            raise Refused("run", "this run's data are not points")
        return Response(export.int16(held_out(run)), media_type="application/octet-stream", headers={"Cache-Control": FOR_EVER})

    def learned(self, request: Request) -> Response:
        """The same for a model."""
        of = self.library.model_source(model_id("model", request.path_params["model"]))
        if not of.gan.shape.is_points:
            raise Refused("model", "this model's data are not points")
        held = of.learned().held[:REAL].numpy()
        return Response(export.int16(held), media_type="application/octet-stream", headers={"Cache-Control": FOR_EVER})

    def thumb(self, request: Request) -> Response:
        run = self.library.run(run_id("run", request.path_params["id"]))
        steps = self.library.frames(run.id).steps()
        if not steps:
            raise Refused("run", "this run has no frame yet")
        path = self.library.frames(run.id).path(steps[-1])
        picture = self._thumbs.get((run.id, steps[-1], path.stat().st_mtime_ns), lambda: thumbnail(run, path))
        lasting = "v" in request.query_params          # names the frame
        return Response(picture, media_type="image/webp", headers={"Cache-Control": "private, max-age=86400" if lasting else "no-store"})

    def samples(self, request: Request) -> Response:
        run = self.library.given(run_id("run", request.path_params["id"]))
        if data.get(run.spec.data).kind == "images":
            return self._file(run.id, "samples.png", export.grid_png(self.library.network(run.id), run.spec.seed), "image/png")
        frames = self.library.frames(run.id)
        steps = frames.steps()
        if not steps:
            raise Refused("run", "this run has no frame yet")
        picture = export.cloud_png(fakes(frames.path(steps[-1])), held_out(run))
        return self._file(run.id, "samples.png", picture, "image/png")

    def metrics(self, request: Request) -> Response:
        run = self.library.given(run_id("run", request.path_params["id"]))
        return self._file(run.id, "metrics.csv", export.metrics_csv(self.library.history(run.id)).encode(), "text/csv; charset=utf-8")

    def charts(self, request: Request) -> Response:
        run = self.library.given(run_id("run", request.path_params["id"]))
        return self._file(run.id, "charts.html", export.charts_html(run, self.library.history(run.id)).encode(), "text/html; charset=utf-8")

    def weights(self, request: Request) -> Response:
        run = self.library.given(run_id("run", request.path_params["id"]))
        file = model.of_run(run, self.library.saved(run.id), self.library.history(run.id), run.name)
        return self._file(run.id, "weights.safetensors", file, "application/octet-stream")

    def _file(self, id: str, name: str, body: bytes, kind: str) -> Response:
        """To keep: named after variant and data, never shown in place (charts.html carries scripts)."""
        spec = self.library.run(id).spec
        title = f"{spec.variant}-{spec.data}-{id[:8]}-{name}"
        return Response(body, media_type=kind, headers={"Content-Disposition": f'attachment; filename="{title}"', "Cache-Control": "no-store",
                                                        "X-Content-Type-Options": "nosniff"})


def thumbnail(run: Run, path: Path) -> bytes:
    """A frame made small."""
    if path.suffix == ".webp":
        with Image.open(path) as sheet:
            return thumbs.of_sheet(sheet, run.spec.size)
    return thumbs.of_points(fakes(path), held_out(run))


def held_out(run: Run) -> np.ndarray:
    """Points that it never trains on, (n, 2)."""
    return data.load(run.spec.data, 0, run.spec.options).held[:REAL].numpy()
