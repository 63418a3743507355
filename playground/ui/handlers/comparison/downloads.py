"""A comparison as files: GET /play/comparison/{runs}/..., with runs as in the page's addresses, seeds of a lane by ".", lanes by ","."""

import asyncio
from collections.abc import Callable
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from playground import data
from playground.comparison.clocks import CLOCKS
from playground.comparison.export.card import card
from playground.comparison.export.film import film
from playground.comparison.export.page import page
from playground.comparison.export.reading import PART, PARTS, VALUE, read
from playground.comparison.export.table import metrics_csv
from playground.comparison.export.tiles import Shown
from playground.comparison.lanes import Lane, titles
from playground.comparison.measures import BRIEF
from playground.comparison.scoreboard import scoreboard
from playground.config.limits.pool import Pool
from playground.config.limits.shares import Shares
from playground.render.decoder import readers
from playground.types import Refused
from playground.ui.handlers.comparison.reading import lane_of, run_ids
from playground.ui.handlers.comparison.typeset import typeset
from playground.ui.handlers.services import Services
from playground.ui.requests.message_checks import choice
from playground.ui.requests.uploads import MOST

LONGEST = 8 * 5 * 33        # characters of all ids
REAL = 1000                 # held-out points that a picture shows
KINDS = {"mp4": "video/mp4", "gif": "image/gif"}


class ComparisonFiles:
    """Routes. Made in a thread or two of their own, for whoever may take the runs away: an owner, and everybody once they are published."""

    def __init__(self, services: Services) -> None:
        self.services, self.runs = services, services.runs
        self._exports = Pool("comparison files", 2, Shares("files of comparisons", most=16, each=4, address=8, kept=4), patient=True)
        self._cards = Pool("cards", 4, Shares("cards", most=12, each=3, address=6, kept=3))         # they wait for the process that decodes

    def metrics(self, request: Request) -> Response:
        """metrics.csv: all numbers, one a row."""
        lanes = self._lanes(request)
        table, every = self._exports.run(lambda: metrics_csv(lanes))
        name = "metrics.csv" if every == 1 else f"metrics-every-{every}-steps.csv"
        return _file(table.encode(), name, "text/csv; charset=utf-8")

    def page(self, request: Request) -> Response:
        """page.html: the whole comparison as a page of its own."""
        lanes = self._lanes(request)
        return _file(self._exports.run(lambda: page(lanes, self._shown(lanes), typeset)).encode(), "comparison.html", "text/html; charset=utf-8")

    def film(self, format: str) -> Callable[[Request], Response]:
        """film.mp4 and film.gif, with ?by=step, images or seconds."""
        def made(request: Request) -> Response:
            clock = choice(*CLOCKS)("by", request.query_params.get("by", "step"))
            lanes = self._lanes(request)
            return _file(self._exports.run(lambda: film(self._shown(lanes), format, clock)), f"comparison.{format}", KINDS[format])
        return made

    def card(self, request: Request) -> Response:
        """card.png: a picture that carries the settings, and the state of the view that the query says."""
        lanes = self._lanes(request)
        view = {name: text for name, text in list(request.query_params.items())[:PARTS] if PART.fullmatch(name) and VALUE.fullmatch(text)}
        return _file(self._exports.run(lambda: card(lanes, self._shown(lanes), said(lanes), view)), "comparison.png", "image/png")

    async def upload(self, request: Request) -> dict[str, Any]:
        """POST /play/upload/card: what a card carries, checked. Refused("file", ...) when it is none."""
        path = await self.services.uploads.received(request, MOST[request.url.path])
        try:
            return await asyncio.wrap_future(self._cards.submit(lambda: read(readers.text(path.read_bytes()).decode("ascii"))))
        finally:
            path.unlink(missing_ok=True)

    def _lanes(self, request: Request) -> list[Lane]:
        """The lanes that an address names. Refused: "runs" for what is none or gone, "owner" for runs that may not be taken away."""
        text = request.path_params["runs"]
        if len(text) > LONGEST:
            raise Refused("runs", "an address names at most 8 lanes of 5 runs")
        ids = run_ids()("runs", [lane.split(".") for lane in text.split(",")])
        lanes = [lane for lane in (lane_of(self.runs, lane, self.services.access.given) for lane in ids) if lane.entrants]
        if not lanes:
            raise Refused("runs", "none of these runs is there any more")
        return lanes

    def _shown(self, lanes: list[Lane]) -> list[Shown]:
        """Each lane by its first run."""
        return [Shown(title, lane.entrants[0], self.runs.frames(lane.entrants[0].run.id), self._real(lane))
                for title, lane in zip(titles(lanes), lanes, strict=True)]

    def _real(self, lane: Lane) -> Any:
        spec = lane.spec
        points = data.get(spec.data).kind == "points"
        return data.load(spec.data, 0, spec.options).held[:REAL].numpy() if points else None


def said(lanes: list[Lane]) -> str:
    """How lanes stand by the first measure that they have, in a line."""
    for measure, name in BRIEF.items():
        board = scoreboard(lanes, measure)
        if board["at"]["step"] is not None:
            return f"{name} at {board['at']['step']:,} steps: {board['verdicts']['at_steps']}."
    return "not measured yet."


def _file(body: bytes, name: str, kind: str) -> Response:
    """To keep, never shown in place."""
    return Response(body, media_type=kind, headers={"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "no-store",
                                                    "X-Content-Type-Options": "nosniff"})
