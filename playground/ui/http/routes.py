"""Plain routes beside Gradio's: the page's own files, thumbnails, frames, downloads, polls. A client names ids and steps, never a path."""

import hashlib
import mimetypes
import re
from collections.abc import Awaitable, Callable
from functools import cached_property
from pathlib import Path

import numpy as np
from PIL import Image
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from playground import data
from playground.artifacts import model_file, run_export
from playground.config.limits.memory_cache import LRUCache
from playground.config.limits.pool import Pool
from playground.config.limits.shares import Shares
from playground.render import plotly_script, thumbnails
from playground.types import Refused, Run
from playground.ui.handlers.comparison.downloads import ComparisonFiles
from playground.ui.handlers.datasets import SetFiles
from playground.ui.handlers.latents import LatentFiles
from playground.ui.handlers.models import ModelFiles
from playground.ui.handlers.services import Services
from playground.ui.http.client_api import QueueEndpoints
from playground.ui.http.gradio_protocol import DATA, JOIN
from playground.ui.http.poll_cache import FOR_EVER, PollRoutes, frame_points, refusal
from playground.ui.http.request_guard import POLL, UPDATES
from playground.ui.requests.message_checks import model_id, run_id
from playground.ui.requests.threads import Threads
from playground.ui.requests.uploads import answering

PAGE_FOLDER = Path(__file__).parents[1] / "live"
SERVED = (".js", ".css", ".svg", ".woff2", ".png", ".webp")
ASK = "no-cache"        # browsers ask each time whether it has changed
VERSIONED = re.compile("(?:([0-9a-f]{12})/)?(.*)", re.DOTALL)
HELD_OUT = 1000         # points of the held-out data that a picture shows
MEMORY = 16 << 20       # bytes of runs' small pictures


class PageFiles:
    """The page's own files: known by name when the server starts, so that nothing else can be asked for.

    Starlette's StaticFiles serves whatever lies in the folder, tells a file by its time and not by what is in it, sets no Cache-Control, refuses in
    plain text, and takes 1.1 ms of a core where `static` takes 0.4 (n = 240, 2026-11-30); the ranges that it has are of no use to scripts.
    """

    def __init__(self, folder: Path = PAGE_FOLDER) -> None:
        self.files = {p.relative_to(folder).as_posix(): p for p in sorted(folder.rglob("*")) if p.is_file() and p.suffix in SERVED}

    @cached_property
    def version(self) -> str:
        """Changes with any of them. A page asks for its files below its version, which browsers keep for good: a hundred and thirty requests less."""
        return hashlib.sha256(b"".join(p.read_bytes() for p in self.files.values())).hexdigest()[:12]


def routes(services: Services, page_files: PageFiles, threads: Threads | None = None) -> list[Route]:
    """What the page asks for, beside its functions. `threads`: that answer."""
    threads = threads or Threads()
    downloads, latents, datasets = RunDownloads(services), LatentFiles(services), SetFiles(services)
    compared = ComparisonFiles(services)
    polls, models = PollRoutes(services, threads), ModelFiles(services, threads)
    table: dict[str, Callable[[Request], Response]] = {
        "/play/static/{name:path}": lambda request: static(request, page_files),
        "/play/thumb/{name}.webp": thumb,
        "/play/plotly/{version}.js": plotly,
        "/play/runs/{id}/real": downloads.real,
        "/play/runs/{id}/thumb.webp": downloads.thumb,
        "/play/runs/{id}/samples.png": downloads.samples,
        "/play/runs/{id}/metrics.csv": downloads.metrics,
        "/play/runs/{id}/settings.json": downloads.settings,
        "/play/runs/{id}/charts.html": downloads.charts,
        "/play/runs/{id}/weights.safetensors": downloads.weights,
        "/play/models/{model}/real": downloads.learned,
        "/play/models/{model}/grid.webp": models.grid,
        "/play/models/{model}/model.safetensors": models.file,
        "/play/models/{model}/README.md": models.card,
        "/play/made/{name}": latents.made,
        "/play/comparison/{runs}/metrics.csv": compared.metrics,
        "/play/comparison/{runs}/page.html": compared.page,
        "/play/comparison/{runs}/film.mp4": compared.film("mp4"),
        "/play/comparison/{runs}/film.gif": compared.film("gif"),
        "/play/comparison/{runs}/card.png": compared.card,
        "/play/sets/{set}/preview.webp": datasets.preview,
        "/play/sets/{set}/thumb.webp": datasets.thumb,
    }
    reads = [Route(path, with_refusals(answer, threads), methods=["GET"]) for path, answer in table.items()]
    pictures = {"frames": polls.frame, "looks": polls.critic_snapshot}
    shown = [Route(f"/play/runs/{{id}}/{kind}/{{step}}", answer, methods=["GET"]) for kind, answer in pictures.items()]
    uploads = {"/play/upload/model": models.upload, "/play/upload/picture": latents.upload, "/play/upload/images": datasets.upload,
               "/play/upload/card": compared.upload}
    sent = [Route(path, answering(take), methods=["POST"]) for path, take in uploads.items()]
    queue = QueueEndpoints(services)
    called = [Route(JOIN, queue.join, methods=["POST"]), Route(DATA, queue.data, methods=["GET"])]
    watched = [Route(path, answer, methods=["POST"]) for path, answer in ((POLL, polls.poll), (UPDATES, polls.updates))]
    return [*watched, *called, *sent, *shown, *reads]


def with_refusals(answer: Callable[[Request], Response], threads: Threads) -> Callable[[Request], Awaitable[Response]]:
    """`answer`, in a thread; its refusals become answers, too."""
    async def safe(request: Request) -> Response:
        try:
            return await threads.run(lambda: answer(request))
        except Refused as refused:
            return refusal(refused)
    return safe


def static(request: Request, page_files: PageFiles) -> Response:
    """GET /play/static/{name}, or /play/static/{version}/{name}: one of the page's files; 304 for who has it already. A page of another version, open
    since before the server was updated, gets this one's."""
    version, name = VERSIONED.fullmatch(request.path_params["name"]).groups()
    path = page_files.files.get(name)
    if path is None:
        raise Refused("name", "there is no such file")
    body = path.read_bytes()
    tag = f'"{hashlib.sha256(body).hexdigest()[:16]}"'
    headers = {"Cache-Control": FOR_EVER if version == page_files.version else ASK, "ETag": tag, "X-Content-Type-Options": "nosniff"}
    if request.headers.get("if-none-match") == tag:
        return Response(status_code=304, headers=headers)
    kind = "text/javascript" if path.suffix == ".js" else mimetypes.guess_type(path.name)[0]
    return Response(body, headers=headers, media_type=kind)


def plotly(request: Request) -> Response:
    """GET /play/plotly/{version}.js: the installed version alone, so that an address never changes what it gives."""
    if request.path_params["version"] != plotly_script.VERSION:
        raise Refused("version", f"plotly is here as {plotly_script.VERSION}")
    headers = {"Content-Encoding": "gzip", "Cache-Control": FOR_EVER, "X-Content-Type-Options": "nosniff"}
    return Response(plotly_script.packed(), media_type="text/javascript", headers=headers)


def thumb(request: Request) -> Response:
    """GET /play/thumb/{name}.webp: a picture of a data set."""
    found = data.get(request.path_params["name"])
    picture = data.thumbnail(found.id)
    if picture is None:
        why = "the page draws points itself" if found.kind == "points" else f"{found.title} is not here yet: the first run on it brings it"
        raise Refused("data", f"there is no thumbnail: {why}")
    return Response(picture, media_type="image/webp", headers={"Cache-Control": ASK if found.needs == "folder" else "public, max-age=86400"})


class RunDownloads:
    """A run's files, by its id."""

    def __init__(self, services: Services) -> None:
        self.services, self.runs = services, services.runs
        self._thumbs: LRUCache[bytes] = LRUCache(MEMORY)
        self._exports = Pool("exports", 2, Shares("exports", most=16, each=4, address=8, kept=4), patient=True)

    def real(self, request: Request) -> Response:
        """GET /play/runs/{id}/real: held-out points of the run's data, int16."""
        run = self.runs.run(run_id("run", request.path_params["id"]))
        if data.get(run.spec.data).kind != "points":
            raise Refused("run", "this run's data are not points")
        return Response(run_export.int16(held_out_points(run)), media_type="application/octet-stream", headers={"Cache-Control": FOR_EVER})

    def learned(self, request: Request) -> Response:
        """The same for a model."""
        of = self.services.networks.model_source(model_id("model", request.path_params["model"]))
        if not of.gan.shape.is_points:
            raise Refused("model", "this model's data are not points")
        held = of.training_data().held[:HELD_OUT].numpy()
        return Response(run_export.int16(held), media_type="application/octet-stream", headers={"Cache-Control": FOR_EVER})

    def thumb(self, request: Request) -> Response:
        """GET /play/runs/{id}/thumb.webp: the newest frame, small."""
        run = self.runs.run(run_id("run", request.path_params["id"]))
        steps = self.runs.frames(run.id).steps()
        if not steps:
            raise Refused("run", "this run has no frame yet")
        path = self.runs.frames(run.id).path(steps[-1])
        picture = self._thumbs.get_or_make((run.id, steps[-1], path.stat().st_mtime_ns), lambda: thumbnail(run, path))
        lasting = "v" in request.query_params          # names the frame
        return Response(picture, media_type="image/webp", headers={"Cache-Control": "private, max-age=86400" if lasting else "no-store"})

    def samples(self, request: Request) -> Response:
        """GET /play/runs/{id}/samples.png: samples of a run's newest network, or its newest points."""
        run = self.services.access.given(run_id("run", request.path_params["id"]))
        if data.get(run.spec.data).kind == "images":
            return self._file(run.id, "samples.png", lambda: run_export.grid_png(self.services.networks.network(run.id), run.spec.seed), "image/png")
        frames = self.runs.frames(run.id)
        steps = frames.steps()
        if not steps:
            raise Refused("run", "this run has no frame yet")
        def cloud() -> bytes:
            return run_export.cloud_png(frame_points(frames.path(steps[-1])), held_out_points(run))
        return self._file(run.id, "samples.png", cloud, "image/png")

    def metrics(self, request: Request) -> Response:
        """GET /play/runs/{id}/metrics.csv: every logged metric."""
        run = self.services.access.given(run_id("run", request.path_params["id"]))
        return self._file(run.id, "metrics.csv", lambda: run_export.metrics_csv(self.runs.history(run.id)).encode(), "text/csv; charset=utf-8")

    def settings(self, request: Request) -> Response:
        """GET /play/runs/{id}/settings.json: the Spec and the tunes."""
        run = self.services.access.given(run_id("run", request.path_params["id"]))
        return self._file(run.id, "settings.json", lambda: run_export.settings_json(run, self.runs.history(run.id)).encode(), "application/json")

    def charts(self, request: Request) -> Response:
        """GET /play/runs/{id}/charts.html: the charts, as a page of its own."""
        run = self.services.access.given(run_id("run", request.path_params["id"]))
        page = lambda: run_export.charts_html(run, self.runs.history(run.id)).encode()      # noqa: E731
        return self._file(run.id, "charts.html", page, "text/html; charset=utf-8")

    def weights(self, request: Request) -> Response:
        """GET /play/runs/{id}/weights.safetensors: the newest checkpoint as a model file."""
        run = self.services.access.given(run_id("run", request.path_params["id"]))
        def model() -> bytes:
            return model_file.of_run(run, self.runs.saved(run.id), self.runs.history(run.id), run.name)
        return self._file(run.id, "weights.safetensors", model, "application/octet-stream")

    def _file(self, id: str, name: str, make: Callable[[], bytes], kind: str) -> Response:
        """To keep: named after variant and data, never shown in place (charts.html carries scripts)."""
        body, spec = self._exports.run(make), self.runs.run(id).spec
        title = f"{spec.variant}-{spec.data}-{id[:8]}-{name}"
        return Response(body, media_type=kind, headers={"Content-Disposition": f'attachment; filename="{title}"', "Cache-Control": "no-store",
                                                        "X-Content-Type-Options": "nosniff"})


def thumbnail(run: Run, path: Path) -> bytes:
    """A small picture of a frame, as WebP."""
    if path.suffix == ".webp":
        with Image.open(path) as sheet:
            return thumbnails.of_sheet(sheet, run.spec.size)
    return thumbnails.of_points(frame_points(path), held_out_points(run))


def held_out_points(run: Run) -> np.ndarray:
    """Points that a run never trains on, (n, 2)."""
    return data.load(run.spec.data, 0, run.spec.options).held[:HELD_OUT].numpy()
