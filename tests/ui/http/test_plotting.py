"""Plotly's script, as it is served: the installed one, to be kept for ever, and no other."""

from pathlib import Path

import plotly
from starlette.applications import Starlette
from starlette.routing import Route
from starlette.testclient import TestClient

from playground.render.plotly_script import VERSION
from playground.ui.http.routes import plotly as answer
from playground.ui.http.routes import with_refusals
from playground.ui.requests.threads import Threads


def test_the_installed_version_is_served_packed_and_lasting_and_no_other() -> None:
    client = TestClient(Starlette(routes=[Route("/play/plotly/{version}.js", with_refusals(answer, Threads()))]))
    given = client.get(f"/play/plotly/{VERSION}.js")
    assert given.content == (Path(plotly.__file__).parent / "package_data" / "plotly.min.js").read_bytes()
    assert int(given.headers["content-length"]) < len(given.content) / 2
    assert "immutable" in given.headers["cache-control"]
    other = client.get("/play/plotly/0.0.1.js")
    assert (other.status_code, other.json()["error"]["field"]) == (404, "version")
